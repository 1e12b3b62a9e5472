# Everything a developer types. Needs Python 3.13, make and git; the rest is set up here, into this folder.
#
#   make run [PORT=8000] [PROCESSES=1]   the whole service on 127.0.0.1, with a ministry to practise with
#   make run COUNTRY=UZ [PORT=8100]   another country's practice register beside it (docs/NEW_COUNTRY.md)
#   make run REAL=yes PORT=8010   a real register beside it; the practice mode of its scanner takes the first one's sheets
#   make token ROLE=customs [NAME=aizada] [PORT=..]   print an access token, and nothing else
#   make mails [PORT=..]   print the mails that the service sent to applicants
#   make check    format, lint, imports between modules, types, unit tests, make measure: about two minutes
#   make measure  figures of the code's structure: modules, import circles, long signatures, files on the path of a verdict
#   make test     all tests: about a quarter of an hour on two idle cores
#   make bench    measure run times, for docs/BENCHMARKS.md  [QUICK=1 ONLY=verifying,... SIZES=1000,100000,1000000]
#   make soak     every proof at full size, three hours at most; continues where it stopped  [SEED=20261125 ONLY=race,...]
#   make mutants  list the small changes of the pure rooms that no test notices  [ONLY="cose claims" or ONLY=all]
#   make fuzz     fuzz every parser of untrusted bytes with atheris  [TARGET=qr,json SECONDS=60]
#   make workshop  twenty practice sheets, goods cards and the trainer's key, into .local/workshop; needs make run  [ADDRESS= TOKENS=]
#   make films    the films of /training/, recorded on the pages in each language  [ONLY="hold apply" LANGUAGES=ky]
#   make screens  a picture of each screen of the pages and of the form, into docs/images  [ONLY="desk-queue permit"]
#   make package  make the deployment package of a stage: checked, measured, with its bill of materials  [STAGE=practice]
#   make deploy-local   deploy that package with CloudFormation on the local engine, and run a permit's life through it
#   make lock     write the locks (versions and hashes) after a change of requirements*.txt
#   make setup    install what is missing; the other commands do this themselves
#   make clean    delete the data of the local run and all built files; the environments stay

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PYTHON := .venv/bin/python

COUNTRY ?=
PORT ?= $(if $(COUNTRY),8100,8000)
ASKED_PORT = $(if $(filter file,$(origin PORT)),,--port "$(PORT)")
PROCESSES ?= 1
REAL ?=
ROLE ?=
NAME ?=
WORKERS ?= 2
SEED ?=
TARGET ?=
SECONDS ?= 60
STAGE ?= practice
ONLY ?=
LANGUAGES ?=
ADDRESS ?=
TOKENS ?=

