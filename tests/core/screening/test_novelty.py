"""The same rule in other words is found; a true variant passes."""

from dataclasses import replace

import pytest

from jingyi.core.screening import book, subset
from jingyi.core.screening.canonical import canonical
from jingyi.core.screening.novelty import compare, fingerprint, overlap

SLUGS = book.slugs()


def rewritten(model, text, slug="other-words"):
    query = subset.parse(text)
    subset.check(query, {one.name: [c.name for c in one.columns] for one in model.tables})
    return replace(model, id=slug, text=text, query=query)


PENSION = {
    "other names": """
      WITH a AS (SELECT x.id_number AS who, x.row AS death_row, y.row AS pay_row, y.amount AS money
                 FROM death AS x JOIN pay AS y ON y.id_number = x.id_number
                 WHERE y.month > last_day(x.died_on) AND y.amount > 0),
           b AS (SELECT a.who, sum(a.money) AS m, array_agg(a.pay_row) AS pay_row FROM a
                 GROUP BY a.who, a.death_row) SELECT b.who FROM b WHERE b.m >= $least""",
    "conditions turned round": """
      WITH late AS (SELECT d.id_number, d.person_name, d.died_on, d.row AS death_row, p.month, p.amount
                    FROM pay AS p JOIN death AS d ON d.id_number = p.id_number
                    WHERE 0 < p.amount AND NOT (p.month <= last_day(d.died_on))),
           s AS (SELECT l.id_number, l.person_name, l.died_on, l.death_row, sum(l.amount) AS total FROM late AS l
                 GROUP BY l.death_row, l.died_on, l.person_name, l.id_number)
      SELECT s.id_number FROM s WHERE NOT ($least > s.total)""",
    "one step less": """
      WITH s AS (SELECT d.id_number, sum(p.amount) AS total
                 FROM death AS d JOIN pay AS p ON p.id_number = d.id_number
                 WHERE p.amount > 0 AND p.month > last_day(d.died_on)
                 GROUP BY d.id_number, d.person_name, d.died_on, d.row)
      SELECT s.id_number FROM s WHERE s.total >= $least""",
    "having": """
      SELECT d.id_number FROM death AS d JOIN pay AS p ON p.id_number = d.id_number
      WHERE p.amount > 0 AND p.month > last_day(d.died_on)
      GROUP BY d.id_number, d.person_name, d.died_on, d.row HAVING sum(p.amount) >= $least""",
    "one step more": """
      WITH paid AS (SELECT p.id_number, p.month, p.amount FROM pay AS p WHERE p.amount > 0),
           late AS (SELECT d.id_number, d.person_name, d.died_on, d.row AS death_row, p.amount
                    FROM death AS d JOIN paid AS p ON d.id_number = p.id_number
                    WHERE last_day(d.died_on) < p.month),
           s AS (SELECT l.id_number, sum(l.amount) AS total FROM late AS l
                 GROUP BY l.id_number, l.person_name, l.died_on, l.death_row)
      SELECT s.id_number FROM s WHERE s.total >= $least""",
}
VARIANTS = {
    "from the day of death": ("last_day(d.died_on)", "d.died_on"),
    "negative payments too": (" AND p.amount > 0", ""),
    "a count instead of a sum": ("WHERE o.total >= $least", "WHERE o.payments >= $least"),
    "strictly more": ("o.total >= $least", "o.total > $least"),
    "before the death": ("p.month > last_day", "p.month < last_day"),
    "a month of grace": ("last_day(d.died_on)", "last_day(d.died_on) + INTERVAL 1 MONTH"),
}


@pytest.mark.parametrize("name", [one for one in PENSION if one != "other names"])
def test_a_planted_rewrite_has_the_same_form(name):
    model = book.model("pension-of-the-dead")
    other = rewritten(model, PENSION[name])
    assert canonical(other) == canonical(model)
    assert compare(other, book.models().values())[0].verdict == "same"


@pytest.mark.parametrize("name", VARIANTS)
def test_a_true_variant_passes(name):
    model = book.model("pension-of-the-dead")
    old, new = VARIANTS[name]
    assert old in model.text
    other = rewritten(model, model.text.replace(old, new))
    assert {one.verdict for one in compare(other, book.models().values())} == {"new"}


def test_no_two_models_of_the_rulebook_are_one_rule():
    assert len({fingerprint(book.model(slug)) for slug in SLUGS}) == len(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_names_of_steps_and_aliases_and_the_order_of_joins_do_not_matter(slug):
    from sqlglot import exp

    model = book.model(slug)
    query = model.query.copy()
    names = {cte.alias: f"zz_{n}" for n, cte in enumerate(query.ctes)}
    for node in query.find_all(exp.Table):
        node.set("this", exp.to_identifier(names.get(node.name, node.name)))
    for cte in query.ctes:
        cte.set("alias", exp.TableAlias(this=exp.to_identifier(names[cte.alias])))
    for node in query.find_all(exp.And):
        left, right = node.this, node.expression
        node.set("this", right)
        node.set("expression", left)
    other = rewritten(model, query.sql(dialect="duckdb"))
    assert fingerprint(other) == fingerprint(model)


def test_where_the_form_differs_the_hits_tell():
    model = book.model("pension-of-the-dead")
    other = rewritten(model, PENSION["other names"])
    assert fingerprint(other) != fingerprint(model)
    assert compare(other, [model], {model.id: 0.97})[0].verdict == "same"
    assert compare(other, [model], {model.id: 0.7})[0].verdict == "near"
    assert compare(other, [model], {model.id: 0.1})[0].verdict == "new"


def test_overlap_counts_keys_in_common():
    assert overlap([("a",), ("b",)], [("b",), ("c",)]) == pytest.approx(1 / 3)
    assert overlap([], []) is None
