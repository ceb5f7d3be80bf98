"""A sealed case: only its group sees it, each read is on record, what leaves is marked."""

import zipfile
from io import BytesIO

import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.cases import queries
from jingyi.web.cases.sealing import actions
from jingyi.web.cases.sealing.models import Sealing
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db
PAGES = ("case", "lift")
AT = course.noon("2026-11-20")


@pytest.fixture
def colleague(city):
    """A prosecutor of the same office who has nothing to do with the case."""
    return factories.person("colleague", role="prosecutor", office=city.office)


@pytest.fixture
def auditor(city):
    """The case manager, who reads every case and the ledger."""
    return factories.person("auditor", role="case-manager", office=city.office)


@pytest.fixture
def sealed(case, chief):
    actions.seal_case(case=case, reason="涉及国家秘密", members=[], by=chief, at=AT)
    return case


def pages(case):
    return {name: reverse(f"sealing:{name}", args=[case.ref]) for name in PAGES}


def test_before_it_is_sealed_the_office_reads_it(client, case, colleague):
    client.force_login(colleague)

    assert client.get(case.get_absolute_url()).status_code == 200


def test_outside_the_group_it_is_not_there(client, sealed, colleague, auditor, chief):
    for user in (colleague, auditor):
        client.force_login(user)
        assert client.get(sealed.get_absolute_url()).status_code == 404
        for name, address in pages(sealed).items():
            send = client.post if name == "lift" else client.get
            assert send(address).status_code == 404, name
        for name in ("reading:list", "documents:list", "approvals:of_case", "moves:panel"):
            assert client.get(reverse(name, args=[sealed.ref])).status_code == 404, name
        for name in ("list", "figures", "geo", "suggestions", "proposals"):
            answer = client.get(reverse(f"cases:{name}"))
            assert sealed.title not in answer.text, name
        assert sealed.ref.encode() not in b"".join(
            client.get(reverse("cases:export", args=["csv"]))
        )
        assert not queries.clocks_for(user).filter(case=sealed).exists()


@pytest.mark.parametrize("who", ["alice", "chief"])
def test_handler_and_who_sealed_it_are_inside(client, sealed, who, request):
    client.force_login(request.getfixturevalue(who))

    assert client.get(sealed.get_absolute_url()).status_code == 200
    assert sealed.ref in client.get(reverse("cases:list")).text


def test_strangers_and_nobody(client, case, stranger):
    for name, address in pages(case).items():
        send = client.post if name == "lift" else client.get
        assert send(address).status_code == 302, name
    client.force_login(stranger)
    for name, address in pages(case).items():
        send = client.post if name == "lift" else client.get
        assert send(address).status_code == 404, name


def test_only_a_chief_seals(as_alice, case, alice):
    assert as_alice.post(pages(case)["case"], {"reason": "x"}).status_code == 404
    with pytest.raises(Http404):
        actions.seal_case(case=case, reason="x", members=[], by=alice, at=AT)
    assert not Sealing.objects.exists()


def test_the_chief_seals_lets_in_and_lifts_by_the_page(as_chief, case, colleague, chief, client):
    there = pages(case)
    assert as_chief.post(there["case"], {"reason": " "}).status_code == 422
    assert as_chief.post(there["case"], {"reason": "涉密"}).status_code == 303
    assert "涉密" in as_chief.get(there["case"]).text
    group = [chief.pk, colleague.pk]
    assert as_chief.post(there["case"], {"members": group}).status_code == 303
    facts = Entry.objects.get(kind="sealing.changed").body["facts"]
    assert facts == {"admitted": ["colleague"], "removed": []}
    client.force_login(colleague)
    assert client.get(case.get_absolute_url()).status_code == 200
    assert client.post(there["lift"], {"reason": "x"}).status_code == 404, "inside, but no chief"
    client.force_login(chief)
    assert client.post(there["lift"], {"reason": ""}).status_code == 422
    assert client.post(there["lift"], {"reason": "解密"}).status_code == 303
    assert not Sealing.objects.filter(lifted_at=None).exists()
    actions.seal_case(case=case, reason="又涉密", members=[], by=chief, at=AT)


def test_a_group_keeps_its_handler_and_somebody_who_can_lift(sealed, chief, alice, colleague):
    with pytest.raises(Refusal, match="解除密封的检察长"):
        actions.set_group(case=sealed, members=[colleague], by=chief, at=AT)
    found = actions.set_group(case=sealed, members=[chief], by=chief, at=AT)
    assert set(found.group.readers.all()) == {chief, alice}


def test_who_may_not_read_the_office_is_not_let_in(sealed, chief, bob):
    with pytest.raises(Refusal, match="无权阅看"):
        actions.set_group(case=sealed, members=[chief, bob], by=chief, at=AT)


def test_it_is_sealed_once(sealed, chief):
    with pytest.raises(Refusal, match="已经密封"):
        actions.seal_case(case=sealed, reason="再次", members=[], by=chief, at=AT)


def test_every_read_is_on_record_before_it_is_shown(client, sealed, alice, colleague):
    client.force_login(alice)
    page = client.get(sealed.get_absolute_url())
    client.get(reverse("documents:list", args=[sealed.ref]))
    client.force_login(colleague)
    client.get(sealed.get_absolute_url())

    reads = Entry.objects.filter(kind="sealing.read").order_by("index")
    assert [(one.by, one.body["facts"]["page"]) for one in reads] == [
        (alice, "cases:case"),
        (alice, "documents:list"),
    ]
    assert f"密封案件 · {alice.name}（alice）" in page.text


def test_a_case_that_is_not_sealed_leaves_no_mark(as_alice, case):
    page = as_alice.get(case.get_absolute_url())

    assert 'class="watermark"' not in page.text
    assert not Entry.objects.filter(kind="sealing.read").exists()


def test_the_ledger_hides_its_acts_from_auditors_outside(client, sealed, auditor, chief):
    entry = Entry.objects.get(kind="sealing.begun")
    for user, status in ((auditor, 404), (chief, 200)):
        client.force_login(user)
        shown = client.get(reverse("evidence:entry", args=[entry.index]))
        assert shown.status_code == status
        assert (f"case:{sealed.ref}" in client.get(reverse("evidence:ledger")).text) == (
            status == 200
        )


def test_packages_and_lists_carry_who_took_them(as_alice, sealed, alice):
    package = as_alice.post(reverse("reading:sealed", args=[sealed.ref]))
    with zipfile.ZipFile(BytesIO(b"".join(package.streaming_content))) as found:
        assert "（alice）" in found.read("WATERMARK.txt").decode()
    rows = b"".join(as_alice.get(reverse("cases:export", args=["csv"]))).decode("utf-8-sig")
    assert f"密封案件 · {alice.name}（alice）" in rows.splitlines()[0]
    assert Entry.objects.filter(kind="sealing.exported", subject=f"case:{sealed.ref}").exists()


def test_the_page_speaks_english(as_chief, sealed):
    as_chief.cookies["django_language"] = "en"
    page = as_chief.get(pages(sealed)["case"]).text

    assert "Need to know" in page
    assert "知悉范围" not in page.split("<main", 1)[1].split("</main", 1)[0]
