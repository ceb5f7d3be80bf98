"""Addresses made and ended; what they are told, tried until taken."""

import json
import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.api.hooks import sending
from jingyi.web.api.hooks.events import EVENTS, news
from jingyi.web.api.models import Delivery, Hook, Token
from jingyi.web.evidence import keys
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger.models import Entry, Head

NAME = "hooks"  # of the key that secrets are encrypted with
# after each try that failed, how long until the next; after the last it is given up
WAITS = [timedelta(seconds=n) for n in (5, 60, 600, 3600, 6 * 3600, 12 * 3600, 24 * 3600)]
BATCH = 2000  # entries looked at in one go
GONE = 410


@transaction.atomic
def make(*, token: Token, url: str, events: Sequence[str], by: User, at: datetime) -> tuple[str, Hook]:  # fmt: skip
    """Have an address told from now on; return the secret, this once, and what is kept.

    Raises:
        Refusal: the key is not one's own or was revoked, an event that its scopes do not allow,
            or an address that the administrator did not.
    """
    if token.person_id != by.pk or token.revoked_at:
        raise Refusal("钥匙已经作废。")
    chosen = sorted(set(events))
    if not chosen or any(n not in EVENTS or EVENTS[n].scope not in token.scopes for n in chosen):
        raise Refusal("请至少选一种这把钥匙读得到的消息。")
    sending.target(url)
    secret = secrets.token_bytes(32)
    made = Hook.objects.create(
        token=token, url=url, events=chosen, sealed=keys.box(NAME).encrypt(secret),
        seen=Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0, made_at=at,
    )  # fmt: skip
    _record("api.hook-made", made, {"events": chosen, "url": url}, by, at)
    return f"whsec_{b64encode(secret).decode()}", made


@transaction.atomic
def end(*, hook: Hook, why: Sentence | None = None, by: User | None, at: datetime) -> None:
    """Tell an address nothing more."""
    hook = Hook.objects.select_for_update().get(pk=hook.pk)
    if hook.ended_at is None:
        hook.ended_at, hook.why_ended = at, why.to_json() if why else None
        hook.save(update_fields=["ended_at", "why_ended"])
        hook.deliveries.exclude(next_at=None).update(next_at=None)
        _record("api.hook-ended", hook, {}, by, at)


def trial(*, hook: Hook, at: datetime) -> Delivery:
    """Have an address told that this is a trial."""
    return _due(hook, "trial", "", at, None)


def again(*, delivery: Delivery, at: datetime) -> None:
    """Try once more, now, and then as if it were new."""
    Delivery.objects.filter(pk=delivery.pk, done_at=None).update(next_at=at, tries=0)


@transaction.atomic
def collect(*, hook: Hook, at: datetime) -> int:
    """Look at what came into the ledger since; return how many messages it makes."""
    hook = Hook.objects.select_for_update().select_related("token__person").get(pk=hook.pk)
    entries = list(Entry.objects.filter(index__gte=hook.seen).order_by("index")[:BATCH])
    if not entries:
        return 0
    told = news(hook.token, hook.events, entries)
    for entry in entries:
        if entry.index in told:
            _due(hook, *told[entry.index], at, entry)
    hook.seen = entries[-1].index + 1
    hook.save(update_fields=["seen"])
    return len(told)


def try_one(*, delivery: Delivery, at: datetime) -> bool:
    """Send one message, and keep how it went; tell whether it was taken.

    It is not sent in a transaction: whatever is on the other side may take its time.
    """
    hook = delivery.hook
    secret = keys.box(NAME).decrypt(bytes(hook.sealed))
    moment = int(at.timestamp())
    headers = {
        "Content-Type": "application/json", "User-Agent": "jingyi",
        "webhook-id": delivery.key, "webhook-timestamp": str(moment),
        "webhook-signature": sending.signed(secret, delivery.key, moment, delivery.body),
    }  # fmt: skip
    status, problem = 0, None
    try:
        status = sending.send(hook.url, headers, delivery.body)
        if not 200 <= status < 300:
            problem = say("对方回答 {status}", status=status)
    except Refusal as refusal:
        problem = refusal.sentence
    except OSError as away:
        problem = say("连不上对方：{why}", why=type(away).__name__)
    _keep(delivery, status, problem, at)
    return problem is None


@transaction.atomic
def _keep(delivery: Delivery, status: int, problem: Sentence | None, at: datetime) -> None:
    tries = delivery.tries + 1
    more = problem is not None and status != GONE and tries <= len(WAITS)
    Delivery.objects.filter(pk=delivery.pk).update(
        tries=F("tries") + 1, status=status, problem=problem.to_json() if problem else None,
        next_at=at + WAITS[tries - 1] if more else None, done_at=None if problem else at,
    )  # fmt: skip
    if status == GONE:
        end(hook=delivery.hook, why=say("对方说它不再收（410）。"), by=None, at=at)
    if problem and not more:
        notify(
            user=delivery.hook.token.person,
            sentence=say("发往 {url} 的消息没有送到，不再重试。", url=delivery.hook.url),
            url=reverse("api:hook", args=[delivery.hook_id]), key=f"hook:{delivery.pk}", at=at,
        )  # fmt: skip


def _due(hook: Hook, name: str, ref: str, at: datetime, entry: Entry | None) -> Delivery:
    data = {"ref": ref, "kind": entry.kind, "url": EVENTS[name].url(ref)} if entry else {}
    told = {"type": name, "timestamp": (entry.at if entry else at).isoformat(), "data": data}
    return Delivery.objects.create(
        hook=hook, entry=entry.index if entry else None, key=f"msg_{secrets.token_hex(16)}",
        body=json.dumps(told, ensure_ascii=False, separators=(",", ":")), at=at, next_at=at,
    )  # fmt: skip


def _record(kind: str, hook: Hook, facts: dict[str, object], by: User | None, at: datetime) -> None:
    ledger.append(kind=kind, subject=f"api-hook:{hook.pk}", facts=facts, by=by, at=at)


def allowed() -> list[str]:
    """Return the origins that messages may go to."""
    return list(settings.WEBHOOKS)
