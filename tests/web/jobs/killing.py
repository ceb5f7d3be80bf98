"""A worker is killed (SIGKILL) at a chosen statement to the database, and followed by another.

Run as a program, in an office's folder: `killing.py PLACES` prints, as JSON, how many statements
there are, at which a worker was killed, and what each office held in the end.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django is set up first
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from jingyi.web.intake.actions import imports  # noqa: E402
from jingyi.web.intake.models import Report  # noqa: E402
from jingyi.web.jobs.models import Worker  # noqa: E402
from jingyi.web.jobs.worker import work  # noqa: E402
from jingyi.web.leads.models import Finding, Incident  # noqa: E402
from jingyi.web.ledger import queries as ledger  # noqa: E402
from jingyi.web.ledger.models import Entry  # noqa: E402
from jingyi.web.registry.models import Procuratorate  # noqa: E402

ROWS = 120


def queue() -> None:
    """Queue an import of a hotline's file."""
    office = Procuratorate.objects.order_by("pk").first()
    at = timezone.now()
    sender = imports.name_sender(office=office, name="12345", by=None, at=at)
    kinds = (
        "东津河边有暗管排黑水",
        "小区门口路灯不亮",
        "超市卖过期牛奶给老人",
        "国有林地里倒建筑垃圾",
    )
    rows = [f"{n},{kinds[n % 4]}，第{n}次反映，地点在{n % 9}号桥边。" for n in range(ROWS)]
    batch = imports.start_import(
        sender=sender, chunks=["\n".join(["编号,内容", *rows]).encode()], file_name="a.csv",
        by=None, at=at,
    )  # fmt: skip
    imports.confirm_import(batch=batch, mapping={"text": "内容", "id": "编号"}, by=None, at=at)


def held() -> dict[str, object]:
    """Return what the office holds, whatever numbers and times its rows have."""
    proof = ledger.verify()
    acts = sorted(Entry.objects.values_list("kind", flat=True))
    texts = sorted(Report.objects.values_list("text", flat=True))
    judged = sorted(Finding.objects.values_list("report__text", "is_lead"))
    return {
        "sound": proof.problem is None,
        "acts": {kind: acts.count(kind) for kind in sorted(set(acts))},
        "reports": [len(texts), sha256("\n".join(texts).encode()).hexdigest()],
        "findings": [len(judged), sha256(json.dumps(judged).encode()).hexdigest()],
        "incidents": Incident.objects.exclude(state=Incident.State.MERGED).count(),
        "jobs": sorted(DBTaskResult.objects.values_list("task_path", "status")),
    }


def child(run) -> int:
    """Run `run` in a process of its own; return its wait status."""
    connections.close_all()
    if pid := os.fork():
        return os.waitpid(pid, 0)[1]
    try:
        run()
    except BaseException as wrong:  # noqa: BLE001 -- said by the process's end
        sys.stderr.write(f"{wrong!r}\n")
        os._exit(1)
    connections.close_all()
    os._exit(0)


def worker(*, die_at: int = 0, count: Path | None = None) -> None:
    """Work until the queue is empty; be killed before statement `die_at`."""
    done = 0

    def counted(execute, sql, params, many, context):
        nonlocal done
        done += 1
        if done == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        work(until_empty=True)
    if count:
        count.write_text(str(done))


def follower(answer: Path) -> None:
    """Be the next worker, when the dead one's lease has run out; tell what the office holds."""
    Worker.objects.all().delete()
    work(until_empty=True)
    answer.write_text(json.dumps(held(), ensure_ascii=False))


def main(places: int) -> dict[str, object]:
    """Kill a worker at each of so many places, evenly through its work."""
    data = Path(settings.DATA)
    with tempfile.TemporaryDirectory() as name:
        kept, answer = Path(name) / "kept", Path(name) / "answer"
        assert child(queue) == 0
        shutil.copytree(data, kept)

        def again() -> None:
            shutil.rmtree(data)
            shutil.copytree(kept, data)

        assert child(lambda: worker(count=answer)) == 0
        statements = int(answer.read_text())
        assert child(lambda: follower(answer)) == 0
        ends = {"never": json.loads(answer.read_text())}
        for n in range(places):
            at = 1 + n * (statements - 1) // max(places - 1, 1)
            again()
            status = child(lambda at=at: worker(die_at=at))
            assert os.WTERMSIG(status) == signal.SIGKILL, (at, status)
            assert child(lambda: follower(answer)) == 0
            ends[str(at)] = json.loads(answer.read_text())
    return {"statements": statements, "ends": ends}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1])), ensure_ascii=False))
