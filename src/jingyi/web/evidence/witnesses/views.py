"""The endpoint a peer sends its head to; the pages of heads and witnesses."""

import json

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.web.evidence.witnesses import actions
from jingyi.web.evidence.witnesses.models import Peer, Sighting
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger import signing
from jingyi.web.ledger.models import SignedHead
from jingyi.web.ledger.packages import as_json
from jingyi.web.registry.access import needs, public
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.templatetags.ui import said

MOST_BYTES = 1 << 16


class PeerForm(forms.Form):
    """Another office."""

    name = forms.CharField(label=gettext_lazy("对方单位"), max_length=120)
    key = forms.CharField(label=gettext_lazy("公钥"), max_length=80)
    address = forms.CharField(
        label=gettext_lazy("见证地址"), max_length=300, required=False,
        help_text=gettext_lazy("对方“见证”页上写的地址；只听不送的，留空。"),
    )  # fmt: skip


@public
@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Take a peer's head, look whether its ledger goes on from what we saw, and countersign."""
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"error": _("消息太大。")}, status=400)
    try:
        body = json.loads(request.body)
        key, head, extends = str(body["key"]), dict(body["head"]), list(body["extends"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": _("消息要写 key、head、extends。")}, status=400)
    try:
        return JsonResponse(actions.see(key=key, head=head, extends=extends, at=timezone.now()))
    except actions.Behind as behind:
        answer = {"error": said(behind.sentence), "size": int(behind.sentence.values["size"])}
        return JsonResponse(answer, status=409)
    except Refusal as refusal:
        return JsonResponse({"error": said(refusal.sentence)}, status=403)


@needs("ledger.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show who witnesses our ledger, whose we witness, and any disagreement first of all."""
    return _page(request, PeerForm())


@needs("vault.check")
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Enter a peer."""
    form = PeerForm(request.POST)
    if form.is_valid():
        try:
            actions.register(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(reverse("witnesses:list"), status=303)
    return _page(request, form)


@needs("vault.check")
@require_POST
def act(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Tell a peer now, or retire it."""
    peer = get_object_or_404(Peer, pk=number, retired_at=None)
    try:
        if kind == "tell":
            actions.tell(peer=peer, at=timezone.now())
            messages.success(request, _("“%(name)s”已见证。") % {"name": peer.name})
        else:
            actions.retire(peer=peer, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(reverse("witnesses:list"), status=303)


@needs("ledger.read")
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the ledger as it stands and show the sheet of it."""
    try:
        head = ledger.sign_head(at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(reverse("witnesses:list"), status=303)
    return HttpResponseRedirect(reverse("witnesses:head", args=[head.pk]), status=303)


@needs("ledger.read")
@require_safe
def head(request: HttpRequest, number: int) -> HttpResponse:
    """Show a signed head to be printed: its size, root and signature, and a code of all of it."""
    found = get_object_or_404(SignedHead, pk=number)
    text = canonical(as_json(found)).decode()
    picture = segno.make(text, error="m").svg_data_uri(scale=4, border=2, light="white")
    context = {"head": found, "picture": picture, "witnessed": found.countersignatures.select_related("peer")}  # fmt: skip
    return render(request, "evidence/witnesses/head.html", context)


@needs("ledger.read")
@require_safe
def head_file(_request: HttpRequest, number: int) -> HttpResponse:
    """Send a signed head as the file that a court hands to the verifier."""
    found = get_object_or_404(SignedHead, pk=number)
    body = canonical(as_json(found))
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="head-{found.size}.json"'
    return response


def _page(request: HttpRequest, form: PeerForm) -> HttpResponse:
    peers = Peer.objects.filter(retired_at=None)
    context = {
        "form": form,
        "rows": [
            {
                "peer": one,
                "ours": one.countersignatures.select_related("head").first(),
                "theirs": one.sightings.filter(agrees=True).order_by("-size").first(),
            }
            for one in peers
        ],
        "forks": Sighting.objects.filter(agrees=False).select_related("peer")[:20],
        "heads": SignedHead.objects.order_by("-size")[:10],
        "key": signing.public_key(),
        "address": request.build_absolute_uri(reverse("witnesses:receive")),
        "may_manage": actions.ACT in acts_of(request.user),
    }
    return render(
        request, "evidence/witnesses/list.html", context, status=422 if form.errors else 200
    )
