"""Reports through triage and onto the desk: nothing is lost, doubled or moved."""

from datetime import timedelta

import pytest

from jingyi.web.leads import actions, search
from jingyi.web.leads.models import Finding, Incident
from jingyi.web.ledger import queries as ledger
from tests import factories

pytestmark = pytest.mark.django_db

RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"
PARK = "请问中心公园什么时候开放？"


@pytest.fixture
def reported(city, at):
    return [
        factories.report(city.office, title="东津河三号桥暗管排黑水", text=RIVER, at=at),
        factories.report(
            city.office,
            title="东津河三号桥又排黑水了",
            text=RIVER + "已经三天了。",
            at=at + timedelta(days=1),
        ),
        factories.report(city.office, title="咨询", text=PARK, at=at + timedelta(days=2)),
    ]


def test_reports_of_one_thing_become_one_incident_with_reasons(city, at, reported):
    assert actions.gather(office=city.office, at=at) == 3

    river, park = Incident.objects.order_by("-reports")
    assert (river.reports, park.reports) == (2, 1)
    assert river.domain == "eco-env"
    assert river.is_lead
    assert not park.is_lead
    assert river.rank > park.rank
    assert river.reasons
    assert river.first_at == reported[0].received_at
    assert river.last_at == reported[1].received_at
    assert ledger.verify().problem is None


def test_gathering_again_does_nothing(city, at, reported):
    actions.gather(office=city.office, at=at)
    before = list(Finding.objects.values_list("pk", "incident_id"))

    assert actions.gather(office=city.office, at=at) == 0
    assert list(Finding.objects.values_list("pk", "incident_id")) == before


def test_a_later_report_joins_and_moves_no_other(city, at, reported):
    actions.gather(office=city.office, at=at)
    before = dict(Finding.objects.values_list("report_id", "incident_id"))
    again = factories.report(
        city.office, title="东津河三号桥暗管还在排黑水", text=RIVER, at=at + timedelta(days=3)
    )

    actions.gather(office=city.office, at=at)

    after = dict(Finding.objects.values_list("report_id", "incident_id"))
    assert after.pop(again.pk) == before[reported[0].pk]
    assert after == before


def test_stopped_between_chunks_it_goes_on_where_it_was(city, at, reported):
    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.gather(office=city.office, at=at, progress=stop, chunk=2)
    assert Finding.objects.count() == 2
    assert actions.gather(office=city.office, at=at) == 1
    assert Finding.objects.count() == 3
    assert Incident.objects.count() == 2


def test_an_office_gathers_only_its_own(city, at, reported):
    assert actions.gather(office=city.east, at=at) == 0
    assert Finding.objects.count() == 0


@pytest.mark.parametrize("words", ["黑色", "污水", "三号桥", "污水 三号桥", "鱼"])
def test_search_finds_words_inside_sentences(city, at, reported, words):
    actions.gather(office=city.office, at=at)

    found = search.searched(Incident.objects.all(), words)

    assert [incident.reports for incident in found] == [2]


@pytest.mark.parametrize("words", ["黑水河", "公园污水", "不存在", "' OR 1", "鱼塘"])
def test_search_finds_nothing_where_nothing_is_said(city, at, reported, words):
    actions.gather(office=city.office, at=at)

    found = list(search.searched(Incident.objects.all(), words))

    assert found == []


def test_joining_tells_whoever_works_on_it(city, at, reported, alice):
    actions.gather(office=city.office, at=at)
    river = Incident.objects.order_by("-reports")[0]
    actions.take(incident=river, by=alice, at=at)
    factories.report(
        city.office, title="东津河三号桥暗管排黑水", text=RIVER, at=at + timedelta(days=3)
    )

    actions.gather(office=city.office, at=at)

    assert (
        "共 3 件" in str(alice.notices.get().sentence)
        or alice.notices.get().sentence["values"]["n"] == 3
    )
