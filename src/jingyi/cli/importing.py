"""`jingyi import`: a hotline's file into the office's data, triaged."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from jingyi.cli import office as load_office
from jingyi.cli import prepare
from jingyi.cli.progress import Progress
from jingyi.core.refusal import Refusal

PART = 2**20  # bytes
TOP = 10
CHUNK = 1000  # rows in one question to the database


def add(commands) -> None:
    """Register `import`."""
    parser = commands.add_parser(
        "import",
        help="take a file of messages in: XLSX, CSV or Parquet; the same file twice adds nothing",
        description="Read a hotline's file, take in the messages that are new, list the rows that "
        "could not be taken with the reason, and triage what came in.",
        epilog="example: jingyi import messages.xlsx --sender 12345热线 --json\n"
        "         jingyi import sheet.csv --sender 12345热线 --column text=留言详情",
    )
    parser.add_argument("file", metavar="FILE", help="XLSX, CSV (UTF-8, GB18030) or Parquet")
    parser.add_argument("--sender", metavar="NAME", required=True, help="who sends it")
    parser.add_argument(
        "--office", metavar="CODE", help="whose file it is, where there are several"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADING",
        help="text, title, time, id, place, lon, lat, datum, reporter, likes; the rest is guessed",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Import, triage, and say what became of the rows."""
    from jingyi.web.intake.importing.mapping import from_words

    began = time.monotonic()
    path, said = Path(args.file), from_words(args.column)
    if not path.is_file():
        raise Refusal("找不到文件 {name}。请检查路径。", name=str(path))
    load_office()
    prepare()
    bar = Progress(sys.stderr)
    batch = take_in(path, whose(args.office), args.sender, said, bar)
    bar.show("正在分诊…")
    triage(batch)
    bar.end()
    incidents = incidents_of(batch)
    result = {
        "rows": batch.rows,
        "new": batch.new,
        "known": batch.known,
        "rejected": batch.rejected,
        "rejected_file": write_rejected(batch),
        "incidents": len(incidents),
        "seconds": round(time.monotonic() - began, 2),
    }
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(as_text(batch, result, incidents))
    return 0


def whose(code: str | None) -> Any:
    """Return the office named, or the only one there is; make one in an empty data folder."""
    from django.utils import timezone

    from jingyi.web.registry.actions import found_office
    from jingyi.web.registry.models import Procuratorate

    offices = Procuratorate.objects.select_related("region").order_by("path")
    if code:
        found = offices.filter(code=code).first()
        if found is None:
            listed = "、".join(f"{one.code}（{one.name}）" for one in offices[:20])
            raise Refusal(
                "没有代码为 {code} 的检察院。现有：{listed}。", code=code, listed=listed or "无"
            )
        return found
    found = list(offices[:20])
    if len(found) > 1:
        listed = "、".join(f"{one.code}（{one.name}）" for one in found)
        raise Refusal(
            "这里有多个检察院，请用 --office 指明是哪一个的来件：{listed}。", listed=listed
        )
    if found:
        return found[0]
    made = found_office(at=timezone.now())
    sys.stderr.write(f"数据目录中还没有检察院，已建立“{made.name}”（代码 {made.code}）。\n")
    return made


def take_in(path: Path, office: Any, sender_name: str, said: dict[str, str], bar: Progress) -> Any:
    """Return the batch, done."""
    from django.utils import timezone

    from jingyi.web.intake.actions import imports

    at = timezone.now()
    bar.show("正在读取…")
    sender = imports.name_sender(office=office, name=sender_name, by=None, at=at)
    if left := unfinished(path, sender, said):
        bar.show(f"接着上次中断的批次 {left.ref}…")
        return imports.run_import(batch=left, at=at, progress=bar)
    batch = imports.start_import(
        sender=sender, chunks=parts_of(path), file_name=path.name, by=None, at=at
    )
    named = set(said.values())
    mapping = {field: name for field, name in batch.mapping.items() if name not in named} | said
    batch = imports.confirm_import(batch=batch, mapping=mapping, by=None, at=at, queue=False)
    bar.began = time.monotonic()
    return imports.run_import(batch=batch, at=at, progress=bar)


def unfinished(path: Path, sender: Any, said: dict[str, str]) -> Any:
    """Return the batch that an earlier command of the same words left behind, or None."""
    from jingyi.web.intake.models import Batch

    digest = sha256()
    for part in parts_of(path):
        digest.update(part)
    going = (Batch.State.QUEUED, Batch.State.RUNNING)
    left = sender.batches.filter(file=digest.hexdigest(), by=None, state__in=going)
    return next((one for one in left if said.items() <= one.mapping.items()), None)


def parts_of(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes."""
    with path.open("rb") as stream:
        while part := stream.read(PART):
            yield part


def triage(batch: Any) -> None:
    """Do now what the page leaves to the worker."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    for name in settings.JINGYI_AFTER_REPORTS:
        import_string(name).func(batch.sender.office_id)


def incidents_of(batch: Any) -> set[int]:
    """Return the keys of the incidents that the file's rows are in, also of rows known before."""
    from jingyi.web.intake.importing.run import fingerprints
    from jingyi.web.intake.models import Report

    theirs = Report.objects.filter(sender=batch.sender_id, finding__isnull=False)
    found = set(theirs.filter(batch=batch).values_list("finding__incident", flat=True))
    if batch.known:
        rows = fingerprints(batch)
        while some := list(islice(rows, CHUNK)):
            known = theirs.filter(fingerprint__in=some)
            found.update(known.values_list("finding__incident", flat=True))
    return found


def write_rejected(batch: Any) -> str | None:
    """Write the rows that were not taken in to the data folder; return where, or None."""
    from django.conf import settings

    from jingyi.web.evidence import vault

    if not batch.rejected_file_id:
        return None
    target = Path(settings.DATA) / "rejected" / f"{batch.ref}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join(vault.read(batch.rejected_file_id, folder=Path(settings.VAULT))))
    return str(target)


def as_text(batch: Any, result: dict[str, Any], incidents: set[int]) -> str:
    """Return the summary for a person: the counts, and the incidents that come first."""
    from jingyi.core import rulebook
    from jingyi.core.words import Sentence
    from jingyi.web.intake.queries import imports as queries
    from jingyi.web.leads.models import Incident

    titles = {domain.slug: str(domain.title) for domain in rulebook.every_domain()}
    lines = [
        (
            f"{batch.file_name}：{result['rows']:,} 行，新收 {result['new']:,} 件，"
            f"已有 {result['known']:,} 件，未导入 {result['rejected']:,} 行；"
            f"归并为 {result['incidents']:,} 件事；用时 {result['seconds']:.1f} 秒。"
        )
    ]
    if changed := len(queries.changed(batch)):
        lines.append(f"{changed:,} 行编号与以前相同、内容不同；以前收到的原样保留，不作改动。")
    if result["rejected_file"]:
        lines.append(f"未导入的行和原因：{result['rejected_file']}")
    best = Incident.objects.filter(is_lead=True).order_by("-rank", "-pk")
    top = islice((one for one in best.iterator() if one.pk in incidents), TOP)
    for place, one in enumerate(top, 1):
        why = str(Sentence.from_json(one.reasons[0])) if one.reasons else ""
        lines.append(
            f"{place:>2}. {one.rank * 100:3.0f}  {titles.get(one.domain, '未定领域')}  "
            f"{one.title[:28]}  {one.reports} 件  {why}"
        )
    return "\n".join(lines)
