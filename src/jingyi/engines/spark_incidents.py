"""The incident step on many machines: a join on shared keys, then the same kernel in every part.

1. Executors write the keys of their reports and send each key to one bucket.
2. A bucket joins the reports that share a key and keeps only the forest.
3. The driver unites the forests, 8 bytes a report, and packs the components.
4. Every pack is gathered by the same code as on one machine. Incidents never
   reach beyond a component, so the result is the same, report by report.

A component is never divided: the largest is gathered on one executor, in its
memory, however many there are.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage import gathering, incidents, key_kernels
from jingyi.engines import spark_bundles as bundles
from jingyi.engines.spark_bundles import Batches
from jingyi.engines.spark_components import Union, by_key, hashes
from jingyi.engines.spark_source import POSITION

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

    from jingyi.core.triage.book import Book

Step = Callable[[Batches], Batches]
SCATTER = np.uint64(0x9E3779B97F4A7C15)  # odd: spreads keys evenly over buckets
NAMED = np.uint64(1 << 63)  # set in keys made of an id, clear in keys made of a trace


def gathered(reports: "DataFrame", book: "Broadcast[Book]", rows: int, parts: int) -> "DataFrame":
    """Return the reports with their `incident`; all reports of one are in the same bundle.

    Args:
        reports: bundles of `at`, `id`, `trace` and whatever else is wanted afterwards.
        book: the rulebook, as every executor has it.
        rows: reports in all.
        parts: into how many parts each step is divided.
    """
    forests = (
        reports.mapInArrow(_keys(book, parts), bundles.SCHEMA)
        .repartitionById(parts, "slot")
        .mapInArrow(_forests, bundles.SCHEMA)
    )
    union = Union(rows)
    forests.persist()
    forests.count()  # all buckets at once; below, one after the other
    for row in forests.toLocalIterator():
        found = bundles.unpacked(row.bundle)
        union.join(found["member"].to_numpy(), found["root"].to_numpy())
    forests.unpersist()
    pack, _ = union.packs(parts)
    packs = reports.sparkSession.sparkContext.broadcast(pack)
    return (
        reports.mapInArrow(_to_packs(packs), bundles.SCHEMA)
        .repartitionById(parts, "slot")
        .mapInArrow(_gather(book), bundles.SCHEMA)
    )


def _keys(book: "Broadcast[Book]", parts: int) -> Step:
    def step(batches: Batches) -> Batches:
        rules, rarity = book.value.incidents, book.value.model.rarity
        for _, table in bundles.each(batches):
            traces = incidents.unpack(table["trace"])
            pairs = _pairs(table[POSITION].to_numpy(), table["id"], traces, rarity, rules.rare)
            bucket = (pairs["key"].to_numpy() * SCATTER) >> np.uint64(33)
            yield from bundles.by_slot(pairs, (bucket % np.uint64(parts)).astype(np.int32))

    return step


def _pairs(
    at: NDArray[np.int64],
    ids: pa.ChunkedArray,
    traces: incidents.Traces,
    rarity: NDArray[np.float32],
    rare: float,
) -> pa.Table:
    """Return (key, report, telling), a row for every key of every report.

    Reports with the same id share a key besides: they would found incidents
    of the same name, and so have to be counted in the same place.
    """
    off = np.zeros(len(at) + 1, np.int64)
    key = np.empty(len(at) * key_kernels.MOST, np.uint32)
    kind = np.empty(len(key), np.uint8)
    key_kernels.write_keys(traces, rarity, rare, True, off, key, kind)
    key, kind = key[: off[-1]], kind[: off[-1]]
    row = np.repeat(np.arange(len(at)), np.diff(off))
    placed = ~np.isnan(traces["lon"])
    return pa.table(
        {
            "key": np.concatenate([key.astype(np.uint64), hashes(ids) | NAMED]),
            "at": np.concatenate([at[row], at]),
            "telling": np.concatenate(
                [(kind == key_kernels.PLACED) | ~placed[row], np.ones(len(at), bool)]
            ),
        }
    )


def _forests(batches: Batches) -> Batches:
    for slot, pairs in bundles.together(batches).items():
        member, root = by_key(
            pairs["key"].to_numpy(),
            pairs["at"].to_numpy(),
            pairs["telling"].to_numpy(zero_copy_only=False),
        )
        yield bundles.packed(slot, pa.table({"member": member, "root": root}))


def _to_packs(packs: "Broadcast[NDArray[np.uint16]]") -> Step:
    def step(batches: Batches) -> Batches:
        for _, table in bundles.each(batches):
            yield from bundles.by_slot(table, packs.value[table[POSITION].to_numpy()])

    return step


def _gather(book: "Broadcast[Book]") -> Step:
    def step(batches: Batches) -> Batches:
        rules, rarity = book.value.incidents, book.value.model.rarity
        for slot, unsorted in bundles.together(batches).items():
            table = unsorted.sort_by(POSITION)
            ids = table["id"].combine_chunks()
            found = gathering.gather(rules, rarity, incidents.unpack(table["trace"]), ids)
            yield bundles.packed(slot, table.drop_columns("trace").append_column("incident", found))

    return step
