"""Measure matching on real pairs of texts that are no part of this repository.

    python tools/measure_matching.py          what docs/reference/matching.md shows
    python tools/measure_matching.py --fit    learn the weights; print them for the rulebook

A pair is the title and the body of one message, or a message and the organ's
reply to it, both ways round. A query's truth is its own partner; one that says
the same word for word counts as wrong when it comes first. Weights are learned
on four fifths of the queries and measured on the fifth, five times. For half
of the queries the partner is taken out of the candidates, to learn when
nothing should be offered.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer

from jingyi.core.matching import index, matches, rules, scoring
from jingyi.core.matching.rules import Rules
from jingyi.engines import tables

DATA = Path(__file__).resolve().parents[2] / "shared/data/citizen/messages_with_replies_2816.xlsx"
FOLDS = 5
RULES = rules.shipped()
Pairs = tuple[str, list[str], list[str], list[str]]  # name, titles and bodies of queries, texts


def pairs() -> list[Pairs]:
    """Return the five kinds of pairs."""
    table = tables.open_table(DATA).table
    title, body, reply = (
        [(cell or "").strip() for cell in table[name].to_pylist()]
        for name in ("留言主题", "留言详情", "答复意见")
    )
    none = [""] * len(title)
    return [
        ("title → body", none, title, body),
        ("body → title", none, body, title),
        ("body → reply", none, body, reply),
        ("reply → body", none, reply, body),
        ("title and body → reply", title, body, reply),
    ]


def places(order: np.ndarray) -> np.ndarray:
    """Return at which place (from 0) each query's partner stands; many where it is not found."""
    hit = order == np.arange(len(order))[:, None]
    return np.where(hit.any(axis=1), hit.argmax(axis=1), 10**6)


def told(name: str, place: np.ndarray) -> str:
    """Return one line of the table."""
    return (
        f"{name:<44} R@1 {(place == 0).mean():.4f}  R@5 {(place < 5).mean():.4f}  "
        f"MRR {(1 / (1 + place)).mean():.4f}"
    )


def baseline(queries: list[str], texts: list[str]) -> np.ndarray:
    """Return the places by the cosine of TF-IDF over 1 to 3 characters; of equals the first."""
    model = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    model.fit(queries + texts)
    near = (model.transform(queries) @ model.transform(texts).T).toarray()
    return places(np.argsort(-near, axis=1, kind="stable")[:, :100])


def candidates(kind: Pairs) -> tuple[np.ndarray, np.ndarray, float]:
    """Return (candidates, their parts, milliseconds a query) of the search, the nearest first."""
    _, titles, bodies, texts = kind
    made = index.build(None, pa.array(texts, pa.large_string()), len(texts), RULES)
    begun = perf_counter()
    queries = made.queries(
        pa.array(titles, pa.large_string()), pa.array(bodies, pa.large_string()), len(bodies)
    )
    row, _ = index.nearest(made, queries, matches.AMONG)
    parts = index.agreements(made, queries, row)
    return row, parts, (perf_counter() - begun) / len(bodies) * 1e3


def features(parts: np.ndarray) -> np.ndarray:
    """Return what `scoring.sums` weighs."""
    out = parts.astype(np.float64)
    out[:, :, 0] = np.log(np.maximum(out[:, :, 0], scoring.LEAST))
    return out


def learn_parts(x: np.ndarray, row: np.ndarray, truth: np.ndarray, penalty: float = 1e-3) -> Any:
    """Return weights under which the partner is the likeliest of its candidates (softmax)."""
    at = places(np.where(row == truth[:, None], np.arange(len(row))[:, None], -1))
    known = at < row.shape[1]
    x, at, there = x[known], at[known], row[known] >= 0

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.where(there, x @ w, -1e9)
        z -= z.max(axis=1, keepdims=True)
        share = np.exp(z)
        share /= share.sum(axis=1, keepdims=True)
        right = np.arange(len(at)), at
        slope = ((share[:, :, None] * x).sum(axis=1) - x[right]).mean(axis=0)
        return -np.log(share[right] + 1e-12).mean() + penalty * w @ w, slope + 2 * penalty * w

    return minimize(loss, np.zeros(x.shape[2]), jac=True, method="L-BFGS-B").x


