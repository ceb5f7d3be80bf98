"""The rulebook's part on triage, as frozen values."""

import tomllib
from importlib import resources
from typing import Any


def read(name: str) -> dict[str, Any]:
    """Return one file of `rulebook/triage` as plain values."""
    file = resources.files("jingyi") / "rulebook" / "triage" / name
    return tomllib.loads(file.read_text("utf-8"))
