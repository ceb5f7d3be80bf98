"""`jingyi match`, as those who script it use it."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jingyi.cli import main

PROPOSALS = [
    ("P1", "关于清理柳河垃圾的建议", "柳河大桥下有300吨建筑垃圾，影响行洪，建议清运。"),
    ("P2", "关于修复路灯的提案", "新华路菜市场一带路灯损坏，建议尽快修复。"),
    ("P3", "", ""),
]
SUGGESTIONS = [
    ("S1", "检察建议", "你局对新华路至菜市场路段损坏的路灯未及时修复，建议依法履职。"),
    ("S2", "检察建议", "柳河大桥下游河道堆放建筑垃圾约300吨，建议你局依法清理。"),
    ("S3", "检察建议", "某平台强制索取通讯录权限，涉嫌违法收集个人信息。"),
    ("S4", "检察建议", "=HYPERLINK(1)，夜间施工噪声扰民。"),
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("match")
    names = ("编号", "标题", "内容")
    for name, rows in (("a.parquet", PROPOSALS), ("b.parquet", SUGGESTIONS)):
        pq.write_table(
            pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))),
            folder / name,
        )
    return str(folder / "a.parquet"), str(folder / "b.parquet")


def match(tables, target, *more):
    return main(["match", *tables, "--text", "内容", "-o", str(target), *more])


def test_each_text_finds_its_counterpart(tables, tmp_path, capsys):
    assert match(tables, tmp_path / "out.parquet", "--title", "标题", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.column_names == ["a_id", "b_id", "score", "because"]
    best = {}
    for one in out.to_pylist():
        best.setdefault(one["a_id"], one)
    assert {a: one["b_id"] for a, one in best.items()} == {"P1": "S2", "P2": "S1"}
    assert any("建筑垃圾" in reason for reason in best["P1"]["because"])
    assert (told["a"], told["b"], told["pairs"]) == (3, 4, out.num_rows)
    scores = [one["score"] for one in out.to_pylist() if one["a_id"] == "P1"]
    assert scores == sorted(scores, reverse=True)


def test_the_other_way_round_finds_the_same_pairs(tables, tmp_path):
    assert match(tables[::-1], tmp_path / "out.parquet", "--top", "1") == 0

    pairs = {
        (one["a_id"], one["b_id"]) for one in pq.read_table(tmp_path / "out.parquet").to_pylist()
    }
    assert {("S2", "P1"), ("S1", "P2")} <= pairs


def test_top_and_least_limit_what_is_written(tables, tmp_path, capsys):
    assert match(tables, tmp_path / "one.parquet", "--top", "1") == 0
    assert pq.read_table(tmp_path / "one.parquet")["a_id"].to_pylist() == ["P1", "P2"]
    assert match(tables, tmp_path / "none.parquet", "--least", "1") == 0
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0
    assert "对候选" in capsys.readouterr().out


def test_csv_opens_in_a_spreadsheet(tables, tmp_path):
    assert match(tables, tmp_path / "out.csv") == 0

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["a_id"] == "P1"
    assert "；" in rows[0]["because"]
    assert not any(cell[:1] in "=+-@" for one in rows for cell in one.values())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--top", "0"], "至少为 1"),
        (["--least", "2"], "0 与 1 之间"),
        (["--title", "没有"], "两个表中都没有"),
    ],
)
def test_refusals_say_what_to_do(tables, tmp_path, capsys, more, says):
    assert match(tables, tmp_path / "out.parquet", *more) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out.parquet").exists()


def test_a_missing_column_a_missing_file_and_another_format_are_refused(tables, tmp_path, capsys):
    target = str(tmp_path / "out.parquet")

    assert main(["match", *tables, "--text", "没有", "-o", target]) == 2
    assert main(["match", tables[0], "absent.csv", "--text", "内容", "-o", target]) == 2
    assert match(tables, tmp_path / "out.docx") == 2
    assert "Traceback" not in capsys.readouterr().err
    assert list(Path(tmp_path).iterdir()) == []
