"""`jingyi screen`: tables as agencies send them in; hits, each with its reasons, out."""

import json

import pyarrow.parquet as pq
import pytest

from jingyi.cli import main
from jingyi.cli.screen_report import mask
from jingyi.core.screening import book

DEATHS = (
    "身份证号,姓名,死亡时间",
    "340603194001011218,张某,2025年3月12日",
    "340603193805202327,李某,2025/3/31",
)
PAYMENTS = (
    "身份证号码,所属月份,发放金额",
    '340603194001011218,202503,"1,200.50元"',
    "340603194001011218,2025年4月,1200.5",
    "340603194001011218,2025-05,1200.50",
    "340603193805202327,2025-03,980",
    "3.40603E+17,2025-05,1",
)


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "death.csv").write_text("\n".join(DEATHS), "utf-8")
    (tmp_path / "pay.csv").write_bytes("\n".join(PAYMENTS).encode("gb18030"))
    return [f"--source=death={tmp_path / 'death.csv'}", f"--source=pay={tmp_path / 'pay.csv'}"]


def screen(capsys, *arguments):
    code = main(["screen", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("engine", ["duckdb", "plain"])
def test_hits_come_with_the_models_columns_and_because(tables, tmp_path, capsys, engine):
    out = tmp_path / "hits.parquet"
    code, said, _ = screen(
        capsys, "pension-of-the-dead", *tables, "-o", out, "--json", "--engine", engine
    )
    assert code == 0
    summary = json.loads(said)
    assert (summary["hits"], summary["rows"], summary["set_aside"]) == (
        1, {"death": 2, "pay": 4}, {"death": 0, "pay": 1},
    )  # fmt: skip
    (hit,) = pq.read_table(out).to_pylist()
    names = [one.name for one in book.model("pension-of-the-dead").outputs]
    assert list(hit) == [*names, "because"]
    assert (hit["payments"], hit["death_row"], hit["pay_row"]) == (2, [2], [3, 4])
    assert hit["because"][0].startswith(
        "张某 于 2025-03-12 死亡，此后仍发放养老金 2 笔，共 2401 元"
    )
    assert hit["because"][2] == "依据“养老金发放记录”第 3、4 行"
    assert any("《社会保险法》第十七条" in one for one in hit["because"])
    assert hit["because"][-1].startswith("模型“死亡人员继续领取养老金”第 1 版")
    assert any("科学计数法" in one for one in summary["warnings"])


@pytest.mark.spark
@pytest.mark.slow
def test_spark_writes_the_same_file(tables, tmp_path, capsys):
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    for engine in ("duckdb", "spark"):
        target = tmp_path / f"{engine}.parquet"
        code, _, err = screen(
            capsys,
            "pension-of-the-dead",
            *tables,
            "-o",
            target,
            "--engine",
            engine,
            "--master",
            "local[2]",
        )
        if "Java" in err:
            pytest.skip(err)
        assert code == 0
    assert pq.read_table(tmp_path / "duckdb.parquet").equals(
        pq.read_table(tmp_path / "spark.parquet")
    )


def test_a_parameter_is_kept_to_its_kind_and_bounds(tables, tmp_path, capsys):
    out = tmp_path / "hits.csv"
    code, said, _ = screen(
        capsys, "pension-of-the-dead", *tables, "-o", out, "--param", "least=2402"
    )
    assert (code, "命中 0" in said) == (0, True)
    for words, told in (("least=x", "读不懂"), ("least=-1", "之间"), ("most=1", "没有参数")):
        code, _, err = screen(capsys, "pension-of-the-dead", *tables, "-o", out, "--param", words)
        assert code == 2
        assert told in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "须写明模型"),
        (["no-such-model", "-o", "x.csv"], "没有名为“no-such-model”的监督模型"),
        (["pension-of-the-dead", "-o", "x.txt"], "只能写成"),
        (["pension-of-the-dead", "-o", "x.csv"], "还缺“死亡登记”"),
        (["pension-of-the-dead", "-o", "x.csv", "--source", "death"], "读不懂"),
        (["pension-of-the-dead", "-o", "x.csv", "--source", "tax=a.csv"], "没有名为“tax”的表"),
        (
            ["pension-of-the-dead", "-o", "x.csv", "--source", "death=a", "--source", "death=b"],
            "写了两次",
        ),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(
    arguments, told, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    code, _, err = screen(capsys, *arguments)
    assert code == 2
    assert told in err


def test_a_heading_that_does_not_tell_is_named(tables, tmp_path, capsys):
    path = tmp_path / "other.csv"
    path.write_text("号,人,没的日子\n340603194001011218,张某,2025-03-12\n", "utf-8")
    out = tmp_path / "hits.parquet"
    named = [
        f"--column=death.{a}={b}"
        for a, b in (("id_number", "号"), ("person_name", "人"), ("died_on", "没的日子"))
    ]
    code, said, err = screen(
        capsys,
        "pension-of-the-dead",
        f"--source=death={path}",
        tables[1],
        "-o",
        out,
        "--json",
        *named,
    )
    assert (code, err) == (0, "")
    assert json.loads(said)["hits"] == 1
    code, _, err = screen(
        capsys, "pension-of-the-dead", *tables, "-o", out, "--column", "death.nothing=号"
    )
    assert (code, "表.列=列名" in err) == (2, True)


def test_the_report_masks_identity_numbers_and_reads_in_two_languages(tables, tmp_path, capsys):
    report = tmp_path / "report.html"
    code, _, err = screen(
        capsys, "pension-of-the-dead", *tables, "-o", tmp_path / "h.parquet", "--report", report
    )
    assert (code, err) == (0, "")
    text = report.read_text("utf-8")
    assert "340603194001011218" not in text
    assert "<script" not in text
    assert "late</code></td><td>2" in text.replace("\n", "")
    assert "Pensions paid on after death" in text
    assert "written in scientific notation" in text
    assert mask("340603194001011218") == "340603**********18"


def test_the_list_names_every_model(capsys):
    code, said, _ = screen(capsys, "--list", "--json")
    assert code == 0
    assert [one["model"] for one in json.loads(said)["models"]] == book.slugs()
    assert len(book.slugs()) >= 20
    assert screen(capsys, "--list")[0] == 0
