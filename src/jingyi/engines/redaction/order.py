"""What is asked of a copy: words, boxes, and the lines that somebody else read on pages without text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from jingyi.core.reading.page import Box, Line


@dataclass(frozen=True, slots=True)
class Order:
    """Words in the order of `core.sensitive.words`; boxes and read lines by page, from 1."""

    words: tuple[str, ...] = ()
    boxes: Mapping[int, Sequence[Box]] = field(default_factory=dict)
    lines: Mapping[int, Sequence[Line]] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Keep it in a file for the child."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Order":
        """Read what `write` wrote."""
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            tuple(told["words"]),
            {int(page): [Box(**one) for one in boxes] for page, boxes in told["boxes"].items()},
            {
                int(page): [Line(one["text"], Box(**one["box"]), one["score"]) for one in lines]
                for page, lines in told["lines"].items()
            },
        )


@dataclass(frozen=True, slots=True)
class PageFound:
    """What of the order stands on a page: a box for each piece of a word, and how often each word."""

    number: int
    boxes: tuple[Box, ...]
    times: tuple[int, ...]  # by word
    readable: bool  # the page has words that can be searched
