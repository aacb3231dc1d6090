# `make help` lists what can be asked for. Needs python3 with venv, and make; everything else is installed in .venv.

# Compiled bytecode halves every start; some machines switch it off.
unexport PYTHONDONTWRITEBYTECODE
# Settings of another project in the caller's shell must not reach ours.
unexport DJANGO_SETTINGS_MODULE

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
LOCK   := $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 \
          --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test check chaos bench bench-pricing bench-reconciliation bench-settlement bench-money docs pictures shell messages lock format clean

help: ## list the targets
	@echo "Xinglin 杏林: an Internet hospital. Targets:"
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name what; \
	  do printf '  make %-10s %s\n' "$$name" "$$what"; done

run: $(VENV)/run.stamp ## start everything on this machine and print the address (PORT=8000)
	@exec $(BIN)/python -m launcher run

test: $(VENV)/dev.stamp ## run all tests, browser journeys included (ARGS="-k words tests/unit")
	@$(BIN)/python -m launcher.browser
ifeq ($(strip $(ARGS)),)
	@# A journey waits more than it works, so the journeys run beside everything else, with data of their own.
	@mkdir -p var
	@$(BIN)/python -m pytest -n 1 tests/journeys > var/journeys.txt 2>&1 & journeys=$$!; \
	  $(BIN)/python -m pytest -n $(or $(WORKERS),2) --ignore=tests/journeys; others=$$?; \
	  wait $$journeys; seen=$$?; cat var/journeys.txt; exit $$((others | seen))
else
	@exec $(BIN)/python -m pytest -n $(or $(WORKERS),2) $(ARGS)
endif

check: $(VENV)/dev.stamp ## style, types, layers, templates, migrations, translations, deployment
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target $(CHECKS)
	@echo "All checks passed."

CHECKS := check-style check-layers check-types check-templates check-migrations check-translations \
          check-deployment check-security check-containers
.PHONY: $(CHECKS)

check-style:
	$(BIN)/ruff check -q .
	$(BIN)/ruff format --check -q .

check-layers:
	$(BIN)/lint-imports --no-logo

check-types:
	$(BIN)/mypy .

check-templates:
	$(BIN)/djlint --quiet --lint .

check-migrations:
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python -W ignore::RuntimeWarning -m simulators makemigrations --check --dry-run

check-translations:
	$(BIN)/python manage.py translations --check

check-deployment:
	$(BIN)/python -m launcher.deployment

check-security:
	$(BIN)/bandit -q --severity-level medium -r . -c pyproject.toml

check-containers:
	$(BIN)/check-jsonschema -q --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint --failure-threshold warning Dockerfile

bench: $(VENV)/dev.stamp ## measure the running product
	@exec $(BIN)/python -m benchmarks

bench-pricing: $(VENV)/dev.stamp ## measure quotes, loading a tariff and simulating
	@exec $(BIN)/python -m benchmarks.pricing

bench-reconciliation: $(VENV)/dev.stamp ## measure comparing a day of 1,000,000 settlements (ARGS=100000 for fewer)
	@exec $(BIN)/python -m benchmarks.reconciliation $(ARGS)

bench-money: $(VENV)/dev.stamp ## measure posting, the trial balance and a channel's day (ARGS="1000000 100000" for fewer)
	@exec $(BIN)/python -m benchmarks.money $(ARGS)

bench-settlement: $(VENV)/dev.stamp ## measure settling claims through Celery (ARGS="--memory 10000")
	@exec $(BIN)/python -m benchmarks.settlement $(ARGS)

chaos: $(VENV)/dev.stamp ## settle claims while everything fails (ARGS="--claims 500")
	@exec $(BIN)/python -m tests.chaos $(ARGS)

docs: $(VENV)/dev.stamp ## print the pages of docs/ that come from the program: states, events, rules, province profiles
	@for page in states events rules profiles; do $(BIN)/python -W ignore manage.py print_$$page --write || exit 1; done

pictures: $(VENV)/dev.stamp ## take the pictures of docs/ from the running product
	@$(BIN)/python -m launcher.browser
	@exec $(BIN)/python -m tests.pictures

shell: $(VENV)/run.stamp ## a Python shell beside the running product
	@exec $(BIN)/python -m launcher manage -- shell

messages: $(VENV)/dev.stamp ## collect the texts to translate and compile the translations
	@$(BIN)/python manage.py translations --collect
	@$(BIN)/python manage.py translations --compile

format: $(VENV)/dev.stamp ## let ruff format and mend what it can
	@$(BIN)/ruff check -q --fix .
	@$(BIN)/ruff format .

lock: $(VENV)/bin/uv ## compile the lists of packages again, with hashes (ARGS=--upgrade for newer ones)
	@$(LOCK) $(ARGS) requirements.in -o requirements.txt
	@$(LOCK) $(ARGS) requirements-dev.in -o requirements-dev.txt

clean: ## remove what was built; the data in var/ stays (rm -rf var removes it)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is needed: apt-get install python3-venv"; exit 1; }

$(VENV)/bin/uv: | $(VENV)/bin/python
	@sed -n '/^uv==/,/[0-9a-f]$$/p' requirements-dev.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt \
	  || echo "uv could not be installed; pip will do its work, slower."

# What `make run` needs. A virtual environment that already holds the tools for tests holds this too.
$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/uv
	@$(call install,$(if $(wildcard $(VENV)/dev.stamp),requirements-dev.txt,requirements.txt))
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt | $(VENV)/bin/uv
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/run.stamp

define install
echo "Installing packages ($(1)) ..."; \
if [ -x $(BIN)/uv ]; then $(BIN)/uv pip sync -q --python $(BIN)/python --compile-bytecode --require-hashes $(1); \
else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
endef
