"""A triage run as one HTML file: opens without a network or a script, prints, in two languages.

The texts of reports are not in it: only places, names of parties, and reasons.
"""

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any

from jingyi.cli import triage_drawings as draw
from jingyi.cli import triage_figures as figures
from jingyi.core import rulebook
from jingyi.engines.base import Done, Job

STAGES = {
    "start": ("启动", "start"),
    "read": ("读取", "read"),
    "judge": ("判断", "judge"),
    "incidents": ("归并", "gather"),
    "write": ("写出", "write"),
}
REJECTED = 50


def both(chinese: str, english: str) -> str:
    """Return the text in both languages; the page shows one."""
    return f"<span class=zh>{escape(chinese)}</span><span class=en lang=en>{escape(english)}</span>"


def page(job: Job, done: Done, found: Mapping[str, Any]) -> str:
    """Return the report; `found` as `triage_figures.of` counted it."""
    order = [one.slug for one in rulebook.every_domain()]
    parts = (
        _head(job, done, found),
        _domains(found, order),
        _map(found, order),
        _curves(found),
        _top(found["top"]),
        _asks(found["drawn"]["asks"]),
        _rejected(done.rejected),
        _reading(job),
    )
    style = resources.files("jingyi.cli").joinpath("triage_report.css").read_text("utf-8")
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>研判报告 · {escape(job.source.name)}</title><style>{style}</style></head><body>"
        "<div class=switch><label><input type=radio name=l id=zh checked>中文</label>"
        f"<label lang=en><input type=radio name=l id=en>English</label></div>{''.join(parts)}"
        "</body></html>"
    )


def names(slug: str | None) -> str:
    """Return a domain's name in both languages."""
    return _names().get(slug, both(figures.NONE, "No statutory domain, or for a person to judge"))


def _names() -> dict[str | None, str]:
    told = rulebook.raw("domains.toml")["domain"]
    return {one["slug"]: both(one["title"], one["title_en"]) for one in told}


def _section(title: tuple[str, str], body: str, note: tuple[str, str] | None = None) -> str:
    under = f"<p class=note>{both(*note)}</p>" if note else ""
    return f"<section><h2>{both(*title)}</h2>{body}{under}</section>"


def _head(job: Job, done: Done, found: Mapping[str, Any]) -> str:
    speed = done.rows / max(found["seconds"], 1e-6)
    facts = (
        (f"{done.rows:,}", ("行", "rows")),
        (f"{found['leads']:,}", ("条线索", "leads")),
        (f"{found['incidents']:,}", ("件事", "incidents")),
        (f"{found['rejected']:,}", ("行未能读取", "rows not readable")),
        (f"{found['seconds']:.1f} s", ("用时", "taken")),
        (f"{speed:,.0f}", ("行每秒", "rows a second")),
    )
    told = "".join(f"<div><b>{value}</b>{both(*words)}</div>" for value, words in facts)
    stages = " · ".join(
        f"{both(*STAGES.get(name, (name, name)))} {value:.2f} s"
        for name, value in done.seconds.items()
    )
    return (
        f"<h1>{both('研判报告', 'Triage report')}</h1><p class=file>{escape(job.source.name)}</p>"
        f"<div class=facts>{told}</div><p class=note>{stages}</p>"
    )


def _domains(found: Mapping[str, Any], order: Sequence[str]) -> str:
    slugs = found["drawn"]["slugs"]
    rows = [(names(slug), count, draw.colour(slug, order)) for slug, count in slugs.items()]
    return _section(("各领域件数", "Reports by domain"), draw.bars(rows))


def _map(found: Mapping[str, Any], order: Sequence[str]) -> str:
    drawn = found["drawn"]
    body = ""
    if len(drawn["dots"]) > 1:
        body = draw.dot_map(drawn["dots"], order, figures.titles())
        seen = [slug for slug in drawn["slugs"] if slug in {dot[3] for dot in drawn["dots"]}]
        key = " ".join(
            f'<span><span style="color:{draw.colour(slug, order)}">●</span> {names(slug)}</span>'
            for slug in seen
        )
        body += f"<p class='note tags'>{key}</p>"
    listed = [(escape(name) or both("地点不明", "place unknown"), count, "var(--bar)")
              for name, count in drawn["regions"].items()]  # fmt: skip
    note = (
        "圆点为线索所指的事，越大反映越多；最多画排在前面的四千件，边缘百分之一不画。下表为各区划的线索条数。",
        (
            "A dot is an incident that is a lead, larger the more reports; the 4,000 that rank highest, "
            "outermost hundredth left out. The bars count leads by division."
        ),
    )
    return _section(("线索在哪里", "Where the leads are"), body + draw.bars(listed), note)


