"""The bill of materials: every package, the wheel that was packed, its licence."""

import hashlib
import json
import zipfile

import pytest

from jingyi.cli import bill


def wheel(folder, name, version, *lines):
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        told = "\n".join([f"Name: {name}", f"Version: {version}", *lines, "", "About it."])
        made.writestr(f"{name}-{version}.dist-info/METADATA", told)
    return path


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "office"\nversion = "2.1"\n')
    return path


def test_every_wheel_is_a_component_with_its_digest(tmp_path, project):
    wheels = [
        wheel(tmp_path, "Typing_Extensions", "4.0", "License-Expression: PSF-2.0"),
        wheel(tmp_path, "old", "1", "License: MIT", "Classifier: License :: OSI Approved :: MIT License"),
        wheel(tmp_path, "plain", "2", "License: BSD"),
        wheel(tmp_path, "silent", "3"),
    ]  # fmt: skip
    made = json.loads(bill.of(wheels, project))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    assert made["metadata"]["component"] == {"type": "application", "name": "office", "version": "2.1"}  # fmt: skip
    assert [one["purl"] for one in made["components"]] == [
        "pkg:pypi/typing-extensions@4.0", "pkg:pypi/old@1", "pkg:pypi/plain@2", "pkg:pypi/silent@3",
    ]  # fmt: skip
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in wheels]
    assert [one["hashes"][0]["content"] for one in made["components"]] == digests
    assert [one.get("licenses") for one in made["components"]] == [
        [{"expression": "PSF-2.0"}],
        [{"license": {"name": "MIT License"}}],
        [{"license": {"name": "BSD"}}],
        None,
    ]


def test_the_same_wheels_give_the_same_bill(tmp_path, project):
    wheels = [wheel(tmp_path, "one", "1")]
    assert bill.of(wheels, project) == bill.of(wheels, project)
