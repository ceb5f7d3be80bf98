"""Administrative divisions by GB/T 2260 code, those of today and those of old, and their names.

The table is that of python-stdnum (codes with the years in which they held);
`rulebook/triage/places` adds late changes, what abolished divisions became,
short forms, zones, and where each division lies.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from stdnum import numdb

from jingyi.core import rulebook

PROVINCE, CITY, COUNTY = 2, 4, 6
LEAST_SHORT = 2
NO_NAMES = {
    "市辖区", "县", "林区", "县级市", "省直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划",
    "省直辖县级行政单位", "自治区直辖县级行政单位",
}  # fmt: skip
NAMED = re.compile(r"(?:\[(\d*)-(\d*)\])?([^\[\]]+)")
SELF_RULED = re.compile(r"^(.{2,})自治([区州县旗])$")
KIND = re.compile(r"(特别行政区|特区|林区|地区|省|市|盟|县|区|旗)$")


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `now` is the code that holds today, itself unless it was abolished.

    `level`: how many digits of the code tell it: 2 province, 4 prefecture, 6 county.
    """

    code: str
    name: str
    ended: int | None
    now: str
    level: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "level", level(self.code))


def level(code: str) -> int:
    """Return how many digits of a code tell it."""
    return PROVINCE if code.endswith("0000") else CITY if code.endswith("00") else COUNTY


@cache
def _told() -> dict[str, Any]:
    return rulebook.raw("triage/places/divisions.toml")


@cache
def _centres() -> dict[str, Any]:
    return rulebook.raw("triage/places/centres.toml")


def _rows() -> Iterator[tuple[str, str, int | None]]:
    """Yield (code, name, year it ended)."""
    added: dict[str, str] = _told()["added"]
    for _, province, _, props, children in numdb.get("cn/loc").prefixes:
        if province + "0000" not in added:
            yield province + "0000", props["province"], None
        for _, rest, _, inner, _ in children:
            code = province + rest
            for _, end, name in NAMED.findall(inner["county"]):
                plain = name.strip(", ")
                if rest == "0000" or plain in NO_NAMES or len(plain) < LEAST_SHORT:
                    continue
                if end or code not in added:
                    yield code, plain, int(end) if end else None
    for code, name in added.items():
        yield code, name, None


@cache
def table() -> tuple[Division, ...]:
    """Return every division that has or had a code, ordered by code, the present name last."""
    rows = sorted(_rows(), key=lambda row: (row[0], row[2] or 9_999))
    current = {code: name for code, name, ended in rows if ended is None}
    by_name, by_stem = _of_today(current)
    became = successors()
    renamed = {(key[:PROVINCE], key[COUNTY + 1 :]): code for key, code in became.items()} | by_name

    def now(code: str, name: str) -> str:
        province = _told()["moved"].get(code[:CITY], code[:PROVINCE])
        above = (code[:CITY] + "00", province + "0000")
        found = (
            became.get(f"{code} {name}"),
            code if code in current else None,
            renamed.get((province, name)),
            *(by_stem.get((above, stem(name))) for above in (code[:CITY], province)),
            *(one for one in above if one in current),
        )
        return str(next(one for one in found if one))

    return tuple(
        Division(code, name, ended, code if ended is None else now(code, name))
        for code, name, ended in rows
    )


def _of_today(current: dict[str, str]) -> tuple[dict[tuple[str, str], str], ...]:
    """Return (province, name) → county, and (city or province, stem) → county, else city.

    What two of them bear leads to neither.
    """
    by_name: dict[tuple[str, str], str] = {}
    by_stem: dict[tuple[str, str], str] = {}
    for code, name in sorted(current.items(), key=lambda item: level(item[0]), reverse=True):
        if level(code) == COUNTY:
            _once(by_name, (code[:PROVINCE], name), code)
            _once(by_stem, (code[:CITY], stem(name)), code)
        if level(code) != PROVINCE:
            _once(by_stem, (code[:PROVINCE], stem(name)), code)
    return {key: code for key, code in by_name.items() if code}, by_stem


def _once(found: dict[tuple[str, str], str], key: tuple[str, str], code: str) -> None:
    found[key] = code if key not in found or level(code) != COUNTY else ""


def successors() -> dict[str, str]:
    """Return "code name" → code of today, of divisions that were merged or renamed."""
    known: dict[str, str] = _centres()["successor"] | _told()["successor"]
    return known


@cache
def title(code: str) -> str:
    """Return the full name of a code of today: 安徽省淮北市濉溪县; what is unknown is left out."""
    current = {one.code: one.name for one in table() if one.ended is None}
    parts = [current.get(code[:k].ljust(COUNTY, "0"), "") for k in (PROVINCE, CITY, COUNTY)]
    return "".join(dict.fromkeys(parts))


@cache
def centre(code: str) -> tuple[float, float, float] | None:
    """Return a division's middle (lon, lat, WGS-84) and the metres around it with 95 % of it."""
    found = _centres()["centre"].get(code)
    return (found[0], found[1], float(found[2])) if found else None


def stem(name: str) -> str:
    """Return the name without what it is: 淮北 for 淮北市, 恩施 for 恩施土家族苗族自治州."""
    if found := SELF_RULED.match(name):
        return _without_peoples(found[1])
    short = KIND.sub("", name)
    return short if len(short) >= LEAST_SHORT else name


def _without_peoples(name: str) -> str:
    for people in _told()["peoples"]["names"]:
        if name.endswith(people) and len(name) - len(people) >= LEAST_SHORT:
            return _without_peoples(name.removesuffix(people))
    return name


def _spellings(name: str) -> Iterator[tuple[str, bool]]:
    """Yield what people call it; True where that tells little: 淮北 for 淮北市, 郊区."""
    yield name, len(name) <= LEAST_SHORT
    short = stem(name)
    if short != name:
        yield short, True
        if found := SELF_RULED.match(name):
            yield f"{short}自治{found[2]}", False
            if found[2] != "区":
                yield short + found[2], False


@cache
def names() -> dict[str, tuple[tuple[Division, bool], ...]]:
    """Return name → divisions so called; True where it tells little: 淮北 for 淮北市, 郊区."""
    found: dict[str, dict[Division, bool]] = {}
    for one in table():
        for name, short in _spellings(one.name):
            held = found.setdefault(name, {})
            held[one] = held.get(one, True) and short
    for name, code in _told()["zone"].items():
        found.setdefault(name, {})[Division(code, name, None, code)] = False
    return {name: tuple(held.items()) for name, held in found.items()}


@cache
def common() -> frozenset[str]:
    """Return short forms of county-level cities that more often mean something else."""
    return frozenset(_told()["common"]["names"])


def abbreviations() -> dict[str, str]:
    """Return character → code of the province it stands for."""
    return dict(_told()["abbreviation"])
