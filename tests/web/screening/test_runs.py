"""Data taken in, a run that ends once whatever happens, hits that stand from run to run."""

from datetime import date

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry
from jingyi.web.screening import running
from jingyi.web.screening.actions import runs, sources
from jingyi.web.screening.models import DataSource, Hit, Run, Standing, Threshold
from tests.factories import AT
from tests.web.screening.conftest import asked, take

pytestmark = pytest.mark.django_db


def test_what_was_planted_is_found_and_explained(run, planted):
    assert run.state == Run.State.DONE, run.problem
    assert run.hits == run.kept == len(planted[1])
    wanted = {(hit["id_number"], hit["died_on"].isoformat()) for hit in planted[1]}
    found = {(one.values["id_number"], one.values["died_on"]) for one in run.found.all()}
    assert found == wanted
    assert run.told["steps"]["overpaid"] == run.hits
    leaves = Entry.objects.filter(kind="screening.hit")
    assert leaves.count() == run.hits
    one = run.found.get(n=1)
    leaf = leaves.get(subject=one.subject)
    assert leaf.body["facts"]["rows"] == one.digests
    assert one.values["id_number"] not in str(leaf.body)


def test_profiles_say_what_is_in_the_columns(taken):
    columns = {one["heading"]: one for one in taken["death"].profile}
    assert columns["公民身份号码"]["kind"] == "person-id"
    assert columns["公民身份号码"]["wrong"] == 0
    assert all("*" in one for one in columns["公民身份号码"]["examples"])
    assert columns["死亡日期"]["kind"] == "date"
    assert columns["姓名"]["kind"] == "text"


def test_a_wrong_check_digit_is_counted(city, alice, model, planted):
    rows = [dict(row) for row in planted[0]["death"]]
    number = rows[0]["id_number"]
    rows[0]["id_number"] = number[:-1] + ("1" if number[-1] != "1" else "2")
    made = take(city.office, alice, model, "death", rows)
    assert next(one for one in made.profile if one["kind"] == "person-id")["wrong"] == 1


def test_a_preview_counts_and_shows_and_keeps_nothing(city, alice, model, taken):
    preview = running.execute(asked(city, alice, model, taken, preview=True), now=lambda: AT)
    assert preview.hits > 0
    assert preview.found.count() == min(preview.hits, 20)
    assert not Standing.objects.exists()
    run = runs.settle(preview=preview, by=alice, at=AT)
    assert Threshold.objects.get().values == preview.values == run.values
    assert runs.threshold(city.office, model.id) == {"least": "1"}


def test_thresholds_are_saved_only_of_what_was_seen(city, alice, model, taken):
    with pytest.raises(Refusal, match="预览"):
        runs.settle(preview=asked(city, alice, model, taken, preview=True), by=alice, at=AT)


def test_the_next_run_finds_the_same_standings(city, alice, model, taken, run):
    before = Standing.objects.count()
    again = running.execute(asked(city, alice, model, taken), now=lambda: AT)
    assert again.hits == run.hits
    assert Standing.objects.count() == before


def test_a_run_done_twice_is_done_once(run):
    leaves = Entry.objects.count()
    stale = Run.objects.get(pk=run.pk)
    stale.state = Run.State.RUNNING  # a second worker that took it before the first one ended
    running.execute(stale, now=lambda: AT)
    assert Entry.objects.count() == leaves
    assert Hit.objects.filter(run=run).count() == run.hits


def test_a_cancelled_run_stops_and_goes_on_where_it_was(city, alice, model, taken, monkeypatch):
    made = asked(city, alice, model, taken)
    Run.objects.filter(pk=made.pk).update(state=Run.State.RUNNING)
    made.refresh_from_db()
    read = running.prepare

    def cancelled(table, *rest):
        if table.name == "pay":
            runs.cancel(run=made, by=alice, at=AT)
        return read(table, *rest)

    monkeypatch.setattr(running, "prepare", cancelled)
    stopped = running.execute(made, now=lambda: AT)
    assert stopped.state == Run.State.CANCELLED
    assert (stopped.folder / "death.parquet").exists()

    def once(table, *rest):
        assert table.name != "death", "read twice"
        return read(table, *rest)

    monkeypatch.setattr(running, "prepare", once)
    runs.resume(run=stopped, by=alice, at=AT)
    done = running.execute(Run.objects.get(pk=made.pk), now=lambda: AT)
    assert done.state == Run.State.DONE
    assert done.hits > 0


def test_a_waiting_run_is_cancelled_at_once(city, alice, model, taken):
    made = runs.cancel(run=asked(city, alice, model, taken), by=alice, at=AT)
    assert made.state == Run.State.CANCELLED
    assert running.execute(made, now=lambda: AT).state == Run.State.CANCELLED


def test_a_file_without_a_column_is_refused_with_what_is_missing(city, alice, model, planted):
    rows = planted[0]["pay"]
    made = {"death": take(city.office, alice, model, "death", planted[0]["death"])}
    made["pay"] = sources.take_upload(
        office=city.office, name="pay", holder="某机关", delete_on=date(2027, 1, 1),
        chunks=["公民身份号码,金额\n".encode(), *(f"{r['id_number']},1\n".encode() for r in rows)],
        file_name="pay.csv", by=alice, at=AT,
    )  # fmt: skip
    ended = running.execute(asked(city, alice, model, made), now=lambda: AT)
    assert ended.state == Run.State.REFUSED
    assert "所属月份" in str(ended.problem)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04 no workbook"])
def test_what_is_no_table_leaves_nothing(city, alice, content):
    with pytest.raises(Refusal):
        sources.take_upload(
            office=city.office, name="x", holder="y", delete_on=date(2027, 1, 1), chunks=[content],
            file_name="x.csv", by=alice, at=AT,
        )  # fmt: skip
    assert not DataSource.objects.exists()


def test_sources_of_another_office_cannot_be_used(city, alice, charlie, model, planted):
    theirs = {
        name: take(city.elsewhere, charlie, model, name, rows) for name, rows in planted[0].items()
    }
    with pytest.raises(Refusal):
        asked(city, alice, model, theirs)
    with pytest.raises(Http404):
        sources.delete(source=theirs["pay"], by=alice, at=AT)


def test_data_is_deleted_on_its_day_and_digests_stay(run, taken, alice):
    hit = run.found.get(n=1)
    assert hit.rows
    folders = [taken["pay"].path, run.folder]
    after = AT.replace(year=2027, month=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources.transaction, "on_commit", lambda act: act())
        assert sources.expire(at=after) == 2
    hit.refresh_from_db()
    assert hit.rows == {}
    assert hit.values == {}
    assert hit.digests
    assert not any(one.exists() for one in folders)
    assert sources.expire(at=after) == 0
    with pytest.raises(Refusal, match="删除"):
        sources.keep_until(source=taken["pay"], day=date(2027, 3, 1), by=alice, at=after)


def test_data_cannot_be_kept_for_ever(city, alice, model, planted):
    with pytest.raises(Refusal, match="天之内"):
        take(city.office, alice, model, "pay", planted[0]["pay"], delete_on=date(2040, 1, 1))


def test_the_plain_engine_finds_the_same(city, alice, model, taken, run):
    plain = running.execute(asked(city, alice, model, taken, engine="plain"), now=lambda: AT)
    assert [one.values for one in plain.found.all()] == [one.values for one in run.found.all()]
