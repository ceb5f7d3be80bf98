"""The files of a model, read and checked: what is not complete does not load."""

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from string import Formatter
from typing import Any

from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.refusal import Refusal
from jingyi.core.screening import subset
from jingyi.core.screening.links_reader import read_link
from jingyi.core.screening.model import (
    STORED,
    Basis,
    Column,
    Example,
    Model,
    Output,
    Parameter,
    Row,
    SourceTable,
    Value,
)
from jingyi.core.tables import RulebookError, Table
from jingyi.core.words import Sentence, say

KINDS = frozenset(STORED)
WEIGHTS = frozenset({"decisive", "supporting"})
SLUG = re.compile(r"[a-z][a-z0-9-]{2,60}\Z")
FILES = ("model.toml", "query.sql")


class ModelRefused(Refusal):
    """A model that does not load, and why."""


def read_model(
    slug: str,
    files: Mapping[str, str],
    instruments: Mapping[str, Instrument],
    known: Mapping[str, Column],
    domains: Collection[str],
) -> Model:
    """Read the files of one model (`model.toml`, `query.sql`, `examples/*.toml`), by name.

    Raises:
        ModelRefused: a file is missing or wrong, there is no basis or no example, or the
            SQL steps out of the subset or of the data contract.
    """
    if not SLUG.match(slug):
        raise ModelRefused("模型的名称“{slug}”须由小写字母、数字和连字符组成。", slug=slug[:60])
    for name in FILES:
        if not files.get(name, "").strip():
            raise ModelRefused("模型“{slug}”缺少 {name}。", slug=slug, name=name)
    if not any(name.startswith("examples/") for name in files):
        raise ModelRefused(
            "模型“{slug}”没有示例。至少写一个“表进、命中出”的示例后再载入。", slug=slug
        )
    try:
        return _model(slug, files, _Book(dict(instruments), known, domains))
    except ModelRefused:
        raise
    except Refusal as refusal:
        raise ModelRefused(refusal.sentence) from refusal
    except (RulebookError, tomllib.TOMLDecodeError) as error:
        raise ModelRefused("模型“{slug}”读不了：{error}。", slug=slug, error=str(error)) from error


class _Book:
    """What a model may refer to."""

    def __init__(
        self,
        instruments: dict[str, Instrument],
        known: Mapping[str, Column],
        domains: Collection[str],
    ) -> None:
        self.instruments, self.known, self.domains = instruments, known, domains


def _model(slug: str, files: Mapping[str, str], book: _Book) -> Model:
    top = Table(f"screening/{slug}/model.toml", tomllib.loads(files["model.toml"]))
    if not top.data.get("basis"):
        raise ModelRefused("模型“{slug}”没有法律依据。写明至少一条依据后再载入。", slug=slug)
    sources = tuple(_source(one, book) for one in top.tables("source", least=1))
    parameters = tuple(_parameter(one) for one in top.tables("parameter"))
    outputs = tuple(_output(one) for one in top.tables("output", least=1))
    text = files["query.sql"]
    query = subset.parse(text)
    model = Model(
        id=slug,
        version=top.number("version"),
        title=_titled(top, "title"),
        question=_titled(top, "question"),
        domain=top.one_of("domain", frozenset(book.domains)),
        basis=tuple(_basis(one, book) for one in top.tables("basis", least=1)),
        sources=sources,
        parameters=parameters,
        outputs=outputs,
        key=top.texts("key"),
        because=_titled(top, "because"),
        expected_errors=tuple(
            _titled(one, "text") for one in top.tables("expected_error", least=1)
        ),
        examples=tuple(
            _example(slug, name, content, sources, parameters, outputs)
            for name, content in sorted(files.items())
            if name.startswith("examples/")
        ),
        text=text,
        query=query,
        digest=digest(files),
        links=tuple(read_link(one, sources) for one in top.tables("link")),
    )
    top.done()
    _holds_together(top, model)
    return model


