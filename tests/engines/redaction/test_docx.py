"""Covered Word documents, looked at with python-docx and by the bytes of every part."""

import io
import zipfile

import docx
import pytest
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jingyi.core.sensitive import find, folded, words
from jingyi.engines.reading.sources import Refused, TooLarge, Truncated
from jingyi.engines.redaction import docx as engine
from jingyi.engines.redaction import run
from jingyi.engines.redaction.order import Order

NAME, NUMBER = "张晓梅", "110105199003071234"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(build):
    """The bytes of a document that `build` wrote into."""
    made = docx.Document()
    build(made)
    made.save(stream := io.BytesIO())
    return stream.getvalue()


def rewritten(data, change):
    """The same package with `change(name, bytes)` for each part; {name: bytes} of new ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def copied(path, said, target):
    run.make(path, Order(words(said)), target)
    with zipfile.ZipFile(target) as package:
        return {name: package.read(name) for name in package.namelist()}


def full(made):
    """Write the name wherever python-docx can."""
    made.core_properties.author = made.core_properties.title = NAME
    made.add_heading("询问笔录", 1)
    spread = made.add_paragraph("被询问人：")
    for one in NAME:
        spread.add_run(one).bold = True
    spread.add_run("，身份证号" + NUMBER)
    made.add_paragraph(f"又名{NAME[0]}　{NAME[1:]}。", style="List Bullet")
    row = made.add_table(1, len(NUMBER)).rows[0]
    for cell, digit in zip(row.cells, NUMBER, strict=True):
        cell.text = digit  # a form with a cell a digit
    section = made.sections[0]
    section.header.paragraphs[0].text = f"{NAME}案"
    section.footer.paragraphs[0].text = NUMBER
    made.add_comment(spread.runs[0], text=f"请{NAME}核对", author=NAME, initials="ZXM")
    hidden = made.add_paragraph("看得见").add_run(f"看不见{NAME}")
    hidden.font.hidden = True
    small = made.add_paragraph().add_run(NAME)
    small.font.size = Pt(1)
    made.styles.add_style(f"{NAME}的样式", 1)


MORE = f"""<w:p xmlns:w="{W}"><w:ins w:author="{NAME}" w:id="901"><w:r><w:t>添上的{NAME}</w:t></w:r></w:ins>
<w:del w:author="{NAME}" w:id="902"><w:r><w:delText>删去的{NAME}</w:delText></w:r></w:del>
<w:bookmarkStart w:id="903" w:name="{NAME}"/><w:r><w:fldChar w:fldCharType="begin"/></w:r>
<w:r><w:instrText>HYPERLINK "mailto:{NUMBER}@a.cn"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>
<w:r><w:t>链接</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/></w:sdtPr><w:sdtContent><w:r><w:t>控件里的{NAME}</w:t></w:r></w:sdtContent></w:sdt>
<w:r><w:drawing><a descr="{NAME}"><t>图中{NAME}</t></a></w:drawing></w:r></w:p>"""


@pytest.fixture
def stuffed(tmp_path):
    """A document that tells the name in every place a document has."""

    def change(name, data):
        if name != "word/document.xml":
            return data
        root = etree.fromstring(data)
        root[0].insert(0, etree.fromstring(MORE))
        return etree.tostring(root)

    data = rewritten(document(full), change)
    with zipfile.ZipFile(stream := io.BytesIO(data), "a") as package:
        package.writestr("customXml/item9.xml", f"<a>{NAME}</a>")
        package.writestr("word/embeddings/oleObject1.bin", NAME.encode("utf-16-le"))
        package.writestr("docProps/other.jpeg", NUMBER)
        package.writestr("word/people.xml", f"<a>{NAME}</a>")
    (path := tmp_path / "a.docx").write_bytes(stream.getvalue())
    return path


def test_nothing_is_left_in_a_covered_document(stuffed, tmp_path):
    parts = copied(stuffed, [NAME, NUMBER], target := tmp_path / "out.docx")

    whole = b"\0".join([*parts.values(), *(name.encode() for name in parts)])
    for word in (NAME, NUMBER, "晓梅"):
        assert not any(word.encode(how) in whole for how in ("utf-8", "utf-16-le", "gb18030"))
    texts = ["".join(etree.fromstring(data).itertext()) for data in parts.values()]
    assert not any(find(text, (NAME, NUMBER)) for text in texts)
    assert set(parts) <= {
        "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml",
        "word/styles.xml", "word/numbering.xml", "word/header1.xml", "word/footer1.xml",
    }  # fmt: skip
    with zipfile.ZipFile(target) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_rest_of_the_document_still_reads(stuffed, tmp_path):
    copied(stuffed, [NAME, NUMBER], target := tmp_path / "out.docx")
    made = docx.Document(str(target))

    text = [one.text for one in made.paragraphs]
    assert text[1] == "询问笔录"
    assert text[2] == "被询问人：■■■，身份证号■■■"
    assert text[3] == "又名■■■。"
    assert text[0].startswith("添上的■■■")
    assert "链接" in text[0]
    assert "控件里的■■■" in text[0]
    assert "嵌入内容已去掉" in text[0]
    assert "删去" not in "".join(text)
    assert "看得见" in text
    assert "看不见" not in "".join(text)
    assert made.sections[0].header.paragraphs[0].text == "■■■案"
    assert [cell.text for cell in made.tables[0].rows[0].cells][:2] == ["■■■", ""]
    assert made.core_properties.author in {"", "python-docx"}  # its own default, for there are none
    assert [one.text for one in made.paragraphs[2].runs if one.bold] == ["■■■", "", ""]


def test_the_look_says_what_will_be_there(stuffed):
    looked = run.look(stuffed, Order(words([NAME, NUMBER])))

    assert looked.kind == ".docx"
    assert dict(zip(words([NAME, NUMBER]), looked.times, strict=True)) == {NUMBER: 3, NAME: 6}
    assert NAME not in looked.text
    assert looked.gone["change"] == looked.gone["hidden"] == looked.gone["object"] == 1
    assert looked.gone["embedded"] == 1


def test_page_numbers_stay_fields(tmp_path):
    field = (
        f'<w:p xmlns:w="{W}"><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )

    def build(made):
        footer = made.sections[0].footer
        footer.paragraphs[0]._p.addnext(etree.fromstring(field))
        footer.is_linked_to_previous = False

    (path := tmp_path / "a.docx").write_bytes(document(build))

    parts = copied(path, [NAME], tmp_path / "out.docx")

    assert b" PAGE " in parts["word/footer1.xml"]


def test_text_that_only_a_style_hides_is_refused(tmp_path):
    def build(made):
        made.styles.add_style("secret", 1).font.hidden = True
        made.add_paragraph(NAME, style="secret")

    (path := tmp_path / "a.docx").write_bytes(document(build))
    with pytest.raises(run.NotRedactable, match="不能确定"):
        run.make(path, Order((NAME,)), tmp_path / "out.docx")


def bomb(name, data):
    return b"<w:document" + b" " * (engine.MOST_BYTES + 1) if name == "word/document.xml" else data


def entity(name, data):
    doctype = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return doctype + data.split(b"?>", 1)[1] if name == "word/document.xml" else data


@pytest.mark.parametrize(
    ("change", "wrong"),
    [(bomb, TooLarge), (entity, Refused), (lambda _name, _data: b"", Refused)],
)
def test_hostile_documents_are_refused(tmp_path, change, wrong):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document(full))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    (path := tmp_path / "a.docx").write_bytes(out.getvalue())
    with pytest.raises(wrong):
        engine.opened(str(path))


def test_a_document_cut_off_is_refused(tmp_path):
    (path := tmp_path / "a.docx").write_bytes(document(full)[:9000])
    with pytest.raises(Truncated):
        engine.opened(str(path))


PIECES = st.lists(st.text(st.sampled_from("张晓梅王李a1 　9·\u200b"), max_size=6), max_size=8)


@settings(max_examples=30, deadline=None)
@given(pieces=PIECES, name=st.sampled_from(["张晓梅", "王李", "a1", "张·晓"]), cuts=st.booleans())
def test_whatever_the_runs_are_the_word_is_gone(tmp_path_factory, pieces, name, cuts):
    def build(made):
        paragraph = made.add_paragraph()
        for piece in [*pieces, *name]:
            paragraph.add_run(piece)
            if cuts:
                paragraph = made.add_paragraph()

    folder = tmp_path_factory.mktemp("any")
    (path := folder / "a.docx").write_bytes(document(build))
    said = words([name])
    with (folder / "out.docx").open("wb") as target:
        _parts, seen = engine.copy(path, target, said)

    made = docx.Document(str(folder / "out.docx"))
    text = "".join(one.text for one in made.paragraphs)
    assert seen[0] >= 1
    assert folded(name)[0] not in folded(text)[0]
