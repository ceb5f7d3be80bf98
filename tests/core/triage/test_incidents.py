"""Reports of one thing come together, others stay apart, and ids are stable."""

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage import book, incidents
from jingyi.core.triage.pipeline import Judged, triage

BOOK = book.load()
DAY = datetime(2026, 3, 1)  # noqa: DTZ001  as the hotline writes it

MIXER = [
    "翠微新城小区旁边的搅拌站噪音大、粉尘多，晚上睡不着，请查处。",
    "投诉翠微新城附近违规搅拌站，灰尘满天，居民无法开窗。",
    "翠微新城旁建搅拌厂，日夜施工，噪音扰民，孩子咳嗽。",
]
RIVER = ["沚蘋河鱼梁村段水体发黑发臭，上游有厂偷排。", "鱼梁村门口的沚蘋河污水横流，鱼都死了。"]
LIFT = ["云杉公寓三栋电梯经常坠落困人，物业不修。"]
OTHERS = [
    "请问退休金什么时候调整？",
    "建议在东湖公园增设公厕。",
    "白鹭中学食堂饭菜变质，学生拉肚子。",
    "金帆健身房关门跑路，会员费不退。",
    "松涛路的路灯坏了半年，晚上很危险。",
    "落霞镇采石场毁林开山，晴天灰大雨天泥。",
]


def reports(texts, *, ids=None, days=None):
    count = len(texts)
    return pa.table(
        {
            "id": pa.array(ids or [f"r{n}" for n in range(count)], pa.string()),
            "text": pa.array(texts, pa.string()),
            "time": pa.array(
                [DAY + timedelta(days=d) for d in (days or range(count))], pa.timestamp("s")
            ),
        }
    )


def groups(verdicts):
    return dict(zip(verdicts["id"].to_pylist(), verdicts["incident"].to_pylist(), strict=True))


def test_one_thing_in_other_words_is_one_incident_named_after_its_first_report():
    told = groups(triage(reports([*MIXER, *RIVER, *LIFT]), BOOK))

    assert {told["r0"], told["r1"], told["r2"]} == {"inc-r0"}
    assert {told["r3"], told["r4"]} == {"inc-r3"}
    assert told["r5"] == "inc-r5"


def test_near_copies_about_different_places_stay_apart():
    same = "{}一楼烧烤店油烟直排，二十四小时都是烟，没有烟道，请政府处理。"
    told = groups(triage(reports([same.format("翠微新城"), same.format("云杉公寓")]), BOOK))

    assert told["r0"] != told["r1"]


@settings(deadline=None, max_examples=25)
@given(st.permutations(OTHERS), st.integers(0, len(OTHERS)), st.integers(-50, 50))
def test_unrelated_reports_change_no_incident(others, many, day):
    own = [*MIXER, *RIVER, *LIFT]
    alone = groups(triage(reports(own), BOOK))
    added = others[:many]
    ids = [f"r{n}" for n in range(len(own))] + [f"x{n}" for n in range(len(added))]
    days = [*range(len(own)), *[day + n for n in range(len(added))]]
    together = groups(triage(reports([*own, *added], ids=ids, days=days), BOOK))

    assert {name: together[name] for name in alone} == alone


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order):
    own = [*MIXER, *RIVER, *LIFT]
    table = reports(own)

    assert groups(triage(table.take(order), BOOK)) == groups(triage(table, BOOK))


def test_a_new_report_joins_or_founds_and_moves_no_other():
    first = triage(reports([MIXER[0], *RIVER], ids=["a", "b", "c"]), BOOK)
    known = first.select(["id", "incident", "trace"])
    later = reports([MIXER[1], LIFT[0]], ids=["d", "e"], days=[30, 31])
    told = groups(triage(later, BOOK, known))

    assert told == {"d": groups(first)["a"], "e": "inc-e"}


def test_what_a_person_named_an_incident_stays_its_name():
    first = triage(reports([MIXER[0]], ids=["a"]), BOOK)
    known = first.select(["id", "trace"]).append_column("incident", [["翠微新城搅拌站"]])

    assert groups(triage(reports([MIXER[1]], ids=["d"]), BOOK, known)) == {"d": "翠微新城搅拌站"}


def test_a_person_s_word_outweighs_the_score():
    table = reports([MIXER[0], MIXER[1], LIFT[0]], ids=["a", "b", "c"])
    apart = groups(triage(table, BOOK, judged=Judged(apart=[("b", "a")])))
    same = groups(triage(table, BOOK, judged=Judged(same=[("c", "a")])))

    assert apart["a"] != apart["b"]
    assert same["a"] == same["b"] == same["c"]


def test_a_comparison_says_what_each_finding_was_worth():
    found = incidents.unpack(triage(reports([MIXER[0], MIXER[1]]), BOOK)["trace"])
    same = incidents.same(BOOK.incidents, BOOK.model.rarity, found[:1], found[1:])

    assert same.score > 0.5
    assert set(same.detail) == set(BOOK.incidents.weights)
    assert same.because
    assert all(str(one) for one in same.because)


def test_traces_survive_storage():
    verdicts = triage(reports(MIXER), BOOK)
    found = incidents.unpack(verdicts["trace"])

    assert incidents.pack(found).to_pylist() == verdicts["trace"].to_pylist()


def test_far_apart_coordinates_speak_against_one_incident():
    table = reports([MIXER[0], MIXER[0]])
    near = table.append_column("lon", [[121.0, 121.001]]).append_column("lat", [[31.0, 31.0]])
    far = table.append_column("lon", [[121.0, 122.5]]).append_column("lat", [[31.0, 31.0]])

    def score(of):
        found = incidents.unpack(triage(of, BOOK)["trace"])
        return incidents.same(BOOK.incidents, BOOK.model.rarity, found[:1], found[1:]).score

    assert score(far) < score(near)
    assert score(near) == pytest.approx(score(table), abs=0.05)
