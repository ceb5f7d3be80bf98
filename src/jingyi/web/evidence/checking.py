"""The page that says how the vault is: what the last sweep found, and what is not served."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import jobs, queries, sweep
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

AT_ONCE = 256 * 2**20  # bytes; a larger file is checked by the worker


@needs("vault.check")
@require_safe
def vault(request: HttpRequest) -> HttpResponse:
    """Show how many files there are, where, how the rounds went, and which file failed."""
    context = {
        "vault": queries.standing(),
        "sweep": queries.sweep_under_way(),
        "last": queries.last_sweep(),
        "failed": queries.failed_files()[:100],
        "rate": settings.SWEEP_BYTES_PER_SECOND,
        "days": settings.SWEEP_EVERY_DAYS,
    }
    return render(request, "evidence/vault.html", context)


@needs("vault.check")
@require_POST
def recheck(request: HttpRequest, digest: str) -> HttpResponse:
    """Check one failed file now, after it was restored."""
    blob = get_object_or_404(queries.failed_files(), pk=digest)
    if blob.size > AT_ONCE:
        jobs.recheck_file.enqueue(blob.pk)
        messages.success(request, _("文件较大，已交给后台核对；稍后请刷新本页。"))
    else:
        try:
            wrong = sweep.recheck(blob=blob, at=timezone.now()).wrong
        except Refusal as refusal:
            wrong = refusal.sentence
        if wrong:
            messages.error(request, said(wrong))
        else:
            messages.success(request, _("文件与封存时一致，已恢复提供。"))
    return HttpResponseRedirect(reverse("evidence:vault"), status=303)
