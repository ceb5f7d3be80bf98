"""Ballots of the public: one a person, counted from a file anyone can check, naming nobody.

A voter keeps a secret; what is published beside the choices is its digest, the mark. The file of
all ballots, in order of their marks, has a Merkle root (RFC 6962) that goes into the ledger before
the result is told. Whoever has the secret finds the line and proves that it is under the root;
whoever has the file counts again.

Limitations: a secret shown to another proves how one voted. For brands that is accepted; for an
election it would not be.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from jingyi.core import ledger
from jingyi.core.refusal import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Ballot:
    """The voter's mark (64 hexadecimal digits) and the entries chosen, in order of their names."""

    mark: str
    choices: tuple[str, ...]

    def line(self) -> bytes:
        """Return the ballot as it is published: one line of canonical JSON."""
        return ledger.canonical({"mark": self.mark, "choices": list(self.choices)})


def mark_of(secret: str) -> str:
    """Return what is published of a voter's secret."""
    return sha256(b"jingyi ballot\n" + secret.encode()).hexdigest()


def fill(mark: str, choices: Sequence[str], entries: Iterable[str], most: int) -> Ballot:
    """Return a ballot.

    Raises:
        Refusal: none or too many chosen, one twice, or one that does not stand.
    """
    if len(set(choices)) != len(choices):
        raise Refusal("同一个参评只能选一次。")
    if not 0 < len(choices) <= most:
        raise Refusal("请选 1 至 {most} 个，收到 {n} 个。", most=most, n=len(choices))
    unknown = set(choices) - set(entries)
    if unknown:
        raise Refusal("选票上有不在本轮的参评。请刷新页面后重选。")
    return Ballot(mark, tuple(sorted(choices)))


def published(ballots: Iterable[Ballot]) -> tuple[bytes, bytes]:
    """Return the file of all ballots, one a line in order of marks, and its Merkle root.

    Raises:
        Refusal: two ballots have one mark.
    """
    ordered = sorted(ballots)
    if len({one.mark for one in ordered}) != len(ordered):
        raise Refusal("有两张选票的印记相同，不能公布。")
    lines = [one.line() for one in ordered]
    _, root = ledger.root_of(ledger.leaf_hash(line) for line in lines)
    return b"".join(line + b"\n" for line in lines), root


@dataclass(frozen=True, slots=True)
class Tally:
    """How many ballots, how many for each entry (most first), and the root they stand under."""

    ballots: int
    votes: dict[str, int]
    root: bytes


def count(file: bytes, most: int) -> Tally:
    """Count a published file again, from nothing but itself.

    Raises:
        Refusal: a line is no ballot, chooses too many, or the order or a mark is wrong.
    """
    votes: dict[str, int] = {}
    leaves: list[bytes] = []
    before = ""
    for number, line in enumerate(file.splitlines(), 1):
        try:
            body = json.loads(line)
            ballot = Ballot(body["mark"], tuple(body["choices"]))
            sound = ballot.line() == line and len(ballot.mark) == 64
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound or not before < ballot.mark:
            raise Refusal("第 {n} 行不是按印记排列的选票，这份文件被改动过。", n=number)
        if not 0 < len(ballot.choices) <= most or len(set(ballot.choices)) < len(ballot.choices):
            raise Refusal("第 {n} 行选了 {k} 个，不符合规则。", n=number, k=len(ballot.choices))
        before = ballot.mark
        leaves.append(ledger.leaf_hash(line))
        for choice in ballot.choices:
            votes[choice] = votes.get(choice, 0) + 1
    ordered = dict(sorted(votes.items(), key=lambda one: (-one[1], one[0])))
    return Tally(len(leaves), ordered, ledger.root_of(leaves)[1])


def found(file: bytes, secret: str) -> Ballot | None:
    """Return the ballot of whoever has this secret, None where it is not in the file."""
    mark = mark_of(secret)
    for line in file.splitlines():
        if mark.encode() in line:
            body = json.loads(line)
            if body["mark"] == mark:
                return Ballot(mark, tuple(body["choices"]))
    return None
