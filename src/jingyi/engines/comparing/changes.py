"""What differs between two pictures laid over each other, light and small shifts put aside.

Local structure (the SSIM term of Wang et al. 2004 without its brightness) and local colour are
compared; a difference that a shift of a few pixels explains is none.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jingyi.engines.comparing.laying import Laid, Picture, lay
from jingyi.engines.comparing.result import CHANGED, SAME, UNCLEAR, Compared, Rule, rule

Plane = NDArray[Any]  # height × width (× 3), float32
WINDOW = 9  # pixels: the neighbourhood that is compared
FLAT = 30.0  # variance below which there is no structure to compare
COLOUR = 28.0  # units of Lab that count as wholly other
QUALITY = 85
WHITE, BLACK = 250, 4
RED = (38, 38, 200)
MOST_SPOTS = 40
ROUNDS = 3  # of balancing the light
CALM = 0.3  # a point that differs less tells of the light
ENOUGH = 0.2  # of the points must be calm


def compare(
    before: bytes, after: bytes, *, metres: float | None = None, by: Rule | None = None
) -> Compared:
    """Compare two pictures of one place.

    Args:
        before, after: files (JPEG, PNG, WebP, TIFF).
        metres: the side of a pixel of the later file on the ground, for pictures from above.
        by: figures to go by; default those of the rulebook.

    Raises:
        NotComparable: no pictures, or they do not show enough of one place.
    """
    chosen = by or rule()
    laid = lay(before, after, chosen)
    inside = cv2.erode(laid.seen.astype(np.uint8), np.ones((WINDOW, WINDOW), np.uint8)) > 0
    inside &= ~(_blown(laid.before) | _blown(laid.after))
    other = difference(laid, inside, chosen.shift)
    spots = _spots((other > chosen.difference) & inside, chosen.least_spot * inside.sum())
    share = float(spots.sum() / max(inside.sum(), 1))
    verdict = CHANGED if share >= chosen.changed else SAME if share <= chosen.same else UNCLEAR
    area = None
    if metres is not None:
        area = float(spots.sum()) * (metres * laid.scale) ** 2
    return Compared(
        verdict, float(laid.seen.mean()), share, laid.matches, laid.error, _boxes(spots), area,
        _jpeg(laid.before), _jpeg(laid.after), _jpeg(_outlined(laid.after, spots)),
    )  # fmt: skip


def _blown(picture: Picture) -> NDArray[np.bool_]:
    """Return where the camera saw nothing but white or black: there nobody can tell what changed."""
    blind: NDArray[np.bool_] = (picture.max(axis=2) >= WHITE) | (picture.max(axis=2) <= BLACK)
    return cv2.dilate(blind.astype(np.uint8), np.ones((WINDOW, WINDOW), np.uint8)) > 0


def difference(laid: Laid, inside: NDArray[np.bool_], shift: int) -> Plane:
    """Return how different each point is, 0 to 1; the least over shifts of up to `shift` pixels.

    The light is balanced again by what did not differ: a heap of another colour is no weather.
    """
    new, old = _lab(laid.after), _lab(laid.before)
    for _ in range(ROUNDS):
        found = _least(_balanced(old, new, inside), new, shift)
        calm = inside & (found < CALM)
        if calm.sum() < ENOUGH * inside.sum():
            break
        inside = calm
    return found


def _least(old: Plane, new: Plane, shift: int) -> Plane:
    least = np.ones(new.shape[:2], np.float32)
    for right, down in _shifts(shift):
        moved = np.roll(old, (down, right), axis=(0, 1))
        np.minimum(least, _unlike(moved, new), out=least)
    return cv2.GaussianBlur(least, (WINDOW, WINDOW), 0)


def _shifts(most: int) -> list[tuple[int, int]]:
    steps = (-most, 0, most) if most else (0,)
    return [(right, down) for right in steps for down in steps]


def _lab(picture: Picture) -> Plane:
    smooth = cv2.GaussianBlur(picture, (5, 5), 0)
    return cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_BGR2Lab)


def _balanced(old: Plane, new: Plane, inside: NDArray[np.bool_]) -> Plane:
    """Return the earlier picture in the light of the later one: medians and spreads made alike, channel by channel."""
    found = old.copy()
    for channel in range(3):
        ours, theirs = old[..., channel][inside], new[..., channel][inside]
        middle, spread = np.median(ours), _spread(ours)
        gain = np.clip(_spread(theirs) / max(spread, 1e-3), 0.5, 2.0)
        found[..., channel] = (old[..., channel] - middle) * gain + np.median(theirs)
    return found


def _spread(values: Plane) -> float:
    low, high = np.percentile(values, (25, 75))
    return float(high - low)


def _unlike(old: Plane, new: Plane) -> Plane:
    """Return the difference of structure or of colour, whichever says more."""
    size = (WINDOW, WINDOW)
    a, b = old[..., 0] * 2.55, new[..., 0] * 2.55
    mean_a, mean_b = cv2.blur(a, size), cv2.blur(b, size)
    var_a = np.maximum(cv2.blur(a * a, size) - mean_a**2, 0)
    var_b = np.maximum(cv2.blur(b * b, size) - mean_b**2, 0)
    both = cv2.blur(a * b, size) - mean_a * mean_b
    alike = (2 * both + FLAT) / (var_a + var_b + FLAT)
    structure = np.clip((1 - alike) / 2, 0, 1)
    weight = np.clip(np.maximum(var_a, var_b) / (8 * FLAT), 0, 1)  # what is flat has no structure
    colour = np.clip(np.linalg.norm(cv2.blur(new - old, size)[..., 1:], axis=2) / COLOUR, 0, 1)
    bright = np.clip((np.abs(mean_a - mean_b) / 2.55 - 12) / 45, 0, 1)
    found: Plane = np.maximum.reduce([structure * weight, colour, bright]).astype(np.float32)
    return found


def _spots(mask: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    """Return what is left when holes are closed and specks are gone."""
    plane: Plane = mask.astype(np.uint8)
    plane = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    plane = cv2.morphologyEx(plane, cv2.MORPH_CLOSE, np.ones((WINDOW, WINDOW), np.uint8))
    count, labels, told, _ = cv2.connectedComponentsWithStats(plane)
    large = [n for n in range(1, count) if told[n, cv2.CC_STAT_AREA] >= least]
    return np.isin(labels, large)


def _boxes(spots: NDArray[np.bool_]) -> tuple[tuple[float, float, float, float], ...]:
    height, width = spots.shape
    count, _, told, _ = cv2.connectedComponentsWithStats(spots.astype(np.uint8))
    order = sorted(range(1, count), key=lambda n: -told[n, cv2.CC_STAT_AREA])[:MOST_SPOTS]
    return tuple(
        (
            float(told[n, cv2.CC_STAT_LEFT] / width), float(told[n, cv2.CC_STAT_TOP] / height),
            float((told[n, cv2.CC_STAT_LEFT] + told[n, cv2.CC_STAT_WIDTH]) / width),
            float((told[n, cv2.CC_STAT_TOP] + told[n, cv2.CC_STAT_HEIGHT]) / height),
        )
        for n in order
    )  # fmt: skip


def _outlined(picture: Picture, spots: NDArray[np.bool_]) -> Picture:
    drawn = picture.copy()
    lines, _ = cv2.findContours(spots.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(drawn, lines, -1, (255, 255, 255), 5)
    cv2.drawContours(drawn, lines, -1, RED, 3)
    return drawn


def _jpeg(picture: Picture) -> bytes:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        msg = "the picture could not be written"
        raise RuntimeError(msg)
    return bytes(data)
