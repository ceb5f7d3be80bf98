"""The rules of triage are data, and every file says where it comes from and when it was confirmed."""

from datetime import date

import numpy as np
import pytest

from jingyi.core import rulebook
from jingyi.core.triage import book, incidents, model
from jingyi.core.triage.incident_kernels import FEATURES

FILES = [
    *rulebook.files("triage"),
    *rulebook.files("triage/cues"),
    *rulebook.files("triage/training"),
]
BOOK = book.load()


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_title_reading_status_and_day(name):
    data = rulebook.raw(name)

    assert data["title"]
    assert data["title_en"].isascii()
    assert data["status"] in {"settled", "assumed", "disputed"}
    assert isinstance(data["confirmed_on"], date)


@pytest.mark.parametrize("name", rulebook.files("triage/cues"))
def test_every_cue_rests_on_an_instrument_of_the_rulebook(name):
    data = rulebook.raw(name)
    for cue in data["cue"]:
        source = cue.get("source") or data["source"]
        assert source["instrument"] in rulebook.instruments(), cue["id"]
        assert source["article"]


def test_cues_have_distinct_ids_and_speak_of_known_domains():
    ids = [cue.id for cue in BOOK.cues]

    assert len(set(ids)) == len(ids)
    assert {cue.about for cue in BOOK.cues} == {*BOOK.domains, "lead"}
    assert all(cue.weight > 0 for cue in BOOK.cues if cue.about != "lead")


def test_fifteen_domains_are_told_apart():
    assert len(BOOK.domains) == 15


def test_the_model_has_a_weight_for_every_class_and_every_cue():
    classes = len(BOOK.domains) + 2
    assert BOOK.model.classes == ("none", *BOOK.domains, "lead")
    assert BOOK.model.grams.shape == (1 << 16, classes)
    assert BOOK.model.cues.shape == (len(BOOK.cues), classes)
    assert BOOK.model.chain.shape == (classes - 1,)
    assert np.isfinite(BOOK.model.grams).all()
    trained = rulebook.raw("triage/model.toml")["cue_ids"]
    assert set(trained) == {cue.id for cue in BOOK.cues}  # retrain after changing cues


def test_the_card_says_what_it_was_trained_on_how_good_and_what_not_for():
    card = rulebook.raw("triage/model.toml")

    assert card["trained_on"]
    assert card["not_for"]
    assert card["quality"]["lead"]["f1"] >= 0.8


def test_the_weights_of_incidents_name_every_finding():
    assert tuple(BOOK.incidents.weights) == FEATURES
    assert set(incidents.FINDINGS) == set(FEATURES)


def test_a_cue_the_model_was_not_trained_with_counts_by_its_rulebook_weight():
    opening = model.sums(["a", "b", "lead", "lead"], [2.0, 1.0, 0.5, -0.5], ["a", "b"])

    assert opening.tolist() == [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0.5, 0], [0, 0, 0, 0.5]]
