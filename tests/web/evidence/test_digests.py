"""Both digests of one stream, whatever pieces it comes in."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.web.evidence import digests
from jingyi.web.evidence.digests import BLOCK, Digests, blocks


def both(chunks):
    with Digests() as found:
        for block in blocks(chunks):
            found.update(block)
        return found.hex()


@pytest.mark.parametrize("own", [True, False], ids=["openssl", "cryptography"])
def test_the_examples_of_the_standard(monkeypatch, own):
    """GB/T 32905-2016, appendix A: "abc", and "abcd" sixteen times."""
    if not own:
        monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})
    assert both([b"abc"])[1] == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (
        both([b"abcd"] * 16)[1]
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )
    assert isinstance(digests.sm3(), digests._Sm3) is not own


@given(st.lists(st.binary(max_size=99)))
def test_pieces_change_nothing(chunks):
    whole = b"".join(chunks)
    assert both(chunks) == (
        hashlib.sha256(whole).hexdigest(),
        hashlib.new("sm3", whole).hexdigest(),
    )


def test_large_blocks_are_counted_in_order():
    chunks = [bytes([n]) * (BLOCK + n) for n in range(24)] + [b"end"]
    whole = b"".join(chunks)
    assert both(chunks) == (
        hashlib.sha256(whole).hexdigest(),
        hashlib.new("sm3", whole).hexdigest(),
    )


def test_small_pieces_are_put_together_and_nothing_is_lost():
    pieces = [bytes([n % 251]) * 70_000 for n in range(40)]
    found = list(blocks(pieces))
    assert b"".join(found) == b"".join(pieces)
    assert all(len(block) >= BLOCK for block in found[:-1])
