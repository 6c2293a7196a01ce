# The commands of the house; each is safe to run again. `make run` is all that a new machine needs.
.PHONY: run setup development test check format bench faults simulate screenshots lock
SHELL := /bin/bash
# Each command, server and test process would compile all modules anew where the environment forbids to keep them.
export PYTHONDONTWRITEBYTECODE :=
PORT ?= 8000
SAMPLE ?= 1
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter fonts-noto-core
PYTHON := .venv/bin/python

run: setup
	@PORT=$(PORT) SAMPLE=$(SAMPLE) .venv/bin/flask serve

setup:
	@setup/environment requirements.lock
	@setup/system $(PANGO)
	@$(PYTHON) setup/fonts

# Everything that this machine can run; what was left out is listed at the end, with the reason.
test: development
	@setup/system chromium || true
	@setup/postgres >/dev/null || true
	@$(PYTHON) -m pytest -n auto --dist worksteal

development: setup
	@setup/environment requirements-dev.lock

check: development
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

format: development
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

# Ratios against a bare version in the same run; machines are noisy, so no test asserts them.
bench: development
	@$(PYTHON) -m tests.bench

# Faults at full size; the same at a small size are among the tests.
faults: development
	@$(PYTHON) -m tests.faults

# Coverage of intervals and false flags over thousands of draws; the same over hundreds are among the tests.
simulate: development
	@$(PYTHON) -m tests.simulate

# The pictures of the README, from the sample's own report and pages.
screenshots: development
	@setup/system poppler-utils imagemagick chromium
	@rm -rf var/screenshots && PARALLAX_HOME=$(PWD)/var/screenshots .venv/bin/flask db upgrade
	@PARALLAX_HOME=$(PWD)/var/screenshots .venv/bin/flask sample load --json >/dev/null
	@PARALLAX_HOME=$(PWD)/var/screenshots .venv/bin/flask report gaps sample --pdf var/screenshots/sample.pdf
	@pdftoppm -r 96 -l 2 -png var/screenshots/sample.pdf var/screenshots/page
	@for page in 1 2; do convert var/screenshots/page-*$$page.png +dither -colors 96 docs/report-page-$$page.png; done
	@PARALLAX_HOME=$(PWD)/var/screenshots PARALLAX_SECRET_KEY="a secret for tests only" $(PYTHON) -m tests.pictures
	@for page in survey-phone interview accounts study judgement moved; do convert docs/$$page.png +dither -colors 96 docs/$$page.png; done

# Resolve the dependencies of pyproject.toml anew.
lock:
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 pyproject.toml --custom-compile-command "make lock" -o requirements.lock
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 pyproject.toml --group dev -c requirements.lock --custom-compile-command "make lock" -o requirements-dev.lock
