"""How near a text is to each of a few others, by what is rare in it rather than by what every case says."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log, sqrt


class Shelf:
    """Texts to be compared with. Pairs of neighbouring characters are weighed by how rare they are.

    Args:
        texts: what one compares with.
        background: more texts of the same kind, by which rarity is counted too.
    """

    def __init__(self, texts: Sequence[str], background: Iterable[str] = ()) -> None:
        counts = [pairs(text) for text in texts]
        seen: Counter[str] = Counter()
        for one in (*counts, *map(pairs, background)):
            seen.update(one.keys())
            self.documents = getattr(self, "documents", 0) + 1
        self.seen = seen
        self.lists: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for n, one in enumerate(counts):
            weights = self._weights(one)
            for pair, weight in weights.items():
                self.lists[pair].append((n, weight))
        self.count = len(counts)

    def nearest(self, text: str) -> tuple[int, float] | None:
        """Return the place of the nearest text and its likeness, 0 to 1 (cosine); None: there is none."""
        if not self.count:
            return None
        sums = [0.0] * self.count
        for pair, weight in self._weights(pairs(text)).items():
            for n, other in self.lists.get(pair, ()):
                sums[n] += weight * other
        best = max(range(self.count), key=lambda n: (sums[n], -n))
        return best, min(sums[best], 1.0)

    def _weights(self, counts: Counter[str]) -> dict[str, float]:
        raw = {
            pair: (1 + log(n)) * log(1 + self.documents / (1 + self.seen[pair]))
            for pair, n in counts.items()
        }
        length = sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {pair: weight / length for pair, weight in raw.items()}


def pairs(text: str) -> Counter[str]:
    """Return how often each pair of neighbouring letters stands in a text; marks and spaces aside."""
    plain = "".join(letter for letter in text if letter.isalnum())
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))
