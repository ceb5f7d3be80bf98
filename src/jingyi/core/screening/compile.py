"""The query of a model in the dialect of an engine: types made alike, parameters left to be bound."""

from decimal import Decimal

from sqlglot import exp

from jingyi.core.refusal import Refusal
from jingyi.core.screening.model import STORED, Model, Output, Value
from jingyi.core.screening.reader import cell

SQL_TYPES = {"text": "TEXT", "date": "DATE", "integer": "BIGINT", "number": "DECIMAL(18, 4)"}


def bound(model: Model, said: dict[str, str] | None = None) -> dict[str, Value]:
    """Return every parameter's value: as said (in words), else as it stands in the model.

    Raises:
        Refusal: there is no such parameter, the words are no value of it, or it is out of bounds.
    """
    said = dict(said or {})
    values: dict[str, Value] = {}
    for one in model.parameters:
        words = said.pop(one.id, None)
        try:
            value = one.default if words is None else cell(words.strip(), one.kind)
        except ValueError:
            value = None
        if value is None:
            raise Refusal(
                "参数 {id}（{title}）的值“{words}”读不懂。例如：{default}。",
                id=one.id, title=one.title, words=str(words)[:40], default=shown(one.default),
            )  # fmt: skip
        low, high = one.low, one.high
        if (low is not None and value < low) or (high is not None and value > high):  # type: ignore[operator]
            raise Refusal(
                "参数 {id}（{title}）须在 {low} 与 {high} 之间，收到的是 {value}。",
                id=one.id, title=one.title, low=shown(low), high=shown(high), value=shown(value),
            )  # fmt: skip
        values[one.id] = value
    if said:
        raise Refusal(
            "模型 {model} 没有参数“{id}”。可设的参数：{names}。",
            model=model.id, id=next(iter(said)), names="、".join(values) or "无",
        )  # fmt: skip
    return values


def shown(value: Value) -> str:
    """Return a value as people write it."""
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return "—" if value is None else str(value)


def prepared(model: Model) -> exp.Query:
    """Return the query with dates kept dates, parameters typed, and each output in its type."""
    kinds = {one.id: one.kind for one in model.parameters}
    query = model.query.copy()
    for node in list(query.walk()):
        match node:
            case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
                _wrap(node, "DATE")  # a day plus a month is a day, on every engine
            case exp.LastDay():
                _wrap(node, "DATE")
            case exp.Placeholder():
                _wrap(node, SQL_TYPES[STORED[kinds[str(node.this)]]])
            case exp.Sum() if not isinstance(node.parent, exp.Cast):
                _wrap(node, SQL_TYPES["number"])
    columns = [
        _output(part, one) for part, one in zip(query.expressions, model.outputs, strict=True)
    ]
    query.set("expressions", columns)
    return query


def _wrap(node: exp.Expr, kind: str) -> None:
    """Put a cast around a node, which itself stays, with all that is in it."""
    wrapper = exp.Cast(this=exp.Null(), to=exp.DataType.build(kind, dialect="duckdb"))
    node.replace(wrapper)
    wrapper.set("this", node)


def _output(part: exp.Expr, output: Output) -> exp.Expr:
    value = part.this if isinstance(part, exp.Alias) else part
    if output.stored == "rows":
        return exp.alias_(value.copy(), output.name)
    return exp.alias_(
        exp.cast(value.copy(), SQL_TYPES[output.stored], dialect="duckdb"), output.name
    )


def sql(query: exp.Expr, dialect: str) -> str:
    """Return the text for DuckDB (`$name`) or Spark (`:name`)."""
    return query.sql(dialect=dialect, pretty=True, comments=False)


def upto(query: exp.Query, step: str) -> exp.Query:
    """Return the query that counts the rows of one CTE."""
    found = exp.select("count(*) AS n").from_(step)
    for cte in query.ctes:
        found = found.with_(cte.alias, as_=cte.this.copy())
        if cte.alias == step:
            break
    return found
