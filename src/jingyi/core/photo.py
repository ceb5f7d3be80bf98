"""A photograph's perceptual hash: near-copies differ in few of its 64 bits, other pictures in about half.

The discrete cosine transform of the picture, grey and 32 pixels a side; its 64
lowest frequencies, each above or below their median. Survives another size,
another compression, a little more light; not a crop, a mirror image or a turn.

Checked with: scipy's transform, and drawn pictures resized and recompressed.
Source: Zauner (2010), Implementation and Benchmarking of Perceptual Image Hash Functions, 3.2.
"""

import numpy as np
from numpy.typing import NDArray

SIDE = 32  # pixels
LOW = 8  # frequencies each way
ALIKE = 10  # bits in which two copies of one photograph may differ
FLAT = 1.0  # grey levels: a picture with less to it says nothing


def fingerprint(grey: NDArray[np.uint8]) -> int | None:
    """Return the hash of a grey picture of 32 x 32, from 1 to 2^64 - 1; None for a blank one."""
    if grey.shape != (SIDE, SIDE):
        msg = f"a picture of {SIDE} x {SIDE} is wanted, not {grey.shape}"
        raise ValueError(msg)
    picture = grey.astype(np.float64)
    if picture.std() < FLAT:
        return None
    basis = _cosines()
    low = (basis @ picture @ basis.T).ravel()
    bits = low > np.median(low[1:])  # the first is only how light the picture is
    bits[0] = False
    return int(sum(1 << n for n in np.flatnonzero(bits).tolist())) or None


def apart(one: int, other: int) -> int:
    """Return in how many bits two hashes differ."""
    return (one ^ other).bit_count()


def signed(fingerprint_: int | None) -> int | None:
    """Return the hash as databases keep 64 bits: signed."""
    if fingerprint_ is None:
        return None
    return fingerprint_ - (1 << 64) if fingerprint_ >> 63 else fingerprint_


def unsigned(stored: int) -> int:
    """Return the hash that `signed` wrote."""
    return stored % (1 << 64)


def _cosines() -> NDArray[np.float64]:
    """Return the first rows of the orthonormal cosine transform (type II), LOW x SIDE."""
    k, n = np.arange(LOW)[:, None], np.arange(SIDE)[None, :]
    rows = np.sqrt(2 / SIDE) * np.cos(np.pi * k * (2 * n + 1) / (2 * SIDE))
    rows[0] /= np.sqrt(2)
    return np.asarray(rows, np.float64)
