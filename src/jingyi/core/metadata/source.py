"""Reading a file here and there, never more than allowed."""

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_BYTES = 8 << 20  # of one file, however large it is
MOST_READS = 20_000


class Ended(Exception):
    """The file ends, or would go on for too long: what was read so far stands."""


@dataclass(slots=True)
class Source:
    """A file of `size` bytes; `fetch(at, count)` returns as many, or fewer where it ends."""

    size: int
    fetch: Callable[[int, int], bytes]
    left: int = field(default=MOST_BYTES)
    reads: int = field(default=MOST_READS)

    def read(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at`.

        Raises:
            Ended: they are not there, or too much was read already.
        """
        self.left -= count
        self.reads -= 1
        if at < 0 or count < 0 or at + count > self.size or self.left < 0 or self.reads < 0:
            raise Ended
        data = self.fetch(at, count)
        if len(data) != count:
            raise Ended
        return data

    def number(self, at: int, count: int) -> int:
        """Return an unsigned number of `count` bytes, the most significant first."""
        return int.from_bytes(self.read(at, count), "big")


def of(data: bytes) -> Source:
    """Return bytes in memory as a source."""
    return Source(len(data), lambda at, count: data[at : at + count])
