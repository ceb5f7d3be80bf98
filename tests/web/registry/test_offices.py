"""One sees one's own subtree of offices and nothing else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry
from jingyi.web.registry import actions, queries
from jingyi.web.registry.models import Post
from tests import factories

pytestmark = pytest.mark.django_db


def names(user, act=None):
    return set(queries.offices_for(user, act).values_list("code", flat=True))


def test_a_post_opens_its_own_office_and_those_below(alice, bob, charlie):
    assert names(alice) == {"zy", "zy-dj", "zy-xl"}
    assert names(bob) == {"zy-dj"}
    assert names(charlie) == {"lp"}


def test_an_act_counts_only_where_the_post_that_allows_it_is_held(alice, city):
    Post.objects.create(
        user=alice, role="technician", procuratorate=city.elsewhere, since=date(2020, 1, 1)
    )

    assert names(alice, "lead.read") == {"zy", "zy-dj", "zy-xl", "lp"}
    assert names(alice, "lead.decline") == {"zy", "zy-dj", "zy-xl"}


def test_a_post_that_ended_or_has_not_begun_opens_nothing(city):
    today = timezone.localdate()
    past = factories.person("past", role="prosecutor", office=city.office)
    past.posts.update(until=today - timedelta(days=1))
    future = factories.person(
        "future", role="prosecutor", office=city.office, since=today + timedelta(days=1)
    )

    assert names(past) == names(future) == set()


def test_offices_whose_ids_begin_alike_are_not_confused(city):
    """Ids 1 and 11 share a first digit; paths end with a slash so that they do not share a tree."""
    assert all(
        path.endswith("/") for path in queries.Procuratorate.objects.values_list("path", flat=True)
    )


@pytest.mark.parametrize("code", ["zy-xl", "lp", "jh"])
def test_another_office_is_not_found(client, bob, code):
    client.force_login(bob)

    assert client.get(reverse("registry:office", args=[code])).status_code == 404


@pytest.mark.parametrize("name", ["registry:home", "registry:organs", "registry:my_posts"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open_in_both_languages(client, alice, name, language):
    client.force_login(alice)

    assert client.get(reverse(name), headers={"accept-language": language}).status_code == 200


def test_a_role_without_the_act_is_told_there_is_no_such_page(client, city):
    client.force_login(factories.person("volunteer", role="volunteer", office=city.office))

    assert client.get(reverse("registry:home")).status_code == 404


@pytest.fixture
def admin(city):
    return factories.person("admin", role="administrator", office=city.office)


def test_an_administrator_appoints_and_it_is_on_record(client, admin, bob, city):
    client.force_login(admin)
    address = reverse("registry:office", args=["zy-xl"])
    form = {"user": "bob", "role": "assistant", "since": "2026-01-05"}

    assert client.post(address, form).status_code == 302
    assert names(bob) == {"zy-dj", "zy-xl"}
    assert Entry.objects.get().kind == "post.given"
    assert client.post(address, form).status_code == 422


def test_a_prosecutor_cannot_appoint(client, alice, city):
    client.force_login(alice)
    address = reverse("registry:office", args=["zy"])
    client.post(address, {"user": "alice", "role": "chief", "since": "2026-01-05"})

    assert not Post.objects.filter(role="chief").exists()


def test_an_ended_post_may_be_given_again(admin, bob, city, at):
    post = bob.posts.get()
    actions.relieve(post=post, on=date(2026, 9, 1), by=admin, at=at)
    again = actions.appoint(
        user=bob, role="prosecutor", office=city.east, since=date(2026, 10, 1), by=admin, at=at
    )

    assert post.until == date(2026, 8, 31)
    with pytest.raises(Refusal, match="已担任"):
        actions.appoint(
            user=bob, role="prosecutor", office=city.east, since=again.since, by=admin, at=at
        )
