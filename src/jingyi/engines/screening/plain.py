"""The permitted subset in plain Python: nested loops, three-valued logic, exact numbers. Slow and obvious.

It shares nothing with the other engines but the parsed text, and is what they are held against.
"""

import calendar
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from jingyi.core.screening.model import Model, Value
from jingyi.engines.screening.base import ARROW, Run, hits_schema, settled
from jingyi.engines.screening.links import Sources, with_links

Row = dict[str, Any]
Scope = dict[str, Row]  # alias → row
Tables = dict[str, list[Row]]
PLACES = Decimal("0.0001")


def run(model: Model, sources: Sources, values: Mapping[str, Value]) -> Run:
    """Return what the engines must return."""
    began = time.perf_counter()
    tables = _rows(model, sources)
    plain = Plain(values)
    counts = {}
    for cte in model.query.ctes:
        tables[cte.alias] = plain.query(cte.this, tables, {})
        counts[cte.alias] = len(tables[cte.alias])
    rows = plain.query(model.query, tables, {})
    hits = [{one.name: _as(row[one.name], one.stored) for one in model.outputs} for row in rows]
    schema = hits_schema(model)
    table = pa.table(
        {f.name: pa.array([hit[f.name] for hit in hits], f.type) for f in schema}, schema
    )
    return Run(settled(model, table), counts, time.perf_counter() - began)


def _rows(model: Model, sources: Sources) -> Tables:
    every = with_links(model, sources)
    return {one.name: _whole(every[one.name]).to_pylist() for one in model.tables}


def _whole(source: Path | pa.Table) -> pa.Table:
    return source if isinstance(source, pa.Table) else pq.read_table(source)


def _as(value: Any, stored: str) -> Any:
    if stored == "rows":
        return value if isinstance(value, list) else [] if value is None else [value]
    if value is None:
        return None
    if stored == "number":
        return Decimal(value).quantize(PLACES)
    return str(value) if ARROW[stored] == pa.string() else value


