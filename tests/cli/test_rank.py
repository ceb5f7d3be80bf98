"""`jingyi rank`, on score sheets as a secretariat keeps them."""

import csv
import json

import pytest

from jingyi.cli import main


def write(folder, *lines):
    path = folder / "scores.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def ranked(path, tmp_path, capsys, *more):
    out = tmp_path / "out.csv"
    code = main(["rank", str(path), "-o", str(out), "--json", *more])
    said = capsys.readouterr()
    assert code == 0, said.err
    with out.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file)), json.loads(said.out)


SHEET = (
    "entry,judge,criterion,score",
    *(f"{e},{j},{c},{p + k}" for e, p in (("甲", 90), ("乙", 80), ("丙", 85))
      for k, j in enumerate(("王", "李", "赵")) for c in ("创新", "实效")),
)  # fmt: skip


def test_the_columns_and_the_order(tmp_path, capsys):
    rows, summary = ranked(write(tmp_path, *SHEET), tmp_path, capsys, "--places", "2")
    assert list(rows[0]) == [
        "entry", "mean", "trimmed_mean", "calibrated", "rank", "rank_low", "rank_high",
    ]  # fmt: skip
    assert [(r["entry"], r["rank"]) for r in rows] == [("甲", "1"), ("丙", "2"), ("乙", "3")]
    assert [float(rows[0][k]) for k in ("mean", "trimmed_mean")] == [91, 91]
    proof = summary["certificate"]
    assert proof["chosen"] == ["甲", "丙"]
    assert proof["stable"]
    assert [one["name"] for one in proof["removals"]] == ["王", "李", "赵", "创新", "实效"]
    assert summary["severity"]["赵"] > summary["severity"]["王"]


def test_chinese_headings_weights_and_no_criterion(tmp_path, capsys):
    lines = ["品牌名称,评委姓名,得分", "甲,王,9", "甲,李,8", "乙,王,7", "乙,李,弃权", "乙,赵,6"]
    rows, summary = ranked(write(tmp_path, *lines), tmp_path, capsys)
    assert [r["entry"] for r in rows] == ["甲", "乙"]
    assert summary["blank"] == 1
    assert summary["criteria"] == {"总分": 1.0}
    weighed, _ = ranked(
        write(tmp_path, *SHEET), tmp_path, capsys, "--weight", "创新=3", "--weight", "实效=1"
    )
    assert weighed[0]["entry"] == "甲"


def test_own_unit_is_said_where_the_table_tells_units(tmp_path, capsys):
    lines = ["entry,judge,score,judge_unit,entry_unit"]
    for e in range(12):
        for j in range(6):
            points = 70 + e + (5 if e % 6 == j else (e * j) % 3 * 0.3)
            lines.append(f"e{e},j{j},{points},院{j},院{e % 6}")
    _, summary = ranked(write(tmp_path, *lines), tmp_path, capsys)
    assert summary["own_unit"]["all"]["points"] > 3
    assert set(summary["own_unit"]["judges"]) == {f"j{j}" for j in range(6)}


@pytest.mark.parametrize(
    ("lines", "more", "word"),
    [
        (["entry,judge,score", "a,j,9", "a,j,8"], [], "两个不同的分数"),
        (["entry,judge,score", "a,j,优"], [], "不是数字"),
        (["entry,judge,score", "a,j,nan", "b,j,inf"], [], "不是数字"),
        (["entry,judge,score", ",j,9"], [], "第 2 行"),
        (["entry,score", "a,9"], [], "--judge"),
        (["entry,judge,score", "a,j,"], [], "没有可用的评分"),
        (["entry,judge,score", "a,j,1", "b,j,2"], ["--places", "3"], "名额"),
        (["entry,judge,score", "a,j,1"], ["--weight", "x=1"], "没有名为"),
        (["entry,judge,score", "a,j,1"], ["--weight", "x"], "权重"),
    ],
)
def test_what_would_give_another_result_is_refused(lines, more, word, tmp_path, capsys):
    path = write(tmp_path, *lines)
    assert main(["rank", str(path), "-o", str(tmp_path / "o.csv"), *more]) == 2
    assert word in capsys.readouterr().err


def test_a_name_that_is_a_formula_stays_a_name(tmp_path, capsys):
    rows, _ = ranked(write(tmp_path, "entry,judge,score", "=1+1,j,3", "b,j,2"), tmp_path, capsys)
    assert rows[0]["entry"] == "'=1+1"


def test_the_summary_for_people(tmp_path, capsys):
    assert main(["rank", str(write(tmp_path, *SHEET)), "-o", str(tmp_path / "o.csv")]) == 0
    said = capsys.readouterr().out
    assert "前 1 名（未写 --places，按一半计）：甲" in said
    assert "稳定" in said
