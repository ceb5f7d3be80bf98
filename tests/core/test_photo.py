"""The perceptual hash: the same transform as scipy's, its 64 bits, and back from the database."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core import photo


def picture(seed):
    """A picture as photographs are: the finer, the fainter."""
    chance = np.random.default_rng(seed)
    k, n = np.arange(32)[:, None], np.arange(32)[None, :]
    waves = np.cos(np.pi * k * (2 * n + 1) / 64)
    loud = chance.normal(0, 1, (32, 32)) / (1 + k + n)
    out = waves.T @ loud @ waves
    return ((out - out.min()) / (out.max() - out.min()) * 255).astype(np.uint8)


@settings(deadline=None)  # the first call imports scipy
@given(st.integers(0, 10_000))
def test_the_transform_is_that_of_scipy(seed):
    fft = pytest.importorskip("scipy.fft", reason="scipy is the oracle here")
    grey = picture(seed)

    low = fft.dctn(grey.astype(float), norm="ortho")[:8, :8].ravel()
    bits = low > np.median(low[1:])
    bits[0] = False
    assert photo.fingerprint(grey) == sum(1 << n for n in np.flatnonzero(bits).tolist())


@given(st.integers(0, 10_000), st.floats(0.7, 1.0), st.integers(0, 30))
def test_less_light_and_a_little_noise_keep_a_copy_alike(seed, light, more):
    grey = picture(seed)
    noise = np.random.default_rng(seed + 1).normal(0, 2, grey.shape)
    copy = np.clip(grey * light + more * (1 - light) + noise, 0, 255).astype(np.uint8)

    assert photo.apart(photo.fingerprint(grey), photo.fingerprint(copy)) <= photo.ALIKE


def test_other_pictures_are_not_alike():
    found = [photo.fingerprint(picture(seed)) for seed in range(150)]
    apart = [photo.apart(a, b) for n, a in enumerate(found) for b in found[:n]]

    assert sum(bits <= photo.ALIKE for bits in apart) / len(apart) < 0.001
    assert 25 < np.mean(apart) < 35


def test_a_blank_picture_has_none_and_another_size_is_a_mistake():
    assert photo.fingerprint(np.full((32, 32), 7, np.uint8)) is None
    with pytest.raises(ValueError, match="32 x 32"):
        photo.fingerprint(np.zeros((16, 32), np.uint8))


@given(st.integers(1, 2**64 - 1))
def test_what_the_database_keeps_reads_back(value):
    kept = photo.signed(value)

    assert -(2**63) <= kept < 2**63
    assert photo.unsigned(kept) == value
    assert photo.signed(None) is None
