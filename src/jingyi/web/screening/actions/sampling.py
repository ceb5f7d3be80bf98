"""What a model did not flag: a sample drawn so that anyone can draw it again, and what people say of it."""

import random
from datetime import datetime

import pyarrow.parquet as pq
from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.core.screening.masking import masked_row
from jingyi.core.screening.practice import practice
from jingyi.web.accounts.models import User
from jingyi.web.ledger.actions import root_at
from jingyi.web.ledger.models import Head
from jingyi.web.registry.access import require
from jingyi.web.screening import library, running
from jingyi.web.screening.actions.record import record
from jingyi.web.screening.models import Negative, Run


@transaction.atomic
def draw(*, run: Run, by: User, at: datetime) -> int:
    """Draw rows of the run's decisive table that no hit cites; return how many.

    The seed is the ledger's root before the draw, so nobody chooses what is drawn.

    Raises:
        Refusal: drawn before, not all hits were kept, or the tables are gone.
    """
    require(by, "screening.run", run.office)
    model = library.of_text(run.text)
    cite = next(one for one in model.cites if one.weight == "decisive")
    path = run.folder / f"{cite.source}.parquet"
    if run.preview or run.state != Run.State.DONE or run.kept < run.hits:
        raise Refusal("只有正式运行、全部命中都已记入的运行才能抽样。")
    if run.negatives.exists():
        raise Refusal("这次运行已经抽过样。")
    if not path.exists():
        raise Refusal("数据已经到期删除，不能再抽样。")
    flagged = {
        row for cited in run.found.values_list("cited", flat=True) for row in cited[cite.name]
    }
    source = model.source(cite.source)
    every = pq.read_table(path, columns=["row"])["row"].to_pylist()
    open_rows = [row for row in every if row not in flagged]
    size = Head.objects.get(pk=1).size
    root = root_at(size).hex()
    chosen = random.Random(root).sample(open_rows, min(practice().sample, len(open_rows)))  # noqa: S311 -- to be drawn again
    cells = running.cited_rows(model, cite.source, path, [{cite.name: chosen}])
    Negative.objects.bulk_create(
        Negative(
            run=run, table=cite.source, row=row, unflagged=len(open_rows),
            values=masked_row(source, cells[row]),
        )
        for row in chosen
    )  # fmt: skip
    record(
        "sample-drawn", f"run:{run.pk}", office=run.office, by=by, at=at, root=root, size=size,
        rows=chosen, unflagged=len(open_rows),
    )  # fmt: skip
    return len(chosen)


@transaction.atomic
def say_of(*, negative: Negative, verdict: str, by: User, at: datetime) -> Negative:
    """Say whether a row should have been a hit; "" takes it back."""
    require(by, "screening.run", negative.run.office)
    negative.verdict = verdict
    negative.by, negative.at = (by, at) if verdict else (None, None)
    negative.save(update_fields=["verdict", "by", "at"])
    record("sample-read", f"run:{negative.run_id}", office=negative.run.office, by=by, at=at, row=negative.row, verdict=verdict)  # fmt: skip
    return negative
