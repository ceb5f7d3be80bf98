"""Terms as plain Python finds them."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.matching import gram_kernels as kernels
from jingyi.core.triage import texts


def counted(text, title="", times=1):
    cleaned = texts.read(
        pa.array([title], pa.large_string()), pa.array([text], pa.large_string()), 1
    )
    room = kernels.room(cleaned.buf, cleaned.off) * times
    ptr, size = np.zeros(2, np.int64), np.zeros(1, np.int32)
    term, often = np.empty(room, np.int32), np.empty(room, np.float32)
    kernels.count_terms(cleaned.buf, cleaned.off, cleaned.title_end, times, ptr, term, often, size)
    return dict(zip(term[: ptr[1]].tolist(), often[: ptr[1]].tolist(), strict=True)), int(size[0])


def units(text):
    """Return runs of neighbouring units, as lists."""
    runs, run, word = [], [], ""
    text = text.lower()
    for at, c in enumerate(text + "。"):
        plain = c.isascii() and c.isalnum()
        decimal = c == "." and word and text[at + 1 : at + 2].isdigit() and text[at + 1].isascii()
        if plain or decimal:
            word += c
            continue
        if word:
            run.append(word)
            word = ""
        if "\u4e00" <= c <= "\u9fff":
            run.append(c)
        elif run:
            runs.append(run)
            run = []
    return runs


@settings(max_examples=200, deadline=None)
@given(st.text("河水排污A3.5，。！12b", max_size=40))
def test_terms_are_units_and_neighbouring_pairs(text):
    found, size = counted(text)
    runs = units(text)

    assert size == sum(map(len, runs))
    assert sum(found.values()) == sum(2 * len(run) - 1 for run in runs)
    expected = {(one,) for run in runs for one in run}
    expected |= {pair for run in runs for pair in pairwise(run)}
    assert len(found) == len(expected)
    words = {key for key in expected if len(key) == 1 and key[0].isascii()}
    assert sum(term & 3 == 2 for term in found) == len(words)
    assert sum(term & 1 for term in found) == sum(len(key) == 2 for key in expected)


def test_width_and_case_make_no_difference():
    assert counted("ＡＢ１２河水") == counted("ab12河水")


def test_what_stands_in_the_title_counts_as_often_as_asked():
    found, size = counted("河道", title="河水", times=3)

    assert sorted(found.values()) == [1, 1, 3, 3, 4]
    assert size == 4


def test_pauses_part_neighbours_and_signs_are_no_terms():
    assert counted("，。！（）“”… \u3000—") == ({}, 0)
    assert len(counted("河，水")[0]) == 2
