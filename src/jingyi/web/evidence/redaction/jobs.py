"""Making a covered copy beside other work."""

from django.utils import timezone
from django_tasks import task

from jingyi.web.evidence.redaction import actions
from jingyi.web.evidence.redaction.models import Redaction


@task
def make_copy(number: int) -> None:
    """Make a copy that was asked for. Safe to run twice."""
    found = Redaction.objects.select_related("parent", "office", "by").get(pk=number)
    if found.state == Redaction.State.WAITING:
        actions.make(redaction=found, at=timezone.now())
