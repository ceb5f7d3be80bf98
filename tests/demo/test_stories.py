"""What is told in the demo city: varied, complete, the same each time, in real proportions."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from jingyi.core import rulebook
from jingyi.demo.chance import dice
from jingyi.demo.institutions import book
from jingyi.demo.stories import FIRST, NOW, kinds, stories
from jingyi.demo.telling import tell

LEADS = 1928


def test_a_choice_is_made_and_a_gap_is_filled():
    told = {tell("[河|{river}]水[黑|臭]了", {"river": "沚河"}, dice("t", n)) for n in range(40)}

    assert told == {"河水黑了", "河水臭了", "沚河水黑了", "沚河水臭了"}


def test_the_matters_of_public_interest_are_as_many_as_in_a_real_city():
    told = Counter(bool(story.domain) for story in stories())

    assert told[True] == LEADS
    assert 500 < told[False] < 1500


def test_every_domain_that_triage_tells_apart_occurs_most_of_them_environment():
    found = Counter(story.domain for story in stories() if story.domain)

    assert set(found) == {domain.slug for domain in rulebook.domains() if not domain.part_of}
    assert found.most_common(1)[0][0] == "eco-env"


def test_nothing_is_left_unfilled_and_nothing_lies_outside_the_citys_time():
    for story in stories():
        assert story.told
        for told in story.told:
            whole = told.title + told.text + told.place_words
            assert not set(whole) & set("{}[]|"), whole
            assert FIRST <= told.at < NOW
            assert len(told.title) <= 300


def test_people_tell_the_same_thing_in_different_words():
    many = [story for story in stories() if len(story.told) >= 10]

    assert len(many) > 50
    for story in many:
        texts = [told.text for told in story.told]
        assert len(set(texts)) >= 0.9 * len(texts), story.told[0]


def test_every_kind_names_organs_that_there_are():
    known = {row[0] for row in book()["organs"]["rows"]} | {"town"}
    for kind in kinds():
        if kind["domain"]:
            assert set(kind["organs"]) <= known, kind["id"]
            assert kind["asks"], kind["id"]


@pytest.mark.slow
def test_two_generations_give_the_same_digest():
    code = "from jingyi.demo.digest import digest; print(digest())"

    def generated(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "src"}
        return subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env=environment,
            text=True,
        ).stdout

    first = generated("1")
    assert len(first.strip()) == 64
    assert generated("2") == first
