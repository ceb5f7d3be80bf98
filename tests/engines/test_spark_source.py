"""A file in slices reads as the same file read at once."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jingyi.core.refusal import Refusal
from jingyi.engines import spark_source, tables


def messages(count):
    return pa.table(
        {
            "编号": [f"n{i}" if i % 7 else None for i in range(count)],
            "留言详情": [f"第{i}条：河水发黑，夜里有气味，请来看看。" for i in range(count)],
            "留言时间": pa.array(
                [i * 86_400_000_000_000 for i in range(count)], pa.timestamp("ns")
            ),
            "用不着": [b"\xff\xfe"] * count,
        }
    )


def together(source):
    parts = [part for i in range(len(source.slices)) for part in spark_source.read(source, i)]
    return pa.concat_tables(parts).combine_chunks()


@pytest.mark.parametrize("group", [1_000, 7_000, 100_000])
def test_slices_of_parquet_are_the_file_whatever_its_row_groups(tmp_path, group, monkeypatch):
    monkeypatch.setattr(spark_source, "BATCH", 300)
    path = tmp_path / "in.parquet"
    pq.write_table(messages(10_000), path, row_group_size=group)

    source, rejected = spark_source.open_source(path, {}, tmp_path, cores=2)
    found = together(source)

    assert found.drop_columns("at").equals(tables.read_table(path).combine_chunks())
    assert found["at"].to_pylist() == list(range(10_000))
    assert len(source.slices) > 1
    assert rejected == ()


def test_a_csv_is_read_once_and_cut_the_same(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("编号,内容\n1,河水发黑\n2,井盖没了,多了,一格\n3,路灯不亮\n", "gb18030")

    source, rejected = spark_source.open_source(path, {"text": "内容"}, tmp_path, cores=2)

    assert together(source).drop_columns("at").equals(tables.read_table(path, {"text": "内容"}))
    assert len(rejected) == 1
    assert "第 3 行" in rejected[0]


def test_a_name_that_stands_twice_means_its_first_column(tmp_path):
    path = tmp_path / "in.parquet"
    twice = pa.Table.from_arrays([pa.array(["河水发黑"]), pa.array(["路灯不亮"])], ["text", "text"])
    pq.write_table(twice, path)

    source, _ = spark_source.open_source(path, {}, tmp_path, cores=1)

    assert together(source)["text"].to_pylist() == ["河水发黑"]
    assert tables.read_table(path)["text"].to_pylist() == ["河水发黑"]


def test_bytes_that_are_no_text_spoil_no_other_row(tmp_path):
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": ["河水发黑".encode(), b"\xb5\xc6", None]}), path)

    source, _ = spark_source.open_source(path, {}, tmp_path, cores=1)

    assert together(source)["text"].to_pylist() == ["河水发黑", "\ufffd\ufffd", None]
    assert tables.read_table(path)["text"].to_pylist() == ["河水发黑", "\ufffd\ufffd", None]


@pytest.mark.parametrize("content", [b"PAR1 and then nothing", b""])
def test_what_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "in.parquet"
    path.write_bytes(content)

    with pytest.raises(Refusal):
        spark_source.open_source(path, {}, tmp_path, cores=1)


def test_a_heading_that_is_not_there_is_refused_before_spark_is_asked(tmp_path):
    path = tmp_path / "in.parquet"
    pq.write_table(messages(3), path)

    with pytest.raises(Refusal, match="没有名为"):
        spark_source.open_source(path, {"text": "正文"}, tmp_path, cores=1)


def test_a_file_without_rows_has_no_slices(tmp_path):
    path = tmp_path / "in.parquet"
    pq.write_table(messages(0), path)

    source, _ = spark_source.open_source(path, {"text": "留言详情"}, tmp_path, cores=1)

    assert source.slices == ()