class Plain:
    """Evaluates queries and expressions; `group` is the rows an aggregate goes over."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def query(self, query: exp.Expr, tables: Tables, outer: Scope) -> list[Row]:
        if isinstance(query, exp.Union):
            left, right = (
                self.query(side, tables, outer) for side in (query.this, query.expression)
            )
            names = [one.alias_or_name for one in _first(query).expressions]
            return left + [dict(zip(names, row.values(), strict=True)) for row in right]
        scopes = self.joined(query, tables, outer)
        if query.args.get("where"):
            condition = query.args["where"].this
            scopes = [one for one in scopes if self.value(condition, one, None, tables) is True]
        rows = []
        for group in self.groups(query, scopes, tables):
            first = group[0] if group else dict(outer)
            having = query.args.get("having")
            if having and self.value(having.this, first, group, tables) is not True:
                continue
            rows.append(
                {
                    part.alias_or_name: self.value(
                        part.this if isinstance(part, exp.Alias) else part, first, group, tables
                    )
                    for part in query.expressions
                }
            )
        if query.args.get("distinct"):
            rows = list({tuple(row.items()): row for row in rows}.values())
        return rows

    def joined(self, query: exp.Expr, tables: Tables, outer: Scope) -> list[Scope]:
        start = query.args["from_"].this
        scopes: list[Scope] = [{**outer, start.alias_or_name: row} for row in tables[start.name]]
        for join in query.args.get("joins") or ():
            alias, found = join.this.alias_or_name, []
            rows = tables[join.this.name]
            for scope in scopes:
                wide = [{**scope, alias: row} for row in rows]
                kept = [s for s in wide if self.value(join.args["on"], s, None, tables) is True]
                found += kept
                if not kept and join.side == "LEFT":
                    found.append({**scope, alias: {}})  # every column of it is null
            scopes = found
        return scopes

    def groups(self, query: exp.Expr, scopes: list[Scope], tables: Tables) -> list[list[Scope]]:
        grouped = query.args.get("group")
        parts = [*query.expressions, *([query.args["having"]] if query.args.get("having") else [])]
        if not grouped:
            aggregated = any(
                node
                for part in parts
                for node in part.find_all(exp.Count, exp.Sum, exp.Min, exp.Max, exp.ArrayAgg)
            )
            return [scopes] if aggregated else [[scope] for scope in scopes]
        found: dict[tuple[Any, ...], list[Scope]] = {}
        for scope in scopes:
            key = tuple(self.value(one, scope, None, tables) for one in grouped.expressions)
            found.setdefault(key, []).append(scope)
        return list(found.values())

    def value(  # noqa: C901, PLR0911, PLR0912  one line for each kind
        self, node: exp.Expr, scope: Scope, group: list[Scope] | None, tables: Tables
    ) -> Any:
        def of(child: exp.Expr) -> Any:
            return self.value(child, scope, group, tables)

        match node:
            case exp.Column():
                return (scope[node.table] if node.table else next(iter(scope.values()))).get(
                    node.name
                )
            case exp.Literal():
                return node.this if node.is_string else _number(node.this)
            case exp.Null():
                return None
            case exp.Boolean():
                return bool(node.this)
            case exp.Placeholder():
                return self.values[str(node.this)]
            case exp.Paren():
                return of(node.this)
            case exp.And():
                return _and(of(node.left), of(node.right))
            case exp.Or():
                return _not(_and(_not(of(node.left)), _not(of(node.right))))
            case exp.Not():
                return _not(of(node.this))
            case exp.Is():
                return of(node.this) is None
            case exp.Exists():
                return bool(self.query(node.this, tables, scope))
            case exp.Between():
                value = of(node.this)
                return _and(
                    _strict(lambda a, b: a >= b, value, of(node.args["low"])),
                    _strict(lambda a, b: a <= b, value, of(node.args["high"])),
                )
            case exp.In():
                return _in(of(node.this), [of(one) for one in node.expressions])
            case exp.Case():
                for branch in node.args["ifs"]:
                    if of(branch.this) is True:
                        return of(branch.args["true"])
                default = node.args.get("default")
                return None if default is None else of(default)
            case exp.Coalesce():
                every = (of(one) for one in (node.this, *node.expressions))
                return next((one for one in every if one is not None), None)
            case exp.Cast():
                return _cast(of(node.this), node.to.sql(dialect="duckdb").upper())
            case exp.Count() | exp.Sum() | exp.Min() | exp.Max() | exp.ArrayAgg():
                return self.aggregate(node, scope if group is None else None, group or [], tables)
            case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
                return _shift(
                    of(node.this), node.expression, 1 if isinstance(node, exp.Add) else -1
                )
            case exp.Greatest() | exp.Least():
                found = [v for one in (node.this, *node.expressions) if (v := of(one)) is not None]
                pick = max if isinstance(node, exp.Greatest) else min
                return pick(found) if found else None
        return _strict(OPERATIONS[type(node)], *(of(one) for one in _operands(node)))

    def aggregate(
        self, node: exp.Expr, alone: Scope | None, group: list[Scope], tables: Tables
    ) -> Any:
        rows = group if alone is None else [alone]
        inner = node.this
        if isinstance(node, exp.Count) and isinstance(inner, exp.Star):
            return len(rows)
        distinct = isinstance(inner, exp.Distinct)
        part = inner.expressions[0] if distinct else inner
        found = [v for one in rows if (v := self.value(part, one, None, tables)) is not None]
        if distinct:
            found = list(dict.fromkeys(found))
        match node:
            case exp.Count():
                return len(found)
            case exp.ArrayAgg():
                return found
            case exp.Sum():
                return sum(found[1:], found[0]) if found else None
            case exp.Min():
                return min(found, default=None)
        return max(found, default=None)


def _first(query: exp.Expr) -> exp.Expr:
    while isinstance(query, exp.Union):
        query = query.this
    return query


def _operands(node: exp.Expr) -> list[exp.Expr]:
    keys: dict[type[exp.Expr], tuple[str, ...]] = {
        exp.Substring: ("this", "start", "length"),
        exp.Replace: ("this", "expression", "replacement"),
    }
    names = keys.get(type(node), ("this", "expression"))
    return [node.args[key] for key in names if isinstance(node.args.get(key), exp.Expr)]


def _strict(operation: Callable[..., Any], *values: Any) -> Any:
    """Apply an operation that is null where any operand is; a text beside a date is a date."""
    if any(value is None for value in values):
        return None
    if any(isinstance(value, date) for value in values):
        values = tuple(date.fromisoformat(v) if isinstance(v, str) else v for v in values)
    return operation(*values)


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _in(value: Any, listed: Iterable[Any]) -> bool | None:
    answers = [_strict(lambda a, b: a == b, value, one) for one in listed]
    return True if True in answers else None if None in answers else False


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)


def _cast(value: Any, kind: str) -> Any:
    if value is None:
        return None
    match kind:
        case "DATE":
            return value if isinstance(value, date) else date.fromisoformat(value)
        case "BIGINT":
            return int(value)
        case "TEXT":
            return str(value)
    return Decimal(value).quantize(PLACES)


def _shift(day: date | None, interval: exp.Interval, sign: int) -> date | None:
    if day is None:
        return None
    count, unit = sign * int(interval.this.name), str(interval.unit).upper()
    if unit == "DAY":
        return day + timedelta(days=count)
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "YEAR" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _like(text: str, pattern: str) -> bool:
    first, *rest = pattern.split("%")
    if not rest:
        return text == pattern
    if not text.startswith(first) or len(text) < len(first):
        return False
    at = len(first)
    for piece in rest[:-1]:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return text[at:].endswith(rest[-1])


def _substring(text: str, start: int, length: int | None = None) -> str:
    """Count from 1; only that: the subset's models take a piece from within."""
    return text[start - 1 :][:length]


OPERATIONS: dict[type[exp.Expr], Callable[..., Any]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Neg: lambda a: -a,
    exp.Abs: abs,
    exp.DPipe: lambda a, b: str(a) + str(b),
    exp.Like: _like,
    exp.Contains: lambda a, b: b in a,
    exp.StartsWith: lambda a, b: a.startswith(b),
    exp.Length: len,
    exp.Trim: lambda a: a.strip(" "),
    exp.Replace: lambda a, b, c="": a.replace(b, c),
    exp.Substring: _substring,
    exp.DateDiff: lambda a, b: (a - b).days,
    exp.LastDay: lambda a: a.replace(day=calendar.monthrange(a.year, a.month)[1]),
    exp.Year: lambda a: a.year,
}
