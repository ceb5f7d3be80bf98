"""The rules that count a case's clocks: the rulebook's, the office's own, and what was moved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from jingyi.core import rulebook
from jingyi.core.clock_rules import Period, Rule
from jingyi.web.cases.rules.models import Move, OfficeLimit

Rules = tuple[Rule, ...]
Moved = Mapping[str, date]  # rule → the version its running clocks were moved to


def office_rules(office_ids: Iterable[int]) -> dict[int, Rules]:
    """Return the rules of each office with the limits it has set itself."""
    wanted = set(office_ids)
    own: dict[int, dict[str, Rule]] = {office: {} for office in wanted}
    by_day: dict[tuple[int, str, date], dict[str, Period]] = defaultdict(dict)
    for limit in OfficeLimit.objects.filter(office__in=wanted):
        lengths = by_day[limit.office_id, limit.rule, limit.since]
        lengths[limit.track] = Period(**{limit.unit: limit.number})
    for (office, name, since), lengths in sorted(by_day.items(), key=lambda item: item[0][2]):
        rule = own[office].get(name) or rulebook.clock(name)
        own[office][name] = rule.limited(since, lengths)
    return {
        office: tuple(changed.get(rule.id, rule) for rule in rulebook.clocks())
        for office, changed in own.items()
    }


def moved_of(case_ids: Iterable[int]) -> dict[int, dict[str, date]]:
    """Return what was moved in each case; the last move of a rule that stands is the one."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    through = Move.cases.through.objects.filter(case__in=list(case_ids), move__undone_at=None)
    rows = through.order_by("move_id").values_list("case_id", "move__rule", "move__version")
    for case, rule, version in rows:
        found[case][rule] = version
    return found


def moved(rules: Rules, versions: Moved) -> Rules:
    """Return `rules` with those in `versions` moved."""
    return tuple(rule.moved(versions[rule.id]) if rule.id in versions else rule for rule in rules)
