"""A source as an organ sent it, made into what its data contract asks for.

Columns are found by their headings; every cell is read by the rules of `repair`; rows whose
keys repeat are set aside. What was done is told, column by column; nothing that cannot be
read is joined in silence.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jingyi.core.refusal import Refusal
from jingyi.core.screening.model import IDENTIFIERS, Column, Model, SourceTable
from jingyi.core.words import Sentence, say
from jingyi.engines import parquet, tables
from jingyi.engines.screening import repair
from jingyi.engines.screening.base import ARROW, schema_of

ID_LENGTH = 18
ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
ID_LAST = np.frombuffer(b"10X98765432", dtype=np.uint8)
MOST_ASIDE = 1000  # rows listed by number; all are counted
USUAL_WIDTH = 0.6  # of a column's codes have the width that short ones are padded to


@dataclass(slots=True)
class Profile:
    """One column: how many cells there are, are empty, and which findings were how often."""

    column: Column
    heading: str
    cells: int = 0
    empty: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    spoilt: pa.Array | None = None  # which cells were refused

    @property
    def refused(self) -> int:
        return sum(n for name, n in self.findings.items() if name in repair.REFUSED)


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that takes no part: its number in the file, and why."""

    row: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source ready for an engine; `row` is the row of the file as people count it."""

    source: SourceTable
    table: pa.Table
    profiles: tuple[Profile, ...]
    aside: tuple[Aside, ...]
    set_aside: int  # all of them
    warnings: tuple[Sentence, ...] = ()


def prepare(source: SourceTable, path: Path, mapping: Mapping[str, str] | None = None) -> Prepared:
    """Read a file as `source`; `mapping` names headings (column → heading), the rest is found.

    Raises:
        Refusal: not a table, a column is missing, or no cell of a key can be used.
    """
    names, given, rows = _opened(path)
    chosen = headings(source, names, mapping)
    profiles, columns = [], {}
    for one in source.columns:
        heading = chosen.get(one.name)
        if heading is None:
            columns[one.name] = pa.nulls(given.num_rows, ARROW[one.stored])
            continue
        profile = Profile(one, heading, cells=given.num_rows)
        columns[one.name] = _read(one, given[heading], profile)
        profiles.append(profile)
    table = pa.table({"row": rows, **columns}).cast(schema_of(source))
    kept, aside, count = _keyed(source, table, profiles)
    return Prepared(source, kept, tuple(profiles), aside, count, _warnings(source, profiles))


def headings(
    source: SourceTable, names: tuple[str, ...], mapping: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return column → heading.

    Raises:
        Refusal: a column that must be there is not, or a heading named is not in the file.
    """
    found = {}
    plain = {_plain(name): name for name in reversed(names)}
    for one in source.columns:
        said = (mapping or {}).get(one.name)
        if said is not None and said not in names:
            raise Refusal("表中没有名为“{heading}”的列。", heading=said)
        words = (one.name, *one.headings)
        match = said or next((plain[w] for w in map(_plain, words) if w in plain), None)
        if match is None and not one.may_be_missing:
            raise Refusal(
                "“{source}”缺少“{column}”列（{why}）。现有的列：{names}。请补上，或写明它叫什么：--column {table}.{name}=列名。",
                source=source.title, column=one.title, why=one.why, names="、".join(names),
                table=source.name, name=one.name,
            )  # fmt: skip
        if match is not None:
            found[one.name] = match
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[\s()\[\]【】_]|（.*?）", "", unicodedata.normalize("NFKC", heading)).lower()


def _opened(path: Path) -> tuple[tuple[str, ...], pa.Table, pa.Array]:
    """Return headings, cells in the types they are stored in, and row numbers as people count them."""
    if path.is_file():
        with path.open("rb") as file:
            if file.read(4) == parquet.MAGIC:
                try:
                    table = pq.read_table(path)
                except (pa.ArrowInvalid, OSError) as error:
                    raise Refusal(
                        "{name} 不是完整的 Parquet 文件。请重新导出。", name=path.name
                    ) from error
                return tuple(table.column_names), table, pa.array(np.arange(1, table.num_rows + 1))
    sheet = tables.open_table(path)
    return sheet.names, sheet.table, sheet.rows


def _read(column: Column, given: pa.ChunkedArray, profile: Profile) -> pa.Array:
    """Read a column; each different cell once, and what is plainly right not at all."""
    if (right := _as_stored(column, given)) is not None:
        profile.empty = right.null_count
        return right
    text = parquet.as_text(given).combine_chunks()
    if isinstance(text, pa.ChunkedArray):
        text = pa.concat_arrays(text.chunks) if text.num_chunks else pa.array([], pa.string())
    if column.kind == "person-id" and (sound := _sound_ids(text)) is not None:
        return sound
    encoded = text.dictionary_encode()
    read = [repair.read(one, column.kind) for one in encoded.dictionary.to_pylist()]
    counts = np.bincount(np.asarray(encoded.indices.drop_null()), minlength=len(read))
    for (value, found), count in zip(read, counts, strict=True):
        if found:
            profile.findings[found] += int(count)
        if value is None:
            profile.empty += int(count)
    profile.empty += encoded.indices.null_count
    values = [value for value, _ in read]
    if column.kind == "code":
        values = _padded(values, counts, profile)
    if profile.refused:
        spoilt = pa.array([found in repair.REFUSED for _, found in read], pa.bool_())
        profile.spoilt = pc.fill_null(spoilt.take(encoded.indices), False)
    return pa.array(values, ARROW[column.stored]).take(encoded.indices)


