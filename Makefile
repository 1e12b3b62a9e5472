# Everything a developer types. Needs Python 3.13, make and git; the rest is set up here, into this folder.
#
#   make run [PORT=8000]                              the whole service on 127.0.0.1, with a ministry to play with
#   make token ROLE=customs [NAME=aizada] [PORT=..]   an access token for it, and nothing else
#   make check    format, lint, who imports whom, types, unit tests: under a minute
#   make test     all tests: under 15 minutes
#   make bench    how long things take
#   make setup    what the others do by themselves when it is missing
#   make clean    forget what the local run keeps and what was built; the environments stay

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PYTHON := .venv/bin/python

PORT ?= 8000
ROLE ?=
NAME ?=
WORKERS ?= 2

PO := $(wildcard chalicelib/locale/*/LC_MESSAGES/*.po)
READY := .venv/.ready .venv-engine/.ready .venv-cwt/.ready

.PHONY: help setup run token check test bench clean check-format check-lint check-imports check-types check-units

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY) $(PO:.po=.mo)

.venv/.ready: requirements.txt requirements-dev.txt
	@local/make-venv .venv requirements-dev.txt

.venv-engine/.ready: requirements-engine.txt
	@local/make-venv .venv-engine requirements-engine.txt

.venv-cwt/.ready: requirements-interop.txt
	@local/make-venv .venv-cwt requirements-interop.txt

$(PO:.po=.mo) &: $(PO) chalicelib/sentences.py | .venv/.ready
	@$(PYTHON) -m local.catalogues >&2 && touch $(PO:.po=.mo)

run: setup
	@exec $(PYTHON) -m local.run --port $(PORT)

token: .venv/.ready
	@$(PYTHON) -m local.token "$(ROLE)" --name "$(NAME)" --port "$(PORT)"

check: setup
	@$(MAKE) --keep-going --jobs=2 --output-sync=target check-types check-units check-format check-lint check-imports

check-format:
	@.venv/bin/ruff format --check .
check-lint:
	@.venv/bin/ruff check .
check-imports:
	@.venv/bin/lint-imports
check-types:
	@.venv/bin/mypy
check-units:
	@.venv/bin/pytest tests/unit -n $(WORKERS) -m "not engine and not slow and not browser"

test: setup
	@$(PYTHON) -m local.untested
	@.venv/bin/pytest -n $(WORKERS) --dist loadfile -rs

bench: setup
	@PYTHONPATH=.:tests $(PYTHON) tests/bench/run.py

clean:
	rm -rf .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .chalice/deployments
	rm -f $(PO:.po=.mo)
	find app.py chalicelib local tests -name __pycache__ -type d -prune -exec rm -rf {} +
