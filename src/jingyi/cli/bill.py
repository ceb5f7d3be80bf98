"""The bill of materials of an archive: which packages are in it, from where they are known, under what licence.

CycloneDX 1.5 as JSON; one component a wheel, held to the wheel's own SHA-256.
"""

import hashlib
import json
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

NAME = "sbom.cdx.json"


def of(wheels: list[Path], project: Path) -> bytes:
    """Return the bill for `wheels`; `project` is the program's pyproject.toml. The same wheels give the same bytes."""
    ours = tomllib.loads(project.read_text("utf-8"))["project"]
    parts = [_part(path) for path in wheels]
    digests = "".join(one["hashes"][0]["content"] for one in parts)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, digests)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": ours["name"], "version": ours["version"]}
        },
        "components": parts,
    }
    return (json.dumps(bill, ensure_ascii=False, indent=1) + "\n").encode()


def _part(wheel: Path) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as opened:
        name = next(n for n in opened.namelist() if n.endswith(".dist-info/METADATA"))
        told = HeaderParser().parsestr(opened.read(name).decode("utf-8", "replace"))
    plain = told["Name"].lower().replace("_", "-").replace(".", "-")
    part = {
        "type": "library",
        "name": plain,
        "version": told["Version"],
        "purl": f"pkg:pypi/{plain}@{told['Version']}",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}],
    }
    if licence := _licence(told.get("License-Expression"), told.get("License"), told.get_all("Classifier")):  # fmt: skip
        part["licenses"] = [licence]
    return part


def _licence(expression: str | None, words: str | None, classes: list[str] | None) -> dict[str, Any] | None:  # fmt: skip
    """Return the licence as the package states it; some put the licence's whole text there, of which none is taken."""
    if expression:
        return {"expression": expression}
    named = [one.rsplit(" :: ", 1)[-1] for one in classes or () if one.startswith("License :: ")]
    if named:
        return {"license": {"name": " / ".join(named)}}
    if words and "\n" not in words:
        return {"license": {"name": words}}
    return None
