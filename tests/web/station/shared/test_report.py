"""Joint work, and the monthly report: every figure is the number of the rows behind it."""

import io
from datetime import date

import docx
import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.station.shared.actions import clues, joint
from jingyi.web.station.shared.report import FIGURES, Month, Scope, report
from tests.web.station.shared.conftest import AT

SEPTEMBER = {"month": "2026-09"}


def plan(city, by, **more):
    given = {"kind": "inspection", "organs": [city.water], "subject": "河道排污口联合检查"} | more
    return joint.plan(
        office=city.office, place="东津河", on=date(2026, 9, 1), by=by, at=AT, **given
    )


def hold(made, by, **more):
    given = {"participants": ["林", "唐"], "findings": ["暗管一处"], "minutes": "现场检查三处。"}
    return joint.hold(joint=made, on=date(2026, 9, 1), by=by, at=AT, **(given | more))


def test_joint_work_is_planned_with_organs_and_held_with_minutes(city, alice, tang):
    made = plan(city, alice)
    with pytest.raises(Refusal, match="参加人员"):
        hold(made, alice, participants=[])
    with pytest.raises(Refusal, match="还没有到"):
        joint.hold(joint=made, on=date(2026, 9, 2), participants=["林"], findings=[], minutes="x",
                   by=alice, at=AT)  # fmt: skip
    assert hold(made, alice).findings == ["暗管一处"]
    assert tang.notices.count() == 1
    with pytest.raises(Refusal, match="已开展"):
        joint.drop(joint=made, reason="x", by=alice, at=AT)


def test_only_an_office_over_every_organ_plans(city, alice, bob, charlie, tang):
    for stranger in (charlie, tang, bob):
        with pytest.raises(Http404):
            plan(city, stranger)
    with pytest.raises(Http404):
        plan(city, alice, organs=[])


def test_joint_work_on_the_pages(client, city, alice, tang, shen):
    client.force_login(alice)
    form = {"kind": "training", "office": city.office.code, "organs": [city.water.code],
            "subject": "证据规格培训", "on": "2026-09-01"}  # fmt: skip
    assert client.post(reverse("shared:joint_new"), {}).status_code == 422
    address = client.post(reverse("shared:joint_new"), form).url
    assert client.post(f"{address}hold/", {"on": "2026-09-01"}).status_code == 422
    given = {"on": "2026-09-01", "participants": "林\n唐", "minutes": "讲解取证。"}
    assert client.post(f"{address}hold/", given).status_code == 303
    client.force_login(tang)
    assert "讲解取证" in client.get(address).text
    assert client.post(f"{address}drop/", {"reason": "x"}).status_code == 404
    client.force_login(shen)
    assert client.get(address).status_code == 404


@pytest.fixture
def busy(city, alice, tang, taken):
    """A month with something of each kind."""
    hold(plan(city, alice), alice)
    out = clues.send(way="to-organ", office=city.office, organ=city.water, title="a", text="b",
                     by=alice, at=AT)  # fmt: skip
    clues.receive(clue=out, by=tang, at=AT)
    clues.decide(clue=out, decision="accepted", reason="c", by=tang, at=AT)


def counts(user, month):
    return {
        figure.id: count
        for part in report(Scope(user), Month(month))
        for figure, count in part.figures
    }


def test_figures_are_counted_from_what_happened(busy, alice, tang):
    for reader in (alice, tang):
        september = counts(reader, date(2026, 9, 1))
        assert {name for name, count in september.items() if count} == {
            "clues-to-organ", "organ-accepted", "inspections"
        }  # fmt: skip
    assert counts(alice, date(2026, 3, 1))["decided"] == 1
    assert counts(alice, date(2026, 10, 1))["limit-month"] == 1
    assert counts(alice, date(2026, 11, 1))["limit-passed"] == 1


def test_each_figure_leads_to_the_rows_it_counted(client, busy, alice):
    client.force_login(alice)
    for month in ("2026-01", "2026-03", "2026-06", "2026-09", "2026-10", "2026-11"):
        page = client.get(reverse("shared:report"), {"month": month})
        for part in page.context["parts"]:
            for figure, count in part.figures:
                rows = client.get(reverse("shared:figure", args=[figure.id]), {"month": month})
                assert rows.context["page"].paginator.count == count, (month, figure.id)
                assert (f"report/{figure.id}/?month={month}" in page.text) is bool(count)


def test_strangers_count_nothing(busy, charlie, shen):
    for month in (date(2026, 3, 1), date(2026, 9, 1)):
        assert not any(counts(charlie, month).values())
        assert not any(counts(shen, month).values())


def test_the_file_says_what_the_page_says_and_says_where_nothing_is(client, busy, alice):
    client.force_login(alice)
    data = client.get(reverse("shared:report_file"), SEPTEMBER).content
    paper = docx.Document(io.BytesIO(data))
    cells = {row.cells[0].text: row.cells[1].text for table in paper.tables for row in table.rows}

    assert cells["联合检查"] == "1"
    assert cells["检察院移送行政机关的线索"] == "1"
    said = [line.text for line in paper.paragraphs]
    assert said.count("本月没有这方面的记录。") == 3
    assert any("2026-09" in line for line in said)
    empty = client.get(reverse("shared:report"), {"month": "2020-01"}).text
    assert "这个月没有" in empty
    english = client.get(
        reverse("shared:report_file"), SEPTEMBER, headers={"accept-language": "en"}
    )
    assert english.status_code == 200


def test_the_report_of_an_organ_one_does_not_see_is_not_there(client, busy, charlie, shen, city):
    for stranger in (charlie, shen):
        client.force_login(stranger)
        for name in ("report", "report_file"):
            url = reverse(f"shared:{name}")
            assert client.get(url, {"organ": city.water.code}).status_code == 404
    assert client.get(reverse("shared:report"), {"month": "nonsense"}).status_code == 200
    assert client.get(reverse("shared:figure", args=["nothing"])).status_code == 404


def test_the_report_asks_once_a_figure(client, city, alice, taken, django_assert_max_num_queries):
    client.force_login(alice)
    for more in (1, 2):  # one, then three
        for _ in range(more):
            hold(plan(city, alice), alice)
        with django_assert_max_num_queries(len(FIGURES) + 20):
            assert client.get(reverse("shared:report"), SEPTEMBER).status_code == 200
