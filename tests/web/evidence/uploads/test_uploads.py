"""Files sent piece by piece: broken lines, wrong bytes, strangers, and what is never half-stored."""

import os
import shutil
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.evidence.uploads import actions
from jingyi.web.evidence.uploads.models import Upload
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
DATA = os.urandom(3_000_000)


class Broken(OSError):
    """The line broke."""


def begun(by, data=DATA, **values):
    return actions.begin(
        size=len(data), name=values.pop("name", "巡河.mp4"), by=by, at=AT, **values
    )


def cut(data, after, piece=65_536):
    """Yield pieces of `data`, and break off after so many bytes."""
    for start in range(0, after, piece):
        yield data[start : min(start + piece, after)]
    raise Broken


def in_pieces(upload, data, breaks):
    """Send all of `data` although the line breaks `breaks` times; return how often it was asked."""
    step = len(data) // (breaks + 1) + 1
    for _ in range(breaks):
        offset = actions.came(upload)
        with pytest.raises(Broken):
            actions.append(upload=upload, offset=offset, chunks=cut(data[offset:], step), at=AT)
    offset = actions.came(upload)
    return actions.append(upload=upload, offset=offset, chunks=[data[offset:]], at=AT)


def test_twenty_broken_lines_later_it_is_the_very_file(alice):
    upload = begun(alice, digest=sha256(DATA).hexdigest())

    assert in_pieces(upload, DATA, 20) == len(DATA)

    blob, name = actions.take(token=str(upload.pk), by=alice)
    assert b"".join(vault.read(blob.sha256, folder=settings.VAULT)) == DATA
    assert name == "巡河.mp4"
    assert not list(Path(settings.DATA, "uploads").iterdir())
    with pytest.raises(Refusal):
        actions.take(token=str(upload.pk), by=alice)


@pytest.mark.slow
def test_two_gigabytes_over_twenty_broken_lines(alice):
    """The size of the promise; what is sent repeats, so that the test's own memory stays small."""
    block, blocks = os.urandom(1 << 20), 2048
    whole = sha256()
    for _ in range(blocks):
        whole.update(block)
    upload = actions.begin(
        size=blocks << 20, name="film.mp4", digest=whole.hexdigest(), by=alice, at=AT
    )

    def from_block(first, last):
        yield from (block for _ in range(first, last))
        if last < blocks:
            raise Broken

    for part in range(1, 21):
        have = actions.came(upload) >> 20
        chunks = from_block(have, part * 97)
        with pytest.raises(Broken):
            actions.append(upload=upload, offset=have << 20, chunks=chunks, at=AT)
    have = actions.came(upload) >> 20
    chunks = from_block(have, blocks)
    assert actions.append(upload=upload, offset=have << 20, chunks=chunks, at=AT) == blocks << 20
    assert actions.take(token=str(upload.pk), by=alice)[0].sha256 == whole.hexdigest()
    shutil.rmtree(settings.VAULT)


def test_a_file_that_is_not_the_one_announced_is_not_kept(alice):
    upload = begun(alice, digest="0" * 64)
    with pytest.raises(actions.WrongBytes, match="校验"):
        actions.append(upload=upload, offset=0, chunks=[DATA], at=AT)
    assert not Upload.objects.exists()


def test_a_damaged_piece_is_let_go_and_sent_again(alice):
    upload = begun(alice, b"abcdef")
    with pytest.raises(actions.WrongBytes, match="损坏"):
        actions.append(
            upload=upload, offset=0, chunks=[b"abX"], digest=sha256(b"abc").digest(), at=AT
        )
    assert actions.came(upload) == 0
    actions.append(upload=upload, offset=0, chunks=[b"abc"], digest=sha256(b"abc").digest(), at=AT)
    assert actions.append(upload=upload, offset=3, chunks=[b"def"], at=AT) == 6


def test_more_bytes_than_announced_are_refused(alice):
    upload = begun(alice, b"abc")
    with pytest.raises(actions.WrongBytes, match="多"):
        actions.append(upload=upload, offset=0, chunks=[b"abcd"], at=AT)


