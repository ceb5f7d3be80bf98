"""The canonical form of a query: what is left when everything that does not change the answer is dropped.

Dropped are the names of steps, aliases, parameters and outputs, spacing, the order of conditions
and of inner joins, the side a comparison is written from, negations that can be pushed inwards,
steps that only filter, join or pass on columns (they are folded into the next), and columns that
decide nothing. Not told apart: which of two copies of one table a column is of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from sqlglot import exp

from jingyi.core.screening.model import STORED, Model

MIRRORED: dict[type[exp.Expr], type[exp.Expr]] = {exp.GT: exp.LT, exp.GTE: exp.LTE}
OPPOSITE: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}
CHAINS = (exp.And, exp.Or, exp.Add, exp.Mul)
AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.ArrayAgg)


@dataclass(slots=True)
class Step:
    """A relation: what it is made of, and what each of its columns is."""

    tables: list[str]
    conditions: list[str] = field(default_factory=list)
    columns: dict[str, str] | None = None  # None: a source, whose columns are their own names

    @property
    def form(self) -> str:
        return (
            f"[{','.join(sorted(self.tables))} where {' and '.join(sorted(set(self.conditions)))}]"
        )


Steps = Mapping[str, Step]


def canonical(model: Model) -> str:
    """Return the canonical form of a model's rule. A source is what its columns are, not its name."""
    steps: dict[str, Step] = {}
    for source in model.tables:
        columns = ",".join(sorted(f"{one.name}:{one.stored}" for one in source.columns))
        steps[source.name] = Step([f"<{columns}>"])
    parameters = {one.id: f"?{STORED[one.kind]}" for one in model.parameters}
    for cte in model.query.ctes:
        steps[cte.alias] = _query(cte.this, steps, parameters)
    return _query(model.query, steps, parameters).form


def _query(query: exp.Expr, steps: Steps, parameters: Mapping[str, str]) -> Step:
    if isinstance(query, exp.Union):
        sides = [_query(side, steps, parameters) for side in (query.this, query.expression)]
        form = f"union({';'.join(sorted(one.form for one in sides))})"
        names = sides[0].columns or {}
        return Step([form], columns={name: f"{_short(form)}.{n}" for n, name in enumerate(names)})
    return _Select(steps, parameters, {}).step(query)


def _short(form: str) -> str:
    return sha256(form.encode()).hexdigest()[:12]


class _Select:
    """One SELECT; `scope` is what each alias stands for, with those around an EXISTS."""

    def __init__(
        self, steps: Steps, parameters: Mapping[str, str], scope: Mapping[str, Step]
    ) -> None:
        self.steps, self.parameters, self.scope = steps, parameters, dict(scope)
        self.over = ""  # what aggregates are taken over, once that is known

    def step(self, query: exp.Expr) -> Step:
        found = Step([])
        joins = query.args.get("joins") or []
        for table in (query.args["from_"].this, *(join.this for join in joins)):
            self.scope[table.alias_or_name] = self.steps[table.name]
        self._read(found, query.args["from_"].this)
        for join in joins:
            if join.side == "LEFT":
                on = sorted(self.text(one) for one in _chain(join.args["on"], exp.And))
                found.tables.append(f"left {self.scope[join.this.alias_or_name].form} on {on}")
            else:
                self._read(found, join.this)
                found.conditions += self._conditions(join.args["on"])
        if where := query.args.get("where"):
            found.conditions += self._conditions(where.this)
        return self._gathered(query, found)

    def _read(self, found: Step, table: exp.Expr) -> None:
        step = self.scope[table.alias_or_name]
        found.tables += step.tables
        found.conditions += step.conditions

    def _gathered(self, query: exp.Expr, found: Step) -> Step:
        """Close a step that groups, if it does; say what its columns are."""
        group, having = query.args.get("group"), query.args.get("having")
        sums = any(part.find(*AGGREGATES) for part in query.expressions)
        closed = bool(group or having or sums or query.args.get("distinct"))
        if closed:
            keys = sorted(self.text(one) for one in group.expressions) if group else []
            if query.args.get("distinct"):
                keys += sorted(self.text(part) for part in query.expressions)
            form = f"{found.form} by {keys}"
            self.over = _short(form)
            found = Step([form], self._conditions(having.this) if having else [])
        found.columns = {part.alias_or_name: self.text(part) for part in query.expressions}
        return found

    def _conditions(self, node: exp.Expr) -> list[str]:
        return [self.text(one) for one in _chain(node, exp.And)]

    def text(self, node: exp.Expr) -> str:  # noqa: C901, PLR0911  one line for each kind
        """Return an expression in canonical form."""
        node = _bare(node)
        match node:
            case exp.Column():
                return self._column(node)
            case exp.Placeholder():
                return self.parameters.get(str(node.this), "?")
            case exp.Literal():
                return repr(node.this) if node.is_string else _plain(node.this)
            case exp.Exists():
                inner = _Select(self.steps, self.parameters, self.scope).step(node.this)
                return f"exists({inner.form})"
            case exp.Not():
                return self._not(_bare(node.this))
            case exp.In():
                return f"in({self.text(node.this)},{sorted(map(self.text, node.expressions))})"
            case exp.GT() | exp.GTE():
                return f"{MIRRORED[type(node)].key}({self.text(node.right)},{self.text(node.left)})"
            case exp.EQ() | exp.NEQ():
                return (
                    f"{node.key}({','.join(sorted((self.text(node.left), self.text(node.right))))})"
                )
        if isinstance(node, CHAINS):
            parts = sorted(self.text(one) for one in _chain(node, type(node)))
            return f"{node.key}({','.join(parts)})"
        if isinstance(node, AGGREGATES):
            return f"{self.over}.{node.key}({self._inside(node)})"
        return f"{node.key}({self._inside(node)})"

    def _inside(self, node: exp.Expr) -> str:
        values = [
            one
            for value in node.args.values()
            for one in (value if isinstance(value, list) else [value])
        ]
        return ",".join(
            self.text(one) if isinstance(one, exp.Expr) else str(one).lower()
            for one in values
            if one not in (None, False, "")
        )

    def _column(self, node: exp.Column) -> str:
        step = self.scope[node.table] if node.table else next(iter(self.scope.values()))
        if step.columns is None:
            return f"{_short(step.form)}.{node.name}"
        return step.columns[node.name]

    def _not(self, node: exp.Expr) -> str:
        if opposite := OPPOSITE.get(type(node)):
            turned = opposite(
                this=node.args["this"].copy(), expression=node.args["expression"].copy()
            )
            return self.text(turned)
        return self.text(node.this) if isinstance(node, exp.Not) else f"not({self.text(node)})"


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Alias):
        node = node.this
    return node


def _chain(node: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    """Return what AND (or OR, +, *) joins, at any depth; BETWEEN is two conditions."""
    node = _bare(node)
    if kind is exp.And and isinstance(node, exp.Between):
        low = exp.GTE(this=node.this.copy(), expression=node.args["low"].copy())
        high = exp.LTE(this=node.this.copy(), expression=node.args["high"].copy())
        return [low, high]
    if not isinstance(node, kind):
        return [node]
    return [*_chain(node.args["this"], kind), *_chain(node.args["expression"], kind)]


def _plain(number: str) -> str:
    return (number.rstrip("0").rstrip(".") or "0") if "." in number else number
