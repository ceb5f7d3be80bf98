"""A new key for who reported: nothing is lost, whatever kills it; the old key goes last."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import keys
from jingyi.web.intake.actions import rotation
from jingyi.web.intake.actions.reports import look_at_identity, receive
from jingyi.web.ledger.models import Entry

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
WHO = {"name": "王五", "phone": "13800000000"}


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "keys"


def reports(office, n):
    return [
        receive(office=office, source="citizen", text=f"{i}", identity=WHO, key=f"{i}", at=AT)[0]
        for i in range(n)
    ]


@pytest.mark.django_db
def test_everything_is_written_anew_and_still_opens(data, city, alice):
    found = reports(city.office, 3)
    first = keys.present("identity")

    assert rotation.rotate(at=AT) == 3
    assert keys.present("identity") != first
    assert look_at_identity(report=found[2], reason="核实", by=alice, at=AT) == WHO
    assert rotation.rotate(at=AT) == 0, "taken up, not begun again"
    assert len(keys.old("identity")) == 1
    assert oct(keys.old("identity")[0].stat().st_mode & 0o777) == "0o600"


@pytest.mark.django_db
def test_what_was_closed_with_the_old_key_meanwhile_opens_too(data, city, alice):
    (found,) = reports(city.office, 1)
    keys.change("identity")

    assert look_at_identity(report=found, reason="核实", by=alice, at=AT) == WHO
    with pytest.raises(Refusal, match="不到一小时"):
        rotation.retire(at=AT)


@pytest.mark.django_db
def test_the_old_key_goes_only_when_nothing_needs_it(data, city, alice):
    (found,) = reports(city.office, 1)
    keys.change("identity")
    os.utime(keys.old("identity")[0], (0, 0))
    with pytest.raises(Refusal, match="keys rotate"):
        rotation.retire(at=AT)
    rotation.rotate(at=AT)

    assert rotation.retire(at=AT) == 1
    assert not keys.old("identity")
    assert look_at_identity(report=found, reason="核实", by=alice, at=AT) == WHO
    assert rotation.retire(at=AT) == 0
    told = Entry.objects.filter(subject="key:identity").values_list("kind", flat=True)
    assert list(told.order_by("index")) == ["key.rewritten", "key.retired"]


KILLED = """
import os, signal, sys
from jingyi.cli import office, prepare
office()
prepare()
from django.utils import timezone
from jingyi.web.evidence import keys
from jingyi.web.intake.actions import rotation
from jingyi.web.intake.models import Identity, Report
from jingyi.web.registry.models import Procuratorate, Region
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def dies_after(module, name, times):
    does = getattr(module, name)
    def then(*given):
        nonlocal times
        made = does(*given)
        times -= 1
        if not times:
            die()
        return made
    setattr(module, name, then)
rotation.BATCH = 10
where = sys.argv[1]
if where == "begin":
    region = Region.objects.create(code="990000", name="x", level="province")
    office = Procuratorate.objects.create(code="x", name="x", level="province", region=region, path="/1/")
    for i in range(45):
        report = Report.objects.create(ref=f"R{i}", office=office, source="citizen", fingerprint=str(i), text="x", received_at=timezone.now())
        Identity.objects.create(report=report, sealed=keys.box("identity").encrypt(b"%d" % i))
elif where == "end":
    done = rotation.rotate(at=timezone.now())
    with open(os.environ["JINGYI_DATA"] + "/found", "w") as out:
        from cryptography.fernet import Fernet
        key = Fernet(keys.present("identity"))
        import json
        json.dump([done, len(keys.old("identity")), [key.decrypt(bytes(row.sealed)).decode() for row in Identity.objects.order_by("pk")]], out)
else:
    dies_after({"keys": keys, "rotation": rotation}[where.split(".")[0]], where.split(".")[1], int(sys.argv[2]))
    rotation.rotate(at=timezone.now())
"""


def ran(data, *words):
    env = os.environ | {"JINGYI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "jingyi.web.settings"}
    env.pop("JINGYI_DATABASE", None)
    return subprocess.run([sys.executable, "-c", KILLED, *words], env=env, check=False).returncode


@pytest.mark.slow
def test_a_run_killed_anywhere_is_taken_up_and_loses_nothing(tmp_path):
    assert ran(tmp_path, "begin") == 0
    for place in (
        ("keys._write", "1"),  # the old key is kept, the new one not yet there
        ("keys._write", "1"),  # the same again: the new key is in its place now
        ("rotation._rewrite", "2"),  # in the second transaction, before it is committed
        ("rotation._rewrite", "4"),
    ):
        assert ran(tmp_path, *place) == -signal.SIGKILL, place

    assert ran(tmp_path, "end") == 0
    done, kept, opened = json.loads((tmp_path / "found").read_text())
    assert opened == [str(i) for i in range(45)], "each opens with the new key alone"
    assert kept == 1
    assert 0 < done < 45, "the runs that were killed had written some anew"
