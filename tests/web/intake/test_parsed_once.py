"""A file is parsed when it comes, and never again: what was read then is what goes in."""

from pathlib import Path

import pytest

from jingyi.core.refusal import Refusal
from jingyi.engines import tables
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Derivative
from jingyi.web.intake.actions import imports
from jingyi.web.intake.importing import run

CONTENT = "编号,内容\n1,东津河排污口整夜排黑水\n2,西陵砖厂冒黑烟,多\n3,\n".encode()


@pytest.fixture
def waiting(city, at):
    """A batch whose columns are confirmed and of which nothing is taken in."""
    sender = imports.name_sender(office=city.office, name="12345", by=None, at=at)
    batch = imports.start_import(
        sender=sender, chunks=[CONTENT], file_name="messages.csv", by=None, at=at
    )
    return imports.confirm_import(batch=batch, mapping=batch.mapping, by=None, at=at, queue=False)


def outcome(batch):
    lost = b"".join(vault.read(batch.rejected_file_id, folder=Path(run.settings.VAULT)))
    return batch.rows, batch.new, batch.rejected, lost.decode("utf-8-sig")


def test_taking_in_and_naming_the_rows_parse_nothing_again(waiting, at, monkeypatch):
    monkeypatch.setattr(tables, "open_table", pytest.fail)

    done = imports.run_import(batch=waiting, at=at)

    assert outcome(done)[:3] == (3, 1, 2)
    assert "这一行有 3 格" in outcome(done)[3]
    assert len(list(run.fingerprints(done))) == 1


def test_a_file_of_which_nothing_was_kept_is_read_where_it_lies(waiting, at):
    Derivative.objects.filter(parent=waiting.file, kind="cells").delete()

    done = imports.run_import(batch=waiting, at=at)

    assert outcome(done)[:3] == (3, 1, 2)


@pytest.mark.parametrize("which", ["original", "cells"])
def test_neither_the_file_nor_what_was_read_of_it_may_change(waiting, at, settings, which):
    cells = Derivative.objects.get(parent=waiting.file, kind="cells")
    place = vault.path_of(
        waiting.file_id if which == "original" else cells.blob_id, folder=Path(settings.VAULT)
    )
    place.chmod(0o600)
    place.write_bytes(place.read_bytes() + b"4,x\n")

    with pytest.raises(Refusal, match="与封存时不一致"):
        imports.run_import(batch=waiting, at=at)
