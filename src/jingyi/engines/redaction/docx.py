"""A Word document written anew: body, headers, footers, notes at the foot; nothing else of the file.

Not taken over: comments, what tracked changes took away, hidden text, document properties, custom
XML, embedded files and objects, pictures, macros, links, themes, names of styles and bookmarks.
"""

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from lxml import etree

from jingyi.engines.reading.sources import Refused, TooLarge, TooMany, Truncated
from jingyi.engines.redaction import styling, wording
from jingyi.engines.redaction.wording import W

MOST_PARTS = 5000
MOST_BYTES = 100 << 20  # of one part, unpacked
MOST_LETTERS = 5_000_000
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = {"header": "header", "footer": "footer", "footnotes": "footnotes", "endnotes": "endnotes"}
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Parts:
    """A document's parts, cleaned: what is kept of it, by the name it will have."""

    texts: dict[str, etree._Element]  # "document", "header1", …
    ids: dict[str, str]  # the relation by which the document names a part -> the part
    looks: dict[str, etree._Element]  # "styles", "numbering"
    gone: Counter[str]


def opened(path: str) -> Parts:
    """Read the parts that are kept of a document.

    Raises:
        Refused: no Word document, or one of whose parts nobody can be sure.
        TooLarge, TooMany, Truncated: as they say.
    """
    try:
        with zipfile.ZipFile(path) as package:
            return _parts(package)
    except (zipfile.BadZipFile, EOFError, OSError):
        raise Truncated from None
    except (etree.XMLSyntaxError, KeyError, NotImplementedError, RuntimeError, zipfile.error):
        raise Refused from None


def _parts(package: zipfile.ZipFile) -> Parts:
    names = package.namelist()
    if len(names) > MOST_PARTS:
        raise TooMany
    if len({name.casefold() for name in names}) != len(names):
        raise Refused  # two parts of one name: readers differ in which they show
    main = next((to for _id, kind, to in _relations(package, "") if kind == "officeDocument"), "")
    gone = Counter(_kind(name) for name in names if _kind(name))
    texts = {"document": wording.clean(_xml(package, main), gone)}
    if texts["document"].tag != f"{W}document":
        raise Refused
    ids, looks, counts = {}, {}, Counter[str]()
    for key, kind, to in _relations(package, main):
        if kind in TYPES:
            counts[kind] += 1
            name = f"{kind}{counts[kind]}" if kind in {"header", "footer"} else kind
            texts[name] = wording.clean(_xml(package, to), gone)
            ids[key] = name
        elif kind in {"styles", "numbering"}:
            looks[kind] = _xml(package, to)
    styling.refuse_hidden(looks.get("styles"), texts.values())
    return Parts(texts, ids, styling.renamed(looks, texts.values()), gone)


def _kind(name: str) -> str:
    """Return under which word a part that is left out is counted."""
    lower = name.lower()
    if "/comments" in lower:
        return "notes-part"
    if "embeddings/" in lower or "activex/" in lower or lower.endswith("vbaproject.bin"):
        return "embedded"
    return "properties" if lower.startswith(("docprops/", "customxml/")) else ""


def _relations(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield id, kind and target of what a part refers to inside the package."""
    place = PurePosixPath(part)
    name = f"{place.parent}/_rels/{place.name}.rels" if part else "_rels/.rels"
    if name.removeprefix("./") not in package.namelist():
        return
    for one in _xml(package, name.removeprefix("./")).iter(f"{{{PACKAGE}/relationships}}Relationship"):  # fmt: skip
        if one.get("TargetMode") == "External":
            continue
        target = one.get("Target", "")
        whole = target[1:] if target.startswith("/") else str(place.parent / target)
        yield one.get("Id", ""), one.get("Type", "").rsplit("/", 1)[-1], whole


def _xml(package: zipfile.ZipFile, name: str) -> etree._Element:
    with package.open(name) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooLarge
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise Refused
    return root


def write(parts: Parts, target: IO[bytes]) -> None:
    """Write the parts as a Word document, without a date, an author or a history."""
    relations = [(key, f"{OFFICE}/{_stem(name)}", f"{name}.xml") for key, name in parts.ids.items()]
    relations += [(f"look{n}", f"{OFFICE}/{name}", f"{name}.xml") for n, name in enumerate(parts.looks)]  # fmt: skip
    names = [*parts.texts, *parts.looks]
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{MEDIA}.{_media(name)}+xml"/>'
        for name in names
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        _put(
            package,
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        _put(package, "_rels/.rels", _links([("d", f"{OFFICE}/officeDocument", "word/document.xml")]))  # fmt: skip
        _put(package, "word/_rels/document.xml.rels", _links(relations))
        for name, root in [*parts.texts.items(), *parts.looks.items()]:
            _put(package, f"word/{name}.xml", etree.tostring(root, encoding="unicode"))


def _links(relations: Sequence[tuple[str, str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{a}" Type="{b}" Target="{c}"/>' for a, b, c in relations)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _put(package: zipfile.ZipFile, name: str, text: str) -> None:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, (head + text).encode())


def _stem(name: str) -> str:
    return name.rstrip("0123456789")


def _media(name: str) -> str:
    return "document.main" if name == "document" else _stem(name)


def copy(source: Path, target: IO[bytes], words: Sequence[str]) -> tuple[Parts, Counter[int]]:
    """Write a covered copy; return what is in it, and how often each word was."""
    parts = opened(str(source))
    seen: Counter[int] = Counter()
    for root in parts.texts.values():
        seen += wording.cover(root, words)
    write(parts, target)
    return parts, seen
