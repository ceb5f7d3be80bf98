"""`jingyi triage` on real files: a row out per row in, a page that is safe, refusals that say why."""

import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jingyi import cli
from jingyi.cli.triage import padded, width

TEXTS = [
    "青松路化工厂夜里偷排污水，河水变黑发臭，污染严重",
    "云溪小区电梯经常困人，多次坠落也不检修",
    "请问换领身份证需要带什么材料",
    "",
    "<script>alert(1)</script>白鹭路烧塑料黑烟很大，空气污染",
    "😀化工廠偷排污水，請查處",
    "污" * 350_000,
]


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    """Run the command; return (exit code, standard output, standard error)."""
    code = cli.main(["triage", *map(str, args)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A Parquet file of odd rows, half of them with coordinates, some swapped."""
    path = tmp_path / "in.parquet"
    lon = [116.4, 39.9, -73.9, None, 116.5, float("nan"), 0.0]
    lat = [39.9, 116.4, 40.7, None, 39.8, 30.0, 0.0]
    ids = [f"r{n}" for n in range(len(TEXTS))]
    pq.write_table(pa.table({"id": ids, "text": TEXTS, "lon": lon, "lat": lat}), path)
    return path


def test_one_row_out_per_row_in_in_order(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, sheet, "-o", tmp_path / "o.parquet", "--json")
    rows = pq.read_table(tmp_path / "o.parquet")
    assert code == 0
    assert rows["id"].to_pylist() == [f"r{n}" for n in range(len(TEXTS))]
    found = json.loads(out)
    assert found["rows"] == len(TEXTS)
    assert sum(found["domains"].values()) == len(TEXTS)
    assert "drawn" not in found
    assert found["top"][0]["domain"] in {"生态环境和资源保护", "安全生产"}


def test_the_report_opens_without_a_network_and_shows_no_message(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    code, out, _ = run(capsys, sheet, "-o", tmp_path / "o.parquet", "--report", page)
    told = page.read_text("utf-8")
    assert code == 0
    assert "7 行" in out
    assert "<script" not in told
    assert "http" not in told
    assert "src=" not in told
    assert "河水变黑发臭" not in told
    assert "Triage report" in told
    assert "研判报告" in told


@pytest.mark.parametrize("lines", [["gb18030"] * 3, ["utf-8"] * 3, ["utf-8", "gb18030", "utf-8"]])
def test_encodings_and_their_mixture(
    lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.csv"
    rows = [
        "编号,留言内容\n",
        "1,青松路化工厂夜里偷排污水污染严重\n",
        "2,云溪小区电梯困人多次坠落\n",
    ]
    path.write_bytes(b"".join(r.encode(e) for r, e in zip(rows, lines, strict=True)))
    assert run(capsys, path, "-o", tmp_path / "o.parquet")[0] == 0
    out = pq.read_table(tmp_path / "o.parquet")
    assert out["id"].to_pylist() == ["1", "2"]
    assert out["domain"].to_pylist() == ["eco-env", "safety"]


def test_a_row_that_cannot_be_read_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "编号,留言内容\n1,偷排污水污染严重\n2,电梯困人,多,一格\n3,无\x00障碍\n", "utf-8"
    )
    code, out, err = run(capsys, path, "-o", tmp_path / "o.parquet", "--json")
    assert code == 0
    assert json.loads(out)["rows"] + json.loads(out)["rejected"] == 3
    assert "第 3 行" in err


def test_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    for row in (["编号", "留言内容"], [1, TEXTS[0]], [2, None], [3, TEXTS[1]]):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    assert run(capsys, tmp_path / "in.xlsx", "-o", tmp_path / "o.parquet")[0] == 0
    assert pq.read_table(tmp_path / "o.parquet")["id"].to_pylist() == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("none.csv", None), ("empty.csv", b""), ("cut.parquet", b"PAR1abc"), ("bin.csv", bytes(999)),
     ("plain.csv", "甲,乙\n1,2\n".encode())],
)  # fmt: skip
def test_what_is_no_table_of_reports_is_refused_in_a_sentence(
    name: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run(capsys, tmp_path / name, "-o", tmp_path / "o.parquet", "--json")
    assert (code, out) == (2, "")
    assert "。" in err
    assert "Traceback" not in err


def test_wide_characters_count_two() -> None:
    assert width("安全 a") == 6
    assert padded("安全", 6) == "安全  "
