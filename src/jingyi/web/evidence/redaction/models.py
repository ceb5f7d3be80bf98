"""A covered copy being prepared, and what it became."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Procuratorate


class Redaction(models.Model):
    """Words and boxes chosen by a person for one file, and the copy made of them.

    `found`: {"pages": [{"number", "boxes", "times", "readable"}], "times": [by word], "gone": {kind: n},
    "text": of a Word document as it will read}. Boxes are [x, y, w, h], fractions of the page.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("正在准备")
        WAITING = "waiting", _("正在生成")
        DONE = "done", _("已生成")
        REFUSED = "refused", _("没有生成")

    parent = models.ForeignKey(Blob, models.PROTECT, related_name="redactions")
    subject = models.CharField(max_length=120)  # of the ledger's entry
    key = models.CharField(max_length=40)  # of the file in the room it belongs to
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5)  # of the copy: ".pdf", ".docx", ".png", ".jpg"
    words = models.JSONField(default=list)
    proposed = models.JSONField(default=list)  # [[kind, word, times]]
    boxes = models.JSONField(default=list)  # [[page, x, y, w, h]] drawn by a person
    found = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    refusal = models.JSONField(null=True)
    copy = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "evidence"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject", "key"], name="redaction_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", copy__isnull=False, made_at__isnull=False)
                | (~Q(state="done") & Q(copy__isnull=True)),
                name="redaction_done_has_copy",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(refusal__isnull=False),
                name="redaction_refused_why",
            ),
        ]

    @property
    def pages(self) -> int:
        """How many pages the file has; none for a Word document."""
        return len(self.found.get("pages", ()))

    @property
    def file_name(self) -> str:
        """What the copy is called when it is handed out."""
        return f"redacted-{self.pk}{self.kind}"
