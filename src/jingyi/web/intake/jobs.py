"""Imports as durable jobs: a killed worker's import goes on with the next worker."""

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from jingyi.core.refusal import Refusal
from jingyi.web.intake.actions import imports
from jingyi.web.intake.models import Batch


@task
def import_batch(batch_id: int) -> None:
    """Take a batch in, then have its office's new reports triaged. Safe to run twice."""
    batch = Batch.objects.select_related("sender__office", "by").get(pk=batch_id)
    try:
        imports.run_import(batch=batch, at=timezone.now())
    except Refusal:
        return  # the batch's page says why
    except Exception:  # a defect: it is raised on, but nobody should wait for a batch that is dead
        broken = Refusal(
            "程序出错，导入中断；已导入的行保留。请告知管理员，修复后重新上传同一文件。"
        )
        imports.give_up(batch=batch, refusal=broken, at=timezone.now())
        raise
    queue_after(batch.sender.office_id)


def queue_after(office_id: int) -> None:
    """Queue what follows when reports have come in; rooms above name themselves in the settings."""
    for path in settings.JINGYI_AFTER_REPORTS:
        import_string(path).enqueue(office_id)
