"""A run carried out: tables read once and kept, the query, the hits written with their leaves.

Killed anywhere, it goes on: a table that was read lies in the run's folder, and the hits come in
one transaction with the run's end.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.core.screening.compile import bound, shown
from jingyi.core.screening.model import Model, SourceTable
from jingyi.core.screening.practice import practice
from jingyi.core.words import Sentence, say
from jingyi.engines.screening import base, duck, plain, spark
from jingyi.engines.screening.reading import Prepared, Profile, prepare, strangers
from jingyi.web.ledger.actions import Act, append_many
from jingyi.web.screening import library
from jingyi.web.screening.models import Hit, Run, RunInput, Standing

READ, RAN = 0.5, 0.9  # of the bar: after the tables, after the query
EVERY = 0.5  # seconds between looks at whether it is to stop
Now = Callable[[], datetime]


class Stopped(Exception):
    """Somebody cancelled the run."""


def execute(run: Run, *, now: Now = timezone.now) -> Run:
    """Carry a run out, or the rest of it; a run that has ended stays as it is."""
    if not run.going:
        return run
    bar = _Bar(run, now)
    _going(run).update(state=Run.State.RUNNING, started_at=run.started_at or now())
    try:
        model = library.of_text(run.text)
        values = bound(model, run.values)
        prepared = _read(run, model, bar)
        done = _query(run, model, prepared, values, bar)
        bar.show(say("正在记入命中"), RAN)
        _finish(run, model, prepared, done, now())
    except Stopped:
        _end(run, Run.State.CANCELLED, now())
    except Refusal as refusal:
        _end(run, Run.State.REFUSED, now(), refusal.sentence)
    run.refresh_from_db()
    return run


def _going(run: Run) -> QuerySet[Run]:
    """Return the run while it is under way: what has ended is not written to again."""
    return Run.objects.filter(pk=run.pk, state__in=(Run.State.QUEUED, Run.State.RUNNING))


class _Bar:
    """Says how far a run is, and hears that it is to stop; both at most twice a second."""

    def __init__(self, run: Run, now: Now) -> None:
        self.run, self.now = run, now
        self.last: datetime | None = None

    def show(self, stage: Sentence, share: float) -> None:
        _going(self.run).update(stage=stage.to_json(), share=share)
        self.last = None
        self.look()

    def __call__(self, percent: int) -> None:
        if self.look():
            share = READ + (RAN - READ) * percent / 100
            _going(self.run).update(share=share)

    def look(self) -> bool:
        """Raise `Stopped` if so; return False where it is too early to look again."""
        at = self.now()
        if self.last and (at - self.last).total_seconds() < EVERY:
            return False
        self.last = at
        if Run.objects.filter(pk=self.run.pk, cancel_asked=True).exists():
            raise Stopped
        return True


def _read(run: Run, model: Model, bar: _Bar) -> dict[str, Prepared]:
    """Read every table of the contract, or take it as it was read before."""
    run.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    inputs = {one.table: one for one in run.inputs.select_related("source")}
    found = {}
    for n, table in enumerate(model.sources):
        bar.show(say("正在读取“{title}”", title=table.title), READ * n / len(model.sources))
        found[table.name] = _table(run, table, inputs[table.name])
    told = {
        name: {
            "rows": one.rows,
            "set_aside": one.set_aside,
            "profiles": [_profile(each) for each in one.profiles],
            "aside": [[each.row, each.reason.to_json()] for each in one.aside[:50]],
        }
        for name, one in found.items()
    }
    warnings = [one for each in found.values() for one in each.warnings]
    warnings += strangers(model, found)
    _going(run).update(told=told, warnings=[one.to_json() for one in warnings])
    return found


def _table(run: Run, table: SourceTable, given: RunInput) -> Prepared:
    if given.source.deleted_at:
        raise Refusal("“{title}”的数据已经到期删除。", title=table.title)
    kept = run.folder / f"{table.name}.parquet"
    if kept.exists():  # resumed: what was told of it is in the run already
        notes = json.loads(kept.with_suffix(".json").read_text("utf-8"))
        return _restored(table, kept, notes)
    made = prepare(table, given.source.path, kept.with_suffix(".reading"), given.columns or None)
    return _settled(kept, made)


def _settled(path: Path, made: Prepared) -> Prepared:
    """Write what is to be told of a table, then put the table in its place, whole."""
    notes = {
        "set_aside": made.set_aside,
        "warnings": [one.to_json() for one in made.warnings],
        "profiles": [{**_profile(one), "column": one.column.name} for one in made.profiles],
    }
    path.with_suffix(".json").write_text(json.dumps(notes, ensure_ascii=False), "utf-8")
    made.path.replace(path)
    return replace(made, path=path)


def _restored(table: SourceTable, path: Path, notes: Mapping[str, Any]) -> Prepared:
    profiles = []
    for one in notes["profiles"]:
        found = Profile(table.column(one["column"]), one["heading"], one["cells"], one["empty"])
        found.findings.update(one["findings"])
        profiles.append(found)
    warnings = tuple(Sentence.from_json(one) for one in notes["warnings"])
    rows = pq.read_metadata(path).num_rows
    return Prepared(table, path, rows, tuple(profiles), (), notes["set_aside"], warnings)


def _profile(one: Profile) -> dict[str, Any]:
    return {
        "title": one.column.title.to_json(), "heading": one.heading, "cells": one.cells,
        "empty": one.empty, "refused": one.refused, "findings": dict(one.findings),
    }  # fmt: skip


def _query(
    run: Run, model: Model, prepared: Mapping[str, Prepared], values: base.Values, bar: _Bar
) -> base.Run:
    bar.show(say("正在运行模型"), READ)
    tables = {name: one.path for name, one in prepared.items()}
    if run.engine == "spark":
        return spark.run(model, tables, values, counted=True)
    if run.engine == "plain":
        return plain.run(model, tables, values)
    return duck.run(model, tables, values, counted=True, told=bar)


@transaction.atomic
def _finish(
    run: Run, model: Model, prepared: Mapping[str, Prepared], done: base.Run, at: datetime
) -> None:
    """Write the hits and their leaves, and end the run: all of it, or nothing."""
    now = Run.objects.select_for_update().get(pk=run.pk)
    if not now.going:  # two workers had it: the other was first
        return
    if now.cancel_asked:
        raise Stopped
    rule = practice()
    kept = done.hits.slice(0, rule.k_shown if run.preview else rule.kept_hits).to_pylist()
    rows = {name: cited_rows(model, name, one.path, kept) for name, one in prepared.items()}
    hits = [_hit(now, model, n, hit, rows) for n, hit in enumerate(kept, 1)]
    if not run.preview:
        _stand(now, model, hits)
    now.found.all().delete()
    Hit.objects.bulk_create(hits, batch_size=500)
    now.told["steps"] = dict(done.counts)
    now.hits, now.kept, now.share = done.hits.num_rows, len(hits), 1.0
    now.state, now.stage, now.ended_at = Run.State.DONE, None, at
    now.save()
    append_many(_leaves(now, hits, at))


def cited_rows(
    model: Model, name: str, path: Path, hits: Iterable[Mapping[str, Any]]
) -> dict[int, dict[str, str]]:
    """Return the rows of a table that the hits cite, as texts by column."""
    outputs = [one.name for one in model.cites if one.source == name]
    wanted = {row for hit in hits for one in outputs for row in hit[one]}
    if not wanted:
        return {}
    asked = pc.field("row").isin(pa.array(sorted(wanted), pa.int64()))
    chosen = pq.read_table(path, filters=asked)
    return {
        row.pop("row"): {
            column: "" if cell is None else shown(cell) for column, cell in row.items()
        }
        for row in chosen.to_pylist()
    }


def row_digest(salt: str, row: Mapping[str, str]) -> str:
    """Return the SHA-256 of a row's texts under a run's salt: what the ledger keeps of it."""
    return sha256(canonical({"salt": salt, "row": dict(row)})).hexdigest()


def key_of(model: Model, hit: Mapping[str, Any]) -> str:
    """Return the digest of a hit's key: the same finding in the next run has the same."""
    return sha256(canonical({"key": [shown(hit[one]) for one in model.key]})).hexdigest()


