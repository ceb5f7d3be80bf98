"""The audit of what was put aside: drawn by nobody's choice, read with undo, told on the desk."""

from io import BytesIO

import openpyxl
import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core import audit as core
from jingyi.core.refusal import Refusal
from jingyi.web.leads import actions, queries
from jingyi.web.leads.models import Audit, AuditItem, Decision, Incident
from jingyi.web.leads.sampling import rules
from jingyi.web.ledger.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = reverse("leads:audit")


def put_aside(office, n, lead=0.01, at=factories.AT):
    first = Incident.objects.count()
    return [
        Incident.objects.create(
            ref=f"{office.code}-x{first + k}",
            office=office,
            title=f"咨询第{first + k}号",
            lead=lead,
            first_at=at,
            last_at=at,
            reports=1,
        )
        for k in range(n)
    ]


@pytest.fixture
def aside(city):
    """Forty incidents that triage put aside, six of them with a doubtful score, and a lead."""
    found = put_aside(city.office, 34) + put_aside(city.office, 6, lead=0.3)
    lead = put_aside(city.office, 1, lead=0.9)[0]
    lead.is_lead = True
    lead.save()
    return found


@pytest.fixture
def drawn(city, aside, alice, at):
    return actions.draw(office=city.office, by=alice, at=at)


def test_the_sample_can_be_drawn_again_from_what_is_on_record(city, drawn):
    scores = {i.ref: i.lead for i in queries.put_aside(city.office)}
    seed = core.seed(office=city.office.code, day=drawn.day.isoformat(), root=drawn.root)

    again = core.draw(rules(), scores, seed)
    assert [(i.incident.ref, i.stratum) for i in drawn.items.order_by("order")] == list(
        again.chosen
    )
    entry = Entry.objects.get(kind="audit.drawn")
    assert entry.body["facts"]["digest"] == drawn.digest
    assert (drawn.sizes, drawn.found) == ([34, 0, 6], 1)


def test_only_what_triage_put_aside_and_nobody_decided_is_drawn_from(city, aside, alice, at):
    actions.take(incident=aside[0], by=alice, at=at)
    actions.decline(incident=aside[1], reason="no-harm", by=alice, at=at)

    drawn = actions.draw(office=city.office, by=alice, at=at)
    assert sum(drawn.sizes) == 38
    assert not drawn.items.filter(incident__in=aside[:2]).exists()


def test_a_lead_found_comes_onto_the_desk_and_undo_puts_it_back(drawn, alice, at):
    item = drawn.items.order_by("order").first()

    decision = actions.judge(item=item, lead=True, by=alice, at=at)
    item.incident.refresh_from_db()
    drawn.refresh_from_db()
    assert item.incident.is_lead
    assert (drawn.missed["read"], drawn.missed["leads"]) == (1, 1)
    assert Entry.objects.filter(kind="lead.audit-lead").count() == 1

    actions.undo(decision=decision, by=alice, at=at)
    item.refresh_from_db()
    item.incident.refresh_from_db()
    drawn.refresh_from_db()
    assert not item.incident.is_lead
    assert item.decision is None
    assert drawn.missed["read"] == 0
    assert Decision.objects.get().undone_by == alice


def test_no_lead_stays_where_it_is_and_counts(drawn, alice, at):
    item = drawn.items.order_by("order").first()

    actions.judge(item=item, lead=False, by=alice, at=at)
    item.incident.refresh_from_db()
    drawn.refresh_from_db()
    assert not item.incident.is_lead
    assert (drawn.missed["read"], drawn.missed["leads"]) == (1, 0)


def test_what_is_read_is_not_read_again_before_undo(drawn, alice, at):
    item = drawn.items.first()
    actions.judge(item=item, lead=False, by=alice, at=at)

    with pytest.raises(Refusal, match="已经有人读过"):
        actions.judge(item=item, lead=True, by=alice, at=at)


def test_no_new_sample_while_the_last_is_unread(city, drawn, alice, at):
    with pytest.raises(Refusal, match="没有读"):
        actions.draw(office=city.office, by=alice, at=at)
    for item in drawn.items.all():
        actions.judge(item=item, lead=False, by=alice, at=at)

    again = actions.draw(office=city.office, by=alice, at=at)
    assert again.root != drawn.root


def test_all_read_is_known_exactly(city, alice, at):
    put_aside(city.office, 5)
    drawn = actions.draw(office=city.office, by=alice, at=at)
    for n, item in enumerate(drawn.items.order_by("order")):
        actions.judge(item=item, lead=n < 2, by=alice, at=at)

    drawn.refresh_from_db()
    assert (drawn.missed["low"], drawn.missed["high"]) == (2, 2)


def test_a_later_report_leaves_a_lead_that_the_audit_found(city, alice, at):
    for _n in range(2):
        factories.report(city.office, title="咨询公积金", text="请问公积金提取要什么材料？", at=at)
    actions.gather(office=city.office, at=at)
    incident = Incident.objects.get()
    assert not incident.is_lead
    item = actions.draw(office=city.office, by=alice, at=at).items.get()
    actions.judge(item=item, lead=True, by=alice, at=at)

    factories.report(city.office, title="咨询公积金", text="请问公积金提取要什么材料？", at=at)
    actions.gather(office=city.office, at=at)
    incident.refresh_from_db()
    assert (incident.reports, incident.is_lead) == (3, True)


