"""Every route by every role: strangers find nothing, and no prosecutor changes an organ's row."""

from datetime import date

import pytest
from django.urls import get_resolver, reverse

from jingyi.web.leads.actions import gather
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Post
from jingyi.web.station.shared.actions import clues, joint
from jingyi.web.station.shared.models import Change, Clue, Due, Headings, Joint, Row, Upload
from jingyi.web.station.shared.urls import urlpatterns
from tests import factories
from tests.web.station.shared.conftest import AT

POSTED = {
    "kind": "penalty", "organ": "zy-water", "office": "zy", "organs": ["zy-water"], "title": "t",
    "text": "t", "subject": "t", "on": "2026-09-01", "participants": "t", "minutes": "t",
    "reason": "t", "decision": "accepted", "act": "import", "number": "处罚决定书文号",
    "party": "被处罚人", "month": "2026-09", "values": "{}",
}  # fmt: skip


@pytest.fixture
def world(city, alice, tang, taken):
    """Something behind every address."""
    clue = clues.send(way="to-organ", office=city.office, organ=city.water, title="a", text="b",
                      by=alice, at=AT)  # fmt: skip
    made = joint.plan(kind="training", office=city.office, organs=[city.water], subject="s",
                      place="", on=date(2026, 9, 1), by=alice, at=AT)  # fmt: skip
    report = factories.report(city.office)
    gather(office=city.office, at=AT)
    lead = Incident.objects.get(findings__report=report)
    return {
        "of": lead.ref,
        "row": Row.objects.first().pk,
        "upload": taken.pk,
        "clue": clue.pk,
        "joint": made.pk,
    }


def addresses(world):
    """Return every address of this part of the room, with something of the water bureau behind it."""
    found = []
    for pattern in urlpatterns:
        name = pattern.name
        stem = "upload" if name.startswith("upload") else name.split("_")[0]
        arguments = {
            "clue_new": [["to-organ"], ["to-office"]],
            "clue_act": [[world["clue"], act] for act in
                         ("take-back", "receive", "confirm", "decide", "answer")],
            "figure": [["filed"], ["inspections"], ["clues-to-organ"]],
        }.get(name)  # fmt: skip
        if arguments is None:
            arguments = [[world[stem]]] if stem in world and pattern.pattern.converters else [[]]
        found += [(name, reverse(f"shared:{name}", args=given)) for given in arguments]
    return found


WORDS = ("王小明", "王**", "沚水罚", "明光电镀", "台账.csv")


def people_outside(city):
    """Return who has nothing to do with the water bureau or the city office."""
    return {
        "other organ": factories.person("o1", role="organ-leader", organ=city.market),
        "other organ's liaison": factories.person("o2", role="liaison", organ=city.market),
        "other office": factories.person("p1", role="prosecutor", office=city.elsewhere),
        "other office's chief": factories.person("p2", role="chief", office=city.elsewhere),
        "county beside": factories.person("p3", role="prosecutor", office=city.west),
        "citizen": factories.User.objects.create_user("citizen", password="x", name="Citizen"),
        "volunteer": factories.person("v1", role="volunteer", office=city.office),
        "deputy": factories.person("d1", role="deputy", office=city.office),
        "administrator": factories.person("a1", role="administrator", office=city.office),
        "nobody": None,
    }


def everything():
    models = (Row, Upload, Change, Due, Headings, Clue, Joint)
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in models}


def test_strangers_find_nothing_on_any_route_and_change_nothing(client, city, world):
    before = everything()
    for who, user in people_outside(city).items():
        client.logout()
        if user:
            client.force_login(user)
        for name, url in addresses(world):
            for answer in (client.get(url), client.post(url, POSTED)):
                assert answer.status_code in {200, 302, 404, 405, 422}, (who, name)
                assert not any(word.encode() in answer.content for word in WORDS), (who, name)
                if answer.status_code == 302:
                    assert "/me/sign-in" in answer.url or user is None, (who, name, answer.url)
            if any(letter.isdigit() for letter in url):  # it names something of the water bureau
                assert client.get(url).status_code in {404, 405, 302}, (who, name)
    assert everything() == before


@pytest.mark.parametrize("role", ["prosecutor", "assistant", "department-head", "chief",
                                  "case-manager", "technician", "administrator"])  # fmt: skip
def test_no_route_lets_the_office_change_an_organs_ledger(client, city, world, role):
    """The station does not direct the organ: rows, files, headings and last days stay as they are."""
    user = factories.person("staff", role=role, office=city.office)
    client.force_login(user)
    kept = {name: rows for name, rows in everything().items() if name not in {"Clue", "Joint"}}
    decided = Clue.objects.get().decision
    for name, url in addresses(world):
        answer = client.post(url, POSTED)
        assert answer.status_code in {200, 303, 404, 405, 422}, (role, name)

    after = everything()
    assert {name: after[name] for name in kept} == kept
    clue = Clue.objects.get(pk=world["clue"])
    assert (clue.decision, clue.received_at) == (decided, None)  # the organ's own decision


def test_the_organ_opens_its_own_pages_and_the_office_what_is_its_business(
    client, city, world, alice, leader
):
    opened = {}
    for user in (leader, alice):
        client.force_login(user)
        opened[user.username] = {
            name for name, url in addresses(world) if client.get(url).status_code == 200
        }

    everyone = {pattern.name for pattern in urlpatterns} - {
        "upload_undo", "clue_act", "joint_hold", "joint_drop"
    }  # fmt: skip
    assert opened["leader"] == everyone - {"joint_new", "of_lead"}
    assert opened["alice"] == everyone - {"uploads", "upload", "looks"}


def test_a_post_that_has_ended_opens_nothing(client, tang, world):
    Post.objects.filter(user=tang).update(until=date(2026, 1, 1))
    client.force_login(tang)

    assert {client.get(url).status_code for _name, url in addresses(world)} <= {404, 405}


def test_every_address_of_the_part_is_walked(world):
    assert {name for name, _url in addresses(world)} == {one.name for one in urlpatterns}
    assert get_resolver().namespace_dict["shared"][0] == "shared/"
