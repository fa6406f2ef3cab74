# All commands of the project. A newcomer needs two: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test check lint types contracts test-web golden bench bench-quality bench-kill bench-page ablation bench-extract bench-outputs fuzz lock specimens model clean

help:  ## Show the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Evitable needs Python 3.11 or newer; name it with make PYTHON=python3.11" && exit 1)
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	$(PIP) install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(PIP) install --quiet --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(VENV)/.run  ## Run the main job on the bundled specimen papers
	$(BIN)/evitable run .

test: $(VENV)/.dev lint types contracts  ## Lint, types, contracts and all tests, as CI runs them
	$(BIN)/python -m pytest -n auto --dist loadscope $(PYTEST)

test-web: $(VENV)/.dev  ## Test report and review page in Chromium, which is installed first where apt and its rights are there
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
		(apt-get update && apt-get install --yes --no-install-recommends chromium) >/dev/null 2>&1; } || echo "No Chromium: the tests of pages are skipped."
	$(BIN)/python -m pytest -n auto --dist loadscope tests/web

check: $(VENV)/.dev lint types contracts  ## Fast: all of test but the slow tests
	$(BIN)/python -m pytest -n auto --dist loadscope -m "not slow"

lint: $(VENV)/.dev  ## Format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev  ## Types
	$(BIN)/mypy

contracts: $(VENV)/.dev  ## Layers
	$(BIN)/lint-imports --no-cache

golden: $(VENV)/.dev  ## Make the golden files again; read the diff
	$(BIN)/python -m tests.golden.make_golden

bench: $(VENV)/.dev bench-quality  ## Measure what reviews of 50, 500 and 5,000 papers cost, in FOLDER; REAL=folder of PDFs adds real ones (half an hour)
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bench_living --papers 50 500 5000 --folder $(FOLDER) $(if $(REAL),--real $(REAL))

bench-quality: $(VENV)/.dev  ## Measure speed and quality of the model against the committed baseline
	$(BIN)/python -m tests.benchmarks.bench

bench-kill: $(VENV)/.dev  ## Kill runs 30 times at random moments, in FOLDER (some minutes)
	PYTHONPATH=tests $(BIN)/python -m benchmarks.kill --kills 30 --folder $(FOLDER)/kills

bench-page: $(VENV)/.dev  ## Measure how long the review page takes to answer, with 500 papers
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bench_page

ablation: $(VENV)/.dev  ## Measure what each feature of the model brings (some minutes)
	PYTHONPATH=tests $(BIN)/python -m benchmarks.ablation

bench-extract: $(VENV)/.dev  ## Measure extraction on FOLDER of PDFs with their publishers' XML (JATS) beside them
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bench_extract $(FOLDER)

bench-outputs: $(VENV)/.dev  ## Measure workbook and data files, the report in Chromium, and all outputs of 5,000 papers in FOLDER (some minutes)
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bench_export
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bench_report
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bench_outputs 5000 $(FOLDER)

fuzz: $(VENV)/.dev  ## Read thousands of PDFs damaged by chance
	$(BIN)/python -m tests.hostile.fuzz --mutations 2000 --seed 1

specimens: $(VENV)/.dev  ## Make the specimen papers again
	$(BIN)/python corpus/specimens/make_specimens.py

model: $(VENV)/.run  ## Train the shipped model again
	$(BIN)/evitable train

lock: $(VENV)/.dev  ## Pin all dependencies again, with hashes and without host names
	$(BIN)/pip-compile --quiet --upgrade --extra build --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
		--no-emit-options --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --extra build --extra dask --extra postgres --extra dev --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
		--no-emit-options --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:  ## Delete what can be made again (not people's decisions)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache outputs/.cache outputs/.prefect
