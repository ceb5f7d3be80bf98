"""How many planted contradictions are found, and how often one is named that was not planted.

PYTHONPATH=. .venv/bin/python tools/measure_contradictions.py [first seed] [how many]
"""

import sys
from collections import Counter
from collections.abc import Iterable

from tests.core.replies.generator import KINDS, reply

from jingyi.core import verification_book
from jingyi.core.contradictions import contradictions


def measure(seeds: Iterable[int]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return per kind (planted, found, named besides), and the false ones on clean replies."""
    rules = verification_book.contradictions()
    planted, found, besides = Counter(), Counter(), Counter()
    for seed in seeds:
        for kind in ("", *KINDS):
            kinds = {one.kind for one in contradictions([reply(seed, kind)], rules)}
            planted[kind] += 1
            found[kind] += kind in kinds
            besides.update(kinds - {kind})
    return planted, found, besides


if __name__ == "__main__":
    first, many = (int(n) for n in (*sys.argv[1:], "10000", "500")[:2])
    planted, found, besides = measure(range(first, first + many))
    for kind in KINDS:
        print(f"{kind:22} {found[kind]:5} of {planted[kind]:5}   besides {besides[kind]}")
    hits = sum(found[kind] for kind in KINDS)
    print(
        "recall",
        round(hits / (many * len(KINDS)), 4),
        "precision",
        round(hits / (hits + sum(besides.values())), 4),
    )
