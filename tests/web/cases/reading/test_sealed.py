"""A case leaves as a package that a court can check; a file that changed does not leave at all."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from jingyi import cli
from jingyi.core.custody import Kind
from jingyi.core.refusal import Refusal
from jingyi.web.cases import sealed
from jingyi.web.cases.custody.actions import record
from jingyi.web.cases.reading.files import files_of
from jingyi.web.evidence import vault
from jingyi.web.evidence.custody.actions import Said
from jingyi.web.ledger import verifier
from jingyi.web.ledger.models import Entry, SignedHead
from tests import factories
from tests.web.cases.reading.conftest import add_read

pytestmark = pytest.mark.django_db


def spoil(blob):
    place = vault.path_of(blob.pk, folder=settings.VAULT)
    place.chmod(0o640)
    place.write_bytes(b"another")


def test_files_and_acts_leave_together(case, file, alice, at):
    with sealed.export(case=case, by=alice, at=at) as package:
        found = verifier.check(package)
        names = zipfile.ZipFile(package).namelist()

    assert found["subject"] == f"case:{case.ref}"
    assert found["acts"] == Entry.objects.filter(subject=f"case:{case.ref}").count() - 1
    assert "files/001-监测报告.pdf" in names
    assert Entry.objects.latest("index").kind == "case.sealed_export"


def test_the_custody_of_its_files_leaves_along(case, file, alice, at):
    who = factories.person("dave", role="technician", office=case.office)
    listed = files_of(case)[0]
    record(
        case=case,
        file=listed,
        kind=Kind.COLLECTED,
        said=Said(),
        address="/",
        second=who,
        by=alice,
        at=at,
    )
    with sealed.export(case=case, by=alice, at=at) as package:
        counted = verifier.check(package)["acts"]
        acts = json.loads(zipfile.ZipFile(package).read("acts.json"))
    assert "custody.collected" in [one["body"]["kind"] for one in acts]
    assert counted == len(acts)


def test_a_later_export_continues_the_earlier_one(case, file, alice, at):
    sealed.export(case=case, by=alice, at=at).close()
    with sealed.export(case=case, by=alice, at=at + timedelta(days=1)) as package:
        assert verifier.check(package)["heads"] == 2


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_file_that_is_not_what_was_sealed_is_refused(case, file, alice, at, harm):
    if harm == "changed":
        spoil(file.blob)
    else:
        vault.path_of(file.blob.pk, folder=settings.VAULT).unlink()
    before = Entry.objects.count()

    with pytest.raises(Refusal, match=file.blob.pk[:12]):
        sealed.export(case=case, by=alice, at=at)

    assert Entry.objects.count() == before
    assert not SignedHead.objects.exists()


def test_names_that_would_climb_out_stay_inside(case, alice, at):
    add_read(case, alice, name="../../etc/passwd.pdf", texts=(("甲",),))
    with sealed.export(case=case, by=alice, at=at) as package:
        names = zipfile.ZipFile(package).namelist()

    assert "files/001-passwd.pdf" in names


def test_the_page_sends_it(as_alice, case, file):
    address = reverse("reading:sealed", args=[case.ref])
    response = as_alice.post(address)
    package = io.BytesIO(b"".join(response.streaming_content))

    assert address in as_alice.get(reverse("reading:list", args=[case.ref])).content.decode()
    assert as_alice.get(address).status_code == 405
    assert verifier.check(package)["files"] == 5


def test_the_page_says_why_it_does_not(as_alice, case, file):
    spoil(file.blob)
    response = as_alice.post(reverse("reading:sealed", args=[case.ref]), follow=True)

    assert response.redirect_chain[0][1] == 303
    assert "与封存时不一致" in response.content.decode()


def test_the_command_line_exports_and_verifies(case, file, tmp_path, capsys):
    target = tmp_path / "case.zip"

    assert cli.main(["export", case.ref, "--as", "alice", "-o", str(target)]) == 0
    capsys.readouterr()
    assert cli.main(["verify", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"]

    target.write_bytes(target.read_bytes()[:-9])
    assert cli.main(["verify", str(target)]) == 2


@pytest.mark.parametrize("who", ["charlie", "nobody"])
@pytest.mark.usefixtures("charlie", "file")
def test_the_command_line_asks_who(case, tmp_path, capsys, who):
    target = tmp_path / "case.zip"

    assert cli.main(["export", case.ref, "--as", who, "-o", str(target)]) == 2
    assert not target.exists()
    assert capsys.readouterr().err.count("\n") == 1
