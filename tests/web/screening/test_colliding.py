"""Two offices as two organs: an agreement, hashes handed over, rows in common as a source; all counted."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from jingyi.cli import main
from jingyi.core.refusal import Refusal
from jingyi.core.screening.planting import plant
from jingyi.web.ledger.models import Entry
from jingyi.web.screening.actions import colliding
from jingyi.web.screening.models import Agreement
from tests.factories import AT
from tests.web.screening.conftest import take

pytestmark = pytest.mark.django_db
COLUMN = "公民身份号码"


@pytest.fixture
def lists(model):
    """Deaths of 150 people, of whom 120 are in the other list as well."""
    rows = plant(model, 120, seed=9)[0]["death"]
    return rows[:150], rows[30:]


def agree(office, by, key="", most=2, until=date(2027, 1, 1)):
    return colliding.agree(
        office=office, code="A7", partner="对方", purpose="比对", kind="person-id", digest="sha256",
        most=most, until=until, key=key, by=by, at=AT,
    )  # fmt: skip


def test_both_learn_what_is_in_common_and_each_query_is_counted(city, alice, charlie, model, lists):
    ours, key = agree(city.office, alice)
    theirs, _ = agree(city.elsewhere, charlie, key=key)
    mine = take(city.office, alice, model, "death", lists[0])
    yours = take(city.elsewhere, charlie, model, "death", lists[1])
    first, handed = colliding.blind(agreement=ours, source=mine, column=COLUMN, by=alice, at=AT)
    second, back = colliding.blind(agreement=theirs, source=yours, column=COLUMN, by=charlie, at=AT)
    done = colliding.meet(
        collision=first, theirs=[("hash\n" + "\n".join(back)).encode()], by=alice, at=AT
    )
    other = colliding.meet(collision=second, theirs=["\n".join(["hash", *handed]).encode()], by=charlie, at=AT)  # fmt: skip
    truth = {row["id_number"] for row in lists[0]} & {row["id_number"] for row in lists[1]}
    assert done.common == other.common == len(truth)
    kept = list(csv.reader(io.StringIO(done.result.path.read_text("utf-8"))))[1:]
    assert {row[0] for row in kept} == truth
    entries = Entry.objects.filter(kind__in=["screening.blinded", "screening.collided"])
    assert entries.count() == 4
    assert not any(number in str(one.body) for one in entries for number in truth)
    with pytest.raises(Refusal, match="已经做完"):
        colliding.meet(collision=done, theirs=[b"hash"], by=alice, at=AT)


def test_an_agreement_is_used_up_and_ends(city, alice, model, lists):
    ours, _ = agree(city.office, alice, most=1)
    mine = take(city.office, alice, model, "death", lists[0])
    colliding.blind(agreement=ours, source=mine, column=COLUMN, by=alice, at=AT)
    with pytest.raises(Refusal, match="用完"):
        colliding.blind(agreement=ours, source=mine, column=COLUMN, by=alice, at=AT)
    with pytest.raises(Refusal, match="早于今天"):
        colliding.agree(
            office=city.office, code="A9", partner="x", purpose="y", kind="person-id", digest="sha256",
            most=1, until=date(2020, 1, 1), by=alice, at=AT,
        )  # fmt: skip


def test_a_short_list_asks_by_name_and_is_refused(city, alice, model, lists):
    ours, _ = agree(city.office, alice)
    few = take(city.office, alice, model, "death", lists[0][:40])
    with pytest.raises(Refusal, match="点名"):
        colliding.blind(agreement=ours, source=few, column=COLUMN, by=alice, at=AT)


def test_what_is_no_file_of_hashes_is_refused(city, alice, model, lists):
    ours, _ = agree(city.office, alice)
    mine = take(city.office, alice, model, "death", lists[0])
    made, _ = colliding.blind(agreement=ours, source=mine, column=COLUMN, by=alice, at=AT)
    for wrong in (b"", b"hash\nnot a hash\nnor this", b"\xff\xfe" * 200):
        with pytest.raises(Refusal):
            colliding.meet(collision=made, theirs=[wrong], by=alice, at=AT)


def test_the_key_is_encrypted_and_shown_once(client, city, alice):
    client.force_login(alice)
    given = {"code": "A7", "partner": "人社局", "purpose": "比对", "kind": "person-id", "digest": "sha256", "most": "1", "until": "2027-01-01"}  # fmt: skip
    shown = client.post(reverse("screening:agree"), given)
    made = Agreement.objects.get()
    key = shown.context["key"]
    assert key in shown.content.decode()
    assert key.encode() not in bytes(made.sealed)
    assert key not in client.get(made.get_absolute_url()).content.decode()
    assert client.post(reverse("screening:agree"), given).status_code == 422


def test_by_the_pages(client, city, alice, model, lists):
    client.force_login(alice)
    ours, _ = agree(city.office, alice)
    mine = take(city.office, alice, model, "death", lists[0])
    where = reverse("screening:blind", args=[ours.pk])
    assert client.post(where, {"source": mine.pk, "column": "没有"}).status_code == 422
    sent = client.post(where, {"source": mine.pk, "column": COLUMN})
    assert sent.content.startswith(b"hash\n")
    file = SimpleUploadedFile(
        "theirs.csv", sent.content
    )  # a list met by itself is wholly in common
    assert (
        client.post(reverse("screening:meet", args=[ours.pk, 1]), {"file": file}).status_code == 303
    )
    assert "相同 150 个" in client.get(ours.get_absolute_url()).content.decode()
    assert client.get(reverse("screening:agreements")).status_code == 200


def test_strangers_find_no_agreement(client, city, alice, charlie, model, lists):  # noqa: PLR0917 -- fixtures
    ours, _ = agree(city.office, alice)
    mine = take(city.office, alice, model, "death", lists[0])
    with pytest.raises(Http404):
        colliding.blind(agreement=ours, source=mine, column=COLUMN, by=charlie, at=AT)
    client.force_login(charlie)
    assert client.get(ours.get_absolute_url()).status_code == 404
    assert client.post(reverse("screening:blind", args=[ours.pk])).status_code == 404
    assert client.post(reverse("screening:meet", args=[ours.pk, 1])).status_code == 404


def test_an_organ_without_the_studio_does_the_same_by_command(tmp_path, capsys, lists):
    for name, rows in zip(("ours", "theirs"), lists, strict=True):
        text = "\n".join(["身份证号", *(row["id_number"] for row in rows)])
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    key = str(tmp_path / "agreed.key")
    assert main(["collide", "key", "-o", key]) == 0
    common = ["--column", "身份证号", "--key", key, "--agreement", "A7", "--query", "1"]
    blinded = str(tmp_path / "blinded.csv")
    assert main(["collide", "blind", str(tmp_path / "theirs.csv"), *common, "-o", blinded]) == 0
    found = tmp_path / "common.csv"
    assert main(["collide", "meet", str(tmp_path / "ours.csv"), blinded, *common, "-o", str(found), "--json"]) == 0  # fmt: skip
    truth = {row["id_number"] for row in lists[0]} & {row["id_number"] for row in lists[1]}
    rows = list(csv.reader(io.StringIO(found.read_text("utf-8-sig"))))[1:]
    assert {row[0] for row in rows} == truth
    assert f'"common": {len(truth)}' in capsys.readouterr().out
    assert main(["collide", "blind", str(tmp_path / "theirs.csv"), "-o", blinded]) == 2
