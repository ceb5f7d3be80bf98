"""The rulebook reads, cites what exists, and says by file and key what is wrong."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polib
import pytest

from jingyi.core import clock_rules, clocks, domains, law, procedure, rulebook, rulebook_check
from jingyi.core.lab import book as lab
from jingyi.core.lab.headings import read_headings
from jingyi.core.procedure_reader import ProcedureReader
from jingyi.core.tables import RulebookError, Table

ON = date(2026, 11, 22)
CLOCK = rulebook.raw("clocks/filing_serve.toml")


def read_clock(**change):
    reader = clock_rules.RuleReader(rulebook.instruments(), rulebook.counting())
    return reader.rule(Table("clocks/filing_serve.toml", CLOCK | change))


def version(**change):
    return [CLOCK["version"][0] | change]


def test_the_rulebook_is_in_order():
    report = rulebook_check.check(ON)

    assert [str(problem) for problem in report.problems] == []


def test_a_file_of_the_laboratory_that_cannot_be_read_is_named(monkeypatch):
    broken = Table("lab/headings.toml", {"id": 3})
    monkeypatch.setattr(lab, "headings", lambda: read_headings(broken))

    (problem,) = rulebook_check.check(ON).problems
    assert str(problem).startswith("lab/headings.toml")


def test_a_clock_that_runs_by_a_repealed_instrument_is_named(monkeypatch):
    notice = rulebook.clock("notice.period")
    version = notice.versions[-1]
    gone = replace(version.source.instrument, in_force_to=date(2026, 10, 31))
    cited = replace(version, source=replace(version.source, instrument=gone))
    monkeypatch.setattr(rulebook, "clocks", lambda: (replace(notice, versions=(cited,)),))

    (problem,) = rulebook_check.check(date(2026, 11, 22)).problems
    assert "notice.period" in str(problem)
    assert not rulebook_check.check(date(2026, 10, 31)).problems


def test_entries_nobody_confirmed_for_a_year_are_listed():
    report = rulebook_check.check(date(2027, 11, 23))

    assert any("clocks/filing_serve.toml" in str(item) for item in report.reminders)
    assert not any("已满一年" in str(item) for item in rulebook_check.check(ON).reminders)


def test_the_end_of_the_calendar_is_announced_a_quarter_ahead():
    assert any("cn-2027.toml" in str(item) for item in rulebook_check.check(ON).reminders)
    assert not rulebook_check.check(date(2026, 9, 1)).reminders


@pytest.mark.parametrize(
    ("number", "rule", "track"),
    [
        ("T03", "filing.serve", ""),
        ("T07", "suggestion.serve", ""),
        ("T08", "suggestion.record", ""),
        ("T09", "suggestion.reply", "ordinary"),
        ("t10", "suggestion.reply", "urgent"),
        ("T13", "review.administrative", ""),
        ("T14", "notice.period", ""),
        ("T15", "review.civil", ""),
    ],
)
def test_a_clock_answers_to_its_number(number, rule, track):
    found = rulebook.clock(number)

    assert found.id == rule
    assert found.track_numbered(number.upper()) == track


def test_an_unknown_name_is_refused():
    with pytest.raises(rulebook.UnknownRule, match="T99"):
        rulebook.clock("T99")
    with pytest.raises(rulebook.UnknownRule, match="maritime"):
        rulebook.domain("maritime")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": ""}, "title: is empty"),
        ({"stops": []}, "a duty needs what starts it and what fulfils it"),
        ({"party": "neighbour"}, "party: is 'neighbour'"),
        ({"versoin": []}, "versoin: is not a known key"),
        ({"version": []}, "version: needs at least 1"),
        ({"version": version(counting="by-hand")}, "'by-hand' is not in counting.toml"),
        ({"version": version(in_force_from=date(2020, 1, 1))}, "before the instrument is in force"),
        (
            {"version": version(source={"instrument": "hearsay", "article": "第一条"})},
            r"version\[0\].source.instrument: 'hearsay' is not in instruments.toml",
        ),
        (
            {"version": version(tracks={"ordinary": {"title": "一", "title_en": "1", "days": 0}})},
            "one positive length",
        ),
        ({"version": [*version(), *version()]}, "overlaps the one before"),
    ],
)
def test_a_wrong_clock_is_named_by_file_key_and_problem(change, problem):
    with pytest.raises(RulebookError, match=problem) as caught:
        read_clock(**change)

    assert str(caught.value).startswith("clocks/filing_serve.toml: ")


def test_an_unsettled_reading_names_who_can_settle_it():
    table = Table("x.toml", {"counting": "一", "counting_en": "1", "status": "assumed"})

    with pytest.raises(RulebookError, match="asked_of"):
        law.read_reading(table)


def test_a_file_that_is_no_toml_is_named(tmp_path, monkeypatch):
    (tmp_path / "bad.toml").write_text("x = ", "utf-8")
    monkeypatch.setattr(rulebook, "ROOT", tmp_path)

    with pytest.raises(RulebookError, match=r"bad\.toml"):
        rulebook.raw("bad.toml")
    with pytest.raises(RulebookError, match="there is no such file"):
        rulebook.raw("none.toml")


def test_the_fifteen_domains_are_told_apart_and_the_narrower_ones_belong_to_them():
    slugs = [domain.slug for domain in rulebook.domains()]

    assert len(slugs) == 15
    for domain in rulebook.every_domain():
        assert not domain.part_of or domain.part_of in slugs
    assert len({domain.glyph for domain in rulebook.every_domain()}) == len(rulebook.every_domain())


def test_a_domain_rests_on_statutes_in_force():
    entry = rulebook.raw("domains.toml")["domain"][0]
    wrong = [entry["basis"][0] | {"since": date(2010, 1, 1)}]

    with pytest.raises(RulebookError, match="not in force on 2010-01-01"):
        domains.read_domain(Table("domains.toml", entry | {"basis": wrong}), rulebook.instruments())


def test_a_step_may_name_only_declared_events():
    top = rulebook.raw("states/investigation.toml")
    top["step"][0]["event"] = "moon.risen"

    with pytest.raises(RulebookError, match=r"step\[0\].event: 'moon.risen' is not declared"):
        ProcedureReader([Table("investigation.toml", top)], rulebook.instruments())


def test_no_event_is_declared_twice():
    top = rulebook.raw("states/support.toml")
    twice = [Table(name, top) for name in ("support.toml", "again.toml")]

    with pytest.raises(RulebookError, match=r"again.toml: event\[0\].id: .* is there twice"):
        ProcedureReader(twice, rulebook.instruments())


def test_a_lead_is_declined_only_for_listed_reasons_with_an_article():
    reasons = rulebook.decline_reasons()

    assert reasons["other-jurisdiction"].then == "transfer"
    assert all(reason.source.article for reason in reasons.values())


def test_a_title_reads_in_both_languages_and_survives_storage():
    title = rulebook.clock("T03").title

    assert str(title) == "向行政机关送达立案决定书的期限"
    english = type(title).from_json(title.to_json()).render(swapped)
    assert english == "Serve the filing decision on the organ"


def swapped(text):
    """Translate as the English catalogue does."""
    return {"{en:.0}{zh}": "{zh:.0}{en}"}.get(text, text)


# ---------------------------------------------------------------- quotations, against the law's text


def plain(text):
    return re.sub(r"[\s　*]+", "", text)


def quotations(value):
    if isinstance(value, dict):
        if value.get("quote"):
            yield value["quote"]
        for inner in value.values():
            yield from quotations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from quotations(inner)


@pytest.mark.shared_data
def test_every_quotation_stands_in_the_text_of_the_law(shared):
    """Word for word, blanks aside, in the statutes and interpretations stored beside the project."""
    paths = [*shared.glob("law/**/*.md")]
    texts = plain("\n".join(path.read_text("utf-8") for path in paths))
    names = [
        "counting.toml",
        "domains.toml",
        "states.toml",
        "decline.toml",
        *rulebook.files("states"),
        *rulebook.files("clocks"),
    ]
    quoted = {quote for name in names for quote in quotations(rulebook.raw(name))}

    assert len(quoted) > 40
    assert [quote for quote in sorted(quoted) if plain(quote) not in texts] == []


# ---------------------------------------------------------------- in English


def english(sentence):
    """Render as an English page does, from the core's own catalogue."""
    path = Path(rulebook.__file__).parent / "locale/en/LC_MESSAGES/django.po"
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    return sentence.render(lambda text: known.get(text) or text)


