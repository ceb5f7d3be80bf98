"""Every route, every role, somebody else's thing: a stranger finds nothing and changes nothing.

The demo city's own people walk wherever links lead, which finds addresses that are really there.
Then people of another province, one of each role, and somebody without an account try them all.
"""

from collections import defaultdict

import pytest
from django.test import Client

from jingyi.core import rulebook
from jingyi.demo import loading
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.models import Head
from jingyi.web.registry.models import Post, Procuratorate
from jingyi.web.ui.marks import ACT
from tests import factories
from tests.walk.crawl import crawl, filled, route_of, routes

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CLOSED = {401, 403, 404, 405}
BOTH = {"npc-office", "cppcc-office", "deputy"}
PEOPLE = [
    "lin",
    "zhou",
    "admin",
    "ji",
    "tang",
    "bai",
    "ma",
    "du",
    "fang",
    "lu",
    "yan",
    "qian",
    "he",
]
# the part of these addresses is a kind or a format, not somebody's thing; what they say is checked
KINDS = {
    "cases:export", "lab:new_device", "lab:new_method", "leads:export", "measures:export",
    "measures:measure", "measures:rows", "proposals:year_file", "screening:choose",
    "screening:columns", "screening:files", "screening:model", "screening:take", "screening:write", "shared:clue_new",
    "shared:figure",
}  # fmt: skip


@pytest.fixture
def found():
    loading.load(say=lambda _line: None)
    return crawl(PEOPLE)


def strangers():
    """Return one person of each role at an office, an organ or both, far from the city; and nobody."""
    region = factories.region("770100", "外省外市", "city")
    office = factories.office("away", "外市人民检察院", "city", region)
    organ = factories.organ("away-water", "外市水务局", region)
    made = [(None, "nobody")]
    for role in rulebook.roles().values():
        seat = "organ" if "station.read" in role.may else "office"
        where = {"organ": organ} if seat == "organ" else {"office": office}
        one = factories.person(f"away-{role.id}", role=role.id, **where)
        if role.id in BOTH:
            Post.objects.create(user=one, role=role.id, organ=organ, since=one.posts.first().since)
        made.append((one, role.id))
    return made


def test_strangers_find_nothing_and_change_nothing(found):
    """One test for all: the city takes half a minute to build and to walk."""
    told = told_apart()
    _the_walk_saw_much_and_the_names_are_there(found, told)
    _no_page_asks_the_same_again_and_again(found)
    _nobody_opens_what_is_anothers(found)
    _lists_name_nothing_of_the_city(found, told)


def _the_walk_saw_much_and_the_names_are_there(found, told):
    assert len(found.pages) > 200
    assert len(found.forms) > 80
    client = Client()
    client.force_login(User.objects.get(username="lin"))
    assert any(name in client.get("/cases/").text for name in told)


def _no_page_asks_the_same_again_and_again(found):
    """Lists of the city have dozens of rows: a query for each of them would show."""
    many = {path: asked for path, asked in found.asked.items() if asked[0] > 60 or asked[1] > 10}
    assert not many, many


def told_apart():
    """Return names that only pages about the city can hold."""
    names = list(Case.objects.order_by("pk").values_list("title", flat=True)[:300])
    names += Incident.objects.order_by("pk").values_list("title", flat=True)[:300]
    names += Procuratorate.objects.exclude(code="away").values_list("name", flat=True)
    names += User.objects.filter(username__in=PEOPLE).values_list("name", flat=True)
    return {name for name in names if len(name) > 1}


def _nobody_opens_what_is_anothers(found):
    known, people = routes(), strangers()
    made = filled(found)
    tried = [
        ("get", name, path) for name, paths in found.pages.items() for path in sorted(paths)[:2]
    ]
    tried += [
        ("post", name, path) for name, paths in found.forms.items() for path in sorted(paths)[:2]
    ]
    tried += [(method, name, path) for name, path in made.items() for method in ("get", "post")]
    opened, changed = defaultdict(set), []
    for person, role in people:
        client = Client()
        if person:
            client.force_login(person)
        for method, name, path in tried:
            if name in KINDS or is_open(known, name) or not route_of(path)[1]:
                continue
            before = Head.objects.get(pk=1).size
            answer = getattr(client, method)(path)
            answer.close()
            if answer.status_code not in CLOSED and not to_sign_in(answer):
                opened[name, method, answer.status_code, path].add(role)
            if Head.objects.get(pk=1).size != before:
                changed.append((name, method, role, path))
    assert not opened, report(opened)
    assert not changed


def to_sign_in(answer):
    return answer.status_code in {302, 303} and "/me/sign-in/" in answer.headers.get("Location", "")


def _lists_name_nothing_of_the_city(found, told):
    known = routes()
    said = {}
    for person, role in strangers_again():
        client = Client()
        client.force_login(person)
        for name, paths in found.pages.items():
            path = min(paths)
            if (route_of(path)[1] and name not in KINDS) or is_open(known, name):
                continue
            answer = client.get(path)
            answer.close()
            if answer.status_code == 200 and not answer.streaming:
                text = answer.content.decode("utf-8", "replace")
                if leaked := sorted(one for one in told if one in text):
                    said.setdefault((name, path), []).append((role, leaked[:3]))
    assert not said, "\n".join(f"{key}: {who}" for key, who in sorted(said.items()))


def strangers_again():
    return [
        (one, one.username.removeprefix("away-"))
        for one in User.objects.filter(username__startswith="away-")
    ]


def is_open(known, name):
    """Tell whether a route is everybody's: public, or not one of ours."""
    return name not in known or getattr(known[name].callback, ACT) == "public"


def report(opened):
    return "\n".join(f"{key}: {sorted(roles)}" for key, roles in sorted(opened.items()))
