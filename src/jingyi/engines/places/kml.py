"""KML 2.2 and KMZ (OGC 07-147r2): placemarks with their data. Nothing it links to is fetched."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.engines.places.base import Group, Row, plain

SPACE = "http://www.opengis.net/kml/2.2"


def read(raw: bytes) -> Iterator[Row]:
    """Yield the placemarks in the order of the file.

    Raises:
        Refusal: it is no KML, or it declares a document type: entities are never read.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refusal("这不是完整的 KML：XML 读到中途出错。请重新导出。") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refusal("KML 里有文档类型声明（DOCTYPE），可能藏有实体炸弹，没有读取。")
    if etree.QName(root).localname != "kml":
        raise Refusal("这个 XML 文件不是 KML。请从地图软件导出为 KML。")
    for number, mark in enumerate(root.iter("{*}Placemark"), 1):
        told = plain(_told(mark))
        shapes = [one for one in mark if isinstance(one.tag, str) and _local(one) in _SHAPES]
        if not shapes:
            yield Row(number, None, told)
            continue
        try:
            yield Row(number, _shape(shapes[0]), told)
        except (ValueError, IndexError, RecursionError):
            yield Row(number, None, told, fault=say("坐标读不出来，须是“经度,纬度”"))


def write(groups: Sequence[Group]) -> bytes:
    """Return one document, a folder for each group."""
    root = etree.Element(_tag("kml"), nsmap={None: SPACE})
    document = etree.SubElement(root, _tag("Document"))
    for group in groups:
        folder = etree.SubElement(document, _tag("Folder"))
        etree.SubElement(folder, _tag("name")).text = group.name
        for one in group.features:
            mark = etree.SubElement(folder, _tag("Placemark"))
            etree.SubElement(mark, _tag("name")).text = _clean(one.told.get("name", ""))
            data = etree.SubElement(mark, _tag("ExtendedData"))
            for name, value in one.told.items():
                item = etree.SubElement(data, _tag("Data"), name=name)
                etree.SubElement(item, _tag("value")).text = _clean(value)
            _draw(mark, one.geometry["type"], one.geometry["coordinates"])
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found


def _told(mark: Any) -> Iterator[tuple[str, str]]:
    for child in mark:
        if isinstance(child.tag, str) and _local(child) in {"name", "description"}:
            yield _local(child), child.text or ""
    for item in mark.iter("{*}Data"):
        yield item.get("name", ""), item.findtext("{*}value") or ""
    for item in mark.iter("{*}SimpleData"):
        yield item.get("name", ""), item.text or ""


def _shape(element: Any) -> dict[str, Any]:
    kind = _local(element)
    if kind == "MultiGeometry":
        parts = [_shape(one) for one in element if isinstance(one.tag, str)]
        kinds = {part["type"] for part in parts}
        if len(kinds) != 1 or not kinds <= {"Point", "LineString", "Polygon"}:
            raise ValueError(kinds)
        return {"type": f"Multi{kinds.pop()}", "coordinates": [one["coordinates"] for one in parts]}
    if kind == "Point":
        return {"type": "Point", "coordinates": _points(element)[0]}
    if kind == "LineString":
        return {"type": "LineString", "coordinates": _points(element)}
    if kind != "Polygon":
        raise ValueError(kind)
    outer = [_points(one) for one in element.iterfind("{*}outerBoundaryIs/{*}LinearRing")]
    inner = [_points(one) for one in element.iterfind("{*}innerBoundaryIs/{*}LinearRing")]
    return {"type": "Polygon", "coordinates": [outer[0], *inner]}


def _points(element: Any) -> list[list[float]]:
    text = element.findtext("{*}coordinates") or ""
    return [[float(value) for value in point.split(",")[:2]] for point in text.split()]


def _draw(parent: Any, kind: str, given: Any) -> None:
    if kind.startswith("Multi"):
        several = etree.SubElement(parent, _tag("MultiGeometry"))
        for one in given:
            _draw(several, kind.removeprefix("Multi"), one)
        return
    drawn = etree.SubElement(parent, _tag(kind))
    if kind == "Polygon":
        for number, ring in enumerate(given):
            side = "innerBoundaryIs" if number else "outerBoundaryIs"
            _write(etree.SubElement(etree.SubElement(drawn, _tag(side)), _tag("LinearRing")), ring)
    else:
        _write(drawn, [given] if kind == "Point" else given)


def _write(element: Any, points: Any) -> None:
    told = " ".join(f"{float(point[0])!r},{float(point[1])!r}" for point in points)
    etree.SubElement(element, _tag("coordinates")).text = told


def _clean(text: str) -> str:
    """Return the text without the signs that XML cannot hold."""
    return re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _tag(name: str) -> str:
    return f"{{{SPACE}}}{name}"


_SHAPES = {"Point", "LineString", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack"}
