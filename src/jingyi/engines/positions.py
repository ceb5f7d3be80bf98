"""Coordinates of a table in WGS-84, with what was given kept beside them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core import datum
from jingyi.core.triage import place

GIVEN = ("datum", "given_lon", "given_lat")


def in_wgs84(lon: pa.Array, lat: pa.Array, said: pa.Array) -> dict[str, pa.Array]:
    """Return `lon`, `lat` in WGS-84, and `datum`, `given_lon`, `given_lat` as they came.

    Args:
        lon, lat: float64, degrees.
        said: the datum of each row in whatever words; nothing said is WGS-84. Where
            the words are none of the four, the spot is unknown: `lon`, `lat` are null.
    """
    words = pc.fill_null(said, "").combine_chunks() if isinstance(said, pa.ChunkedArray) else said
    coded = pc.fill_null(words, "").dictionary_encode()
    systems = [_system(one) for one in coded.dictionary.to_pylist()]
    row = np.asarray(coded.indices.to_numpy(zero_copy_only=False))
    x, y = _floats(lon), _floats(lat)
    for index, system in enumerate(systems):
        mine = row == index
        x[mine], y[mine] = _turned(x[mine], y[mine], system)
    names = pa.array([name or None for name in (*systems, "")], pa.string())
    return {
        "lon": pa.array(x, from_pandas=True),
        "lat": pa.array(y, from_pandas=True),
        "datum": names.take(pa.array(row)),
        "given_lon": lon,
        "given_lat": lat,
    }


def known(words: str) -> bool:
    """Tell whether words name a datum."""
    return bool(words.strip()) and _system(words) is not None


def _system(words: str) -> datum.Datum | None:
    """Return the datum that words mean, WGS-84 where nothing is said, None where it is unknown."""
    try:
        return datum.named(words) if words.strip() else "WGS-84"
    except datum.UnknownDatum:
        return None


def _turned(
    lon: NDArray[np.float64], lat: NDArray[np.float64], system: datum.Datum | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return WGS-84; swapped ones stay swapped, to be noticed, but are converted as meant."""
    if system is None:
        return np.full_like(lon, np.nan), np.full_like(lat, np.nan)
    swapped = place.points(lon, lat).state == place.SWAPPED
    x, y = datum.to_wgs84(np.where(swapped, lat, lon), np.where(swapped, lon, lat), system)
    return np.where(swapped, y, x), np.where(swapped, x, y)


def _floats(column: pa.Array) -> NDArray[np.float64]:
    return np.array(column.to_numpy(zero_copy_only=False), np.float64)
