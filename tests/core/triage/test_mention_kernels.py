"""The compiled search for divisions finds what the plain one finds."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage import book, lexicon, mention_kernels, texts, whereabouts

BOOK = book.load()
PIECES = [
    "安徽省", "安徽", "淮北市", "淮北", "相山区", "濉溪县", "濉溪", "南京", "南京市", "北京", "鼓楼区", "上海",
    "江东", "义乌", "东路", "路", "二路", "街道", "小区", "公园", "高新区", "医院", "的", "，", " ", "我家在",
]  # fmt: skip


def compiled(rows):
    words = texts.read(None, pa.array(rows, pa.large_string()), len(rows))
    hits = lexicon.find(BOOK.automaton, words)
    told = mention_kernels.lending(BOOK.words)
    kept = np.zeros(len(hits.word), np.uint8)
    mention_kernels.names(
        words.buf, words.off, hits.off, hits.word, hits.end, BOOK.automaton.length,
        told.name, told.lent, told.between, told.longest, kept,
    )  # fmt: skip
    found = [[] for _ in rows]
    for i in range(len(rows)):
        for h in range(hits.off[i], hits.off[i + 1]):
            if kept[h]:
                found[i].append(BOOK.words[hits.word[h]])
    return found, [words.row(i) for i in range(len(rows))]


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), min_size=1, max_size=5))
def test_the_kernel_finds_what_the_plain_search_finds(rows):
    """All but a province told by one character, which only the plain search reads: 京 before 北京."""
    found, cleaned = compiled(rows)

    assert found == [[name for name in whereabouts.mentions(row) if name in row] for row in cleaned]


def test_a_name_lent_to_a_road_is_none_and_a_whole_name_is_never_lent():
    rows = ["南京东路", "南京路", "南京市路灯", "宁波江东", "北京", ""]

    assert compiled(rows)[0] == [[], [], ["南京市"], ["宁波", "江东"], ["北京"], []]
