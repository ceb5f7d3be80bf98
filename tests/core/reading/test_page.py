"""Words on a page, across its lines, and the boxes that mark them."""

from jingyi.core.reading.page import Box, Line, Page

PAGE = Page(
    (
        Line("东津河 排污口 ＰＨ 值", Box(0.1, 0.1, 0.8, 0.05)),
        Line("超标三倍", Box(0.1, 0.2, 0.4, 0.05)),
    )
)


def test_words_are_found_across_spaces_widths_and_line_ends():
    assert [hit.end - hit.start for hit in PAGE.find("排污口ph 值超标")] == [8]
    assert list(PAGE.find("不在这里")) == list(PAGE.find("  ")) == []


def test_a_hit_over_two_lines_has_a_box_on_each():
    (hit,) = PAGE.find("值超标")

    assert len(hit.boxes) == 2
    assert hit.boxes[1] == Box(0.1, 0.2, 0.2, 0.05)


def test_what_stands_around_a_hit():
    (hit,) = PAGE.find("超标")

    assert PAGE.around(hit, 3) == ("ph值", "超标", "三倍")


def test_a_box_outside_its_page_cannot_be_made():
    assert Box.within(-1, 0.5, 2, 0.5) == Box(0, 0.5, 1, 0.001)
    assert Box.around([Box(0.1, 0.1, 0.1, 0.1), Box(0.5, 0.5, 0.1, 0.1)]) == Box(0.1, 0.1, 0.5, 0.5)
    try:
        Box(0.9, 0, 0.2, 0.1)
    except ValueError:
        return
    raise AssertionError
