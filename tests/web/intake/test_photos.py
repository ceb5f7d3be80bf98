"""Photos: all bytes of the original are kept, none of its metadata is shown."""

import io
import re
from random import Random

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from jingyi.core import photo as core_photo
from jingyi.core.refusal import Refusal
from jingyi.web.evidence.models import Derivative
from jingyi.web.evidence.vault import read
from jingyi.web.intake import photos
from jingyi.web.intake.models import Report
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.intake.reporting import answer, fill, photo

PAGE = reverse("intake:report", args=["photos"])
pytestmark = pytest.mark.django_db


def test_what_others_see_of_a_photo_holds_no_metadata_and_the_original_all_its_bytes(
    client, city, bob, settings
):
    fill(client)
    attachment = Report.objects.get().attachments.get()
    original = b"".join(read(attachment.blob_id, folder=settings.VAULT))
    assert b"MarkerPhone" in original
    assert original == photo().read()
    for copy in Derivative.objects.all():
        data = b"".join(read(copy.blob_id, folder=settings.VAULT))
        assert b"Exif" not in data
        assert b"MarkerPhone" not in data
        assert not Image.open(io.BytesIO(data)).getexif()

    client.force_login(bob)
    shown = client.get(
        reverse("intake:attachment", args=[attachment.report.ref, attachment.pk, "clean"])
    )
    assert b"MarkerPhone" not in b"".join(shown.streaming_content)
    assert "sandbox" in shown["Content-Security-Policy"]


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a", b"%PDF-1.7", b""])
def test_what_is_no_photo_is_refused_in_words(client, city, content):
    upload = io.BytesIO(content)
    upload.name = "photo.jpg"

    response = answer(client, "photos", photos=upload)

    assert response.status_code == 422


def test_a_picture_of_too_many_pixels_is_refused(client, city):
    out = io.BytesIO()
    Image.new("1", (12000, 12000)).save(out, "PNG")
    out.seek(0)
    out.name = "bomb.png"

    assert "像素太多" in answer(client, "photos", photos=out).text


def test_iphones_format_is_named(client, city):
    upload = io.BytesIO(b"\x00\x00\x00\x18ftypheic" + bytes(100))
    upload.name = "IMG_0001.HEIC"

    assert "HEIC" in answer(client, "photos", photos=upload).text


def test_too_large_and_too_many_are_said(client, city, monkeypatch):
    monkeypatch.setattr(photos, "MOST", 1)
    answer(client, "photos", photos=photo())
    assert "最多 1 张" in answer(client, "photos", photos=photo()).text

    with pytest.raises(Refusal, match="20 MB"):
        photos.accept(photo(), size=photos.MOST_BYTES + 1, at=factories.AT)


def test_a_copy_stands_upright_and_is_small(settings):
    picture = Image.new("RGB", (2400, 1200), "navy")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, xmp=b"<x:xmpmeta>MarkerXmp</x:xmpmeta>")
    out.seek(0)

    blob = photos.accept(out, size=out.getbuffer().nbytes, at=factories.AT)

    copies = {one.kind: one.blob_id for one in blob.derivatives.all()}
    sizes = {}
    for kind, digest in copies.items():
        data = b"".join(read(digest, folder=settings.VAULT))
        assert b"MarkerXmp" not in data
        sizes[kind] = Image.open(io.BytesIO(data)).size
    assert sizes == {"clean": (800, 1600), "thumb": (160, 320)}


def test_one_bad_photo_is_named_and_the_good_ones_stay(client, city):
    bad = io.BytesIO(b"%PDF-1.7")
    bad.name = "scan.jpg"

    page = answer(client, "photos", photos=[photo(), bad])

    assert page.status_code == 422
    assert "scan.jpg" in page.text
    assert "去掉 IMG_0001.jpg" in page.text


def test_an_original_taken_out_is_on_record_and_a_copy_is_not(client, city, bob):
    fill(client)
    attachment = Report.objects.get().attachments.get()
    client.force_login(bob)
    for kind in ("thumb", "clean", "original"):
        args = [attachment.report.ref, attachment.pk, kind]
        assert client.get(reverse("intake:attachment", args=args)).status_code == 200

    entry = Entry.objects.get(kind="original.taken")
    assert entry.by == bob
    assert entry.body["facts"] == {"sha256": attachment.blob_id}


def test_a_photo_can_be_taken_back(client, city):
    answer(client, "photos", photos=photo())
    digest = re.search(r'name="remove" value="(\w{64})"', client.get(PAGE).text).group(1)

    answer(client, "photos", remove=digest)

    assert digest not in client.get(PAGE).text


def test_the_original_is_a_file_to_keep_and_is_refused_once_it_is_changed(
    client, city, bob, settings
):
    fill(client)
    attachment = Report.objects.get().attachments.get()
    client.force_login(bob)
    address = reverse("intake:attachment", args=[attachment.report.ref, attachment.pk, "original"])

    given = client.get(address)
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert b"".join(given.streaming_content) == photo().read()

    sealed = settings.VAULT / attachment.blob_id[:2] / attachment.blob_id[2:]
    sealed.chmod(0o600)
    sealed.write_bytes(b"changed")
    assert "与封存时不一致" in client.get(address, follow=True).text


def test_a_copy_that_is_not_kept_is_not_there(client, city, bob):
    fill(client)
    attachment = Report.objects.get().attachments.get()
    client.force_login(bob)

    address = reverse("intake:attachment", args=[attachment.report.ref, attachment.pk, "other"])
    assert client.get(address).status_code == 404


def drawn(seed):
    """A picture with light, shapes and texture, of its own for each seed."""
    chance = Random(seed)
    picture = Image.new("RGB", (640, 480), tuple(chance.randrange(40, 200) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = chance.randrange(640), chance.randrange(480)
        wide, high = chance.randrange(20, 260), chance.randrange(20, 200)
        shape = pen.ellipse if chance.random() < 0.5 else pen.rectangle
        shape([x, y, x + wide, y + high], fill=tuple(chance.randrange(256) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(2))


def sealed(picture, at, kind="JPEG", **how):
    out = io.BytesIO()
    picture.save(out, kind, **how)
    out.seek(0)
    return core_photo.unsigned(photos.accept(out, size=len(out.getvalue()), at=at).photo_hash)


@pytest.mark.parametrize("seed", range(6))
def test_a_copy_of_a_photo_is_known_by_its_hash_and_another_photo_is_not(db, at, seed):
    picture = drawn(seed)
    first = sealed(picture, at, quality=95)
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn it by 90 degrees to show it"
    copies = [
        sealed(picture, at, quality=30),
        sealed(picture.resize((320, 240)), at, quality=80),
        sealed(picture, at, kind="PNG"),
        sealed(picture, at, kind="WEBP", quality=50),
        sealed(ImageEnhance.Brightness(picture).enhance(0.8), at, quality=80),
        sealed(turned, at, exif=exif, quality=90),
    ]

    assert max(core_photo.apart(first, copy) for copy in copies) <= core_photo.ALIKE
    others = [sealed(drawn(100 + n), at) for n in range(5)]
    assert min(core_photo.apart(first, other) for other in others) > core_photo.ALIKE


def test_a_blank_photo_has_no_hash(db, at):
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "JPEG")
    out.seek(0)

    assert photos.accept(out, size=1, at=at).photo_hash is None
