"""`jingyi train` and `jingyi classify`, as those who script them use them."""

import json
import random
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jingyi.cli import main

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "citizen"
WATER = ["河里排污水", "污水直排鱼塘", "河道发黑发臭", "工厂偷排废水"]
ROADS = ["路面破损坑洼", "公交车绕行晚点", "红绿灯坏了", "人行道被占用"]
BUSY = "请有关部门尽快处理，谢谢。"


def rows(count, seed=0):
    """Return (title, body, label): made up, half about water, half about roads."""
    luck = random.Random(seed)
    out = []
    for n in range(count):
        label, words = ("水务", WATER) if n % 2 else ("交通", ROADS)
        first, second = luck.sample(words, 2)
        out.append(
            (f"{first}{luck.randrange(999)}", f"{second}，{BUSY}{luck.randrange(999)}", label)
        )
    return out


def write(path, found):
    table = [("主题", "详情", "部门"), *found]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in table), "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train")
    source = write(folder / "old.csv", rows(120))
    model = str(folder / "departments.model")
    code = main(
        ["train", source, "--title", "主题", "--text", "详情", "--label", "部门", "-o", model]
    )
    assert code == 0
    return model


def classify(model, source, target, *more):
    return main(
        ["classify", str(source), "--model", model, "--title", "主题", "--text", "详情", "-o", str(target), *more]
    )  # fmt: skip


def test_new_messages_get_their_label(trained, tmp_path, capsys):
    new = rows(40, seed=7)
    source = write(tmp_path / "new.csv", new)

    assert classify(trained, source, tmp_path / "out.parquet", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.column_names == ["id", "label", "score"]
    assert found["label"].to_pylist() == [label for _, _, label in new]
    assert all(0.5 < score <= 1 for score in found["score"].to_pylist())
    assert told["rows"] == 40
    assert told["unread"] == []


def test_hostile_rows_keep_their_place(trained, tmp_path, capsys):
    texts = ["河里排污水" * 60_000, "", None, "\x00\x00", "😀<script>x</script>", "路面破损坑洼"]
    pq.write_table(pa.table({"主题": [""] * 6, "详情": texts}), tmp_path / "bad.parquet")

    assert classify(trained, tmp_path / "bad.parquet", tmp_path / "out.parquet") == 0

    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert len(found) == 6
    assert (found[0]["label"], found[5]["label"]) == ("水务", "交通")
    assert [one["label"] for one in found[1:4]] == [None, None, None]
    assert [one["score"] for one in found[1:4]] == [None, None, None]
    assert found[4]["label"] in {"水务", "交通"}
    said = capsys.readouterr().err
    assert said.count("没有可读的文字") == 3


def test_titles_and_bodies_may_come_in_files_of_their_own(tmp_path, capsys):
    found = rows(120)
    titles = tmp_path / "titles.csv"
    titles.write_text("主题,部门\n" + "\n".join(f"{t},{label}" for t, _, label in found), "utf-8")
    bodies = tmp_path / "bodies.csv"
    bodies.write_text("详情,部门\n" + "\n".join(f"{b},{label}" for _, b, label in found), "utf-8")
    columns = ["--title", "主题", "--text", "详情", "--label", "部门", "--json"]

    assert main(["train", str(titles), str(bodies), *columns, "-o", str(tmp_path / "m")]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 240
    assert told["macro_f1"] > 0.9
    assert (
        classify(str(tmp_path / "m"), write(tmp_path / "n.csv", rows(4)), tmp_path / "o.parquet")
        == 0
    )


def test_rows_without_label_or_text_are_left_out_and_counted(tmp_path, capsys):
    found = [*rows(60), ("有题", "有文", ""), ("", "", "水务")]
    columns = ["--title", "主题", "--text", "详情", "--label", "部门", "--json"]

    assert (
        main(["train", write(tmp_path / "a.csv", found), *columns, "-o", str(tmp_path / "m")]) == 0
    )

    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["left_out"]) == (60, 2)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (["--text", "没有", "--label", "部门"], "没有名为“没有”的列"),
        (["--text", "详情", "--label", "没有"], "没有名为“没有”的列"),
        (["--text", "详情", "--label", "部门", "--error", "1"], "误差"),
    ],
)
def test_refusals_say_what_to_do(tmp_path, capsys, columns, says):
    source = write(tmp_path / "a.csv", rows(10))

    assert main(["train", source, *columns, "-o", str(tmp_path / "m")]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_one_label_is_nothing_to_learn(tmp_path, capsys):
    source = write(tmp_path / "a.csv", [row for row in rows(20) if row[2] == "水务"])

    assert (
        main(["train", source, "--text", "详情", "--label", "部门", "-o", str(tmp_path / "m")]) == 2
    )
    assert "至少要有两种" in capsys.readouterr().err


def test_what_is_no_model_is_refused(trained, tmp_path, capsys):
    source = write(tmp_path / "n.csv", rows(4))
    (tmp_path / "bad").write_bytes(b"PK\x03\x04 no zip")
    cut = tmp_path / "cut"
    cut.write_bytes(Path(trained).read_bytes()[:2000])

    for model in (tmp_path / "bad", cut, tmp_path / "absent"):
        assert classify(str(model), source, tmp_path / "o.parquet") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_same_file_gives_the_same_model(trained, tmp_path):
    source = write(tmp_path / "old.csv", rows(120))
    again = str(tmp_path / "again")
    columns = ["--title", "主题", "--text", "详情", "--label", "部门"]

    assert main(["train", source, *columns, "-o", again]) == 0

    new = write(tmp_path / "n.csv", rows(30, seed=5))
    for model, out in ((trained, "a"), (again, "b")):
        classify(model, new, tmp_path / out)
    assert pq.read_table(tmp_path / "a").equals(pq.read_table(tmp_path / "b"))


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/citizen is not here")
def test_seven_departments(tmp_path, capsys):
    """Cross-validated inside `train`, and under a minute for 17 k rows."""
    names = ("full_rows", "titles", "details")
    sources = [str(SHARED / f"teddy_{name}_dev.csv") for name in names]
    columns = ["--title", "留言主题", "--text", "留言详情", "--label", "一级标签", "--json"]
    began = time.monotonic()

    assert main(["train", *sources, *columns, "-o", str(tmp_path / "m")]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["macro_f1"] > 0.90
    assert time.monotonic() - began < 180  # a minute alone; others may share the cores
