# Everything lives in .venv. PYTHON=python3.12 chooses the interpreter that it is made from.
FIT := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c '$(FIT)' 2>/dev/null && echo $$name && break; done || echo python3)
endif
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
RUN := $(BIN)/python
CI_FILES := .ci/constraints.txt
INSTALL := -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt
PIP := $(RUN) $(INSTALL)
# The app is made in an environment that holds what playing needs, and no more.
APP := build/environment
APP_RUN := $(APP)/$(notdir $(BIN))/python

.DEFAULT_GOAL := help
.PHONY: help play serve train check test lint bench soak demo app setup clean
# What `make check` runs: the rooms that import neither Keras nor TensorFlow, without the data sets.
QUICK := tests/game tests/models tests/training/datasets tests/training/report/test_readme.py

help:  # This list
	@sed -n 's/^\([a-z]*\):[^#]*# \(.*\)/make \1\t\2/p' Makefile | expand -t 14

play: $(VENV)/play.done  # Open the canvas and draw
	@$(RUN) -m game

serve: $(VENV)/serve.done  # Show the canvas in a browser
	@$(RUN) -m game serve

train: $(VENV)/train.done  # Rebuild both networks, of digits and of characters (two hours on two cores)
	@$(RUN) -m training
	@$(RUN) -m training --model characters

check: lint  # Check style and types, and run the quick tests: for every commit
	@DATA_DIR= $(RUN) -m pytest -n 2 -m "not slow" $(QUICK)

test: $(VENV)/test.done  # Run all tests: those of real data where DATA_DIR names their folder
	@$(RUN) -m pytest -n 2

lint: $(VENV)/test.done  # Check style and types
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

bench: $(VENV)/test.done  # Measure speed and memory beside the way older programs do it
	@$(RUN) -m tests.benchmarks

soak: $(VENV)/test.done  # Play at random for long, and kill windows while ink is written
	@$(RUN) -m tests.soak

demo: $(VENV)/play.done  # Let the game read its own samples, and film the picture of the README
	@$(RUN) -m game demo --animation game/samples/inkling.png

app: $(APP)/app.done  # Make dist/Inkling, a folder that starts without Python
	@$(APP_RUN) -m PyInstaller --noconfirm --log-level ERROR .ci/app/inkling.spec

setup: $(VENV)/test.done  # Install everything that test, lint, train, bench and soak need

clean:  # Remove .venv, build, dist and caches; drawings, runs and data stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/made:
	@$(PYTHON) -c '$(FIT)' 2>/dev/null || { echo "Inkling needs Python 3.11, 3.12 or 3.13 (pygame and" \
		"TensorFlow have no wheels for others); $(PYTHON) is $$($(PYTHON) -V 2>&1 | head -n 1)." \
		"Name another one: make PYTHON=python3.13"; exit 1; } >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/play.done: $(VENV)/made game/requirements.txt $(CI_FILES)
	@echo "Setting up (once) ..."
	@$(PIP) -r game/requirements.txt
	@touch $@

$(VENV)/serve.done: $(VENV)/play.done game/requirements-serve.txt
	@$(PIP) -r game/requirements-serve.txt
	@touch $@

$(VENV)/train.done: $(VENV)/play.done training/requirements.txt
	@$(PIP) -r training/requirements.txt
	@touch $@

$(VENV)/test.done: $(VENV)/train.done requirements.txt tests/requirements.txt \
		game/requirements-cluster.txt game/requirements-serve.txt \
		training/requirements-distributed.txt
	@$(PIP) -r requirements.txt
	@touch $@

$(APP)/app.done: $(VENV)/made game/requirements.txt game/requirements-serve.txt \
		.ci/app/requirements.txt $(CI_FILES)
	@echo "Setting up (once) ..."
	@$(RUN) -m venv --clear $(APP)
	@$(APP_RUN) $(INSTALL) -r game/requirements.txt -r game/requirements-serve.txt \
		-r .ci/app/requirements.txt
	@touch $@
