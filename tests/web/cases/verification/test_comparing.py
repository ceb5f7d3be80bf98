"""Two exhibits compared on the case's page; strangers find nothing, one picture is no pair."""

import pytest
from django.urls import reverse

import jingyi.web.cases.urls  # noqa: F401 -- registers the file numbers of addresses
from jingyi.core.refusal import Refusal
from jingyi.engines.comparing import NotComparable
from jingyi.web.cases.verification import comparing, proofs
from jingyi.web.cases.verification.models import Answer, Comparison, Proof
from jingyi.web.ledger.models import Entry
from tests.engines.comparing.test_compare import pair
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(served_case, alice):
    """A picture from before, one from after with something gone, and one of another place."""
    answer = Answer.objects.create(
        case=served_case, suggestion=served_case.suggestions.get(), duty=1, words="封堵", said="done",
        on=AT.date(), by=alice, at=AT,
    )  # fmt: skip
    before, after, _ = pair(60, share=0.06)
    other, _, _ = pair(61)

    def keep(data, kind):
        blob = proofs.sealed(data, "image/jpeg", AT)
        return proofs.keep(proofs.Given(f"{kind}.jpg", kind, blob=blob), at=AT, answer=answer)

    return keep(before, "before"), keep(after, "after"), keep(other, "photo")


def address(case):
    return reverse("verification:compare", args=[case.ref])


def test_two_exhibits_are_compared_and_the_act_is_on_record(as_alice, served_case, shown):
    before, after, _ = shown
    sent = as_alice.post(address(served_case), {"before": before.pk, "after": after.pk})
    assert sent.status_code == 303
    made = Comparison.objects.get()
    assert made.verdict == "changed"
    assert Entry.objects.filter(kind="pictures.compared").count() == 1
    page = as_alice.get(address(served_case)).text
    assert "有变化" in page
    for name in ("laid", "shown", "outlined"):
        where = reverse("verification:compared", args=[served_case.ref, made.pk, name])
        picture = as_alice.get(where)
        assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")
    as_alice.post(address(served_case), {"before": before.pk, "after": after.pk})
    assert Comparison.objects.count() == 1


def test_area_is_told_of_pictures_from_above(served_case, shown, alice):
    before, after, _ = shown
    made = comparing.lay(case=served_case, before=before, after=after, metres=0.05, by=alice, at=AT)
    assert made.area > 0


def test_what_cannot_be_compared_is_refused_with_the_reason(as_alice, served_case, shown, alice):
    before, _, other = shown
    with pytest.raises(NotComparable):
        comparing.lay(case=served_case, before=before, after=other, metres=None, by=alice, at=AT)
    with pytest.raises(Refusal, match="同一张"):
        comparing.lay(case=served_case, before=before, after=before, metres=None, by=alice, at=AT)
    page = as_alice.post(address(served_case), {"before": before.pk, "after": other.pk})
    assert page.status_code == 422
    assert "原来的位置" in page.text


def test_an_exhibit_of_another_case_is_no_choice(as_alice, served_case, shown):
    assert Proof.objects.count() == 3
    page = as_alice.post(address(served_case), {"before": 10**6, "after": shown[1].pk})
    assert page.status_code == 422


def test_without_pictures_the_page_says_where_they_come_from(as_alice, served_case):
    assert "还没有两张照片" in as_alice.get(address(served_case)).text


def test_strangers_find_nothing(client, served_case, shown, stranger, alice):
    made = comparing.lay(
        case=served_case, before=shown[0], after=shown[1], metres=None, by=alice, at=AT
    )
    client.force_login(stranger)
    picture = reverse("verification:compared", args=[served_case.ref, made.pk, "laid"])
    assert client.get(address(served_case)).status_code == 404
    assert client.post(address(served_case)).status_code == 404
    assert client.get(picture).status_code == 404
