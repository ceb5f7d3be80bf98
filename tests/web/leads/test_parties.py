"""Parties of an incident's reports: one under its different names, with why, and in both languages."""

import pytest

from jingyi.web.leads import actions
from jingyi.web.leads.models import Finding, Incident
from jingyi.web.leads.parties import parties_of
from tests import factories

pytestmark = pytest.mark.django_db
CODE = "91340600MA2MX1C86K"
WRITTEN = ["淮北市鑫源化工有限公司", "鑫沅化工", "宿州市金穗食品有限公司"]
RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"


def incident_naming(city, at, *parties):
    for _ in parties:
        factories.report(city.office, text=RIVER, at=at)
    actions.gather(office=city.office, at=at)
    for finding, named in zip(Finding.objects.order_by("pk"), parties, strict=True):
        finding.parties = list(named)
        finding.save()
    return Incident.objects.get()


def test_names_of_one_party_stand_together_with_why(client, city, alice, at):
    incident = incident_naming(city, at, *([name] for name in WRITTEN))
    client.force_login(alice)

    page = client.get(incident.get_absolute_url()).text

    assert "鑫沅化工、淮北市鑫源化工有限公司" in page
    assert "看作同一个：" in page
    assert "同音" in page
    assert "、宿州市金穗食品有限公司" not in page


def test_why_can_be_read_in_english(client, city, alice, at):
    incident = incident_naming(city, at, *([name] for name in WRITTEN))
    client.force_login(alice)
    client.cookies["django_language"] = "en"

    page = client.get(incident.get_absolute_url()).text

    assert "are of the same sound" in page


def test_a_code_beside_a_name_decides(city, at):
    incident = incident_naming(city, at, [CODE, "鑫源化工"], [CODE, "旧名甲乙厂"])

    (group,) = parties_of(Incident.objects.get(pk=incident.pk).findings.order_by("pk"))

    assert group.names == ("鑫源化工", "旧名甲乙厂")
    assert CODE in str(group.links[0].match.because[0])


def test_an_incident_that_names_nobody_says_nothing(client, city, alice, at):
    incident = incident_naming(city, at, [])
    client.force_login(alice)

    page = client.get(incident.get_absolute_url()).text

    assert "提到的单位</dt>" not in page