def test_a_piece_begins_where_the_file_ends_and_one_at_a_time(alice):
    upload = begun(alice, b"abcdef")
    with pytest.raises(actions.WrongPlace):
        actions.append(upload=upload, offset=2, chunks=[b"c"], at=AT)

    def meanwhile():
        yield b"abc"
        with pytest.raises(actions.Busy):
            actions.append(upload=upload, offset=3, chunks=[b"def"], at=AT)

    assert actions.append(upload=upload, offset=0, chunks=meanwhile(), at=AT) == 3


def test_a_full_disk_is_told_before_anything_is_sent(alice, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(Refusal, match="磁盘"):
        begun(alice)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", [0, -1, actions.MOST_BYTES + 1])
def test_sizes_beyond_reason_are_refused(alice, size):
    with pytest.raises(Refusal):
        actions.begin(size=size, name="x", by=alice, at=AT)


def test_what_nobody_finished_goes_after_a_week(alice):
    upload = begun(alice)
    assert actions.expire(at=AT + timedelta(days=6)) == 0
    assert actions.expire(at=AT + timedelta(days=7)) == 1
    assert not actions.place_of(upload).exists()


def test_nobody_takes_anothers_file(alice, bob):
    upload = begun(alice, b"abc")
    actions.append(upload=upload, offset=0, chunks=[b"abc"], at=AT)
    for token in (str(upload.pk), "no token", ""):
        with pytest.raises(Refusal):
            actions.take(token=token, by=bob)


def test_a_name_leads_nowhere(alice):
    assert begun(alice, name="../../etc/passwd").name == "passwd"
    assert begun(alice, name="..\\..\\x.exe").name == "x.exe"


# ---------------------------------------------------------------- the protocol


@pytest.fixture
def today(time_machine):
    time_machine.move_to(AT, tick=False)


def created(client, data, **metadata):
    told = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in metadata.items())
    headers = {"Upload-Length": str(len(data)), "Upload-Metadata": told}
    return client.post(reverse("uploads:create"), headers=headers)


def patched(client, where, offset, data, **headers):
    return client.patch(
        where, data=data, content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset), **headers},
    )  # fmt: skip


@pytest.mark.usefixtures("today")
def test_the_protocol_from_creation_to_the_last_piece(client, alice):
    client.force_login(alice)
    assert "creation" in client.options(reverse("uploads:create"))["Tus-Extension"]
    made = created(client, b"abcdef", filename="现场.jpg")
    where = made["Location"]
    assert (made.status_code, made["Tus-Resumable"]) == (201, "1.0.0")
    sum_ = f"sha256 {b64encode(sha256(b'abc').digest()).decode()}"
    assert patched(client, where, 0, b"abc", **{"Upload-Checksum": sum_})["Upload-Offset"] == "3"
    assert client.head(where)["Upload-Offset"] == "3"
    assert patched(client, where, 0, b"def").status_code == 409
    assert patched(client, where, 3, b"deX", **{"Upload-Checksum": sum_}).status_code == 460
    assert patched(client, where, 3, b"def", **{"Upload-Checksum": "md5 x"}).status_code == 400
    assert client.patch(where, data=b"def", content_type="text/plain").status_code == 415
    assert patched(client, where, 3, b"def").status_code == 204
    assert Blob.objects.count() == 1
    assert created(client, b"").status_code == 413


@pytest.mark.usefixtures("today")
def test_a_stranger_finds_no_file(client, alice, bob):
    where = reverse("uploads:upload", args=[begun(alice).pk])
    assert client.head(where).status_code == 302
    client.force_login(bob)
    assert client.head(where).status_code == 404
    assert patched(client, where, 0, b"abc").status_code == 404
    assert client.delete(where).status_code == 404
    client.force_login(alice)
    assert client.delete(where).status_code == 204
    assert client.head(where).status_code == 404


def test_without_the_form_s_key_nothing_is_begun(alice):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert created(strict, b"abc").status_code == 403
