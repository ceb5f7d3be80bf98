"""One-time codes by RFC 6238: its own vectors, a clock a little off, each code once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import one_time

SECRET = b"12345678901234567890"
VECTORS = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"}  # fmt: skip
AT = datetime(2026, 9, 1, 2, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "told"), VECTORS.items())
def test_the_vectors_of_the_rfc(seconds, told):
    assert one_time.code(SECRET, seconds // 30, digits=8) == told


def test_a_clock_a_little_off_is_let_in_and_one_far_off_is_not():
    now = one_time.counter_at(AT)
    for off, right in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        told = one_time.code(SECRET, now + off)
        assert (one_time.matched(SECRET, told, AT) is not None) is right


def test_a_code_is_taken_once():
    told = one_time.code(SECRET, one_time.counter_at(AT))
    step = one_time.matched(SECRET, f" {told[:3]} {told[3:]} ", AT)
    assert one_time.matched(SECRET, told, AT, used=step) is None
    later = AT + timedelta(seconds=30)
    assert one_time.matched(SECRET, one_time.code(SECRET, step + 1), later, used=step) == step + 1


@given(st.text(max_size=12))
def test_nothing_else_matches(said):
    now = one_time.counter_at(AT)
    right = {one_time.code(SECRET, now + off) for off in (-1, 0, 1)}
    assert (one_time.matched(SECRET, said, AT) is not None) == ("".join(said.split()) in right)


def test_recovery_codes_differ_and_fold():
    codes = one_time.recovery_codes()
    assert len(set(codes)) == one_time.RECOVERY
    assert {one_time.folded(f" {one.lower()} ") for one in codes} == {
        one.replace("-", "") for one in codes
    }


def test_the_address_is_what_authenticators_read():
    told = one_time.address(SECRET, "alice", "Jingyi")
    assert (
        told
        == "otpauth://totp/Jingyi%3Aalice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Jingyi"
    )
