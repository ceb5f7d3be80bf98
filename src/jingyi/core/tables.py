"""A TOML table that is read key by key, and that complains by file, key and problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


class RulebookError(Exception):
    """The rulebook itself is wrong. A defect, not a `Refusal`: it is mended, never shown."""


@dataclass(slots=True)
class Table:
    """One table of a rulebook file. Every key has to be asked for, or `done` says it is unknown."""

    file: str
    data: Mapping[str, Any]
    path: str = ""
    _asked: set[str] = field(default_factory=set)

    def wrong(self, key: str, problem: str) -> RulebookError:
        """Return the error to raise about `key`."""
        where = f"{self.path}.{key}" if self.path else key
        return RulebookError(f"{self.file}: {where}: {problem}")

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.data

    def _get(self, key: str, kind: type, default: Any) -> Any:
        if not self.has(key):
            if default is not ...:
                return default
            raise self.wrong(key, "is missing")
        value = self.data[key]
        if type(value) is not kind:
            raise self.wrong(key, f"is {value!r}, not a {kind.__name__}")
        return value

    def text(self, key: str, default: Any = ...) -> str:
        """Return a text; an empty one is as good as missing."""
        value = str(self._get(key, str, default))
        if not value and default is ...:
            raise self.wrong(key, "is empty")
        return value

    def day(self, key: str, default: Any = ...) -> date:
        value: date = self._get(key, date, default)
        return value

    def day_or_none(self, key: str) -> date | None:
        value: date | None = self._get(key, date, None)
        return value

    def number(self, key: str, default: Any = ...) -> int:
        return int(self._get(key, int, default))

    def yes(self, key: str, default: Any = ...) -> bool:
        return bool(self._get(key, bool, default))

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._get(key, list, default)
        if not all(isinstance(item, str) and item for item in value):
            raise self.wrong(key, "is not a list of texts")
        return tuple(value)

    def days(self, key: str) -> tuple[date, ...]:
        value = self._get(key, list, ())
        if not all(type(item) is date for item in value):
            raise self.wrong(key, "is not a list of dates")
        return tuple(value)

    def one_of(self, key: str, allowed: frozenset[str], default: Any = ...) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.wrong(key, f"is {value!r}, not one of {', '.join(sorted(allowed))}")
        return value

    def table(self, key: str) -> "Table":
        """Return the table under `key`."""
        return Table(self.file, self._get(key, dict, ...), f"{self.path}.{key}".lstrip("."))

    def table_or_none(self, key: str) -> "Table | None":
        return self.table(key) if self.has(key) else None

    def tables(self, key: str, *, least: int = 0) -> list["Table"]:
        """Return the array of tables under `key`."""
        found = self._get(key, list, () if least == 0 else ...)
        if len(found) < least:
            raise self.wrong(key, f"needs at least {least}")
        return [
            Table(self.file, item, f"{self.path}.{key}[{n}]".lstrip("."))
            for n, item in enumerate(found)
        ]

    def items(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Yield the named tables under `key`."""
        inner = self.table(key)
        for name in inner.data:
            yield name, inner.table(name)

    def done(self) -> None:
        """Raise if the table has a key that nobody asked for: a slip of the pen."""
        unknown = sorted(set(self.data) - self._asked)
        if unknown:
            raise self.wrong(unknown[0], "is not a known key")
