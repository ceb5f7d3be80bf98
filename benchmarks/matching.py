"""Every text of one table against every text of another: the best five of each, and how many are missed.

In one run, on the same texts: ours, whole and by stage; sparse products (scikit-learn's TF-IDF and
scipy, terms of at most 1 % of the texts) and everything against everything, dense (256 numbers a
text) and sparse, on a sample, scaled per query; and the physical limit: the entries of the lists
that are read, added up once.

    benchmarks/matching.py [ROWS] [--worst]    20,000 by default; 100,000 is the promised size

The texts are made up: 31,000 clauses of dictionary words in their natural frequencies, and places.
A matter is a place and five clauses; each table tells half of them in its own way: 15 % of clauses
left out, one added, 4 % of characters wrong. `--worst` takes the reports of `messages.py` instead:
a few hundred sentences in all, so that hardly any term is rare.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import jieba
import messages
import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from grammar import ROADS, SITES, TOWNS
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.random_projection import SparseRandomProjection

from jingyi.core.matching import explaining, index, matches, rules
from jingyi.engines.embedded import cores

GIVEN = [one for one in sys.argv[1:] if one.isdigit()]
ROWS = int(GIVEN[0]) if GIVEN else 20_000
TOP = 5
SAMPLE = 500  # queries that are compared with everything
CLAUSES = 31_000
NOISE = 0.04
RULES = rules.shipped()


def timed(work: Callable[[], object]) -> float:
    """Return the seconds the work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def clauses(chance: np.random.Generator) -> list[str]:
    """Return clauses of three to five words, drawn as often as the dictionary says they are used."""
    jieba.setLogLevel(60)
    jieba.initialize()
    known = [(word, often) for word, often in jieba.dt.FREQ.items()
             if often > 2 and 1 <= len(word) <= 4 and all("\u4e00" <= c <= "\u9fff" for c in word)]  # fmt: skip
    words = np.array([word for word, _ in known])
    often = np.array([often for _, often in known], float)
    drawn = words[chance.choice(len(words), (CLAUSES, 5), p=often / often.sum())]
    many = chance.integers(3, 6, CLAUSES)
    return ["".join(line[:k]) + "，" for line, k in zip(drawn, many, strict=True)]


