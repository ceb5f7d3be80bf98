"""One table in, one table out: every row gets a verdict with reasons, whatever is in it."""

import json
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage import book, pipeline
from jingyi.core.triage.pipeline import COLUMNS, SCHEMA, triage
from jingyi.core.words import Sentence

BOOK = book.load()
RIVER = "鱼梁村上游的化工厂夜间偷排污水，沚蘋河发黑发臭，死鱼成片，多次举报无人管，请查处。"


def one(text, **columns):
    table = pa.table({"id": ["r"], "text": pa.array([text], pa.string())})
    for name, value in columns.items():
        table = table.append_column(name, pa.array([value]))
    return triage(table, BOOK).to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "domain", "lead"),
    [
        (RIVER, "eco-env", True),
        ("云杉公寓电梯经常坠落困人，超期未检，存在重大安全隐患，请严查。", "safety", True),
        ("有公司以高额返利拉人头发展下线，已骗了上百名老人，请打击传销。", "anti-fraud", True),
        ("县里液化气站协会统一涨价，不准别人低价卖，属于价格垄断。", "anti-monopoly", True),
        ("明代古戏台被拆，文物保护单位无人看管，盗墓贼夜里挖洞。", "heritage", True),
        ("烈士陵园里有人放羊摆摊，烈士墓碑开裂倒塌无人修。", "heroes", True),
        ("盲道被占用，医院没有无障碍坡道，轮椅无法通行。", "accessibility", True),
        ("请问退休金什么时候调整？需要准备哪些材料？", None, False),
        ("工厂拖欠三个月工资，劳动仲裁没有结果，请帮忙讨薪。", None, False),
        ("表扬社区网格员，帮老人买菜送药，感谢政府。", None, False),
    ],
)
def test_plain_messages_are_judged_plainly(text, domain, lead):
    verdict = one(text)

    assert verdict["domain"] == domain
    assert verdict["is_lead"] is lead
    assert (domain in verdict["domain_set"]) == (domain is not None)


def test_every_verdict_says_why_in_sentences_that_can_be_translated():
    verdict = one(RIVER)

    read = [str(Sentence.from_json(json.loads(reason))) for reason in verdict["because"]]
    assert read == verdict["reasons"]
    assert any("污水" in reason for reason in read)


def test_the_columns_are_those_of_the_command_line():
    assert COLUMNS == (
        "id", "domain", "domain_set", "lead", "is_lead", "region", "lon", "lat", "radius_m",
        "place", "parties", "incident", "protected", "rank", "reasons",
    )  # fmt: skip
    assert triage(pa.table({"id": ["1"], "text": [RIVER]}), BOOK).schema == SCHEMA


def test_no_rows_give_no_verdicts():
    empty = triage(
        pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())}), BOOK
    )

    assert empty.num_rows == 0
    assert empty.schema == SCHEMA


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   \n\t　",
        "\x00\x00",
        "😀🏭💀" * 50,
        "<script>alert('x')</script><b>河水</b>&nbsp;发黑<!-- 注释 -->",
        "河" * 400_000,
        "污染" + "。" * 1_000_000,
        "a" * 1_000_000,
        "The river is black and smells.",
        "\u202e\ufeff河水\u200b发黑",
        "<" * 5000,
        "９１３４ｋｍ　ｈｔｔｐ：／／",
        "\ud7ff\uffff𠮷野家",
    ],
    ids=lambda text: repr(text)[:24],
)
def test_strange_texts_get_a_verdict(text):
    verdict = one(text)

    assert verdict["id"] == "r"
    assert verdict["reasons"]
    assert 0 <= verdict["rank"] <= 100


def test_a_row_without_text_says_so_and_one_too_long_too():
    assert one(None)["reasons"] == ["没有正文，无法判断。"]
    assert "正文过长，只读了前 20000 字。" in one(RIVER + "河" * 30_000)["reasons"]


def test_markup_does_not_hide_words():
    assert one("沚蘋河<b>污</b>水&nbsp;<i>横流</i>，化工厂偷<br>排")["domain"] == "eco-env"


@pytest.mark.parametrize(
    ("lon", "lat", "expected", "reason"),
    [
        (117.0, 33.9, (117.0, 33.9), None),
        (33.9, 117.0, (117.0, 33.9), "颠倒"),
        (2.35, 48.85, (None, None), "不在中国境内"),
        (float("nan"), 33.9, (None, None), None),
        (1e300, -1e300, (None, None), "不在中国境内"),
    ],
)
def test_coordinates_are_taken_turned_or_left_out_with_a_reason(lon, lat, expected, reason):
    verdict = one(RIVER, lon=lon, lat=lat)

    assert (verdict["lon"], verdict["lat"]) == expected
    assert (verdict["radius_m"] is None) == (expected == (None, None))
    if reason:
        assert any(reason in told for told in verdict["reasons"])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "id": st.one_of(st.none(), st.text(max_size=4)),
                "title": st.one_of(st.none(), st.text(max_size=12)),
                "text": st.one_of(st.none(), st.text(max_size=80)),
                "time": st.one_of(
                    st.none(),
                    st.datetimes(datetime(1600, 1, 1), datetime(2400, 1, 1)),  # noqa: DTZ001  as written
                ),
                "lon": st.one_of(st.none(), st.floats()),
                "lat": st.one_of(st.none(), st.floats()),
                "likes": st.one_of(st.none(), st.integers(-5, 10**9)),
            }
        ),
        max_size=6,
    )
)
def test_no_row_is_lost_and_none_crashes(rows):
    kinds = {
        "time": pa.timestamp("s"),
        "lon": pa.float64(),
        "lat": pa.float64(),
        "likes": pa.int64(),
    }
    names = ("id", "title", "text", "time", "lon", "lat", "likes")
    table = pa.table(
        {n: pa.array([row[n] for row in rows], kinds.get(n, pa.string())) for n in names}
    )
    verdicts = triage(table, BOOK).to_pylist()

    assert [v["id"] for v in verdicts] == [
        str(n) if row["id"] is None else row["id"] for n, row in enumerate(rows)
    ]
    assert all(v["reasons"] and 0 <= v["rank"] <= 100 for v in verdicts)


def test_one_report_and_many_are_judged_alike(monkeypatch):
    texts = [RIVER, "请问什么时候修路？", "云杉公寓电梯坠落困人。", RIVER.replace("鱼梁", "白鹭")]
    table = pa.table({"id": list("abcd"), "text": texts})
    whole = triage(table, BOOK)
    monkeypatch.setattr(pipeline, "CHUNK", 1)
    done = []
    parts = triage(table, BOOK, progress=done.append)

    exact = [name for name in whole.column_names if name != "because"]
    assert parts.select(exact).equals(whole.select(exact))
    assert done == [1, 2, 3, 4]
    alone = [one(text) for text in texts]
    for verdict, single in zip(whole.to_pylist(), alone, strict=True):
        for column in ("domain", "lead", "place", "parties"):
            assert verdict[column] == single[column]


def test_chunked_and_dictionary_columns_are_read():
    table = pa.table(
        {"id": pa.chunked_array([["a"], ["b"]]), "text": pa.chunked_array([[RIVER], ["好"]])}
    )
    coded = pa.table({"id": ["a"], "text": pa.array([RIVER]).dictionary_encode()})

    assert triage(table, BOOK).num_rows == 2
    assert triage(coded, BOOK).to_pylist()[0]["domain"] == "eco-env"