def learn_score(total: np.ndarray, row: np.ndarray, truth: np.ndarray) -> tuple[Any, float]:
    """Return ((base, above, behind), floor) that make the score a probability (logistic)."""
    at = scoring.BACKGROUND
    usual = np.sort(np.where(row >= 0, total, np.nan), axis=1)[:, -at - 1]
    floor = float(np.nanquantile(usual, 0.25))
    above, behind = scoring.standing(total, row, replace(RULES, floor=floor))
    there = row >= 0
    x = np.stack([np.ones(there.sum()), above[there], -behind[there]], axis=1)
    y = (row == truth[:, None])[there]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        share = 1 / (1 + np.exp(-z))
        return float(np.mean(np.logaddexp(0, z) - y * z)), x.T @ (share - y) / len(y)

    return minimize(loss, np.zeros(3), jac=True, method="L-BFGS-B").x, floor


def learn(found: list[tuple[np.ndarray, np.ndarray]], rows: np.ndarray, lone: np.ndarray) -> Rules:
    """Return rules learned on `rows` of every kind of pair; `lone` queries lose their partner."""
    row = np.concatenate([one[rows] for one, _ in found])
    x = np.concatenate([features(one[rows]) for _, one in found])
    truth = np.tile(rows, len(found))
    weights = learn_parts(x, row, truth)
    taken = np.where((row == truth[:, None]) & np.tile(lone[rows], len(found))[:, None], -1, row)
    (base, above, behind), floor = learn_score(x @ weights, taken, truth)
    return replace(RULES, parts=tuple(weights), base=base, above=above, behind=behind, floor=floor)


def judged(
    row: np.ndarray, parts: np.ndarray, by: Rules, lone: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (order, score without the lone queries' partners, right) of each candidate."""
    total = scoring.sums(parts, by)
    order = np.argsort(np.where(row >= 0, -total, np.inf), axis=1, kind="stable")
    own = row == np.arange(len(row))[:, None]
    taken = np.where(own & lone[:, None], -1, row)
    return np.take_along_axis(row, order, 1), scoring.scores(total, taken, by), own & ~lone[:, None]


def offers(name: str, score: np.ndarray, right: np.ndarray, lone: np.ndarray) -> str:
    """Return one line on what is offered, where there is a partner and where there is none."""
    shown = score >= RULES.offer
    with_partner = (shown & right).any(axis=1)[~lone].mean()
    return (
        f"{name:<26} partner offered {with_partner:.3f}; offers that are the partner "
        f"{right[shown].mean():.3f}; without a partner, something offered "
        f"{shown.any(axis=1)[lone].mean():.3f}; mean score of offers {score[shown].mean():.3f}"
    )


def main() -> int:
    """Print the tables, or the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="learn on everything; print weights")
    asked = parser.parse_args()
    if not DATA.exists():
        print("../shared/data/citizen is not here: nothing was measured")
        return 0
    kinds = pairs()
    found = [candidates(kind) for kind in kinds]
    count = len(kinds[0][2])
    luck = np.random.default_rng(0)
    fold, lone = luck.permutation(count) % FOLDS, luck.random(count) < 0.5
    sets = [(row, parts) for row, parts, _ in found]
    if asked.fit:
        by = learn(sets, np.arange(count), lone)
        print(f"near, short, words = {np.round(by.parts, 2)}")
        print(
            f"base {by.base:.2f}  above {by.above:.2f}  behind {by.behind:.2f}  floor {by.floor:.1f}"
        )
        return 0
    learned = [learn(sets, np.flatnonzero(fold != k), lone) for k in range(FOLDS)]
    lines = []
    for (name, titles, bodies, texts), (row, parts, took) in zip(kinds, found, strict=True):
        whole = [f"{one}\n{two}" for one, two in zip(titles, bodies, strict=True)]
        print(f"{name}: {count} pairs, {took:.2f} ms a query")
        print(told("  TF-IDF, 1 to 3 characters, cosine", baseline(whole, texts)))
        print(told("  nearest by the index alone", places(row)))
        order, score = np.empty_like(row), np.empty(row.shape)
        right = np.empty(row.shape, bool)
        for k, by in enumerate(learned):
            held = fold == k
            for out, one in zip((order, score, right), judged(row, parts, by, lone), strict=True):
                out[held] = one[held]
        print(told("  with parts, weights cross-validated", places(order)))
        shipped = judged(row, parts, RULES, lone)
        print(told("  with parts, weights as shipped", places(shipped[0])))
        lines.append(offers(name, score, right, lone))
    print(f"\nfrom {RULES.offer} on a candidate is offered (cross-validated):")
    print("\n".join(f"  {line}" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
