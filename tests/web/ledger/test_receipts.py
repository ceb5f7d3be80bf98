"""A reporter's signed receipt: proves the filing anywhere, and says nothing of the report."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from jingyi.cli import main
from jingyi.core import ledger
from jingyi.web.intake import codes
from jingyi.web.intake.models import Report
from jingyi.web.ledger import signing, verifier
from jingyi.web.ledger.models import Entry
from tests.web.intake.reporting import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(client, city):
    code = codes.read(fill(client))
    client.session.flush()
    client.post(reverse("intake:progress"), {"code": code}, follow=True)
    return json.loads(client.get(reverse("intake:signed")).content)


@pytest.fixture
def run(tmp_path):
    """Run the stand-alone verifier on a receipt, as anybody would."""

    def run(receipt, *options):
        file = tmp_path / "receipt.json"
        file.write_text(json.dumps(receipt), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-I", "-S", verifier.__file__, file, *options],
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run


def test_anybody_can_check_it(receipt, run):
    done = run(receipt, "--key", signing.public_key())
    assert done.returncode == 0, done.stdout + done.stderr
    assert receipt["office"] in done.stdout


def test_it_says_nothing_of_the_report(receipt):
    report, entry = Report.objects.get(), Entry.objects.get(kind="report.received")
    text = json.dumps(receipt, ensure_ascii=False)
    for secret in (report.text, report.ref, report.title, *map(str, entry.body["facts"].values())):
        assert not secret or secret not in text
    assert set(receipt) == {
        "kind", "office", "filed", "leaf", "index", "path", "head", "key", "signature"
    }  # fmt: skip


def test_a_guess_of_the_words_cannot_be_tried(receipt):
    """Even with everything else known, the salt stands between a guess and the hash."""
    body = Entry.objects.get(kind="report.received").body
    assert ledger.leaf_hash(ledger.canonical(body)).hex() == receipt["leaf"]
    assert len(body["facts"]["salt"]) == 32
    without = {**body, "facts": {**body["facts"], "salt": ""}}
    assert ledger.leaf_hash(ledger.canonical(without)).hex() != receipt["leaf"]


@pytest.mark.parametrize(
    "change",
    [
        {"filed": "2020-01-01T00:00+00:00"}, {"office": "别的检察院"}, {"leaf": "00" * 32},
        {"index": 5}, {"signature": "00" * 64}, {"key": "00" * 32}, {"path": ["zz"]}, {"head": {}},
    ],
)  # fmt: skip
def test_a_forged_receipt_is_rejected(receipt, run, change):
    assert run({**receipt, **change}).returncode == 2


def test_another_key_is_rejected_by_who_knows_the_key(receipt, run):
    assert run(receipt, "--key", "11" * 32).returncode == 2


def test_verify_takes_a_receipt(receipt, tmp_path, capsys):
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), encoding="utf-8")
    assert main(["verify", str(file)]) == 0
    assert "回执成立" in capsys.readouterr().out
    file.write_text(json.dumps({**receipt, "index": 9}), encoding="utf-8")
    assert main(["verify", str(file)]) == 2
    Path(file).write_text("no json", encoding="utf-8")
    assert main(["verify", str(file)]) == 2


def test_nobody_else_gets_it(client, city, receipt):
    client.session.flush()
    client.cookies.clear()
    assert client.get(reverse("intake:signed")).status_code == 303