PO := $(wildcard chalicelib/locale/*/LC_MESSAGES/*.po)
WEB_PO := $(wildcard web/locale/*.po)
SAYS := $(PO:.po=.mo) web/i18n/.ready
FONTS := chalicelib/data/fonts/.ready
TABLES := web/core/generated/.ready
RUNS := .venv/.ready .venv-engine/.ready .venv-node/.ready
READY := $(RUNS) .venv-cwt/.ready .venv-infra/.ready

.PHONY: help setup run token mails check measure test bench soak fuzz mutants screens films workshop package deploy-local lock clean check-format check-lint check-imports check-types check-web-types check-units

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY) $(SAYS) $(FONTS) $(TABLES)

.venv/.ready: requirements-dev.lock
	@local/make-venv .venv requirements-dev.lock

.venv-engine/.ready: requirements-engine.lock
	@local/make-venv .venv-engine requirements-engine.lock

.venv-cwt/.ready: requirements-interop.lock
	@local/make-venv .venv-cwt requirements-interop.lock

.venv-infra/.ready: requirements-infra.lock
	@local/make-venv .venv-infra requirements-infra.lock

.venv-node/.ready: requirements-node.lock web/package-lock.json tests/interop/package-lock.json local/make-node
	@local/make-node

SENTENCES := chalicelib/verdict/sentences.py chalicelib/verification/labels.py chalicelib/mail/letterhead.py chalicelib/permits/mail.py chalicelib/alerts/mail.py \
    chalicelib/expert_questions/mail.py chalicelib/requirements/services.py chalicelib/suspicions/mail.py chalicelib/composition/api_pages.py
$(PO:.po=.mo) &: $(PO) $(SENTENCES) | .venv/.ready
	@$(PYTHON) -m local.catalogues >&2 && touch $(PO:.po=.mo)

web/i18n/.ready: $(WEB_PO) $(PO:.po=.mo) web/site.toml local/web_catalogues.py | .venv/.ready
	@$(PYTHON) -m local.web_catalogues >&2 && touch web/i18n/.ready

$(TABLES): $(addprefix chalicelib/,kernel/codes.py kernel/countries.py kernel/document_kinds.py kernel/numbers.py kernel/terms.py verdict/check_results.py applications/rules/validity.py) local/web_tables.py local/web_zones.py requirements-dev.lock | .venv/.ready
	@$(PYTHON) -m local.web_tables >&2 && touch $@

$(FONTS): local/fonts.py chalicelib/issuing/print/typeset.py | .venv/.ready
	@$(PYTHON) -m local.fonts >&2 && touch $@

run: $(RUNS) $(SAYS) $(FONTS) $(TABLES)
	@exec $(PYTHON) -m local.run --port $(PORT) --workers $(PROCESSES) $(if $(filter-out yes,$(REAL)),$(error REAL: give REAL=yes, or leave it out))$(if $(REAL),--real) $(if $(COUNTRY),--country "$(COUNTRY)")

token: .venv/.ready
	@$(PYTHON) -m local.token "$(ROLE)" --name "$(NAME)" $(ASKED_PORT)

mails: .venv/.ready
	@$(PYTHON) -m local.mails $(ASKED_PORT)

check: setup
	@$(MAKE) --keep-going --jobs=2 --output-sync=target check-types check-units check-format check-lint check-imports check-web-types measure

check-format:
	@.venv/bin/ruff format --check .
check-lint:
	@.venv/bin/ruff check .
check-imports:
	@.venv/bin/lint-imports
check-types:
	@.venv/bin/mypy
check-web-types: $(TABLES)
	@if [ -f web/node_modules/typescript/bin/tsc ]; then \
	    .venv-node/node web/node_modules/typescript/bin/tsc --project web/tsconfig.json; \
	else \
	    echo "The types of web/core are not checked: Node or TypeScript is not installed. Run local/make-node to see why."; \
	fi
check-units:
	@.venv/bin/pytest tests/unit -n $(WORKERS) -m "not engine and not slow and not browser"

measure: setup
	@$(PYTHON) -m local.measure
	@PYTHONPATH=.:tests $(PYTHON) tests/walks.py

test: setup
	@$(PYTHON) -m local.untested
	@.venv/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --timeout 600 -rs

bench: setup
	@$(if $(QUICK),QUICK=1) $(if $(SIZES),SIZES=$(SIZES)) PYTHONPATH=.:tests $(PYTHON) tests/bench/run.py --only "$(ONLY)"

soak: setup
	@TAMGA_SEED=$(SEED) PYTHONPATH=.:tests $(PYTHON) tests/soak.py --only "$(ONLY)"

mutants: setup
	@PYTHONPATH=.:tests:tests/mutation $(PYTHON) tests/mutation/mutants.py $(ONLY)

fuzz: setup
	@PYTHONPATH=.:tests $(PYTHON) tests/fuzz/run.py --target "$(TARGET)" --seconds $(SECONDS)

workshop: .venv/.ready $(FONTS)
	@$(PYTHON) -m local.workshop.make $(if $(ADDRESS),--address $(ADDRESS) --tokens "$(TOKENS)")

films: setup
	@ONLY="$(ONLY)" LANGUAGES="$(LANGUAGES)" PYTHONPATH=.:tests:tests/web $(PYTHON) tests/web/films.py

screens: setup
	@ONLY="$(ONLY)" PYTHONPATH=.:tests $(PYTHON) tests/web/screens.py

package: .venv/.ready
	@$(PYTHON) -m local.package.build --stage $(STAGE)

deploy-local: $(RUNS)
	@$(PYTHON) -m local.deploy

lock: .venv/.ready
	@$(PYTHON) -m local.package.lock --write

clean:
	rm -rf .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .chalice/deployments
	rm -f $(PO:.po=.mo)
	rm -rf web/i18n web/core/generated chalicelib/data/fonts
	find app.py chalicelib infra local tests -name __pycache__ -type d -prune -exec rm -rf {} +
