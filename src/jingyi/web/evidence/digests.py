"""SHA-256 and SM3 (GB/T 32905-2016) of one stream, each on a thread of its own.

hashlib lets other threads run while it counts, so on two cores both digests take as long as the
slower one. Where OpenSSL was built without SM3 the package `cryptography` brings its own.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, Self

BLOCK = 1 << 20  # bytes handed to the threads at once; what is smaller is counted where it is
AHEAD = 8  # blocks that may wait: the most memory one stream takes


class Hasher(Protocol):
    """What hashlib calls a hash object."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """Return the digest in hex."""


class _Sm3:
    """SM3 of `cryptography` with hashlib's two methods."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 -- only where hashlib has none

        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""
        self._hash.update(data)

    def hexdigest(self) -> str:
        """Return the digest in hex."""
        return self._hash.copy().finalize().hex()


def sm3() -> Hasher:
    """Return a new SM3."""
    return hashlib.new("sm3") if "sm3" in hashlib.algorithms_available else _Sm3()


class Digests:
    """Both digests of what `update` is given, in order. Leave it (`with`) to end its threads."""

    def __init__(self) -> None:
        self.size = 0
        self._hashers: tuple[Hasher, Hasher] = (hashlib.sha256(), sm3())
        self._threads: tuple[ThreadPoolExecutor, ...] = ()
        self._waiting: deque[list[Future[None]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_wrong: object) -> None:
        for thread in self._threads:
            thread.shutdown(cancel_futures=True)

    def update(self, block: bytes) -> None:
        """Take the next bytes; the caller may not change them afterwards."""
        self.size += len(block)
        if not self._threads and len(block) < BLOCK:
            for hasher in self._hashers:
                hasher.update(block)
            return
        if not self._threads:  # one thread a digest keeps the blocks in order
            self._threads = tuple(ThreadPoolExecutor(1) for _ in self._hashers)
        pairs = zip(self._threads, self._hashers, strict=True)
        self._waiting.append([thread.submit(hasher.update, block) for thread, hasher in pairs])
        if len(self._waiting) > AHEAD:
            self._oldest()

    def hex(self) -> tuple[str, str]:
        """Return SHA-256 and SM3, in hex, of all that came."""
        while self._waiting:
            self._oldest()
        sha256, sm3_ = (hasher.hexdigest() for hasher in self._hashers)
        return sha256, sm3_

    def _oldest(self) -> None:
        for future in self._waiting.popleft():
            future.result()


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of at least `BLOCK` (but for the last), whatever size they come in."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            yield b"".join(held) if len(held) > 1 else chunk
            held, size = [], 0
    if size:
        yield b"".join(held)
