# The whole workflow; CI calls the same targets. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := .make

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(PY):
	@scripts/make-venv "$(PYTHON)" "$(VENV)"

# A stamp per set of packages: a second run installs nothing.
$(STAMPS)/demo: pyproject.toml | $(PY)
	@mkdir -p $(STAMPS)
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[gitpython-dvc]'
	@touch $@

$(STAMPS)/dev: pyproject.toml scripts/dev-requirements | $(PY)
	@mkdir -p $(STAMPS)
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[all]' $$(scripts/dev-requirements $(PY))
	@touch $@ $(STAMPS)/demo

$(STAMPS)/system: scripts/system-packages
	@mkdir -p $(STAMPS)
	scripts/system-packages
	@touch $@

# A server that we did not write, for tests/conformance. Tried again each time where it cannot be installed.
$(STAMPS)/litellm: tests/conformance/requirements.txt scripts/make-litellm
	@mkdir -p $(STAMPS)
	scripts/make-litellm "$(PYTHON)" $(STAMPS)/litellm-venv
	@test ! -d $(STAMPS)/litellm-venv || touch $@

demo: $(STAMPS)/demo ## Translate the examples, show diff, citations and report, run one for real
	@$(PY) examples/demo.py

test: $(STAMPS)/dev $(STAMPS)/system $(STAMPS)/litellm ## Set up what the tests need and run them
	$(PY) -m pytest -n auto -q

programs: $(STAMPS)/dev $(STAMPS)/system ## Prove every program of the corpus, find every mistake, write docs/translations.md
	MISTAKES=all $(PY) -m pytest tests/translation/test_programs.py -n auto -q; status=$$?; $(PY) scripts/translation-report && exit $$status

check: $(STAMPS)/dev ## Lint, types, layers, docs, notebooks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) scripts/check-docs
	$(PY) scripts/translation-report --check
	$(PY) scripts/check-notebooks

bench: $(STAMPS)/dev ## Measure speed and retrieval quality
	$(PY) -m pytest benchmarks --benchmark-only -q -p no:xdist
	$(PY) benchmarks/retrieval.py

bench-crawl: $(STAMPS)/dev $(STAMPS)/system ## Measure the crawler on real sites; some ten minutes on a machine at rest
	$(PY) -m benchmarks.crawl
	$(PY) -m benchmarks.incremental

clean: ## Remove what these targets made
	rm -rf $(VENV) $(STAMPS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.PHONY: help demo test programs check bench bench-crawl clean
