"""Collect what people read into catalogues, one per room; no gettext needed.

    .venv/bin/python tools/messages.py              every room: add the missing, drop the unused
    .venv/bin/python tools/messages.py leads core   these only (also core/triage, core/linkage, core/matching, cli)
    .venv/bin/python tools/messages.py --check      change nothing; exit 1 and say what is missing

Message ids are the Chinese texts in the source. Existing translations are kept.
"""

import ast
import re
import string
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src/jingyi"
PLAIN = {"say", "Sentence", "_", "gettext", "gettext_lazy", "gettext_noop"}
# how many leading arguments are the context, and how many after them are texts
SHAPES = dict.fromkeys(PLAIN, (0, 1)) | {
    "ngettext": (0, 2),
    "ngettext_lazy": (0, 2),
    "pgettext": (1, 1),
    "pgettext_lazy": (1, 1),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
IN_TEMPLATE = re.compile(
    r"\b(?P<name>_|gettext|ngettext|pgettext|npgettext)\(\s*"
    r"(?P<args>u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
    r"(?:\s*,\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"))*)"
)
GAP = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True, slots=True)
class Message:
    """One text as it stands in the source: `context` and `plural` are empty for most."""

    text: str
    plural: str = ""
    context: str = ""


class Unreadable(Exception):
    """A text that cannot be collected, such as an f-string: its translation could not be found."""


def room_of(path: Path) -> Path | None:
    """Return the folder whose catalogue holds the texts of `path`; None where none are kept."""
    parts = path.relative_to(SOURCE).parts
    if parts[0] in {"demo", "rulebook"}:
        return None
    if parts[0] == "cli" or parts[0] == "cli.py":
        return SOURCE / "cli"
    if parts[0] == "web":
        return SOURCE / "web" / (parts[1] if len(parts) > 2 else "ui")
    own = parts[:2] in {("core", "triage"), ("core", "linkage"), ("core", "matching")}
    return SOURCE / "core" / parts[1] if own else SOURCE / "core"


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the literal texts `node` can be; nothing for a variable, which is collected elsewhere."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield "".join([*texts(left), *texts(right)])
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts(body)
            yield from texts(orelse)
        case ast.JoinedStr():
            msg = "an f-string cannot be translated; name its gaps: say('… {x} …', x=x)"
            raise Unreadable(msg)


def called(node: ast.Call) -> str:
    """Return the bare name that `node` calls."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def refusals(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names of Refusal and of every class that descends from it."""
    bases = [
        (item.name, {base.id for base in item.bases if isinstance(base, ast.Name)})
        for tree in trees
        for item in ast.walk(tree)
        if isinstance(item, ast.ClassDef)
    ]
    found = {"Refusal"}
    while new := {name for name, above in bases if above & found} - found:
        found |= new
    return found


def in_python(tree: ast.Module, family: set[str]) -> Iterator[Message]:
    """Yield the messages of one module; `family` are the classes whose first argument is a text."""
    inside = {
        id(call)
        for item in ast.walk(tree)
        if isinstance(item, ast.ClassDef) and item.name in family
        for call in ast.walk(item)
        if isinstance(call, ast.Call) and called(call) == "__init__"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = called(node)
            shape = (0, 1) if name in family or id(node) in inside else SHAPES.get(name)
            if shape:
                try:
                    yield from in_call(node, *shape)
                except Unreadable as error:
                    msg = f"line {node.lineno}: {error}"
                    raise Unreadable(msg) from None
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "JINGYI_RAIL" for target in node.targets
        ):
            for entry in ast.literal_eval(node.value):
                yield Message(entry["label"])


def in_call(node: ast.Call, before: int, count: int) -> Iterator[Message]:
    """Yield what one call names: `before` arguments of context, then `count` texts."""
    context = next(texts(node.args[0]), "") if before else ""
    wanted = node.args[before : before + count]
    if count == 1 and wanted:
        for text in texts(wanted[0]):
            yield Message(text, context=context)
    elif len(wanted) == count:
        singular, plural = (next(texts(argument), "") for argument in wanted)
        if singular:
            yield Message(singular, plural, context)


def in_template(source: str, origin: str) -> Iterator[Message]:
    """Yield the messages of one template."""
    for found in IN_TEMPLATE.finditer(templatize(source, origin=origin)):
        values = ast.literal_eval(f"[{found['args']}]")
        before, count = SHAPES[found["name"]]
        if len(values) >= before + count:
            rest = values[before : before + count]
            context = values[0] if before else ""
            yield Message(rest[0], rest[1] if count > 1 else "", context)


