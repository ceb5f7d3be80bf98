"""Dates and days as people read them, in the page's language."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

WEEKDAYS = "一二三四五六日"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # fmt: skip


def chinese() -> bool:
    """Tell whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def local(value: date | datetime | str | None) -> date | datetime | None:
    """Return a stored date or time as local; ISO text is read, nothing stays nothing."""
    if not value:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return timezone.localtime(value) if isinstance(value, datetime) and value.tzinfo else value


def day(value: date | datetime | str | None) -> str:
    """Return ``2026-10-08（周四）`` or ``Thu 8 Oct 2026``; "" for nothing."""
    found = local(value)
    if found is None:
        return ""
    if chinese():
        return f"{found:%Y-%m-%d}（周{WEEKDAYS[found.weekday()]}）"
    return f"{DAYS[found.weekday()]} {found.day} {MONTHS[found.month - 1]} {found.year}"


def moment(value: datetime | str | None) -> str:
    """Return ``2026-10-08 14:05`` or ``8 Oct 2026, 14:05``."""
    found = local(value)
    if found is None:
        return ""
    if chinese():
        return f"{found:%Y-%m-%d %H:%M}"
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}, {found:%H:%M}"


def day_count(value: date | datetime | str, today: date | None = None) -> int:
    """Return how many days from today (local) to `value`; negative once it has passed."""
    found = local(value)
    if isinstance(found, datetime):
        found = found.date()
    return (found - (today or timezone.localdate())).days


def days_left(value: date | datetime | str | None, today: date | None = None) -> str:
    """Return "还有 5 天", "今天到期" or "逾期 3 天"; shown beside the date, never alone."""
    if not value:
        return ""
    days = day_count(value, today)
    if days == 0:
        return _("今天到期")
    if days < 0:
        return ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", -days) % {"days": -days}
    return ngettext("还有 %(days)s 天", "还有 %(days)s 天", days) % {"days": days}


def ago(value: date | datetime | str | None, today: date | None = None) -> str:
    """Return "今天", "昨天" or "3 天前"."""
    if not value:
        return ""
    days = -day_count(value, today)
    if days <= 0:
        return _("今天")
    if days == 1:
        return _("昨天")
    return ngettext("%(days)s 天前", "%(days)s 天前", days) % {"days": days}


def span(seconds: float) -> str:
    """Return a waiting time in words: "不到 1 分钟", "约 3 分钟", "约 2 小时"."""
    left = timedelta(seconds=max(0, seconds))
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return _("不到 1 分钟")
    if minutes < 90:
        return ngettext("约 %(count)s 分钟", "约 %(count)s 分钟", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("约 %(count)s 小时", "约 %(count)s 小时", hours) % {"count": hours}
