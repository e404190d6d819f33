# Two commands for a fresh machine (python3 >= 3.11 with pip; a C compiler makes it several times faster, but need not be there):
#   make demo    the running interpreter's own standard library through every dialect and back, in a table
#   make test    lint, types and all tests: of the modules as they stand in the tree, and of the package as users install it
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check
# All cores; the tests of one file stay together, for they share what is slow to start: a cluster, a browser, a mask.
PYTEST := $(RUN) -m pytest --numprocesses auto --dist loadfile
# Tests of `vocab.extend` put rows into a real model, and xgrammar needs it. Pinned: an open range may bring a CUDA build of several GB.
# `make test TORCH=` goes without; those tests are then skipped.
TORCH ?= torch==2.13.0
SOURCES := $(shell find src grammars -type f -not -path '*/__pycache__/*' -not -path '*.egg-info/*' -not -name '*.so')

.PHONY: demo test lint bench figures docs dist clean
.NOTPARALLEL: # dev.stamp brings package.stamp up to date

demo: $(VENV)/package.stamp
	$(RUN) bench/demo.py

# The first pytest run sees the tree's own modules, pure Python, doctests included (an in-place .so would hide an edited .py).
# The second sees the package as users have it, compiled: the same tests, without the doctests, which compiling removes.
test: lint
	find src -name '*.so' -delete
	PYTHONPATH=src $(PYTEST)
	$(PYTEST) tests

lint: $(VENV)/dev.stamp $(VENV)/package.stamp
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy

# All methods beside their peers, in six dimensions: a table here, JSON and a plot in bench/results/. A quarter of an hour; no torch.
# With SMALL=--small a minute, and no network once the packages are installed.
bench: $(VENV)/bench.stamp
	$(VENV)/bin/slim bench $(SMALL) --json bench/results/bench.json --plot bench/results/bench.svg

# The tables of docs/benchmarks.md
figures: $(VENV)/dev.stamp $(VENV)/package.stamp
	$(RUN) bench/tokens.py
	$(RUN) bench/speed.py

# A source distribution and a wheel made of it alone, in dist/, tried in an empty environment.
dist: $(VENV)/bin/python
	rm -rf build dist src/slimgrammar.egg-info
	$(PIP) 'build>=1.2'
	$(RUN) -m build --outdir dist .
	$(RUN) tests/smoke.py dist/*.whl

# The documentation site, into site/: open site/index.html. Nothing on it is loaded from a network.
docs: $(VENV)/dev.stamp
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict --quiet

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# pip would pack what an earlier build left in build/, also modules that are gone from the tree by now.
$(VENV)/package.stamp: pyproject.toml setup.py README.md $(SOURCES) | $(VENV)/bin/python
	rm -rf build src/slimgrammar.egg-info
	$(PIP) .
	touch $@

$(VENV)/bench.stamp: $(VENV)/package.stamp
	$(PIP) '.[bench]'
	touch $@

# This installs the package as well, so that it is not built twice.
$(VENV)/dev.stamp: pyproject.toml | $(VENV)/bin/python
	rm -rf build src/slimgrammar.egg-info
	$(if $(TORCH),$(PIP) $(TORCH))
	$(PIP) $(TORCH) '.[dev]' $(if $(TORCH),'.[engines]')
	touch $@ $(VENV)/package.stamp

clean:
	rm -rf bench/results build dist site src/slimgrammar.egg-info $(VENV)
