"""Places that nobody ever saw: drawn ground, walls and heaps, seen twice from places near each other."""

import cv2
import numpy as np

SIDE = 900


def place(seed, side=SIDE):
    """Draw a place: ground of several grains, and a few dozen things standing on it."""
    dice = np.random.default_rng(seed)
    picture = np.zeros((side, side, 3), np.float32)
    for grain in (4, 16, 64, 200):
        noise = dice.normal(0, 1, (side // grain + 2, side // grain + 2, 3)).astype(np.float32)
        picture += cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC) * 9
    picture += dice.uniform(80, 150, 3)
    for _ in range(60):
        thing(picture, dice, dice.uniform(20, 90))
    return np.clip(picture, 0, 255).astype(np.uint8)


def thing(picture, dice, size, at=None):
    """Draw one thing; return its mask."""
    side = picture.shape[0]
    x, y = at if at is not None else dice.uniform(0, side, 2)
    count = int(dice.integers(4, 9))
    angles = np.sort(dice.uniform(0, 2 * np.pi, count))
    radii = size * dice.uniform(0.6, 1.1, count)
    corners = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], 1).astype(np.int32)
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(corners), 1)
    colour = dice.uniform(20, 235, 3)
    grain = dice.normal(0, 14, (*picture.shape[:2], 3))
    here = mask > 0
    picture[here] = (colour + grain[here]).astype(picture.dtype) if picture.dtype != np.uint8 else np.clip(colour + grain[here], 0, 255)  # fmt: skip
    return here


def seen(picture, dice, *, turn=6.0, tilt=0.00008, light=0.15, blur=0.6, quality=88, cut=0.06):
    """Photograph a place: a view a little off, in another light, with the camera's noise, as JPEG."""
    side = picture.shape[0]
    angle, scale = dice.uniform(-turn, turn), dice.uniform(0.94, 1.06)
    view = np.vstack([cv2.getRotationMatrix2D((side / 2, side / 2), angle, scale), [0, 0, 1]])
    view[:2, 2] += dice.uniform(-cut * side, cut * side, 2)
    view[2, :2] = dice.uniform(-tilt, tilt, 2)
    shot = cv2.warpPerspective(picture, view, (side, side), borderMode=cv2.BORDER_REFLECT)
    edge = int(side * 0.08)
    shot = shot[edge:-edge, edge:-edge].astype(np.float32)
    shot = shot * dice.uniform(1 - light, 1 + light) + dice.uniform(-12, 12)
    shot = cv2.GaussianBlur(shot, (0, 0), blur) + dice.normal(0, 3, shot.shape)
    _, data = cv2.imencode(".jpg", np.clip(shot, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])  # fmt: skip
    move = np.array([[1, 0, -edge], [0, 1, -edge], [0, 0, 1]], float) @ view
    return bytes(data), move


def changed(picture, dice, share):
    """Return the place with things come or gone on about `share` of it, and where."""
    later, where = picture.copy(), np.zeros(picture.shape[:2], bool)
    side = picture.shape[0]
    while where.mean() < share:
        left = share - where.mean()
        size = min(0.16, max(0.03, (left / 2.4) ** 0.5)) * side
        where |= thing(later, dice, size, at=dice.uniform(0.25 * side, 0.75 * side, 2))
    return later, where
