"""Made-up reports by the million, with their truth: which are one incident, and its domain.

Sentences are put together from a small grammar of our own. An incident has a
site, a duty-holder, a domain and a day; its reports say it in the grammar's
different ways, with characters swapped, sentences dropped and added, and places
that scatter. The truth stays outside the file: `incident` and `domain` per row.
"""

from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from grammar import DETAILS, DOMAINS, OPENINGS, PEOPLE, ROADS, SITES, TOWNS, WISHES
from numpy.typing import NDArray

CITIES = ((116.4, 39.9), (121.5, 31.2), (113.3, 23.1), (104.1, 30.7), (108.9, 34.3), (114.3, 30.6),
          (120.2, 30.3), (118.8, 32.1), (117.0, 36.7), (126.6, 45.8), (102.7, 25.0), (106.5, 29.6))  # fmt: skip
MOST = 2_000
NOISE = 0.04
JITTER_M = 100.0
DEGREE_M = 111_320.0
ROUND = 250_000


@dataclass(frozen=True, slots=True)
class Truth:
    """What the file does not say: for each row its incident, and its domain in `DOMAINS`."""

    incident: NDArray[np.int64]
    domain: NDArray[np.int64]


def write(path: Path, rows: int, seed: int = 20261120) -> Truth:
    """Write `rows` reports as Parquet, in an order that tells nothing; the same for one seed."""
    chance = np.random.default_rng(seed)
    incident = _incidents(rows, chance)
    cases = _cases(int(incident.max()) + 1, chance)
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as out:
        for start in range(0, rows, ROUND):
            out.write_table(_reports(start, incident[start : start + ROUND], cases, chance))
    return Truth(incident, cases["domain"][incident])


SCHEMA = pa.schema([
    ("编号", pa.string()), ("留言内容", pa.string()), ("留言时间", pa.timestamp("s")),
    ("经度", pa.float64()), ("纬度", pa.float64()), ("留言用户", pa.string()), ("点赞数", pa.int64()),
])  # fmt: skip