def _curves(found: Mapping[str, Any]) -> str:
    drawn = found["drawn"]
    lead = draw.histogram(drawn["lead"], "0", "1")
    rank = draw.histogram(drawn["rank"], "0", "100")
    note = ("纵轴按平方根，少的也看得见。", "The height is a square root, so that few show.")
    return (
        f"<div class=two>{_section(('线索概率', 'Probability of a lead'), lead, note)}"
        f"{_section(('成案指数', 'Case index'), rank, note)}</div>"
    )


def _top(rows: Sequence[Mapping[str, Any]]) -> str:
    head = "".join(
        f"<th{' class=n' if right else ''}>{both(*words)}"
        for words, right in (
            (("指数", "index"), True),
            (("反映", "reports"), True),
            (("领域", "domain"), False),
            (("地点、单位与理由", "place, parties, reasons"), False),
        )
    )
    slug = {title: key for key, title in figures.titles().items()}
    body = "".join(
        f"<tr><td class=n><b>{one['rank']:.1f}</b><td class=n>{one['reports']:,}"
        f"<td>{names(slug.get(one['domain']))}<br><small>{escape(one['incident'])}</small>"
        f"<td>{escape('；'.join(filter(None, (one['place'], *one['parties']))))}"
        f"<ul class=reasons>{''.join(f'<li>{escape(why)}' for why in one['reasons'])}</ul>"
        for one in rows
    )
    table = f"<table class=wide><thead><tr>{head}<tbody>{body}</table>"
    return _section(("排在最前的事", "The incidents that rank highest"), table)


def _asks(asks: Sequence[tuple[Sequence[str], int]]) -> str:
    if not asks:
        return ""
    rows = "".join(
        f"<tr><td>{both('或者 ', 'either ')}{both(' 或者 ', ' or ').join(map(names, one))}"
        f"<td class=n>{count:,}"
        for one, count in asks
    )
    note = (
        "这些留言的领域，模型不作决定，请人判断。",
        "Of these reports the model does not decide the domain: a person does.",
    )
    return _section(("要人判断的", "What asks for a person"), f"<table>{rows}</table>", note)


def _rejected(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    shown = "".join(f"<tr><td>{escape(line)}" for line in lines[:REJECTED])
    more = len(lines) - REJECTED
    note = (f"另有 {more:,} 行，见命令的输出。", f"{more:,} more.") if more > 0 else None
    return _section(("未能读取的行", "Rows not readable"), f"<table>{shown}</table>", note)


def _reading(job: Job) -> str:
    card = rulebook.raw("triage/model.toml")
    lead, sets = card["quality"]["lead"], card["quality"]["sets"]
    day = card["confirmed_on"]
    chinese = (
        "线索概率是模型估计，不是结论；成案指数只用来排先后，各项理由见表。",
        (
            f"模型 {day}：{card['trained_on']}。{card['measured']}。线索精确率 {lead['precision']:.3f}，"
            f"召回率 {lead['recall']:.3f}，F1 {lead['f1']:.3f}；领域集合约定误差 {sets['error']:.0%}，"
            f"实测 {sets['missed']:.1%}。{card['not_for']}。"
        ),
        f"规则词 {len(job.book.cues)} 组，规则库随本软件发布。",
    )
    english = (
        (
            "The probability is a model's estimate, not a finding; the index only orders the work, and "
            "each reason is shown."
        ),
        (
            f"Model of {day}. Lead: precision {lead['precision']:.3f}, recall {lead['recall']:.3f}, F1 "
            f"{lead['f1']:.3f}, cross-validated and optimistic, as the cues were written after the "
            f"messages were read; domain sets: error chosen {sets['error']:.0%}, measured "
            f"{sets['missed']:.1%}. It must not be used to refuse, to decide or to judge a person."
        ),
        f"{len(job.book.cues)} groups of cues, of the rulebook that comes with this program.",
    )
    told = "".join(f"<p>{both(*pair)}</p>" for pair in zip(chinese, english, strict=True))
    return _section(("怎样读", "How to read this"), told)
