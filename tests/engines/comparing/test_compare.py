"""Two pictures of one place: what came is found, what did not is not, and strangers are refused."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from jingyi.engines.comparing import NotComparable, compare, rule
from tests.engines.comparing import drawn

SEEDS = range(40, 44)


def pair(seed, share=0.0, **how):
    """Return two photographs of one place, and where the second shows something else."""
    dice = np.random.default_rng(seed)
    picture = drawn.place(seed)
    later, where = drawn.changed(picture, dice, share)
    before, _ = drawn.seen(picture, dice, **how)
    after, move = drawn.seen(later, dice, **how)
    side = cv2.imdecode(np.frombuffer(after, np.uint8), 1).shape[0]
    return before, after, cv2.warpPerspective(where.astype(np.uint8), move, (side, side)) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_place_that_stayed_is_the_same_in_another_light(seed):
    before, after, _ = pair(seed, light=0.25)
    assert compare(before, after).verdict == "same"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_came_is_found_where_it_is(seed):
    before, after, where = pair(seed, share=0.05)
    found = compare(before, after)
    assert found.verdict == "changed"
    side = where.shape[0]
    boxes = np.zeros_like(where)
    for left, top, right, bottom in found.spots:
        boxes[
            int(top * side) : int(bottom * side) + 1, int(left * side) : int(right * side) + 1
        ] = True
    assert (boxes & where).sum() > 0.7 * where.sum()


def test_the_area_is_told_where_a_pixel_has_a_size():
    before, after, where = pair(44, share=0.05)
    found = compare(before, after, metres=0.1)
    assert found.area == pytest.approx(where.sum() * 0.01, rel=0.35)
    assert compare(before, after).area is None


def test_another_place_is_refused():
    before, _, _ = pair(45)
    _, after, _ = pair(46)
    with pytest.raises(NotComparable, match="原来的位置"):
        compare(before, after)


def test_too_little_in_common_is_refused():
    dice = np.random.default_rng(7)
    picture = drawn.place(47, side=1800)
    west, _ = drawn.seen(picture[:, :1000], dice, turn=1, cut=0.01)
    east, _ = drawn.seen(picture[:, 800:], dice, turn=1, cut=0.01)
    with pytest.raises(NotComparable):
        compare(west, east)


def test_a_blank_wall_is_refused():
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (180, 180, 180)).save(out, "JPEG")
    with pytest.raises(NotComparable, match="找不到"):
        compare(out.getvalue(), out.getvalue())


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut off", b"<svg/>"])
def test_what_is_no_picture_is_refused(data):
    before, _, _ = pair(48)
    with pytest.raises(NotComparable, match="照片"):
        compare(before, data)


def test_small_and_turned_pictures():
    before, after, _ = pair(49)
    small = io.BytesIO()
    Image.new("RGB", (40, 30)).save(small, "PNG")
    with pytest.raises(NotComparable, match="太小"):
        compare(before, small.getvalue())
    turned = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side, as phones write it
    with Image.open(io.BytesIO(after)) as picture:
        picture.transpose(Image.Transpose.ROTATE_90).save(turned, "JPEG", exif=exif, quality=92)
    assert compare(before, turned.getvalue()).verdict == "same"


def test_the_rule_has_an_open_middle():
    assert rule().same < rule().changed