def _hit(run: Run, model: Model, n: int, hit: Mapping[str, Any], rows: Mapping[str, Any]) -> Hit:
    cited = {one.name: hit[one.name] for one in model.cites}
    mine: dict[str, dict[str, Any]] = {}
    for one in model.cites:
        held = mine.setdefault(one.source, {})
        held.update({str(row): rows[one.source][row] for row in hit[one.name]})
    found = Hit(
        run=run, n=n, cited=cited, rows=mine,
        values={one.name: shown(hit[one.name]) for one in model.outputs if one.kind != "rows"},
        digests={
            name: {row: row_digest(run.salt, cells) for row, cells in held.items()}
            for name, held in mine.items()
        },
    )  # fmt: skip
    found.key = key_of(model, hit)  # type: ignore[attr-defined]  # until it has its standing
    return found


def _stand(run: Run, model: Model, hits: list[Hit]) -> None:
    """Give each hit its standing: the one it had in an earlier run, or a new one."""
    keys = {hit.key for hit in hits}  # type: ignore[attr-defined]
    ours = Standing.objects.filter(office=run.office, model=model.id)
    known = {one.key: one for one in ours if one.key in keys}
    fresh = [
        Standing(office=run.office, model=model.id, key=key, first_run=run)
        for key in dict.fromkeys(hit.key for hit in hits)  # type: ignore[attr-defined]
        if key not in known
    ]
    Standing.objects.bulk_create(fresh, batch_size=500)
    known |= {one.key: one for one in fresh}
    for hit in hits:
        hit.standing = known[hit.key]  # type: ignore[attr-defined]


def _leaves(run: Run, hits: Iterable[Hit], at: datetime) -> Iterable[Act]:
    """Return the run's entry, and one for each hit with the digests of the rows it cites."""
    code = run.office.code
    facts = {
        "model": run.model, "digest": run.text_id, "hits": run.hits, "kept": run.kept,
        "values": run.values, "engine": run.engine,
        "inputs": {one.table: one.sha256 for one in run.inputs.all()},
    }  # fmt: skip
    kind = "screening.previewed" if run.preview else "screening.ran"
    yield Act(kind, f"run:{run.pk}", at, run.by, code, facts)
    if not run.preview:
        for hit in hits:
            facts = {"model": run.model, "digest": run.text_id, "rows": hit.digests}
            yield Act("screening.hit", hit.subject, at, run.by, code, facts)


@transaction.atomic
def _end(run: Run, state: str, at: datetime, problem: Sentence | None = None) -> None:
    said = problem.to_json() if problem else None
    if not _going(run).update(state=state, problem=said, stage=None, ended_at=at):
        return
    facts = {"problem": said}
    append_many([Act(f"screening.{state}", f"run:{run.pk}", at, run.by, run.office.code, facts)])
