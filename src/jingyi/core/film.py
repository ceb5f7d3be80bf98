"""Films that any browser plays: MP4 and WebM, and what in them says more than is seen and heard.

Only the order of a file is read; nothing is decoded. What carries words and places (`udta`, `meta`,
Tags, attachments, what an editor left in empty space) is named, so that a copy of the same length
can be written with it blank. A film with a track that is neither picture nor sound is refused,
for recorders keep the way they were carried in one.

Source: ISO/IEC 14496-12 (boxes); RFC 8794 (EBML), RFC 9559 (Matroska), the WebM container guidelines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from jingyi.core.metadata.boxes import Box, boxes
from jingyi.core.metadata.source import Ended, Source
from jingyi.core.refusal import Refusal

MOST_READS = 400_000  # a recording of an hour, written piece by piece
SAYS = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
PLAYED = frozenset({b"avc1", b"avc3", b"av01", b"vp09", b"vp08"})  # by every browser of today
EBML, SEGMENT, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
TRACKS, TRACK, KIND = 0x1654AE6B, 0xAE, 0x83
INFO, DOCTYPE, VOID = 0x1549A966, 0x4282, 0xEC
TOLD = frozenset({0x1254C367, 0x1941A469, 0x1043A770, VOID})  # tags, attachments, chapters
NAMED = frozenset({0x7BA9, 0x7384, 0x536E})  # title, file name, a track's name


@dataclass(frozen=True, slots=True)
class Blank:
    """Bytes to write over: `head` at `at`, zeros after it up to `end`."""

    at: int
    head: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Film:
    """A film that can be shown, and what to blank before it is."""

    media_type: str
    blanks: tuple[Blank, ...]


def read(source: Source) -> Film:
    """Return how to show a film.

    Raises:
        Refusal: not MP4 or WebM, cut off, in a form that browsers do not play, or with a track of places.
    """
    try:
        if source.size >= 12 and source.read(4, 4) == b"ftyp":
            return _mp4(source)
        if source.size >= 12 and source.number(0, 4) == EBML:
            return _webm(source)
    except Ended:
        raise Refusal("这段录像不完整，或者过长。请重新导出后再传。") from None
    raise Refusal("录像只收 MP4 和 WebM。请用剪辑软件另存后再传。")


def _mp4(source: Source) -> Film:
    blanks: list[Blank] = []
    tracks: list[tuple[bytes, bytes]] = []
    for box in boxes(source, 0, source.size):
        if box.name in SAYS:
            blanks.append(_free(source, box))
        elif box.name == b"moov":
            for one in boxes(source, box.at, box.end):
                if one.name in SAYS:
                    blanks.append(_free(source, one))
                elif one.name == b"trak":
                    tracks.append(_trak(source, one, blanks))
    _plays({"vide": 1, "soun": 2}.get(kind.decode("latin-1"), 0) for kind, _ in tracks)
    if any(kind == b"vide" and codec not in PLAYED for kind, codec in tracks):
        raise Refusal("这段录像的编码多数浏览器放不了。请另存为 H.264 编码的 MP4 后再传。")
    return Film("video/mp4", tuple(blanks))


def _trak(source: Source, trak: Box, blanks: list[Blank]) -> tuple[bytes, bytes]:
    """Return a track's kind and the codec of its first sample."""
    kind = codec = b""
    todo = [trak]
    while todo:
        within = todo.pop()
        for one in boxes(source, within.at, within.end):
            if one.name in SAYS:
                blanks.append(_free(source, one))
            elif one.name in {b"mdia", b"minf", b"stbl"}:
                todo.append(one)
            elif one.name == b"hdlr" and within.name == b"mdia":
                kind = source.read(one.at + 8, 4)
            elif one.name == b"stsd":
                codec = source.read(one.at + 12, 4)
    return kind, codec


def _free(source: Source, box: Box) -> Blank:
    size = source.read(box.start, 4)
    head = size + b"free" + source.read(box.start + 8, box.at - box.start - 8)
    return Blank(box.start, head, box.end)


def _plays(kinds: Iterator[int]) -> None:
    """Refuse what has no picture, or a track that is neither picture (1) nor sound (2)."""
    every = list(kinds)
    if 1 not in every:
        raise Refusal("这个文件里没有画面。请检查后重新导出。")
    if not set(every) <= {1, 2}:
        raise Refusal("这段录像除画面和声音外还带有别的轨道，可能含有位置。请用剪辑软件另存，只保留画面和声音。")  # fmt: skip


class Element(NamedTuple):
    """One EBML element: from `start`, its content from `at` to `end`; None where it does not say."""

    name: int
    start: int
    at: int
    end: int | None


def _elements(source: Source, at: int, end: int) -> Iterator[Element]:
    """Yield elements side by side; of one without an end, and of the segment, what is inside follows."""
    while at < end:
        one = _element(source, at)
        yield one
        if one.name == SEGMENT or (one.name == CLUSTER and one.end is None):
            at = one.at
        elif one.end is None or one.end > end:
            raise Ended
        else:
            at = one.end


def _element(source: Source, start: int) -> Element:
    first = source.number(start, 1)
    wide = 9 - first.bit_length()
    if wide > 4:
        raise Ended
    name = source.number(start, wide)
    first = source.number(start + wide, 1)
    long = 9 - first.bit_length()
    if long > 8:
        raise Ended
    size = source.number(start + wide, long) & ~(1 << (7 * long))
    at = start + wide + long
    return Element(name, start, at, None if size == (1 << (7 * long)) - 1 else at + size)


def _webm(source: Source) -> Film:
    blanks: list[Blank] = []
    kinds: list[int] = []
    for one in _elements(source, 0, source.size):
        if one.name in TOLD:
            blanks.append(_void(one))
        elif one.name == EBML and not _is_webm(source, one):
            raise Refusal("录像只收 MP4 和 WebM。请用剪辑软件另存后再传。")
        elif one.name in {INFO, TRACKS} and one.end is not None:
            for inner in _elements(source, one.at, one.end):
                if inner.name in NAMED:
                    blanks.append(_void(inner))
                elif inner.name == TRACK and inner.end is not None:
                    kinds.append(_kind(source, inner.at, inner.end, blanks))
    _plays(iter(kinds))
    return Film("video/webm", tuple(blanks))


def _is_webm(source: Source, head: Element) -> bool:
    return head.end is not None and any(
        one.end is not None and one.name == DOCTYPE and source.read(one.at, min(one.end - one.at, 8)).rstrip(b"\0") == b"webm"
        for one in _elements(source, head.at, head.end)
    )  # fmt: skip


def _kind(source: Source, at: int, end: int, blanks: list[Blank]) -> int:
    kind = 0
    for one in _elements(source, at, end):
        if one.name in NAMED:
            blanks.append(_void(one))
        elif one.name == KIND and one.end is not None:
            kind = source.number(one.at, min(one.end - one.at, 8))
    return kind


def _void(one: Element) -> Blank:
    if one.end is None:
        raise Ended
    total = one.end - one.start
    head = b"\x01" + (total - 9).to_bytes(7, "big") if total >= 9 else bytes([0x80 | (total - 2)])
    return Blank(one.start, b"\xec" + head, one.end)
