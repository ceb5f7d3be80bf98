"""Administrative divisions by GB/T 2260 code, old names included, and which one a text means.

The table is that of python-stdnum (codes with the years in which they held).
Names repeat (鼓楼区 is in four cities), so a name is only taken for a place
where its parent stands in the same text, or where it is the only one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from stdnum import numdb

NAMED = re.compile(r"(?:\[(\d*)-(\d*)\])?([^\[\]]+)")
SHORT = re.compile(r"(特别行政区|[壮维回]\S*自治区|自治区|\S族自治州|地区|省|市|盟|县|区|旗)$")
LEAST_SHORT = 2
NO_NAMES = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县", "县级市"}
PROVINCE, CITY, COUNTY = 2, 4, 6


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `now` is the code that holds today, itself unless it was abolished."""

    code: str
    name: str
    ended: int | None
    now: str

    @property
    def level(self) -> int:
        """Return how many digits of the code tell it: 2 province, 4 prefecture, 6 county."""
        return (
            PROVINCE if self.code.endswith("0000") else CITY if self.code.endswith("00") else COUNTY
        )


@cache
def table() -> tuple[Division, ...]:
    """Return every division that has or had a code, ordered by code, the present name last."""
    rows: list[tuple[str, str, int | None]] = []
    for _, province, _, props, children in numdb.get("cn/loc").prefixes:
        rows.append((province + "0000", props["province"], None))
        for _, rest, _, inner, _ in children:
            code = province + rest
            if rest == "0000":
                continue
            for _, end, name in NAMED.findall(inner["county"]):
                if name not in NO_NAMES and len(name) > 1:
                    rows.append((code, name, int(end) if end else None))
    current = {code: name for code, name, ended in rows if ended is None}
    by_stem = {(code[:2], stem(name)): code for code, name in current.items()}
    out = []
    for code, name, ended in rows:
        now = code if ended is None or code in current else by_stem.get((code[:2], stem(name)), "")
        if ended is not None and code in current and stem(current[code]) != stem(name):
            now = by_stem.get((code[:2], stem(name)), code)
        out.append(Division(code, name, ended, now or code[:CITY] + "00"))
    return tuple(out)


def stem(name: str) -> str:
    """Return the name without what it is: 淮北 for 淮北市."""
    short = SHORT.sub("", name)
    return short if len(short) >= LEAST_SHORT else name


@cache
def names() -> dict[str, tuple[tuple[Division, bool], ...]]:
    """Return name → divisions so called; True where it tells little: 淮北 for 淮北市, 郊区."""
    found: dict[str, list[tuple[Division, bool]]] = {}
    for one in table():
        found.setdefault(one.name, []).append((one, len(one.name) <= LEAST_SHORT))
        if stem(one.name) != one.name:
            found.setdefault(stem(one.name), []).append((one, True))
    return {name: tuple(held) for name, held in found.items()}


def resolve(mentions: Sequence[str], home: str = "") -> str | None:
    """Return the code of the division that these names, in the order of the text, mean.

    Args:
        mentions: names of `names()`.
        home: code of the office's own division; decides between equals, if it lies there.

    Returns:
        A 6-digit code of today, the deepest that is certain; None if nothing is.
    """
    held = [one for name in dict.fromkeys(mentions) for one in names()[name]]
    parents = {d.code[: d.level] for d, _ in held if d.level < COUNTY}
    best: dict[str, float] = {}
    for one, short in held:
        above = [one.code[:k] for k in (PROVINCE, CITY) if k < one.level]
        support = sum(code in parents for code in above)
        if short and one.level == COUNTY and not support:
            continue
        score = one.level / 2 + 2 * support - short * 0.5 - (one.ended is not None) * 0.25
        if home and one.code.startswith(home.rstrip("0")[: one.level - 1] or "-"):
            score += 1.5
        best[one.now] = max(best.get(one.now, 0), score)
    if not best:
        return None
    top = max(best.values())
    winners = [code for code, score in best.items() if score == top]
    if len(winners) == 1:
        return winners[0]
    for digits in (CITY, PROVINCE):
        shared = {code[:digits] for code in winners}
        if len(shared) == 1 and shared <= parents:
            return shared.pop().ljust(COUNTY, "0")
    return None
