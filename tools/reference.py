"""Write docs/reference/*.md (see PAGES) from what the program itself says.

`--check` exits 1 where a page is not what would be written.
"""

import contextlib
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jingyi import cli
from jingyi.core import rulebook
from jingyi.core.clock_rules import Pause, Prolongation, Rule, RuleVersion
from jingyi.core.screening import book as screening
from jingyi.core.screening.compile import shown

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"


def clocks() -> str:
    """Every clock: what starts it, how long, from which article, how sure."""
    lines = [
        "# Clocks",
        "",
        "From `src/jingyi/rulebook/clocks/`. `assumed` is our reading until it is confirmed; text",
        "`quoted` was compared word for word with the article cited. Own: set by the office, no law.",
        "",
    ]
    lines += [
        "| number | clock | whose act | starts | period | extension, by whom | left out | from | article | text | reading |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for rule in rulebook.clocks():
        for version in rule.versions:
            lines.append(
                f"| {', '.join(rule.numbers)} | `{rule.id}` {rule.title} | {whose(rule)} | "
                f"{', '.join(rule.starts)} | {periods(version)} | {titles(version.extensions)} | "
                f"{titles(version.pauses)} | {version.in_force_from} | {version.source} | "
                f"{'quoted' if version.source.quote else '—'} | {version.reading.status} |"
            )
    return "\n".join(lines)


def whose(rule: Rule) -> str:
    """Return whose act the clock is about, and whether the office sets it itself."""
    return f"{rule.party}, own" if rule.nature == "soft" else rule.party


def titles(items: Mapping[str, Pause] | Mapping[str, Prolongation]) -> str:
    """Return the titles of pauses or extensions."""
    return "；".join(str(item.title) for item in items.values()) or "—"


def periods(version: RuleVersion) -> str:
    """Return the length of each track, in words."""
    return "；".join(f"{track.title} {track.period.sentence}" for track in version.tracks.values())


def procedure() -> str:
    """Both tracks drawn, and every step with what must be on file first."""
    lines = [
        "# Procedure",
        "",
        "From `src/jingyi/rulebook/states.toml` and `states/`. The pictures show the steps that move a",
        "case; the tables have every step. `assumed` is our reading until it is confirmed.",
    ]
    for name in ("administrative", "civil"):
        track = rulebook.states(name)
        lines += ["", f"## {track.title}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"  {state.id}: {state.title}" for state in track.states.values()]
        lines += [f"  [*] --> {track.first}"]
        moves: dict[tuple[str, str], list[str]] = {}
        for step in track.steps.values():
            for start in step.starts_from if step.to else ():
                moves.setdefault((start, step.to), []).append(str(step.title))
        lines += [f"  {a} --> {b}: {' / '.join(said)}" for (a, b), said in moves.items()]
        ends = [state.id for state in track.states.values() if state.kind != "open"]
        lines += [f"  {state} --> [*]" for state in ends] + ["```", ""]
        lines += ["| step | from | to | on file | not on file | who decides | article | reading |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        for step in track.steps.values():
            starts = "、".join(str(track.states[state].title) for state in step.starts_from)
            to = str(track.states[step.to].title) if step.to else "—"
            needs = "；".join(str(need.title) for need in step.needs) or "—"
            bars = "；".join(str(bar.title) for bar in step.bars) or "—"
            lines.append(
                f"| `{step.id}` {step.title} | {starts} | {to} | {needs} | {bars} | "
                f"{step.decider} | {step.source} | {step.status} |"
            )
    return "\n".join(lines)


def domains() -> str:
    """Every domain and the statutes that open it."""
    lines = ["# Statutory domains", "", "From `src/jingyi/rulebook/domains.toml`.", ""]
    lines += ["| slug | domain | procedures | bases | organs |", "|---|---|---|---|---|"]
    for domain in rulebook.every_domain():
        bases = "；".join(dict.fromkeys(str(basis.source) for basis in domain.bases))
        organs = "、".join(domain.organs)
        lines.append(
            f"| `{domain.slug}` | {domain.title} | {', '.join(domain.procedures)} | {bases} | {organs} |"
        )
    return "\n".join(lines)


def permissions() -> str:
    """Every act and the roles that may do it."""
    roles = list(rulebook.roles().values())
    acts = sorted({act for role in roles for act in role.may})
    lines = ["# Permissions", "", "From `src/jingyi/rulebook/roles.toml`.", ""]
    lines += [f"| act | {' | '.join(str(role.title) for role in roles)} |"]
    lines += ["|---" * (len(roles) + 1) + "|"]
    lines += [
        f"| `{act}` | {' | '.join('●' if act in role.may else '' for role in roles)} |"
        for act in acts
    ]
    return "\n".join(lines)


def documents() -> str:
    """Every kind of document: when it can be made, who signs it, what requires it."""
    lines = [
        "# Documents",
        "",
        "From `src/jingyi/rulebook/documents/`. `assumed`: wording and order are ours.",
        "",
        "| document | track | one of these steps first | signs | required by | elements | status |",
        "|---|---|---|---|---|---|---|",
    ]
    events = rulebook.events()
    for kind in rulebook.documents().values():
        steps = "、".join(str(events[event]) for event in kind.after)
        lines.append(
            f"| `{kind.id}` {kind.title} | {', '.join(kind.tracks)} | {steps} | `{kind.signs}` | "
            f"{kind.source} | {len(kind.elements)} | {kind.status} |"
        )
    return "\n".join(lines)


def commands() -> str:
    """Each command's own help."""
    lines = [
        "# The command line",
        "",
        "Exit 0 on success, 2 on a refusal (one sentence), 1 on a defect.",
    ]
    for name in sorted(cli.parser().commands):
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
            cli.main([name, "--help"])
        lines += ["", f"## jingyi {name}", "", "```", text.getvalue().rstrip(), "```"]
    return "\n".join(lines)


def models() -> str:
    """Every supervision model: question, basis, contract, parameters, SQL, examples."""
    lines = [
        "# Supervision models",
        "",
        "From `src/jingyi/rulebook/screening/`. Run one with `jingyi screen MODEL --source NAME=FILE … -o OUT`.",
        "`settled`: the article was read; `assumed`: entered from memory. Each example runs on every engine.",
    ]
    for model in screening.models().values():
        lines += [
            "",
            f"## {model.id}",
            "",
            f"**{model.title}** ({model.domain}). {model.question}",
            "",
        ]
        lines += [f"- {one.source} ({one.status}): {one.says}" for one in model.basis]
        lines += ["", "| source | column | kind | why |", "|---|---|---|---|"]
        lines += [
            f"| `{source.name}` {source.title} ({source.holder}) | `{one.name}` {one.title} | {one.kind} | {one.why} |"
            for source in model.sources
            for one in source.columns
        ]
        if model.parameters:
            lines += ["", "| parameter | default | from | to | meaning |", "|---|---|---|---|---|"]
            lines += [
                f"| `{one.id}` {one.title} | {shown(one.default)} {one.unit} | {shown(one.low)} | {shown(one.high)} | {one.meaning} |"
                for one in model.parameters
            ]
        lines += [
            "",
            f"Expected false positives: {''.join(str(one) for one in model.expected_errors)}",
        ]
        lines += ["", "```sql", model.text.strip(), "```"]
        for example in model.examples:
            lines += ["", f"*{example.title}*"]
            for name, rows in (*example.tables.items(), ("hits", example.hits)):
                lines += ["", *sample(name, rows)]
    return "\n".join(lines)


def sample(name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the rows of an example as a table."""
    if not rows:
        return [f"`{name}`: none"]
    heads = list(rows[0])
    lines = [f"`{name}`", "", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for row in rows:
        cells = [", ".join(map(str, v)) if isinstance(v, tuple) else shown(v) for v in row.values()]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


PAGES: dict[str, Callable[[], str]] = {
    "clocks": clocks,
    "procedure": procedure,
    "domains": domains,
    "documents": documents,
    "models": models,
    "permissions": permissions,
    "cli": commands,
}


def main() -> int:
    """Write the pages, or check them."""
    stale = []
    for name, page in PAGES.items():
        path = REFERENCE / f"{name}.md"
        text = page().rstrip() + "\n"
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text, "utf-8")
    print(f"{', '.join(stale) or 'nothing'} {'stale' if '--check' in sys.argv else 'written'}")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
