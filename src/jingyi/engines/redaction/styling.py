"""Styles and numbering of a Word document, under names of our own: a style's name can tell something."""

from collections.abc import Iterable, Mapping

from lxml import etree

from jingyi.engines.reading.sources import Refused
from jingyi.engines.redaction.wording import R, W, looks

POINTS = frozenset(  # elements whose value is a style's id
    ["pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink"]
)
STYLE_PARTS = frozenset(["style", "docDefaults"])
DROPPED = frozenset(["aliases", "nsid", "tmpl", "name", "rsid", "pPrChange", "rPrChange"])
WORDED = "lvlText"


def renamed(
    parts: Mapping[str, etree._Element], texts: Iterable[etree._Element]
) -> dict[str, etree._Element]:
    """Return styles and numbering anew, each style called S1, S2, …; the texts point to those."""
    names: dict[str, str] = {}
    made = {}
    if (styles := parts.get("styles")) is not None:
        for number, one in enumerate(styles.iterfind(f"{W}style"), 1):
            names[one.get(f"{W}styleId", "")] = f"S{number}"
        made["styles"] = _styles(styles, names)
    if (numbering := parts.get("numbering")) is not None:
        made["numbering"] = _numbering(numbering)
    for root in [*texts, *made.values()]:
        _point(root, names)
    return made


def refuse_hidden(styles: etree._Element | None, texts: Iterable[etree._Element]) -> None:
    """Refuse a document whose styles hide text: what such a style is used for would be shown.

    Raises:
        Refused: a style that hides is used.
    """
    if styles is None:
        return
    hiding = {
        one.get(f"{W}styleId")
        for one in styles.iterfind(f"{W}style")
        if any(True for _ in one.iter(f"{W}vanish"))
    }
    used = {
        one.get(f"{W}val")
        for root in texts
        for one in root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
    }
    if hiding & used:
        raise Refused


def _styles(styles: etree._Element, names: Mapping[str, str]) -> etree._Element:
    made = etree.Element(f"{W}styles", nsmap={"w": W[1:-1], "r": R[1:-1]})
    for one in styles:
        if str(one.tag).removeprefix(W) not in STYLE_PARTS:
            continue
        part = looks(one)
        for name in part.findall(f"{W}name") + part.findall(f"{W}aliases"):
            part.remove(name)
        if part.tag == f"{W}style":
            new = names[one.get(f"{W}styleId", "")]
            part.set(f"{W}styleId", new)
            name = etree.Element(f"{W}name")
            name.set(f"{W}val", new)
            part.insert(0, name)
        made.append(part)
    return made


def _numbering(numbering: etree._Element) -> etree._Element:
    made = etree.Element(f"{W}numbering", nsmap={"w": W[1:-1], "r": R[1:-1]})
    for one in numbering:
        if str(one.tag).removeprefix(W) not in {"abstractNum", "num"}:
            continue
        part = looks(one)
        old_words, new_words = (list(each.iter(f"{W}{WORDED}")) for each in (one, part))
        if len(old_words) != len(new_words):
            raise Refused
        for old, new in zip(old_words, new_words, strict=True):
            new.set(f"{W}val", old.get(f"{W}val", "")[:40])  # "第%1条"; looked through at the end
        for name in list(part.iter(*(f"{W}{one}" for one in DROPPED))):
            parent = name.getparent()
            if parent is not None:
                parent.remove(name)
        made.append(part)
    return made


def _point(root: etree._Element, names: Mapping[str, str]) -> None:
    for one in list(root.iter(*(f"{W}{name}" for name in POINTS))):
        new = names.get(one.get(f"{W}val", ""))
        parent = one.getparent()
        if new:
            one.set(f"{W}val", new)
        elif parent is not None:
            parent.remove(one)
