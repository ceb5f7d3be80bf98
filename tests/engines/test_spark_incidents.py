"""Incidents found in parts are those found at once, report by report."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from jingyi.core.triage import book, gathering, incidents
from jingyi.engines import spark_bundles as bundles
from jingyi.engines import spark_incidents as steps

ROWS = 3_000


@pytest.fixture(scope="module")
def reports():
    """Reports whose few names, places and days make them meet in many ways."""
    random = np.random.default_rng(7)
    rarity = book.load().model.rarity
    rare = np.flatnonzero(rarity >= book.read_incidents().rare)
    traces = np.zeros(ROWS, incidents.TRACE)
    for field in ("name", "title", "text"):
        traces[field] = -1
        traces[field][:, :2] = np.sort(random.choice(rare[:2_500], (ROWS, 2)), axis=1)
    traces["cues"][:, 0] = 1 << random.integers(0, 8, ROWS).astype(np.uint64)
    traces["bands"] = random.integers(1, 2**31, traces["bands"].shape)
    traces["day"] = random.integers(20_000, 20_030, ROWS)
    traces["lon"] = np.where(random.random(ROWS) < 0.02, np.nan, 116.5 + random.random(ROWS) / 5)
    traces["lat"] = np.where(np.isnan(traces["lon"]), np.nan, 33.5 + random.random(ROWS) / 5)
    ids = [f"n{n if random.random() > 0.02 else n // 2}" for n in range(ROWS)]
    return pa.table(
        {
            "at": range(ROWS),
            "id": ids,
            "trace": incidents.pack(traces),
        }
    )


def at_once(reports):
    rules = book.load()
    return gathering.gather(
        rules.incidents,
        rules.model.rarity,
        incidents.unpack(reports["trace"]),
        reports["id"].combine_chunks(),
    )


def in_batches(table):
    return iter([bundles.packed(0, table.slice(start, 700)) for start in range(0, ROWS, 700)])


def test_what_links_reports_is_found_bucket_by_bucket(reports):
    """Every incident lies within one component, and reports of one id within one pack."""
    keys = steps._keys(SimpleNamespace(value=book.load()), 5)(in_batches(reports))
    union = steps.Union(ROWS)
    for _, found in bundles.each(steps._forests(keys)):
        union.join(found["member"].to_numpy(), found["root"].to_numpy())
    pack, largest = union.packs(4)

    incident, ids = at_once(reports), reports["id"]
    for names in (incident, ids):
        code = names.dictionary_encode()
        code = code.combine_chunks() if isinstance(code, pa.ChunkedArray) else code
        per = {}
        for name, where in zip(code.indices.to_pylist(), pack.tolist(), strict=True):
            per.setdefault(name, set()).add(where)
        assert all(len(found) == 1 for found in per.values())
    assert 1 < largest < ROWS
    assert len(set(incident.to_pylist())) < ROWS


@pytest.mark.spark
@pytest.mark.slow
def test_incidents_found_in_parts_are_those_found_at_once(reports):
    from jingyi.engines.spark_session import session

    with session("local[2]") as spark:
        rows = [(0, batch["bundle"][0].as_py()) for batch in in_batches(reports)]
        frame = spark.createDataFrame(rows, bundles.SCHEMA).repartition(3)
        shared = spark.sparkContext.broadcast(book.load())
        found = steps.gathered(frame, shared, ROWS, 4)
        parts = [bundles.unpacked(row.bundle) for row in found.collect()]

    assert len(parts) > 1
    together = pa.concat_tables(parts).sort_by("at")
    assert together["at"].to_pylist() == list(range(ROWS))
    assert together["incident"].to_pylist() == at_once(reports).to_pylist()
    names = [set(part["incident"].to_pylist()) for part in parts]
    assert sum(map(len, names)) == len(set.union(*names)), "an incident is in two parts"
