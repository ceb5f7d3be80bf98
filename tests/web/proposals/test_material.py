"""Direction B, matching, and papers of three offices."""

from datetime import date

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.proposals import matching, offering
from jingyi.web.proposals import year as counting
from jingyi.web.proposals.actions import importing, joint, linking, material, steps
from jingyi.web.proposals.models import Link
from tests import factories
from tests.web.cases import course
from tests.web.proposals.conftest import MARCH, read

pytestmark = pytest.mark.django_db
DECEMBER = course.noon("2026-12-01")


def drafted(served_case, by, ground="partly"):
    return material.draft(
        office=served_case.office, ground=ground, suggestions=[served_case.suggestions.get()],
        title="关于治理暗管排污的建议", text="建议：统一排查。", by=by, at=DECEMBER,
    )  # fmt: skip


def test_what_was_left_undone_is_offered_as_material(served_case, alice, chief, charlie):
    course.verified(served_case, alice, chief, "2026-10-09", ("fixed", "好"), ("not", "未处罚"))

    offers = offering.offers(alice, on=date(2026, 12, 1))

    assert [(one.ground.id, one.domain) for one in offers] == [("partly", "eco-env")]
    assert offering.offers(charlie, on=date(2026, 12, 1)) == []
    drafted(served_case, alice)
    assert offering.offers(alice, on=date(2026, 12, 1)) == []


def test_the_same_kind_in_several_places_is_offered(city, alice, chief):
    regions = [city.office.region, city.east.region, city.west.region]
    for n, region in enumerate(regions):
        organ = factories.organ(f"eco-{n}", f"{region.name}生态环境局", region, "eco-env")
        case = course.case(city.office, chief, alice, organ=organ)
        course.served(case, chief)
        kinds = [one.ground.id for one in offering.offers(alice, on=date(2026, 12, 1))]
        assert ("many-places" in kinds) == (n == 2)


def test_one_problem_of_several_organs_is_offered(city, alice, chief):
    lead = course.incident(city.office)
    for organ in (city.water, city.market):
        case = course.case(city.office, chief, alice, organ=organ)
        case.incidents.add(lead)
        course.served(case, chief)
    offers = offering.offers(alice, on=date(2026, 12, 1))
    assert [one.ground.id for one in offers] == ["several-organs"]
    assert set(offers[0].organs) == {city.water, city.market}


def test_material_is_handed_tabled_and_linked(served_case, alice, npc, session, deputy):
    made = drafted(served_case, alice)
    with pytest.raises(Refusal, match="起草"):
        material.tabled(material=made, item=None, by=alice, at=DECEMBER)
    material.hand(
        material=made, to="Deputy", user=deputy, on=date(2026, 12, 1), by=alice, at=DECEMBER
    )
    item = importing.type_in(session=session, read=read("88"), by=npc, at=DECEMBER)
    material.tabled(material=made, item=item, by=alice, at=DECEMBER)

    link = Link.objects.get(item=item)
    assert (link.suggestion, link.origin) == (served_case.suggestions.get(), "material")
    assert counting.of(alice, 2026)[1] == 1
    with pytest.raises(Refusal, match="不能再放弃"):
        material.drop(material=made, by=alice, at=DECEMBER)


def test_material_needs_suggestions_one_may_read(served_case, alice, bob, charlie):
    with pytest.raises(Refusal, match="至少"):
        drafted(served_case, alice, "many-places")
    with pytest.raises(Http404):
        drafted(served_case, charlie)


def test_candidates_are_found_both_ways_and_judged_once(item, served_case, alice, bob):
    served_case.title = "督促整治东津河三号桥暗管排污行政公益诉讼案"
    served_case.save()
    found = matching.for_item(alice, item, "case")
    assert found[0].target == served_case
    assert found[0].because
    assert [one.target for one in matching.for_target(alice, served_case)] == [item]

    with pytest.raises(Http404):
        linking.judge(item=item, target=served_case, verdict="same", by=bob, at=MARCH)
    link = linking.judge(item=item, target=served_case, verdict="no", reason="两处", by=alice, at=MARCH)  # fmt: skip
    assert matching.for_item(alice, item, "case") == []
    assert matching.for_target(alice, served_case) == []
    linking.undo(link=link, by=alice, at=MARCH)
    assert matching.for_item(alice, item, "case")
    linking.judge(item=item, target=served_case, verdict="same", by=alice, at=MARCH)
    linking.judge(item=item, target=served_case, verdict="related", by=alice, at=MARCH)
    assert item.links.filter(undone_at=None).get().verdict == "related"


def test_what_one_may_not_read_is_no_candidate(item, served_case, charlie, npc):
    assert matching.for_item(charlie, item, "case") == []
    assert matching.for_item(npc, item, "case") == []
    assert matching.for_target(charlie, served_case) == []


def test_three_offices_countersign_in_turn(city, alice, chief, npc, cppcc, deputy):  # noqa: PLR0917 -- three offices
    paper = joint.write(office=city.office, title="衔接转化办法", text="第一条", by=alice, at=MARCH)
    with pytest.raises(Refusal, match="检察院"):
        joint.sign(paper=paper, digest=paper.digest, by=npc, at=MARCH)
    with pytest.raises(Http404):
        joint.sign(paper=paper, digest=paper.digest, by=deputy, at=MARCH)
    with pytest.raises(Refusal, match="文本"):
        joint.sign(paper=paper, digest="0" * 64, by=chief, at=MARCH)
    for by in (chief, npc, cppcc):
        joint.sign(paper=paper, digest=paper.digest, by=by, at=MARCH)
    assert joint.next_of(paper) is None
    with pytest.raises(Refusal, match="都已会签"):
        joint.sign(paper=paper, digest=paper.digest, by=chief, at=MARCH)


def test_a_joint_paper_is_returned_by_whose_turn_it_is(city, alice, chief, npc, cppcc):
    paper = joint.write(office=city.office, title="办法", text="第一条", by=alice, at=MARCH)
    joint.sign(paper=paper, digest=paper.digest, by=chief, at=MARCH)
    with pytest.raises(Http404):
        joint.send_back(paper=paper, words="不妥", by=cppcc, at=MARCH)
    joint.send_back(paper=paper, words="第二条不妥", by=npc, at=MARCH)
    with pytest.raises(Refusal, match="退回"):
        joint.sign(paper=paper, digest=paper.digest, by=npc, at=MARCH)


def test_the_year_is_counted_from_the_list(item, alice, npc, session):
    steps.take(item=item, kind="register", by=alice, at=MARCH)
    steps.take(item=item, kind="accept", words="受理", by=alice, at=MARCH)
    (npc_year, cppcc_year), back = counting.of(alice, 2026)
    assert (npc_year.items, npc_year.leads, npc_year.accepted, npc_year.cases) == (1, 1, 1, 0)
    assert (cppcc_year.items, back) == (0, 0)
    assert counting.as_docx(alice, 2026, on=date(2026, 12, 1)).startswith(b"PK")
