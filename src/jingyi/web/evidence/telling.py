"""What the sweep tells the administrators."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.evidence.models import Sweep
from jingyi.web.registry.queries import anywhere

ACT = "vault.check"


def failed(*, sweep: Sweep, at: datetime) -> None:
    """Tell, once a day, that files are no longer what was sealed: a lost disk is one notice."""
    words = say(
        "证据库核对发现 {n} 个文件与封存时不一致或者丢失，已停止提供。请从备份恢复。", n=sweep.wrong
    )
    _tell(words, f"vault.failed:{sweep.pk}:{timezone.localdate(at)}", at)


def ended(*, sweep: Sweep, at: datetime) -> None:
    """Tell of a round that ended with something wrong; a good one is only on the page."""
    if not sweep.wrong:
        return
    words = say(
        "证据库一轮核对结束：{files} 个文件中 {n} 个有误。", files=sweep.files, n=sweep.wrong
    )
    _tell(words, f"vault.swept:{sweep.pk}", at)


def stopped(*, why: Sentence, at: datetime) -> None:
    """Tell, once a day, that no file could be checked, and why."""
    _tell(why, f"vault.stopped:{timezone.localdate(at)}", at)


def _tell(words: Sentence, key: str, at: datetime) -> None:
    for user in anywhere(ACT):
        notify(user=user, sentence=words, url=reverse("evidence:vault"), key=key, at=at)
