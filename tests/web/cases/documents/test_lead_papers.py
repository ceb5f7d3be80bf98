"""Papers of a lead that has no case: made of its decisions, each sentence cited, nobody named."""

import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core.documents.draft import NotDrafted
from jingyi.web.cases.documents import actions, queries
from jingyi.web.cases.documents.models import Document
from jingyi.web.evidence import vault
from jingyi.web.intake.models import Receipt, Source
from jingyi.web.leads.actions.decisions import decline
from jingyi.web.leads.actions.handing import hand_on
from jingyi.web.leads.models import Finding
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course
from tests.web.cases.documents.conftest import NOW

LIST = "documents:lead_list"


@pytest.fixture
def incident(city):
    """A lead of two reports, triaged: one from the hotline, one by a citizen with a receipt."""
    found = course.incident(city.office)
    for source in (Source.HOTLINE, Source.CITIZEN):
        report = factories.report(city.office, source=source)
        Finding.objects.create(
            report=report, incident=found, group=found.ref, lead=0.9, is_lead=True, rank=0.8, trace=b"",
        )  # fmt: skip
    return found


@pytest.fixture
def declined(incident, chief):
    """A lead of Alice's office that the chief declined."""
    decline(incident=incident, reason="no-harm", note="现场无异味，排口已封。", by=chief, at=NOW)
    incident.refresh_from_db()
    return incident


def words(document):
    return "\n".join(p.text for p in actions.paper_of(document).paragraphs)


def test_a_declined_lead_gets_its_decision_from_the_reason_and_its_article(declined, alice):
    made = actions.draft_for_lead(incident=declined, kind="nonfiling-decision", by=alice, at=NOW)

    said = words(made)
    assert declined.title in said
    assert "未发现国家利益或者社会公共利益受到侵害" in said
    assert "现场无异味，排口已封。" in said
    assert f"线索{declined.ref}" in said
    reason = next(s for _, s in actions.paper_of(made).statements() if "未发现" in s.text)
    assert "《办案规则》第二十八条" in {one.words for one in reason.articles}
    entry = Entry.objects.get(kind="document.drafted")
    assert (entry.subject, entry.office) == (f"incident:{declined.ref}", declined.office.code)


def test_it_is_edited_cited_again_signed_by_the_chief_and_sealed(declined, alice, chief, settings):
    made = actions.draft_for_lead(incident=declined, kind="nonfiling-decision", by=alice, at=NOW)
    place = next(at for at, s in actions.paper_of(made).statements() if "未发现" in s.text)
    actions.edit_document(
        document=made, texts={place: "经评估，没有发现损害。"}, version=1, by=alice, at=NOW
    )
    made.refresh_from_db()
    with pytest.raises(actions.check.NotSound):
        actions.sign_document(document=made, version=2, by=chief, at=NOW)
    keys = list(actions.file_behind(made, on=NOW.date()).exhibits)
    rule = actions.file_behind(made, on=NOW.date()).of("decline_reason")[0].articles
    actions.cite_again(
        document=made, place=place, exhibits=keys, articles=rule, on=None, version=2, by=alice, at=NOW,
    )  # fmt: skip
    with pytest.raises(Http404):  # a prosecutor does not sign what the chief decides
        actions.sign_document(document=made, version=3, by=alice, at=NOW)
    actions.sign_document(document=made, version=3, by=chief, at=NOW)

    sealed = actions.seal_document(document=made, by=alice, at=NOW)

    assert b"".join(vault.read(sealed.blob_id, folder=settings.VAULT)).startswith(b"%PDF")
    with pytest.raises(actions.Signed, match="已经封存"):
        actions.seal_document(document=made, by=alice, at=NOW)


def test_nothing_is_made_of_a_lead_that_is_still_open(incident, alice):
    with pytest.raises(NotDrafted, match="前提步骤"):
        actions.draft_for_lead(incident=incident, kind="nonfiling-decision", by=alice, at=NOW)
    assert not Document.objects.exists()


def test_a_reply_needs_a_report_with_a_receipt_and_names_nobody(declined, alice):
    with pytest.raises(NotDrafted, match="受文者"):
        actions.draft_for_lead(incident=declined, kind="reporter-reply", by=alice, at=NOW)

    last = declined.findings.get(report__source=Source.CITIZEN).report
    Receipt.objects.create(report=last, code_hash="a" * 64)

    said = words(actions.draft_for_lead(incident=declined, kind="reporter-reply", by=alice, at=NOW))

    assert "举报人：" in said
    assert declined.title in said
    assert "现场无异味" not in said  # a colleague's remark is not for the reporter


def test_whoever_hands_a_lead_on_writes_the_notice_and_the_receiver_reads_it_signed(
    incident, city, chief, alice
):
    there = city.elsewhere
    dan = factories.person("dan", role="prosecutor", office=there)
    hand_on(incident=incident, to=there, note="违法行为发生在你院辖区。", by=chief, at=NOW)
    incident.refresh_from_db()

    made = actions.draft_for_lead(incident=incident, kind="lead-transfer-notice", by=alice, at=NOW)

    assert made.issuer == city.office
    assert f"{there.name}：" in words(made)
    assert "公众举报" in words(made)
    assert not queries.documents_for(dan).filter(pk=made.pk).exists()  # a draft is its writer's
    with pytest.raises(Http404):
        actions.draft_for_lead(incident=incident, kind="lead-transfer-notice", by=dan, at=NOW)
    actions.sign_document(document=made, version=1, by=chief, at=NOW)
    assert queries.documents_for(dan).get() == made
    with pytest.raises(NotDrafted):  # not upwards
        actions.draft_for_lead(incident=incident, kind="lead-transfer-request", by=alice, at=NOW)


def test_the_pages(as_alice, declined, chief, stranger, client):
    listed = reverse(LIST, args=[declined.ref])
    page = as_alice.get(listed).text
    assert "不立案决定书" in page
    drafted = as_alice.post(
        reverse("documents:lead_draft", args=[declined.ref, "nonfiling-decision"])
    )
    made = Document.objects.get()
    assert (drafted.status_code, drafted["Location"]) == (303, made.get_absolute_url())
    routes = [
        listed, made.get_absolute_url(),
        *(reverse(f"documents:{name}", args=[declined.ref, 1]) for name in ("edit", "compare")),
        reverse("documents:written", args=[declined.ref, 1, 1, "pdf"]),
        reverse("documents:written", args=[declined.ref, 1, 1, "docx"]),
    ]  # fmt: skip
    for route in routes:
        assert as_alice.get(route).status_code == 200, route
    refused = as_alice.post(reverse("documents:lead_draft", args=[declined.ref, "reporter-reply"]))
    assert refused.status_code == 422
    assert as_alice.post(reverse("documents:lead_draft", args=[declined.ref, "suggestion"])).status_code == 404  # fmt: skip
    assert "线索文书" in as_alice.get(reverse("cases:for_incident", args=[declined.ref])).text
    client.force_login(stranger)
    for route in routes:
        assert client.get(route).status_code in {403, 404}, route
    assert client.post(reverse("documents:lead_draft", args=[declined.ref, "nonfiling-decision"])).status_code in {403, 404}  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    as_alice, alice, declined, count, django_assert_max_num_queries
):
    for _ in range(count):
        actions.draft_for_lead(incident=declined, kind="nonfiling-decision", by=alice, at=NOW)
    with django_assert_max_num_queries(20):
        as_alice.get(reverse(LIST, args=[declined.ref]))
