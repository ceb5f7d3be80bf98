"""Precision and recall on `pairs.csv`, a published set of invented names.

597 pairs of invented companies, shops and persons, 35 kinds, written by hand
from lists of names and of what people write instead. Half A was looked at while
the weights were set, half B was not: the floors are of half B.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from jingyi.core.linkage.names import compare

PAIRS = Path(__file__).with_name("pairs.csv")
LEAST_PAIRS = 400
FLOOR = 0.9
LOWER = {
    "look-alike character": 0.6,
    "person, look-alike character": 0.6,
    "abbreviation": 0.6,
}


@pytest.fixture(scope="module")
def judged():
    """The pairs of half B, each with whether it was taken for one."""
    with PAIRS.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["half"] == "B"]
    return [
        (
            row["kind"],
            row["same"] == "1",
            compare(row["a"], row["b"], code_a=row["code_a"], code_b=row["code_b"]),
        )
        for row in rows
    ]


def test_the_set_is_large_and_has_both_answers():
    with PAIRS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) >= LEAST_PAIRS
    assert {row["same"] for row in rows if row["half"] == "B"} == {"0", "1"}
    assert len({(row["a"], row["b"], row["code_a"], row["code_b"]) for row in rows}) == len(rows)


def test_precision_and_recall_on_the_held_out_half(judged):
    said = [same for _, same, match in judged if match.same]
    true = [match.same for _, same, match in judged if same]

    assert sum(said) / len(said) >= 0.98
    assert sum(true) / len(true) >= 0.95


def test_every_kind_on_the_held_out_half(judged):
    right = defaultdict(list)
    for kind, same, match in judged:
        right[kind].append(match.same == same)
    shares = {kind: sum(found) / len(found) for kind, found in right.items()}

    assert {k: s for k, s in shares.items() if s < LOWER.get(k, FLOOR)} == {}


def test_every_judgement_says_why(judged):
    assert [kind for kind, _, match in judged if not match.because] == []
