"""Covered PDFs and pictures, looked at with another reader (pypdf, Pillow): nothing is left to find."""

import io
import zlib
from contextlib import closing

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from jingyi.core.reading.page import Box, Line
from jingyi.core.refusal import Refusal
from jingyi.core.sensitive import find, folded, words
from jingyi.engines.redaction import pdf, run
from jingyi.engines.redaction.order import Order
from jingyi.engines.redaction.pages import Pages, cover, search
from tests.engines.reading.scans import paper

NAME, NUMBER = "张晓梅", "110105199003071234"
TEXT = f"""姓名：{NAME}，住云水市东津区。身份证号{NUMBER}，电话13800138000。
证人{NAME[0]} {NAME[1:]}陈述：河水发黑，有刺激性气味，持续三日。"""


@pytest.fixture(scope="module")
def stuffed(tmp_path_factory):
    """A PDF that tells the name in every place a PDF has."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper(TEXT, f"第二页也有{NAME}。"))))
    writer.add_metadata({"/Author": NAME, "/Title": NAME})
    writer.add_attachment(f"{NAME}.txt", NAME.encode())
    action = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject(NUMBER),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    writer.add_outline_item(title=NAME, page_number=0)
    writer.add_annotation(0, FreeText(text=NAME, rect=(50, 50, 200, 100)))
    writer.write(path := tmp_path_factory.mktemp("pdf") / "a.pdf")
    return path


def everything(data):
    """All bytes of a PDF, and all its streams unpacked where they can be."""
    parts, at = [data], 0
    while (start := data.find(b"stream\n", at)) >= 0:
        end = data.find(b"\nendstream", start)
        try:
            parts.append(zlib.decompress(data[start + 7 : end]))
        except zlib.error:
            parts.append(data[start + 7 : end])
        at = end + 10
    return b"\0".join(parts)


def tells(data, word):
    held = everything(data)
    return any(word.encode(how) in held for how in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"))


def test_nothing_is_left_in_a_covered_pdf(stuffed, tmp_path):
    said = words([NAME, NUMBER, "13800138000"])
    target = tmp_path / "out.pdf"

    assert run.make(stuffed, Order(said), target) == ".pdf"

    reader = PdfReader(target)
    assert len(reader.pages) == 2
    assert [page.extract_text() for page in reader.pages] == ["", ""]
    assert not reader.metadata
    assert not reader.attachments
    assert not reader.outline
    assert not reader.xmp_metadata
    assert set(reader.trailer) <= {"/Size", "/Root"}
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}
    assert all("/Annots" not in page for page in reader.pages)
    data = target.read_bytes()
    assert data.count(b"%%EOF") == data.count(b"startxref") == 1
    assert not any(tells(data, word) for word in said)
    assert tells(stuffed.read_bytes(), NUMBER)  # the test can see


def test_every_place_of_a_word_is_found_and_black_on_the_copy(stuffed, tmp_path):
    said = words([NAME])
    looked = run.look(stuffed, Order(said))

    assert looked.times == (3,)  # one of them with a space inside
    target = tmp_path / "out.pdf"
    run.make(stuffed, Order(said), target)
    with pypdfium2.PdfDocument(target) as copy, pypdfium2.PdfDocument(stuffed) as source:
        for found in looked.pages:
            picture = np.asarray(copy[found.number - 1].render(scale=2).to_pil().convert("L"))
            before = np.asarray(source[found.number - 1].render(scale=2, draw_annots=False).to_pil().convert("L"))  # fmt: skip
            height, width = picture.shape
            for box in found.boxes:
                rows = slice(int(box.y * height), int((box.y + box.h) * height))
                columns = slice(int(box.x * width), int((box.x + box.w) * width))
                assert picture[rows, columns].max() < 40
                assert before[rows, columns].max() > 200
            assert picture.max() > 250  # the rest of the page is still paper


def test_a_word_over_the_line_end_is_found():
    pages = Pages.__new__(Pages)
    letters = [*"证人张晓", *"梅陈述"]
    places = [Box.within(0.1 * n, 0.1, 0.1 * n + 0.09, 0.14) for n in range(4)]
    places += [Box.within(0.1 * n, 0.2, 0.1 * n + 0.09, 0.24) for n in range(3)]
    run_ = [type("L", (), {"text": t, "box": b}) for t, b in zip(letters, places, strict=True)]
    pages.letters = lambda _number: run_

    found = search(pages, 1, Order(words([NAME])))

    assert found.times == (1,)
    assert len(found.boxes) == 2  # a box a line


def test_letters_in_any_order_are_found_as_they_are_read():
    pages = Pages.__new__(Pages)
    placed = [("梅", 0.3), ("张", 0.1), ("晓", 0.2)]
    run_ = [type("L", (), {"text": t, "box": Box.within(x, 0.1, x + 0.09, 0.14)}) for t, x in placed]  # fmt: skip
    pages.letters = lambda _number: run_

    assert search(pages, 1, Order(words([NAME]))).times == (1,)


def test_lines_read_from_a_scan_are_covered_and_drawn_boxes_too(tmp_path):
    path = tmp_path / "scan.png"
    Image.new("RGB", (800, 1000), "white").save(path)
    line = Line(f"证人{NAME}陈述", Box(0.1, 0.1, 0.8, 0.05))
    order = Order(words([NAME]), {1: [Box(0.5, 0.5, 0.2, 0.1)]}, {1: [line]})

    looked = run.look(path, order)
    run.make(path, order, target := tmp_path / "out.png")

    assert looked.kind == ".png"
    assert looked.times == (1,)
    picture = np.asarray(Image.open(target).convert("L"))
    assert picture[550, 500] == 0  # drawn
    assert picture[125, 400] == 0  # read: 晓 stands in the middle of the name
    assert picture[125, 700] == 255  # 述 is left


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_covered_picture_has_pixels_only(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    picture = Image.new("RGB", (300, 200), "white")
    exif = picture.getexif()
    exif[0x010E] = "zhang xiaomei"  # description
    exif[0x8298] = NUMBER
    more = {}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Author", NUMBER)
    picture.save(path, kind, exif=exif, **more)

    ending = run.make(path, Order((), {1: [Box(0, 0, 0.5, 0.5)]}), target := tmp_path / "out")

    assert ending == {"PNG": ".png", "TIFF": ".pdf"}.get(kind, ".jpg")
    data = target.read_bytes()
    assert NUMBER.encode() not in everything(data)
    assert b"xiaomei" not in data
    assert b"Exif" not in data
    assert NUMBER.encode() in path.read_bytes()  # the test can see


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("text", b"just words"),
        ("cut", paper()[:2000]),
        ("zip", b"PK\3\4 but no package"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    ],
)
def test_what_is_no_file_to_cover_is_refused(tmp_path, name, data):
    (path := tmp_path / name).write_bytes(data)
    with pytest.raises(Refusal, match="。"):
        run.make(path, Order(("张三",)), tmp_path / "out")


LETTERS = st.text(st.sampled_from("张王李赵晓梅云水河东津a1b2 9·"), min_size=2, max_size=12)


@settings(max_examples=12, deadline=None)
@given(name=LETTERS.filter(lambda one: len(folded(one)[0]) >= 2), text=LETTERS)
def test_whatever_the_text_says_nothing_can_be_taken_out_of_the_copy(tmp_path_factory, name, text):
    safe = "".join(one if one not in "*_#" else " " for one in f"开头{text}{name}{text}。完")
    path = tmp_path_factory.mktemp("any") / "a.pdf"
    path.write_bytes(paper(safe))
    order = Order(words([name]))

    with closing(Pages(str(path))) as pages:
        found = search(pages, 1, order)
        drawn, dpi = pages.draw(1)
    target = io.BytesIO()
    pdf.write([(cover(drawn, found.boxes), dpi)], target)

    assert found.times[0] >= 1
    assert len(find(safe, order.words)) >= found.times[0]
    (page,) = PdfReader(target).pages
    assert page.extract_text() == ""
    assert list(page["/Resources"]) == ["/XObject"]
    assert list(page["/Resources"]["/XObject"]) == ["/P"]
    if not name.isascii():  # "11" stands in any file of bytes
        assert not tells(target.getvalue(), name)
    picture = np.asarray(page.images[0].image.convert("L"))
    for box in found.boxes:
        rows = slice(int(box.y * len(picture)), int((box.y + box.h) * len(picture)))
        columns = slice(int(box.x * picture.shape[1]), int((box.x + box.w) * picture.shape[1]))
        assert picture[rows, columns].max() < 40
