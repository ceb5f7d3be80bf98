"""Every compiled loop against the same thing said slowly, on random small input."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage import cues, kernels, lexicon, score_kernels, sketch_kernels, texts
from jingyi.core.triage import incident_kernels as pairs

patient = settings(deadline=None, max_examples=60)  # the first call compiles

LETTERS = "河水污染厂臭路市区在的a1，😀"
sentence = st.text(LETTERS, max_size=24)
word = st.text("河水污染厂臭", min_size=1, max_size=4)
MASK = 2**64 - 1


def read(*rows):
    return texts.read(None, pa.array(rows, pa.string()), len(rows))


def spread(key):
    h = key * 0x9E3779B97F4A7C15 & MASK
    h ^= h >> 32
    h = h * 0xD6E8FEB86659FD93 & MASK
    return h ^ (h >> 29)


@patient
@given(st.lists(sentence, min_size=1, max_size=4), st.lists(word, min_size=1, unique=True))
def test_words_are_found_where_they_stand(rows, words):
    found = read(*rows)
    hits = lexicon.find(lexicon.build(words), found)

    for i in range(found.count):
        text = found.row(i)
        slow = sorted(
            (len(text[: at + len(w)].encode()), words.index(w))
            for w in words
            for at in range(len(text))
            if text.startswith(w, at)
        )
        quick = sorted(
            (int(hits.end[h]), int(hits.word[h])) for h in range(hits.off[i], hits.off[i + 1])
        )
        assert quick == slow


def test_an_empty_or_repeated_word_is_a_defect_of_the_rulebook():
    for words in (["河", "河"], ["河", ""]):
        with pytest.raises(ValueError, match="distinct"):
            lexicon.build(words)


@patient
@given(
    st.lists(sentence, min_size=1, max_size=4),
    st.lists(word, min_size=1, max_size=3, unique=True),
    st.lists(word, max_size=2, unique=True),
    st.lists(word, max_size=2, unique=True),
    st.integers(0, 8),
)
def test_a_cue_is_there_with_its_company_and_without_its_exceptions(
    rows, here, near, unless, within
):
    cue = cues.Cue("c", "lead", "", "", tuple(here), tuple(near), tuple(unless), within, 1.0)
    words = list(dict.fromkeys([*here, *near, *unless]))
    found = read(*rows)
    seen, _ = cues.find(cues.table([cue], words), lexicon.find(lexicon.build(words), found), found)

    def ends(text, group):
        return [
            len(text[: at + len(w)].encode())
            for w in set(group)
            for at in range(len(text))
            if text.startswith(w, at)
        ]

    for i in range(found.count):
        text = found.row(i)
        reach = within * cues.BYTES_A_CHARACTER
        expected = any(
            (not near or any(abs(e - n) <= reach for n in ends(text, near)))
            and not any(abs(e - n) <= reach for n in ends(text, unless))
            for e in ends(text, here)
        )
        assert (seen[i, 0] > 0) == expected


@patient
@given(st.lists(sentence, min_size=1, max_size=4), st.integers(0, 2**31))
def test_ngrams_are_summed_over_characters_and_pairs(rows, seed):
    weights = np.random.default_rng(seed).normal(size=(kernels.BUCKETS, 3)).astype(np.float32)
    found = read(*rows)
    out = np.zeros((found.count, 3), np.float32)
    score_kernels.score_ngrams(found.buf, found.off, *score_kernels.in_steps(weights), out)

    for i in range(found.count):
        text = found.row(i)
        keys = [ord(c) for c in text]
        keys += [(ord(a) << 21) | ord(b) for a, b in pairwise(text)]
        total = sum(weights[spread(k) % kernels.BUCKETS].astype(float) for k in keys)
        assert np.allclose(out[i], total / np.sqrt(len(keys)), atol=2e-3)


@patient
@given(st.lists(sentence, min_size=1, max_size=3))
def test_training_sees_the_buckets_that_scoring_uses(rows):
    found = read(*rows)
    off = np.zeros(found.count + 1, np.int64)
    kernels.ngram_rows(found.buf, found.off, off, False, np.zeros(0, np.int32))
    np.cumsum(off, out=off)
    index = np.empty(off[-1], np.int32)
    kernels.ngram_rows(found.buf, found.off, off.copy(), True, index)

    for i in range(found.count):
        text = found.row(i)
        keys = [ord(c) for c in text]
        keys += [(ord(a) << 21) | ord(b) for a, b in pairwise(text)]
        slow = sorted(spread(k) % kernels.BUCKETS for k in keys)
        assert sorted(index[off[i] : off[i + 1]].tolist()) == slow


@patient
@given(st.lists(sentence, min_size=1, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_sketch_keeps_the_rarest_pairs_of_names_and_a_fair_sample_of_all(rows, titled):
    size, bits = 5, 12
    rarity = np.random.default_rng(7).uniform(0, 10, 1 << bits).astype(np.float32)
    titles = [row if has else "" for row, has in zip(rows, titled, strict=False)]
    found = texts.read(pa.array(titles), pa.array(rows), len(rows))
    n = found.count
    name, title, whole = (np.empty((n, size), np.int32) for _ in range(3))
    span_off = np.minimum(np.arange(n + 1), 1)  # the first row has one name: its first nine bytes
    span = np.array([0], np.int32), np.array([9], np.int32)
    sketch_kernels.write_sketches(
        found.buf, found.off, found.title_end, span_off, *span, np.zeros(1, np.uint8),
        rarity, rarity, name, title, whole,
    )  # fmt: skip

    def pairs_in(text):
        named = [c if ("㐀" <= c <= "鿿" or (c.isascii() and c.isalnum())) else None for c in text]
        return {
            spread((ord(a) << 21) | ord(b)) % (1 << bits) for a, b in pairwise(named) if a and b
        }

    def slow(text):
        return sorted(sorted(pairs_in(text), key=lambda b: -rarity[b])[:size])

    for i in range(n):
        text = found.row(i)
        head = slow(text.split("\n")[0])
        assert [k for k in whole[i].tolist() if k >= 0] == sorted(pairs_in(text))[:size]
        assert [k for k in title[i].tolist() if k >= 0] == head
        start = text.encode()[:9].decode(errors="ignore") if i == 0 else ""
        assert [k for k in name[i].tolist() if k >= 0] == slow(start)


@patient
@given(st.sets(st.integers(0, 40), max_size=12), st.sets(st.integers(0, 40), max_size=12))
def test_overlap_sums_the_squared_rarity_in_common(one, other):
    rarity = np.linspace(1, 9, 41).astype(np.float32)

    def padded(terms):
        return np.array([*sorted(terms), *[-1] * (12 - len(terms))], np.int32)

    both, top = pairs.overlap(padded(one), padded(other), rarity)

    def mass(terms):
        return sum(float(rarity[t]) ** 2 for t in terms)

    shared = one & other
    assert np.isclose(both, mass(shared), rtol=1e-4)
    assert np.isclose(top, max((float(rarity[t]) for t in shared), default=0))


@patient
@given(st.sets(st.integers(0, 400), max_size=60), st.sets(st.integers(0, 400), max_size=60))
def test_likeness_is_estimated_from_the_lowest_terms_both_have(one, other):
    rarity = np.linspace(1, 9, 401).astype(np.float32)
    size = 24

    def sample(terms):
        kept = sorted(terms)[:size]
        return np.array([*kept, *[-1] * (size - len(kept))], np.int32)

    reach = min(sorted(t)[size - 1] if len(t) >= size else 400 for t in (one, other))
    below = {t for t in one | other if t <= reach}
    shared = sum(float(rarity[t]) for t in one & other if t <= reach)
    every = sum(float(rarity[t]) for t in below)
    expected = shared / every if every else 0
    assert np.isclose(pairs.likeness(sample(one), sample(other), rarity), expected, atol=1e-4)


@patient
@given(sentence)
def test_bands_are_the_same_for_the_same_words_and_none_for_a_short_text(text):
    found = read(text, text, "河")
    bands = np.zeros((3, pairs.BANDS), np.uint32)
    pairs.write_bands(found.buf, found.off, bands)

    assert (bands[0] == bands[1]).all()
    assert not bands[2].any()
