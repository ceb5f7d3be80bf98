"""The permitted subset of SQL: small enough that three engines agree on every sentence of it.

One SELECT of named CTEs; inner and left joins with ON, EXISTS, UNION ALL, GROUP BY, HAVING.
No star, no division, no window, no order, no function that is not listed. What is refused
is refused with its own text. DuckDB's dialect is the one written in.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import sqlglot
from sqlglot import exp

from jingyi.core.refusal import Refusal

LONGEST = 20_000
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
CASTS = frozenset({"DECIMAL(18, 4)", "BIGINT", "DATE", "TEXT"})
UNITS = frozenset({"DAY", "MONTH", "YEAR"})

SHAPE = (
    exp.Select, exp.Union, exp.With, exp.CTE, exp.TableAlias, exp.From, exp.Join, exp.Where,
    exp.Group, exp.Having, exp.Distinct, exp.Table, exp.Identifier, exp.Alias, exp.Column,
    exp.Paren, exp.Exists, exp.Placeholder, exp.Literal, exp.Null, exp.Boolean, exp.Var,
    exp.Interval, exp.DataType, exp.DataTypeParam, exp.Star,
)  # fmt: skip
OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is,
    exp.Between, exp.In, exp.Like, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.DPipe, exp.Case, exp.If,
)  # fmt: skip
FUNCTIONS = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.ArrayAgg, exp.Coalesce, exp.Substring, exp.Length,
    exp.Replace, exp.Trim, exp.Abs, exp.Greatest, exp.Least, exp.DateDiff, exp.LastDay, exp.Year,
    exp.Cast, exp.Contains, exp.StartsWith,
)  # fmt: skip
AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.ArrayAgg)
PERMITTED = frozenset(SHAPE + OPERATORS + FUNCTIONS)


def parse(text: str) -> exp.Query:
    """Return the statement.

    Raises:
        Refusal: it cannot be read, is not exactly one query, or steps out of the subset.
    """
    if len(text) > LONGEST:
        raise Refusal("模型的 SQL 超过 {n} 字。请拆成几个模型。", n=LONGEST)
    try:
        found = sqlglot.parse(f"{text}\n", read="duckdb")  # sqlglot 30 stumbles over a final ''
    except (sqlglot.ParseError, sqlglot.TokenError, RecursionError) as error:
        raise Refusal(
            "模型的 SQL 读不懂：{error}。请按 DuckDB 的写法改正。",
            error=str(error).splitlines()[0][:200] if str(error) else "嵌套过深",
        ) from error
    if len(found) != 1 or not isinstance(found[0], exp.Select):
        raise Refusal("模型的 SQL 须恰好是一条 SELECT（前面可有 WITH），不能有其他语句。")
    query = found[0]
    for node in query.walk():
        _node(node)
    return query


def check(query: exp.Query, sources: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Resolve every name; return the columns of the result.

    `sources`: table → columns; each has the column `row` besides.
    """
    known = {name: ("row", *columns) for name, columns in sources.items()}
    for cte in query.ctes:
        if cte.alias in known:
            raise Refusal("名称“{name}”用了两次。请给每一步取不同的名称。", name=cte.alias)
        if cte.args["alias"].columns:
            raise _refused(cte)
        known[cte.alias] = _columns(cte.this, known, {})
    return _columns(query, known, {})


def placeholders(query: exp.Expr) -> frozenset[str]:
    """Return the names of the parameters that the query uses."""
    return frozenset(str(one.this) for one in query.find_all(exp.Placeholder))


