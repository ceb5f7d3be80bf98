"""Which last days follow from a row of an organ's ledger, and what others see of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.arithmetic import add_months
from jingyi.core.duties import duties
from jingyi.core.ledgers import check, guess, key_of, minimised, scrubbed, shown
from jingyi.core.refusal import Refusal

CN = rulebook.rest_days()
KINDS = rulebook.ledgers()
PENALTY = KINDS["penalty"]
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))
DATED = [one.id for one in PENALTY.fields if one.type == "date"]


def of(kind, **values):
    found, uncounted = duties(KINDS[kind], values, calendar=CN)
    assert uncounted == ()
    return {one.rule: one for one in found}


def test_three_months_to_ask_the_court_run_from_the_end_of_the_time_to_sue():
    """行政强制法第五十三条：served 2026-02-03, six months to sue, three months to apply."""
    found = of("penalty", decided_on="2026-02-01", served_on="2026-02-03")

    assert found["penalty.suit"].due == date(2026, 8, 3)
    assert found["enforcement.apply"].due == date(2026, 11, 3)
    assert found["enforcement.remind"].due == date(2026, 10, 24)
    assert any("第五十三条" in str(step) for step in found["enforcement.apply"].steps)


def test_the_day_the_ledger_states_goes_before_the_day_that_is_counted():
    found = of("unperformed", served_on="2026-02-03", unchallenged_on="2026-05-20")

    assert found["enforcement.apply"].due == date(2026, 8, 20)


def test_ninety_days_to_decide_roll_off_a_holiday():
    """行政处罚法第六十条；民法典第二百零三条：2026-02-23 is in the Spring Festival."""
    assert of("penalty", filed_on="2025-11-25")["penalty.decide"].due == date(2026, 2, 24)


def test_a_decision_is_served_within_seven_working_days():
    """29 and 30 September, 8, 9, 10 (a Saturday that is worked), 12 and 13 October 2026."""
    assert of("penalty", decided_on="2026-09-28")["penalty.serve"].due == date(2026, 10, 13)


def test_a_violation_is_found_within_two_years_of_its_end():
    """行政处罚法第三十六条; filing a case says that it was found, where no column does."""
    open_ = of("penalty", ended_on="2024-10-01")["penalty.limitation"]
    assert open_.due == date(2026, 10, 1)
    assert open_.open

    filed = of("penalty", ended_on="2024-10-01", filed_on="2026-05-01")["penalty.limitation"]
    assert filed.met_on == date(2026, 5, 1)
    found = of("penalty", ended_on="2024-10-01", found_on="2026-04-01", filed_on="2026-05-01")
    assert found["penalty.limitation"].met_on == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("more", "open_"),
    [
        ({}, True),
        ({"performed_on": "2026-09-01"}, False),
        ({"applied_on": "2026-09-01"}, False),
        ({"challenged_on": "2026-05-01"}, None),
    ],
)
def test_asking_the_court_is_over_once_paid_asked_or_never_begins_once_challenged(more, open_):
    found = of("penalty", served_on="2026-02-03", **more).get("enforcement.apply")

    assert (found.open if found else None) is open_


def test_beyond_the_announced_calendar_a_day_is_provisional_and_says_so():
    found = of("penalty", served_on="2026-09-01")["enforcement.apply"]

    assert found.provisional
    assert found.due == date(2027, 6, 1)
    assert any("尚未公布" in str(step) for step in found.steps)


def test_a_licence_has_its_own_end_and_the_day_to_ask_before_it():
    found = of("licence", expires_on="2026-12-31")

    assert found["licence.renew"].due == date(2026, 12, 1)
    assert found["stated.expires_on"].due == date(2026, 12, 31)
    assert not of("licence", expires_on="2026-12-31", renewed_on="2026-12-20")[
        "stated.expires_on"
    ].open


def test_a_case_for_the_police_is_decided_in_three_days_and_sent_the_next():
    found = of("crime-transfer", reported_on="2026-09-01", approved_on="2026-09-03")

    assert found["crime.approve"].met_on == date(2026, 9, 3)
    assert found["crime.send"].due == date(2026, 9, 4)


@given(served=DAYS, paid=st.none() | DAYS)
def test_the_chain_keeps_its_order(served, paid):
    values = {"served_on": served.isoformat()}
    if paid:
        values["performed_on"] = max(paid, served).isoformat()
    found = of("penalty", **values)
    suit, apply = found["penalty.suit"], found["enforcement.apply"]

    assert served < suit.due < apply.due
    assert suit.due >= add_months(served, 6)
    assert apply.due >= add_months(suit.due, 3)
    assert apply.open is (paid is None)
    assert ("enforcement.remind" in found) is (paid is None)
    assert all(one.steps for one in found.values())


@given(values=st.dictionaries(st.sampled_from(DATED), DAYS.map(date.isoformat)), later=DAYS)
def test_any_days_whatever_give_duties_that_do_not_depend_on_today(values, later):
    found, uncounted = duties(PENALTY, values, calendar=CN)

    assert [one.due for one in found] == sorted(one.due for one in found)
    for one in found:
        assert one.box(later) in {"overdue", "month", "later", "done"}
        assert one.wait <= (one.box(one.due + timedelta(days=1)) != "overdue")
    assert all(one.why for one in uncounted)


@given(served=DAYS, more=st.integers(1, 200))
def test_a_later_service_never_ends_earlier(served, more):
    first = of("penalty", served_on=served.isoformat())["enforcement.apply"]
    second = of("penalty", served_on=(served + timedelta(days=more)).isoformat())[
        "enforcement.apply"
    ]

    assert first.due <= second.due


# ---------------------------------------------------------------- columns


def test_headings_of_any_wording_are_recognised():
    names = ["序号", "行政处罚决定书文号", "被处罚人（单位）名称", "身份证号码", "违法行为", "罚款（万元）",
             "立案时间", "处罚决定日期", "决定书送达时间", "复议诉讼期满日", "催告书送达日期", "缴款日期"]  # fmt: skip
    found = guess(PENALTY, names)

    assert found == {
        "number": "行政处罚决定书文号", "party": "被处罚人（单位）名称", "person_id": "身份证号码",
        "cause": "违法行为", "amount": "罚款（万元）", "filed_on": "立案时间", "decided_on": "处罚决定日期",
        "served_on": "决定书送达时间", "unchallenged_on": "复议诉讼期满日", "urged_on": "催告书送达日期",
        "performed_on": "缴款日期",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_first_heading_of_a_kind_is_recognised_as_its_own(kind):
    names = [one.headings[0] for one in KINDS[kind].fields]

    assert guess(KINDS[kind], names) == {one.id: one.headings[0] for one in KINDS[kind].fields}


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"number": "案号"}, "当事人"),
        ({"number": "案号", "party": "没有"}, "没有名为"),
        ({"number": "案号", "party": "案号"}, "只能选一次"),
        ({"party": "名称"}, "再次导入会重复"),
    ],
)
def test_columns_that_will_not_do_are_refused(mapping, says):
    with pytest.raises(Refusal, match=says):
        check(PENALTY, mapping, ["案号", "名称"])


def test_a_row_is_known_by_its_number_and_else_by_what_it_says():
    one = {"number": "沚罚〔2026〕1号", "party": "甲"}

    assert key_of(PENALTY, one) == key_of(PENALTY, one | {"party": "乙", "served_on": "2026-01-01"})
    assert key_of(PENALTY, {"party": "甲"}) != key_of(PENALTY, {"party": "乙"})


# ---------------------------------------------------------------- what others see


def test_a_column_nobody_opened_is_hidden_and_a_person_is_masked():
    row = {
        "number": "1", "party": "王小明", "person_id": "340602199001011234", "phone": "13812345678",
        "cause": "王某，电话13812345678，身份证340602199001011234", "handler": "李",
    }  # fmt: skip
    seen = minimised(PENALTY, row)

    assert seen["party"] == "王**"
    assert not {"person_id", "phone", "handler"} & seen.keys()
    assert "13812345678" not in seen["cause"]
    assert "19900101" not in seen["cause"]
    assert (
        minimised(PENALTY, {"party": "沚阳市明光电镀有限公司"})["party"] == "沚阳市明光电镀有限公司"
    )


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("person-id", "340602199001011234", "340*************34"),
        ("person-id", "12", "***"),
        ("phone", "13812345678", "138****78"),
        ("party", "欧阳明", "欧**"),
    ],
)
def test_what_the_rulebook_might_open_is_masked_all_the_same(kind, value, seen):
    opened = replace(PENALTY.field("phone"), type=kind, seen="masked")

    assert shown(opened, value) == seen


@given(st.text(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text())
def test_no_telephone_number_of_a_text_is_left(before, phone, after):
    text = f"{before} {phone} {after}"

    assert phone not in scrubbed(text)
    assert all(
        one.seen == "hidden" for kind in KINDS.values() for one in kind.fields
        if one.type in {"person-id", "phone"}
    )  # fmt: skip