def _incidents(rows: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """Return each row's incident; sizes fall as a power (Zipf) up to `MOST`."""
    sizes = np.minimum(chance.zipf(1.75, int(rows / 2) + MOST), MOST)
    upto = int(np.searchsorted(np.cumsum(sizes), rows)) + 1
    return chance.permutation(np.repeat(np.arange(upto), sizes[:upto])[:rows])


def _cases(count: int, chance: np.random.Generator) -> dict[str, NDArray[np.generic]]:
    city = np.array(CITIES)[chance.integers(0, len(CITIES), count)]
    weights = np.array([one.share for one in DOMAINS])
    return {
        "domain": chance.choice(len(DOMAINS), count, p=weights / weights.sum()),
        "lon": city[:, 0] + chance.normal(0, 0.25, count),
        "lat": city[:, 1] + chance.normal(0, 0.2, count),
        "day": chance.integers(0, 365, count),
        "said": chance.integers(0, 1 << 30, (count, 6)),
    }


def _reports(
    start: int, incident: NDArray[np.int64], cases: dict[str, NDArray[np.generic]],
    chance: np.random.Generator,
) -> pa.Table:  # fmt: skip
    count = len(incident)
    text = _texts(incident, cases, chance)
    off = chance.normal(0, JITTER_M / DEGREE_M, (2, count))
    lat = cases["lat"][incident] + off[1]
    hours = cases["day"][incident] * 24 + chance.exponential(20 * 24, count).astype(np.int64)
    seconds = 1_735_689_600 + hours * 3600 + chance.integers(0, 3600, count)
    return pa.table([
        pa.array(np.arange(start + 1, start + 1 + count)).cast(pa.string()),
        text,
        pa.array(seconds).cast(pa.timestamp("s")),
        cases["lon"][incident] + off[0] / np.cos(np.radians(lat)),
        lat,
        pa.array(chance.integers(0, max(count * 2, 10), count)).cast(pa.string()),
        np.minimum(chance.zipf(2.2, count) - 1, 5000),
    ], schema=SCHEMA)  # fmt: skip


def _texts(
    incident: NDArray[np.int64], cases: dict[str, NDArray[np.generic]], chance: np.random.Generator
) -> pa.Array:
    """Put the sentences of each row together in one pass over bytes, then swap characters."""
    pieces, first = _pool()
    said, domain = cases["said"][incident], cases["domain"][incident]

    def of(group: str, pick: NDArray[np.generic]) -> NDArray[np.int64]:
        at, many = first[group]
        return at + pick % many

    facts = np.array([first[f"fact {one.slug}"] for one in DOMAINS])
    at, many = facts[domain, 0], facts[domain, 1]
    # Two facts of the domain are the incident's own; one more may be added, each may be dropped.
    chosen = np.stack([
        of("opening", chance.integers(0, 1 << 30, len(incident))),
        of("town", said[:, 0]), of("road", said[:, 1]), of("site", said[:, 2]),
        at + said[:, 3] % many, at + said[:, 4] % many, of("people", said[:, 5]),
        at + chance.integers(0, 1 << 30, len(incident)) % many,
        of("detail", said[:, 5]), of("detail", chance.integers(0, 1 << 30, len(incident))),
        of("wish", chance.integers(0, 1 << 30, len(incident))),
    ], axis=1).astype(np.int64)  # fmt: skip
    left_out = np.array([0.3, 0, 0, 0, 0.05, 0.15, 0.1, 0.75, 0.05, 0.2, 0.15])
    chosen[chance.random(chosen.shape) < left_out] = -1
    small = int(chance.integers(1 << 30))
    offsets, data = _joined(
        chosen, np.frombuffer(pieces.buffers()[1], np.int32), _bytes(pieces), small, NOISE
    )
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(incident), buffers)


def _pool() -> tuple[pa.Array, dict[str, tuple[int, int]]]:
    """Return every sentence in one array, and (first, how many) by group."""
    groups = {"opening": OPENINGS, "town": TOWNS, "road": ROADS, "site": SITES, "people": PEOPLE,
              "detail": DETAILS, "wish": WISHES} | {f"fact {one.slug}": one.facts for one in DOMAINS}  # fmt: skip
    first, every = {}, []
    for name, held in groups.items():
        first[name] = (len(every), len(held))
        every.extend(held)
    return pa.array(every, pa.string()), first


def _bytes(pieces: pa.Array) -> NDArray[np.uint8]:
    return np.frombuffer(pieces.buffers()[2], np.uint8)


@numba.njit(cache=True)
def _joined(chosen, off, data, seed, noise):  # type: ignore[no-untyped-def]
    """Join the chosen pieces of each row; a three-byte character becomes another now and then."""
    np.random.seed(seed)  # noqa: NPY002  the only generator numba compiles
    rows, wide = chosen.shape
    offsets = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        long = 0
        for k in range(wide):
            if chosen[row, k] >= 0:
                long += off[chosen[row, k] + 1] - off[chosen[row, k]]
        offsets[row + 1] = offsets[row] + long
    out = np.empty(offsets[-1], np.uint8)
    for row in range(rows):
        at = offsets[row]
        for k in range(wide):
            if chosen[row, k] >= 0:
                for byte in range(off[chosen[row, k]], off[chosen[row, k] + 1]):
                    out[at] = data[byte]
                    at += 1
        for byte in range(offsets[row], at - 2):
            lead = out[byte]
            if 0xE4 < lead < 0xE9 and np.random.random() < noise:  # noqa: NPY002
                out[byte + 1] = 0x80 + np.random.randint(64)  # noqa: NPY002
                out[byte + 2] = 0x80 + np.random.randint(64)  # noqa: NPY002
    return offsets, out
