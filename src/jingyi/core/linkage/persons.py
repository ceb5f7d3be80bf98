"""A person's name taken apart: surname, given name, and the titles around it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jingyi.core import rulebook
from jingyi.core.linkage import characters

MOST_GIVEN = 2
HIDDEN = re.compile("[某X*×]+$")  # what is written for characters kept back


@dataclass(frozen=True, slots=True)
class Person:
    """A name and its parts. `given` is empty where only a surname and a title are told."""

    surname: str
    given: str


@cache
def _told() -> dict[str, Any]:
    table = rulebook.raw("linkage/persons.toml")
    fold = characters.fold
    return {
        "compound": frozenset(map(fold, table["compound"])),
        "single": frozenset(fold(table["single"])),
        "titles": tuple(sorted(map(fold, table["titles"]), key=len, reverse=True)),
        "before": tuple(sorted(map(fold, table["before"]), key=len, reverse=True)),
    }


@cache
def split(name: str) -> Person | None:
    """Take a name apart; None if it is no person's name of the usual kind."""
    text, told = characters.fold(name), _told()
    for word in told["before"]:
        if text.startswith(word) and len(text) - len(word) >= (1 if len(word) == 1 else 2):
            bare = text[len(word) :]
            if len(word) > 1 or (len(bare) == 1 and bare in told["single"]):
                text = bare
                break
    for title in told["titles"]:
        if text.endswith(title) and len(text) > len(title):
            text = text[: -len(title)]
            break
    text = HIDDEN.sub("", text)
    for size, known in ((2, told["compound"]), (1, told["single"])):
        if text[:size] in known and len(text) - size <= MOST_GIVEN and len(text) >= size:
            return Person(text[:size], text[size:])
    return None
