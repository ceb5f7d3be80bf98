"""A case between procuratorates: sent, received, withdrawn, supervised; always of one office."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.documents.draft import NotDrafted, draft
from jingyi.core.moves import MoveClosed
from jingyi.core.refusal import Refusal
from jingyi.web.cases.documents.facts import file_of
from jingyi.web.cases.models import Case
from jingyi.web.cases.moves import actions, queries
from jingyi.web.cases.moves.models import JurisdictionMove
from jingyi.web.cases.queries import cases_for
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db
NOON = course.noon("2026-11-20")


@pytest.fixture
def east_chief(city):
    return factories.person("east-chief", role="chief", office=city.east)


@pytest.fixture
def west_chief(city):
    return factories.person("west-chief", role="chief", office=city.west)


@pytest.fixture
def case(city, east_chief, bob):
    """An administrative case of the county office, handled by Bob."""
    return course.case(city.east, east_chief, bob, organ=city.water)


def civil(city, east_chief, bob):
    """A civil case of the county office whose notice has run out: it is in review for suit."""
    made = course.case(
        city.east, east_chief, bob, track="civil", defendant="某化工厂", decided_on="2026-03-02"
    )
    for kind, day in (
        ("investigation.planned", "2026-03-06"),
        ("investigation.concluded", "2026-04-01"),
        ("notice.published", "2026-04-10"),
    ):
        course.step(made, kind, day, east_chief, facts={"medium": "检察日报"})
    course.step(made, "review.opened", "2026-05-12", east_chief)
    return made


def send(case, kind, to, by, asks=None, **values):
    case.refresh_from_db()
    given = {"sent_on": date(2026, 8, 31), "grounds": "级别管辖", "at": NOON} | values
    return actions.send(
        case=case, kind=kind, asks=asks or case.office, to=to, by=by, version=case.version, **given
    )


def receive(move, by, **values):
    given = {"handler": by, "received_on": date(2026, 9, 3), "at": NOON} | values
    return actions.receive(move=move, by=by, **given)


def test_the_review_for_suit_begins_anew_when_the_city_receives(city, east_chief, bob, alice):
    case = civil(city, east_chief, bob)
    old = case.clocks.get(rule="review.civil")
    assert (case.state, old.stopped_on) == ("reviewing", None)

    move = send(case, "suing", city.office, east_chief)
    case.refresh_from_db()
    assert (case.state, case.office) == ("transferred", city.east)
    receive(move, alice)

    case.refresh_from_db()
    clock = case.clocks.get(rule="review.civil", stopped_on=None)
    assert (case.state, case.office, case.handler) == ("reviewing", city.office, alice)
    assert clock.started_on == date(2026, 9, 3)
    assert clock.due_on == date(2026, 12, 3)
    assert old.started_on < clock.started_on


def test_the_county_reads_its_part_and_nothing_after(client, city, east_chief, bob, alice):
    case = civil(city, east_chief, bob)
    move = send(case, "suing", city.office, east_chief)
    receive(move, alice)
    course.step(case, "review.extended.chief", "2026-09-20", factories.person("top", role="chief", office=city.office), facts={"cause": "案情复杂", "authority": "检察长"})  # fmt: skip
    client.force_login(bob)

    page = client.get(move.get_absolute_url())

    kinds = set(queries.part_of(move).values_list("kind", flat=True))
    assert page.status_code == 200
    assert "notice.published" in kinds
    assert not kinds & {"review.extended.chief", "case.received-for-suit"}
    assert client.get(case.get_absolute_url()).status_code == 404


def test_both_offices_ledgers_have_the_move(city, case, east_chief, west_chief):
    move = send(case, "transfer", city.west, east_chief)
    receive(move, west_chief)

    entries = Entry.objects.filter(subject=f"move:{move.pk}").order_by("index")
    assert [(one.kind, one.office) for one in entries] == [
        ("move.sent", "zy-dj"), ("move.sent", "zy-xl"),
        ("move.received", "zy-dj"), ("move.received", "zy-xl"),
    ]  # fmt: skip
    assert Entry.objects.filter(subject=f"case:{case.ref}").order_by("-index")[0].office == "zy-xl"


def test_the_receiver_may_not_send_it_back_or_onward_but_may_report_up(
    city, case, east_chief, west_chief
):
    receive(send(case, "transfer", city.west, east_chief), west_chief)

    for to in (city.east, factories.office("zy-n", "北岭县人民检察院", "county", city.east.region, city.office)):  # fmt: skip
        with pytest.raises(MoveClosed, match="第二十六条"):
            send(case, "transfer", to, west_chief, sent_on=date(2026, 9, 5))
    assert (
        send(case, "report-up", city.office, west_chief, sent_on=date(2026, 9, 5)).state == "sent"
    )


def test_a_move_is_withdrawn_until_it_is_received(city, case, east_chief, west_chief):
    move = send(case, "transfer", city.west, east_chief)
    actions.withdraw(move=move, reason="材料有误", by=east_chief, at=NOON)
    case.refresh_from_db()
    assert case.state == "investigating"
    again = send(case, "transfer", city.west, east_chief)
    receive(again, west_chief)

    with pytest.raises(Refusal, match="已接收"):
        actions.withdraw(move=again, reason="材料有误", by=east_chief, at=NOON)


@pytest.mark.parametrize("kind", ["suing", "hand-down", "take-up", "designate", "supervise"])
def test_a_county_chief_may_not_do_what_is_a_superiors(city, case, east_chief, kind):
    with pytest.raises(MoveClosed):
        send(case, kind, city.office, east_chief, due_on=date(2026, 12, 1))


def test_nobody_sends_for_an_office_that_is_not_theirs(city, case, west_chief):
    with pytest.raises(Http404):
        send(case, "transfer", city.west, west_chief)


def test_a_supervised_case_stays_and_reports(city, case, chief, bob):
    move = send(case, "supervise", city.east, chief, asks=city.office, due_on=date(2026, 12, 1))
    actions.report(move=move, text="已现场勘查", by=bob, at=NOON)
    actions.end(move=move, reason="整改到位", by=chief, at=NOON)

    move.refresh_from_db()
    case.refresh_from_db()
    assert (case.office, case.state, move.state) == (city.east, "investigating", "ended")
    assert move.reports.get().text == "已现场勘查"


def test_what_was_handed_down_reports_and_is_ended_by_who_handed_it_down(
    city, case, chief, east_chief, alice
):
    case = course.case(city.office, chief, alice, organ=city.water)
    move = send(case, "hand-down", city.east, chief, due_on=date(2026, 12, 1))
    with pytest.raises(Refusal, match="待接收"):
        actions.end(move=move, reason="整改到位", by=chief, at=NOON)
    receive(move, east_chief)
    with pytest.raises(Http404):
        actions.end(move=move, reason="整改到位", by=east_chief, at=NOON)
    actions.end(move=move, reason="整改到位", by=chief, at=NOON)

    move.refresh_from_db()
    case.refresh_from_db()
    assert (case.office, case.state, move.state) == (city.east, "investigating", "ended")
    with pytest.raises(Refusal, match="不需要报告"):
        actions.report(move=move, text="已现场勘查", by=east_chief, at=NOON)


def test_the_end_of_a_move_does_not_reopen_what_its_receipt_closed(city, case, chief, east_chief):
    move = send(case, "transfer", city.west, east_chief)
    receive(move, factories.person("w", role="chief", office=city.west))

    assert queries.came_by(Case.objects.get()) == move


@pytest.mark.parametrize(
    ("kind", "paper", "other"),
    [
        ("transfer", "transfer-notice", "transfer-request"),
        ("report-up", "transfer-request", "transfer-notice"),
    ],
)
def test_the_paper_of_a_move_says_where_to_and_why(city, case, east_chief, kind, paper, other):  # noqa: PLR0917
    to = city.west if kind == "transfer" else city.office
    send(case, kind, to, east_chief, grounds="违法行为地在辖区之外。")
    case.refresh_from_db()
    on = date(2026, 9, 1)
    file = file_of(case, on=on)

    made = draft(rulebook.documents()[paper], file, on=on, author=case.office.name)

    words = [paragraph.text for paragraph in made.paragraphs]
    assert f"{to.name}：" in words
    assert any("违法行为地在辖区之外。" in text and "。。" not in text for text in words)
    with pytest.raises(NotDrafted):
        draft(rulebook.documents()[other], file, on=on, author=case.office.name)


def test_the_receiver_corrects_its_own_steps_and_not_the_senders(
    city, case, east_chief, west_chief
):
    from jingyi.web.cases import actions as steps

    before = course.step(case, "investigation.planned", "2026-07-06", east_chief)
    receive(send(case, "transfer", city.west, east_chief), west_chief)
    own = course.step(case, "investigation.concluded", "2026-09-10", west_chief)

    words = {"reason": "误", "by": west_chief, "at": NOON}
    for event in (before, case.events.get(kind="case.filed")):
        with pytest.raises(Refusal, match="东津"):
            steps.correct_event(
                event=event, on=date(2026, 7, 7), facts={}, version=case.version, **words
            )
    with pytest.raises(Refusal, match="接收案件之前"):
        steps.undo_event(event=before, version=case.version, **words)
    right = steps.correct_event(
        event=own, on=date(2026, 9, 11), facts={}, version=case.version, **words
    )
    assert right.on == date(2026, 9, 11)


def test_the_generic_steps_do_not_touch_a_move(city, case, east_chief):
    move = send(case, "transfer", city.west, east_chief)
    case.refresh_from_db()
    with pytest.raises(Refusal, match="管辖与并案"):
        course.step(case, "case.received", "2026-09-02", east_chief)
    from jingyi.web.cases import actions as steps

    with pytest.raises(Refusal, match="管辖与并案"):
        steps.undo_event(
            event=move.left_by, reason="误", by=east_chief, at=NOON, version=case.version
        )


KINDS = ("transfer", "report-up", "hand-down", "take-up", "designate", "supervise", "withdraw", "receive")  # fmt: skip


@pytest.mark.django_db(transaction=False)
@given(course_of=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2)), max_size=7))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_case_is_of_one_office_whatever_the_course_of_moves(  # noqa: PLR0917 -- one office a fixture
    city, case, chief, east_chief, west_chief, course_of
):
    from django.db import transaction

    chiefs = {city.office: chief, city.east: east_chief, city.west: west_chief}
    offices = list(chiefs)
    with transaction.atomic():
        for kind, place in course_of:
            case.refresh_from_db()
            waiting = JurisdictionMove.objects.filter(case=case, state="sent").first()
            try:
                if kind == "receive" and waiting:
                    receive(waiting, chiefs[waiting.receiver])
                elif kind == "withdraw" and waiting:
                    actions.withdraw(move=waiting, reason="误", by=chiefs[waiting.decider], at=NOON)
                elif kind not in {"receive", "withdraw"}:
                    asks = (
                        city.office
                        if kind in {"take-up", "designate", "supervise"}
                        else case.office
                    )
                    send(
                        case,
                        kind,
                        offices[place],
                        chiefs[asks],
                        asks=asks,
                        due_on=date(2026, 12, 1),
                    )
            except Refusal:
                continue
        counted = [office for office in offices if Case.objects.filter(pk=case.pk, office=office)]
        assert len(counted) == 1
        assert cases_for(chief).filter(pk=case.pk).count() == 1
        county = [cases_for(one).filter(pk=case.pk).exists() for one in (east_chief, west_chief)]
        assert sum(county) == (counted[0] != city.office)
        transaction.set_rollback(True)


@pytest.fixture
def pages(city, case, east_chief, bob):
    """Every address about one move, and one case: (method, address)."""
    other = course.case(city.east, east_chief, bob, organ=city.water)
    move = send(case, "report-up", city.office, east_chief)
    args = [move.pk]
    return {
        "move": ("get", reverse("moves:move", args=args)),
        "print": ("get", reverse("moves:print", args=args)),
        "receive": ("post", reverse("moves:receive", args=args)),
        "withdraw": ("post", reverse("moves:withdraw", args=args)),
        "report": ("post", reverse("moves:report", args=args)),
        "end": ("post", reverse("moves:end", args=args)),
        "exhibit": ("get", reverse("moves:exhibit", args=[move.pk, move.left_by_id])),
        "panel": ("get", reverse("moves:panel", args=[case.ref])),
        "send": ("get", reverse("moves:send", args=[case.ref, "transfer", "zy-dj"])),
        "merge": ("get", reverse("moves:merge", args=[other.ref, case.ref])),
        "undo_merge": ("get", reverse("moves:undo_merge", args=[case.ref, 1])),
        "join": ("get", reverse("moves:join", args=[1])),
    }


def test_every_address_is_tested_here(pages):
    from jingyi.web.cases.moves.urls import urlpatterns

    assert {one.name for one in urlpatterns} == {*pages, "list"}


def test_a_stranger_finds_nothing(client, pages, charlie):
    client.force_login(charlie)
    for name, (method, address) in pages.items():
        assert getattr(client, method)(address).status_code == 404, name
    assert "东津" not in client.get(reverse("moves:list")).text


def test_nobody_is_asked_to_sign_in(client, pages):
    for name, (method, address) in {**pages, "list": ("get", reverse("moves:list"))}.items():
        assert getattr(client, method)(address).status_code == 302, name


def test_who_takes_part_sees_the_pages(client, pages, chief, east_chief):
    for who in (chief, east_chief):
        client.force_login(who)
        for name in ("move", "print", "panel"):
            assert client.get(pages[name][1]).status_code == 200, name
        assert "报请移送" in client.get(reverse("moves:list")).text
    assert client.post(pages["end"][1], {"text": "x"}).status_code in {404, 422}


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_a_bounded_number_of_questions(client, city, east_chief, bob, n, django_assert_max_num_queries):  # fmt: skip  # noqa: PLR0917
    for _ in range(n):
        send(course.case(city.east, east_chief, bob, organ=city.water), "report-up", city.office, east_chief)  # fmt: skip
    client.force_login(east_chief)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("moves:list")).status_code == 200