def _as_stored(column: Column, given: pa.ChunkedArray) -> pa.Array | None:
    """Return a column that needs no reading: typed in the file as the contract has it."""
    kind = given.type
    typed = {
        "date": pa.types.is_date(kind) or pa.types.is_timestamp(kind),
        "integer": pa.types.is_integer(kind),
        "number": pa.types.is_integer(kind) or pa.types.is_decimal(kind),
    }
    if column.kind == "month" or not typed.get(column.stored):
        return None
    try:
        return given.cast(ARROW[column.stored]).combine_chunks()
    except pa.ArrowInvalid:
        return None


def _sound_ids(text: pa.Array) -> pa.Array | None:
    """Return the column itself where every cell is an identity number whose check digit is right."""
    if (
        not len(text)
        or text.null_count
        or pc.any(pc.not_equal(pc.binary_length(text), ID_LENGTH)).as_py()
    ):
        return None
    start = text.offset * ID_LENGTH if text.offset == 0 else None
    if start is None:
        return None
    data = np.frombuffer(text.buffers()[2], np.uint8, len(text) * ID_LENGTH).reshape(-1, ID_LENGTH)
    digits = data[:, :17] - 48
    if (digits > 9).any():
        return None
    total = np.zeros(len(data), np.int32)
    for place, weight in enumerate(ID_WEIGHTS):
        total += digits[:, place].astype(np.int32) * weight
    return text if (ID_LAST[total % 11] == data[:, 17]).all() else None


def _padded(values: list[str | None], counts: np.ndarray, profile: Profile) -> list[str | None]:
    """Give codes back the zeros that a spreadsheet took, where the rest of the column shows the width."""
    widths: Counter[int] = Counter()
    for value, count in zip(values, counts, strict=True):
        if value:
            widths[len(value)] += int(count)
    if not widths:
        return values
    width, usual = widths.most_common(1)[0]
    zeros = any(v and len(v) == width and v.startswith("0") and v.isdigit() for v in values)
    if usual < USUAL_WIDTH * widths.total() or not zeros:
        return values
    padded = []
    for value, count in zip(values, counts, strict=True):
        short = value is not None and value.isdigit() and len(value) < width
        if short:
            profile.findings["zeros"] += int(count)
        padded.append(value.zfill(width) if short and value else value)
    return padded


def _keyed(
    source: SourceTable, table: pa.Table, profiles: list[Profile]
) -> tuple[pa.Table, tuple[Aside, ...], int]:
    """Set aside the rows without a key, and all but the first of those that share one."""
    aside: list[Aside] = []
    total = 0
    kept = pa.array(np.ones(table.num_rows, bool))
    for one in profiles:
        wanting = None
        if one.column.name in source.key:
            wanting = pc.is_null(table[one.column.name]).combine_chunks()
        elif one.column.kind in IDENTIFIERS:
            wanting = one.spoilt
        if wanting is not None:
            reason = say("缺少可用的“{column}”", column=one.column.title)
            total += _note(aside, table, pc.and_(wanting, kept), reason)
            kept = pc.and_(kept, pc.invert(wanting))
    table = table.filter(kept)
    if source.key and table.num_rows:
        first = (
            table.group_by(list(source.key)).aggregate([("row", "min")])["row_min"].combine_chunks()
        )
        repeated = pc.invert(pc.is_in(table["row"], value_set=first))
        total += _note(
            aside, table, repeated, say("“{source}”中主键重复，保留第一行", source=source.title)
        )
        table = table.filter(pc.invert(repeated))
    if total and not table.num_rows:
        raise Refusal(
            "“{source}”没有一行可用：{reason}（共 {n} 行）。请检查原表。",
            source=source.title, reason=aside[0].reason, n=total,
        )  # fmt: skip
    return table, tuple(aside), total


def _note(
    aside: list[Aside], table: pa.Table, mask: pa.Array | pa.ChunkedArray, reason: Sentence
) -> int:
    rows = table["row"].filter(mask)
    listed = rows.slice(0, max(0, MOST_ASIDE - len(aside))).to_pylist()
    aside.extend(Aside(row, reason) for row in listed)
    return len(rows)


def _warnings(source: SourceTable, profiles: list[Profile]) -> tuple[Sentence, ...]:
    """Say each finding once per column, and the gaps of what is joined on."""
    gaps = tuple(
        say(
            "{source}“{heading}”：{n} 个单元格为空，这些行与别的表对不上。",
            source=source.title,
            heading=one.heading,
            n=one.empty - one.refused,
        )
        for one in profiles
        if one.column.kind in IDENTIFIERS and one.empty > one.refused
    )
    return gaps + tuple(
        say(
            "{source}“{heading}”：{n} 个单元格{finding}。",
            source=source.title,
            heading=profile.heading,
            n=count,
            finding=repair.FINDINGS[name],
        )
        for profile in profiles
        for name, count in profile.findings.most_common()
    )


def strangers(model: Model, prepared: Mapping[str, Prepared]) -> tuple[Sentence, ...]:
    """Warn of identifiers that two sources have in the contract, and not one value in common."""
    said = []
    holders: dict[str, list[str]] = {}
    for source in model.sources:
        for column in source.columns:
            if column.kind in IDENTIFIERS:
                holders.setdefault(column.name, []).append(source.name)
    for name, (first, *others) in holders.items():
        for other in others:
            left, right = prepared[first].table[name], prepared[other].table[name]
            if not len(left) or not len(right):
                continue
            if not pc.any(pc.is_in(left, value_set=pc.unique(right.drop_null()))).as_py():
                said.append(
                    say(
                        "“{left}”与“{right}”的“{column}”没有一个相同的值：请核对两表是否取对了列、是否丢失了前导零。",
                        left=prepared[first].source.title,
                        right=prepared[other].source.title,
                        column=prepared[first].source.column(name).title,
                    )
                )
    return tuple(said)
