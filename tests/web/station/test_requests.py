"""Objections and requests, papers both sides sign, and links that open once."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.station.actions import links, papers, requests
from tests.web.cases import course

pytestmark = pytest.mark.django_db
AUGUST = course.noon("2026-08-10")


def ask(matter, by, kind="objection", **values):
    return requests.ask(
        matter=matter,
        kind=kind,
        reason="该河段不属我局管辖",
        by=by,
        at=values.pop("at", AUGUST),
        **values,
    )


def kinds(matter):
    return [event.kind for event in matter.suggestion.case.events.filter(undone_at=None)]


def test_an_objection_in_time_is_on_file_and_upheld_or_not(received, people, alice):
    asked = ask(received, people["leader"])
    assert kinds(received)[-1] == "suggestion.objected"

    with pytest.raises(Refusal, match="依据"):
        requests.decide(asked=asked, accepted=False, answer=" ", by=alice, at=AUGUST)
    done = requests.decide(asked=asked, accepted=False, answer="三定规定写明", by=alice, at=AUGUST)

    assert done.state == "refused"
    assert kinds(received)[-1] == "objection.kept"
    with pytest.raises(Refusal, match="办结"):
        requests.decide(asked=asked, accepted=True, answer="改了", by=alice, at=AUGUST)


def test_after_its_period_an_objection_is_refused_with_the_day(received, people):
    with pytest.raises(Refusal, match="届满"):
        ask(received, people["leader"], at=course.noon("2026-09-20"))


def test_more_time_changes_no_date(received, people, alice):
    before = received.suggestion.case.clocks.get(rule="suggestion.reply").due_on
    asked = ask(received, people["leader"], "extension", until=date(2026, 12, 1))
    requests.decide(asked=asked, accepted=True, answer="同意分两步完成", by=alice, at=AUGUST)

    assert received.suggestion.case.clocks.get(rule="suggestion.reply").due_on == before
    with pytest.raises(Http404):
        ask(received, people["liaison"], "suspension")


def test_a_request_is_taken_back_but_an_objection_stays(received, people):
    asked = ask(received, people["leader"], "suspension")
    with pytest.raises(Refusal, match="同类"):
        ask(received, people["leader"], "suspension")
    assert requests.take_back(asked=asked, by=people["leader"], at=AUGUST).state == "taken-back"
    with pytest.raises(Refusal, match="入卷"):
        requests.take_back(asked=ask(received, people["leader"]), by=people["leader"], at=AUGUST)


def test_only_the_office_decides(received, people, bob):
    asked = ask(received, people["leader"])
    for stranger in (people["leader"], bob):
        with pytest.raises(Http404):
            requests.decide(asked=asked, accepted=True, answer="好", by=stranger, at=AUGUST)


def minutes(case, by, **values):
    return papers.write(
        case=case, organ=case.organ, kind=values.pop("kind", "minutes"), title="磋商纪要",
        text=values.pop("text", "双方确认暗管三处。"), held_on=date(2026, 8, 5), by=by, at=AUGUST, **values,
    )  # fmt: skip


def test_both_sides_sign_the_very_same_words(received, people, alice):
    paper = minutes(received.suggestion.case, alice)
    papers.sign(paper=paper, side="office", digest=paper.digest, by=alice, at=AUGUST)
    again = minutes(received.suggestion.case, alice, text="双方确认暗管四处。", instead_of=paper)

    with pytest.raises(Refusal, match="最新"):
        papers.sign(paper=paper, side="organ", digest=paper.digest, by=people["leader"], at=AUGUST)
    with pytest.raises(Refusal, match="最新"):
        papers.sign(paper=again, side="organ", digest=paper.digest, by=people["leader"], at=AUGUST)
    assert not again.signatures.exists()
    papers.sign(paper=again, side="organ", digest=again.digest, by=people["leader"], at=AUGUST)
    papers.sign(paper=again, side="office", digest=again.digest, by=alice, at=AUGUST)
    with pytest.raises(Refusal, match="不能再改写"):
        minutes(received.suggestion.case, alice, instead_of=again)


def test_a_consultation_both_signed_is_entered_while_it_fits(case, people, alice, chief):
    course.step(case, "case.served", "2026-07-03", chief)
    course.step(case, "investigation.planned", "2026-07-06", chief)
    paper = papers.write(
        case=case, organ=case.organ, kind="minutes", title="磋商纪要", text="同意整改。",
        held_on=date(2026, 7, 10), by=alice, at=AUGUST,
    )  # fmt: skip
    papers.sign(paper=paper, side="organ", digest=paper.digest, by=people["leader"], at=AUGUST)
    assert not case.events.filter(kind="consultation.held").exists()
    papers.sign(paper=paper, side="office", digest=paper.digest, by=alice, at=AUGUST)
    assert case.events.get(kind="consultation.held").on == date(2026, 7, 10)


def test_neither_side_signs_for_the_other(received, people, alice, outsider):
    paper = minutes(received.suggestion.case, alice)
    for side, stranger in (("organ", alice), ("organ", outsider), ("office", people["leader"]), ("organ", people["liaison"])):  # fmt: skip
        with pytest.raises(Http404):
            papers.sign(paper=paper, side=side, digest=paper.digest, by=stranger, at=AUGUST)


def test_a_link_opens_once_for_a_while(sent, alice, bob):
    with pytest.raises(Http404):
        links.make(matter=sent, for_whom="某局", by=bob, at=AUGUST)
    link, key = links.make(matter=sent, for_whom="水务局值班室", by=alice, at=AUGUST)

    assert key not in link.key_hash
    assert links.open_once("not the key", at=AUGUST) is None
    opened = links.open_once(key, at=AUGUST + timedelta(days=1))
    assert opened == link
    assert links.open_once(key, at=AUGUST + timedelta(days=1)) is None
    assert links.still_open(opened, at=AUGUST + timedelta(days=1, hours=3))
    assert not links.still_open(opened, at=AUGUST + timedelta(days=1, hours=5))


def test_a_link_that_is_late_or_closed_opens_nothing(sent, alice):
    _, late = links.make(matter=sent, for_whom="甲", by=alice, at=AUGUST)
    link, closed = links.make(matter=sent, for_whom="乙", by=alice, at=AUGUST)
    links.revoke(link=link, by=alice, at=AUGUST)

    assert links.open_once(late, at=AUGUST + timedelta(days=8)) is None
    assert links.open_once(closed, at=AUGUST) is None
