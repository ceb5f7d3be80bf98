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
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyarrow as pa

from jingyi.core.triage import (
    book,
    division_table,
    lexicon,
    mention_kernels,
    names,
    pipeline,
    texts,
)

DATA = Path(__file__).resolve().parents[2] / "shared/data/addresses"
KINDS = "省市区县旗盟"
GROUPS = {  # our kinds of names, and the tags that mean the same
    "division": ({"division"}, {"prov", "city", "district"}),
    "town": ({"town"}, {"town", "devzone", "devZone"}),
    "community": ({"community"}, {"community"}),
    "road": ({"road"}, {"road", "subroad", "subRoad"}),
    "estate, landmark": ({"estate", "landmark", "water"}, {"poi", "subpoi"}),
}
Tagged = list[tuple[str, str]]  # (tag, words) in the order of the text


def main(part: str = "dev") -> int:
    if not DATA.exists():
        print("没有 ../shared/data/addresses，跳过测量。")
        return 0
    rows = list(addresses(DATA / f"{part}.txt"))
    regions(rows, part)
    boundaries(rows)
    centres()
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


def text_of(tagged: Tagged) -> str:
    return "".join(words for _, words in tagged)


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
    shown = [text_of(tagged) for tagged in rows]
    table = pa.table({"id": [str(n) for n in range(len(rows))], "text": shown})
    pipeline.triage(table.slice(0, 50), book.load())  # compiles
    began = time.perf_counter()
    found = pipeline.triage(table, book.load())["region"].to_pylist()
    seconds = time.perf_counter() - began
    for tagged, said in zip(rows, found, strict=True):
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
            print(text_of(tagged), truth, codes.names[truth], said)
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
    print(f"{len(rows) / seconds:,.0f} addresses a second, through the whole of triage")


def boundaries(rows: list[Tagged]) -> None:
    """Print precision, recall and F1 of names found with exactly the tagged boundaries."""
    shown = [text_of(tagged) for tagged in rows]
    known = book.load()
    read = texts.read(None, pa.array(shown, pa.large_string()), len(shown))
    hits = lexicon.find(known.automaton, read)
    spans = names.find(known.name_table, known.automaton, hits, read)
    kept = _divisions(known, read, hits)
    kinds = [kind.id for kind in known.names.kinds]
    count: Counter[tuple[str, str]] = Counter()
    for i, tagged in enumerate(rows):
        if read.row(i)[1:] != shown[i]:  # cleaning moved what was tagged
            continue
        ours = {
            (kinds[spans.kind[q]], spans.start[q] - 1, spans.end[q] - 1)
            for q in range(spans.off[i], spans.off[i + 1])
            if kinds[spans.kind[q]] != "division"
        } | {("division", low - 1, high - 1) for low, high in kept[i]}
        ends = list(accumulate(len(words.encode()) for _, words in tagged))
        theirs = {(tag, e - len(w.encode()), e) for (tag, w), e in zip(tagged, ends, strict=True)}
        for group, (mine, tags) in GROUPS.items():
            a = {(low, high) for kind, low, high in ours if kind in mine}
            b = {(low, high) for tag, low, high in theirs if tag in tags}
            for name in (group, "all"):
                count[name, "both"] += len(a & b)
                count[name, "ours"] += len(a)
                count[name, "theirs"] += len(b)
    print(f"{'boundaries':18}{'tagged':>8}{'precision':>11}{'recall':>8}{'F1':>7}")
    for group in (*GROUPS, "all"):
        both, ours_, theirs_ = (count[group, key] for key in ("both", "ours", "theirs"))
        precision, recall = both / ours_, both / theirs_
        f1 = 2 * both / (ours_ + theirs_)
        print(f"{group:18}{theirs_:8d}{precision:11.3f}{recall:8.3f}{f1:7.3f}")


def _divisions(
    known: book.Book, read: texts.Texts, hits: lexicon.Hits
) -> list[list[tuple[int, int]]]:
    told = mention_kernels.lending(known.words)
    kept = np.zeros(len(hits.word), np.uint8)
    mention_kernels.names(
        read.buf, read.off, hits.off, hits.word, hits.end, known.automaton.length,
        told.name, told.lent, told.between, told.longest, kept,
    )  # fmt: skip
    length = known.automaton.length
    return [
        [
            (int(hits.end[h] - length[hits.word[h]]), int(hits.end[h]))
            for h in range(hits.off[i], hits.off[i + 1])
            if kept[h]
        ]
        for i in range(read.count)
    ]


def centres() -> None:
    """Print how far the seats of today's divisions lie from our middles, and how many within."""
    away, within = [], 0
    with (DATA / "adcodes.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            code = row["adcode"][:6]
            middle = division_table.centre(code)
            county = division_table.level(code) == division_table.COUNTY
            if middle is None or not county or not row["longitude"]:
                continue
            lon, lat = float(row["longitude"]), float(row["latitude"])
            metres = 111_320 * np.hypot(
                (lon - middle[0]) * np.cos(np.radians(lat)), lat - middle[1]
            )
            away.append(metres)
            within += metres <= middle[2]
    print(
        f"seats of {len(away)} counties: median {np.median(away) / 1_000:.1f} km from the middle, "
        f"{within / len(away):.3f} within its radius"
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
