# make demo   clean the example pages and find who reposted whom
# make test   the test suite
# make cover  the same, and which lines of the package it runs: 90% of them, or it fails
# make lint   ruff and mypy
# make rules  every rule's own tests, and lint, over all packs
# make train  cross-validate the model that finds the article, and make it anew
# make spark  Apache Spark into the virtual environment (500 MB), and the tests of what runs on it
# make fuzz   breed inputs that nobody thought of, for a minute of processor time: make fuzz SECONDS=3600
# make bench  quality and speed on the development data beside the checkout, against the pinned floors
# make bench-scale  matching, and an index, at a million articles, runs of 100,000 pages (10 GB of disk, and an hour)
# make bench-spark  what an article costs on Spark, from 20,000 to 400,000 of them (4 GB of disk, and ten minutes)
# Each makes the virtual environment first, and needs only Python 3.11 or later and make.

PYTHON ?= python3
VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
DEMO := out/demo
SECONDS ?= 60
QUALITY := bench-quality bench-metadata bench-matching bench-origin bench-learning

.PHONY: demo test cover lint rules rules-test rules-lint spark fuzz bench $(QUALITY) bench-scale bench-spark train wheel smoke clean

demo: $(VENV)/installed
	@mkdir -p $(DEMO)
	$(BIN)/syndicate clean examples/pages examples/feed.jsonl -o $(DEMO)/cleaned.jsonl
	@echo
	$(BIN)/syndicate explain examples/pages/independent-monitor-ferry.txt
	@echo
	$(BIN)/syndicate match $(DEMO)/cleaned.jsonl -o $(DEMO)
	@echo
	$(BIN)/syndicate report $(DEMO) -o $(DEMO)/report.html

test: $(VENV)/installed
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

cover: $(VENV)/installed
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal --cov --cov-report=term

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

rules: rules-test rules-lint

rules-test rules-lint: rules-%: $(VENV)/installed
	$(BIN)/syndicate rules $*

spark: $(VENV)/spark-installed
	$(BIN)/python -m pytest tests/spark

fuzz: $(VENV)/installed
	@if $(BIN)/python -m pip install --quiet --group fuzz; then \
	  $(BIN)/python -m tests.fuzz --seconds $(SECONDS); \
	else echo "atheris cannot be installed here, so nothing was fuzzed" >&2; fi

# Two at a time where nothing is timed that counts; what is held to a time has the machine to itself.
bench: $(VENV)/installed $(PEERS)/installed
	$(MAKE) --jobs 2 --output-sync $(QUALITY)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/grown.py 10_000 100_000
	$(BIN)/python benchmarks/index.py
	$(BIN)/python benchmarks/report.py

$(QUALITY): bench-%: $(VENV)/installed $(PEERS)/installed
	$(BIN)/python benchmarks/$*.py

bench-scale: $(VENV)/installed $(PEERS)/installed
	$(BIN)/python benchmarks/grown.py 100_000 1_000_000
	$(BIN)/python benchmarks/index.py --articles 1000000
	$(BIN)/python benchmarks/batch.py --pages 100000 --kills 5
	$(BIN)/python benchmarks/learning_scale.py 100_000

bench-spark: $(VENV)/spark-installed
	$(BIN)/python benchmarks/spark.py 20_000 100_000 400_000 --skew --pages 5_000 --write

train: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group train
	$(BIN)/python benchmarks/train.py
	$(BIN)/python benchmarks/train.py --write

wheel: $(VENV)/installed
	rm -rf dist
	$(BIN)/python -m build --outdir dist .

smoke: wheel
	.ci/smoke dist/*.whl

clean:
	rm -rf $(VENV) $(PEERS) out dist

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[html5lib,lxml,parquet,postgres,scrapy,warc,zstd]" --group dev
	@touch $@

# PySpark is built from a source archive.
$(VENV)/spark-installed: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable ".[spark]"
	@touch $@

$(PEERS)/installed: benchmarks/requirements.txt
	$(PYTHON) -m venv --clear $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --requirement benchmarks/requirements.txt
	@touch $@
