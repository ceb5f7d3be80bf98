"""What was read once is the same when it is taken up again."""

import pyarrow as pa
import pytest

from jingyi.core.words import say
from jingyi.engines import kept, tables

TEXT = pa.string()


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(
            tables.Sheet(
                ("row", "内容"),  # a sender's column may have any name
                pa.table({"row": pa.array(["甲", None], TEXT), "内容": pa.array(["", "黑\x01水"])}),
                pa.array([2, 5], pa.int64()),
                (tables.Rejected(3, say("这一行有 {n} 格。", n=4), ("a", "", "c")),),
            ),
            id="rows-and-a-rejected-one",
        ),
        pytest.param(
            tables.Sheet(
                ("内容",), pa.table({"内容": pa.array([], TEXT)}), pa.array([], pa.int64())
            ),
            id="no-rows",
        ),
    ],
)
def test_a_sheet_comes_back_as_it_was(sheet):
    again = kept.loaded(kept.dumped(sheet))

    assert again.names == sheet.names
    assert again.table.equals(sheet.table)
    assert again.rows.equals(sheet.rows)
    assert [(one.row, str(one.reason), one.raw) for one in again.rejected] == [
        (one.row, str(one.reason), one.raw) for one in sheet.rejected
    ]
