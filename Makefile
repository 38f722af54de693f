# The short names people type; `make help` lists them.
# Needs Python 3.11 or newer, make and git. Everything else is installed into .venv, in the locked versions.

BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
# Exists only while .venv is complete, and says for which directory and with which Python it was made.
STAMP := .venv/.installed
MADE_FOR := $(shell sed -n 1p $(STAMP) 2>/dev/null)
MADE_WITH := $(shell sed -n 2p $(STAMP) 2>/dev/null)
PYTHON ?= $(or $(MADE_WITH),python3)

# Only the Python that the caller chose is used, and a virtual environment that happens to be active is not touched.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

VALE := $(BIN)/vale$(if $(filter Windows_NT,$(OS)),.exe)
TEXTS := README.md CONTRIBUTING.md CHANGELOG.md

# $(call step,TITLE,COMMAND) announces a command, runs it, and names it again when it fails.
step = @printf '\n==> %s\n' '$(1)'; $(2) || { code=$$?; printf '\n==> FAILED: %s\n' '$(1)'; exit $$code; }

# A program and the Debian package that has it.
PROGRAMS := redis-server=redis-server pg_ctlcluster=postgresql systemd-analyze=systemd \
  nginx=nginx-light promtool=prometheus
# While this file is there, Debian packages start no service: tests start what they need themselves.
POLICY := /usr/sbin/policy-rc.d

.DEFAULT_GOAL := help
.PHONY: help docs serve test test-matrix programs lint format links bench soak wheels clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	  while IFS='|' read -r command purpose; do printf '%-16s %s\n' "$$command" "$$purpose"; done

docs: $(STAMP) ## Build the documentation into build/site
	@$(BIN)/docset build $(ARGS)

serve: $(STAMP) ## Show the documentation in a browser and rebuild it on every save
	@$(BIN)/docset serve $(ARGS)

test: lint programs ## Run everything that a change must pass: lint, a strict build of the documentation, all tests
	$(call step,Documentation (strict build from nothing, and every link),$(BIN)/docset check --clean)
	@# Tests start hundreds of processes, and each would compile these modules where Python may not keep bytecode.
	@$(BIN)/python -m compileall -q django_prodserver conf/docset
	$(call step,Tests and executed pages (pytest),$(BIN)/pytest -n logical --dist worksteal)

test-matrix: $(STAMP) programs ## Run the tests of the app with every supported Python and Django that this machine has
	@$(BIN)/python -m tests.matrix $(ARGS)

# What tests start besides Python: as root on Debian it is installed, elsewhere the tests that need it are skipped visibly.
programs: ## Install the programs that tests start: as root on Debian; elsewhere those tests are skipped
	@missing=; $(foreach each,$(PROGRAMS),command -v $(firstword $(subst =, ,$(each))) >/dev/null || missing="$$missing $(lastword $(subst =, ,$(each)))";) \
	if test -z "$$missing"; then :; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	  echo "==> Installing the Debian packages$$missing, which tests start"; \
	  test -e $(POLICY) || { trap 'rm -f $(POLICY)' EXIT; printf '#!/bin/sh\nexit 101\n' >$(POLICY); chmod +x $(POLICY); }; \
	  install="apt-get install -y -qq --no-install-recommends $$missing"; \
	  { $$install || { apt-get update -qq && $$install; }; } >/dev/null 2>&1 || \
	    echo "make:$$missing cannot be installed: the tests that need them are skipped"; \
	else echo "make: the tests that need$$missing are skipped; install them to run these tests"; fi

