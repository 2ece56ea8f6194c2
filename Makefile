# Everything starts from a bare Python: each target makes .venv first where it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RECORD ?= ../shared/data
WORKERS ?= 2

.PHONY: report test check format notebooks data clean

report: $(STAMP)
	$(BIN)/interceptions report

test: $(STAMP)
	$(BIN)/python -m pytest -q -n $(WORKERS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: $(STAMP)
	$(BIN)/python notebooks/execute.py

# data/ is rebuilt from the collected record, which is not part of the repository.
data: $(STAMP)
	$(BIN)/python -m analysis.build_data $(RECORD) data

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; say PYTHON=python3.11')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,notebooks,sql]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find analysis tests notebooks -name __pycache__ -type d -exec rm -rf {} +
