# Nothing else to remember:  make run · make test · make check · make bench · make docs · make lock
SHELL := /bin/sh
PY := .venv/bin/python

run:            ## set up, migrate, fill the demo city the first time, serve on 127.0.0.1:8000
	@tools/setup.sh run
	@.venv/bin/jingyi run

test:           ## set up what the tests need, then run every test
	@tools/setup.sh test
	@tools/test.sh

check:          ## quick: lint, types, import contracts, tests that need no browser and no minute
	@tools/setup.sh test
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --cache-dir .cache/imports
	@$(PY) -m pytest -q -n 2 -m "not journey and not slow"

bench:          ## each job beside a peer and the physical limit, in one run
	@tools/setup.sh test
	@for job in benchmarks/*.py; do $(PY) $$job || exit 1; done

docs:           ## regenerate docs/reference, screenshots, translations' skeletons
	@tools/setup.sh test
	@$(PY) tools/messages.py
	@$(PY) tools/reference.py

lock:           ## resolve pyproject.toml again; writes versions and hashes, no address
	@uv pip compile pyproject.toml --overrides tools/overrides.txt --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock
	@uv pip compile pyproject.toml --extra dev --extra postgres --extra spark --overrides tools/overrides.txt -c requirements.lock --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

.PHONY: run test check bench docs lock
