"""`jingyi clock` and `jingyi rulebook check`, as those who script them use them."""

import json

import pytest

from jingyi.cli import main


def test_the_promised_example(capsys):
    code = main(
        ["clock", "suggestion.reply", "--from", "2026-08-01", "--track", "ordinary", "--json"]
    )

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert {"rule", "version", "raw", "due", "because"} <= found.keys()
    assert found["rule"] == "suggestion.reply"
    assert (found["raw"], found["due"]) == ("2026-10-01", "2026-10-08")
    assert all(isinstance(step, str) for step in found["because"])


def test_a_number_may_imply_its_track(capsys):
    assert main(["clock", "T10", "--from", "2026-08-03", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["due"] == "2026-08-18"


def test_events_move_the_end(capsys):
    events = ["suspend=2026-04-10..2026-04-19", "extend.chief=2026-04-30"]
    arguments = ["clock", "T13", "--from", "2026-03-31", "--json"]

    assert main([*arguments, *(part for event in events for part in ("--event", event))]) == 0

    assert json.loads(capsys.readouterr().out)["raw"] == "2026-06-10"


def test_without_json_a_person_reads_the_steps(capsys):
    assert main(["clock", "T03", "--from", "2026-02-13"]) == 0

    said = capsys.readouterr().out
    assert "最后一日：2026-02-24" in said
    assert "1. 自 2026-02-13 起算" in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["T09", "--from", "2026-11-05"], "尚未公布"),
        (["T99", "--from", "2026-08-01"], "没有期限规则"),
        (["T03", "--from", "2021-06-30"], "2021-07-01 起施行"),
        (["T03", "--from", "1 August"], "不是日期"),
        (["T03"], "须写明规则和起算日"),
        (["T13", "--from", "2026-03-31", "--event", "rain"], "读不懂"),
        (["T13", "--from", "2026-03-31", "--event", "rain=2026-04-01"], "可选：exclude、suspend"),
        (["T03", "--from", "2026-08-01T25:00"], "不是时刻"),
    ],
)
def test_a_refusal_is_one_sentence_on_standard_error(arguments, why, capsys):
    assert main(["clock", *arguments, "--json"]) == 2

    shown = capsys.readouterr()
    assert why in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_the_list_names_rules_tracks_and_events(capsys):
    assert main(["clock", "--list", "--json"]) == 0

    rules = {rule["rule"]: rule for rule in json.loads(capsys.readouterr().out)["rules"]}
    assert rules["suggestion.reply"]["tracks"] == {"ordinary": "2 个月", "urgent": "15 日"}
    assert rules["review.administrative"]["events"] == [
        "exclude", "suspend", "extend.chief", "extend.superior",
    ]  # fmt: skip


def test_the_list_reads_as_lines(capsys):
    assert main(["clock", "--list"]) == 0

    assert "T09/T10" in capsys.readouterr().out


def test_the_rulebook_is_in_order(capsys):
    assert main(["rulebook", "check", "--on", "2026-11-22", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["problems"] == []
    assert found["calendar_through"] == "2026-12-31"


def test_the_rulebook_says_what_needs_another_look(capsys):
    assert main(["rulebook", "check", "--on", "2028-01-01"]) == 0

    assert "已满一年" in capsys.readouterr().out


@pytest.mark.parametrize("number", [f"T{n:02d}" for n in range(1, 41) if n != 16])
def test_every_number_of_the_table_is_counted(number, capsys):
    start = "2026-08-03T09:30" if number in {"T38", "T39"} else "2026-03-02"
    tracks = {"T38": ["--track", "quick"], "T39": ["--track", "quick"]}.get(number, [])

    if number == "T34":  # two years end beyond the announced calendar, but a limitation never rolls
        start = "2024-01-02"
    assert main(["clock", number, "--from", start, *tracks, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["due"] >= found["raw"]
    assert found["because"]


def test_a_number_that_two_rules_have_is_refused_with_both_names(capsys):
    """T16 restarts whichever review the case is in; the track cannot be guessed."""
    assert main(["clock", "T16", "--from", "2026-03-02"]) == 2
    assert "review.administrative、review.civil" in capsys.readouterr().err


def test_a_number_whose_rules_agree_is_counted_and_both_are_named(capsys):
    assert main(["clock", "T29", "--from", "2026-03-02"]) == 0
    said = capsys.readouterr().out
    assert "2026-03-17" in said
    assert "civil.appeal.file" in said


def test_hours_run_from_the_moment(capsys):
    arguments = ["clock", "T38", "--track", "quick", "--from", "2026-09-30T22:15", "--json"]

    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["due_at"] == "2026-10-01T02:15:00"


def test_working_days_step_over_holidays_and_count_make_up_workdays(capsys):
    assert main(["clock", "T38", "--from", "2026-09-24", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == "2026-10-12"


def test_the_list_names_rules_tracks_and_events_and_marks_the_offices_own(capsys):
    assert main(["clock", "--list", "--json"]) == 0
    rules = {rule["rule"]: rule for rule in json.loads(capsys.readouterr().out)["rules"]}

    numbers = {number for rule in rules.values() for number in rule["numbers"]}
    assert {f"T{n:02}" for n in range(1, 41)} <= numbers
    assert rules["review.administrative"]["events"] == [
        "exclude", "suspend", "extend.chief", "extend.superior",
    ]  # fmt: skip
    assert rules["investigation.conclude"]["own"] is True
    assert rules["suggestion.reply"]["own"] is False
