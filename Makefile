# Everything a person does with this folder. Needs Python 3.11 or later, and nothing else.

.DEFAULT_GOAL := help
.PHONY: help up assets messages demo test test-postgres check e2e attack soak bench lock clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
HERE := $(CURDIR)
# Another interpreter may be named: make PYTHON=/path/to/python3.12 up
PYTHON ?=
# Options for pytest and for the demonstration: make test ARGS="-k lapses"
ARGS ?=
# Tests run in as many processes as there are cores, four at most, each with an engine of its own.
TESTERS := -n auto --maxprocesses 4 --dist loadscope
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes --only-binary :all:
PACKAGES := schemas policy workflows store papers activities commands api pages cli bench
LOCK := uv==0.13.9

# An environment whose Python has gone (an upgrade, a moved folder) is made again.
ifneq ($(wildcard $(VENV)),)
ifneq ($(shell $(BIN)/python -c 'print("fine")' 2>/dev/null; sed -n 's/^\# //p' $(BIN)/accord 2>/dev/null),fine $(HERE))
$(shell rm -f $(VENV)/.runtime $(VENV)/.dev $(VENV)/.e2e)
endif
endif

help:  ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(VENV)/.runtime assets  ## Start Accord with its demonstration, until Ctrl-C (ACCORD_DEMO=0: without)
	@exec env ACCORD_DEMO="$${ACCORD_DEMO:-1}" $(BIN)/accord up

demo: $(VENV)/.runtime  ## Take proposals through a running Accord
	@exec $(BIN)/accord demo run $(ARGS)

test: $(VENV)/.dev assets  ## Run the tests
	@exec $(BIN)/python -m pytest $(TESTERS) $(ARGS)

test-postgres: $(VENV)/.dev  ## Run all tests on PostgreSQL, and those with many processes
	@exec $(BIN)/python -m pytest $(TESTERS) --database postgresql --fleet $(ARGS)

check: $(VENV)/.dev  ## Check style, types, imports and the policy files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/accord policy check
	$(BIN)/python .ci/messages.py --check

messages: $(VENV)/.dev  ## Bring what the pages say into their French catalogue
	@$(BIN)/python .ci/messages.py

e2e: $(VENV)/.e2e assets  ## Start Accord on free ports, take the demonstration through it, and use it in a browser
	@exec $(BIN)/python .ci/e2e.py $(ARGS)

attack: $(VENV)/.dev  ## Send the API far more than `make test` does (ARGS="--attack 1000")
	@exec $(BIN)/python -m pytest tests/attack --attack 200 $(ARGS)

soak: $(VENV)/.dev  ## Kill everything under load and look for losses (ARGS="--minutes 3 --seed 7 --database postgresql")
	@exec $(BIN)/python -m tests.chaos.soak $(ARGS)

bench: $(VENV)/.dev build/bench-dbos/.ready  ## Measure what it costs, beside the bare SDK and DBOS
	@exec $(BIN)/python -m bench.run $(ARGS)

lock: $(VENV)/.dev  ## Lock what is installed (UPGRADE=1: to the newest releases)
	@$(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check install --quiet '$(LOCK)'
	@for each in runtime dev e2e assets bench-dbos; do \
	  build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --only-binary :all: --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) \
	    -o requirements/$$each.txt requirements/$$each.in || exit 1; \
	done

assets: $(VENV)/.runtime  ## Bring fonts, colours and htmx for the pages, if npm can be reached
	@$(BIN)/python .ci/assets.py

clean:  ## Remove what was installed and computed; data stay
	rm -rf $(VENV) build pages/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment is made from nothing whenever the lock changes, so that nothing lingers.
$(VENV)/.runtime: requirements/runtime.txt
	@chosen=; found=; \
	for each in $(PYTHON) python3.13 python3.12 python3.11 python3 python3.14 python; do \
	  command -v "$$each" >/dev/null 2>&1 || continue; \
	  if ! "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found="$${found:-$$each is too old: $$("$$each" --version 2>&1)}"; continue; fi; \
	  if ! "$$each" -c 'import ensurepip, venv' 2>/dev/null; then \
	    found="$$each lacks its venv module (on Debian and Ubuntu: install $$("$$each" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'))"; continue; fi; \
	  chosen="$$each"; break; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "Accord needs Python 3.11 or later with its venv module; $${found:-no Python was found}." >&2; exit 1; fi; \
	echo "Installing what Accord needs into $(VENV) ..."; \
	"$$chosen" -m venv --clear $(VENV) \
	  || { echo "$$chosen could not make the environment $(VENV); its reason stands above." >&2; exit 1; }
	@$(PIP) -r requirements/runtime.txt \
	  || { echo "The packages of requirements/runtime.txt could not be installed; pip's reason stands above." >&2; exit 1; }
	@$(BIN)/python -c 'import site; from pathlib import Path; Path(site.getsitepackages()[0], "accord.pth").write_text("import sys; sys.path.insert(0, %r)\n" % "$(HERE)")'
	@printf '#!/bin/sh\n# %s\nexec "%s/python" -P -m cli.main "$$@"\n' '$(HERE)' '$(HERE)/$(BIN)' > $(BIN)/accord
	@chmod +x $(BIN)/accord
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing what tests and checks need ..."
	@$(PIP) -r requirements/dev.txt \
	  || { echo "The packages of requirements/dev.txt could not be installed; pip's reason stands above." >&2; exit 1; }
	@touch $@

# The driver of the browser is large; nothing but `make e2e` needs it.
$(VENV)/.e2e: requirements/e2e.txt $(VENV)/.dev
	@echo "Installing the driver of the browser ..."
	@$(PIP) -r requirements/e2e.txt \
	  || { echo "The packages of requirements/e2e.txt could not be installed; pip's reason stands above." >&2; exit 1; }
	@touch $@

# A peer is measured in an environment of its own, so that it decides nothing about Accord's.
build/bench-dbos/.ready: requirements/bench-dbos.txt $(VENV)/.runtime
	@echo "Installing the peer that is measured beside Accord ..."
	@$(BIN)/python -m venv --clear build/bench-dbos
	@build/bench-dbos/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
	  --require-hashes --only-binary :all: -r requirements/bench-dbos.txt
	@touch $@