def test_undo_leaves_a_lead_that_triage_found_by_then(city, alice, at):
    question = factories.report(city.office, title="三号桥", text="请问三号桥何时修好？", at=at)
    actions.gather(office=city.office, at=at)
    incident = Incident.objects.get(findings__report=question)
    assert not incident.is_lead
    item = actions.draw(office=city.office, by=alice, at=at).items.get()
    decision = actions.judge(item=item, lead=True, by=alice, at=at)
    incident.findings.update(is_lead=True)  # as if a graver report had joined

    actions.undo(decision=decision, by=alice, at=at)
    incident.refresh_from_db()
    assert incident.is_lead


def test_reading_goes_on_to_the_next_and_can_be_taken_back(client, alice, drawn):
    client.force_login(alice)
    first, second = drawn.items.order_by("order")[:2]
    assert first.incident.title in client.get(PAGE).text

    response = client.post(reverse("leads:audit_judge", args=[first.pk]), {"verdict": "not"})
    assert response.status_code == 303
    page = client.get(response.url)
    assert page.context["item"] == second
    assert "读过的（1 条）" in page.text

    response = client.post(reverse("leads:audit_undo", args=[first.pk]))
    assert client.get(response.url).context["item"] == first


def test_saying_neither_is_not_a_verdict(client, alice, drawn):
    client.force_login(alice)
    item = drawn.items.first()

    response = client.post(reverse("leads:audit_judge", args=[item.pk]), {"verdict": "maybe"})
    assert response.status_code == 422
    assert AuditItem.objects.filter(decision=None).count() == drawn.items.count()


def test_the_first_sample_is_drawn_from_the_empty_page(client, alice, city, aside):
    client.force_login(alice)
    page = client.get(PAGE).text
    assert "还没有抽查过" in page
    assert "抽一批来读" in client.get(reverse("leads:desk")).text

    response = client.post(reverse("leads:audit_draw"), {"office": city.office.code})
    assert response.status_code == 303
    assert Audit.objects.get().by == alice


def test_nothing_put_aside_is_said(client, alice, city):
    client.force_login(alice)
    assert "无从抽查" in client.get(PAGE).text
    client.post(reverse("leads:audit_draw"), {"office": city.office.code})
    assert not Audit.objects.exists()


def test_the_desk_tells_what_was_missed(client, alice, drawn, at):
    client.force_login(alice)
    assert "还不知道" in client.get(reverse("leads:desk")).text
    for item in drawn.items.all():
        actions.judge(item=item, lead=False, by=alice, at=at)

    drawn.refresh_from_db()
    page = client.get(reverse("leads:desk")).text
    assert f"<strong>0–{drawn.missed['high']}</strong> 条线索（95% 把握）" in page
    assert 'class="interval-mark"' in page
    assert 'class="interval"' in client.get(PAGE).text


def test_the_export_lists_every_item_and_runs_no_formula(client, alice, drawn, at):
    item = drawn.items.order_by("order").first()
    Incident.objects.filter(pk=item.incident_id).update(title="=1+1")
    actions.judge(item=item, lead=True, by=alice, at=at)
    client.force_login(alice)

    got = client.get(reverse("leads:audit_export"), {"sample": drawn.pk})
    sheet = openpyxl.load_workbook(BytesIO(got.content)).active
    rows = list(sheet.values)
    assert len(rows) == 1 + drawn.items.count()
    assert rows[1][2] == "=1+1"
    assert sheet.cell(2, 3).data_type == "s"
    assert rows[1][5] == "抽查：是线索"
    assert rows[2][5] is None


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_stranger_audits_nothing(client, request, city, drawn, who):
    stranger = request.getfixturevalue(who)
    client.force_login(stranger)
    item = drawn.items.first()
    routes = [
        (reverse(f"leads:{name}"), {"sample": drawn.pk}) for name in ("audit", "audit_export")
    ]
    posts = [reverse(f"leads:audit_{name}", args=[item.pk]) for name in ("judge", "undo")]

    assert {client.get(*route).status_code for route in routes} == {404}
    assert {client.post(route, {"verdict": "lead"}).status_code for route in posts} == {404}
    answer = client.post(reverse("leads:audit_draw"), {"office": city.office.code})
    assert answer.status_code == 404
    assert item.incident.title not in client.get(PAGE).text
    with pytest.raises(Http404):
        actions.judge(item=item, lead=True, by=stranger, at=factories.AT)


def test_who_may_not_audit_finds_no_page(client, city):
    client.force_login(factories.person("tech", role="technician", office=city.office))

    assert client.get(PAGE).status_code == 404
    assert client.get(reverse("leads:desk")).status_code == 200
    assert 'href="/leads/audit/"' not in client.get(reverse("leads:desk")).text


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_the_database_as_often_however_much_was_read(
    client, alice, drawn, n, django_assert_max_num_queries
):
    for item in drawn.items.order_by("order")[:n]:
        actions.judge(item=item, lead=False, by=alice, at=factories.AT)
    client.force_login(alice)

    with django_assert_max_num_queries(24):
        client.get(PAGE)
