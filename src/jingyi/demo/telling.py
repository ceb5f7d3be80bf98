"""How a thing is told: the small grammar of the story files, and people's ways of writing.

``[a|b|]`` is a choice, ``{place}`` a gap. Every sentence is ours; no real message was used.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

CHOICE = re.compile(r"\[([^\[\]]*)\]")
GAP = re.compile(r"\{(\w+)\}")
DOUBLED = re.compile(r"(附近|旁边|门口|那边|下面)(附近|旁边|门口|里)")
STORIES = Path(__file__).parent / "stories"


def tell(pattern: str, gaps: Mapping[str, str], dice: Random) -> str:
    """Return the pattern with each choice made and each gap filled."""
    while CHOICE.search(pattern):
        pattern = CHOICE.sub(lambda found: dice.choice(found[1].split("|")), pattern)
    return GAP.sub(lambda found: gaps[found[1]], pattern)


@cache
def voices() -> dict:
    return tomllib.loads((STORIES / "voices.toml").read_text("utf-8"))


def message(kind: Mapping, source: str, gaps: Mapping[str, str], dice: Random) -> str:
    """Return one person's message about a thing of this kind, in the manner of the channel."""
    manner = voices().get(source, voices()["citizen"])
    parts = [
        dice.choice(manner["open"]),
        _body(kind, source, gaps, dice),
        dice.choice(manner.get("close", voices()["ask"])),
    ]
    text = DOUBLED.sub(r"\2", "".join(tell(part, gaps, dice) for part in parts))
    return _fingers(text, dice) if source in {"citizen", "hotline"} else text


def _body(kind: Mapping, source: str, gaps: Mapping[str, str], dice: Random) -> str:
    """Return what was seen, and perhaps more of it, what it does to people and what was tried."""
    public, lay = bool(kind["domain"]), source in {"citizen", "hotline"}
    parts = dice.sample(kind["see"], k=2 if len(kind["see"]) > 1 and dice.random() < 0.4 else 1)
    for what, often in (("more", 0.55), ("harm", 0.45)):
        if kind.get(what) and dice.random() < often:
            parts.append(dice.choice(kind[what]))
    told = [tell(part, gaps, dice) for part in parts]
    named = {gaps["short"], gaps["place"], gaps["site"]} - {""}
    if not any(name in part for part in told for name in named):
        told[0] = f"{gaps['place']}，{told[0]}"
    if lay and public:
        told[0] = dice.choice(voices()["since"]) + told[0]
    ends = "。" if dice.random() < 0.7 else dice.choice(["，", "。", "！", "；", " "])
    text = ends.join(told) + "。"
    if lay and public and dice.random() < 0.22:
        text += dice.choice(voices()["history"])
    return text


def _fingers(text: str, dice: Random) -> str:
    """Return the text as typed on a phone: now and then a slip, a doubled mark, none at all."""
    if dice.random() < 0.25:
        wrong = dict(pair.split("=") for pair in voices()["typos"]["pairs"])
        spots = [n for n, character in enumerate(text) if character in wrong]
        if spots:
            n = dice.choice(spots)
            text = text[:n] + wrong[text[n]] + text[n + 1 :]
    if dice.random() < 0.08:
        text = text.replace("。", "！！", 1)
    if dice.random() < 0.1:
        text = text.replace("，", " ", 2)
    if dice.random() < 0.06:
        text = text.rstrip("。")
    return text


def firm(trade: str, dice: Random) -> str:
    """Return an invented firm's name as people say it, without the city."""
    firms = voices()["firms"]
    return dice.choice(firms["given"].split()) + dice.choice(firms[trade])


def shop(trade: str, dice: Random) -> str:
    shops = voices()["shops"]
    return f"“{dice.choice(shops['given'].split())}{dice.choice(shops[trade])}”"


def surname(dice: Random) -> str:
    return dice.choice(voices()["surnames"])
