"""A reply closes nothing; a round of verification does, duty by duty."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404

from jingyi.core.procedure import StepClosed
from jingyi.core.refusal import Refusal
from jingyi.web.cases import actions as steps
from jingyi.web.cases.verification import actions, queries
from jingyi.web.cases.verification.actions import Found, Line, Visit
from jingyi.web.cases.verification.models import Verification
from jingyi.web.cases.verification.proofs import Given
from jingyi.web.ledger.models import Entry
from tests.web.cases import course
from tests.web.intake.reporting import photo

pytestmark = pytest.mark.django_db
NOON = course.noon("2026-11-20")
BOTH = [Line(1, "done", "9月20日已封堵暗管。"), Line(2, "partly", "已立案，尚未处罚。")]


def reply(case, by, lines=BOTH, on="2026-09-25"):
    suggestion = case.suggestions.get()
    made = actions.take_reply(
        suggestion=suggestion, on=date.fromisoformat(on), lines=lines, by=by, at=NOON
    )
    case.refresh_from_db()
    return made


def test_a_reply_that_says_done_closes_nothing(served_case, alice):
    reply(served_case, alice, [Line(1, "done", "已封堵。"), Line(2, "done", "已处罚。")])

    assert served_case.suggestions.get().replied_on == date(2026, 9, 25)
    assert queries.duties_of(served_case.suggestions.get())[0].core.settled is False
    with pytest.raises(StepClosed):
        course.step(
            served_case, "case.terminated", "2026-09-30", alice,
            facts={"ground": "ground.rectified"}, warrant="approval:1",
        )  # fmt: skip


def test_the_first_reply_answers_every_duty_and_stops_the_clock(served_case, alice):
    with pytest.raises(Refusal, match="第 2 项职责没有答复"):
        reply(served_case, alice, BOTH[:1])
    with pytest.raises(Refusal, match="没有写答复的内容"):
        reply(served_case, alice, [BOTH[0], Line(2, "done", " ")])

    reply(served_case, alice)

    assert served_case.clocks.get(rule="suggestion.reply").stopped_on == date(2026, 9, 25)
    assert Entry.objects.filter(kind="reply.itemised").count() == 1


@pytest.mark.parametrize("on", ["2026-07-31", "2026-11-21"])
def test_a_reply_is_dated_between_service_and_today(served_case, alice, on):
    with pytest.raises(Refusal):
        reply(served_case, alice, on=on)


def test_what_is_left_open_is_verified_again_until_nothing_is(served_case, alice, chief):
    reply(served_case, alice)

    first = course.verified(
        served_case, alice, chief, "2026-10-09", ("fixed", "已封堵"), ("not", "未处罚")
    )
    assert not first.passed
    assert first.event.kind == "verification.failed"
    reply(served_case, alice, [Line(2, "done", "10月15日已处罚。")], on="2026-10-16")
    second = course.verified(served_case, alice, chief, "2026-10-20", ("fixed", "已见处罚决定书"))

    assert second.passed
    assert [finding.duty for finding in second.findings.all()] == [2]
    course.step(
        served_case, "case.terminated", "2026-10-22", chief, facts={"ground": "ground.rectified"}
    )
    assert served_case.state == "terminated"


def test_a_round_taken_back_does_not_count(served_case, alice, chief):
    made = course.verified(served_case, alice, chief, "2026-10-09")
    steps.undo_event(
        event=made.event, reason="认错了地点", by=alice, at=NOON, version=served_case.version
    )

    duties = queries.duties_of(served_case.suggestions.get())
    assert not any(duty.findings for duty in duties)

    again = course.verified(served_case, alice, chief, "2026-10-10")
    given = {"event": again.event, "on": date(2026, 10, 11), "facts": {}, "reason": "日期"}
    with pytest.raises(Refusal, match="不能单独更正"):
        steps.correct_event(**given, by=alice, at=NOON, version=served_case.version)


def test_a_verification_is_not_entered_in_a_word(served_case, alice):
    with pytest.raises(Refusal, match="逐项登记"):
        course.step(served_case, "verification.passed", "2026-10-09", alice, facts={"found": "好"})


def round_of(case, alice, other, *, on="2026-10-09", methods=("visit",), place="排口", found=None):
    return actions.verify(
        suggestion=case.suggestions.get(),
        visit=Visit(date.fromisoformat(on), methods, place, alice, other),
        found=found or [Found(1, "fixed", "已封堵"), Found(2, "fixed", "已处罚")],
        by=alice, at=NOON, version=case.version,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"on": "2026-07-31"}, "送达"),
        ({"methods": ()}, "方式"),
        ({"methods": ("hearsay",)}, "方式"),
        ({"place": " "}, "地点"),
        ({"found": [Found(1, "fixed", "已封堵")]}, "不多也不少"),
        ({"found": [Found(1, "fixed", "好"), Found(1, "fixed", "好")]}, "不多也不少"),
        ({"found": [Found(1, "fixed", ""), Found(2, "fixed", "好")]}, "依据"),
        ({"found": [Found(1, "fixed", "好", Decimal(3)), Found(2, "fixed", "好")]}, "单位"),
    ],
)
def test_an_unfit_round_writes_nothing(served_case, alice, chief, wrong, why):
    with pytest.raises(Refusal, match=why):
        round_of(served_case, alice, chief, **wrong)
    assert not Verification.objects.exists()
    assert not served_case.events.filter(kind__startswith="verification.").exists()


def test_two_different_people_verify(served_case, alice):
    with pytest.raises(Refusal, match="二人"):
        round_of(served_case, alice, alice)


def test_the_database_refuses_one_person_twice(served_case, alice, chief):
    made = round_of(served_case, alice, chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.filter(pk=made.pk).update(second=alice)


def test_the_chief_may_pass_what_is_left_on_a_listed_ground(served_case, alice, chief):
    course.verified(
        served_case, alice, chief, "2026-10-09", ("fixed", "已封堵"), ("partly", "罚款未缴清")
    )
    suggestion = served_case.suggestions.get()
    given = {"suggestion": suggestion, "reason": "已申请强制执行", "on": date(2026, 10, 12)}

    with pytest.raises(Http404):
        actions.settle_left(
            **given, ground="ground.rectified", by=alice, at=NOON, version=served_case.version
        )
    with pytest.raises(Refusal, match="列明"):
        actions.settle_left(
            **given, ground="ground.other", by=chief, at=NOON, version=served_case.version
        )
    made = actions.settle_left(
        **given, ground="ground.rectified", by=chief, at=NOON, version=served_case.version
    )

    assert made.passed
    assert queries.duties_of(suggestion)[1].core.settled is False  # the finding stays as it is
    assert "已申请强制执行" in served_case.events.get(kind="verification.passed").facts["found"]


def test_a_photograph_against_the_words_is_listed(served_case, alice):
    shown = SimpleUploadedFile("after.jpg", photo().read(), "image/jpeg")
    lines = [
        Line(1, "done", "已封堵暗管3处。", (Given(shown, "after", "现场封堵1处"),)),
        Line(2, "done", "将于10月底前处罚。"),
    ]
    reply(served_case, alice, lines)
    suggestion = served_case.suggestions.get()

    found = queries.disagreements(suggestion, queries.duties_of(suggestion))

    kinds = {(one.duty, one.kind) for one in found}
    assert (1, "figure") in kinds
    assert (2, "plan") in kinds
