"""What sealed files say of themselves, read from the vault once."""

import pytest
from django.conf import settings
from PIL import Image, ImageDraw

from jingyi.core import metadata
from jingyi.core.capture import Said
from jingyi.core.photo import ALIKE
from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.custody.capture import check, metadata_of
from jingyi.web.evidence.custody.models import Metadata
from jingyi.web.evidence.custody.thumbnails import small_apart
from tests.core.bytes_of import GPS_HERE, HERE, film, photo, with_thumbnail
from tests.factories import AT


def drawn(seed, size=(640, 480)):
    """A picture with something to see: two with other seeds are not alike."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for n in range(6):
        x, y = (seed * 97 + n * 131) % size[0], (seed * 61 + n * 83) % size[1]
        pen.ellipse(
            (x - 90, y - 70, x + 90, y + 70), fill=(40 * n, 255 - 40 * n, (seed * 40) % 255)
        )
    return picture


def small_of(picture, bars=False):
    small = picture.resize((160, 120))
    if bars:  # as cameras do with a wide picture
        pasted = Image.new("RGB", (160, 120), "black")
        pasted.paste(picture.resize((160, 90)), (0, 15))
        return pasted
    return small


def apart(data):
    found = metadata.read(metadata.source.of(data))
    return small_apart(data, *found.thumbnail)


@pytest.mark.parametrize(
    ("size", "bars"), [((640, 480), False), ((1600, 900), True)], ids=["same-shape", "with-bars"]
)
def test_a_small_copy_of_the_picture_is_near(size, bars):
    picture = drawn(1, size)
    assert apart(with_thumbnail(picture, small_of(picture, bars))) <= ALIKE


@pytest.mark.parametrize("other", [2, 3, 5])
def test_the_small_copy_that_an_editor_left_is_far(other):
    assert apart(with_thumbnail(drawn(1), small_of(drawn(other)))) > 14


@pytest.mark.parametrize("small", [b"", b"no picture", b"\xff\xd8\xff\xe0" + bytes(40)])
def test_a_small_copy_that_is_none_cannot_be_told(small):
    data = photo()
    assert small_apart(data + small, len(data), len(small)) is None


@pytest.mark.django_db
class TestSealed:
    def test_a_changed_small_copy_is_a_contradiction(self):
        out = with_thumbnail(drawn(1), small_of(drawn(2)))
        blob = seal(chunks=[out], media_type="image/jpeg", at=AT)

        assert "thumbnail" in {one.kind for one in check(blob, Said(), at=AT).findings}

    def test_what_was_read_is_kept_and_read_anew_when_the_reader_has_grown(self, monkeypatch):
        blob = seal(chunks=[film(where="+33.65432+117.02345/")], media_type="video/mp4", at=AT)
        first, _ = metadata_of(blob, at=AT)
        assert (first.lon, first.lat) == pytest.approx(HERE)

        place = vault.path_of(blob.sha256, folder=settings.VAULT)
        place.rename(place.with_suffix(".away"))
        assert metadata_of(blob, at=AT)[0] == first
        monkeypatch.setattr(metadata, "VERSION", metadata.VERSION + 1)
        with pytest.raises(Refusal):
            metadata_of(blob, at=AT)
        place.with_suffix(".away").rename(place)
        assert metadata_of(blob, at=AT)[0] == first
        assert Metadata.objects.get().version == metadata.VERSION

    def test_of_what_is_private_nothing_is_kept_or_shown(self):
        data = photo(first={0x010F: "MarkerPhone"}, gps=GPS_HERE)
        blob = seal(chunks=[data], media_type="image/jpeg", at=AT)
        found = check(blob, Said(), at=AT, private=True)

        assert not Metadata.objects.exists()
        assert "MarkerPhone" not in str(found.rows)

    def test_a_file_that_is_no_longer_what_was_sealed_is_not_read(self):
        blob = seal(chunks=[photo(gps=GPS_HERE)], media_type="image/jpeg", at=AT)
        place = vault.path_of(blob.sha256, folder=settings.VAULT)
        place.chmod(0o600)
        place.write_bytes(photo())

        with pytest.raises(Refusal, match="不一致"):
            metadata_of(blob, at=AT)


def test_a_picture_of_very_many_pixels_is_not_decoded(monkeypatch):
    data = with_thumbnail(drawn(1), small_of(drawn(1)))
    monkeypatch.setattr("jingyi.web.evidence.custody.thumbnails.MOST_PIXELS", 640 * 480 - 1)
    assert apart(data) is None
