"""A model that is not complete does not load, and says why."""

import pytest

from jingyi.core import rulebook
from jingyi.core.screening import book
from jingyi.core.screening import compile as compiled
from jingyi.core.screening.explain import Reasons
from jingyi.core.screening.reader import ModelRefused, read_model

SLUG = "medical-claims-of-the-dead"


def files():
    return rulebook.folder(f"screening/{SLUG}")


def load(changed):
    return read_model(SLUG, changed, rulebook.instruments(), book.columns(), book.domains())


def cut(text, start, end):
    """Leave out the text from `start` up to `end`."""
    head, _, rest = text.partition(start)
    return head + end + rest.partition(end)[2]


def test_the_files_as_they_are_load():
    assert load(files()).digest == book.model(SLUG).digest


BROKEN = {
    "no SQL": (lambda f: f.pop("query.sql"), "缺少 query.sql"),
    "no example": (lambda f: [f.pop(n) for n in list(f) if n.startswith("examples/")], "没有示例"),
    "no basis": (
        lambda f: f.update({"model.toml": cut(f["model.toml"], "[[basis]]", "[[source]]")}),
        "没有法律依据",
    ),
    "an unknown instrument": (
        lambda f: f.update(
            {"model.toml": f["model.toml"].replace("medical-fund-regulations", "no-law")}
        ),
        "no-law",
    ),
    "an unknown domain": (
        lambda f: f.update(
            {"model.toml": f["model.toml"].replace('"state-property"', '"weather"')}
        ),
        "weather",
    ),
    "a key nobody knows": (
        lambda f: f.update({"model.toml": "colour = 1\n" + f["model.toml"]}),
        "colour",
    ),
    "a column that no source has": (
        lambda f: f.update({"query.sql": f["query.sql"].replace("c.hospital", "c.clinic")}),
        "clinic",
    ),
    "a table out of the contract": (
        lambda f: f.update({"query.sql": f["query.sql"].replace("JOIN claim", "JOIN salary")}),
        "salary",
    ),
    "a parameter the SQL does not use": (
        lambda f: f.update({"query.sql": f["query.sql"].replace("$grace", "7")}),
        "are not those that the SQL uses",
    ),
    "an output the SQL does not return": (
        lambda f: f.update({"query.sql": f["query.sql"].replace(", c.amount,", ",")}),
        "the SQL returns",
    ),
    "a gap nothing fills": (
        lambda f: f.update({"model.toml": f["model.toml"].replace("{hospital}", "{clinic}")}),
        "gaps that nothing fills",
    ),
    "TOML that is none": (lambda f: f.update({"model.toml": "= 1\n[[basis]]"}), "读不了"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_complete_does_not_load(name):
    changed = files()
    breaks, told = BROKEN[name]
    breaks(changed)
    with pytest.raises(ModelRefused, match=told):
        load(changed)


def test_a_name_that_is_a_path_is_refused():
    with pytest.raises(ModelRefused, match="小写字母"):
        read_model("../x", files(), rulebook.instruments(), book.columns(), book.domains())


def test_any_change_of_a_file_is_another_digest():
    changed = files()
    changed["query.sql"] += "\n-- 注\n"
    assert load(changed).digest != book.model(SLUG).digest


@pytest.mark.parametrize("slug", book.slugs())
def test_every_model_rests_on_an_instrument_in_force_or_says_for_which_facts(slug):
    for one in book.model(slug).basis:
        if not one.source.instrument.in_force(one.confirmed_on):
            assert "以前的事实" in str(one.says)
    assert any(one.source.instrument.in_force(one.confirmed_on) for one in book.model(slug).basis)


@pytest.mark.parametrize("slug", book.slugs())
def test_every_hit_of_every_example_has_its_reasons_in_two_languages(slug):
    model = book.model(slug)
    reasons = Reasons(model, compiled.bound(model))
    for example in model.examples:
        for hit in example.hits:
            said = reasons.of({k: list(v) if isinstance(v, tuple) else v for k, v in hit.items()})
            assert all("{" not in str(one) for one in said)
            finding = said[0].values
            assert finding["en"]
            assert finding["en"] != finding["zh"]
            assert [str(one) for one in said] == reasons.texts(
                {k: list(v) if isinstance(v, tuple) else v for k, v in hit.items()}
            )
