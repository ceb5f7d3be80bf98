"""One text: which divisions it names, what it says along a road, and what to ask back."""

import pytest

from jingyi.core.triage import whereabouts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我家住在安徽省淮北市相山区惠黎路", "340603"),
        ("皖淮北市濉溪县百善镇", "340621"),
        ("杭州 - 余杭区文一西路", "330110"),
        ("淮北市南京路与北京东路交口", "340600"),
        ("宁波江东区民安路", "330212"),
        ("义乌市福田街道", "330782"),
        ("楼下饭店油烟扰民", None),
        ("", None),
    ],
)
def test_the_division_a_text_means(text, code):
    assert whereabouts.read(text).division.region == code


@pytest.mark.parametrize(
    ("text", "words", "metres"),
    [
        ("G206国道K1083+500处有大坑", "K1083+500", 1_083_500),
        ("大堤桩号0+350开裂", "桩号0+350", 350),
        ("淮河左岸5公里处倾倒垃圾", "左岸5公里处", 5_000),
        ("省道 12 公里+300米处", "12 公里+300米处", 12_300),
        ("京台高速k12+300.5", "k12+300.5", 12_300.5),
        ("京台高速K1012处", "K1012", 1_012_000),
    ],
)
def test_a_spot_along_a_road_or_a_river(text, words, metres):
    (stake,) = whereabouts.read(text).stakes

    assert (stake.words, stake.metres) == (words, metres)
    assert text[stake.start : stake.end].strip() == words


@pytest.mark.parametrize(
    "text", ["离县城3公里", "1+1等于2", "2026年K歌房", "坐K3公交车", "电话0561+3012345", "5kmh"]
)
def test_numbers_that_are_no_spot(text):
    assert whereabouts.read(text).stakes == ()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("河水发黑", "没有说到地点"),
        ("安徽省有企业排污", "只说到了安徽省"),
        ("淮北市有企业排污", "只说到了安徽省淮北市：请问在哪个县区"),
        ("濉溪县有企业排污", "只说到了安徽省淮北市濉溪县：请问在哪个乡镇"),
        ("江苏省鼓楼区有企业排污", "江苏省南京市鼓楼区、江苏省徐州市鼓楼区"),
        ("惠黎路有企业排污", "没有说在哪个市"),
        ("K12+300处有大坑", "哪条路、哪条河"),
    ],
)
def test_what_is_missing_is_asked(text, asked):
    assert asked in str(whereabouts.question(whereabouts.read(text)))


def test_what_goes_without_saying_is_not_asked():
    at_home = whereabouts.read("惠黎路有企业排污", home="340600")

    assert whereabouts.question(at_home, home="340600") is None
    assert "没有说到具体地点" in str(whereabouts.missing("河水发黑", home="340621"))
    assert "只说到了安徽省：" in str(whereabouts.missing("安徽省有企业排污", home="340621"))


def test_enough_is_said():
    found = whereabouts.read("淮北市相山区惠黎路12号，省道S202 K12+300处")

    assert whereabouts.question(found) is None


def test_a_road_without_a_name_says_nothing():
    assert not whereabouts.read("这条路坑坑洼洼，道路破损").fine
    assert whereabouts.read("惠黎路坑坑洼洼").fine
