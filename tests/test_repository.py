"""The repository's own promises: the map is true, every view guards itself, every setting is told."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from jingyi.core import rulebook
from jingyi.web.ui.marks import ACT

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "jingyi"
ROOMS = sorted(path.parent.name for path in (SRC / "web").glob("*/__init__.py"))


def patterns(resolver=None):
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        elif isinstance(one, URLPattern):
            yield one


def test_the_map_names_every_room_and_no_room_that_is_gone():
    text = (ROOT / "docs/map.md").read_text("utf-8")

    assert sorted(set(re.findall(r"^\| `web/(\w+)`", text, re.MULTILINE))) == ROOMS


def test_every_room_is_described():
    described = {path.stem for path in (ROOT / "docs/rooms").glob("*.md")}

    assert set(ROOMS) <= described


@pytest.mark.parametrize("pattern", list(patterns()), ids=lambda p: p.lookup_str)
def test_every_view_says_who_may_open_it(pattern):
    acts = {act for role in rulebook.roles().values() for act in role.may}
    if not pattern.callback.__module__.startswith("jingyi."):
        assert pattern.lookup_str == "django.views.i18n.set_language"
        return

    assert getattr(pattern.callback, ACT, None) in acts | {"public", "signed-in"}


def test_every_setting_from_the_environment_is_documented():
    asked = set(re.findall(r'"(JINGYI_[A-Z_]+)"', (SRC / "web/settings.py").read_text("utf-8")))
    told = set(re.findall(r"`(JINGYI_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text()))

    assert asked == told


def test_the_locks_hold_hashes_and_no_address():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        assert not re.search(r"https?:|index-url|find-links|file:", text), lock.name
        assert len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) <= text.count("--hash=sha256:")


def test_each_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    start = lines.index("dependencies = [") + 1
    for line in lines[start : lines.index("]", start)]:
        assert re.search(r'",\s+# \S', line), line


def test_no_file_has_grown_into_two():
    tracked = subprocess.run(
        ["git", "ls-files", "src/*.py"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout: the list of files is unknown")
    lengths = {
        name: len((ROOT / name).read_text("utf-8").splitlines())
        for name in tracked
        if "/migrations/" not in name
    }

    assert {name: n for name, n in lengths.items() if n > 400} == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "services", "signals", "managers"])
def test_what_must_not_exist_does_not(name):
    assert list(SRC.rglob(f"{name}.py")) + list(SRC.rglob(f"{name}/")) == []


def test_templates_hold_no_inline_script_style_or_foreign_address():
    allowed = re.compile(r"https?://(www\.w3\.org|127\.0\.0\.1)")
    for path in SRC.rglob("templates/**/*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), path
        assert not re.search(r"\son\w+=|\sstyle=|<style", text), path
        assert not re.search(r"https?://", allowed.sub("", text)), path


def test_migrations_are_complete(db):
    from django.core.management import call_command

    assert call_command("makemigrations", check=True, dry_run=True, verbosity=0) is None


def test_every_text_is_translated():
    done = subprocess.run(
        [".venv/bin/python", "tools/messages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_acts_are_asked_for_somewhere():
    """A permission nobody asks for is a promise nobody keeps."""
    code = "\n".join(p.read_text("utf-8") for p in (SRC / "web").rglob("*.py"))
    code += "".join(p.read_text("utf-8") for p in (SRC / "rulebook/states").glob("*.toml"))
    code += "".join(p.read_text("utf-8") for p in (SRC / "rulebook/documents").glob("*.toml"))
    acts = {act for role in rulebook.roles().values() for act in role.may}

    assert {act for act in acts if f'"{act}"' not in code} == set()


def test_the_project_is_licensed_and_credits_what_it_ships():
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    vendored = tomllib.loads((SRC / "web/ui/static/ui/vendor/VENDOR.toml").read_text("utf-8"))
    notice = (ROOT / "NOTICE").read_text("utf-8")

    assert vendored
    assert "Leaflet" in notice
