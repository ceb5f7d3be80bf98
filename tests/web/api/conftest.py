"""Keys, and no guess counted from one test to the next."""

import pytest
from django.core.cache import cache

from jingyi.web.api import tokens
from tests.factories import AT


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
    yield
    cache.clear()


def key(person, *scopes):
    made, _token = tokens.make(person=person, name="k", scopes=scopes, at=AT)
    return {"Authorization": f"Bearer {made}"}
