"""A draft beside the rules in force: the same running case, and nothing of it binding."""

from dataclasses import replace
from datetime import date

from jingyi.core import rulebook
from jingyi.core.clocks import Event, Period
from jingyi.core.profiles import side_by_side

DRAFT = rulebook.profiles()["draft-pil-law"]
CASE = [
    Event("case.filed", date(2026, 3, 2)),
    Event("suggestion.served", date(2026, 4, 2), {"track": "ordinary"}),
]


def pairs(profile=DRAFT, **values):
    found = side_by_side(
        CASE, profile, rules=rulebook.clocks(), procedure="administrative",
        calendar=rulebook.rest_days(), on=date(2026, 5, 6), **values,
    )  # fmt: skip
    return {pair.now.rule.id: pair for pair in found}


def test_a_length_that_was_not_seen_is_carried_over_and_said_to_be_so():
    reply = pairs()["suggestion.reply"]

    assert (reply.basis, reply.differs) == ("same", False)
    assert "所见材料没有写" in str(reply.note)
    assert not any(pair.differs for pair in pairs().values())


def test_the_instrument_has_the_drafts_name():
    reply = pairs()["suggestion.reply"]

    assert "检察建议" in str(reply.title)
    assert str(reply.draft_title) == str(reply.title).replace("检察建议", "检察意见")


def test_an_assumed_length_moves_what_follows_as_well():
    found = pairs(assumed={"suggestion.reply": Period(months=1)})

    reply, review = found["suggestion.reply"], found["review.administrative"]
    assert (reply.basis, reply.now.due, reply.draft.due) == (
        "assumed", date(2026, 6, 2), date(2026, 5, 6),
    )  # fmt: skip
    assert (review.basis, review.now.due, review.draft.due) == (
        "same", date(2026, 7, 2), date(2026, 6, 8),
    )  # fmt: skip
    assert review.differs


def test_a_draft_that_gives_a_length_is_followed():
    clock = replace(DRAFT.clocks["suggestion.reply"], lengths={"ordinary": Period(days=30)})
    known = replace(DRAFT, clocks=dict(DRAFT.clocks) | {clock.rule: clock})

    reply = pairs(known)["suggestion.reply"]
    assert (reply.basis, reply.draft.due) == ("draft", date(2026, 5, 6))


def test_holding_a_case_against_a_draft_changes_no_rule():
    before = rulebook.clock("suggestion.reply").versions
    pairs(assumed={"suggestion.reply": Period(months=1)})

    assert rulebook.clock("suggestion.reply").versions == before
