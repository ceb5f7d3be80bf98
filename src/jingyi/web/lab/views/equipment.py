"""The registers: methods and what they measure with, instruments, kits, materials and their charts."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.lab import westgard
from jingyi.web.lab import charts, controls, queries, sheets
from jingyi.web.lab.actions import equipping
from jingyi.web.lab.forms.measuring import (
    CalibrationForm,
    CheckForm,
    DeviceForm,
    KitForm,
    MaterialForm,
    MethodForm,
)
from jingyi.web.lab.limits import library
from jingyi.web.lab.models import Device, Material, Method
from jingyi.web.lab.views.acting import done
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import offices_for


@needs("lab.read")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """List methods and instruments, what is out of date first seen."""
    context = {
        "methods": queries.methods_for(request.user).select_related("office").prefetch_related("kits"),
        "devices": queries.devices_for(request.user).select_related("office").prefetch_related("checks"),
        "today": timezone.localdate(),
        "may_manage": offices_for(request.user, "lab.manage").exists(),
        "may_test": offices_for(request.user, "lab.test").exists(),
    }  # fmt: skip
    return render(request, "lab/register.html", context)


@needs("lab.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a method or an instrument of one's office."""
    office = offices_for(request.user, "lab.manage").order_by("path").first()
    form: forms.Form = DeviceForm(request.POST or None)
    if kind == "method":
        form = MethodForm(request.POST or None, own=library.own_items(office))

    def take() -> str:
        add = equipping.add_method if kind == "method" else equipping.add_device
        made = add(office=office, **form.cleaned_data, by=request.user, at=timezone.now())
        return reverse(f"lab:{kind}", args=[made.pk])

    if request.method == "POST" and (answer := done(request, form, take)):
        return answer
    context = {"form": form, "kind": kind}
    return render(request, "lab/new_thing.html", context, status=422 if form.errors else 200)


@needs("lab.read")
@require_safe
def method(request: HttpRequest, number: int) -> HttpResponse:
    """Show a method: how sure it is, its lots, its materials and their charts."""
    return _method_page(request, method_for(request, number))


@needs("lab.manage")
@require_POST
def add_to_method(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Enter a lot or a control material of a method."""
    found = method_for(request, number)
    shape: type[forms.Form] = KitForm if kind == "kit" else MaterialForm
    form = shape(request.POST, auto_id=f"{kind}_%s")

    def take() -> str:
        data, now = dict(form.cleaned_data), timezone.now()
        add = equipping.add_kit if kind == "kit" else equipping.add_material
        add(method=found, **data, by=request.user, at=now)
        return reverse("lab:method", args=[found.pk])

    return done(request, form, take) or _method_page(request, found, **{kind: form})


@needs("lab.read")
@require_safe
def device(request: HttpRequest, number: int) -> HttpResponse:
    """Show an instrument with its checks."""
    return _device_page(request, device_for(request, number))


@needs("lab.read")
@require_POST
def add_to_device(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Enter a check or a calibration of an instrument."""
    found = device_for(request, number)
    shape: type[forms.Form] = CheckForm if kind == "check" else CalibrationForm
    form = shape(request.POST, auto_id=f"{kind}_%s")

    def take() -> str:
        add = equipping.check_device if kind == "check" else equipping.calibrate
        add(device=found, **form.cleaned_data, by=request.user, at=timezone.now())
        return reverse("lab:device", args=[found.pk])

    return done(request, form, take) or _device_page(request, found, **{kind: form})


@needs("lab.manage")
@require_POST
def retire(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Take a method or an instrument out of use."""
    found = method_for(request, number) if kind == "method" else device_for(request, number)

    def take() -> str:
        equipping.retire(thing=found, by=request.user, at=timezone.now())
        return reverse("lab:register")

    answer = done(request, None, take, reverse("lab:register"))
    if answer is None:
        raise Http404
    return answer


def method_for(request: HttpRequest, number: int) -> Method:
    """Return a method that the person may see, or raise 404."""
    return get_object_or_404(queries.methods_for(request.user).select_related("office"), pk=number)


def device_for(request: HttpRequest, number: int) -> Device:
    """Return an instrument that the person may see, or raise 404."""
    return get_object_or_404(queries.devices_for(request.user).select_related("office"), pk=number)


def _method_page(request: HttpRequest, found: Method, **wrong: Any) -> HttpResponse:
    context = {
        "method": found,
        "kinds": sheets.kinds(found),
        "charts": [_chart(one) for one in found.materials.all()],
        "forms": {"kit": KitForm(auto_id="kit_%s"), "material": MaterialForm(auto_id="material_%s")} | wrong,
        "wrong": next(iter(wrong), ""),
        "today": timezone.localdate(),
        "may_manage": may(request.user, "lab.manage", found.office),
        "may_test": may(request.user, "lab.test", found.office),
    }  # fmt: skip
    return render(request, "lab/method.html", context, status=422 if wrong else 200)


def _chart(material: Material) -> dict[str, Any]:
    if material.sd is None:
        return {"material": material}
    points = controls.points_of(material)
    judged = westgard.judge(points)
    return {
        "material": material,
        "plot": charts.levey_jennings(material, points, judged) if points else "",
        "broken": [(run.run, rule.because) for run in judged for rule in run.broken],
    }


def _device_page(request: HttpRequest, found: Device, **wrong: Any) -> HttpResponse:
    start = {"on": timezone.localdate()}
    context = {
        "device": found,
        "checks": found.checks.select_related("by")[:100],
        "forms": {
            "check": CheckForm(auto_id="check_%s", initial=start),
            "calibration": CalibrationForm(auto_id="calibration_%s"),
        } | wrong,
        "wrong": next(iter(wrong), ""),
        "today": timezone.localdate(),
        "may_manage": may(request.user, "lab.manage", found.office),
        "may_test": may(request.user, "lab.test", found.office),
    }  # fmt: skip
    return render(request, "lab/device.html", context, status=422 if wrong else 200)
