"""What people had said of pairs of reports before: the same matter, or not.

Triage compares reports by names, kinds of problem, place and time; in three years the offices have
corrected it where it was wrong, and later runs obey. This works those corrections out: triage is
run, compared with what really happened, told where it erred, and run again until nothing is left.
A few matters of the last weeks are left to it; tidy.py merges and splits those on the desk.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from jingyi.core.triage import gathering, incidents
from jingyi.core.triage.pipeline import Judged, triage
from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.reports import Taken, soon
from jingyi.demo.stories import NOW, Story
from jingyi.web.leads import book
from jingyi.web.leads.actions.gather import _pending
from jingyi.web.leads.actions.told import table  # the very table that gather lays out
from jingyi.web.leads.models import Judgement
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger.actions import Act
from jingyi.web.registry.models import Procuratorate

ALL = 1_000_000
ROUNDS = 40
Pair = tuple[str, str]


def load(made: Institutions, taken: Sequence[Taken]) -> list[Act]:
    """Write the judgements of every office; return the acts to record."""
    acts = []
    for code in sorted({one.office.code for one in taken}):
        own = [one for one in taken if one.office.code == code]
        acts.append(_of_office(made, made.offices[code], own))
    return acts


def _of_office(made: Institutions, office: Procuratorate, taken: Sequence[Taken]) -> Act:
    story_of = {str(report.pk): one.story for one in taken for report in one.reports}
    same, apart = _corrections(office, story_of)
    staff = made.staff[office.code, "assistant"] + made.staff[office.code, "prosecutor"]
    came = {str(report.pk): report.received_at for one in taken for report in one.reports}
    rows = []
    for pairs, is_same in ((same, True), (apart, False)):
        for one, other in sorted(pairs):
            own = dice("judged", one, other)
            rows.append(
                Judgement(
                    one_id=int(one),
                    other_id=int(other),
                    same=is_same,
                    by=own.choice(staff),
                    at=soon(max(came[one], came[other]), own.uniform(2, 70)),
                )
            )
    Judgement.objects.bulk_create(rows, batch_size=500)
    said = (f"{row.one_id}:{row.other_id}:{row.same}".encode() for row in rows)
    facts = {"same": len(same), "apart": len(apart), "digest": ledger.digest_of(said)}
    return Act("reports.judged", f"office:{office.code}", NOW, None, office.code, facts)


def _corrections(office: Procuratorate, story_of: dict[str, Story]) -> tuple[set[Pair], set[Pair]]:
    """Return which pairs had to be called the same, and which apart, until triage is right."""
    pending = _pending(office, ALL)
    rules = book.of_office(office)
    verdicts = triage(table(pending), rules)
    names = verdicts["id"].combine_chunks()
    ids = names.to_pylist()
    traces = incidents.unpack(verdicts["trace"])
    groups = verdicts["incident"].to_pylist()
    same: set[Pair] = set()
    apart: set[Pair] = set()
    for _ in range(ROUNDS):
        wrong = set(_wrong(ids, groups, story_of)) - {(pair, True) for pair in same}
        wrong -= {(pair, False) for pair in apart}
        if not wrong:
            break
        same |= {pair for pair, is_same in wrong if is_same}
        apart |= {pair for pair, is_same in wrong if not is_same}
        said = Judged(same=sorted(same), apart=sorted(apart))
        found = gathering.gather(rules.incidents, rules.model.rarity, traces, names, judged=said)
        groups = found.to_pylist()
    return same, apart


def _wrong(
    ids: Sequence[str], groups: Sequence[str], story_of: dict[str, Story]
) -> Iterator[tuple[Pair, bool]]:
    """Yield the pairs that triage put together or kept apart wrongly, and what is right."""
    parts: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    homes: dict[int, str] = {}
    for report, group in zip(ids, groups, strict=True):
        story = story_of[report]
        if not _left(story):
            parts[group][story.number].append(report)
            homes.setdefault(story.number, report)
    for stories in parts.values():
        first, *others = stories.values()
        for reports in others:
            yield from (_pair(first[0], report, False) for report in reports)
        for number, reports in stories.items():
            if reports[0] != homes[number]:
                yield from (_pair(homes[number], report, True) for report in reports)


def _pair(one: str, other: str, is_same: bool) -> tuple[Pair, bool]:
    return (min(one, other, key=int), max(one, other, key=int)), is_same


def _left(story: Story) -> bool:
    """Tell whether nobody has looked at triage's grouping of this story yet."""
    fresh = NOW - story.begun < timedelta(days=60)
    return fresh and dice("left", story.number).random() < 0.12
