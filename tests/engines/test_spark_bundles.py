"""Bundles arrive as they left."""

import numpy as np
import pyarrow as pa

from jingyi.engines import spark_bundles as bundles


def test_every_bit_of_a_table_arrives():
    table = pa.table(
        {
            "nan": pa.array([float("nan"), None, -0.0], pa.float32()),
            "trace": pa.array([b"ab", b"\x00\x01", b"cd"], pa.binary(2)),
            "sets": pa.array([["甲"], None, []], pa.list_(pa.string())),
            "code": pa.array(["a", "b", "a"]).dictionary_encode(),
        }
    )

    [(slot, found)] = bundles.each(iter([bundles.packed(7, table)]))

    assert slot == 7
    assert found.schema == table.schema
    assert repr(found.to_pylist()) == repr(table.to_pylist())


def test_rows_go_to_their_slots_in_order():
    table = pa.table({"n": range(6)})

    found = dict(bundles.each(bundles.by_slot(table, np.array([3, 0, 3, 0, 3, 9]))))

    assert {slot: part["n"].to_pylist() for slot, part in found.items()} == {
        0: [1, 3],
        3: [0, 2, 4],
        9: [5],
    }


def test_a_table_without_rows_goes_nowhere():
    assert list(bundles.by_slot(pa.table({"n": pa.array([], pa.int64())}), np.array([], int))) == []
