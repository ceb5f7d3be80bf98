"""Hearing a peer's head, having ours heard, and who the peers are."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from jingyi.core import ledger as tree
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.evidence.witnesses.models import Countersignature, Peer, Sighting
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger import signing, verifier
from jingyi.web.ledger.actions import consistency_at
from jingyi.web.registry.queries import acts_of, anywhere

WITNESS = b"jingyi-witness-v1\n"
ACT = "vault.check"
PATIENCE = 10  # seconds
MOST_ANSWER = 1 << 16


class Behind(Refusal):
    """The proof does not begin where we stand; `values["size"]` is where."""


@transaction.atomic
def register(*, name: str, key: str, address: str, by: User, at: datetime) -> Peer:
    """Enter another office whose ledger is witnessed, or that witnesses ours."""
    _allowed(by)
    plain = key.strip().lower()
    if len(plain) != 64 or not set(plain) <= set("0123456789abcdef"):
        raise Refusal("公钥要写 64 位十六进制数，对方在“见证”页上可以看到。")
    if plain == signing.public_key():
        raise Refusal("这是本院自己的公钥。见证要由别的单位来做。")
    if Peer.objects.filter(key=plain).exists():
        raise Refusal("这个公钥已经登记过。")
    if address and not address.startswith(("https://", "http://")):
        raise Refusal("地址要以 https:// 或者 http:// 开头。")
    found = Peer.objects.create(name=name.strip(), key=plain, address=address, by=by, at=at)
    facts = {"name": found.name, "key": plain, "address": address}
    ledger.append(kind="witness.registered", subject=f"peer:{found.pk}", facts=facts, by=by, at=at)
    return found


@transaction.atomic
def retire(*, peer: Peer, by: User, at: datetime) -> Peer:
    """Stop hearing and telling a peer; what was seen stays."""
    _allowed(by)
    peer.retired_at = at
    peer.save(update_fields=["retired_at"])
    ledger.append(kind="witness.retired", subject=f"peer:{peer.pk}", facts={}, by=by, at=at)
    return peer


def see(
    *, key: str, head: Mapping[str, Any], extends: Sequence[str], at: datetime
) -> dict[str, Any]:
    """Look at a peer's head; return our countersignature.

    Args:
        extends: proof that it extends the last head we saw, in hex; empty for the first.

    Raises:
        Behind: the proof begins elsewhere than where we stand.
        Refusal: nobody knows the key, it did not sign this, or the ledger forked: that is kept,
            recorded, and told to whoever looks after the vault.
    """
    peer = Peer.objects.filter(key=key, retired_at=None).first()
    if peer is None or not _signed(head, key):
        raise Refusal("没有登记过这个公钥，或者签名不成立。")
    last = peer.sightings.filter(agrees=True).order_by("-size").first()
    if last is not None and not _follows(last, head, extends):
        if head["size"] > last.size and not extends:
            raise Behind("请附上自 {size} 条起的一致性证明。", size=last.size)
        _forked(peer, head, at)
        raise Refusal("与上次见证的树头不一致：账本被改写过，或者分叉了。已记录并通知管理人员。")
    if last is None or last.size != head["size"]:
        _keep(peer, head, at, agrees=True)
    seen_at = at.astimezone(UTC).isoformat(timespec="microseconds")
    said = {"key": key, "head": _said(head), "at": seen_at}
    return {
        "key": signing.public_key(), "at": seen_at,
        "signature": signing.sign(WITNESS + tree.canonical(said)).hex(),
    }  # fmt: skip


def tell(*, peer: Peer, at: datetime, send: Callable[[str, bytes], tuple[int, bytes]] | None = None) -> Countersignature:  # fmt: skip
    """Send our present head to a peer and keep its countersignature.

    Args:
        send: how (address, body) is posted; returns status and answer. By default over HTTP.

    Raises:
        Refusal: there is no answer, or it is none of the peer's; `peer.failed` keeps the sentence.
    """
    try:
        made = _tell(peer, at, send or _post)
    except Refusal as refusal:
        Peer.objects.filter(pk=peer.pk).update(failed=refusal.sentence.to_json())
        raise
    Peer.objects.filter(pk=peer.pk).update(failed=None, told_at=at)
    return made


def _tell(peer: Peer, at: datetime, send: Callable[[str, bytes], tuple[int, bytes]]) -> Countersignature:  # fmt: skip
    head = ledger.sign_head(at=at)
    if known := peer.countersignatures.filter(head=head).first():
        return known
    last = peer.countersignatures.select_related("head").order_by("-head__size").first()
    since = last.head.size if last else 0
    for _ in range(2):
        path = consistency_at(since, head.size) if 0 < since < head.size else []
        body = {
            "key": head.key, "extends": [one.hex() for one in path],
            "head": {"size": head.size, "root": head.root, "signature": head.signature, "at": _time(head.at)},
        }  # fmt: skip
        status, answer = send(peer.address, tree.canonical(body))
        found = _read(answer)
        if status != 409:
            break
        since = int(found.get("size", 0))
    if status != 200:
        raise Refusal(
            "“{name}”没有接受：{why}", name=peer.name, why=str(found.get("error", status))[:200]
        )
    said = {"key": head.key, "head": {"size": head.size, "root": head.root, "at": _time(head.at)}, "at": found.get("at")}  # fmt: skip
    if not _held(peer.key, WITNESS + tree.canonical(said), str(found.get("signature", ""))):
        raise Refusal("“{name}”的见证签名不成立。请核对它的公钥。", name=peer.name)
    return Countersignature.objects.create(
        peer=peer, head=head, seen_at=found["at"], signature=found["signature"], at=at
    )


def _post(address: str, body: bytes) -> tuple[int, bytes]:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: object) -> None:
            return None

    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 -- http(s) only, seen to when it was registered
    opener = urllib.request.build_opener(Stay())
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read(MOST_ANSWER)
    except urllib.error.HTTPError as error:
        return error.code, error.read(MOST_ANSWER)
    except (OSError, ValueError) as error:
        raise Refusal("连接不上：{why}", why=str(error)[:200]) from None


def _read(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _follows(last: Sighting, head: Mapping[str, Any], extends: Sequence[str]) -> bool:
    try:
        path = [bytes.fromhex(one) for one in extends]
    except (TypeError, ValueError):
        return False
    roots = bytes.fromhex(last.root), bytes.fromhex(head["root"])
    return tree.verify_consistency(last.size, head["size"], path, *roots)


def _signed(head: Mapping[str, Any], key: str) -> bool:
    try:
        return type(head["size"]) is int and verifier.head_holds(dict(head), bytes.fromhex(key))
    except (KeyError, TypeError, ValueError):
        return False


def _held(key: str, message: bytes, signature: str) -> bool:
    try:
        return bool(verifier.signature_holds(bytes.fromhex(key), message, bytes.fromhex(signature)))
    except ValueError:
        return False


def _said(head: Mapping[str, Any]) -> dict[str, Any]:
    return {name: head[name] for name in ("size", "root", "at")}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _keep(peer: Peer, head: Mapping[str, Any], at: datetime, *, agrees: bool) -> Sighting:
    return Sighting.objects.create(
        peer=peer, size=head["size"], root=head["root"], signed_at=head["at"],
        signature=head["signature"], seen_at=at, agrees=agrees,
    )  # fmt: skip


@transaction.atomic
def _forked(peer: Peer, head: Mapping[str, Any], at: datetime) -> None:
    _keep(peer, head, at, agrees=False)
    facts = {"size": head["size"], "root": head["root"]}
    ledger.append(kind="witness.fork", subject=f"peer:{peer.pk}", facts=facts, by=None, at=at)
    for user in anywhere(ACT):
        notify(
            user=user, sentence=say("“{name}”的账本与上次见证的不一致。", name=peer.name),
            url="/ledger/witnesses/", key=f"fork:{peer.pk}:{head['root']}", at=at,
        )  # fmt: skip


def _allowed(by: User) -> None:
    if ACT not in acts_of(by):
        raise Http404
