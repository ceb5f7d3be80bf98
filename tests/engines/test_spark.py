"""Spark's verdicts are the embedded engine's, row for row, column for column, bit for bit."""

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jingyi.core.refusal import Refusal
from jingyi.core.triage import book
from jingyi.engines import embedded, spark
from jingyi.engines.base import Job

AREAS = ("相山区", "烈山区", "杜集区", "濉溪县")
KINDS = ("{}化工有限公司", "{}饭店", "{}小区", "{}幼儿园", "{}河", "{}加油站")
TROUBLES = (
    "夜间偷排污水，河水发黑发臭",
    "消防通道被占用，有安全隐患",
    "卖过期食品，孩子吃了拉肚子",
    "倾倒建筑垃圾，占用基本农田",
    "办了卡就不退钱",
    "路灯不亮，路面坑洼",
)
WORDS = "".join(chr(0x4E00 + 37 * k) for k in range(500))
MORE = (
    "希望尽快处理。",
    "反映多次没人管。",
    "附近还有学校。",
    "请领导关注。",
    "<b>急</b>😀",
    "\x00",
)


def messages(count, seed=1):
    """Reports of about a quarter as many matters; some without text, time, place, id; ids twice."""
    dice = random.Random(seed)
    rows = []
    for n in range(count):
        matter = random.Random(dice.randrange(count // 4))
        name = matter.choice(KINDS).format("".join(matter.choices(WORDS, k=3)))
        area, trouble = matter.choice(AREAS), matter.choice(TROUBLES)
        lon, lat = 108 + matter.random() * 10, 25 + matter.random() * 10
        odd = dice.random()
        here = odd > 0.02
        rows.append(
            {
                "id": None if odd < 0.01 else f"m{n if odd < 0.98 else n // 2}",
                "title": f"{area}{name}的事" if dice.random() < 0.3 else None,
                "text": None if dice.random() < 0.002 else f"{area}{name}{trouble}。{_told(dice)}",
                "time": datetime(2026, 1, 1, tzinfo=UTC)
                + timedelta(minutes=dice.randrange(400_000))
                if dice.random() > 0.02
                else None,
                "lon": (300.0 if odd < 0.03 else lon + dice.gauss(0, 0.0005)) if here else None,
                "lat": lat if here else None,
                "likes": dice.randrange(50) if dice.random() < 0.2 else None,
                "reporter": f"u{dice.randrange(count // 2)}" if dice.random() < 0.8 else None,
            }
        )
    return pa.Table.from_pylist(rows)


def _told(dice):
    """Words of a person's own, so that only reports of one matter resemble each other."""
    words = "".join(dice.choices(WORDS, k=dice.randrange(60)))
    return words + "".join(dice.choices(MORE, k=dice.randrange(3)))


def judged_by(engine, source, folder, **named):
    job = Job(source, folder / f"{engine.__name__}.parquet", {}, book.load())
    done = engine.run(job, **named)
    # read_table would hide that lists may not be readable over several row groups
    return done, pq.ParquetFile(job.target).read().combine_chunks()


def compare(source, folder):
    theirs, expected = judged_by(embedded, source, folder)
    ours, mine = judged_by(spark, source, folder, master="local[2]")
    assert ours.rows == theirs.rows
    assert ours.rejected == theirs.rejected
    assert mine.schema.equals(expected.schema)
    assert mine.schema.field("reasons").type.value_type == pa.string()
    for name in expected.column_names:
        assert mine[name].equals(expected[name]), name
    return expected


@pytest.mark.spark
@pytest.mark.slow
def test_two_thousand_rows_of_parquet(tmp_path):
    source = tmp_path / "in.parquet"
    pq.write_table(messages(2_000), source, row_group_size=700)

    verdicts = compare(source, tmp_path)

    incidents = verdicts["incident"].to_pylist()
    assert len(set(incidents)) < 1_800, "too few reports meet for the comparison to mean anything"
    assert max(verdicts["rank"].to_pylist()) > 0
    assert [path.name for path in tmp_path.glob(".jingyi-spark-*")] == []


@pytest.mark.spark
@pytest.mark.slow
def test_two_hundred_thousand_rows(tmp_path):
    source = tmp_path / "in.parquet"
    pq.write_table(messages(200_000), source)

    verdicts = compare(source, tmp_path)

    assert len(set(verdicts["incident"].to_pylist())) < 180_000


@pytest.mark.spark
@pytest.mark.slow
def test_a_csv_with_a_row_that_is_refused(tmp_path):
    source = tmp_path / "in.csv"
    lines = [f"{n},{row['text']}" for n, row in enumerate(messages(60).to_pylist())]
    source.write_text(
        "\n".join(["编号,内容", *lines, "a,b,c,d"]).replace("\x00", ""), "gb18030", "replace"
    )

    verdicts = compare(source, tmp_path)

    assert verdicts.num_rows == 60


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1])
def test_a_file_with_hardly_anything_in_it(tmp_path, count):
    source = tmp_path / "in.parquet"
    pq.write_table(messages(8).slice(0, count), source)

    assert compare(source, tmp_path).num_rows == count


@pytest.mark.spark
@pytest.mark.slow
def test_a_node_with_other_code_is_refused(tmp_path, monkeypatch):
    source = tmp_path / "in.parquet"
    pq.write_table(messages(8), source)
    monkeypatch.setattr(spark, "own_code", lambda: "another")

    with pytest.raises(Refusal, match="版本不同"):
        judged_by(spark, source, tmp_path, master="local[1]")
