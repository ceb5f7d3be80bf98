"""Triage as a durable job: whatever has no finding yet gets one."""

from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.leads import actions
from jingyi.web.registry.models import Procuratorate


@task
def gather_office(office_id: int) -> int:
    """Triage the office's new reports; return how many there were. Safe to run twice."""
    office = Procuratorate.objects.select_related("region", "parent").get(pk=office_id)
    return actions.gather(office=office, at=timezone.now())


@task
def retrain_office(office_id: int, user_id: int) -> None:
    """Retrain from the office's decisions and tell who asked what came of it. Safe to run twice."""
    office = Procuratorate.objects.select_related("region", "parent").get(pk=office_id)
    by, at = User.objects.get(pk=user_id), timezone.now()
    try:
        done = actions.retrain(office=office, by=by, at=at)
    except Refusal as refusal:
        told, key = refusal.sentence, f"refused:{at.isoformat()}"
    else:
        key = done.name
        told = (
            say("分诊已按本院的决定重新训练，新模型更好，已经启用。")
            if done.used
            else say("分诊已按本院的决定重新训练，新模型没有更好，仍用原来的。")
        )
    notify(
        user=by,
        sentence=told,
        url=f"{reverse('leads:learning')}?office={office.code}",
        key=f"triage.retrained:{office.code}:{key}",
        at=at,
    )
