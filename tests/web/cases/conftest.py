"""A case under way, for every test of this room."""

import pytest

from tests import factories
from tests.web.cases import course


@pytest.fixture
def case(city, chief, alice):
    """A filed administrative case of the city office, handled by Alice."""
    return course.case(city.office, chief, alice, organ=city.water)


@pytest.fixture
def served_case(case, chief):
    """The same, with a suggestion received by the organ on 1 August 2026."""
    course.served(case, chief)
    return case


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def as_chief(client, chief):
    client.force_login(chief)
    return client


@pytest.fixture
def east_chief(city):
    """The chief procurator of the county office below the city."""
    return factories.person("east-chief", role="chief", office=city.east)


@pytest.fixture(params=["bob", "charlie", "admin"])
def stranger(request, city):
    """Whoever may see nothing of the case: other offices, and those who keep the machine."""
    if request.param == "admin":
        return factories.person("admin", role="administrator", office=city.office)
    return request.getfixturevalue(request.param)