def collect() -> tuple[dict[Path, dict[Message, set[str]]], list[str]]:
    """Return {room: {message: files}} of the whole source, and what could not be read."""
    if not settings.configured:
        settings.configure()
    found: dict[Path, dict[Message, set[str]]] = defaultdict(dict)
    wrong = []
    trees = {
        path: ast.parse(path.read_text("utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if room_of(path) and "migrations" not in path.parts
    }
    family = refusals(trees.values())
    pages = [
        path
        for pattern in ("*.html", "*.txt")
        for path in sorted((SOURCE / "web").rglob(pattern))
        if "templates" in path.parts
    ]
    for path in [*trees, *pages]:
        name = path.relative_to(SOURCE).as_posix()
        try:
            messages = list(
                in_python(trees[path], family)
                if path in trees
                else in_template(path.read_text("utf-8"), name)
            )
        except (Unreadable, SyntaxError) as error:
            wrong.append(f"{name}: {error}")
            continue
        for message in messages:
            found[room_of(path)].setdefault(message, set()).add(name)
    return found, wrong


def catalogue(room: Path) -> Path:
    return room / "locale/en/LC_MESSAGES/django.po"


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def merged(old: polib.POFile, messages: dict[Message, set[str]]) -> polib.POFile:
    """Return the catalogue of exactly `messages`, with the translations `old` has for them."""
    known = {key(entry): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message, files in messages.items():
        entry = known.get(message) or polib.POEntry(
            msgid=message.text,
            msgid_plural=message.plural,
            msgctxt=message.context or None,
            msgstr_plural={0: "", 1: ""} if message.plural else {},
        )
        entry.occurrences = [(name, "") for name in sorted(files)]  # no lines: they only churn
        new.append(entry)
    return new


def gaps(text: str) -> set[str]:
    """Return the named gaps of `text`, ``{x}`` and ``%(x)s``; a broken format has the gap '?'."""
    named = set(GAP.findall(text))
    try:
        named |= {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        named.add("?")
    return named


def fits(form: str, message: Message) -> bool:
    """Tell whether a translation has the gaps of its text; a plural form may leave some out."""
    if message.plural:
        return gaps(form) <= gaps(message.text) | gaps(message.plural)
    return gaps(form) == gaps(message.text)


def faults(path: Path, messages: dict[Message, set[str]]) -> Iterator[str]:
    """Yield, one line each, what keeps the catalogue at `path` from being complete and sound."""
    name = path.relative_to(SOURCE)
    old = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    for message in messages:
        entry = old.get(message)
        if entry is None:
            yield f"{name}: missing: {message.text}"
            continue
        forms = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
        if entry.fuzzy or not all(forms):
            yield f"{name}: {'fuzzy' if entry.fuzzy else 'empty'}: {message.text}"
        elif not all(fits(form, message) for form in forms):
            yield f"{name}: gaps differ: {message.text} -> {' | '.join(forms)}"
    for message in old.keys() - messages.keys():
        yield f"{name}: unused: {message.text}"


def contradictions(rooms: Iterable[Path]) -> Iterator[str]:
    """Yield texts that two rooms translate differently: only one of them would be shown."""
    said: dict[Message, dict[str, str]] = defaultdict(dict)
    for room in rooms:
        if catalogue(room).exists():
            for entry in polib.pofile(str(catalogue(room))):
                if entry.msgstr:
                    said[key(entry)].setdefault(entry.msgstr, room.name)
    for message, ways in said.items():
        if len(ways) > 1:
            listed = "; ".join(f"{room}: {text}" for text, room in ways.items())
            yield f"translated in two ways: {message.text} -> {listed}"


def main(arguments: list[str]) -> int:
    """Write the catalogues, or with ``--check`` only say what is wrong with them."""
    check = "--check" in arguments
    names = [name for name in arguments if not name.startswith("-")]
    found, problems = collect()
    for room, messages in found.items():
        if names and room.name not in names and room.relative_to(SOURCE).as_posix() not in names:
            continue
        path = catalogue(room)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            old = polib.pofile(str(path)) if path.exists() else polib.POFile()
            text = str(merged(old, messages)) + "\n"
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")
        problems += faults(path, messages)
    problems += contradictions(found)
    print("\n".join(problems) or "Every message has its English.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
