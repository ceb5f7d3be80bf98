"""The sweep finds every file that changed, remembers where it stood, and stops nothing else."""

import fcntl
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import Notice
from jingyi.web.evidence import jobs, leftovers, sweep, vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Sweep
from jingyi.web.ledger.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def keeper(city):
    return factories.person("keeper", role="administrator", office=city.office)


@pytest.fixture
def files(at):
    return [seal(chunks=[f"file {n}".encode()], media_type="text/plain", at=at) for n in range(5)]


def place(blob, settings):
    return vault.path_of(blob.sha256, folder=Path(settings.VAULT))


def damage(blob, settings):
    found = place(blob, settings)
    found.chmod(0o600)
    found.write_bytes(b"other bytes")


def round_(at):
    return sweep.go_on(at=at, seconds=60)


def test_a_round_checks_everything_once_and_the_next_begins_when_it_is_due(files, at):
    done = round_(at + DAY)
    assert (done.files, done.wrong, done.unlisted, done.ended_at) == (5, 0, 0, at + DAY)
    assert done.bytes == sum(one.size for one in files)
    assert round_(at + 2 * DAY) is None
    assert round_(at + 8 * DAY).files == 5
    assert Sweep.objects.count() == 2


def test_where_nothing_is_sealed_no_round_begins(at):
    assert round_(at) is None


def test_what_changed_is_told_recorded_and_not_served_until_it_is_whole(
    files, at, keeper, settings
):
    bad, gone = files[1], files[3]
    kept = place(bad, settings).read_bytes()
    damage(bad, settings)
    place(gone, settings).unlink()

    assert round_(at + DAY).wrong == 2

    assert set(Blob.objects.filter(failed_at=at + DAY)) == {bad, gone}
    texts = [notice.sentence["text"] for notice in Notice.objects.filter(user=keeper)]
    assert any("已停止提供" in text for text in texts)
    assert Entry.objects.filter(kind="evidence.failed").count() == 2
    place(bad, settings).write_bytes(kept)
    with pytest.raises(Refusal, match="不一致"):  # although its bytes are back
        list(vault.read(bad.sha256, folder=settings.VAULT))
    bad.refresh_from_db()
    assert sweep.recheck(blob=bad, at=at + 2 * DAY).wrong is None
    assert b"".join(vault.read(bad.sha256, folder=settings.VAULT)) == kept
    assert Entry.objects.filter(kind="evidence.whole").count() == 1
    assert round_(at + 8 * DAY).wrong == 1
    assert Entry.objects.filter(kind="evidence.failed").count() == 2  # not said again


def test_an_old_file_gets_its_sm3_and_a_wrong_sm3_is_found(files, at):
    Blob.objects.filter(pk=files[0].pk).update(sm3="")
    Blob.objects.filter(pk=files[1].pk).update(sm3="0" * 64)
    assert round_(at + DAY).wrong == 1
    files[0].refresh_from_db()
    assert files[0].sm3 == hashlib.new("sm3", b"file 0").hexdigest()


def test_a_sweep_that_was_stopped_goes_on_where_it_stood(files, at, monkeypatch):
    checked = []
    check = vault.check

    def stop_after_three(digest, **how):
        if len(checked) == 3:
            raise KeyboardInterrupt
        checked.append(digest)
        return check(digest, **how)

    monkeypatch.setattr(sweep, "WRITE_EVERY", 0)
    monkeypatch.setattr(vault, "check", stop_after_three)
    with pytest.raises(KeyboardInterrupt):
        round_(at + DAY)
    monkeypatch.setattr(
        vault, "check", lambda digest, **how: checked.append(digest) or check(digest, **how)
    )
    assert round_(at + DAY).files == 5
    assert sorted(checked) == sorted(one.sha256 for one in files)


def test_the_rate_is_kept(at, settings, monkeypatch):
    slept = []
    now = [0.0]
    monkeypatch.setattr(sweep.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sweep.time, "sleep", lambda s: (slept.append(s), now.__setitem__(0, now[0] + s)))  # fmt: skip
    settings.SWEEP_BYTES_PER_SECOND = 1 << 20
    seal(chunks=[bytes(3 << 20)], media_type="x", at=at)
    assert round_(at + DAY).ended_at
    assert sum(slept) == pytest.approx(3.0)


def test_short_turns_add_up_to_a_round(files, at):
    turns = 0
    while not (done := sweep.go_on(at=at + DAY, seconds=0)).ended_at:
        turns += 1
    assert done.files == 5
    assert turns == 5


def test_one_process_at_a_time(files, at, settings):
    with (Path(settings.DATA) / "sweep.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert round_(at + DAY) is None
    assert round_(at + DAY).files == 5


def test_a_disk_that_is_not_mounted_blames_no_file(files, at, keeper, settings, tmp_path):
    settings.VAULT = tmp_path / "elsewhere"
    with pytest.raises(Refusal, match="挂载"):
        round_(at + DAY)
    assert "挂载" in str(jobs.sweep_once(at=at + DAY)["stopped"])
    assert Notice.objects.filter(user=keeper).count() == 1
    assert not Blob.objects.exclude(failed_at=None).exists()


def test_leftovers_of_the_dead_are_cleared_and_of_the_living_left(files, at, settings):
    folder = Path(settings.VAULT)
    dead, young, alive = (folder / f"incoming-{name}" for name in ("dead", "young", "alive"))
    for file in (dead, young, alive):
        file.write_bytes(b"half")
        os.utime(file, (at.timestamp(),) * 2)
    os.utime(young, ((at + DAY).timestamp(),) * 2)
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / ("c" * 62)).write_bytes(b"nobody's")
    with alive.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert leftovers.clear(at=at + DAY) == 1
    assert sorted(file.name for file in folder.glob("incoming-*")) == [
        "incoming-alive",
        "incoming-young",
    ]
    assert leftovers.unlisted() == 1
