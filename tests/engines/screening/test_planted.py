"""Truth planted in larger tables is found, all of it and nothing else; and what a hit cites, it needs."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.core.screening import book
from jingyi.core.screening.compile import bound
from jingyi.core.screening.planting import plant
from jingyi.engines.screening import duck, plain
from jingyi.engines.screening.base import schema_of
from jingyi.engines.screening.links import with_links
from tests.engines.screening.test_examples import EXAMPLES, example_of, in_process, rows_of

SLUGS = book.slugs()
# New names would break what makes two names alike: links have truth of their own in test_links.
PLANTED = [slug for slug in SLUGS if not book.model(slug).links]


def tables_of(model, planted):
    return {
        one.name: pa.Table.from_pylist(planted[one.name], schema=schema_of(one))
        for one in model.sources
    }


@pytest.mark.parametrize("slug", PLANTED)
def test_what_was_planted_is_found_and_nothing_else(slug):
    model = book.model(slug)
    planted, hits = plant(model, 40, seed=7)
    assert hits, "nothing was planted"
    found = plain.run(model, tables_of(model, planted), bound(model))
    truth = {str([tuple(v) if isinstance(v, list) else v for v in hit.values()]) for hit in hits}
    assert {str(list(row)) for row in rows_of(found.hits)} == truth
    assert found.hits.num_rows == len(hits)


@pytest.mark.slow
@pytest.mark.parametrize("slug", PLANTED)
def test_duckdb_finds_what_was_planted_in_thousands_of_cases(slug):
    model = book.model(slug)
    planted, hits = plant(model, 5000, seed=11)
    found = duck.run(model, tables_of(model, planted), bound(model))
    assert found.hits.num_rows == len(hits)
    key = [one.name for one in model.cites]
    cited = {str([row[name] for name in key]) for row in found.hits.select(key).to_pylist()}
    assert cited == {str([hit[name] for name in key]) for hit in hits}


def test_identifiers_planted_are_valid_and_never_shared():
    from stdnum.cn import ric, uscc

    planted, _ = plant(book.model("pension-of-the-dead"), 300, seed=3)
    numbers = [row["id_number"] for row in planted["death"]]
    assert len(set(numbers)) == len(numbers)
    assert all(ric.calc_check_digit(one[:-1]) == one[-1] for one in numbers)
    planted, _ = plant(book.model("enterprise-check"), 300, seed=3)
    codes = [row["credit_code"] for row in planted["enterprise"]]
    assert len(set(codes)) == len(codes)
    assert all(uscc.is_valid(one) for one in codes)


@pytest.mark.parametrize(("slug", "name"), EXAMPLES)
def test_deleting_a_cited_row_makes_the_hit_disappear(slug, name):
    model, _, sources, values = example_of(slug, name)
    for hit in plain.run(model, sources, values).hits.to_pylist():
        for cite in model.cites:
            for row in hit[cite.name]:
                less = sources | {cite.source: without(sources[cite.source], row)}
                left = plain.run(model, less, values).hits.to_pylist()
                assert hit not in left
                if cite.weight == "decisive":
                    key = [hit[k] for k in model.key]
                    assert key not in [[one[k] for k in model.key] for one in left]


def without(table, row):
    return table.filter(pc.not_equal(table["row"], row))


CELLS = {
    "text": st.sampled_from(
        ["是", "否", "准予", "合格", "在用", "新增建筑", "存续", "有期徒刑", "食品", "冷食", None]
    ),
    "date": st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31)) | st.none(),
    "integer": st.integers(2024, 2026) | st.none(),
    "number": st.decimals(-100, 2000, places=2) | st.none(),
}
KEYS = {kind: st.sampled_from(["A", "B", "C"]) for kind in ("person-id", "credit-code", "code")}


@st.composite
def small_tables(draw, model):
    """Return tables of up to six rows with few keys, so that they do meet; contract keys hold."""
    found = {}
    for source in model.sources:
        cells = {c.name: KEYS.get(c.kind, CELLS[c.stored]) for c in source.columns}
        rows = draw(st.lists(st.fixed_dictionaries(cells), max_size=6))
        if source.key:
            rows = list({tuple(row[k] for k in source.key): row for row in rows}.values())
            rows = [row for row in rows if all(row[k] is not None for k in source.key)]
        numbered = [{"row": n, **row} for n, row in enumerate(rows, 1)]
        found[source.name] = pa.Table.from_pylist(numbered, schema=schema_of(source))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_duckdb_agrees_with_plain_python_on_any_small_tables(slug, data):
    model = book.model(slug)
    sources = with_links(model, data.draw(small_tables(model)))
    values = bound(model)
    assert in_process(model, sources, values).equals(plain.run(model, sources, values).hits)
