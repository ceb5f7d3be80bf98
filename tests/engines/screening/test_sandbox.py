"""What a model's SQL might try, and does not get: first at the gate, then at the engine behind it."""

import json

import pytest

from jingyi.core.refusal import Refusal
from jingyi.core.screening import subset
from jingyi.engines.screening import child, duck
from jingyi.engines.screening.base import Limits

TABLES = {"pay": ["id", "amount"]}
ESCAPES = {
    "reads a file by name": "SELECT id FROM '/etc/passwd'",
    "reads a file as csv": "SELECT id FROM read_csv('/etc/passwd')",
    "reads text": "SELECT content AS id FROM read_text('/etc/passwd')",
    "reads bytes": "SELECT content AS id FROM read_blob('/etc/shadow')",
    "reads parquet": "SELECT id FROM read_parquet('*.parquet')",
    "lists a folder": "SELECT file AS id FROM glob('/*')",
    "sniffs a file": "SELECT Prompt AS id FROM sniff_csv('/etc/passwd')",
    "reads the network": "SELECT id FROM 'https://127.0.0.1/x.parquet'",
    "reads a bucket": "SELECT id FROM read_parquet('s3://x/y.parquet')",
    "hides SQL in a text": "SELECT id FROM query('SELECT 1 AS id')",
    "hides a table in a text": "SELECT id FROM query_table('pay')",
    "asks for settings": "SELECT name AS id FROM duckdb_settings()",
    "asks for databases": "SELECT path AS id FROM duckdb_databases()",
    "asks for secrets": "SELECT name AS id FROM duckdb_secrets()",
    "asks for views": "SELECT sql AS id FROM duckdb_views()",
    "asks for a setting": "SELECT current_setting('temp_directory') AS id FROM pay",
    "asks for a pragma": "SELECT name AS id FROM pragma_database_list()",
    "asks for the catalogue": "SELECT table_name AS id FROM information_schema.tables",
    "asks for the master table": "SELECT name AS id FROM sqlite_master",
    "asks for the environment": "SELECT getenv('HOME') AS id FROM pay",
    "asks for a variable": "SELECT getvariable('x') AS id FROM pay",
    "asks for the time": "SELECT now() AS id FROM pay",
    "asks for chance": "SELECT random() AS id FROM pay",
    "another office's table": "SELECT id FROM other_pay",
    "another database": "SELECT id FROM other.main.pay",
    "writes a file": "COPY pay TO '/tmp/x.csv'",
    "exports": "EXPORT DATABASE '/tmp/x'",
    "imports": "IMPORT DATABASE '/tmp/x'",
    "attaches": "ATTACH '/tmp/x.db'",
    "attaches memory": "ATTACH ':memory:' AS m",
    "detaches": "DETACH memory",
    "installs": "INSTALL httpfs",
    "loads": "LOAD httpfs",
    "sets": "SET memory_limit = '100GB'",
    "resets": "RESET memory_limit",
    "unlocks": "SET lock_configuration = false",
    "opens the doors": "SET enable_external_access = true",
    "pragma": "PRAGMA database_list",
    "creates": "CREATE TABLE x AS SELECT id FROM pay",
    "creates a macro": "CREATE MACRO f() AS 1",
    "creates a secret": "CREATE SECRET s (TYPE s3)",
    "inserts": "INSERT INTO pay VALUES (1)",
    "updates": "UPDATE pay SET id = 1",
    "deletes": "DELETE FROM pay",
    "drops": "DROP VIEW pay",
    "alters": "ALTER TABLE pay ADD COLUMN x INT",
    "truncates": "TRUNCATE pay",
    "calls": "CALL pragma_version()",
    "explains": "EXPLAIN ANALYZE SELECT id FROM pay",
    "describes": "DESCRIBE pay",
    "shows": "SHOW TABLES",
    "checkpoints": "CHECKPOINT",
    "prepares": "PREPARE p AS SELECT id FROM pay",
    "two statements": "SELECT id FROM pay; DROP VIEW pay",
    "a statement in a comment's shadow": "SELECT id FROM pay /* */; SELECT id FROM pay",
    "fills the memory by a text": "SELECT repeat('x', 2000000000) AS id FROM pay",
    "fills the memory by padding": "SELECT lpad('x', 2000000000, 'y') AS id FROM pay",
    "fills the memory by a range": "SELECT range(1000000000) AS id FROM pay",
    "never ends": "WITH RECURSIVE r AS (SELECT id FROM pay UNION ALL SELECT id FROM r) SELECT id FROM r",
    "crosses everything": "SELECT a.id FROM pay a, pay b",
    "crosses everything by name": "SELECT a.id FROM pay a CROSS JOIN pay b",
    "a table function in a join": "SELECT p.id FROM pay p JOIN read_text('/etc/passwd') t ON 1 = 1",
    "a subquery in a column": "SELECT (SELECT content FROM read_text('/x')) AS id FROM pay",
    "a subquery in EXISTS": "SELECT id FROM pay WHERE EXISTS (SELECT content FROM read_text('/x'))",
    "pivots": "PIVOT pay ON id USING sum(amount)",
    "unnests": "SELECT unnest([1, 2]) AS id FROM pay",
    "a lambda": "SELECT list_transform([1], x -> x) AS id FROM pay",
    "a quoted name": 'SELECT "id; DROP" FROM pay',
    "a star": "SELECT * FROM pay",
    "columns by pattern": "SELECT COLUMNS('.*') FROM pay",
    "a whole row": "SELECT pay AS id FROM pay",
    "the row's address": "SELECT rowid AS id FROM pay",
    "a regular expression": "SELECT regexp_replace(id, '(a+)+$', '') AS id FROM pay",
    "a cast to a type of one's own": "SELECT CAST(id AS STRUCT(a INT)) AS id FROM pay",
    "a name on a CTE's columns": "WITH a(x) AS (SELECT id FROM pay) SELECT x AS id FROM a",
    "a CTE that hides a source": "WITH pay AS (SELECT id FROM pay) SELECT id FROM pay",
    "a deep nest": "SELECT " + "(" * 6000 + "id" + ")" * 6000 + " AS id FROM pay",
    "a long text": "SELECT id FROM pay WHERE id = '" + "x" * 30000 + "'",
    "nothing": "",
    "only a comment": "-- SELECT id FROM pay",
    "no table": "SELECT 1 AS id",
    "no language at all": "\x00\ufeff;;",
}  # fmt: skip


