"""The administrator sees how the vault is; nobody else finds the page."""

import pytest
from django.urls import reverse

from jingyi.web.evidence import sweep, vault
from jingyi.web.evidence.actions import seal
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "evidence:vault"


@pytest.fixture
def keeper(city):
    return factories.person("keeper", role="administrator", office=city.office)


@pytest.fixture
def broken(at, settings):
    """One of three files whose bytes are gone."""
    files = [seal(chunks=[f"{n}".encode()], media_type="x", at=at) for n in range(3)]
    vault.path_of(files[0].sha256, folder=settings.VAULT).unlink()
    return files[0]


@pytest.mark.usefixtures("broken")
def test_strangers_find_neither_page_nor_button(client, alice, at, broken):
    sweep.go_on(at=at.replace(day=2), seconds=60)
    for who in (alice, None):
        client.force_login(who) if who else client.logout()
        expected = 404 if who else 302
        assert client.get(reverse(PAGE)).status_code == expected
        assert client.post(reverse("evidence:recheck", args=[broken.pk])).status_code == expected
    client.force_login(alice)
    assert reverse(PAGE) not in client.get(reverse("evidence:ledger")).text


def test_the_page_before_in_and_after_a_round(
    client, keeper, at, broken, django_assert_max_num_queries
):
    client.force_login(keeper)
    assert reverse(PAGE) in client.get(reverse("evidence:ledger")).text
    assert "还没有核对过" in client.get(reverse(PAGE)).text
    sweep.go_on(at=at.replace(day=2), seconds=0)
    assert "进行中的一轮" in client.get(reverse(PAGE)).text
    sweep.go_on(at=at.replace(day=2), seconds=60)
    with django_assert_max_num_queries(16):
        page = client.get(reverse(PAGE)).text
    assert "1 个文件与封存时不一致或者丢失" in page
    assert broken.pk in page

    again = reverse("evidence:recheck", args=[broken.pk])
    assert "不在证据库中" in client.post(again, follow=True).text
    seal(chunks=[b"0"], media_type="x", at=at)  # the same bytes again put the file back
    response = client.post(again)
    assert response.status_code == 303
    assert "已恢复提供" in client.get(response.url).text
    assert client.post(again).status_code == 404
