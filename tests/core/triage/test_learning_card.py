"""The card of the model that ships: what it promises is what was measured, and it is whole."""

import tomllib

from jingyi.core import rulebook
from jingyi.core.triage import book
from jingyi.core.triage.learning import learned

CARD = rulebook.raw("triage/model.toml")


def test_the_measured_error_of_the_sets_is_under_the_chosen_one():
    sets = CARD["quality"]["sets"]

    assert sets["missed"] <= sets["error"]


def test_leads_and_common_domains_reach_what_was_promised():
    common = [
        one["f1"]
        for one in CARD["quality"]["domain"]
        if one["messages"] >= 20 and one["slug"] != "none"
    ]

    assert CARD["quality"]["lead"]["f1"] >= 0.85
    assert sum(common) / len(common) >= 0.80


def test_it_says_what_it_was_trained_on_and_what_it_is_not_for():
    assert {"trained_on", "not_for", "measured", "status", "confirmed_on"} <= CARD.keys()


def test_the_arrays_fit_the_card_and_hold_no_objects():
    arrays = rulebook.arrays("triage/model.npz")

    assert arrays["grams"].shape == (1 << 16, len(CARD["classes"]))
    assert all(array.dtype.kind == "f" for array in arrays.values())
    assert book.load().model.classes == tuple(CARD["classes"])


def test_what_is_written_as_toml_is_read_the_same():
    told = {
        "a": 'a "quoted" \\ back\nline\t\x01',
        "n": 3,
        "x": 0.1 + 0.2,
        "yes": True,
        "many": ["一", "二"],
        "rows": [{"label": "甲", "f1": 1e-09}, {"label": "", "f1": 1.0}],
    }

    assert tomllib.loads(learned.toml(told)) == told
