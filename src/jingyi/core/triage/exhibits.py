"""The rank of one lead, taken apart: each share with its weight, and which check would raise it most."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

import numpy as np

from jingyi.core.triage import rank
from jingyi.core.triage.rank import Column, RankRules, Shares
from jingyi.core.words import Sentence, say

TITLES = {
    "harm": say("危害程度"),
    "reach": say("波及的人"),
    "protected": say("受保护的地点"),
    "duty": say("责任单位明确"),
    "evidence": say("证据"),
    "freshness": say("时间新近"),
    "recurrence": say("反复出现"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one incident, over all its reports. Joining reports only adds to it."""

    lead: float = 0.0
    harm: float = 0.0
    harm_word: str = ""
    reporters: int = 1
    likes: int = 0
    lift: float = 1.0
    protected: bool = False
    duty: bool = False
    pinned: bool = False
    named: bool = False
    dated: bool = False
    photos: int = 0
    last_day: float | None = None  # days since 1970
    span_days: float = 0.0  # from the first report to the last

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Take back what `asdict` wrote; what a later version added has its default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True, slots=True)
class Share:
    """One share of the rank: 0–1, its weight, and the points it brings of those it could."""

    id: str
    title: Sentence
    share: float
    weight: float
    points: float
    most: float
    because: Sentence


@dataclass(frozen=True, slots=True)
class Gain:
    """One check, and by how many points (0–100) it would raise the rank at least."""

    id: str
    what: Sentence
    points: float


def harm_in(rules: RankRules, text: str) -> tuple[float, str]:
    """Return the gravest harm a text names, and the word that names it."""
    found = [(one.share, word) for one in rules.harms for word in one.words if word in text]
    return max(found, key=lambda one: one[0], default=(0.0, ""))


def shares(rules: RankRules, found: Sequence[Facts], today: float) -> Shares:
    """Return the shares of many incidents, one value each. `today`: days since 1970."""

    def column(name: str) -> Column:
        return np.array([getattr(one, name) for one in found], np.float32)

    duty = column("duty")
    days = [np.nan if one.last_day is None else today - one.last_day for one in found]
    return Shares(
        harm=column("harm"),
        reach=rank.reach(rules, column("reporters"), column("likes"), column("lift")),
        protected=column("protected"),
        duty=duty,
        evidence=rank.evidence(
            rules,
            pinned=column("pinned"),
            named=column("named"),
            dated=column("dated"),
            photos=column("photos"),
            party=duty,
        ),
        freshness=rank.freshness(rules, np.array(days, np.float32)),
        recurrence=(column("span_days") >= rules.again_days).astype(np.float32),
    )


def ranks(rules: RankRules, found: Sequence[Facts], today: float) -> Column:
    """Return the ranks, 0 to 100, of many incidents."""
    lead = np.array([one.lead for one in found], np.float32)
    return rank.rank(rules, lead, shares(rules, found, today))


def explained(rules: RankRules, facts: Facts, today: float) -> tuple[Share, ...]:
    """Return every share of one incident's rank; their points add up to it."""
    found = shares(rules, [facts], today)
    scale = 100 * (rules.floor + (1 - rules.floor) * facts.lead) / sum(rules.weights.values())
    because = _because(facts, today)
    out = []
    for name, title in TITLES.items():
        share, weight = float(getattr(found, name)[0]), rules.weights[name]
        out.append(
            Share(name, title, share, weight, scale * weight * share, scale * weight, because[name])
        )
    return tuple(out)


def next_exhibits(rules: RankRules, facts: Facts, today: float) -> tuple[Gain, ...]:
    """Return what is missing and could be found out, the most telling check first."""
    missing = _missing(facts)
    richer = [facts, *(better for _id, _what, better in missing)]
    before, *after = ranks(rules, richer, today).tolist()
    gains = [
        Gain(name, what, points - before)
        for (name, what, _better), points in zip(missing, after, strict=True)
    ]
    return tuple(sorted((g for g in gains if g.points >= 0.05), key=lambda one: -one.points))


def _missing(facts: Facts) -> list[tuple[str, Sentence, Facts]]:
    """Return (id, what to do, the facts if it were done) of each exhibit that is not there."""
    found = [
        (
            "reporter",
            say("再找到一位反映人"),
            replace(facts, reporters=facts.reporters + 1),
        )
    ]
    if not facts.photos:
        found.append(("photo", say("取得一张现场照片"), replace(facts, photos=1)))
    if not facts.duty:
        found.append(("party", say("查明是哪个单位的责任"), replace(facts, duty=True)))
    if not facts.pinned:
        found.append(("pinned", say("在地图上定出位置"), replace(facts, pinned=True)))
    if not facts.named:
        found.append(("named", say("问清地点的名称"), replace(facts, named=True)))
    if not facts.dated:
        found.append(("dated", say("问清发生的日期"), replace(facts, dated=True)))
    if not facts.protected and not facts.pinned:
        found.append(
            (
                "protected",
                say("核对是否在受保护的地点（如果在）"),
                replace(facts, protected=True, pinned=True),
            )
        )
    return found


def _because(facts: Facts, today: float) -> dict[str, Sentence]:
    """Return why each share is as large as it is."""
    none = say("没有")
    held = {
        "pinned": say("有位置"),
        "named": say("有地名"),
        "dated": say("有日期"),
        "photos": say("有照片"),
        "duty": say("有单位"),
    }
    kinds = [held[name] for name in held if getattr(facts, name)]
    if facts.last_day is None:
        fresh = say("时间不明")
    else:
        fresh = say("最近一次在 {days} 天前", days=max(round(today - facts.last_day), 0))
    return {
        "harm": say("说到“{word}”", word=facts.harm_word) if facts.harm_word else none,
        "reach": _reach(facts),
        "protected": say("在受保护的地点或附近") if facts.protected else none,
        "duty": say("提到了单位") if facts.duty else none,
        "evidence": joined(kinds) or none,
        "freshness": fresh,
        "recurrence": say("前后相隔 {days} 天", days=round(facts.span_days)),
    }


def _reach(facts: Facts) -> Sentence:
    told = say("{people} 人反映，{likes} 人赞同", people=facts.reporters, likes=facts.likes)
    if facts.lift > 1.005:
        return say("{told}；当地反映少，按 {lift} 倍计", told=told, lift=f"{facts.lift:.2f}")
    return told


def joined(sentences: Sequence[Sentence]) -> Sentence | None:
    """Return the sentences as one list, or None where there are none."""
    out = None
    for one in sentences:
        out = one if out is None else say("{before}、{last}", before=out, last=one)
    return out


def stored(facts: Facts) -> dict[str, Any]:
    """Return the facts as plain JSON."""
    return asdict(facts)
