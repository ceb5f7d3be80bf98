"""The finder: closed cases scored by four criteria, each with its reasons and what is missing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from jingyi.core.typical.book import Book, Sign, book
from jingyi.core.typical.likeness import Shelf
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Told:
    """A closed case as the finder sees it: what it says, what happened in it, what was found."""

    key: str
    text: str
    track: str
    domain: str
    events: frozenset[str]
    effects: frozenset[str]  # ids of [[effect]] found in the file, beside what events show
    points: frozenset[str]  # ids of [[point]], likewise; what is rare is counted by the finder
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion of one case: 0 to 1, or None where it cannot be told."""

    share: float | None
    reasons: tuple[Sentence, ...]
    gaps: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case with its score, 0 to 100: the weighted mean of the criteria that can be told."""

    key: str
    score: float
    parts: Mapping[str, Part]

    @property
    def gaps(self) -> tuple[Sentence, ...]:
        return tuple(gap for part in self.parts.values() for gap in part.gaps)


def find(cases: Sequence[Told], published: Sequence[tuple[str, str]]) -> list[Candidate]:
    """Return every case as a candidate, the strongest first; equals in the order of their keys.

    Args:
        cases: closed cases of one office; what is rare is rare among them.
        published: title and text of the typical cases that are out already.
    """
    rules = book()
    shelf = Shelf([text for _, text in published], (one.text for one in cases))
    cited = Counter(article for one in cases for article in one.articles)
    domains = Counter(one.domain for one in cases)
    most = len(cases) * rules.rare / 100
    found = []
    for one in cases:
        rare = sorted(article for article in one.articles if cited[article] <= most)
        signs = _shown(one, one.points, rules.points)
        signs |= {"cited"} if one.articles else set()
        signs |= {"rare-article"} if rare else set()
        signs |= {"rare-domain"} if domains[one.domain] <= most else set()
        parts = {
            "novelty": _novelty(one, shelf, published, rules),
            "procedure": _procedure(one, rules),
            "effect": _effect(one, rules),
            "law": _law(signs, rare, rules),
        }
        found.append(Candidate(one.key, _score(parts, rules), parts))
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.key))


def _score(parts: Mapping[str, Part], rules: Book) -> float:
    told = {
        name: part.share * rules.criteria[name].weight
        for name, part in parts.items()
        if part.share is not None
    }
    whole = sum(rules.criteria[name].weight for name in told)
    return 100 * sum(told.values()) / whole


def _novelty(one: Told, shelf: Shelf, published: Sequence[tuple[str, str]], rules: Book) -> Part:
    nearest = shelf.nearest(one.text)
    if nearest is None:
        return Part(None, (say("还没有登记已发布的典型案例，新颖与否无法比较，不计入总分。"),))
    place, likeness = nearest
    values = {"title": published[place][0], "percent": round(likeness * 100)}
    reason = say("与已发布的典型案例相比，最接近“{title}”，相近程度 {percent}%。", **values)
    gaps: tuple[Sentence, ...] = ()
    if likeness * 100 >= rules.alike:
        gaps = (say("与已发布的“{title}”相近，要写出有什么不同。", title=values["title"]),)
    return Part(max(0.0, 1 - likeness * 100 / rules.alike), (reason,), gaps)


def _procedure(one: Told, rules: Book) -> Part:
    asked = [step for step in rules.steps.values() if one.track in step.tracks]
    have = [step for step in asked if step.events & one.events]
    missing = [step for step in asked if step not in have]
    reason = say("应有的 {n} 个环节，卷里有 {have} 个。", n=len(asked), have=len(have))
    gaps = tuple(say("卷里没有“{step}”的记录。", step=step.title) for step in missing)
    return Part(len(have) / len(asked) if asked else None, (reason,), gaps)


def _effect(one: Told, rules: Book) -> Part:
    shown = _shown(one, one.effects, rules.effects)
    have = [sign for name, sign in rules.effects.items() if name in shown]
    wanted = [
        sign
        for name, sign in rules.effects.items()
        if name not in shown and not (name == "judged" and one.track == "administrative")
    ]
    enough = sum(sign.points for sign in have) >= 100
    gaps = () if enough else tuple(say("没有“{sign}”的记录。", sign=one.title) for one in wanted)
    return Part(
        _points(have), tuple(say("办案效果：{sign}。", sign=one.title) for one in have), gaps
    )


def _law(signs: Collection[str], rare: Sequence[str], rules: Book) -> Part:
    have = [sign for name, sign in rules.points.items() if name in signs]
    reasons = [say("法律要点：{sign}。", sign=one.title) for one in have]
    if rare:
        reasons.append(say("少见的条文：{articles}。", articles="、".join(rare)))
    gaps = () if "cited" in signs else (say("查明的事实没有引用条文，看不出法律要点。"),)
    return Part(_points(have), tuple(reasons), gaps)


def _shown(one: Told, found: Collection[str], signs: Mapping[str, Sign]) -> set[str]:
    """Return the signs that were found, and those that an event on file shows."""
    return set(found) | {name for name, sign in signs.items() if sign.events & one.events}


def _points(signs: Sequence[Sign]) -> float:
    return min(sum(sign.points for sign in signs), 100) / 100
