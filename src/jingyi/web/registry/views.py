"""The tree of offices one may see, their people, and the organs of the region."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.registry import actions, queries
from jingyi.web.registry.access import may, needs, signed_in
from jingyi.web.registry.forms import PostForm


@needs("registry.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the subtree of one's own offices."""
    offices = queries.offices_for(request.user, "registry.read")
    return render(request, "registry/home.html", {"offices": queries.as_tree(offices)})


@needs("registry.read")
@require_http_methods(["GET", "POST"])
def office(request: HttpRequest, code: str) -> HttpResponse:
    """Show one office: departments, people, organs. An administrator appoints and relieves."""
    found = get_object_or_404(queries.offices_for(request.user, "registry.read"), code=code)
    changes = may(request.user, "registry.change", found)
    form = PostForm(request.POST or None, office=found) if changes else None
    status = 200
    if form and request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.appoint(
                    **form.cleaned_data, office=found, by=request.user, at=timezone.now()
                )
                return redirect(found)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
    context = {
        "office": found,
        "people": queries.people_of(found),
        "organs": queries.organs_of(found),
        "form": form,
    }
    return render(request, "registry/office.html", context, status=status)


@needs("registry.read")
@require_safe
def organs(request: HttpRequest) -> HttpResponse:
    """List the organs of one's regions and the domains each answers for."""
    found = queries.organs_for(request.user).select_related("region").order_by("region_id", "name")
    return render(request, "registry/organs.html", {"organs": found})


@signed_in
@require_safe
def my_posts(request: HttpRequest) -> HttpResponse:
    """Show one's own posts and what each allows."""
    posts = [(post, rulebook.roles()[post.role]) for post in queries.posts_of(request.user)]
    template = "registry/my_posts.html" + ("#posts" if request.htmx else "")
    return render(request, template, {"posts": posts})
