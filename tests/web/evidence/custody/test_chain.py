"""A chain as it is kept: entered in the ledger, files counted again, one person's next acts."""

import pytest
from django.conf import settings

from jingyi.core.custody import Kind
from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.custody.actions import Said, enter
from jingyi.web.evidence.custody.models import Link
from jingyi.web.evidence.custody.queries import chain_of
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db
SUBJECT = "exhibit:2026-0001/1"


@pytest.fixture
def ben(city):
    return factories.person("ben", role="technician", office=city.office)


@pytest.fixture
def collected(city, alice, ben):
    blob = seal(chunks=[b"a photo"], media_type="image/jpeg", at=AT)
    where = Said(lon=117.1, lat=33.9, accuracy_m=6, device="手机", clock_offset_s=2.5, seal="F1")
    return enter(
        subject=SUBJECT, kind=Kind.COLLECTED, said=where, second=ben, files=[blob],
        office=city.office, by=alice, at=AT,
    )  # fmt: skip


def test_each_link_is_a_leaf_of_the_ledger(collected, city, alice, ben):
    enter(subject=SUBJECT, kind=Kind.OFFERED, to=ben, office=city.office, by=alice, at=AT)
    enter(subject=SUBJECT, kind=Kind.ACCEPTED, said=Said(intact=True), office=city.office, by=ben, at=AT)  # fmt: skip
    kinds = list(Entry.objects.filter(subject=SUBJECT).order_by("index").values_list("kind", flat=True))  # fmt: skip
    assert kinds == ["custody.collected", "custody.offered", "custody.accepted"]
    chain = chain_of(SUBJECT, user=ben, now=AT)
    assert chain.holder == ben
    assert Kind.OPENED in chain.open
    assert chain_of(SUBJECT, user=alice, now=AT).open == []


def test_a_file_that_changed_is_not_handed_on(collected, city, alice, ben):
    path = vault.path_of(collected.files.get().sha256, folder=settings.VAULT)
    path.chmod(0o600)
    path.write_bytes(b"another photo")
    with pytest.raises(Refusal):
        enter(subject=SUBJECT, kind=Kind.OFFERED, to=ben, office=city.office, by=alice, at=AT)
    assert chain_of(SUBJECT, user=alice, now=AT).waiting_for is None


def test_what_lies_ahead_is_refused(city, alice, ben):
    from datetime import timedelta

    with pytest.raises(Refusal, match="还没有到"):
        enter(
            subject=SUBJECT, kind=Kind.COLLECTED, second=ben, happened_at=AT + timedelta(hours=1),
            office=city.office, by=alice, at=AT,
        )  # fmt: skip


def test_all_that_was_said_is_in_the_leaf(collected):
    facts = Entry.objects.get(subject=SUBJECT).body["facts"]

    assert facts["lon"] == 117.1
    assert facts["accuracy_m"] == 6
    assert facts["clock_offset_s"] == 2.5
    assert facts["device"] == "手机"
    assert facts["second"] == "ben"
    assert facts["files"] == [collected.files.get().sha256]


def test_a_place_said_in_gcj02_is_kept_in_wgs84(city, alice, ben):
    link = enter(
        subject="sample:G", kind=Kind.COLLECTED, said=Said(lon=117.1, lat=33.9, datum="GCJ-02"),
        second=ben, office=city.office, by=alice, at=AT,
    )  # fmt: skip

    assert link.lon != 117.1
    assert abs(link.lon - 117.1) < 0.01
    assert link.datum == "GCJ-02"
    assert Entry.objects.get(subject="sample:G").body["facts"]["lon"] == 117.1


@pytest.mark.parametrize(
    "place",
    [{"lon": 117.1}, {"lat": 33.9}, {"lon": 217.1, "lat": 33.9}, {"lon": 117.1, "lat": float("nan")},
     {"lon": 117.1, "lat": 33.9, "accuracy_m": -3}],
)  # fmt: skip
def test_half_a_place_is_none(city, alice, ben, place):
    with pytest.raises(Refusal, match="经度和纬度"):
        enter(
            subject=SUBJECT, kind=Kind.COLLECTED, said=Said(**place), second=ben,
            office=city.office, by=alice, at=AT,
        )  # fmt: skip
    assert not Link.objects.exists()


def test_two_at_once_cannot_both_be_next(collected, city, alice, ben, monkeypatch):
    """What the second one read is older than what the first one wrote."""
    enter(subject=SUBJECT, kind=Kind.OFFERED, to=ben, office=city.office, by=alice, at=AT)
    stale = Link.objects.filter(number=1)
    monkeypatch.setattr("jingyi.web.evidence.custody.actions.links_of", lambda _: stale)
    with pytest.raises(Refusal, match="刷新页面"):
        enter(subject=SUBJECT, kind=Kind.OFFERED, to=ben, office=city.office, by=alice, at=AT)
    assert Entry.objects.filter(subject=SUBJECT).count() == 2


def test_a_hand_over_can_be_taken_back_until_it_is_confirmed(collected, city, alice, ben):
    enter(subject=SUBJECT, kind=Kind.OFFERED, to=ben, office=city.office, by=alice, at=AT)
    enter(subject=SUBJECT, kind=Kind.WITHDRAWN, office=city.office, by=alice, at=AT)

    chain = chain_of(SUBJECT, user=alice, now=AT)
    assert (chain.holder, chain.waiting_for) == (alice, None)
    assert chain_of(SUBJECT, user=ben, now=AT).open == []


def test_a_file_the_sweep_found_wrong_is_not_handed_on(collected, city, alice, ben):
    collected.files.update(failed_at=AT)
    with pytest.raises(Refusal, match="不一致"):
        enter(subject=SUBJECT, kind=Kind.OFFERED, to=ben, office=city.office, by=alice, at=AT)