lint: $(STAMP) $(VALE) ## Check style, types and import arrows without running the products
	$(call step,Formatting (ruff format),$(BIN)/ruff format --check)
	$(call step,Lint rules (ruff check),$(BIN)/ruff check)
	$(call step,Types (mypy),$(BIN)/mypy)
	$(call step,Import arrows (pytest),$(BIN)/pytest -q tests/test_arrows.py)
	$(call step,Markdown (docset format),$(BIN)/docset format --check)
	$(call step,Spelling (docset spelling),$(BIN)/docset spelling)
	$(call step,Rules of prose by their own cases (vale test),if test -e $(VALE); then $(VALE) test --coverage styles; fi)
	$(call step,Docstrings (sphinx-lint),$(BIN)/docset rest)
	$(call step,How the pages are written (docset prose),$(BIN)/docset prose)
	$(call step,Words of the other texts (vale),if test -e $(VALE); then $(BIN)/python -m docset.prose.texts $(TEXTS); fi)

format: $(STAMP) ## Format the code and the pages, and apply the safe fixes of the linter
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix
	@$(BIN)/docset format

links: $(STAMP) ## Ask whether the links to other sites still work; needs the network
	@$(BIN)/docset linkcheck $(ARGS)

bench: $(STAMP) ## Measure: print the ratios that the documentation quotes
	$(call step,benchmarks/docs_build.py,$(BIN)/python benchmarks/docs_build.py $(ARGS))
	$(call step,benchmarks/prodserver.py,$(BIN)/python benchmarks/prodserver.py --ours)

soak: $(STAMP) ## Search for edits after which the documentation is built wrongly; goes on where it stopped
	@$(BIN)/python -m tests.conf.engine.soak $(ARGS)

wheels: $(STAMP) ## Build the wheel and the sdist into dist/ and look into them
	@rm -rf dist
	$(call step,Wheel and sdist (build),$(BIN)/python -m build --no-isolation)
	$(call step,What they contain (pytest),$(BIN)/pytest -q tests/packaging)

clean: ## Remove what was built and every cache; .venv stays
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# ---- Setting up .venv ------------------------------------------------------------------------------------------------

# A .venv that was moved with its directory, or made with another Python than the one asked for, is made anew.
ifneq ($(MADE_FOR)|$(MADE_WITH),$(CURDIR)|$(PYTHON))
.PHONY: $(STAMP)
endif

# The stamp goes first and comes back last: an interrupted set-up leaves none, and the next one starts over.
$(STAMP): pyproject.toml conf/pyproject.toml uv.lock $(BIN)/python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: '$(PYTHON)' is not Python 3.11 or newer; name one that is: make PYTHON=python3.12 …"; exit 1; }
	@if test "$(MADE_FOR)|$(MADE_WITH)" = "$(CURDIR)|$(PYTHON)" && $(BIN)/python -c '' 2>/dev/null; \
	  then echo "==> Updating .venv"; rm -f $@; else $(create_venv); fi
	@$(BIN)/uv sync --frozen --inexact --quiet --compile-bytecode
	@printf '%s\n' "$(CURDIR)" "$(PYTHON)" > $@

# A prerequisite without a recipe: when the interpreter is gone, the stamp is out of date.
$(BIN)/python:

# What cannot be had is not made, and the next run tries again.
$(VALE): conf/vale/go.mod conf/vale/go.sum conf/vale/install | $(STAMP)
	@conf/vale/install $@

locked_uv = $(BIN)/python -c 'import tomllib; print(*("uv==" + package["version"] \
  for package in tomllib.load(open("uv.lock", "rb"))["package"] if package["name"] == "uv"))'

define create_venv
echo "==> Creating .venv with $$($(PYTHON) --version) (once; about a minute)"; \
$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(install_ensurepip); }; \
rm -rf .venv && $(PYTHON) -m venv .venv && \
$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$($(locked_uv))"
endef

# Debian and Ubuntu split ensurepip, which venv needs, off into a package of its own.
define install_ensurepip
package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
sudo=$$(test "$$(id -u)" = 0 || echo "sudo -n"); \
echo "==> Installing the Debian package $$package, which '$(PYTHON) -m venv' needs"; \
{ $$sudo apt-get install -y -qq $$package || { $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$package; }; } >/dev/null 2>&1 || \
{ echo "make: '$(PYTHON) -m venv' does not work here; install it first: sudo apt-get install $$package"; exit 1; }
endef
