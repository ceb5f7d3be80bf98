"""A source as an organ sent it, made into what its data contract asks for.

Columns are found by their headings; every cell is read by the rules of `repair`; rows whose
keys repeat are set aside. What was done is told, column by column; nothing that cannot be
read is joined in silence.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jingyi.core.refusal import Refusal
from jingyi.core.screening.model import IDENTIFIERS, Column, Model, SourceTable
from jingyi.core.words import Sentence, say
from jingyi.engines import parquet, tables
from jingyi.engines.screening import keys, repair
from jingyi.engines.screening.base import ARROW, schema_of

ID_LENGTH = 18
ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
ID_LAST = np.frombuffer(b"10X98765432", dtype=np.uint8)
PIECE = 2**18  # rows read at a time
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
    """A source ready for an engine, in a Parquet file; `row` is the row of the file as people count it."""

    source: SourceTable
    path: Path
    rows: int
    profiles: tuple[Profile, ...]
    aside: tuple[Aside, ...]
    set_aside: int  # all of them
    warnings: tuple[Sentence, ...] = ()

    @property
    def table(self) -> pa.Table:
        """Return the whole, for what is small."""
        return pq.read_table(self.path)


def prepare(
    source: SourceTable, path: Path, into: Path, mapping: Mapping[str, str] | None = None
) -> Prepared:
    """Read a file as `source` into the file `into`; `mapping` names headings (column → heading), the rest is found.

    Parquet is read piece by piece, so that a table need not fit into memory.

    Raises:
        Refusal: not a table, a column is missing, or no cell of a key can be used.
    """
    names, pieces = _opened(path)
    chosen = headings(source, names, mapping)
    profiles = {
        one.name: Profile(one, chosen[one.name]) for one in source.columns if one.name in chosen
    }
    padding = {
        one.name: _Widths.of(pieces([chosen[one.name]]), chosen[one.name])
        for one in source.columns
        if one.kind == "code" and one.name in chosen
    }
    asides = _Asides()
    with pq.ParquetWriter(into, schema_of(source), compression="lz4") as writer:
        for rows, piece in pieces(list(dict.fromkeys(chosen.values()))):
            table = _piece(source, rows, piece, profiles, padding)
            writer.write_table(_with_keys(source, table, list(profiles.values()), asides))
    count = _first_of_each(source, into, asides)
    if asides.total and not count:
        raise Refusal(
            "“{source}”没有一行可用：{reason}（共 {n} 行）。请检查原表。",
            source=source.title, reason=asides.listed[0].reason, n=asides.total,
        )  # fmt: skip
    told = list(profiles.values())
    return Prepared(
        source,
        into,
        count,
        tuple(told),
        tuple(asides.listed),
        asides.total,
        _warnings(source, told),
    )


def _piece(
    source: SourceTable, rows: pa.Array, piece: pa.Table, profiles: Mapping[str, Profile],
    padding: Mapping[str, "_Widths"],
) -> pa.Table:  # fmt: skip
    columns = {}
    for one in source.columns:
        if (profile := profiles.get(one.name)) is None:
            columns[one.name] = pa.nulls(piece.num_rows, ARROW[one.stored])
            continue
        profile.cells += piece.num_rows
        profile.spoilt = None
        columns[one.name] = _read(one, piece[profile.heading], profile, padding.get(one.name))
    return pa.table({"row": rows, **columns}).cast(schema_of(source))


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


Pieces = Callable[[list[str]], Iterator[tuple[pa.Array, pa.Table]]]


def _opened(path: Path) -> tuple[tuple[str, ...], Pieces]:
    """Return headings, and what gives the columns asked for in pieces with their row numbers.

    Cells are in the types they are stored in; anything but Parquet is one piece.
    """
    if path.is_file():
        with path.open("rb") as file:
            if file.read(4) == parquet.MAGIC:
                return tuple(parquet.head(path, 1).column_names), partial(_stored, path)
    sheet = tables.open_table(path)
    return sheet.names, lambda wanted: iter([(sheet.rows, sheet.table.select(wanted))])


def _stored(path: Path, wanted: list[str]) -> Iterator[tuple[pa.Array, pa.Table]]:
    row = 0
    for part in parquet.stored(path, wanted, PIECE):
        yield pa.array(np.arange(row + 1, row + part.num_rows + 1)), part
        row += part.num_rows


def _read(
    column: Column, given: pa.ChunkedArray, profile: Profile, widths: "_Widths | None"
) -> pa.Array:
    """Read a column; each different cell once, and what is plainly right not at all."""
    if (right := _as_stored(column, given)) is not None:
        profile.empty += right.null_count
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
    if widths is not None:
        values = widths.padded(values, counts, profile)
    if any(found in repair.REFUSED for _, found in read):
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


@dataclass(slots=True)
class _Widths:
    """How long a column's codes are: short ones get back the zeros that a spreadsheet took."""

    counts: Counter[int]
    zeros: set[int]  # lengths of codes that begin with 0

    @classmethod
    def of(cls, pieces: Iterator[tuple[pa.Array, pa.Table]], heading: str) -> "_Widths":
        found = cls(Counter(), set())
        for _, piece in pieces:
            counted = pc.value_counts(parquet.as_text(piece[heading])).to_pylist()
            for one in counted:
                value, _finding = repair.read(one["values"], "code")
                if value:
                    found.counts[len(value)] += one["counts"]
                    if value.startswith("0") and value.isdigit():
                        found.zeros.add(len(value))
        return found

    def padded(
        self, values: list[str | None], counts: np.ndarray, profile: Profile
    ) -> list[str | None]:
        """Return the codes at the column's width, where the rest of it shows one."""
        if not self.counts:
            return values
        width, usual = self.counts.most_common(1)[0]
        if usual < USUAL_WIDTH * self.counts.total() or width not in self.zeros:
            return values
        padded = []
        for value, count in zip(values, counts, strict=True):
            short = value is not None and value.isdigit() and len(value) < width
            if short:
                profile.findings["zeros"] += int(count)
            padded.append(value.zfill(width) if short and value else value)
        return padded


