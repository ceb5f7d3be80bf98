"""A photograph's or film's own data beside what was said of it: place, time, sun, changes.

Metadata can be written by anybody and is often missing: a disagreement is for a person to look at,
silence is "cannot be told" and never a contradiction, and agreement proves nothing.
How far apart is too far is data: rulebook/capture.toml.

Not looked for: shadows inside the picture (only what a person says of them), the sky, weather.
"""

from collections.abc import Callable, Iterator

from jingyi.core.capture.changes import changed, device, missing, program, shape
from jingyi.core.capture.light import light, shadow
from jingyi.core.capture.place import place, place_of, said_place
from jingyi.core.capture.rules import WEIGHTS, Finding, Hit, Rules, Said, read_rules
from jingyi.core.capture.time import future, moment_of, satellite, time
from jingyi.core.metadata.found import Found
from jingyi.core.words import say

__all__ = [
    "WEIGHTS",
    "Finding",
    "Rules",
    "Said",
    "check",
    "moment_of",
    "place_of",
    "read_rules",
    "said_place",
]


def check(
    found: Found, said: Said, rules: Rules, *, small_apart: int | None = None
) -> list[Finding]:
    """Return what does not fit, and what cannot be told; contradictions first.

    Args:
        small_apart: bits in which the picture and the small copy inside it differ, where known.
    """
    looks: tuple[Callable[[Found, Said, Rules], Iterator[Hit]], ...] = (
        place, time, satellite, future, light, shadow, device, program, changed, shape, missing,
    )  # fmt: skip
    hits = [hit for look in looks for hit in look(found, said, rules)]
    if small_apart is not None and small_apart > rules.alike:
        words = say("文件里的缩略图与照片本身不是同一画面（64 位中有 {n} 位不同）", n=small_apart)
        hits.append(("thumbnail", words, True))
    findings = [Finding(kind, _weight(kind, sure, rules), words) for kind, words, sure in hits]
    return sorted(findings, key=lambda one: WEIGHTS.index(one.weight))


def _weight(kind: str, sure: bool, rules: Rules) -> str:
    """Return how much it weighs: what rests on an assumed time zone is no contradiction."""
    weight = rules.weigh[kind]
    return "notable" if weight == "contradiction" and not sure else weight
