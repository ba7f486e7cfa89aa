# Every target calls one script or one command; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint lock screenshots benchmark clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 \t\2/p' Makefile | expand -t 22

setup: ## Make .venv, fetch the front-end files, install what the system lacks
	@scripts/setup.sh run

run: ## Set up, load the demo, serve on this machine (PORT=8000, DATABASE_URL=SQLite)
	@scripts/run.sh

test: ## Check everything, on SQLite and PostgreSQL (ARGS="tests/readiness -k word": only those tests)
	@scripts/test.sh $(ARGS)

lint: ## Only the checks that need no test
	@scripts/setup.sh test && scripts/lint.sh

lock: ## Compile the lock files again (ARGS=--upgrade: to the newest versions)
	@scripts/lock.sh $(ARGS)

screenshots: ## Take the pictures of every page and of the PDF again
	@scripts/setup.sh test && .venv/bin/python scripts/screenshots.py $(ARGS)

benchmark: ## Measure, and print one table
	@scripts/setup.sh test && .venv/bin/python benchmarks/run.py $(ARGS)

clean: ## Remove what set-up and tests made; the database and data/ stay
	rm -rf .venv node_modules static/vendor static/.vendor-unfinished staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
