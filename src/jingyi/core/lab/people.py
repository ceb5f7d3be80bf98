"""Who may do what with a sample: two people take it, and nobody verifies their own measuring."""

from collections.abc import Iterable
from dataclasses import dataclass

from jingyi.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Hands:
    """The people of a worksheet, by id: who took its samples, who measured, who verified."""

    samplers: frozenset[int]
    analyst: int
    verifier: int | None = None


def samplers(first: int, second: int) -> None:
    """Refuse a sample that one person took alone."""
    if first == second:
        raise Refusal("采样要两人在场：请选另一个人作为第二采样人。")


def verifies(hands: Hands, who: int) -> None:
    """Refuse a verifier who measured, or who took one of the samples."""
    if who == hands.analyst:
        raise Refusal("复核人不能是检测人本人。请由另一名技术人员复核。")
    if who in hands.samplers:
        raise Refusal("复核人参加了其中样品的采样，不能复核。请由没有参加采样的人复核。")


def corrects(hands: Hands, who: int) -> None:
    """Refuse a change to the figures of a worksheet by anybody but its analyst."""
    if who != hands.analyst:
        raise Refusal("只有检测人本人可以填写或者修改检测记录。")


def took_all(pairs: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Return everybody who took one of the samples."""
    return frozenset(who for pair in pairs for who in pair)
