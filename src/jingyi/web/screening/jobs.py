"""Runs as durable jobs; what falls due in the studio."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import holders
from jingyi.web.screening import library, outcomes, running
from jingyi.web.screening.actions import sources
from jingyi.web.screening.models import Run


@task
def screen(run_id: int) -> None:
    """Carry a run out. Safe to run twice: it goes on from where it stands."""
    found = Run.objects.select_related("office", "text", "by").get(pk=run_id)
    try:
        run = running.execute(found)
    except Exception:
        broken = Refusal("程序出错，运行中断。请告知管理员；修复后可以继续运行。")
        Run.objects.filter(pk=run_id).update(
            state=Run.State.REFUSED, problem=broken.sentence.to_json(), ended_at=timezone.now()
        )
        raise
    if run.state == Run.State.DONE and not run.preview:
        notify(
            user=run.by,
            sentence=say("监督模型运行完毕，命中 {n} 条，须人工核实。", n=run.hits),
            url=run.get_absolute_url(),
            key=f"screening.ran:{run.pk}",
            at=timezone.now(),
        )


def due(*, at: datetime) -> dict[str, int]:
    """Delete what is past its last day; tell who writes models of those that have begun to drift."""
    return {"deleted": sources.expire(at=at), "drifting": warn(at=at)}


def warn(*, at: datetime) -> int:
    """Tell, once for each alarm, of models whose hits are right less often than they were."""
    drifting = 0
    ran = Run.objects.filter(preview=False, state=Run.State.DONE).order_by()
    for office_id, slug in ran.values_list("office", "model").distinct():
        office = Procuratorate.objects.get(pk=office_id)
        for one in outcomes.records(office, slug):
            if one.drift is None or one.drift.alarmed_at is None:
                continue
            drifting += 1
            title = library.model(slug, office).title
            for user in holders(office, "screening.write"):
                notify(
                    user=user,
                    sentence=say(
                        "监督模型“{title}”第 {n} 版的属实率在下降，请检查。",
                        title=title,
                        n=one.version,
                    ),
                    url=reverse("screening:model", args=[slug]),
                    key=f"screening.drift:{slug}:{one.version}:{one.drift.alarmed_at}",
                    at=at,
                )
    return drifting