def left_in_chinese(text):
    """Return the Chinese of an English text, citations aside: those stay in the original."""
    return re.findall(
        r"[\u4e00-\u9fff]+", re.sub(r"《[^》]*》第[零一二三四五六七八九十百千第条款项]+", "", text)
    )


def test_a_deadline_reads_whole_in_english():
    found = clocks.deadline(
        rulebook.clock("T13"),
        started_on=date(2026, 7, 31),
        calendar=rulebook.rest_days(),
        spans=[clocks.Span("exclude", date(2026, 8, 3), date(2026, 8, 6))],
        extensions=[clocks.Extension("chief", date(2026, 8, 28))],
    )

    assert [left for step in found.steps for left in left_in_chinese(english(step))] == []
    assert english(found.steps[1]).endswith("the period is 1 month, to 2026-08-31 (Monday)")


def test_every_title_and_reading_has_its_english():
    titles = [rule.title for rule in rulebook.clocks()]
    titles += [version.reading.sentence for rule in rulebook.clocks() for version in rule.versions]
    titles += [domain.title for domain in rulebook.every_domain()]
    titles += [reason.title for reason in rulebook.decline_reasons().values()]
    titles += rulebook.events().values()
    for track in ("administrative", "civil"):
        found = rulebook.states(track)
        titles += [item.title for item in (*found.states.values(), *found.steps.values())]
        titles += [need.title for step in found.steps.values() for need in step.needs]

    assert [title for title in titles if left_in_chinese(english(title))] == []


def test_a_closed_step_reads_whole_in_english():
    track = rulebook.states("administrative")
    found = procedure.next_steps(track, "investigating", [])

    assert [step for step in found for why in step.reasons if left_in_chinese(english(why))] == []