@pytest.mark.parametrize("name", ESCAPES)
def test_the_gate_refuses_it_with_a_sentence(name):
    with pytest.raises(Refusal) as refused:
        subset.check(subset.parse(ESCAPES[name]), TABLES)
    assert len(str(refused.value)) > 8


BEHIND = {
    "reads a file": "SELECT content FROM read_text('/etc/passwd')",
    "lists a folder": "SELECT * FROM glob('/etc/*')",
    "reads a file by name": "SELECT * FROM '/etc/passwd'",
    "reads what is beside it": "SELECT * FROM read_text('{folder}/job.json')",
    "writes a file": "COPY (SELECT 1) TO '{folder}/x.csv'",
    "attaches a file": "ATTACH '{folder}/x.db'",
    "loads an extension": "LOAD httpfs",
    "opens the doors": "SET enable_external_access = true",
    "widens the doors": "SET allowed_directories = ['/']",
    "takes more memory": "SET memory_limit = '100GB'",
    "unlocks": "SET lock_configuration = false",
    "finds a variable of Python": "SELECT * FROM job",
}


@pytest.mark.parametrize("name", BEHIND)
def test_behind_the_gate_the_engine_refuses_too(name, tmp_path):
    import duckdb

    (tmp_path / "job.json").write_text("secret", "utf-8")
    job = {"threads": 1, "memory": 2**28, "spill": 2**28, "sources": {}}
    with child.locked(duckdb, tmp_path, job) as connection, pytest.raises(duckdb.Error):
        connection.execute(BEHIND[name].format(folder=tmp_path)).fetchall()
    assert not (tmp_path / "x.csv").exists()
    assert not (tmp_path / "x.db").exists()


def started(tmp_path, sql, limits):
    """Run SQL in the child as if the gate were not there."""
    job = {
        "sources": {}, "sql": sql, "uses": [], "steps": [], "values": {},
        "memory": limits.memory, "spill": limits.spill, "seconds": limits.seconds, "threads": 1,
    }  # fmt: skip
    (tmp_path / "job.json").write_text(json.dumps(job), "utf-8")
    duck._start(tmp_path, limits, None)


def test_a_query_that_passes_duckdbs_own_limit_is_stopped(tmp_path):
    with pytest.raises(Refusal, match="内存"):
        started(tmp_path, "SELECT repeat('x', 4000000000) AS a", Limits(memory=2**28))


def test_a_query_that_does_not_end_is_stopped(tmp_path):
    endless = "SELECT count(*) AS n FROM range(100000000) a, range(100000000) b"
    with pytest.raises(Refusal, match="超过 2 秒"):
        started(tmp_path, endless, Limits(seconds=2))


def test_more_disk_than_allowed_is_refused(tmp_path):
    sort = "SELECT md5(range::TEXT) AS a FROM range(20000000) ORDER BY a"
    with pytest.raises(Refusal, match="内存或临时空间"):
        started(tmp_path, sort, Limits(memory=2**27, spill=2**24))
