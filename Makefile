# Two commands from a clean checkout: `make demo` and `make test`. Needs python 3.11+, make and git.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

export PYTHON
PY := .venv/bin/python
READY := .venv/.ready

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1@/' | column -t -s@

demo: $(READY) ## raw data, dbt build, publish, and a conversation over MCP
	@$(PY) -m martlet demo

test: $(READY) ## the tests that belong to every change (some minutes)
	@$(PY) -m pytest

test-all: $(READY) .judges/.ready ## the long proofs
	@$(PY) -m pytest -m slow

lint: $(READY) ## style, types, the house's imports, SQL layout, generated documents
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check -q .
	@$(PY) -m mypy
	@.venv/bin/python .venv/bin/lint-imports
	@$(PY) -m sqlfmt --check --quiet transforms
	@$(PY) -m cogapp --check README.md docs/*.md

check: lint test ## everything a commit must pass

bench: $(READY) ## what the product costs, as ratios in one run
	@$(PY) -m tests.bench

bench-marts: $(READY) ## what dbt takes for the marts, in full and for a day, at 1, 10 and 100 times
	@$(PY) -m tests.bench marts --scale 1 10 100

fuzz: $(READY) ## 100,000 texts against the gate and DuckDB's plans (prints its seed)
	@$(PY) -m tests.gate.fuzz --statements 100000

mmm: $(READY) ## feed the demo's exports to Meridian and Robyn, installed aside (some GB, once)
	@$(PY) -m tests.mmm

docs: $(READY) ## write the generated parts of the documents
	@$(PY) -m cogapp -r README.md docs/*.md

lock: ## resolve pyproject.toml into requirements.lock (needs uv)
	uv pip compile --universal --no-strip-extras --generate-hashes --all-extras --no-header -q \
	    -p python3.11 pyproject.toml -o requirements.lock

clean: ## remove what the commands above made
	rm -rf .martlet .venv .judges transforms/target transforms/logs

$(READY): requirements.lock pyproject.toml .ci/setup
	@sh .ci/setup
	@touch $(READY)

.judges/.ready: $(READY) .ci/judges
	@sh .ci/judges
	@touch .judges/.ready

.PHONY: help demo test test-all lint check bench bench-marts fuzz mmm docs lock clean
