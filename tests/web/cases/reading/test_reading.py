"""Files uploaded, sealed, and read page by page by a durable job."""

import pytest
from django_tasks_db.models import DBTaskResult

from jingyi.core.refusal import Refusal
from jingyi.engines.reading.pages import NotReadable
from jingyi.web.cases.reading import jobs
from jingyi.web.cases.reading.actions import files, pages
from jingyi.web.cases.reading.files import files_of
from jingyi.web.cases.reading.models import Page, Reading
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from tests.engines.reading.scans import TEXT, paper
from tests.web.cases.reading.conftest import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(case, alice, tmp_path, at):
    def upload(data, name="报告.pdf"):
        path = tmp_path / "upload"
        path.write_bytes(data)
        return files.add_file(
            case=case, path=path, chunks=[data], name=name, kind="document", by=alice, at=at
        )

    return upload


def test_an_uploaded_file_is_sealed_queued_and_read(upload, case, settings):
    data = paper(TEXT, TEXT)
    exhibit = upload(data)

    (task,) = DBTaskResult.objects.all()
    jobs.read_file.call(*task.args_kwargs["args"])

    assert b"".join(vault.read(exhibit.blob_id, folder=settings.VAULT)) == data
    reading = Reading.objects.get()
    assert (reading.state, reading.pages, reading.leaves.count()) == ("done", 2, 2)
    assert {one.kind for one in exhibit.blob.derivatives.all()} == {
        "page-1", "page-2", "thumb-1", "thumb-2", "transcript",
    }  # fmt: skip
    assert [one[0] for one in reading.leaves.first().dates] == ["2026-03-01", "2026-03-05"]


def test_a_job_run_again_goes_on_where_it_stood(upload):
    exhibit = upload(paper(TEXT, TEXT))
    reading = Reading.objects.get()
    pages.begin(reading=reading, pages=2)
    kept = pages.keep_page(reading=reading, page=read(1, ["已经读过"]), seconds=1, at=exhibit.at)

    jobs.read_file.call(exhibit.blob_id)
    jobs.read_file.call(exhibit.blob_id)

    assert list(Page.objects.values_list("number", flat=True)) == [1, 2]
    assert Page.objects.get(number=1).pk == kept.pk


def test_a_hostile_file_is_refused_before_anything_is_written(upload, case):
    with pytest.raises(NotReadable, match="不完整"):
        upload(paper()[:-300])
    with pytest.raises(Refusal, match="空文件"):
        upload(b"")

    assert not case.exhibits.exists()
    assert not Blob.objects.filter(reading__isnull=False).exists()


def test_the_same_bytes_are_not_sealed_twice_in_a_case(upload, case):
    upload(b"sound", "录音.wav")
    with pytest.raises(Refusal, match="完全相同的证据1"):
        upload(b"sound", "又一份.wav")

    assert [one.name for one in files_of(case)] == ["录音.wav"]
    assert not Reading.objects.exists()  # nothing to read in it


def test_a_file_that_turns_out_unreadable_says_so(upload, settings):
    exhibit = upload(paper())
    vault.path_of(exhibit.blob_id, folder=settings.VAULT).chmod(0o600)
    vault.path_of(exhibit.blob_id, folder=settings.VAULT).write_bytes(b"changed")

    jobs.read_file.call(exhibit.blob_id)

    reading = Reading.objects.get()
    assert reading.state == "refused"
    assert "不一致" in reading.refusal["text"]
