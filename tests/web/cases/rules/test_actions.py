"""An office's own limits, and running clocks moved to another version in one act."""

from datetime import date

import pytest
from django.http import Http404

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases.models import Clock
from jingyi.web.cases.rules import actions
from jingyi.web.cases.rules.models import OfficeLimit
from jingyi.web.cases.rules.preview import preview
from jingyi.web.ledger.models import Entry
from tests.web.cases import course

pytestmark = pytest.mark.django_db

OWN = "investigation.conclude"
TODAY = "2026-11-20"


def set_own(office, by, *, since=TODAY, number=30, unit="days", **values):
    return actions.set_limit(
        office=office, rule=OWN, track="ordinary", number=number, unit=unit, reason="本院办案需要",
        since=date.fromisoformat(since), by=by, at=course.noon(TODAY), **values,
    )  # fmt: skip


def move_all(office, by, *, version=TODAY, seen=None, rule=OWN):
    day = date.fromisoformat(version)
    shown = preview(office, rule, day, on=date.fromisoformat(TODAY))
    return actions.move(
        office=office, rule=rule, version=day, reason="统一提醒", seen=seen or shown.digest,
        by=by, at=course.noon(TODAY),
    )  # fmt: skip


def due(case, rule=OWN):
    return Clock.objects.get(case=case, rule=rule).due_on


def test_a_limit_is_stored_with_who_when_and_where_the_ledger_has_it(city, chief):
    found = set_own(city.office, chief)

    assert (found.by, found.at, found.since) == (chief, course.noon(TODAY), date(2026, 11, 20))
    entry = Entry.objects.get(index=found.entry)
    assert entry.kind == "clock.limit-set"
    assert entry.body["facts"]["before"] == "2 个月"
    assert (entry.body["facts"]["number"], entry.body["facts"]["unit"]) == (30, "days")


def test_a_limit_counts_what_begins_from_its_day_and_nothing_before(city, chief, alice):
    before = course.case(city.office, chief, alice, decided_on="2026-11-12")
    set_own(city.office, chief)
    after = course.case(city.office, chief, alice, decided_on="2026-11-20")

    assert due(before) is None  # past the announced calendar
    assert Clock.objects.get(case=before, rule=OWN).due_raw == date(2027, 1, 12)
    assert due(after) == date(2026, 12, 21)  # 20 December is a Sunday


def test_a_limit_is_the_offices_own(city, chief, alice, east_chief):
    set_own(city.office, chief)
    theirs = course.case(city.east, east_chief, east_chief, decided_on="2026-11-20")

    assert Clock.objects.get(case=theirs, rule=OWN).due_raw == date(2027, 1, 20)


@pytest.mark.parametrize(
    ("rule", "since", "why"),
    [
        ("suggestion.reply", TODAY, "本院不能更改"),
        (OWN, "2026-11-19", "不经预览"),
    ],
)
def test_what_is_not_the_offices_to_change_is_refused(city, chief, rule, since, why):
    with pytest.raises(Refusal, match=why):
        actions.set_limit(
            office=city.office, rule=rule, track="ordinary", number=9, unit="days",
            since=date.fromisoformat(since), reason="试", by=chief, at=course.noon(TODAY),
        )  # fmt: skip
    assert not OfficeLimit.objects.exists()


def test_a_length_is_given_once_for_a_day(city, chief):
    set_own(city.office, chief)

    with pytest.raises(Refusal, match="已经定过"):
        set_own(city.office, chief, number=31)


def test_a_prosecutor_decides_none_of_it(city, chief, alice, case):
    with pytest.raises(Http404):
        set_own(city.office, alice)
    set_own(city.office, chief)
    with pytest.raises(Http404):
        move_all(city.office, alice)


