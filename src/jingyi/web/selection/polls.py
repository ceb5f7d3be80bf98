"""The result of a round that was decided by secret ballot, as it is kept and shown."""

from typing import Any

from jingyi.core.judging import ballots, book, rounds
from jingyi.core.refusal import Refusal
from jingyi.web.selection import queries
from jingyi.web.selection.models import Box, Conflict, Edition, Turnout


def turnout(edition: Edition) -> tuple[int, int]:
    """Return how many judges voted in the round that is on, and how many may."""
    rows = Turnout.objects.filter(juror__edition=edition, round=edition.round)
    return rows.filter(voted=True).count(), rows.count()


def published(edition: Edition, number: int) -> tuple[bytes, bytes]:
    """Return the file of all papers of a round, and its root."""
    box = Box.objects.get(edition=edition, round=number)
    return ballots.published(ballots.Ballot(mark, tuple(chosen)) for mark, chosen in box.papers)


def counted(edition: Edition) -> dict[str, Any]:
    """Return everything the count of the round says, as JSON, its rows best first by category.

    Raises:
        Refusal: too few judges voted.
    """
    voted, may = turnout(edition)
    least = book.book().least_percent
    if voted * 100 < least * may:
        raise Refusal("{may} 位评委中只有 {voted} 位投票，不到 {least}%，不能计票。", may=may, voted=voted, least=least)  # fmt: skip
    file, root = published(edition, edition.round)
    tally = ballots.count(file, edition.leg.each)
    voters = set(
        Turnout.objects.filter(juror__edition=edition, round=edition.round, voted=True)
        .values_list("juror", flat=True)
    )  # fmt: skip
    barred: dict[int, int] = {}
    for number, juror in Conflict.objects.filter(juror__edition=edition).values_list("entry__number", "juror"):  # fmt: skip
        barred[number] = barred.get(number, 0) + (juror in voters)
    rows, chosen, tied, margins = [], [], [], []
    for kind, places in zip(edition.kinds, edition.leg.onward, strict=True):
        numbers = queries.standing(edition).filter(category=kind.name).values_list("number", flat=True)  # fmt: skip
        free = {str(n): len(voters) - barred.get(n, 0) for n in numbers}
        found = rounds.polled(tally, free, places, edition.seed)
        rows += [
            {"entry": name, "category": kind.name, "votes": votes, "free": able, "rank": rank,
             "final": round(100 * votes / able, 4), "low": rank, "high": rank}
            for name, votes, able, rank in found.rows
        ]  # fmt: skip
        chosen += found.chosen
        tied += found.tied
        margins += [found.margin] if found.margin is not None else []
    return {
        "kind": rounds.BALLOT, "rows": rows, "voted": voted, "may": may, "papers_root": root.hex(),
        "certificate": {"places": sum(edition.leg.onward), "chosen": chosen, "tied": tied,
                        "margin": min(margins, default=None), "removals": []},
        "ballots": 0, "votes_root": ballots.published([])[1].hex(),
    }  # fmt: skip
