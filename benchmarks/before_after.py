"""Before and after: verdicts on drawn pairs with known change, beside a difference without laying over.

Pairs that the tests do not use: places drawn anew, photographed twice from places near each other
in another light, with nothing, little or much changed. Beside ours in the same run: the mean
absolute difference of the two pictures as they lie (what one gets without registration), its
threshold chosen on these very pairs, that is, as well as it can do.

    .venv/bin/python benchmarks/before_after.py [PLACES]
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import cv2  # noqa: E402 -- the path comes first
import numpy as np  # noqa: E402
from tests.engines.comparing import drawn  # noqa: E402

from jingyi.engines.comparing import NotComparable, compare  # noqa: E402

PLACES = int(sys.argv[1]) if len(sys.argv) > 1 else 40
SHARES = (0.0, 0.015, 0.04, 0.12)


def main() -> None:
    """Print verdicts by share changed, the error of the area, and the plain difference's best."""
    rows, plain, spent = [], [], 0.0
    for seed in range(7000, 7000 + PLACES):
        dice = np.random.default_rng(seed)
        picture = drawn.place(seed)
        for share in SHARES:
            later, where = drawn.changed(picture, dice, share)
            before, _ = drawn.seen(picture, dice)
            after, move = drawn.seen(later, dice)
            side = cv2.imdecode(np.frombuffer(after, np.uint8), 1).shape[0]
            truth = float(
                (cv2.warpPerspective(where.astype(np.uint8), move, (side, side)) > 0).mean()
            )
            began = time.perf_counter()
            try:
                found = compare(before, after)
                rows.append((share, found.verdict, found.changed * found.overlap, truth))
            except NotComparable:
                rows.append((share, "refused", 0.0, truth))
            spent += time.perf_counter() - began
            plain.append((share > 0, _plain(before, after)))
    for share in SHARES:
        mine = [row for row in rows if row[0] == share]
        told = {
            name: sum(row[1] == name for row in mine)
            for name in ("changed", "same", "unclear", "refused")
        }
        print(f"changed {share:6.1%} of the place: {told}")
    off = [abs(row[2] - row[3]) / row[3] for row in rows if row[1] == "changed" and row[3] > 0]
    right = np.mean([(row[1] == "changed") == (row[0] > 0) for row in rows])
    best = max(np.mean([(value > cut) == truth for truth, value in plain]) for _, cut in plain)
    print(f"right verdicts {right:.1%}; plain difference at its best threshold {best:.1%}")
    print(f"area off by {np.median(off):.0%} (median); {spent / len(rows):.2f} s a pair")


def _plain(before: bytes, after: bytes) -> float:
    one, two = (
        cv2.imdecode(np.frombuffer(data, np.uint8), 0).astype(float) for data in (before, after)
    )
    return float(np.abs(one - one.mean() - two + two.mean()).mean())


if __name__ == "__main__":
    main()
