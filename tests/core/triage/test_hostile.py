"""Whatever a report holds, it gets a verdict in its own row."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage import book, pipeline

WEIRD = (
    "",
    " \n\t ",
    "\x00",
    "化工厂\x00夜里偷排污水",
    "😀👨‍👩‍👧‍👦🏭 化工廠偷排污水，請查處",
    "<script>alert(1)</script><b>偷排</b>&nbsp;",
    "\u202e\ufeff\u200b零宽",
    "\U0010ffff\uffff\ue000",
    "a",
    "污" * 3,
    "１２３４５６" * 40,
    "'; DROP TABLE reports; --",
    "=cmd|' /C calc'!A0",
)
SPOTS = (
    (39.9, 116.4),  # swapped
    (-73.9, 40.7),  # New York
    (0.0, 0.0),
    (181.0, 91.0),
    (1e308, -1e308),
    (float("nan"), 30.0),
    (float("inf"), float("-inf")),
    (None, 30.0),
    (None, None),
    (116.4, 39.9),
)


def judged(texts: list[str | None], **more: list[object]) -> pa.Table:
    """Return the verdicts of made-up rows, whose ids count from 0."""
    ids = pa.array([str(n) for n in range(len(texts))])
    columns = {name: pa.array(values) for name, values in more.items()}
    table = pa.table({"id": ids, "text": pa.array(texts, pa.string()), **columns})
    out = pipeline.triage(table, book.load())
    assert out["id"].to_pylist() == ids.to_pylist()
    return out


def test_every_odd_text_gets_a_verdict_with_a_reason() -> None:
    out = judged([*WEIRD, None])
    assert out["incident"].null_count == 0
    assert out["rank"].null_count == 0
    assert all(out["reasons"].to_pylist())


def test_nul_and_html_do_not_hide_what_is_said() -> None:
    plain = "化工厂夜里偷排污水，河水变黑发臭，污染严重"
    out = judged([plain, f"<p>{plain}</p>", plain + "\x00"])
    assert out["domain"].to_pylist() == ["eco-env"] * 3


def test_traditional_characters_are_understood() -> None:
    told = "化工廠夜裡偷排污水，河水變黑發臭，污染嚴重，請查處"
    assert judged([told])["domain"].to_pylist() == ["eco-env"]


@pytest.mark.parametrize("piece", ["污", "<b>", "😀", "a b "])
def test_a_text_of_a_megabyte_gets_a_verdict(piece: str) -> None:
    out = judged([piece * (2**20 // len(piece.encode())), "偷排污水"])
    assert out.num_rows == 2
    assert out["reasons"].null_count == 0


def test_a_place_that_cannot_be_is_never_shown_as_one() -> None:
    lon, lat = map(list, zip(*SPOTS, strict=True))
    out = judged(["化工厂偷排污水"] * len(SPOTS), lon=lon, lat=lat)
    shown = [(x, y) for x, y in zip(*(out[n].to_pylist() for n in ("lon", "lat")), strict=True)]
    assert shown[-1] == (116.4, 39.9)
    for x, y in shown:
        assert (x is None and y is None) or (-180 <= x <= 180 and -90 <= y <= 90)


def test_no_row_is_no_row() -> None:
    assert judged([]).num_rows == 0


def test_the_same_id_twice_stays_two_rows() -> None:
    table = pa.table({"id": ["7", "7"], "text": ["偷排污水", "电梯困人"]})
    assert pipeline.triage(table, book.load())["id"].to_pylist() == ["7", "7"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=80)), min_size=1, max_size=6))
def test_any_text_at_all(texts: list[str | None]) -> None:
    out = judged(texts)
    assert out["incident"].null_count == 0
