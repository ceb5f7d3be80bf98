"""Every model's examples, on every engine: tables in, exactly these hits out."""

import duckdb
import pytest

from jingyi.core.screening import book
from jingyi.core.screening import compile as compiled
from jingyi.core.screening.compile import bound
from jingyi.core.screening.subset import placeholders
from jingyi.engines.screening import duck, plain
from jingyi.engines.screening.base import settled, table_of
from jingyi.engines.screening.links import with_links

EXAMPLES = [(slug, example.id) for slug in book.slugs() for example in book.model(slug).examples]


def example_of(slug, name):
    model = book.model(slug)
    example = next(one for one in model.examples if one.id == name)
    sources = {one.name: table_of(one, example.tables[one.name]) for one in model.sources}
    sources = with_links(model, sources)
    return model, example, sources, bound(model) | dict(example.parameters)


def expected(model, example):
    """Return the hits as the example has them, in the order that engines keep."""
    return sorted(
        tuple(tuple(v) if isinstance(v, list | tuple) else v for v in hit.values())
        for hit in example.hits
    )


def rows_of(hits):
    return sorted(
        tuple(tuple(v) if isinstance(v, list) else v for v in row.values())
        for row in hits.to_pylist()
    )


def in_process(model, sources, values):
    """Run the same text in DuckDB without its child, which takes half a second to start."""
    connection = duckdb.connect()
    for name, table in sources.items():
        connection.register(name, table)
    query = compiled.prepared(model)
    used = {k: v for k, v in values.items() if k in placeholders(query)}
    hits = connection.sql(compiled.sql(query, "duckdb"), params=used).to_arrow_table()
    connection.close()
    return settled(model, hits)


@pytest.mark.parametrize(("slug", "name"), EXAMPLES)
def test_plain_python_finds_what_the_example_says(slug, name):
    model, example, sources, values = example_of(slug, name)
    assert rows_of(plain.run(model, sources, values).hits) == expected(model, example)


@pytest.mark.parametrize(("slug", "name"), EXAMPLES)
def test_duckdb_finds_the_same(slug, name):
    model, _, sources, values = example_of(slug, name)
    assert in_process(model, sources, values).equals(plain.run(model, sources, values).hits)


@pytest.mark.parametrize(
    ("slug", "name"),
    [pytest.param(*one, marks=pytest.mark.slow) for one in EXAMPLES[3:]] + EXAMPLES[:3],
)
def test_the_locked_child_finds_the_same_and_counts_the_same_rows(slug, name):
    model, _, sources, values = example_of(slug, name)
    slow, quick = plain.run(model, sources, values), duck.run(model, sources, values, counted=True)
    assert quick.hits.equals(slow.hits)
    assert quick.counts == slow.counts
    assert duck.run(model, sources, values).hits.equals(slow.hits)


@pytest.mark.spark
@pytest.mark.slow
def test_spark_finds_the_same():
    from jingyi.engines.screening import spark
    from jingyi.engines.spark_session import session

    with session("local[2]") as opened:
        for slug, name in EXAMPLES:
            model, _, sources, values = example_of(slug, name)
            slow = plain.run(model, sources, values)
            found = spark.run_in(opened, model, sources, values, counted=True)
            assert found.hits.equals(slow.hits), (slug, name)
            assert found.counts == slow.counts, (slug, name)
