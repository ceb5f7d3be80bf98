"""What a triage run found, as numbers and as a page that opens without a network or a script."""

import html
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jingyi.core import rulebook
from jingyi.engines.base import Done, Job

TOP = 10
NONE = "不属于法定领域或待人工判断"
STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--line:#d8dadd;--bar:#2f5d9b;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e4e6e9;--line:#3a3e44;--bar:#7ba3d8;--paper:#16181b}}
body{font:16px/1.7 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif;max-width:960px;margin:32px auto;
padding:0 16px;color:var(--ink);background:var(--paper)}
table{border-collapse:collapse;width:100%;margin:8px 0 32px;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 8px;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right} .bar{display:block;height:10px;background:var(--bar)} small{opacity:.75}
"""


def summary(target: Path, done: Done) -> dict[str, Any]:
    """Return the figures of a run, read back from what it wrote."""
    rows = pq.read_table(target).to_pylist()
    titles = {one.slug: str(one.title) for one in rulebook.domains()}
    by_incident: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_incident.setdefault(row["incident"], []).append(row)
    first = sorted(by_incident.items(), key=lambda item: -max(row["rank"] for row in item[1]))[:TOP]
    return {
        "rows": done.rows,
        "leads": sum(row["is_lead"] for row in rows),
        "incidents": len(by_incident),
        "rejected": len(done.rejected),
        "seconds": round(sum(done.seconds.values()), 3),
        "stages": {name: round(value, 3) for name, value in done.seconds.items()},
        "domains": dict(Counter(titles.get(row["domain"], NONE) for row in rows).most_common()),
        "top": [_incident(name, held, titles) for name, held in first],
    }


def _incident(name: str, held: list[dict[str, Any]], titles: dict[str, str]) -> dict[str, Any]:
    best = max(held, key=lambda row: row["rank"])
    places = Counter(row["place"] for row in held if row["place"])
    return {
        "incident": name,
        "rank": round(best["rank"], 1),
        "reports": len(held),
        "domain": titles.get(best["domain"], ""),
        "place": places.most_common(1)[0][0] if places else "",
        "reasons": best["reasons"][:6],
    }


def page(job: Job, done: Done, found: dict[str, Any]) -> str:
    """Return the report as one HTML file."""
    most = max(found["domains"].values(), default=1)
    domains = "".join(
        f"<tr><td>{html.escape(name)}</td><td class=n>{count:,}</td>"
        f'<td style="width:50%"><span class=bar style="width:{100 * count / most:.1f}%"></span></td></tr>'
        for name, count in found["domains"].items()
    )
    top = "".join(
        f"<tr><td class=n>{one['rank']}</td><td>{html.escape(one['domain'] or '—')}</td>"
        f"<td>{html.escape(one['place'])}<br><small>{html.escape('；'.join(one['reasons']))}</small></td>"
        f"<td class=n>{one['reports']}</td><td>{html.escape(one['incident'])}</td></tr>"
        for one in found["top"]
    )
    stages = {
        "start": "启动",
        "read": "读取",
        "judge": "判断",
        "incidents": "归并",
        "write": "写出",
    }
    timing = "，".join(f"{stages[name]} {value:.1f} 秒" for name, value in done.seconds.items())
    speed = done.rows / max(found["seconds"], 1e-6)
    return (
        f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>研判报告</title>'
        f"<style>{STYLE}</style><h1>研判报告</h1>"
        f"<p>{html.escape(job.source.name)}：{done.rows:,} 行，{found['leads']:,} 条线索，"
        f"{found['incidents']:,} 件事，未能读取 {found['rejected']:,} 行。"
        f"{timing}；每秒 {speed:,.0f} 行。</p>"
        f"<h2>各领域件数</h2><table><tr><th>领域<th class=n>件数<th></tr>{domains}</table>"
        f"<h2>排在最前的十件事</h2><table><tr><th class=n>指数<th>领域<th>地点与理由"
        f"<th class=n>件数<th>编号</tr>{top}</table></html>"
    )
