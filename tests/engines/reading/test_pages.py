"""Pages of foreign files: drawn and read in a child; a hostile file is refused with a sentence."""

import io

import pypdfium2
import pytest
from PIL import Image

from jingyi.core.reading.page import Page
from jingyi.engines.reading import pages
from tests.engines.reading.scans import TEXT, paper, scan


@pytest.fixture
def put(tmp_path):
    def put(data):
        (tmp_path / "file").write_bytes(data)
        return tmp_path / "file"

    return put


def test_a_text_layer_is_read_as_it_is_with_boxes_where_the_letters_stand(put):
    first, second = pages.read(put(paper("第一页有超标的水样", "第二页有一根三十厘米的暗管")))

    assert (first.by, second.by) == ("layer", "layer")
    (hit,) = Page(first.lines).find("超标")
    whole = first.lines[0].box
    assert hit.boxes[0].x == pytest.approx(whole.x + whole.w * 4 / 9, abs=0.01)
    assert max(first.width, first.height) == 2000
    assert Image.open(io.BytesIO(first.image)).size == (first.width, first.height)


def test_reading_goes_on_from_a_page(put):
    assert [one.number for one in pages.read(put(paper(TEXT, TEXT, TEXT)), first=3)] == [3]


@pytest.mark.slow
def test_a_scan_is_read_by_eye(put):
    (page,) = pages.read(put(scan()))

    assert page.by == "ocr"
    assert list(Page(page.lines).find("暗管从厂区围墙通向河道"))


@pytest.mark.slow
def test_the_frames_of_a_tiff_are_pages(put):
    assert [one.number for one in pages.read(put(scan("一号水样", "二号水样", kind="TIFF")))] == [
        1,
        2,
    ]


def encrypted():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper())))
    writer.encrypt("秘密", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def many():
    return blank((10, 10), times=2001)


def blank(size, times=1):
    made, stream = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(times):
        made.new_page(*size)
    made.save(stream)
    made.close()
    return stream.getvalue()


def huge():
    stream = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (encrypted, "密码"),
        (many, "2000 页"),
        (huge, "1.2 亿像素"),
        (lambda: paper()[:-200], "不完整"),
        (lambda: scan(kind="PNG")[:-5000], "不完整"),
        (lambda: b"%PDF-1.7\n" + b"junk" * 100 + b"\n%%EOF", "打不开"),
        (lambda: b"MZ\x90\x00" * 100, "打不开"),
        (lambda: b"", "打不开"),
    ],
    ids=["encrypted", "many pages", "huge image", "cut PDF", "cut PNG", "junk", "program", "empty"],
)
def test_a_hostile_file_is_refused_with_a_sentence(put, make, why):
    with pytest.raises(pages.NotReadable, match=why):
        pages.look(put(make()))


def test_a_page_that_says_it_is_a_hundred_metres_wide_is_drawn_small(put):
    (page,) = pages.read(put(blank((283_465, 100))))

    assert page.width <= 2001
