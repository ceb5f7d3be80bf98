"""What people report, who they are (kept apart), and files of reports from hotlines."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Procuratorate


class Source(models.TextChoices):
    """Where a lead comes from (办案规则第二十四条)."""

    CITIZEN = "citizen", _("公众举报")
    HOTLINE = "hotline", _("12345热线")
    CASEWORK = "casework", _("办案发现")
    SHARING = "sharing", _("执法信息共享")
    ORGAN = "organ", _("机关移送")
    DEPUTY = "deputy", _("代表委员")
    MEDIA = "media", _("媒体舆情")
    VOLUNTEER = "volunteer", _("志愿者")


class Sender(models.Model):
    """Whoever sends files: a hotline, an organ. Remembers how its columns are named."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="senders")
    name = models.CharField(_("来源单位"), max_length=80)
    source = models.CharField(max_length=12, choices=Source, default=Source.HOTLINE)
    mapping = models.JSONField(default=dict)  # our column → theirs

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="sender_once")]


class Batch(models.Model):
    """One file taken in, row by row; what is done is done once, also after a crash."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("待确认")
        QUEUED = "queued", _("排队")
        RUNNING = "running", _("导入中")
        DONE = "done", _("完成")
        REFUSED = "refused", _("未能导入")

    ref = models.CharField(unique=True, max_length=20)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="batches")
    file = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    rows = models.IntegerField(default=0)  # in the file
    done = models.IntegerField(default=0)  # the checkpoint: rows already looked at
    new = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    rejected_file = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    problem = models.JSONField(null=True)  # core.words.Sentence
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)


class Report(models.Model):
    """One message from one person or sender, as it came. Never edited."""

    ref = models.CharField(unique=True, max_length=20)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="reports")
    source = models.CharField(max_length=12, choices=Source)
    sender = models.ForeignKey(Sender, models.PROTECT, null=True, related_name="reports")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="reports")
    external_id = models.CharField(max_length=80, blank=True)
    fingerprint = models.CharField(max_length=64)  # the same row again is the same report
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_index=True)
    place_words = models.CharField(max_length=300, blank=True)
    lon = models.FloatField(null=True)  # WGS-84
    lat = models.FloatField(null=True)
    datum = models.CharField(max_length=10, default="WGS-84", blank=True)  # "": unknown
    given_lon = models.FloatField(null=True)  # as it came, where that was not in WGS-84
    given_lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    anonymous = models.BooleanField(default=True)
    reporter_key = models.CharField(max_length=64, blank=True)  # distinguishes, does not name
    likes = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "sender", "fingerprint"],
                name="row_taken_in_once",
                nulls_distinct=False,
            )
        ]


class Identity(models.Model):
    """Who reported: encrypted, in a table of its own; each look is an entry in the ledger."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="identity")
    sealed = models.BinaryField()  # Fernet token of the JSON {name, phone}


class Receipt(models.Model):
    """The reporter's way back: only a keyed hash of the code is stored."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="receipt")
    code_hash = models.CharField(unique=True, max_length=64)
    stage = models.CharField(max_length=12, default="received")  # what the reporter is told
    told = models.JSONField(default=dict)  # Sentence: the stage in plain words


class Attachment(models.Model):
    """A file that came with a report; others are shown the copy without metadata."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="attachments")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)


class Message(models.Model):
    """Between the reporter and the office, through the receipt."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="messages")
    from_reporter = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
