"""GB/T 2260: a name means a place only where the text says which."""

import pytest

from jingyi.core.triage.divisions import centre, names, resolve, resolved, table, title


@pytest.mark.parametrize(
    ("mentions", "code"),
    [
        (["淮北市", "濉溪县"], "340621"),
        (["濉溪县"], "340621"),
        (["安徽", "淮北"], "340600"),
        (["南京市", "鼓楼区"], "320106"),
        (["北京市", "朝阳区"], "110105"),
        (["杭州", "余杭区"], "330110"),
        (["安徽省"], "340000"),
        (["恩施州"], "422800"),
        (["恩施市"], "422801"),
        (["浙江", "义乌"], "330782"),
        (["昆山"], "320583"),
        (["大连市", "中山区", "中山"], "210202"),
        (["吉林"], "220000"),
        (["吉林省", "吉林市"], "220200"),
        (["昆山开发区"], "320583"),
        (["杭州市", "临平区"], "330113"),
        ([], None),
    ],
)
def test_the_deepest_division_the_text_determines(mentions, code):
    assert resolve(mentions) == code


def test_a_name_that_several_have_is_left_open():
    assert resolve(["鼓楼区"]) is None


def test_the_office_s_own_division_decides_between_equals():
    assert resolve(["鼓楼区"], home="320100") == "320106"
    assert resolve(["鼓楼区"], home="340600") is None


@pytest.mark.parametrize(
    ("mentions", "code"),
    [
        (["溧水县"], "320117"),
        (["卢湾区"], "310101"),
        (["绍兴县"], "330603"),
        (["宁波市", "江东区"], "330212"),
        (["巢湖市", "居巢区"], "340181"),
        (["邢台市", "桥东区"], "130502"),
        (["襄樊"], "420600"),
    ],
)
def test_an_abolished_name_leads_to_its_successor(mentions, code):
    assert resolve(mentions) == code


def test_what_a_name_could_mean_as_well_is_told():
    found = resolved(["江苏省", "鼓楼区"])

    assert found.region == "320000"
    assert set(found.rivals) == {"320106", "320302"}
    assert resolved(["淮北市"]).rivals == ()


def test_two_places_of_one_province_leave_the_province():
    assert resolve(["杭州市", "宁波市"]) == "330000"


def test_a_word_that_is_more_often_no_place_needs_its_parent():
    assert resolve(["东方"]) is None
    assert resolve(["海南省", "东方"]) == "469007"


def test_a_division_has_a_middle_and_a_radius():
    found = resolved(["淮北市", "相山区"])

    assert (found.lon, found.lat) == pytest.approx((116.8, 33.98), abs=0.15)
    assert 3_000 < found.radius_m < 20_000
    assert centre("999999") is None
    assert title("340621") == "安徽省淮北市濉溪县"
    assert title("110105") == "北京市朝阳区"


def test_a_county_s_short_name_needs_its_parent():
    assert resolve(["濉溪"]) is None
    assert resolve(["濉溪"], home="340600") == "340621"
    assert resolve(["相山"], home="340600") is None
    assert resolve(["淮北市", "濉溪"]) == "340621"


def test_every_code_that_holds_today_has_six_digits():
    codes = {one.now for one in table()}
    assert codes <= {one.code for one in table() if one.ended is None}
    assert len(codes) > 3000
    assert all(len(name) > 1 for name in names())