def _node(node: exp.Expr) -> None:  # noqa: C901, PLR0912, PLR0915  one line for each thing that engines differ in
    if type(node) not in PERMITTED or node.args.get("hint") or node.args.get("sample"):
        raise _refused(node)
    wrong = False
    match node:
        case exp.Identifier():
            wrong = not PLAIN_NAME.match(node.name)
        case exp.Table():
            wrong = (
                bool(set(_set(node)) - {"this", "alias"}) or type(node.this) is not exp.Identifier
            )
        case exp.Select():
            allowed = {
                "expressions",
                "from_",
                "joins",
                "where",
                "group",
                "having",
                "with_",
                "distinct",
            }
            wrong = bool(set(_set(node)) - allowed) or "from_" not in _set(node)
            wrong = wrong or (bool(node.args.get("with_")) and node.parent is not None)
        case exp.With():
            wrong = bool(node.args.get("recursive"))
        case exp.CTE():
            wrong = bool(set(_set(node)) - {"this", "alias"})
        case exp.Min() | exp.Max():
            wrong = bool(set(_set(node)) - {"this"})
        case exp.Distinct():
            wrong = bool(node.args.get("on")) or not isinstance(node.parent, exp.Select | exp.Count)
            wrong = wrong or len(node.expressions) > 1
        case exp.Union():
            wrong = bool(node.args.get("distinct")) or bool(
                set(_set(node)) - {"this", "expression", "distinct"}
            )
        case exp.Join():
            wrong = bool(set(_set(node)) - {"this", "side", "kind", "on"}) or "on" not in _set(node)
            wrong = (
                wrong or node.side not in {"", "LEFT"} or node.kind not in {"", "INNER", "OUTER"}
            )
            wrong = wrong or not isinstance(node.this, exp.Table)
        case exp.Group():
            wrong = bool(set(_set(node)) - {"expressions"})
            wrong = wrong or not all(isinstance(e, exp.Column) for e in node.expressions)
        case exp.Star():
            wrong = not isinstance(node.parent, exp.Count) or bool(_set(node))
        case exp.Placeholder():
            wrong = not PLAIN_NAME.match(str(node.this or ""))
        case exp.Interval():
            wrong = str(node.unit).upper() not in UNITS or not isinstance(node.this, exp.Literal)
            wrong = (
                wrong
                or not isinstance(node.parent, exp.Add | exp.Sub)
                or not node.this.name.isdigit()
            )
        case exp.DateDiff():
            wrong = str(node.args.get("unit")).upper() != "DAY"
        case exp.LastDay():
            wrong = bool(node.args.get("unit"))
        case exp.Like():
            pattern = node.expression
            wrong = not pattern.is_string or "\\" in pattern.name or "_" in pattern.name
        case exp.Cast():
            wrong = node.to.sql(dialect="duckdb").upper() not in CASTS
        case exp.Trim():
            wrong = bool(set(_set(node)) - {"this"})
        case exp.ArrayAgg():
            wrong = not isinstance(node.this, exp.Column) or not re.search(
                r"(^|_)row\Z", node.this.name
            )
        case exp.In():
            wrong = bool(set(_set(node)) - {"this", "expressions"})
        case exp.Is():
            wrong = not isinstance(node.expression, exp.Null)
        case exp.Literal():
            wrong = not node.is_string and not re.fullmatch(r"\d{1,14}(\.\d{1,4})?", node.name)
    if wrong:
        raise _refused(node)


def _set(node: exp.Expr) -> list[str]:
    """Return the arguments that are there, rather than empty."""
    return [name for name, value in node.args.items() if value not in (None, False, [], "")]


def _refused(node: exp.Expr) -> Refusal:
    return Refusal(
        "模型的 SQL 用了不许可的写法“{text}”。可用的写法见 docs/rooms/screening.md。",
        text=node.sql(dialect="duckdb")[:120],
    )


Scope = Mapping[str, Sequence[str]]


def _columns(query: exp.Expr, known: Scope, outer: Scope) -> tuple[str, ...]:  # noqa: C901  one refusal for each slip
    """Check the names in one SELECT or UNION ALL; return what its columns are called."""
    if isinstance(query, exp.Union):
        left, right = (_columns(side, known, outer) for side in (query.this, query.expression))
        if len(left) != len(right):
            raise Refusal(
                "UNION ALL 两边的列数不同：{left} 与 {right}。", left=len(left), right=len(right)
            )
        return left
    if not isinstance(query, exp.Select):
        raise _refused(query)
    inner: dict[str, Sequence[str]] = {}
    for table in (query.args["from_"].this, *(join.this for join in query.args.get("joins") or ())):
        if not isinstance(table, exp.Table) or table.name not in known:
            raise Refusal(
                "模型的 SQL 读取了数据约定以外的表“{name}”。请在 model.toml 里写明。",
                name=(table.name or table.sql(dialect="duckdb"))[:80],
            )
        name = table.alias_or_name
        if name in inner or name in outer:
            raise Refusal("名称“{name}”用了两次。请给每一步取不同的名称。", name=name)
        inner[name] = known[table.name]
    scope = {**outer, **inner}
    for node in _own(query):
        if isinstance(node, exp.Column):
            _column(node, scope)
        elif isinstance(node, exp.Exists):
            _columns(node.this, known, scope)
    names = tuple(one.alias_or_name for one in query.expressions)
    if len(set(names)) != len(names) or not all(names):
        raise Refusal("每一步的列都要有不同的名称：{names}。", names="、".join(names))
    return names


def _own(query: exp.Select) -> Iterator[exp.Expr]:
    """Yield the nodes of this SELECT, without its CTEs and what is inside EXISTS."""
    parts = [*query.expressions, *(join.args["on"] for join in query.args.get("joins") or ())]
    parts += [query.args[key] for key in ("where", "group", "having") if query.args.get(key)]
    for part in parts:
        yield from part.walk(prune=lambda node: isinstance(node, exp.Exists))


def _column(node: exp.Column, scope: Scope) -> None:
    if not node.table:
        if len(scope) == 1 and node.name in next(iter(scope.values())):
            return
        raise Refusal("列“{name}”未写明属于哪个表，或表中没有这一列。", name=node.name)
    if node.name not in scope.get(node.table, ()):
        raise Refusal("“{table}”里没有列“{name}”。", table=node.table, name=node.name)
