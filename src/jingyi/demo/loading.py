"""Fill an empty office with the demo city, in one transaction: all of it or nothing."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from jingyi.demo import (
    brand_life,
    brands,
    cases,
    decisions,
    desk,
    duties,
    institutions,
    judged,
    laboratory,
    map,  # noqa: A004 -- a map is a map
    papers,
    patrols,
    present,
    proposals,
    reports,
    screening,
    selection,
    shared,
    station,
)
from jingyi.demo.digest import digest
from jingyi.demo.stories import NOW, stories
from jingyi.demo.tidy import Tidy
from jingyi.web.leads.actions import gather
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate

Say = Callable[[str], None]


def load(at: datetime | None = None, say: Say | None = None) -> list[str]:
    """Load the demo city unless an office is there already; return the sign-ins to print.

    Args:
        at: when this is done, for the ledger; default the city's own present, 2026-11-20.
        say: called with one line for each part that is done; default standard error.
    """
    if not Procuratorate.objects.exists():
        _fill(at or NOW, say or _print)
    elif not Procuratorate.objects.filter(code="zy", region="990100").exists():
        return []  # a real office: nothing of the demo is here
    return [*institutions.sign_ins(), *present.receipts()]


def _print(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@transaction.atomic
def _fill(at: datetime, say: Say) -> None:
    with _part(say, "区划、检察院、机关和人员"):
        made = institutions.load()
        map.load(made)
    with _part(say, f"{len(stories()):,} 件事的反映"):
        taken, acts = reports.load(made)
    with _part(say, "分拣和归并"):
        judged_acts = judged.load(made, taken)
        for code in cases.SHORT:
            gather(office=made.offices[code], at=NOW)
        incidents, corrected = Tidy(made, taken).work()
    with _part(say, f"{cases.ADMINISTRATIVE + cases.CIVIL} 个案件及其期限"):
        filed, stepped = cases.load(made, cases.plans(taken), incidents)
    with _part(say, "线索的处理"):
        decided = desk.decide(made, taken, incidents, filed)
        told = present.tell_reporters()
    with _part(say, "账本"):
        every = sorted(
            [*acts, *judged_acts, *corrected, *stepped, *decided, *told], key=lambda act: act.at
        )
        ledger.append_many(act for act in every if act.at <= papers.AT)
        papers.load(made)
        ledger.append_many(act for act in every if act.at > papers.AT)
        present.today(made, taken, incidents)
        decisions.load(made)
        duties.load(made)
        station.load(made)
        proposals.load(made)
        shared.load(made)
        laboratory.load(made)
        screening.load(made)
        brands.load(made)
        brand_life.load(made)
        selection.load(made)
        patrols.load(made)
        ledger.append(
            kind="demo.loaded",
            subject="office:zy",
            facts={"digest": digest()},
            by=made.people["admin"],
            at=at,
            office=made.offices["zy"],
        )


@contextmanager
def _part(say: Say, what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    say(f"  演示城市：{what}（{time.perf_counter() - began:.1f} 秒）")
