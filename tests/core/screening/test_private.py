"""Only what is in common is learned; queries cannot be linked; short lists and spent agreements are refused."""

import hashlib
import hmac
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.refusal import Refusal
from jingyi.core.screening import private

AGREED = "0f" * 32
LISTS = st.sets(st.text("0123456789X", min_size=18, max_size=18), max_size=30)


@given(LISTS, LISTS)
def test_what_is_in_common_and_nothing_else(ours, theirs):
    key = private.query_key(AGREED, "A7", 1)
    told = private.blinded(theirs, key)
    assert private.in_common(private.hashed(ours, key), told) == sorted(ours & theirs)
    assert told == sorted(told)
    assert not any(value in " ".join(told) for value in theirs)


def test_hashes_of_two_queries_have_nothing_in_common():
    values = {f"34060319400101{n:04d}" for n in range(200)}
    first, second = (private.blinded(values, private.query_key(AGREED, "A7", n)) for n in (1, 2))
    other = private.blinded(values, private.query_key(AGREED, "A8", 1))
    assert not set(first) & set(second)
    assert not set(first) & set(other)


def test_the_hash_is_hmac_as_everybody_has_it():
    key = private.query_key(AGREED, "A7", 1)
    (told,) = private.blinded(["340603194001011218"], key)
    assert told == hmac.new(key, b"340603194001011218", hashlib.sha256).hexdigest()


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
def test_sm3_gives_other_hashes():
    key = private.query_key(AGREED, "A7", 1)
    assert private.blinded(["1"], key, "sm3") != private.blinded(["1"], key)


@pytest.mark.parametrize("key", ["", "abc", "zz" * 32, "0f" * 31])
def test_what_is_no_key_is_refused(key):
    with pytest.raises(Refusal, match="64"):
        private.query_key(key, "A7", 1)


def test_short_lists_and_spent_agreements_are_refused():
    with pytest.raises(Refusal, match="点名"):
        private.refuse_probing(99, 100)
    with pytest.raises(Refusal, match="用完"):
        private.refuse_spent(3, 3, date(2027, 1, 1), date(2026, 9, 1))
    with pytest.raises(Refusal, match="为止"):
        private.refuse_spent(0, 3, date(2026, 8, 31), date(2026, 9, 1))
    with pytest.raises(Refusal, match="摘要算法"):
        private.hashed(["1"], b"k", "md5")


def test_new_keys_differ():
    assert private.new_key() != private.new_key()