def test_the_preview_names_every_date_that_changes_and_only_those(city, chief, alice):
    running = course.case(city.office, chief, alice, decided_on="2026-11-12")
    done = course.case(city.office, chief, alice, decided_on="2026-07-01", organ=city.water)
    course.served(done, chief)
    set_own(city.office, chief)

    shown = preview(city.office, OWN, date(2026, 11, 20), on=date(2026, 11, 20))
    (change,) = shown.changes
    assert [one.ref for one in shown.cases] == [running.ref]
    assert (change.ref, change.rule) == (running.ref, OWN)
    assert (change.before.raw, change.before.due) == (date(2027, 1, 12), None)
    assert (change.after.raw, change.after.due) == (date(2026, 12, 12), date(2026, 12, 14))


def test_a_move_changes_what_the_preview_showed_and_undoing_it_restores_every_date(
    city, chief, alice
):
    cases = [
        course.case(city.office, chief, alice, decided_on=day)
        for day in ("2026-11-09", "2026-11-12", "2026-11-16")
    ]
    set_own(city.office, chief)
    stored = ("case", "rule", "rule_version", "started_on", "due_raw", "due_on", "steps")
    before = sorted(map(str, Clock.objects.values_list(*stored)))

    moved = move_all(city.office, chief)

    assert [due(case) for case in cases] == [
        date(2026, 12, 9),
        date(2026, 12, 14),
        date(2026, 12, 16),
    ]
    entry = Entry.objects.get(index=moved.entry)
    assert entry.kind == "clocks.moved"
    assert len(entry.body["facts"]["changes"]) == len(moved.changes) == 3

    actions.undo_move(move=moved, by=chief, at=course.noon(TODAY))
    assert sorted(map(str, Clock.objects.values_list(*stored))) == before
    assert Entry.objects.filter(kind="clocks.moved-back").count() == 1
    with pytest.raises(Refusal, match="已经撤回"):
        actions.undo_move(move=moved, by=chief, at=course.noon(TODAY))


def test_a_moved_clock_stays_moved_when_the_next_step_is_entered(city, chief, alice):
    case = course.case(city.office, chief, alice, decided_on="2026-11-12", organ=city.water)
    set_own(city.office, chief)
    move_all(city.office, chief)

    course.step(case, "case.served", "2026-11-16", alice)
    assert due(case) == date(2026, 12, 14)


def test_what_was_confirmed_is_what_is_moved(city, chief, alice):
    course.case(city.office, chief, alice, decided_on="2026-11-12")
    set_own(city.office, chief)
    seen = preview(city.office, OWN, date(2026, 11, 20), on=date(2026, 11, 20)).digest
    course.case(city.office, chief, alice, decided_on="2026-11-13")

    with pytest.raises(actions.PreviewStale):
        move_all(city.office, chief, seen=seen)
    assert not Entry.objects.filter(kind="clocks.moved").exists()


def test_a_new_version_of_a_law_moves_the_clocks_that_follow_from_it_too(
    city, chief, served_case, monkeypatch
):
    """The organ's period becomes one month: the review that starts at its end is earlier as well."""
    from dataclasses import replace

    reply = rulebook.clock("suggestion.reply")
    latest = reply.versions[-1]
    shorter = {
        name: replace(track, period=type(track.period)(months=1))
        for name, track in latest.tracks.items()
    }
    new = replace(latest, in_force_from=date(2026, 11, 1), tracks=shorter)
    old = replace(latest, in_force_to=date(2026, 10, 31))
    amended = replace(reply, versions=(*reply.versions[:-1], old, new))
    rules = tuple(amended if one is reply else one for one in rulebook.clocks())
    monkeypatch.setattr(rulebook, "clocks", lambda: rules)

    shown = preview(city.office, "suggestion.reply", date(2026, 11, 1), on=date(2026, 9, 2))
    changed = {one.rule: (one.before.due, one.after.due) for one in shown.changes}
    assert changed == {
        "suggestion.reply": (date(2026, 10, 8), date(2026, 9, 1)),
        "review.administrative": (date(2026, 11, 9), date(2026, 10, 8)),
    }


def test_moving_what_changes_nothing_is_refused(city, chief, served_case):
    with pytest.raises(Refusal, match="没有一个日期会改变"):
        move_all(city.office, chief, version="2021-01-01", rule="suggestion.reply")
