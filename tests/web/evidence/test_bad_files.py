"""Files made to hurt, through the doors files really come by: nothing half-stored, run or lost.

Each ends in a sentence, in Chinese and in English.
"""

import io
import resource
import struct
import zipfile
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob, Derivative
from jingyi.web.evidence.naming import plain
from jingyi.web.evidence.uploads.models import Upload
from tests.engines.reading.scans import paper
from tests.web.cases import course

pytestmark = pytest.mark.django_db
MIB = 1 << 20
SCRIPT = b"<script>alert(document.cookie)</script>"


def picture(kind="JPEG", **more):
    Image.new("RGB", (64, 48), "teal").save(out := io.BytesIO(), kind, **more)
    return out.getvalue()


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def bomb():
    """A hundred megabytes of zeros in a hundred kilobytes, in an archive in an archive."""
    inner = zipped(("zeros", bytes(100 * MIB)))
    return zipped(("inner.zip", inner), ("again.zip", inner))


def huge_png():
    """A picture that says it is 60,000 pixels a side."""
    data = picture("PNG")
    head = data[12:16] + struct.pack(">II", 60_000, 60_000) + data[24:29]
    return data[:12] + head + struct.pack(">I", crc32(head)) + data[33:]


@pytest.fixture
def case(city, chief, alice):
    return course.case(city.office, chief, alice, organ=city.water)


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def add(client, case, data, name="文件.bin", **headers):
    """Send one file by the evidence list's own form; the page one comes to."""
    file = SimpleUploadedFile(name, data, content_type="image/jpeg")
    form = {"files": [file], "kind": "document", "group": "", "source": "群众"}
    return client.post(reverse("reading:add", args=[case.ref]), form, follow=True, headers=headers)


def report(client, data, name="照片.jpg", **headers):
    """Send one photo by the public's report, without an account."""
    client.post(
        reverse("intake:report", args=["what"]), {"text": "东津河边有暗管排黑水，气味刺鼻。"}
    )
    there = reverse("intake:report", args=["photos"])
    return client.post(there, {"photos": [SimpleUploadedFile(name, data)]}, headers=headers)


def tus(client, data, name="a.bin", size=None):
    """Send one file piece by piece; the answer to the last piece, or to what was refused before."""
    begun = client.post(
        reverse("uploads:create"), content_type="text/plain",
        headers={
            "Upload-Length": str(size or len(data)),
            "Upload-Metadata": f"filename {b64encode(name.encode()).decode()}",
        },
    )  # fmt: skip
    if begun.status_code != 201:
        return begun
    return client.patch(
        begun["Location"], data, content_type="application/offset+octet-stream",
        headers={"Upload-Offset": "0"},
    )  # fmt: skip


def stored():
    """Every file in the vault's folder, by digest; nothing that is half-written."""
    folder = Path(settings.VAULT)
    assert not list(folder.glob("incoming-*"))
    files = {file.parent.name + file.name: file for file in folder.glob("??/*")}
    for digest, file in files.items():
        assert sha256(file.read_bytes()).hexdigest() == digest
    return files


REFUSED = [  # by the evidence list: what it is, its bytes, what is read in both languages
    ("empty", b"", "没有内容", "empty"),
    ("huge", huge_png(), "1.2 亿像素", "120 million pixels"),
    ("cut-pdf", paper()[:3000], "不完整", "incomplete"),
    ("cut-jpeg", picture()[:300], "不完整", "incomplete"),
]


@pytest.mark.parametrize(("data", "zh", "en"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])  # fmt: skip
def test_a_bad_page_file_is_refused_and_nothing_of_it_is_kept(as_alice, case, data, zh, en):
    for language, words in (("zh-hans", zh), ("en", en)):
        page = add(as_alice, case, data, **{"Accept-Language": language})
        assert words in page.text
    assert not Exhibit.objects.exists()
    assert not Blob.objects.exists()
    assert not stored()


KEPT = [  # sealed as they are, never opened, never shown: what it is, its bytes, its name
    ("bomb", bomb(), "材料.zip"),
    ("svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + SCRIPT + b"</svg>", "图.svg"),
    ("html", b"<!doctype html>" + SCRIPT, "网页.html"),
    ("polyglot", picture() + zipped(("a.html", SCRIPT)), "照片.jpg.html"),
    ("gifar", b"GIF89a/*" + SCRIPT, "动图.gif"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name"), [one[1:] for one in KEPT], ids=[one[0] for one in KEPT])
def test_an_active_file_is_kept_as_it_is_and_only_ever_handed_out_as_a_file(
    as_alice, case, data, name
):
    page = add(as_alice, case, data, name)

    assert "已封存 1 个文件" in page.text
    found = Exhibit.objects.get()
    assert list(stored()) == [sha256(data).hexdigest()]
    handed = as_alice.get(reverse("reading:original", args=[case.ref, "exhibit-1"]))
    assert b"".join(handed.streaming_content) == data  # nothing is lost
    assert handed["Content-Type"] == "application/octet-stream"
    assert handed["Content-Disposition"].startswith("attachment")
    assert handed["X-Content-Type-Options"] == "nosniff"
    assert handed["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert found.name == name


def test_a_bomb_is_not_unpacked_and_takes_no_memory_or_time(as_alice, case):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = bomb()
    add(as_alice, case, data, "材料.zip")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert sum(file.stat().st_size for file in stored().values()) == len(data)
    assert grown < 250_000  # kB: the test's own zeros among it


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"<svg onload='alert(1)'/>", "只能收 JPEG、PNG 或 WebP", "Only JPEG, PNG or WebP"),
        (bomb(), "只能收 JPEG、PNG 或 WebP", "Only JPEG, PNG or WebP"),
        (huge_png(), "像素太多", "too many pixels"),
        (picture()[:200], "只能收 JPEG、PNG 或 WebP", "Only JPEG, PNG or WebP"),
    ],
    ids=["svg", "bomb", "huge", "cut"],
)
def test_the_public_is_told_what_is_wrong_with_a_photo(client, city, data, zh, en):
    for language, words in (("zh-hans", zh), ("en", en)):
        page = report(client, data, **{"Accept-Language": language})
        assert page.status_code == 422
        assert words in page.text
    assert not Derivative.objects.exists()


def test_of_a_photo_that_is_also_something_else_only_pixels_are_shown(client, city):
    data = picture(comment=SCRIPT) + SCRIPT + zipped(("a.html", SCRIPT))

    assert report(client, data).status_code == 303

    original = Blob.objects.get(pk=sha256(data).hexdigest())
    for copy in original.derivatives.all():
        shown = b"".join(vault.read(copy.blob_id, folder=Path(settings.VAULT)))
        assert b"script" not in shown
        assert b"PK" not in shown[-40:]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/etc/cron.d/x", "x"),
        ("..", "file"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("\0.pdf", "pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(as_alice, name, kept):
    assert plain(name) == kept
    assert tus(as_alice, b"river", name).status_code == 204
    assert Upload.objects.get().name == kept


@pytest.mark.parametrize("name", ["../../x.pdf", '"; filename=evil.html', "a\u202efdp.exe"])
def test_a_name_cannot_leave_its_header_or_its_folder(as_alice, case, name):
    add(as_alice, case, b"river", name)
    handed = as_alice.get(reverse("reading:original", args=[case.ref, "exhibit-1"]))
    said = handed["Content-Disposition"]
    assert said.startswith("attachment; filename")
    assert ".." not in said
    assert "\n" not in said
    assert "%E2%80%AE" not in said
    assert set(stored()) == {sha256(b"river").hexdigest()}
