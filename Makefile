# Two commands do everything: `make serve` and `make test`. They need make and Python 3.11 or later, nothing else.

PORT ?= 8001
# The first of these that is 3.11 or later; another one with `make PYTHON=/path/to/python setup`.
PYTHON ?= $(firstword $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name; done))
INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement

.PHONY: serve build test accuracy bench lint setup extras lock clean
.DELETE_ON_ERROR:

serve: build  ## build the site and serve it with its database
	.venv/bin/python build.py serve --port $(PORT)

build: .venv/build.stamp  ## reports/ → dist/
	.venv/bin/python build.py build

test: .venv/test.stamp  ## the whole test suite
	.venv/bin/python -m pytest

accuracy: .venv/test.stamp  ## read made-up reports whose truth is known; fails below the floors of bench/floors.yml
	.venv/bin/python -m bench.accuracy

bench: .venv/test.stamp .venv/bench/stamp  ## measure speed, growth and memory on made-up reports; writes bench/benchmark.json
	.venv/bin/python -m bench.benchmark $(BENCH)

lint: .venv/test.stamp  ## style and layout of the code
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .

setup: .venv/build.stamp  ## the environment alone

extras: .venv/build.stamp  ## what is optional: reading scans (ocr) and reading on a Dask cluster (cluster)
	$(INSTALL) requirements/extras.txt

# A stamp is newer than the lock it was installed from; a changed lock installs again.
.venv/build.stamp: requirements/build.txt | .venv/bin/python
	$(INSTALL) $<
	@touch $@

.venv/test.stamp: requirements/test.txt | .venv/bin/python
	$(INSTALL) $<
	@touch $@ .venv/build.stamp

# What the benchmark compares with lives apart; where it can't be installed, the benchmark says so and goes on.
.venv/bench/stamp: requirements/bench.txt | .venv/bin/python
	@.venv/bin/python -m venv .venv/bench && .venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $< && touch $@ || \
		echo 'What the benchmark compares with could not be installed; it is measured without.' >&2

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo 'Gongkai needs Python 3.11 or later; none was found. Install it, or name it: make PYTHON=/path/to/python setup' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(PYTHON) is not Python 3.11 or later.' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo 'This Python lacks the venv module; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

lock:  ## write the locks anew from pyproject.toml; needs uv
	uv pip compile pyproject.toml $(LOCK) --output-file requirements/build.txt
	uv pip compile pyproject.toml --group test $(LOCK) --output-file requirements/test.txt
	uv pip compile pyproject.toml --all-extras $(LOCK) --constraint requirements/test.txt --output-file requirements/extras.txt
	uv pip compile --group bench $(LOCK) --output-file requirements/bench.txt

LOCK = --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11

clean:  ## everything that can be made again
	rm -rf .venv .cache dist
