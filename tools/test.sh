#!/bin/sh
# Every check, in the order in which a failure is cheapest to read.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/ruff check -q .
.venv/bin/ruff format -q --check .
.venv/bin/mypy
.venv/bin/lint-imports --cache-dir .cache/imports
exec .venv/bin/python -m pytest -q -n 2 --dist loadgroup -rs "$@"
