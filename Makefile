# Each line is a command that a reader could type.
# Linux, without a graphics card: plain torch brings gigabytes of CUDA libraries.
# The CPU build alone:  make book TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
TORCH_INDEX ?=
CHAPTER ?=
WORKERS ?= logical

VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
INDEX  := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
export SPHINXOPTS

.PHONY: help book pdf serve test check bench clean lock
.DELETE_ON_ERROR:

help:
	@echo 'make book    build the book into _build/html (sets up .venv first)'
	@echo 'make pdf     the printed book alone, into _build/typst; one chapter, with and without its solutions:'
	@echo '             make pdf CHAPTER=calculus/limits-and-derivatives'
	@echo 'make serve   live preview: save a file, see the page (http://127.0.0.1:8000)'
	@echo 'make test    everything: package, chapters, the site in a real browser'
	@echo '             make test CHAPTER=calculus/gradients is what one chapter needs'
	@echo 'make check   the fast path: lint, types, unit tests'
	@echo 'make bench   the time of builds, against plain Jupyter Book and the limit; of code in chapters; of descents; of figures; of live cells; of marking;'
	@echo '             of pages on a phone'
	@echo 'make lock    resolve requirements.lock anew from pyproject.toml'
	@echo 'make clean   remove what was built; .venv stays'

book: $(READY)
	$(BIN)/jupyter-book build -n -W --keep-going .

pdf: $(READY)
	GDBOOK_CHAPTER=$(CHAPTER) $(BIN)/jupyter-book build -n -W --keep-going --builder custom --custom-builder typst .

serve: $(READY)
	$(BIN)/gdbook serve

bench: $(READY)
	$(BIN)/python tests/bench/build.py
	$(BIN)/python tests/bench/chapters.py
	$(BIN)/python tests/bench/descent.py
	$(BIN)/python tests/bench/figures.py
	$(BIN)/python tests/bench/live.py
	$(BIN)/python tests/bench/grading.py
	$(BIN)/python tests/bench/light.py

# Tests run side by side, at most four at once; each with one thread for its arithmetic. Compiled
# modules are kept, whatever the surroundings say: workers and builds would each compile all anew.
PYTEST := PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 $(BIN)/pytest -q --numprocesses $(WORKERS) --maxprocesses 4 $(PYTESTOPTS)

check: $(READY)
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) -m 'not book and not browser and not slow'

ifeq ($(CHAPTER),)
test: check
	BIN=$(BIN) sh tests/browser/chromium.sh
	sh tests/browser/firefox.sh
	sh tests/browser/fonts.sh
	$(PYTEST) -m 'book or browser or slow'
else
test: $(READY)
	BIN=$(BIN) sh tests/browser/chromium.sh
	sh tests/browser/firefox.sh
	sh tests/browser/fonts.sh
	$(PYTEST) --chapter '$(CHAPTER)'
endif

# One environment, from the lock, which holds the extras `book` and `test` too; made again when
# the lock or the package's metadata changes.
$(READY): requirements.lock pyproject.toml
	@echo 'Setting up $(VENV) from requirements.lock (once, a few minutes) …'
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Downhill needs Python 3.11 or newer; say which with PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(INDEX) --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra book --extra test \
	    --custom-compile-command 'make lock' --no-annotate --upgrade \
	    --output-file requirements.lock pyproject.toml

clean:
	rm -rf _build
