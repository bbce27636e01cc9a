# Every target sets up what it needs; a bare machine with Python 3.11 or newer is enough.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
APP := $(VENV)/app.stamp
DEV := $(VENV)/dev.stamp
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(APP) ## Open the app in the browser, on sample data or on FILE=…
	@$(BIN)/python tools/run.py $(FILE)

.PHONY: test
test: $(DEV) ## Run every test, those in a real browser included
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 -m "not quiet"; shared=$$?; \
	echo "Now the tests that look at the clock, which have the machine to themselves"; \
	$(BIN)/python -m pytest -m quiet || exit; \
	test $$shared -eq 0 || echo "Tests failed before those that look at the clock: see above"; exit $$shared

.PHONY: check
check: $(DEV) ## Check style, types, languages, architecture, locks and speed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_catalogues.py tests/test_locks.py
	@$(BIN)/python -m benchmarks.quick

.PHONY: bench
bench: $(DEV) ## Measure speed and memory as ratios to peers (some twenty minutes)
	@$(BIN)/python -m benchmarks

.PHONY: format
format: $(DEV) ## Put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: messages
messages: $(DEV) ## Bring new sentences and words into the translation files
	@$(BIN)/python -m tools.messages

.PHONY: sample
sample: $(DEV) ## Generate the sample data again
	@$(BIN)/python data/samples/generate.py

.PHONY: pictures
pictures: $(DEV) ## Take the screenshots again
	@$(BIN)/python -m tests.browser.pictures

.PHONY: lock
lock: $(BIN)/python ## Choose the newest allowed release of every dependency and pin them
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --upgrade --output-file requirements.txt
	@$(COMPILE) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt

$(BIN)/python:
	@python=$$(sh tools/find_python.sh) && echo "Setting up $(VENV) with $$python" && "$$python" -m venv $(VENV)

$(APP): requirements.txt | $(BIN)/python
	@echo "Installing what the app needs (a minute or two, once)"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need (a minute or two, once)"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
