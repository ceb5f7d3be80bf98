"""Parts and sentences as plain Python finds them."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.matching import index, part_kernels, rules
from jingyi.core.triage import texts

RULES = rules.shipped()
WORDS = st.lists(st.sampled_from("河水排污路灯坏12 。"), min_size=1, max_size=20).map("".join)


def column(found):
    return pa.array(found, pa.large_string())


@settings(max_examples=30, deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=6))
def test_parts_are_shares_of_what_is_worth(query, held):
    made = index.build(None, column(held), len(held), RULES)
    asked = made.queries(None, column([query]), 1)
    every = np.arange(len(held), dtype=np.int32)[None, :]
    parts = index.agreements(made, asked, every)[0]

    mine = dict(zip(asked.term.tolist(), asked.weight.tolist(), strict=True))
    for k in range(len(held)):
        at = slice(made.rows.ptr[k], made.rows.ptr[k + 1])
        its = dict(zip(made.rows.term[at].tolist(), made.rows.weight[at].tolist(), strict=True))

        def worth(terms, mask, ending):
            return sum(made.rarity[t] for t in terms if t & mask == ending)

        both = mine.keys() & its.keys()
        near = sum(mine[t] * its[t] for t in both) / max(sum(w * w for w in mine.values()), 1e-9)
        assert parts[k, 0] == pytest.approx(near, rel=1e-3, abs=1e-5)
        for place, kind in ((1, (1, 1)), (2, (3, 2))):
            least = min(worth(mine, *kind), worth(its, *kind))
            share = worth(both, *kind) / least if least else 0
            assert parts[k, place] == pytest.approx(share, rel=1e-3, abs=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.text("河水污，。！；\n ab", max_size=30))
def test_sentences_end_at_their_signs_and_hold_every_unit(text):
    cleaned = texts.read(None, column([text]), 1)
    buf, low, high = cleaned.buf, int(cleaned.off[0]), int(cleaned.off[1])
    start, end = np.empty(high + 1, np.int64), np.empty(high + 1, np.int64)
    count = part_kernels.sentences(buf, low, high, start, end)
    found = [bytes(buf[a:b]).decode() for a, b in zip(start[:count], end[:count], strict=True)]

    assert all(one.strip("，。！；\n ") for one in found)
    assert not any(sign in one[:-1] for one in found for sign in "。！；\n")
    units = "".join(c for c in cleaned.row(0) if c not in "，。！；\n ")
    assert "".join(c for one in found for c in one if c not in "，。！；\n ") == units
