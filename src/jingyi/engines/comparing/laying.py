"""One picture laid over another of the same place, by points that both show.

Points are found and described by SIFT (Lowe 2004), the view is a homography by MAGSAC++
(Barath et al. 2020), both as OpenCV has them. A homography is exact for what is flat (the ground
from above, a wall, a river bank from afar) and an approximation for the rest.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jingyi.engines.comparing.reading import decoded
from jingyi.engines.comparing.result import NotComparable, Rule

Picture = NDArray[Any]  # height × width × 3, BGR, uint8
POINTS = 4000
RATIO = 0.78  # the best match is so much nearer than the second best
LEAST_SIDE = 64
MOST_PIXELS = 80_000_000


@dataclass(frozen=True, slots=True)
class Laid:
    """The earlier picture as seen from the later one's place; `seen`: where it shows anything."""

    before: Picture  # height × width × 3, BGR
    after: Picture
    seen: NDArray[np.bool_]
    matches: int
    error: float  # pixels
    scale: float  # pixels of the later file to a pixel here


def opened(data: bytes, longest: int) -> tuple[Picture, float]:
    """Return a picture, upright, its longer side at most `longest` pixels, and how much smaller it is.

    Raises:
        NotComparable: it is no picture, too small or too large.
    """
    picture: Picture = decoded(data, MOST_PIXELS)
    height, width = picture.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise NotComparable("图片太小，看不出什么。请换一张短边不少于 {n} 像素的。", n=LEAST_SIDE)
    scale = max(1.0, max(height, width) / longest)
    if scale > 1:
        size = (round(width / scale), round(height / scale))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return picture, scale


def lay(before: bytes, after: bytes, rule: Rule) -> Laid:
    """Lay `before` over `after`.

    Raises:
        NotComparable: they do not show enough of one place.
    """
    old, _ = opened(before, rule.longest)
    new, scale = opened(after, rule.longest)
    source, target = _matched(old, new)
    if len(source) < rule.least_matches:
        raise NotComparable(
            "两张照片里找不到足够的相同之处（{n} 处，至少要 {least} 处）。请从原来的位置、朝同一方向再拍一张。",
            n=len(source), least=rule.least_matches,
        )  # fmt: skip
    view, kept = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 3.0, maxIters=10_000, confidence=0.999)  # fmt: skip
    fits = kept.ravel().astype(bool) if kept is not None else np.zeros(len(source), bool)
    count = int(fits.sum())
    if view is None or count < rule.least_matches or count < rule.least_share * len(source) or not _sane(view, old):  # fmt: skip
        raise NotComparable(
            "两张照片不像是同一个地方同一方向拍的（{n} 处相合）。请从原来的位置再拍一张。", n=count
        )
    moved = cv2.perspectiveTransform(source[fits][:, None], view)[:, 0]
    error = float(np.median(np.linalg.norm(moved - target[fits], axis=1)))
    size = (new.shape[1], new.shape[0])
    over = cv2.warpPerspective(old, view, size, flags=cv2.INTER_LINEAR)
    seen = cv2.warpPerspective(np.full(old.shape[:2], 255, np.uint8), view, size) == 255
    if error > rule.most_error:
        raise NotComparable(
            "两张照片对不齐（误差 {n} 像素）。请从原来的位置再拍一张。", n=f"{error:.1f}"
        )
    if seen.mean() < rule.least_overlap:
        raise NotComparable(
            "两张照片只有 {n}% 相重，至少要 {least}%。请从原来的位置、朝同一方向再拍一张。",
            n=round(100 * float(seen.mean())), least=round(100 * rule.least_overlap),
        )  # fmt: skip
    return Laid(over, new, seen, count, error, scale)


def _matched(old: Picture, new: Picture) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return points of the two pictures that are alike and like no other."""
    finder = cv2.SIFT.create(nfeatures=POINTS)
    here, told = finder.detectAndCompute(cv2.cvtColor(old, cv2.COLOR_BGR2GRAY), None)
    there, said = finder.detectAndCompute(cv2.cvtColor(new, cv2.COLOR_BGR2GRAY), None)
    none = np.empty((0, 2), np.float32)
    if told is None or said is None or len(told) < 2 or len(said) < 2:
        return none, none
    told, said = _rooted(told), _rooted(said)
    pairs: Any = cv2.BFMatcher(cv2.NORM_L2).knnMatch(told, said, k=2)
    good = [one for one, other in pairs if one.distance < RATIO * other.distance]
    if not good:
        return none, none
    source = np.array([here[one.queryIdx].pt for one in good], np.float32)
    target = np.array([there[one.trainIdx].pt for one in good], np.float32)
    return source, target


def _rooted(told: NDArray[Any]) -> NDArray[Any]:
    """Return descriptions compared as histograms (RootSIFT, Arandjelović and Zisserman 2012)."""
    rooted: NDArray[Any] = np.sqrt(told / np.maximum(told.sum(axis=1, keepdims=True), 1e-7))
    return rooted


def _sane(view: NDArray[Any], old: Picture) -> bool:
    """Tell whether a view turns the picture's frame into a convex one of a like size."""
    height, width = old.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = cv2.perspectiveTransform(frame[:, None], view)[:, 0]
    if not cv2.isContourConvex(seen):
        return False
    grown = cv2.contourArea(seen) / (width * height)
    return 1 / 16 < grown < 16 and float(np.linalg.det(view[:2, :2])) > 0