def digest(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of the files, names and lengths included."""
    total = sha256()
    for name, content in sorted(files.items()):
        body = content.encode()
        total.update(f"{name}\n{len(body)}\n".encode() + body)
    return total.hexdigest()


def _titled(table: Table, key: str) -> Sentence:
    return titled(table.text(key), table.text(f"{key}_en"))


def read_column(table: Table, known: Mapping[str, Column] | None = None) -> Column:
    """Read a column; title, kind and headings of a common one need not be said again."""
    name = table.text("name")
    common = (known or {}).get(name)
    if common is None:
        title, kind = _titled(table, "title"), table.one_of("kind", KINDS)
        headings = (table.text("title"), *table.texts("headings", ()))
    else:
        title, kind, headings = common.title, common.kind, common.headings
    if not subset.PLAIN_NAME.match(name) or name == "row":
        raise table.wrong("name", f"{name!r} is not a plain name")
    column = Column(
        name=name,
        title=title,
        kind=kind,
        why=_titled(table, "why") if known is not None else say(""),
        headings=headings,
        may_be_missing=table.yes("may_be_missing", False),
    )
    table.done()
    return column


def _source(table: Table, book: _Book) -> SourceTable:
    columns = tuple(read_column(one, book.known) for one in table.tables("column", least=1))
    found = SourceTable(
        name=table.text("name"),
        title=_titled(table, "title"),
        holder=_titled(table, "holder"),
        key=table.texts("key", ()),
        columns=columns,
    )
    table.done()
    if not subset.PLAIN_NAME.match(found.name):
        raise table.wrong("name", f"{found.name!r} is not a plain name")
    names = [one.name for one in columns]
    if len(set(names)) != len(names) or set(found.key) - set(names):
        raise table.wrong("key", "names a column twice, or one that is not there")
    return found


def _parameter(table: Table) -> Parameter:
    kind = table.one_of("kind", frozenset({"date", "integer", "number", "text"}))
    values = {
        key: cell(table.data.get(key), kind) if table.has(key) else None
        for key in ("default", "low", "high")
    }
    found = Parameter(
        id=table.text("id"),
        title=_titled(table, "title"),
        meaning=_titled(table, "meaning"),
        unit=titled(table.text("unit", ""), table.text("unit_en", "")),
        kind=kind,
        **values,
    )
    table.done()
    if found.default is None:
        raise table.wrong("default", "is missing")
    return found


def _output(table: Table) -> Output:
    kind = table.one_of("kind", KINDS | {"rows"})
    cited = kind == "rows"
    found = Output(
        name=table.text("name"),
        title=_titled(table, "title"),
        kind=kind,
        source=table.text("source") if cited else "",
        weight=table.one_of("weight", WEIGHTS) if cited else "",
    )
    table.done()
    return found


def _basis(table: Table, book: _Book) -> Basis:
    instrument = {"instrument": table.text("instrument"), "article": table.text("article")}
    source: Source = read_source(Table(table.file, instrument, table.path), book.instruments)
    found = Basis(
        source=source,
        says=_titled(table, "says"),
        status=table.one_of("status", STATUSES),
        confirmed_on=table.day("confirmed_on"),
    )
    table.done()
    return found


def cell(value: Any, kind: str) -> Value:
    """Return a value of TOML as it is stored in a column of this kind.

    Raises:
        ValueError: it is not one.
    """
    stored = STORED[kind]
    if value is None or value == "":
        return None
    if stored == "date":
        return value if type(value) is date else date.fromisoformat(str(value))
    if stored == "integer":
        return int(value)
    if stored == "number":
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ValueError(value) from None
        if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
            raise ValueError(value)
        return number.quantize(Decimal("0.0001"))
    return str(value)


def _example(  # noqa: PLR0917
    slug: str, name: str, content: str, sources: tuple[SourceTable, ...],
    parameters: tuple[Parameter, ...], outputs: tuple[Output, ...],
) -> Example:  # fmt: skip
    """Read one example. A table is a list of rows, each a list: the first names the columns."""
    top = Table(f"screening/{slug}/{name}", tomllib.loads(content))
    kinds = {one.id: one.kind for one in parameters}
    said = dict(top.data.get("parameters", {}))
    top.has("parameters")
    tables = {}
    inner = top.table("tables")
    for one in sources:
        tables[one.name] = _rows(inner, one.name, {c.name: c.kind for c in one.columns})
    inner.done()
    found = Example(
        id=name.removeprefix("examples/").removesuffix(".toml"),
        title=_titled(top, "title"),
        parameters={key: cell(value, kinds.get(key, "text")) for key, value in said.items()},
        tables=tables,
        hits=_rows(top, "hits", {one.name: one.kind for one in outputs}),
    )
    top.done()
    if set(said) - set(kinds):
        raise top.wrong("parameters", "names one that the model does not have")
    return found


def _rows(table: Table, key: str, kinds: Mapping[str, str]) -> tuple[Row, ...]:
    lines = table.data.get(key)
    table.has(key)
    if not isinstance(lines, list) or (lines and not all(isinstance(one, list) for one in lines)):
        raise table.wrong(key, "is not a list of rows")
    if not lines:
        return ()
    head, *rest = lines
    if set(head) - set(kinds):
        raise table.wrong(key, f"has unknown columns: {sorted(set(head) - set(kinds))}")
    rows: list[Row] = []
    for line in rest:
        if len(line) != len(head):
            raise table.wrong(key, f"has a row of {len(line)} cells under {len(head)} headings")
        given = dict(zip(head, line, strict=True))
        try:
            rows.append(
                {
                    name: tuple(given.get(name, ()))
                    if kind == "rows"
                    else cell(given.get(name), kind)
                    for name, kind in kinds.items()
                }
            )
        except ValueError as error:
            raise table.wrong(key, f"has a cell of another kind: {error}") from None
    return tuple(rows)


def _holds_together(top: Table, model: Model) -> None:
    """Check what concerns several parts: names in the SQL, in the sentence, in the key."""
    tables = {one.name: [c.name for c in one.columns] for one in model.tables}
    columns = subset.check(model.query, tables)
    names = [one.name for one in model.outputs]
    if list(columns) != names:
        raise top.wrong("output", f"the SQL returns {list(columns)}, not {names}")
    if subset.placeholders(model.query) != {one.id for one in model.parameters}:
        raise top.wrong("parameter", "are not those that the SQL uses")
    if set(model.key) - set(names) or not model.key:
        raise top.wrong("key", "names no output")
    cited = {one.source for one in model.cites}
    if not cited or cited - {one.name for one in model.sources}:
        raise top.wrong("output", "cites no source, or one that is not there")
    known = {*names, *(one.id for one in model.parameters)}
    for language in model.because.values.values():
        gaps = {gap for _, gap, _, _ in Formatter().parse(str(language)) if gap is not None}
        if gaps - known:
            raise top.wrong("because", f"has gaps that nothing fills: {sorted(gaps - known)}")
    if not any(one.hits for one in model.examples):
        raise top.wrong("examples", "have no hit among them")
