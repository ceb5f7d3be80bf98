"""Sentences that can be shown in either language.

`core` decides and says why, but does not know who reads. It returns a
`Sentence`: the Chinese text with named gaps, and what fills them. The page
translates the text (it is the message id) and fills the gaps afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for a person: `text` with `{named}` gaps, and their `values`.

    A value may itself be a `Sentence`; it is translated on its own.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`, gaps filled."""
        filled = {
            name: value.render(translate) if isinstance(value, Sentence) else _shown(value)
            for name, value in self.values.items()
        }
        return translate(self.text).format(**filled) if filled else translate(self.text)

    def __str__(self) -> str:
        return self.render()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON that `from_json` turns back into an equal-reading sentence."""
        values = {
            name: value.to_json() if isinstance(value, Sentence) else _shown(value)
            for name, value in self.values.items()
        }
        return {"text": self.text, "values": values} if values else {"text": self.text}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            stored["text"],
            {
                name: cls.from_json(value) if isinstance(value, dict) else value
                for name, value in stored.get("values", {}).items()
            },
        )


def say(text: str, /, **values: Any) -> Sentence:
    """Return a `Sentence`; `tools/messages.py` collects `text` for translation."""
    return Sentence(text, values)


def _shown(value: Any) -> str | int | float:
    return value.isoformat() if isinstance(value, date) else value
