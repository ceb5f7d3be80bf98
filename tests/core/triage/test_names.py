"""Names are a suffix and what stands before it, up to a boundary."""

import pyarrow as pa
import pytest

from jingyi.core.triage import addresses, book, lexicon, names, parties, texts

BOOK = book.load()


def found(text):
    read = texts.read(None, pa.array([text]), 1)
    hits = lexicon.find(BOOK.automaton, read)
    spans = names.find(BOOK.name_table, BOOK.automaton, hits, read)
    start, end = addresses.addresses(spans, BOOK.names.kinds, read)[0]
    return {
        "names": [read.part(0, spans.start[q], spans.end[q]) for q in range(spans.off[1])],
        "place": read.part(0, start, end) if start >= 0 else "",
        "parties": parties.find(read, spans, BOOK.names.kinds).named(read)[0].as_py(),
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青石县柳堰镇鱼梁村有人倒垃圾", "鱼梁村"),
        ("我是春晖花园小区的业主", "春晖花园小区"),
        ("位于长亭路与桐江大道交叉口", "桐江大道"),
        ("投诉云帆新材料有限公司偷排", "云帆新材料有限公司"),
        ("沚蘋河水质发黑", "沚蘋河"),
        ("实名举报青石县水务局不作为", "水务局"),
    ],
)
def test_a_name_ends_with_its_suffix_and_begins_after_a_boundary(text, name):
    assert name in found(text)["names"]


@pytest.mark.parametrize(
    "text", ["城市的道路", "我们小区的超市", "这个公司", "菜市场旁边", "全市都在下雨"]
)
def test_common_nouns_are_no_names(text):
    assert found(text)["names"] == []


def test_the_place_is_the_fullest_run_of_names():
    told = found("青石县很大。青石县柳堰镇鱼梁村三组的水塘发臭。")

    assert told["place"] == "青石县柳堰镇鱼梁村三组"


def test_parties_are_companies_and_organs_the_longer_name_once():
    told = found("云帆新材料有限公司排污，新材料有限公司无人管，青石县环保局说会查。")

    assert "云帆新材料有限公司" in told["parties"]
    assert sum("新材料有限公司" in one for one in told["parties"]) == 1
    assert any(one.endswith("环保局") for one in told["parties"])


def test_a_credit_code_counts_only_with_its_check_digit():
    right, wrong = "91110000600037341L", "91110000600037341A"
    assert right in found(f"企业代码{right}，违法排污")["parties"]
    assert wrong not in found(f"企业代码{wrong}，违法排污")["parties"]
