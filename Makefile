# Two commands do everything on a fresh machine that has Python 3.10 or newer: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEED := seeds/000_aea68b335b6b7adf.txt
DATA ?= ../shared/data
PROSE := $(DATA)/prose_open.jsonl.zst $(DATA)/prose_licence_unclear.jsonl.zst
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test benchmarks clean

demo: $(VENV)/.torch ## set up, repair the seed document, show the changes, write an HTML report
	@mkdir -p out
	$(BIN)/mtfix clean $(SEED) --diff --report out/seed.html --color always
	@echo "The whole report: out/seed.html"

test: $(VENV)/.dev ## set up for development and run every check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto

benchmarks: $(VENV)/.dev ## quality, speed and robustness figures, into benchmarks/results
	$(BIN)/python -m benchmarks.quality --data $(DATA)
	$(BIN)/python -m benchmarks.names --data $(DATA)
	$(BIN)/python -m benchmarks.source --data $(DATA)
	$(BIN)/python -m benchmarks.rules $(PROSE) --words 1000000
	$(BIN)/python -m benchmarks.rules_speed $(PROSE) --words 30000
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.fuzz
	$(BIN)/python -m benchmarks.robustness
	$(BIN)/python -m benchmarks.dirty
	$(BIN)/python -m benchmarks.scaling --data $(DATA)
	$(BIN)/python -m benchmarks.throughput --data $(DATA)
	$(BIN)/python -m benchmarks.ray_engine --data $(DATA)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.torch: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[torch]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.torch

clean: ## remove what make made
	rm -rf $(VENV) out dist build
