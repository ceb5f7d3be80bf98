"""SM2 beside Ed25519, by OpenSSL: signed where the office must, checked, and refused when changed."""

import json
import shutil

import pytest

from jingyi.core import ledger as tree
from jingyi.core.refusal import Refusal
from jingyi.web.ledger import sm2, verifier
from jingyi.web.ledger.actions import append, sign_head
from jingyi.web.ledger.packages import as_json
from tests.factories import AT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


@pytest.fixture
def head(settings):
    settings.LEDGER_SM2 = True
    append(kind="case.step", subject="case:2026-1", facts={}, by=None, at=AT)
    return sign_head(at=AT)


def said(head):
    return verifier.HEAD + tree.canonical({"size": head.size, "root": head.root, "at": as_json(head)["at"]})  # fmt: skip


def test_a_head_has_both_signatures_over_the_same_bytes(head):
    assert sm2.holds(head.sm2_key, said(head), head.sm2_signature)
    written = as_json(head)
    assert verifier.head_holds(written, bytes.fromhex(head.key))
    assert json.loads(tree.canonical(written))["sm2_signature"] == head.sm2_signature


def test_one_bit_elsewhere_and_it_does_not_hold(head):
    flipped = f"{int(head.sm2_signature, 16) ^ 1:x}"
    assert not sm2.holds(head.sm2_key, said(head), flipped)
    assert not sm2.holds(head.sm2_key, said(head) + b" ", head.sm2_signature)
    assert not sm2.holds("zz", said(head), head.sm2_signature)


def test_the_key_is_its_owners_alone(head, settings):
    path = settings.DATA / "keys" / "ledger-sm2.pem"
    assert path.stat().st_mode & 0o077 == 0


def test_without_openssl_nothing_is_signed_and_it_says_so(settings, monkeypatch):
    settings.LEDGER_SM2 = True
    append(kind="case.step", subject="case:2026-1", facts={}, by=None, at=AT)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refusal, match="OpenSSL"):
        sign_head(at=AT)


def test_who_need_not_has_none(settings):
    append(kind="case.step", subject="case:2026-1", facts={}, by=None, at=AT)
    assert sign_head(at=AT).sm2_signature == ""
