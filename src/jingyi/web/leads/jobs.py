"""Triage as a durable job: whatever has no finding yet gets one."""

from django.utils import timezone
from django_tasks import task

from jingyi.web.leads import actions
from jingyi.web.registry.models import Procuratorate


@task
def gather_office(office_id: int) -> int:
    """Triage the office's new reports; return how many there were. Safe to run twice."""
    office = Procuratorate.objects.select_related("region", "parent").get(pk=office_id)
    return actions.gather(office=office, at=timezone.now())
