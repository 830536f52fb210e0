# Two commands do everything on a fresh machine with Python 3, make and a C compiler: make up, make test.
# uv comes by itself when it is missing; interpreters come from PATH or ~/.pyenv/versions, else uv fetches them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup up test test-browser fuzz crash peers bench check format lock bot-test clean

STAMPS := .stamps
BOT_PY := bot/.venv/bin/python
export UV_NO_PROGRESS ?= 1
empty :=
space := $(empty) $(empty)
PYENV := $(wildcard $(HOME)/.pyenv/versions/3.12*/bin $(HOME)/.pyenv/versions/3.10*/bin)
export PATH := $(PATH):$(subst $(space),:,$(PYENV))
RUN := .venv/bin
UV := $(shell command -v uv)
ifeq ($(UV),)
UV := $(STAMPS)/uv/bin/uv
endif

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/.ready bot/.venv/.ready ## both environments, as pinned; nothing when up to date

up: setup ## everything on this machine; Ctrl-C stops it all
	@exec $(RUN)/keqiao up

test: setup ## all tests; those that need PostgreSQL, Redis or RabbitMQ run where these are at hand
	@$(MAKE) --no-print-directory peers || echo "· without the platforms' own libraries: their tests are skipped"
	$(RUN)/pytest -m "not browser" --durations=10

peers: .stamps/peers/.ready ## libraries of platforms that tests compare with, in an environment of their own

test-browser: setup ## the conversation of the README in headless Chromium
	$(RUN)/pytest -m browser

check: setup ## layers, lint, types, the bot's own data
	$(RUN)/lint-imports
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(MAKE) --no-print-directory bot-test

bot-test: setup ## Rasa's own checks: data, stories, understanding
	$(BOT_PY) bot/check.py

fuzz: setup ## the readers of callbacks with 100,000 malformed bodies; takes minutes
	KEQIAO_TEST_FUZZ=100000 $(RUN)/pytest -q tests/unit/channels/test_callbacks_fuzzed.py

crash: setup ## processes, database connections and brokers killed 200 times while 10,000 reminders go out; four ways; takes an hour
	KEQIAO_TEST_CRASH=1 $(RUN)/pytest -q tests/integration/test_delivery_crashes.py tests/integration/test_machines.py
	PYTHONPATH=. $(RUN)/python -m tests.crash

bench: benchmarks/.venv/.ready ## retrieval side by side with LangChain's BM25Retriever and Chroma; takes minutes
	PYTHONPATH=. benchmarks/.venv/bin/python benchmarks/retrieval.py

format: setup ## put code in order
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

lock: | $(UV) ## pin requirements again from the pyproject files
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/app.txt
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --extra ocr --constraint requirements/app.txt pyproject.toml -o requirements/ocr.txt
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --group bench -c requirements/app.txt pyproject.toml -o requirements/bench.txt
	printf "%s\n" "lark-oapi==1.7.5" "dingtalk-stream==0.24.3" | $(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header - -o requirements/peers.txt
	$(UV) pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header bot/pyproject.toml -o bot/requirements.txt

.stamps/peers/.ready: requirements/peers.txt | $(UV)
	@echo "· platforms' own libraries, for tests (.stamps/peers)"
	@test -x .stamps/peers/bin/python || $(UV) venv --quiet --python 3.12 .stamps/peers
	@$(UV) pip sync --quiet --require-hashes --python .stamps/peers requirements/peers.txt
	@touch $@

clean: ## remove environments and caches; state in var/ stays
	rm -rf .venv benchmarks/.venv bot/.venv .stamps .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(STAMPS)/uv/bin/uv:
	@echo "· uv is missing: installing it into $(STAMPS)/uv"
	@python3 -m venv $(STAMPS)/uv
	@$(STAMPS)/uv/bin/pip install --quiet --disable-pip-version-check uv

.venv/.ready: requirements/dev.txt pyproject.toml | $(UV)
	@echo "· application environment (.venv, Python 3.12)"
	@test -x $(RUN)/python || $(UV) venv --quiet --python 3.12 .venv
	@$(UV) pip sync --quiet --require-hashes --python .venv requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python .venv --editable .
	@touch $@

benchmarks/.venv/.ready: requirements/bench.txt | $(UV)
	@echo "· environment of the benchmark (benchmarks/.venv, Python 3.12)"
	@test -x benchmarks/.venv/bin/python || $(UV) venv --quiet --python 3.12 benchmarks/.venv
	@$(UV) pip sync --quiet --require-hashes --python benchmarks/.venv requirements/bench.txt
	@touch $@

bot/.venv/.ready: bot/requirements.txt | $(UV)
	@echo "· bot environment (bot/.venv, Python 3.10)"
	@test -x $(BOT_PY) || $(UV) venv --quiet --python 3.10 bot/.venv
	@$(UV) pip sync --quiet --require-hashes --python bot/.venv bot/requirements.txt
	@touch $@
