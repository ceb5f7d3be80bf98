"""`jingyi tick`: whatever is due, done once. Run it from cron, as often as you like."""

import argparse
import json
from datetime import datetime

from jingyi.cli import office, prepare


def add(commands) -> None:
    """Register `tick`."""
    parser = commands.add_parser(
        "tick",
        help="do what is due, once: triage what came in, count clocks, remind people",
        description="Triage new reports, count anew the clocks that time moves, and tell handlers "
        "of periods that end within a week, today, or have ended. Each notice is given once, so "
        "running it twice does nothing twice.",
        epilog="example: jingyi tick --json",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what is due and print how much there was."""
    office()
    prepare()
    from django.utils import timezone

    done = tick(at=timezone.now())
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
        return 0
    notices = done["notices"]
    print(f"新线索分诊 {done['reports']} 条")
    print(f"重新排序线索 {done['reranked']} 条")
    print(f"重新计算期限 {done['recounted']} 件")
    print(
        f"提醒：七日内到期 {notices['soon']} 条，今天到期 {notices['today']} 条，"
        f"已逾期 {notices['overdue']} 条"
    )
    station = done["station"]
    print(
        f"工作站：义务日历提醒 {station['warned']} 人次，机关移送的线索登记 {station['leads']} 条"
    )
    witnesses = done["witnesses"]
    print(f"账本树头：送去见证 {witnesses['told']} 家，没有送到 {witnesses['failed']} 家")
    screening = done["screening"]
    print(
        f"监督模型：到期删除数据 {screening['deleted']} 份，属实率下降的模型 {screening['drifting']} 个"
    )
    vault = done["vault"]
    print(f"证据库：核对文件 {vault['files']} 个，有误 {vault['wrong']} 个{vault['stopped']}")
    return 0


def tick(*, at: datetime) -> dict[str, object]:
    """Return what was done: ``{"at", "reports", "reranked", "recounted", "notices", "station", "uploads",
    "vault", "witnesses", "screening"}``."""
    from jingyi.web.cases import jobs
    from jingyi.web.evidence import jobs as vault
    from jingyi.web.evidence.uploads import actions as uploads
    from jingyi.web.evidence.witnesses import jobs as witnesses
    from jingyi.web.leads.actions import gather, refresh
    from jingyi.web.registry.models import Procuratorate
    from jingyi.web.screening import jobs as screening
    from jingyi.web.station.shared import jobs as station

    # an office's reports that no worker has looked at yet; the import queues its own
    waiting = Procuratorate.objects.filter(reports__finding=None, reports__isnull=False)
    reports = sum(gather(office=found, at=at) for found in waiting.distinct())
    desks = Procuratorate.objects.filter(incidents__isnull=False).distinct()
    return {
        "at": at.isoformat(timespec="seconds"),
        "reports": reports,
        "reranked": sum(refresh(office=found, at=at) for found in desks),
        "recounted": jobs.recount(at=at),
        "notices": jobs.remind(at=at),
        "station": {
            "leads": station.follow(at=at),
            "recounted": station.recount(at=at),
            "warned": station.warn(at=at),
        },
        "uploads": uploads.expire(at=at),
        "vault": vault.sweep_once(at=at),
        "witnesses": witnesses.tell_peers(at=at),
        "screening": screening.due(at=at),
    }
