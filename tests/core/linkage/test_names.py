"""Names of organisations and persons: taken apart, compared, grouped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from jingyi.core.linkage import characters, names, organisations, parties, persons

CODE = "91340600MA2MX1C86K"


@pytest.mark.parametrize(
    ("name", "region", "brand", "trade", "branch"),
    [
        ("淮北市鑫源化工有限公司", "淮北市", "鑫源", "化工", ""),
        ("鑫源（淮北）化工有限公司", "淮北", "鑫源", "化工", ""),
        ("安徽省淮北市相山区鑫源化工有限责任公司", "相山区", "鑫源", "化工", ""),
        ("华康大药房相山路店", "", "华康", "大药房", "相山路"),
        ("淮北市华康医药有限公司相山路分店", "淮北市", "华康", "医药", "相山路分店"),
        ("东方明珠酒店", "", "东方明珠", "酒店", ""),
        ("淮北矿业有限公司", "淮北", "淮北", "矿业", ""),
        ("鑫源化工", "", "鑫源", "化工", ""),
    ],
)
def test_a_companys_name_is_taken_apart(name, region, brand, trade, branch):
    found = organisations.split(name)

    assert (found.region, found.brand, found.trade, found.branch) == (region, brand, trade, branch)


@pytest.mark.parametrize(
    ("name", "surname", "given"),
    [
        ("张建军", "张", "建军"),
        ("欧阳修文", "欧阳", "修文"),
        ("李明先生", "李", "明"),
        ("法定代表人王小红", "王", "小红"),
        ("张某", "张", ""),
        ("老李", "李", ""),
    ],
)
def test_a_persons_name_is_taken_apart(name, surname, given):
    assert persons.split(name) == persons.Person(surname, given)


def test_what_is_no_persons_name_is_none():
    assert persons.split("淮北市鑫源化工有限公司") is None


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("辉", "晖", "alike"),
        ("茂", "贸", "sound"),
        ("末", "未", "shape"),
        ("林", "宁", "near"),
        ("大", "小", ""),
    ],
)
def test_characters_stand_for_each_other(a, b, kind):
    assert characters.kind(a, b) == characters.kind(b, a) == kind


def test_width_and_tradition_do_not_matter():
    assert names.compare("淮北市華茂紡織有限公司 ", "淮北市华茂纺织有限公司").score == 1


def test_valid_codes_decide_first():
    assert names.compare("甲", "淮北鑫源", code_a=CODE, code_b=CODE.lower()).score == 1
    assert names.compare("鑫源化工", "鑫源化工", code_a=CODE, code_b=valid_other()).score == 0


def test_a_code_that_does_not_check_out_is_passed_over():
    assert names.compare("鑫源化工", "鑫源化工", code_a=CODE, code_b=CODE[:-1] + "0").score == 1


def valid_other() -> str:
    stem = "91340600704981234"
    return stem + uscc.calc_check_digit(stem)


def test_a_surname_alone_is_never_the_same_person():
    assert not names.compare("张某", "张先生").same
    assert not names.compare("张某", "张某").same


def test_what_fits_two_cities_joins_neither():
    told = ["鑫源化工", "淮北市鑫源化工有限公司", "宿州市鑫源化工有限公司"]

    groups = parties.same_parties(told)

    assert [one.names for one in groups] == [(name,) for name in told]


def test_groups_hold_every_name_once_and_say_why():
    told = ["鑫源化工", "淮北市鑫源化工有限公司", "张建军", "鑫沅化工", "张健军", "张建军", ""]

    groups = parties.same_parties(told)

    assert [one.names for one in groups] == [
        ("鑫源化工", "淮北市鑫源化工有限公司", "鑫沅化工"), ("张建军", "张健军"),
    ]  # fmt: skip
    assert all(link.match.because for one in groups for link in one.links)
    assert all(len(one.links) == len(one.names) - 1 for one in groups)


NAME = st.text("淮北宿州市鑫源金原化工有限公司大药房店华康张李建健军明铭分( )（）路A1", max_size=14)


@settings(max_examples=150, deadline=None)
@given(NAME, NAME)
def test_comparing_is_symmetric_and_bounded(a, b):
    one, other = names.compare(a, b), names.compare(b, a)

    assert one.score == pytest.approx(other.score)
    assert 0 <= one.score <= 1


@settings(max_examples=100, deadline=None)
@given(NAME.filter(characters.fold))
def test_a_name_is_itself_unless_it_is_a_surname_alone(a):
    person = persons.split(a)

    assert names.compare(a, a).score == 1 or (person is not None and not person.given)


@settings(max_examples=60, deadline=None)
@given(NAME, NAME)
def test_an_equal_code_never_lowers(a, b):
    assert names.compare(a, b, code_a=CODE, code_b=CODE).score >= names.compare(a, b).score
