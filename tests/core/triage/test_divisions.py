"""GB/T 2260: a name means a place only where the text says which."""

import pytest

from jingyi.core.triage.divisions import names, resolve, table


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


def test_an_abolished_name_leads_to_its_successor():
    assert resolve(["溧水县"]) == "320117"


def test_a_county_s_short_name_needs_its_parent():
    assert resolve(["濉溪"]) is None
    assert resolve(["淮北市", "濉溪"]) == "340621"


def test_every_code_that_holds_today_has_six_digits():
    codes = {one.now for one in table()}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 3000
    assert all(len(name) > 1 for name in names())
