"""A full disk, a killed process, a broken line, too much at once: nothing half-stored, nothing lost."""

import io
import os
import resource
import signal
import subprocess
import sys
import textwrap
import uuid
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from jingyi.core.refusal import Refusal
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.reading.views import listing
from jingyi.web.evidence import leftovers, vault
from jingyi.web.evidence.models import Blob
from jingyi.web.evidence.uploads import actions
from jingyi.web.evidence.uploads.models import Upload
from tests.web.evidence.test_bad_files import add, as_alice, case, report, stored, tus  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
MIB = 1 << 20
DATA = os.urandom(3 * MIB)


@contextmanager
def full_disk(most=MIB):
    """A disk that takes no file larger than `most`: the kernel refuses the write as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [3 * MIB // 2, 3 * MIB], ids=["in-memory", "on-disk"])
def test_a_full_disk_keeps_nothing_of_an_exhibit_and_says_so(as_alice, case, size):  # noqa: F811
    as_alice.raise_request_exception = False
    with full_disk():
        page = add(as_alice, case, DATA[:size])

    assert page.status_code == 507
    assert "磁盘已满" in page.text
    assert "The disk is full" in page.text
    assert not Exhibit.objects.exists()
    assert not stored()
    add(as_alice, case, DATA[:size])  # there is room again
    assert set(stored()) == {sha256(DATA[:size]).hexdigest()}


def test_a_full_disk_keeps_what_came_of_a_large_file_and_it_goes_on(as_alice, alice):  # noqa: F811
    with full_disk():
        answer = tus(as_alice, DATA)
    assert answer.status_code == 507
    assert "已经传来的部分还在" in answer.json()["error"]

    upload = Upload.objects.get()
    have = actions.came(upload)
    assert have == MIB
    assert not stored()
    actions.append(upload=upload, offset=have, chunks=[DATA[have:]], at=timezone.now())
    assert set(stored()) == {sha256(DATA).hexdigest()}


def test_a_full_disk_is_told_to_the_public(client, city):
    client.raise_request_exception = False
    noise = np.random.default_rng(1).integers(0, 255, (900, 900, 3), np.uint8)
    Image.fromarray(noise).save(photo := io.BytesIO(), "PNG")
    for language, words in (("zh-hans", "磁盘已满"), ("en", "The disk is full")):
        with full_disk():
            page = report(client, photo.getvalue(), **{"Accept-Language": language})
        assert page.status_code in {422, 507}
        assert words in page.text
    assert not stored()


CHILD = """
import os, sys, time
os.environ |= {{"JINGYI_DATA": {data!r}, "DJANGO_SETTINGS_MODULE": "jingyi.web.settings"}}
import django; django.setup()
from pathlib import Path
from types import SimpleNamespace
from jingyi.web.evidence import vault
from jingyi.web.evidence.uploads import actions
from django.conf import settings
settings.DATA, settings.VAULT = {data!r}, {vault!r}
def slowly():
    for _ in range(3):
        yield b"river" * 100_000
    print("written", flush=True)
    time.sleep(60)
{do}
"""


def killed(do):
    """Run `do` in a process of its own and kill it with SIGKILL in the middle of its writing."""
    code = CHILD.format(data=str(settings.DATA), vault=str(settings.VAULT), do=textwrap.dedent(do))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout.readline().strip() == b"written"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert child.returncode == -signal.SIGKILL


def test_a_process_killed_while_it_stores_leaves_nothing_that_counts():
    killed("vault.store(slowly(), folder=Path(settings.VAULT))")

    left = list(Path(settings.VAULT).glob("incoming-*"))
    assert len(left) == 1  # the test can see
    assert not list(Path(settings.VAULT).glob("??/*"))
    assert not Blob.objects.exists()
    assert leftovers.clear(at=timezone.now() + timedelta(seconds=leftovers.GRACE + 5)) == 1
    assert not stored()


def test_what_came_of_a_large_file_before_the_server_was_killed_is_still_there(alice):
    data = b"river" * 400_000
    upload = Upload.objects.create(
        id=uuid.uuid4(), user=alice, name="film.mp4", size=len(data), sha256=sha256(data).hexdigest(),
        at=timezone.now(), until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    actions.place_of(upload).touch()
    killed(f"""
        upload = SimpleNamespace(pk={str(upload.pk)!r}, blob_id=None, size={len(data)})
        actions.append(upload=upload, offset=0, chunks=slowly(), at=None)
    """)

    have = actions.came(upload)
    assert have == 1_500_000
    actions.append(upload=upload, offset=have, chunks=[data[have:]], at=timezone.now())
    assert set(stored()) == {sha256(data).hexdigest()}


class Cut(io.BytesIO):
    """A line that breaks: what was announced does not all come."""


@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_a_form_that_was_cut_off_is_not_taken_for_whole(alice, case, share):  # noqa: F811
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(alice)
    bound = "x" * 20
    body = (
        f'--{bound}\r\nContent-Disposition: form-data; name="kind"\r\n\r\ndocument\r\n--{bound}\r\n'
        f'Content-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    ).encode() + DATA + f"\r\n--{bound}--\r\n".encode()  # fmt: skip
    page = client.generic(
        "POST", reverse("reading:add", args=[case.ref]), b"",
        content_type=f"multipart/form-data; boundary={bound}", CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": Cut(body[: int(len(body) * share)])},
    )  # fmt: skip

    assert page.status_code == 403
    assert "再试" in page.text
    assert not Exhibit.objects.exists()
    assert not stored()


def test_more_than_the_limit_is_refused_before_it_is_stored(as_alice, case, monkeypatch):  # noqa: F811
    monkeypatch.setattr(listing, "MOST_BYTES", MIB)
    monkeypatch.setattr(actions, "MOST_BYTES", 2 * MIB)

    for language, words in (("zh-hans", "超过 200 MB"), ("en", "200 MB")):
        assert words in add(as_alice, case, bytes(2 * MIB), **{"Accept-Language": language}).text
    assert tus(as_alice, b"", size=2 * MIB + 1).status_code == 413
    assert not stored()


def test_more_bytes_than_were_announced_are_refused(as_alice):  # noqa: F811
    answer = tus(as_alice, bytes(MIB), size=1000)
    assert answer.status_code == 460
    assert "比文件说明的多" in answer.json()["error"]
    assert not stored()


def test_a_file_that_its_disk_has_no_room_for_is_refused_at_once(as_alice, monkeypatch):  # noqa: F811
    usage = type("Usage", (), {"free": 10 * MIB})
    monkeypatch.setattr(actions.shutil, "disk_usage", lambda _folder: usage)
    answer = tus(as_alice, b"", size=4 << 30)
    assert answer.status_code == 413
    assert "磁盘空间不够" in answer.json()["error"]


ZEROS = """
block = bytes(1 << 20)
vault.store((block for _ in range(SIZE)), folder=Path(settings.VAULT))
print(next(line.split()[1] for line in open("/proc/self/status") if "VmHWM" in line), flush=True)
"""


@pytest.mark.parametrize("size", [64, pytest.param(4096, marks=pytest.mark.slow)])
def test_gigabytes_of_zeros_pass_through_a_little_memory(size):
    code = CHILD.format(data=str(settings.DATA), vault=str(settings.VAULT), do=ZEROS.replace("SIZE", str(size)))  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert int(done.stdout) < 250_000  # kB, Django and all
    (file,) = Path(settings.VAULT).glob("??/*")
    assert file.stat().st_size == size * MIB
    file.unlink()


def test_refusals_of_a_full_disk_are_sentences():
    with full_disk(), pytest.raises(Refusal, match="腾出空间后重新上传"):
        vault.store([DATA], folder=Path(settings.VAULT))
    assert not stored()
