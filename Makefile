# The two to start with: make demo, make test. Both make .venv and install into it the first time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_QUESTION ?= Which CIS members are not members of the CSTO?
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: demo test torture lint format eval bench lock clean

demo: $(VENV)/.installed  ## install, index corpus/, ask a question
	@$(BIN)/briefqa index
	@echo
	@echo '$$ briefqa ask "$(DEMO_QUESTION)"'
	@$(BIN)/briefqa ask "$(DEMO_QUESTION)"
	@echo
	@echo 'Now ask your own:  $(BIN)/briefqa ask "..."'

test: $(VENV)/.developing  ## all tests
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope

torture: $(VENV)/.developing  ## the tests of reliability in their long form: hours (docs/reliability.md)
	@TORTURE_KILLS=301 TORTURE_FAILURES=70 TORTURE_UPDATES=50 TORTURE_DISKS=70 TORTURE_DAMAGES=1000 TORTURE_EXAMPLES=5000 \
		TORTURE_BOMBS=1 TORTURE_SOAK_SECONDS=600 $(BIN)/python -m pytest -q --timeout 14400 tests/reliability tests/hostile

lint: $(VENV)/.developing  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.developing  ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

eval: $(VENV)/.installed  ## measure retrieval and answers on evals/, with each retriever
	@$(BIN)/briefqa index
	@for retriever in hybrid dense lexical; do echo; echo "== $$retriever"; $(BIN)/briefqa eval -r $$retriever; done

# docs/performance.md names the commands of the larger ones.
bench: $(VENV)/.installed  ## times whole processes against a plain script; single runs go to build/bench/cold.json
	@$(BIN)/briefqa index
	@$(BIN)/python benchmarks/cold.py --json build/bench/cold.json

# torch stays at a version whose CPU build can be had; move it by hand. It has no hashes, as each platform has a build of
# its own. constraints.txt is the versions alone, for those who install in another way.
LOCK := $(BIN)/pip-compile -q --generate-hashes --strip-extras --unsafe-package torch --unsafe-package pip --no-annotate \
	--no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: $(VENV)/.developing  ## pin the newest versions that pyproject.toml allows, with the hashes of their files
	@grep '^torch==' constraints.txt > $(VENV)/torch.txt
	@$(LOCK) --upgrade -c $(VENV)/torch.txt --all-extras -o requirements-dev.lock pyproject.toml
	@{ sed -n 's/^\([^ #]*==[^ ;]*\).*/\1/p' requirements-dev.lock; cat $(VENV)/torch.txt; } | LC_ALL=C sort > constraints.txt
	@$(LOCK) -c constraints.txt -o requirements.lock pyproject.toml
	@sed -i '/^#/d' requirements.lock requirements-dev.lock

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock constraints.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV): a minute or two, once."
	@$(PIP) install --require-hashes --no-deps -r requirements.lock
	@$(PIP) install -c constraints.txt torch
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.developing: requirements-dev.lock $(VENV)/.installed
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	@touch $@
