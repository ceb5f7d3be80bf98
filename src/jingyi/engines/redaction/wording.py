"""A part of a Word document with only what is known to be harmless: its text, and how it looks.

Everything is left out but what is listed here, so what nobody thought of is left out too: notes,
what tracked changes took away, hidden text, field codes, names of bookmarks, pictures, objects.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree

from jingyi.core.sensitive import Found, find

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
COVERED = "■■■"  # of one length, whatever stood there
REMOVED = "〔此处的图片、文本框或者嵌入内容已去掉〕"

UNWRAPPED = frozenset(
    [
        "hyperlink",
        "ins",
        "moveTo",
        "smartTag",
        "customXml",
        "sdt",
        "sdtContent",
        "ruby",
        "rubyBase",
        "fldSimple",
        "dir",
        "bdo",
    ]
)
KEPT = frozenset(
    [
        "document",
        "body",
        "hdr",
        "ftr",
        "footnotes",
        "endnotes",
        "footnote",
        "endnote",
        "p",
        "r",
        "t",
        "tab",
        "br",
        "cr",
        "noBreakHyphen",
        "softHyphen",
        "tbl",
        "tblGrid",
        "gridCol",
        "tr",
        "tc",
        "footnoteReference",
        "endnoteReference",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "fldChar",
        "instrText",
    ]
)
LOOKS = frozenset(["pPr", "rPr", "tblPr", "tblPrEx", "trPr", "tcPr", "sectPr"])
MARKED = frozenset(["drawing", "pict", "object", "altChunk", "subDoc", "contentPart"])
CHANGES = frozenset(
    [
        "pPrChange",
        "rPrChange",
        "tblPrChange",
        "tblPrExChange",
        "trPrChange",
        "tcPrChange",
        "sectPrChange",
        "numberingChange",
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "cellIns",
        "cellDel",
        "cellMerge",
        "printerSettings",
    ]
)
TAME = re.compile(r"[A-Za-z0-9 .,%#+\-]{0,60}")
PAGE_NUMBER = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\s*(\\\*\s*[A-Za-z]+\s*)*")
FONTS = frozenset(
    [
        "宋体",
        "黑体",
        "楷体",
        "仿宋",
        "新宋体",
        "微软雅黑",
        "等线",
        "隶书",
        "幼圆",
        "华文中宋",
        "华文仿宋",
        "华文楷体",
        "仿宋_GB2312",
        "楷体_GB2312",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "方正仿宋_GBK",
        "方正黑体_GBK",
        "方正楷体_GBK",
    ]
)


def clean(root: etree._Element, gone: Counter[str]) -> etree._Element:
    """Return the part anew with what is known only; count what was left out by kind."""
    made = list(_of(root, gone))
    for paragraph in made[0].iter(f"{W}p"):
        _fields(paragraph)
    return made[0]


def cover(root: etree._Element, words: Sequence[str]) -> Counter[int]:
    """Replace the words wherever they stand in the part, over runs, lines, cells; count them."""
    texts = [one for one in root.iter(f"{W}t") if one.text]
    owner = [(number, at) for number, one in enumerate(texts) for at in range(len(one.text or ""))]
    hits = find("".join(one.text or "" for one in texts), words)
    letters = [list(one.text or "") for one in texts]
    for start, end in _merged(hits):
        for place in range(start, end):
            number, at = owner[place]
            letters[number][at] = COVERED if place == start else ""
    for one, parts in zip(texts, letters, strict=True):
        one.text = "".join(parts)
    return Counter(hit.word for hit in hits)


def text_of(root: etree._Element) -> list[str]:
    """Return the text of each paragraph."""
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]


def _of(element: etree._Element, gone: Counter[str]) -> Iterator[etree._Element]:
    name = _name(element)
    if name in MARKED or (isinstance(element.tag, str) and not name):
        gone["object"] += 1
        yield _marker(element)
    elif name in LOOKS:
        yield looks(element)
    elif name in UNWRAPPED:
        for child in element:
            yield from _of(child, gone)
    elif name == "r" and hidden(element):
        gone["hidden"] += 1
    elif name in KEPT:
        yield _kept(element, gone)
    elif name in LEFT:
        gone[LEFT[name]] += 1


LEFT = {"del": "change", "moveFrom": "change", "commentReference": "note"}


def _kept(element: etree._Element, gone: Counter[str]) -> etree._Element:
    name = _name(element)
    spaces = {"w": W[1:-1], "r": R[1:-1]} if name in ROOTS else None
    made = etree.Element(element.tag, nsmap=spaces)
    _attributes(element, made)
    if name in {"t", "instrText"}:
        made.text = element.text
        made.set(SPACE, "preserve")
    for child in element:
        made.extend(_of(child, gone))
    return made


ROOTS = frozenset({"document", "hdr", "ftr", "footnotes", "endnotes"})


def looks(element: etree._Element) -> etree._Element:
    """Return how something looks: Word's own elements with harmless values."""
    made = etree.Element(element.tag)
    _attributes(element, made)
    for child in element:
        if _name(child) and _name(child) not in CHANGES:
            made.append(looks(child))
    return made


def hidden(run: etree._Element) -> bool:
    """Tell whether a run is not shown."""
    for mark in run.iterfind(f"{W}rPr/{W}vanish"):
        if mark.get(f"{W}val", "true").lower() not in {"0", "false", "off"}:
            return True
    return False


def _attributes(element: etree._Element, made: etree._Element) -> None:
    for key, value in element.attrib.items():
        plain = str(key).removeprefix(W)
        if str(key) == f"{R}id" and _name(element) in {"headerReference", "footerReference"}:
            made.set(key, value)
        elif not str(key).startswith(W) or plain.startswith("rsid") or plain.endswith("Theme"):
            continue
        elif TAME.fullmatch(value) or (_name(element) == "rFonts" and value in FONTS):
            made.set(key, value)


def _fields(paragraph: etree._Element) -> None:
    """Keep page numbers as fields; of every other field only what it showed."""
    codes = list(paragraph.iter(f"{W}fldChar", f"{W}instrText"))
    code = "".join(one.text or "" for one in codes if one.tag == f"{W}instrText")
    kinds = [one.get(f"{W}fldCharType") for one in codes if one.tag == f"{W}fldChar"]
    balanced = kinds in (["begin", "separate", "end"], ["begin", "end"])
    if balanced and PAGE_NUMBER.fullmatch(code):
        return
    for one in codes:
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)


def _marker(element: etree._Element) -> etree._Element:
    text = etree.Element(f"{W}t")
    text.text = REMOVED
    inside = element.getparent()
    while inside is not None and _name(inside) not in {"r", "p", "tc", "body", ""}:
        inside = inside.getparent()
    where = _name(inside) if inside is not None else ""
    if where == "r":
        return text
    run = etree.Element(f"{W}r")
    run.append(text)
    if where == "p":
        return run
    paragraph = etree.Element(f"{W}p")
    paragraph.append(run)
    return paragraph


def _name(element: etree._Element) -> str:
    """Return Word's own name of an element; nothing for what is not Word's."""
    tag = element.tag
    return tag.removeprefix(W) if isinstance(tag, str) and tag.startswith(W) else ""


def _merged(hits: Sequence[Found]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for hit in hits:
        if spans and hit.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], hit.end))
        else:
            spans.append((hit.start, hit.end))
    return spans
