"""A chosen brand's certificate, in the words of the reader's language."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jingyi.engines.typesetting import award
from jingyi.web.selection.models import Issue


def to_pdf(issue: Issue, link: str) -> bytes:
    """Return the certificate as PDF; its code leads to the issue.

    Raises:
        NoChineseFont: this machine has no font that can print it.
    """
    entry = issue.entry
    edition = entry.edition
    on = timezone.localdate(edition.decided_at)
    words = {
        "title": _("证书"),
        "heading": _("证书"),
        "who": " ".join(one.name for one in (entry.office, entry.department) if one),
        "brand": entry.title,
        "words": _("在%(edition)s中入选") % {"edition": edition.name},
        "office": edition.office.name,
        "day": date_format(on, "Y-m-d"),
        "check": _("扫码核对：") + link,
    }
    return award.to_pdf(words, on, link)
