"""From the receipt to the signed reply: who may do what, and that nothing of it closes a case."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import Notice
from jingyi.web.cases.verification.models import Answer
from jingyi.web.evidence.actions import seal
from jingyi.web.ledger.models import Entry
from jingyi.web.station import queries
from jingyi.web.station.actions import matters, replies
from jingyi.web.station.actions.replies import Words
from tests.web.cases import course

pytestmark = pytest.mark.django_db
AUGUST = course.noon("2026-08-20")
BOTH = {
    1: Words("done", "8月15日封堵暗管三处。", Decimal(3), "处"),
    2: Words("not", "已经立案，正在调查。"),
}


def begun(matter, people, words=BOTH):
    draft = replies.begin(matter=matter, by=people["liaison"], at=AUGUST)
    return replies.save(draft=draft, words=words, version=draft.version, by=people["liaison"])


def signed(matter, people, words=BOTH):
    draft = begun(matter, people, words)
    replies.submit(draft=draft, by=people["liaison"], at=AUGUST)
    replies.approve(draft=draft, by=people["reviewer"], at=AUGUST)
    return replies.sign(draft=draft, by=people["leader"], at=AUGUST)


def test_sending_tells_the_organ_once_and_serves_nothing(decided, sent, people, alice):
    again = matters.send(suggestion=decided, by=alice, at=course.noon("2026-08-04"))

    assert again == sent
    assert Notice.objects.filter(user=people["liaison"], key=f"station-sent:{sent.pk}").count() == 1
    decided.refresh_from_db()
    assert decided.served_on is None


def test_without_a_liaison_nothing_can_be_sent(decided, alice):
    with pytest.raises(Refusal, match="联络员"):
        matters.send(suggestion=decided, by=alice, at=course.noon("2026-08-03"))


def test_the_receipt_starts_the_clock_on_the_day_it_names(received, decided, people):
    decided.refresh_from_db()
    clock = decided.case.clocks.get(rule="suggestion.reply")

    assert decided.served_on == date(2026, 8, 3)
    assert clock.started_on == date(2026, 8, 3)
    served = decided.case.events.get(kind="suggestion.served")
    assert served.facts == {"manner": "electronic", "recipient": people["liaison"].name}
    with pytest.raises(Refusal, match="已于"):
        matters.receive(matter=received, on=date(2026, 8, 4), by=people["liaison"], at=AUGUST)


@pytest.mark.parametrize("on", [date(2026, 7, 30), date(2026, 8, 4)])
def test_a_receipt_is_dated_between_the_decision_and_today(sent, people, on):
    with pytest.raises(Refusal):
        matters.receive(matter=sent, on=on, by=people["liaison"], at=course.noon("2026-08-03"))


def test_only_people_of_the_organ_receive_and_draft(sent, received, outsider, alice):
    for stranger in (outsider, alice):
        with pytest.raises(Http404):
            matters.receive(matter=sent, on=date(2026, 8, 3), by=stranger, at=AUGUST)
        with pytest.raises(Http404):
            replies.begin(matter=received, by=stranger, at=AUGUST)


def test_a_reply_goes_from_drafter_to_reviewer_to_leader(received, people):
    draft = signed(received, people)

    assert draft.state == "signed"
    answers = Answer.objects.order_by("duty")
    assert [answer.said for answer in answers] == ["done", "not"]
    assert answers[0].text == "8月15日封堵暗管三处。（3处）"
    suggestion = received.suggestion
    suggestion.refresh_from_db()
    assert suggestion.replied_on == date(2026, 8, 20)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"station.reply-submitted", "station.reply-passed", "station.reply-signed"} <= kinds


def test_a_signed_reply_closes_nothing(received, people):
    signed(received, people, {1: Words("done", "已封堵。"), 2: Words("done", "已处罚。")})

    case = received.suggestion.case
    case.refresh_from_db()
    assert case.state == "awaiting"
    assert queries.open_duties(received) == [1, 2]


def test_nobody_reviews_what_they_handed_in(received, people):
    draft = begun(received, people)
    replies.submit(draft=draft, by=people["reviewer"], at=AUGUST)
    with pytest.raises(Refusal, match="另一名"):
        replies.approve(draft=draft, by=people["reviewer"], at=AUGUST)
    with pytest.raises(Http404):
        replies.approve(draft=draft, by=people["liaison"], at=AUGUST)


def test_a_liaison_does_not_sign(received, people):
    draft = begun(received, people)
    replies.submit(draft=draft, by=people["liaison"], at=AUGUST)
    replies.approve(draft=draft, by=people["reviewer"], at=AUGUST)
    for name in ("liaison", "reviewer"):
        with pytest.raises(Http404):
            replies.sign(draft=draft, by=people[name], at=AUGUST)
    assert not Answer.objects.exists()


def test_what_must_be_said_is_missing(received, people):
    draft = begun(received, people, {1: BOTH[1]})
    with pytest.raises(Refusal, match="第 2 项"):
        replies.submit(draft=draft, by=people["liaison"], at=AUGUST)


def test_a_draft_is_returned_and_recalled(received, people):
    draft = begun(received, people)
    replies.submit(draft=draft, by=people["liaison"], at=AUGUST)
    with pytest.raises(Refusal, match="写明"):
        replies.send_back(draft=draft, words=" ", by=people["reviewer"], at=AUGUST)
    back = replies.send_back(draft=draft, words="补照片", by=people["reviewer"], at=AUGUST)
    assert back.state == "drafting"
    replies.submit(draft=back, by=people["liaison"], at=AUGUST)
    assert replies.recall(draft=back, by=people["liaison"], at=AUGUST).state == "drafting"


def test_two_who_write_at_once_do_not_overwrite_each_other(received, people):
    draft = begun(received, people)
    old = draft.version - 1
    with pytest.raises(replies.DraftChanged):
        replies.save(draft=draft, words=BOTH, version=old, by=people["reviewer"])


def test_a_file_of_a_draft_becomes_a_proof_of_the_reply(received, people):
    draft = begun(received, people)
    blob = seal(chunks=["封堵1处".encode()], media_type="text/plain", at=AUGUST)
    replies.attach(
        draft=draft, duty=1, blob=blob, name="照片说明.txt", kind="after", caption="现场封堵1处",
        dated_on=date(2026, 8, 1), by=people["liaison"],
    )  # fmt: skip
    checks = {(one.duty, str(one.why)) for one in queries.checked(draft)}
    assert (1, "有整改后的照片，没有整改前的") in checks
    assert any("附件写" in why for duty, why in checks if duty == 1)
    assert any("照片却拍摄于" in why or "早于送达" in why for _, why in checks)
    replies.submit(draft=draft, by=people["liaison"], at=AUGUST)
    replies.approve(draft=draft, by=people["reviewer"], at=AUGUST)
    replies.sign(draft=draft, by=people["leader"], at=AUGUST)

    proof = Answer.objects.get(duty=1).proofs.get()
    assert (proof.blob, proof.name, proof.kind) == (blob, "照片说明.txt", "after")
    with pytest.raises(Refusal):
        replies.detach(attached=draft.lines.get(duty=1).files.get(), by=people["liaison"])


def test_a_second_reply_is_of_what_is_still_open(received, people, alice, chief):
    signed(received, people)
    case = received.suggestion.case
    course.verified(case, alice, chief, "2026-10-09", ("fixed", "已封堵"), ("not", "未处罚"))

    draft = replies.begin(matter=received, by=people["liaison"], at=AUGUST)
    assert (draft.number, [line.duty for line in draft.lines.all()]) == (2, [2])


def test_the_draft_of_an_organ_is_not_the_prosecutors_to_read(received, people, alice):
    begun(received, people)
    assert not queries.matters_for(alice).exists()
    assert not Answer.objects.exists()
