"""Whether two names are of the same organisation or person, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from stdnum.cn import uscc

from jingyi.core import rulebook
from jingyi.core.linkage import characters, organisations, persons
from jingyi.core.linkage.characters import Aligned
from jingyi.core.linkage.organisations import Organisation
from jingyi.core.linkage.persons import Person
from jingyi.core.triage import division_table
from jingyi.core.words import Sentence, say

LONGEST_PERSON = 4


@dataclass(frozen=True, slots=True)
class Match:
    """How likely two names are one, 0 to 1, what each part gave, and why in words."""

    score: float
    detail: Mapping[str, float]
    because: tuple[Sentence, ...]

    @property
    def same(self) -> bool:
        """Whether they are taken to be one."""
        return self.score >= float(weights()["same"])

    @property
    def ask(self) -> bool:
        """Whether a person should look: neither one nor clearly two."""
        return float(weights()["ask"]) <= self.score < float(weights()["same"])


@cache
def weights() -> dict[str, Any]:
    """Return `rulebook/linkage/weights.toml`."""
    return rulebook.raw("linkage/weights.toml")


def compare(a: str, b: str, *, code_a: str = "", code_b: str = "") -> Match:
    """Compare two names; unified social credit codes decide first where both check out.

    Args:
        a, b: names as written: any width, traditional or simplified.
        code_a, code_b: credit codes; one whose check character is wrong is passed over.

    Source:
        GB 32100-2015 for the code and its check character.
    """
    decided = _by_code(code_a, code_b)
    if decided is not None:
        return decided
    one, other = characters.fold(a), characters.fold(b)
    if one == other and one:
        return _equal(a, b, one)
    people = _person(one), _person(other)
    if people[0] and people[1]:
        return _persons(people[0], people[1])
    return _organisations(organisations.split(one), organisations.split(other))


def _by_code(code_a: str, code_b: str) -> Match | None:
    codes = [characters.fold(code) for code in (code_a, code_b)]
    if not all(uscc.is_valid(code) for code in codes):
        return None
    if codes[0] == codes[1]:
        return Match(1.0, {"code": 1.0}, (say("统一社会信用代码相同（{code}）", code=codes[0]),))
    return Match(0.0, {"code": 0.0}, (say("统一社会信用代码不同，都通过校验"),))


def _person(folded: str) -> Person | None:
    if len(folded) > LONGEST_PERSON and "某" not in folded:
        stripped = persons.split(folded)
        return stripped if stripped and stripped.given else None
    return persons.split(folded)


def _equal(a: str, b: str, folded: str) -> Match:
    person = persons.split(folded) if len(folded) <= LONGEST_PERSON else None
    if person and not person.given:
        return _surname_only(person.surname)
    why = say("名称相同") if a == b else say("只有繁简、全半角或空格不同")
    return Match(1.0, {"name": 1.0}, (why,))


def _surname_only(surname: str) -> Match:
    score = weights()["person"]["surname_only"]
    why = say("只知道姓{surname}，不能认定是同一人", surname=surname)
    return Match(score, {"surname": score}, (why,))


def _persons(a: Person, b: Person) -> Match:
    if not a.given or not b.given:
        if a.surname == b.surname:
            return _surname_only(a.surname)
        return Match(0.0, {"surname": 0.0}, (say("姓不同"),))
    return _full_names(a, b)


def _full_names(a: Person, b: Person) -> Match:
    rules = weights()["person"]
    if a == b:
        return Match(1.0, {"name": 1.0}, (say("去掉称谓后姓名相同"),))
    if a.surname == b.surname and len(a.given) > 1 and sorted(a.given) == sorted(b.given):
        return Match(rules["swapped"], {"given": rules["swapped"]}, (say("名的两个字前后颠倒"),))
    if len(a.given) != len(b.given) or len(a.surname) != len(b.surname):
        share = characters.align(a.surname + a.given, b.surname + b.given)
        score = min(share.share, weights()["ask"]) if share.pairs == () else 0.0
        return Match(score, {"given": share.share}, (say("名字长短不同"),))
    kinds = [
        characters.kind(x, y) for x, y in zip(a.surname + a.given, b.surname + b.given, strict=True)
    ]
    aligned = _by_place(a.surname + a.given, b.surname + b.given, kinds)
    if not all(kinds):
        return Match(0.0, {"given": aligned.share}, _differences(aligned))
    detail = {"characters": aligned.share}
    wrong = sum(kind != "equal" for kind in kinds)
    if wrong > 1:
        detail["two_wrong"] = -rules["two_wrong"] * (wrong - 1)
    if len(kinds) == organisations.LEAST_BRAND:
        detail["short_wrong"] = -rules["short_wrong"]
    if a.surname != b.surname:
        detail["surname_differs"] = -rules["surname_differs"]
    return _sum(detail, _differences(aligned))


def _by_place(a: str, b: str, kinds: list[str]) -> Aligned:
    pairs = tuple(
        (x, y, kind) for x, y, kind in zip(a, b, kinds, strict=True) if kind and kind != "equal"
    )
    missing = "".join(x + y for x, y, kind in zip(a, b, kinds, strict=True) if not kind)
    share = sum(characters.worths().get(kind, 0.0) for kind in kinds) / len(kinds)
    return Aligned(share, pairs, missing)


def _sum(detail: Mapping[str, float], because: tuple[Sentence, ...]) -> Match:
    return Match(min(max(sum(detail.values()), 0.0), 1.0), detail, because)


def _differences(aligned: Aligned) -> tuple[Sentence, ...]:
    """Say which characters stand for each other, and which stand alone."""
    texts = {
        "alike": say("音形都近"), "sound": say("同音"), "shape": say("形近"), "near": say("近音"),
    }  # fmt: skip
    told = [say("“{a}”与“{b}”{how}", a=a, b=b, how=texts[kind]) for a, b, kind in aligned.pairs]
    if aligned.missing:
        told.append(say("“{characters}”没有对应的字", characters=aligned.missing))
    return tuple(told)


def _organisations(a: Organisation, b: Organisation) -> Match:
    """Compare by brand first; the other parts take off or support."""
    rules = weights()["organisation"]
    because: list[Sentence] = []
    detail = {"brand": _brand(a, b, because)}
    support = 0
    if a.regions and b.regions:
        if _within(a.regions, b.regions):
            support += 1
            because.append(say("行政区划一致（{a}、{b}）", a=a.region, b=b.region))
        else:
            detail["region"] = -rules["region_differs"]
            because.append(say("行政区划不同（{a}、{b}）", a=a.region, b=b.region))
    elif a.regions or b.regions:
        because.append(say("一个没有写行政区划（{region}）", region=a.region or b.region))
    support += _trade(a, b, detail, because)
    if a.form and b.form:
        if a.form == b.form:
            support += 1
        else:
            detail["form"] = -rules["form_differs"]
            because.append(say("组织形式不同"))
    elif a.form or b.form:
        because.append(say("一个没有写组织形式"))
    _branches(a, b, detail, because)
    if a.brand != b.brand and support and detail["brand"] > 0:
        detail["support"] = support * rules["support"]
    if (
        a.brand != b.brand
        and not support
        and len(a.brand) == len(b.brand) == 2
        and detail["brand"] != rules["part_of"]
    ):
        detail["short_wrong"] = -rules["short_wrong"]
    return _sum(detail, tuple(because))


def _brand(a: Organisation, b: Organisation, because: list[Sentence]) -> float:
    if a.brand == b.brand:
        because.append(say("字号相同（{brand}）", brand=a.brand))
        return 1.0
    short, long = sorted((a, b), key=lambda one: (len(one.core), one.core))
    if _abbreviates(short, long):
        part: float = weights()["organisation"]["part_of"]
        because.append(say("“{short}”是“{long}”的简称", short=short.core, long=long.core))
        return part
    aligned = characters.align(a.brand, b.brand)
    because.extend(_differences(aligned))
    if aligned.missing and len(a.brand) == len(b.brand):
        return 0.0  # a character that is simply another one: another brand
    return aligned.share - 0.1 * len(aligned.missing)


def _abbreviates(short: Organisation, long: Organisation) -> bool:
    """Whether `short` says the beginning of the brand of `long`, or the beginnings of its parts."""
    said = short.core
    if len(said) < organisations.LEAST_BRAND:
        return False
    if long.brand.startswith(said) and len(long.brand) > len(said):
        return True
    if short.region and not long.core.startswith(said):
        said = said if said.startswith(division_table.stem(short.region)) else short.region + said
        if (division_table.stem(long.region) + long.core).startswith(said):
            return len(said) > len(short.region)
    heads = [p for p in (long.region[:1], long.brand[:1], long.trade[:1]) if p]
    joined = {x + y for n, x in enumerate(heads) for y in heads[n + 1 :]} | {"".join(heads)}
    return not short.form and said in joined


def _within(a: frozenset[str], b: frozenset[str]) -> bool:
    return any(x.startswith(y) or y.startswith(x) for x in a for y in b)


def _trade(
    a: Organisation, b: Organisation, detail: dict[str, float], because: list[Sentence]
) -> int:
    rules = weights()["organisation"]
    if a.trades and b.trades:
        if a.trades & b.trades:
            return 1
        detail["trade"] = -rules["trade_differs"]
        because.append(say("行业不同（{a}、{b}）", a=a.trade, b=b.trade))
    elif a.trades or b.trades:
        detail["trade"] = -rules["trade_one"]
        because.append(say("一个没有写行业（{trade}）", trade=a.trade or b.trade))
    return 0


def _branches(
    a: Organisation, b: Organisation, detail: dict[str, float], because: list[Sentence]
) -> None:
    rules = weights()["organisation"]
    if a.branch and b.branch:
        if not _same_branch(a.branch, b.branch):
            detail["branch"] = -rules["branch_differs"]
            because.append(say("不是同一家分店（{a}、{b}）", a=a.branch, b=b.branch))
    elif a.branch or b.branch:
        detail["branch"] = -rules["branch_one"]
        because.append(say("一个是分支机构（{branch}）", branch=a.branch or b.branch))


def _same_branch(a: str, b: str) -> bool:
    for ending in organisations.words().branches:
        a, b = a.removesuffix(ending), b.removesuffix(ending)
    return a == b or (characters.align(a, b).share >= weights()["same"] and len(a) == len(b))
