"""What of a film is blanked before it is shown, and what is not shown at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import film
from jingyi.core.metadata import source
from jingyi.core.refusal import Refusal
from tests.core import bytes_of

PLACE = "+33.6543+117.0234/"


def bare(data):
    """The film with the bytes blanked that `film.read` names."""
    out = bytearray(data)
    for one in film.read(source.of(data)).blanks:
        out[one.at : one.end] = one.head + bytes(one.end - one.at - len(one.head))
    return bytes(out)


@pytest.mark.parametrize("codec", [b"avc1", b"av01", b"vp09"])
def test_an_mp4_loses_its_place_and_stays_as_long(codec):
    data = bytes_of.shown(codec=codec, where=PLACE, left=b"+33.65 left by an editor")
    out = bare(data)
    assert len(out) == len(data)
    assert PLACE.encode() in data
    assert PLACE.encode() not in out
    assert b"+33.65" not in out
    assert film.read(source.of(out)).media_type == "video/mp4"
    assert bare(out) == out


@pytest.mark.parametrize("endless", [False, True])
def test_a_webm_loses_its_tags_and_title(endless):
    data = bytes_of.webm(tags=PLACE.encode(), title="张三拍于自家门口".encode(), endless=endless)
    out = bare(data)
    assert len(out) == len(data)
    assert PLACE.encode() not in out
    assert "张三".encode() not in out
    assert bytes(40) in out
    assert film.read(source.of(out)).media_type == "video/webm"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes_of.shown(codec=b"hvc1"), "H.264"),
        (bytes_of.shown(kind=b"soun", codec=b"mp4a"), "没有画面"),
        (bytes_of.shown(kind=b"meta", codec=b"mebx"), "没有画面"),
        (bytes_of.film(), "没有画面"),
        (bytes_of.webm(kinds=(2,)), "没有画面"),
        (bytes_of.webm(kinds=(1, 0x21)), "位置"),
        (bytes_of.webm(doctype=b"matroska"), "MP4 和 WebM"),
        (bytes_of.shown()[:-10], "不完整"),
        (bytes_of.webm()[:-10], "不完整"),
        (b"GIF89a" + bytes(40), "MP4 和 WebM"),
        (b"", "MP4 和 WebM"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(data, words):
    with pytest.raises(Refusal, match=words):
        film.read(source.of(data))


def test_a_track_of_places_beside_the_picture_is_refused():
    track = bytes_of.box(b"trak", bytes_of.box(b"mdia", bytes_of.box(b"hdlr", bytes(8), b"meta", bytes(13))))  # fmt: skip
    with pytest.raises(Refusal, match="位置"):
        film.read(source.of(bytes_of.shown(more=track)))


@given(
    st.sampled_from([bytes_of.shown(where=PLACE), bytes_of.webm(tags=b"x"), bytes_of.webm(endless=True)]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    st.integers(0, 2000),
)  # fmt: skip
def test_a_damaged_film_is_read_or_refused(data, hits, cut):
    broken = bytearray(data)
    for at, value in hits:
        broken[at % len(broken)] = value
    broken = bytes(broken[: max(1, len(broken) - cut)]) if cut < len(broken) else bytes(broken)
    try:
        out = bare(broken)
    except Refusal:
        return
    assert len(out) == len(broken)
