# Needs make and Python 3.11 or newer with its venv module; everything else goes into .venv.
# Another Python: make setup PYTHON=python3.13
PYTHON ?= python3
BIN := .venv/bin
# Only errors are shown; what is imported gets compiled then, which takes 12 seconds less than all of it now.
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# What is imported is compiled once, not by each of the processes of a test run: 40 seconds of CPU less.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test browser check run bench pictures lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready-to-develop ## install everything the locks name into .venv (again only when they change)

demo: .venv/ready-to-run ## try the bot in the browser, on this machine; no account needed
	@$(BIN)/python -m bot demo

test: check ## check, then every test; under three minutes, no network, no account
	@$(BIN)/pytest --ignore=tests/browser --ignore=tests/javascript

browser: .venv/ready-to-develop ## the page in a real browser (Chromium), Slack's JavaScript clients (Node); after make test
	@$(BIN)/pytest -n 2 tests/browser --ignore=tests/browser/drawing
	@$(BIN)/pytest -n 0 -s tests/browser/drawing
	@$(BIN)/pytest -n 3 tests/javascript

check: .venv/ready-to-develop ## format, lint, types and import rules
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > .venv/import-rules.txt || { cat .venv/import-rules.txt; exit 1; }

run: .venv/ready-to-run ## run the bot with the settings in .env
	@$(BIN)/python -m bot run

bench: .venv/ready-to-develop ## measure, and write BENCHMARKS.md
	@$(BIN)/python -m tests.bench

pictures: .venv/ready-to-develop ## take the README's pictures of the page anew (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

lock: ## compile requirements*.txt anew from pyproject.toml (needs uv)
	@command -v uv > /dev/null || { echo "make lock needs uv: see its documentation for how to install it."; exit 1; }
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) --extra dev --constraint requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## remove .venv and all caches; databases and .env stay
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) says: $$($(PYTHON) --version 2>&1 | tail -n 1)" \
			"Name another one: make setup PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || { \
		echo "$(PYTHON) comes without venv. Install it (on Debian and Ubuntu the package python3-venv), then try again."; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready-to-run: requirements.txt | .venv/created
	@echo "Installing what the bot needs into .venv …"
	@$(PIP) install --no-compile --require-hashes -r requirements.txt
	@touch $@

.venv/ready-to-develop: requirements-dev.txt requirements.txt pyproject.toml | .venv/created
	@echo "Installing what the bot and its tests need into .venv …"
	@$(PIP) install --no-compile --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch .venv/ready-to-run $@
