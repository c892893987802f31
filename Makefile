# make site    build the site from the committed outputs (no TensorFlow, no data, no training)
# make test    install everything, run the fast tests
# make help    all targets

SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
# The first of these that runs and is of a supported release; PYTHON=… chooses another.
CANDIDATES := python3.13 python3.12 python3.11 python3
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PIP := $(BIN)/python -m pip --disable-pip-version-check
# An environment whose Python is gone (replaced by an upgrade) is made again from nothing.
GONE := $(shell test -x $(BIN)/python || rm -rf $(VENV))
export PIP_NO_WARN_SCRIPT_LOCATION := 1

.PHONY: help site serve test test-all check execute status bench lock clean

help:  ## this list
	@awk -F ':.*## +' '/^[a-z-]+:.*##/ {printf "%-11s %s\n", $$1, $$2}' Makefile

site: $(VENV)/site.stamp  ## build the site into _build/html
	@$(BIN)/python -m course site build

serve: $(VENV)/site.stamp  ## show the built site at http://localhost:8000
	@$(BIN)/python -m course site serve

test: $(VENV)/full.stamp  ## install everything, run the fast tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-all: $(VENV)/full.stamp web/node_modules/.package-lock.json  ## all tests: training, load, fuzzing, browser too
	@$(BIN)/python -m course site build
	@$(BIN)/python -m pytest -m "slow or browser or attacks or not slow"

check: $(VENV)/full.stamp  ## style, types, secrets, generated files, the strict site and its pages
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/python -m pytest -q tests/test_repository.py
	@$(BIN)/python -m course lock --check
	@$(BIN)/python -m course export --check
	@$(BIN)/python -m course exercises --check
	@$(BIN)/python -m course site build --strict --clean
	@$(BIN)/python -m course check

execute: $(VENV)/full.stamp  ## run the chapters whose outputs are stale
	@$(BIN)/python -m course execute

status: $(VENV)/site.stamp  ## say which outputs are stale, and why
	@$(BIN)/python -m course status

bench: $(VENV)/full.stamp  ## measure what the course promises
	@$(BIN)/python -m benchmarks

lock: $(VENV)/full.stamp  ## write the lock files from pyproject.toml
	@$(BIN)/python -m course lock

clean:  ## remove what make made, the environment too
	rm -rf _build $(VENV) .venv-npm web/node_modules web/vendor build *.egg-info

$(VENV)/bin/python:
	@set -e; for python in $(if $(PYTHON),$(PYTHON),$(CANDIDATES)); do \
	  if "$$python" -c '$(SUPPORTED)' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "The course needs Python 3.11, 3.12 or 3.13; here is: $$($(if $(PYTHON),$(PYTHON),python3) --version 2>&1 || echo none)." >&2; \
	  echo "Install one (python.org, or your system's packages), or name it: make PYTHON=/path/to/python3.12 site" >&2; \
	  exit 1; \
	fi; \
	echo "Making the environment in $(VENV) with $$($$found --version)"; \
	if ! "$$found" -m venv $(VENV); then \
	  rm -rf $(VENV); \
	  echo "$$found cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; \
	fi

# Only what building needs: a reader of the site waits for no TensorFlow.
$(VENV)/site.stamp: requirements-site.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the site needs"
# The lock names everything, so there is nothing to resolve; Python compiles what it imports.
	@$(PIP) install --quiet --no-compile --no-deps --requirement requirements-site.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/full.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing everything, TensorFlow too (some minutes)"
	@$(PIP) install --quiet --requirement requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
# What the site has installed is not compiled yet, and a sandbox, which may write nothing here, would
# compile it for each notebook anew. Some packages carry templates that are no Python.
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib/python3.*/site-packages || true
	@touch $@ $(VENV)/site.stamp

web/node_modules/.package-lock.json: $(VENV)/site.stamp web/package-lock.json
	@$(BIN)/python -m course.site.vendor --dev
	@touch $@
