# make lab    install the course and open it in JupyterLab
# make test   install what the tests need, and run them
# The other targets are for those who work on the course: see CONTRIBUTING.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# More options for JupyterLab, such as OPTIONS=--no-browser.
OPTIONS ?=
# JupyterLab refuses to run as root, as in a container, unless told so.
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Without these two an interrupted installation, or an upgrade of Python, has left half of it.
WHOLE := $(shell test -x $(BIN)/python && test -x $(BIN)/pip && echo yes)

.PHONY: lab test binder-test course-test processor-test site site-test notebooks adopt environment

lab: $(VENV)/learner
	@echo "If no browser opens, click the last address below that begins with http://127.0.0.1. To end it, press Ctrl+C here."
	$(BIN)/jupyter lab -y $(ROOT) --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb $(OPTIONS)

test: $(VENV)/tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadscope --nbval --nbval-current-env tests helpers notebooks

binder-test: $(VENV)/tests
	$(BIN)/python -m pytest -m binder tests

course-test: $(VENV)/tests
	$(BIN)/python -m pytest -m course --numprocesses=auto tests

processor-test: $(VENV)/tests
	$(BIN)/python -m pytest -m processors --numprocesses=auto tests/notebooks

site: $(VENV)/learner
	$(BIN)/python -m tools.site $(NAMES)

site-test: $(VENV)/tests
	$(BIN)/python -m pytest -m site tests

notebooks: $(VENV)/learner
	$(BIN)/python tools/notebooks.py $(NAMES)

adopt: $(VENV)/learner
	$(BIN)/python tools/adopt.py $(REPO)

$(VENV)/learner: requirements.txt pyproject.toml $(if $(WHOLE),,environment)
	@$(BIN)/python -m pip install -r requirements.txt || { echo >&2; echo >&2 \
	  "The installation did not finish; pip says why above. It needs a network connection. To go on: make lab"; exit 1; }
	$(BIN)/python tools/settings.py
	touch $@

$(VENV)/tests: $(VENV)/learner tests/requirements.txt
	@$(BIN)/python -m pip install -r tests/requirements.txt || { echo >&2; echo >&2 \
	  "The installation did not finish; pip says why above. It needs a network connection. To go on: make test"; exit 1; }
	touch $@

environment:
	@command -v $(PYTHON) >/dev/null || { echo >&2 \
	  "There is no $(PYTHON). The course needs Python 3.11 or newer; name the one you have, as in: make lab PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo >&2 \
	  "The course needs Python 3.11 or newer, but $(PYTHON) is `$(PYTHON) --version 2>&1`. Name a newer one, as in: make lab PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo >&2 \
	  "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu this installs what it lacks: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(if $(wildcard $(VENV)/pyvenv.cfg),--clear) $(VENV)
