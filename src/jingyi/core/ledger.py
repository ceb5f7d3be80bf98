"""An append-only log as a Merkle tree: leaves, roots, inclusion and consistency proofs.

A leaf is the canonical JSON of one act. The tree is that of RFC 6962: a leaf
hash is SHA-256(0x00 ‖ leaf), an inner hash SHA-256(0x01 ‖ left ‖ right), and a
tree of n leaves splits at the largest power of two below n.

Only hashes of complete subtrees are ever stored, by `(level, index)`: the node
covers leaves `[index · 2^level, (index + 1) · 2^level)`. Appending adds one
leaf and, on average, one inner node; any root or proof reads O(log n) nodes.

Source:
    RFC 6962, section 2.1.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

Node = tuple[int, int]  # level, index
Read = Callable[[int, int], bytes]
T = TypeVar("T")

EMPTY_ROOT = sha256(b"").digest()


def canonical(body: object) -> bytes:
    """Return the one JSON encoding of `body`: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf (32 bytes)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over two subtrees (32 bytes)."""
    return sha256(b"\x01" + left + right).digest()


def append(size: int, leaf: bytes, read: Read) -> Iterator[tuple[int, int, bytes]]:
    """Yield `(level, index, hash)` of every node that leaf number `size` completes.

    Args:
        size: leaves in the tree before.
        leaf: the new leaf's hash.
        read: returns a stored node of the tree before.
    """
    yield 0, size, leaf
    level, index, digest = 0, size, leaf
    while index & 1:
        digest = node_hash(read(level, index - 1), digest)
        level, index = level + 1, index >> 1
        yield level, index, digest


def peaks(size: int) -> list[Node]:
    """Return the complete subtrees that make up a tree of `size` leaves: all that appending reads."""
    return _peaks(0, size)


def gathered(
    make: Callable[[Read], T], read_many: Callable[[set[Node]], Mapping[Node, bytes]]
) -> T:
    """Return what `make` makes of the tree's nodes, which are read all at once.

    A proof in a tree of ten million leaves needs some fifty nodes: one question to the database
    instead of fifty. `make` runs twice, first to say which.
    """
    wanted: set[Node] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return EMPTY_ROOT

    make(note)
    found = read_many(wanted)
    return make(lambda level, index: found[level, index])


def root(size: int, read: Read) -> bytes:
    """Return the root of the first `size` leaves (32 bytes)."""
    return _fold(_peaks(0, size), read) if size else EMPTY_ROOT


def inclusion(index: int, size: int, read: Read) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves."""
    if not 0 <= index < size:
        msg = f"leaf {index} is not in a tree of {size}"
        raise ValueError(msg)
    return [_fold(_peaks(start, end), read) for start, end in _siblings(index, 0, size)]


def consistency(old: int, new: int, read: Read) -> list[bytes]:
    """Return the proof that the tree of `new` leaves extends that of `old` leaves."""
    if not 0 < old <= new:
        msg = f"no consistency proof from {old} to {new} leaves"
        raise ValueError(msg)
    return [_fold(_peaks(start, end), read) for start, end in _subproof(old, 0, new, complete=True)]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes
) -> bool:
    """Tell whether `path` leads from the leaf's hash to the root `expected`."""
    if not 0 <= index < size:
        return False
    node, last, digest = index, size - 1, leaf
    for sibling in path:
        if not last:
            return False
        if node & 1 or node == last:
            digest = node_hash(sibling, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == expected


def verify_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Tell whether `path` proves that `new_root` extends `old_root` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    was = now = steps[0]
    for sibling in steps[1:]:
        if not last:
            return False
        if node & 1 or node == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            now = node_hash(now, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


def root_of(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Return `(size, root)` of a stream of leaf hashes, keeping O(log n) of them."""
    peaks: list[tuple[int, bytes]] = []
    size = 0
    for leaf in leaves:
        level, digest = 0, leaf
        while peaks and peaks[-1][0] == level:
            digest = node_hash(peaks.pop()[1], digest)
            level += 1
        peaks.append((level, digest))
        size += 1
    if not peaks:
        return 0, EMPTY_ROOT
    result = peaks.pop()[1]
    while peaks:
        result = node_hash(peaks.pop()[1], result)
    return size, result


def _peaks(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that make up leaves `[start, end)`, left to right."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        while start & ((1 << level) - 1):
            level -= 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _fold(nodes: list[Node], read: Read) -> bytes:
    digest = read(*nodes[-1])
    for level, index in reversed(nodes[:-1]):
        digest = node_hash(read(level, index), digest)
    return digest


def _split(start: int, end: int) -> int:
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _siblings(index: int, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def _subproof(old: int, start: int, end: int, *, complete: bool) -> list[tuple[int, int]]:
    if start + old == end:
        return [] if complete else [(start, end)]
    middle = _split(start, end)
    if start + old <= middle:
        return [*_subproof(old, start, middle, complete=complete), (middle, end)]
    rest = _subproof(old - (middle - start), middle, end, complete=False)
    return [*rest, (start, middle)]
