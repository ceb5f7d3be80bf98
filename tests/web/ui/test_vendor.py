"""What comes from elsewhere is what it says it is, and what is ours is small."""

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "src/jingyi/web/ui/static/ui"
VENDOR = STATIC / "vendor"


def listed():
    packages = tomllib.loads((VENDOR / "VENDOR.toml").read_text("utf-8"))["package"]
    return packages, {name: digest for one in packages for name, digest in one["sha256"].items()}


def test_every_vendored_file_has_its_digest():
    _, digests = listed()
    here = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.toml"
    }

    assert here == digests


def test_every_vendored_package_is_in_the_notice_with_its_licence():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    packages, digests = listed()
    for package in packages:
        assert re.search(rf"{package['name']} {package['version']}", notice, re.IGNORECASE)
    folders = {name.split("/")[0] for name in digests}
    assert all(f"{folder}/LICENSE" in digests for folder in folders)


def test_no_script_asks_for_a_map_that_is_not_there():
    for path in STATIC.rglob("*.js"):
        assert "sourceMappingURL" not in path.read_text("utf-8"), path


def test_sheets_stay_small_and_plain():
    sheets = {path.name: path.read_text("utf-8") for path in (STATIC / "css").glob("*.css")}
    packed = gzip.compress("".join(sheets.values()).encode())

    assert len(packed) < 12_000
    for name, text in sheets.items():
        assert "gradient(" not in text, name
        assert text.count("{") == text.count("}"), name
        used = set(re.findall(r"var\(--([\w-]+)", text))
        known = {found for one in sheets.values() for found in re.findall(r"--([\w-]+):", one)}
        assert used <= known, name
        for millis in re.findall(r"(\d+)ms", text):
            assert int(millis) < 150, name


def test_our_scripts_are_a_screenful_and_evaluate_nothing():
    for path in (STATIC / "js").glob("*.js"):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) < 100, path.name
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", text), path.name


def test_no_template_has_inline_script_or_style():
    for path in (ROOT / "src/jingyi/web").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\shx-on|\son[a-z]+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        # the head of base.html names the only sheets and scripts, all of them our own
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path
