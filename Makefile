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

.PHONY: lab test binder-test notebooks adopt

lab: $(VENV)/learner
	$(BIN)/jupyter lab $(ROOT) --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb $(OPTIONS)

test: $(VENV)/tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadscope --nbval --nbval-current-env tests helpers notebooks

binder-test: $(VENV)/tests
	$(BIN)/python -m pytest -m binder tests

notebooks: $(VENV)/learner
	$(BIN)/python tools/notebooks.py $(NAMES)

adopt: $(VENV)/learner
	$(BIN)/python tools/adopt.py $(REPO)

$(VENV)/learner: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "The course needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`. Name a newer one: make PYTHON=python3.13 lab" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo \
	  "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -r requirements.txt || { echo \
	  "The installation did not finish. It needs a network connection; run the same command again to go on." >&2; exit 1; }
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	touch $@

$(VENV)/tests: $(VENV)/learner tests/requirements.txt
	$(BIN)/python -m pip install -r tests/requirements.txt
	touch $@
