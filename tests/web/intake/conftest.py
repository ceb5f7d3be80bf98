"""Each test begins with an hour in which nothing was sent."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _new_hour():
    cache.clear()
