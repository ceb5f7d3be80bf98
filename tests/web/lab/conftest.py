"""A case, two samplers, an analyst and a verifier."""

import pytest

from tests import factories
from tests.web.cases.conftest import as_alice, case, east_chief, served_case, stranger  # noqa: F401
from tests.web.lab import bench


@pytest.fixture
def second(city):
    """The other person at every sampling."""
    return factories.person("second", role="assistant", office=city.office)


@pytest.fixture
def analyst(city):
    return factories.person("analyst", role="technician", office=city.office)


@pytest.fixture
def verifier(city):
    return factories.person("verifier", role="technician", office=city.office)


@pytest.fixture
def method(city, analyst):
    return bench.method(city.office, analyst)


@pytest.fixture
def device(city, analyst):
    return bench.device(city.office, analyst)


@pytest.fixture
def wanted(case, alice):  # noqa: F811 -- a fixture
    """A request for ammonia nitrogen, class III."""
    return bench.request(case, alice)


@pytest.fixture
def point(wanted, alice):
    return bench.point(wanted, alice)


@pytest.fixture
def taken(point, alice, second):
    """A sample, its duplicate, a field blank."""
    return bench.samples(point, alice, second)
