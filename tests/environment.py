"""Loaded before Django's settings are read (see pyproject.toml): a data folder for this run alone."""

import os
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="jingyi-test-"))
(DATA / "static").mkdir()
os.environ["JINGYI_DATA"] = str(DATA)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside the ORM
