"""What is written over whatever leaves a sealed case: who took it, and when."""

from datetime import datetime

from django.utils import timezone

from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User


def watermark(reader: User | None, at: datetime) -> Sentence:
    """Return the mark for `reader`; None is whoever keeps the machine, at its command line."""
    when = f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
    if reader is None:
        return say("密封案件 · 命令行 · {when}", when=when)
    return say(
        "密封案件 · {who}（{name}） · {when}", who=reader.name, name=reader.username, when=when
    )
