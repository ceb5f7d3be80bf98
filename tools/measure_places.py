"""Measure the place resolver on the shared addresses: `python tools/measure_places.py [train]`.

The truth is a person's tags (province, city, district) looked up in a table of
division codes that the resolver does not use. Reported on dev, which nobody
looks at while the rules are written; `train` is for that. The shared data is
no part of the repository; where it is absent this says so and stops.
"""

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jingyi.core.triage import division_table, whereabouts

DATA = Path(__file__).resolve().parents[2] / "shared/data/addresses"
KINDS = "省市区县旗盟"
Tagged = list[tuple[str, str]]  # (tag, words) in the order of the text


def main(part: str = "dev") -> int:
    if not DATA.exists():
        print("没有 ../shared/data/addresses，跳过测量。")
        return 0
    rows = list(addresses(DATA / f"{part}.txt"))
    regions(rows, part)
    return 0


def addresses(path: Path) -> Iterator[Tagged]:
    """Yield each address as its tagged pieces."""
    found: Tagged = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if not line.strip():
            if found:
                yield found
            found = []
            continue
        words, tag = line.rsplit(" ", 1)
        begins, _, name = tag.partition("-")
        if begins == "I" and found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + words)
        else:
            found.append((name or tag, words))


class Codes:
    """The table of codes, and what tags mean by it."""

    def __init__(self) -> None:
        with (DATA / "adcodes.csv").open(encoding="utf-8") as stream:
            self.names = {row["adcode"][:6]: row["name"] for row in csv.DictReader(stream)}

    def truth(self, tagged: Tagged) -> str | None:
        """Return the one code that the tags allow; None where there is none, or several."""
        said = {
            tag: words for tag, words in reversed(tagged) if tag in {"prov", "city", "district"}
        }
        if not said:
            return None
        deepest = next(tag for tag in ("district", "city", "prov") if tag in said)
        found = [
            code
            for code, name in self.names.items()
            if _same(name, said[deepest])
            and self._under(code, said.get("prov") if deepest != "prov" else None)
            and self._under(code, said.get("city") if deepest == "district" else None)
        ]
        tops = [c for c in found if not any(o != c and c.startswith(_digits(o)) for o in found)]
        return tops[0] if len(tops) == 1 else None

    def _under(self, code: str, parent: str | None) -> bool:
        above = (code[:4] + "00", code[:2] + "0000", code)
        return parent is None or any(_same(self.names.get(one, ""), parent) for one in above)


def _digits(code: str) -> str:
    return code[:2] if code.endswith("0000") else code.removesuffix("00")


def _same(name: str, said: str) -> bool:
    return name == said or (len(said) > 1 and name.startswith(said) and name[len(said) :] in KINDS)


def regions(rows: list[Tagged], part: str) -> None:
    """Print how often the region code is exactly right, and how often it is claimed in vain."""
    codes, today = Codes(), {one.code for one in division_table.table() if one.ended is None}
    became = {key[:6]: now for key, now in division_table.successors().items()}
    count: Counter[str] = Counter()
    levels: Counter[tuple[int, bool]] = Counter()
    began = time.perf_counter()
    for tagged in rows:
        said = whereabouts.read("".join(words for _, words in tagged)).division.region
        truth = codes.truth(tagged)
        if truth is None:
            count["no truth"] += 1
            count["no truth, none claimed"] += said is None
            continue
        holds = truth in today
        right = said == (truth if holds else became.get(truth, truth))
        count["truth"] += 1
        count["right"] += right
        count["none claimed"] += said is None
        count["too shallow"] += said is not None and not right and truth.startswith(_digits(said))
        count["deeper"] += said is not None and not right and said.startswith(_digits(truth))
        count["holds"] += holds
        count["holds, right"] += holds and right
        levels[division_table.level(truth), right] += 1
        if part == "train" and not right:
            print("".join(words for _, words in tagged), truth, codes.names[truth], said)
    seconds = time.perf_counter() - began
    print(f"{part}: {len(rows)} addresses; truth determinable for {count['truth'] / len(rows):.1%}")
    print(f"region code exactly right: {count['right'] / count['truth']:.4f} of {count['truth']}")
    print(
        f"  codes that hold today: {count['holds, right'] / count['holds']:.4f} of {count['holds']}"
    )
    for level, name in ((2, "province"), (4, "city"), (6, "county")):
        total = levels[level, True] + levels[level, False]
        print(f"  {name}: {levels[level, True] / max(total, 1):.4f} of {total}")
    said_less = count["too shallow"] + count["none claimed"]
    elsewhere = count["truth"] - count["right"] - said_less - count["deeper"]
    print(
        f"  of the others: {count['too shallow']} too shallow, {count['none claimed']} none claimed, "
        f"{count['deeper']} deeper than tagged, {elsewhere} elsewhere"
    )
    print(f"no truth: nothing claimed for {count['no truth, none claimed']} of {count['no truth']}")
    print(f"{len(rows) / seconds:,.0f} addresses a second, one at a time")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