def tables(rows: int) -> tuple[pa.Array, pa.Array]:
    """Return two tables of texts that speak of the same matters, half as many as rows."""
    chance = np.random.default_rng(7)
    pool = np.array(clauses(chance))
    matters = max(rows // 2, 1)
    core = chance.integers(0, CLAUSES, (matters, 5))
    place = np.stack([chance.integers(0, len(of), matters) for of in (TOWNS, ROADS, SITES)], axis=1)

    def told() -> pa.Array:
        out = []
        for m in chance.integers(0, matters, rows):
            kept = pool[core[m][chance.random(5) > 0.15]]
            text = f"{TOWNS[place[m, 0]]}{ROADS[place[m, 1]]}{SITES[place[m, 2]]}{''.join(kept)}"
            if chance.random() < 0.25:
                text += pool[chance.integers(CLAUSES)]
            wrong = np.flatnonzero(chance.random(len(text)) < NOISE)
            letters = list(text)
            for at in wrong:
                letters[at] = chr(0x4E00 + int(chance.integers(5_000)))
            out.append("".join(letters))
        return pa.array(out, pa.large_string())

    return told(), told()


def worst(rows: int) -> tuple[pa.Array, pa.Array]:
    """Return two tables of the triage benchmark's reports."""
    with tempfile.TemporaryDirectory() as folder:
        messages.write(Path(folder) / "in.parquet", 2 * rows)
        text = pq.read_table(Path(folder) / "in.parquet")["留言内容"].combine_chunks()
    text = text.cast(pa.large_string())
    return text[:rows], text[rows:]


def recall(near: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Return the share of the true best five that are found, and of the best; ties count as found."""
    found = (near >= truth[:, -1:] * (1 - 1e-5)) & (near > 0)
    there = np.minimum((truth > 0).sum(axis=1), TOP).sum()
    return float(found.sum() / max(there, 1)), float(
        (near[:, 0] >= truth[:, 0] * (1 - 1e-5)).mean()
    )


def ours(left: pa.Array, right: pa.Array) -> tuple[float, index.Index, matches.Matches]:
    """Print our stages; return (seconds in all, index, matches)."""
    begun = perf_counter()
    held = index.build(None, right, len(right), RULES)
    built = perf_counter()
    found = matches.match(held, None, left, len(left), TOP, cores())
    done = perf_counter()
    print(f"  ours                          {done - begun:8.2f} s   index {built - begun:.2f}, "
          f"search and score {done - built:.2f}; {(done - begun) / len(left) * 1e6:.0f} µs a query")  # fmt: skip
    return done - begun, held, found


def peers(left: pa.Array, right: pa.Array, sample: np.ndarray) -> dict[str, float]:
    """Return the seconds that the libraries people use would take for all queries."""
    texts, queries = right.to_pylist(), left.to_pylist()
    share = len(queries) / len(sample)
    rare = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, max_df=0.01, dtype=np.float32)  # fmt: skip
    begun = perf_counter()
    b = rare.fit_transform(texts).T.tocsr()
    a = rare.transform([queries[i] for i in sample])
    read = perf_counter() - begun
    product = timed(lambda: [np.argpartition(-line.data, min(TOP, line.nnz) - 1) for line in a @ b if line.nnz])  # fmt: skip
    dense = SparseRandomProjection(256, random_state=0, dense_output=True)
    whole = dense.fit_transform(b.T).astype(np.float32)
    part = dense.transform(a).astype(np.float32)
    exact = timed(lambda: np.argpartition(-(part @ whole.T), TOP, axis=1))
    return {"scipy, terms up to 1 %": read + product * share, "dense 256, exact, numpy": exact * share}  # fmt: skip


@numba.njit(cache=True)
def added(weight: np.ndarray, many: int) -> float:
    """Add so many entries up."""
    total = 0.0
    for k in range(many):
        total += weight[k % len(weight)]
    return total


def main() -> None:
    """Print the table."""
    make = worst if "--worst" in sys.argv else tables
    small = make(600)
    begun = perf_counter()
    held = index.build(None, small[1], 600, RULES)
    matches.candidate(held, matches.match(held, None, small[0], 600, TOP), 0, 0)
    print(f"first run, with what must be compiled or loaded: {perf_counter() - begun:.1f} s")
    left, right = make(ROWS)
    size = np.mean([len(one) for one in left[:1000].to_pylist()])
    print(f"{ROWS:,} × {ROWS:,} texts of {size:.0f} characters, best {TOP}, {cores()} cores")
    taken, held, found = ours(left, right)
    compare(left, right, held, taken)
    shown = min(2_000, ROWS)
    said = timed(lambda: [matches.candidate(held, found, q, 0) for q in range(shown) if found.row[q, 0] >= 0])  # fmt: skip
    print(f"  reasons and sentences, one by one {said / shown * 1e6:6.0f} µs a candidate "
          f"(up to {explaining.SHOWN} pairs of sentences)")  # fmt: skip


def compare(left: pa.Array, right: pa.Array, held: index.Index, taken: float) -> None:
    """Print what is missed, the others, and the limit."""
    sample = np.random.default_rng(1).choice(ROWS, min(SAMPLE, ROWS), replace=False)
    queries = held.queries(None, left.take(pa.array(sample)), len(sample))
    begun = perf_counter()
    _, truth = index.nearest(held, queries, TOP)
    brute = (perf_counter() - begun) / len(sample) * ROWS
    budget = RULES.budget if held.count > RULES.whole else index.EVERYTHING
    _, near = index.nearest(held, queries, TOP, budget, RULES.wide)
    five, best = recall(near, truth)
    print(
        f"  recall@{TOP} {five:.4f}, best kept {best:.4f}, against everything ({len(sample)} queries)"
    )
    lists = np.diff(held.post_off)[queries.term]
    read = min(float(lists.sum()) / len(sample), RULES.budget) * ROWS
    limit = timed(lambda: added(held.post_weight, 1)) and timed(lambda: added(held.post_weight, int(read)))  # fmt: skip
    others = {"every list read, 1 core": brute, **peers(left, right, sample)}
    for name, seconds in others.items():
        print(f"  {name:<30}{seconds:8.2f} s   {seconds / taken:6.1f} × ours")
    print(f"  {'limit: entries added once':<30}{limit:8.2f} s   ours is {taken / limit:5.1f} ×")


if __name__ == "__main__":
    main()
