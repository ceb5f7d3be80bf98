"""Years later: the same file, the model as it was, the rows a hit cites, the digests in the ledger."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from jingyi.core.refusal import Refusal
from jingyi.core.screening.compile import bound
from jingyi.core.words import Sentence, say
from jingyi.engines.screening import duck
from jingyi.engines.screening.reading import prepare
from jingyi.web.ledger.models import Entry
from jingyi.web.screening import library, running
from jingyi.web.screening.models import DataSource, Hit


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, and whether it held."""

    title: Sentence
    held: bool


def rederive(hit: Hit) -> list[Check]:
    """Derive a hit anew from its sources, from any file with the digest that the run recorded.

    Raises:
        Refusal: no such file is here (any more): take it in again, and try again.
    """
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        return _checked(hit, Path(folder))


def _checked(hit: Hit, folder: Path) -> list[Check]:
    run, model = hit.run, library.of_text(hit.run.text)
    tables, rows = {}, {}
    for given in run.inputs.all():
        table = model.source(given.table)
        file = DataSource.objects.filter(office=run.office, sha256=given.sha256, deleted_at=None).first()  # fmt: skip
        if file is None:
            raise Refusal(
                "“{title}”的原表已经删除。请把摘要为 {digest}… 的同一份文件重新取入后再试。",
                title=table.title, digest=given.sha256[:16],
            )  # fmt: skip
        into = folder / f"{given.table}.parquet"
        tables[given.table] = prepare(table, file.path, into, given.columns or None).path
        rows[given.table] = running.cited_rows(model, given.table, tables[given.table], [hit.cited])
    digests = {
        name: {str(row): running.row_digest(run.salt, cells) for row, cells in held.items()}
        for name, held in rows.items()
    }
    same = all(digests[name] == kept for name, kept in hit.digests.items())
    leaf = Entry.objects.filter(kind="screening.hit", subject=hit.subject).first()
    written = leaf is not None and leaf.body["facts"]["rows"] == hit.digests
    found = duck.run(model, tables, bound(model, run.values)).hits.to_pylist()
    cited = {name: sorted(numbers) for name, numbers in hit.cited.items()}
    again = any({name: sorted(one[name]) for name in cited} == cited for one in found)
    return [
        Check(say("原表的摘要与运行时记下的相同"), held=True),
        Check(say("引用的每一行与命中记下的摘要相同"), held=same),
        Check(say("命中记下的摘要与账本中的记录相同"), held=written),
        Check(say("按当时的模型、参数重新运行，命中同样的行"), held=again),
    ]
