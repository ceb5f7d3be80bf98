"""Fixtures every room shares: an office with people in it, and one person who is a stranger."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

# no test of time: a crowded machine is no defect
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _translations():
    from jingyi.web.ui.messages import compile_messages

    compile_messages()


@pytest.fixture(autouse=True)
def _quick_and_apart(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA = tmp_path
    settings.VAULT = tmp_path / "vault"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _language(settings):
    """Each test begins in Chinese; what one request chose does not reach the next test."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, never one that is downloaded; without a sandbox because tests may be root."""
    path = os.environ.get("JINGYI_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("Chromium is absent: the browser journeys are left out (apt install chromium)")
    quiet = ["background-networking", "component-update", "sync", "quic"]
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        + [f"--disable-{name}" for name in quiet],
    }


@pytest.fixture(scope="session")
def base_url():
    """Instead of the plugin's own, which pytest 9 warns about; journeys name their server."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def shared():
    """Real data beside the project; not part of it."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not here: this test measures on real data and is left out")
    return SHARED


@pytest.fixture
def at():
    """One moment, passed wherever an action asks when."""
    return datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(db):
    """Zhiyang's city office, two county offices below it, an office elsewhere, and organs."""
    from tests import factories

    return factories.city()


@pytest.fixture
def alice(city):
    """A prosecutor of the city office: sees its whole subtree."""
    from tests import factories

    return factories.person("alice", role="prosecutor", office=city.office)


@pytest.fixture
def bob(city):
    """A prosecutor of a county office below the city: sees only that county."""
    from tests import factories

    return factories.person("bob", role="prosecutor", office=city.east)


@pytest.fixture
def charlie(city):
    """A prosecutor of another city: a stranger here."""
    from tests import factories

    return factories.person("charlie", role="prosecutor", office=city.elsewhere)


@pytest.fixture
def chief(city):
    """The chief procurator of the city office."""
    from tests import factories

    return factories.person("chief", role="chief", office=city.office)
