"""`jingyi seal`, as promised to those who script it."""

import json
from hashlib import new, sha256

import pytest

from jingyi.cli import main
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import queries as ledger

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "巡河.mp4"
    path.write_bytes(b"river" * 500_000)
    return path


def test_a_file_is_sealed_once_and_recorded_each_time(film, capsys):
    data = film.read_bytes()
    assert main(["seal", str(film), "--json"]) == 0
    (first,) = json.loads(capsys.readouterr().out)["files"]
    assert first == {
        "file": str(film), "sha256": sha256(data).hexdigest(), "sm3": new("sm3", data).hexdigest(),
        "size": len(data), "new": True,
    }  # fmt: skip
    assert main(["seal", str(film)]) == 0
    assert first["sm3"] in capsys.readouterr().out
    assert Blob.objects.count() == 1
    assert [act.kind for act in ledger.history_of(f"file:{first['sha256']}")] == [
        "evidence.sealed"
    ] * 2
    assert film.read_bytes() == data


def test_a_name_that_is_no_file_stops_before_anything_is_sealed(film, tmp_path, capsys):
    assert main(["seal", str(film), str(tmp_path / "none.pdf")]) == 2
    assert "none.pdf" in capsys.readouterr().err
    assert not Blob.objects.exists()
