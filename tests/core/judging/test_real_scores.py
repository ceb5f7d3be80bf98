"""On a sport's public score sheets: official totals to the last digit, and a bias that is known."""

import csv
import gzip
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from jingyi.core.judging import kinship, means, ranking
from jingyi.core.judging.scores import Scores, shares

SHEETS = Path(__file__).parents[4] / "shared/data/judging"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHEETS.exists(), reason="needs ../shared/data, which is not there"),
]


def rows(name):
    with (SHEETS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def components():
    """Return the judged components by id, their scores by judge left out where none was given."""
    aspects = {
        r["aspect_id"]: r for r in rows("judged_aspects.csv") if r["section"] == "components"
    }
    given = defaultdict(dict)
    with gzip.open(SHEETS / "judge_scores.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["aspect_id"] in aspects and Fraction(row["score"]) > 0:  # 0 is no mark
                given[row["aspect_id"]][row["judge"]] = Fraction(row["score"])
    return aspects, given


def test_official_totals_to_the_last_digit(components):
    aspects, given = components
    rule = means.Rule(trim=1, digits=2)
    panels, factors = defaultdict(dict), defaultdict(dict)
    agreed = 0
    for key, aspect in aspects.items():
        found = means.panel(list(given[key].values()), rule)
        agreed += found == Fraction(aspect["scores_of_panel"])
        panels[aspect["performance_id"]][aspect["aspect_desc"]] = found
        factors[aspect["performance_id"]][aspect["aspect_desc"]] = Fraction(aspect["factor"])
    assert agreed / len(aspects) >= 0.995
    official = {r["performance_id"]: r["total_component_score"] for r in rows("performances.csv")}
    same = sum(
        means.total(panels[key], factors[key], rule) == Fraction(official[key]) for key in panels
    )
    assert same / len(panels) >= 0.995


def test_judges_favour_their_own_country_as_is_known(components):
    aspects, given = components
    country = {r["clean_judge_name"]: r["judge_country"] for r in rows("judge-country.csv")}
    of = {}
    for row in rows("judges.csv"):
        seat = row["role"].replace("Judge No.", "J")
        of[row["competition"], row["program"], seat] = row["clean_judge_name"]
    nation, table, judge_unit = {}, [], {}
    performances = {r["performance_id"]: r for r in rows("performances.csv")}
    for key, aspect in aspects.items():
        one = performances[aspect["performance_id"]]
        nation[aspect["performance_id"]] = one["nation"]
        for seat, score in given[key].items():
            who = of.get((one["competition"], one["program"], seat))
            if who:
                judge_unit[who] = country.get(who, "")
                table.append((aspect["performance_id"], who, aspect["aspect_desc"], float(score)))
    first = {}
    for entry, judge, criterion, score in table:
        first.setdefault((entry, judge, criterion), score)
    scores = Scores.of([(*key, score) for key, score in first.items()])
    _, fits = ranking.corrected(scores, shares(scores, {}))
    every, single = kinship.favour(scores, fits, judge_unit, nation)
    assert every.own > 500
    assert every.points > 0.05
    assert every.chance < 1e-10
    sure = [one for one in single.values() if one.chance < 0.001]
    assert np.mean([one.points > 0 for one in sure]) > 0.9
