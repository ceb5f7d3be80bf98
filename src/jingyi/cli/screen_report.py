"""A run of a supervision model as one HTML file: opens without a network or a script, in two languages."""

from collections.abc import Callable, Mapping
from html import escape
from importlib import resources
from typing import Any

import polib

from jingyi.core.screening import compile as compiled
from jingyi.core.screening.explain import Reasons
from jingyi.core.screening.model import Model, Value
from jingyi.core.words import Sentence

_CATALOGUE: dict[str, str] | None = None
MOST = 50  # hits shown
STYLE = "pre{overflow-x:auto;font-size:14px}td:last-child{min-width:4em}"
HIDDEN = 6  # characters of an identity number left readable at the front
Translate = Callable[[str], str]


def page(
    model: Model,
    values: Mapping[str, Value],
    prepared: Mapping[str, Any],
    done: Any,
    summary: Mapping[str, Any],
) -> str:
    """Return the report; identity numbers are masked in it, as on screens."""
    parts = (
        _head(model, summary),
        _basis(model),
        _sources(model, prepared),
        _steps(model, done.counts, values),
        _hits(model, values, done.hits),
        _errors(model),
    )
    style = resources.files("jingyi.cli").joinpath("triage_report.css").read_text("utf-8")
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>筛查报告 · {escape(str(model.title))}</title><style>{style}{STYLE}</style></head><body>"
        "<div class=switch><label><input type=radio name=l id=zh checked>中文</label>"
        f"<label lang=en><input type=radio name=l id=en>English</label></div>{''.join(parts)}"
        "</body></html>"
    )


def both(chinese: str, english: str) -> str:
    """Return the text in both languages; the page shows one."""
    return f"<span class=zh>{escape(chinese)}</span><span class=en lang=en>{escape(english)}</span>"


def told(sentence: Sentence) -> str:
    """Return a sentence in both languages."""
    return both(sentence.render(), sentence.render(_english()))


def _english() -> Translate:
    """Return the English of core and engines, read from their catalogues without a database."""
    global _CATALOGUE  # noqa: PLW0603
    if _CATALOGUE is None:
        package = resources.files("jingyi")
        _CATALOGUE = {}
        for name in ("core", "cli"):
            path = package.joinpath(name, "locale", "en", "LC_MESSAGES", "django.po")
            found = polib.pofile(path.read_text("utf-8"))
            _CATALOGUE |= {one.msgid: one.msgstr for one in found if one.msgstr}
    known = _CATALOGUE
    return lambda text: known.get(text, text)


def _section(title: tuple[str, str], body: str, note: tuple[str, str] | None = None) -> str:
    under = f"<p class=note>{both(*note)}</p>" if note else ""
    return f"<section><h2>{both(*title)}</h2>{body}{under}</section>"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    top = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
    return (
        f"<div class=wide><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(model: Model, summary: Mapping[str, Any]) -> str:
    facts = (
        (f"{sum(summary['rows'].values()):,}", ("行参与比对", "rows compared")),
        (f"{summary['hits']:,}", ("条命中", "hits")),
        (f"{sum(summary['set_aside'].values()):,}", ("行不可用", "rows set aside")),
        (f"{summary['seconds']:.1f} s", ("用时", "taken")),
    )
    shown = "".join(f"<div><b>{value}</b>{both(*words)}</div>" for value, words in facts)
    rule = f"<code>{escape(model.id)}</code> · {model.version} · <code>{model.digest[:16]}</code> · {escape(summary['engine'])}"
    return (
        f"<header><h1>{told(model.title)}</h1><p>{told(model.question)}</p><div class=facts>{shown}</div>"
        f"<p class=note>{rule}</p></header>"
    )


def _basis(model: Model) -> str:
    rows = [[escape(str(one.source)), told(one.says), _status(one.status)] for one in model.basis]
    heads = [both("条文", "Article"), both("内容", "What it says"), both("状态", "Status")]
    return _section(("依据", "Basis"), _table(heads, rows))


def _status(status: str) -> str:
    return both("已核对", "confirmed") if status == "settled" else both("待核对", "to be confirmed")


def _sources(model: Model, prepared: Mapping[str, Any]) -> str:
    rows = []
    for source in model.sources:
        one = prepared[source.name]
        for profile in one.profiles:
            findings = "<br>".join(
                f"{count:,} · {told(_finding(name))}"
                for name, count in profile.findings.most_common()
            )
            rows.append(
                [
                    told(source.title),
                    f"{told(profile.column.title)} ← {escape(profile.heading)}",
                    both(
                        f"{profile.cells:,} 格，空 {profile.empty:,}",
                        f"{profile.cells:,} cells, {profile.empty:,} empty",
                    ),
                    findings or "—",
                ]
            )
    heads = [
        both("表", "Table"), both("列", "Column"), both("单元格", "Cells"),
        both("发现与处理", "Found and done"),
    ]  # fmt: skip
    return _section(("数据", "Data"), _table(heads, rows))


def _finding(name: str) -> Sentence:
    from jingyi.engines.screening.repair import FINDINGS

    return FINDINGS[name]


def _steps(model: Model, counts: Mapping[str, int], values: Mapping[str, Value]) -> str:
    rows = [[f"<code>{escape(name)}</code>", f"{count:,}"] for name, count in counts.items()]
    counted = _table([both("步骤", "Step"), both("行数", "Rows")], rows) if rows else ""
    set_to = [
        [
            told(one.title),
            f"{escape(compiled.shown(values[one.id]))} {told(one.unit)}",
            told(one.meaning),
        ]
        for one in model.parameters
    ]
    heads = [both("参数", "Parameter"), both("值", "Value"), both("含义", "Meaning")]
    used = _table(heads, set_to) if set_to else ""
    return _section(("规则", "Rule"), f"{used}{counted}<pre>{escape(model.text)}</pre>")


def _hits(model: Model, values: Mapping[str, Value], hits: Any) -> str:
    reasons = Reasons(model, values)
    shared = len(reasons.shared)
    rows = []
    for number, hit in enumerate(hits.slice(0, MOST).to_pylist(), 1):
        masked = {
            one.name: mask(hit[one.name]) if one.kind == "person-id" else hit[one.name]
            for one in model.outputs
        }
        said = reasons.of(masked)
        rows.append([str(number), "<br>".join(told(one) for one in said[: len(said) - shared])])
    note = (
        f"共 {hits.num_rows:,} 条，示前 {len(rows)} 条；身份号码已遮盖。命中是线索，须经人工核实。",
        f"{len(rows)} of {hits.num_rows:,} hits; identity numbers are masked. A hit is a lead for a person to verify.",
    )
    return _section(("命中", "Hits"), _table(["#", both("为什么", "Why")], rows), note)


def mask(number: str | None) -> str | None:
    """Return an identity number with its middle hidden."""
    if not number:
        return number
    return f"{number[:HIDDEN]}{'*' * (len(number) - HIDDEN - 2)}{number[-2:]}"


def _errors(model: Model) -> str:
    items = "".join(f"<li>{told(one)}</li>" for one in model.expected_errors)
    return _section(("可能的误报", "Expected false positives"), f"<ul>{items}</ul>")