@dataclass(slots=True)
class _Asides:
    """Rows that take no part: all are counted, the first are listed."""

    listed: list[Aside] = field(default_factory=list)
    total: int = 0

    def note(self, rows: list[int], reason: Sentence) -> None:
        self.total += len(rows)
        self.listed += [Aside(row, reason) for row in rows[: max(0, MOST_ASIDE - len(self.listed))]]


def _with_keys(
    source: SourceTable, table: pa.Table, profiles: list[Profile], asides: _Asides
) -> pa.Table:
    """Set aside the rows without a usable key or identifier."""
    kept = pa.array(np.ones(table.num_rows, bool))
    for one in profiles:
        wanting = None
        if one.column.name in source.key:
            wanting = pc.is_null(table[one.column.name]).combine_chunks()
        elif one.column.kind in IDENTIFIERS:
            wanting = one.spoilt
        if wanting is not None:
            reason = say("缺少可用的“{column}”", column=one.column.title)
            asides.note(table["row"].filter(pc.and_(wanting, kept)).to_pylist(), reason)
            kept = pc.and_(kept, pc.invert(wanting))
    return table.filter(kept)


def _first_of_each(source: SourceTable, path: Path, asides: _Asides) -> int:
    """Set aside all but the first of the rows that share a key; return how many rows there are."""
    count = pq.read_metadata(path).num_rows
    again = keys.repeated(path, source.key) if source.key and count else []
    if not again:
        return int(count)
    rows = [row for row, _ in again]
    asides.note(rows, say("“{source}”中主键重复，保留第一行", source=source.title))
    half, gone = path.with_suffix(".half"), pa.array(rows, pa.int64())
    with pq.ParquetWriter(half, schema_of(source), compression="lz4") as writer:
        for batch in pq.ParquetFile(path).iter_batches(PIECE):
            table = pa.Table.from_batches([batch])
            writer.write_table(table.filter(pc.invert(pc.is_in(table["row"], value_set=gone))))
    half.replace(path)
    return int(count) - len(rows)


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
            left, right = prepared[first], prepared[other]
            if not left.rows or not right.rows:
                continue
            if not keys.meet(left.path, right.path, name):
                said.append(
                    say(
                        "“{left}”与“{right}”的“{column}”没有一个相同的值：请核对两表是否取对了列、是否丢失了前导零。",
                        left=prepared[first].source.title,
                        right=prepared[other].source.title,
                        column=prepared[first].source.column(name).title,
                    )
                )
    return tuple(said)
