"""The table of the search: FTS5 on SQLite, a text-search vector on PostgreSQL."""

from django.db import migrations

TABLE = "leads_incident_words"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5("
            "words, content='', contentless_delete=1, detail=none, tokenize='unicode61')"
        )
    else:
        schema_editor.execute(
            f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, words tsvector NOT NULL)"
        )
        schema_editor.execute(f"CREATE INDEX {TABLE}_gin ON {TABLE} USING gin (words)")


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
