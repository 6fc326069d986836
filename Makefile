# make run   install what is missing, start the app, print its address
# make classroom   the same for a class in the same network: prints the address to join and a code to scan
# make test  install what the tests need as well, then lint, check types and run the tests
# make audit  ask the registries for known faults of what is installed (needs a network)
# make test-slow   sweeps over all pages, walks, crowds and whole runs (marked slow), which make test leaves out
# make api   the pages of `import facespace`, into api/
# make notebooks   open the notebooks in examples/ in the browser, with marimo
# make site   the explorer as a folder of files, site/, that needs no server of ours
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
NODE := PATH="$$($(BIN)/python -m app.server.frontend_files --node-path):$$PATH"
DECODERS := checkpoints/ae/decoder.onnx checkpoints/vae/decoder.onnx
BLEND := checkpoints/vae/faithful.blend
BEFOREHAND := checkpoints/vae/beforehand/made
CODE := $(shell find app latent models -name '*.py')

.PHONY: audit run classroom notebooks site test test-slow lint types pytest node-test install install-dev browser api bench clean

run: install
	@$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

classroom: install
	@$(BIN)/python -m app.server.class_network --port $(PORT) $(if $(ADDRESS),--address $(ADDRESS))

site: install
	@$(BIN)/python -m app.static_site site $(if $(MODEL),--model $(MODEL))

notebooks: install $(VENV)/.installed-notebook
	@$(BIN)/marimo edit examples

test: install-dev browser lint types node-test pytest

test-slow: install-dev browser
	$(BIN)/python -m pytest -m slow

install: $(VENV)/.installed $(DECODERS) $(BLEND) $(BEFOREHAND)
	@$(BIN)/python -m app.server.frontend_files

# The browser's copy of each decoder: made in a second from the weights, so it is not kept in git.
$(DECODERS): checkpoints/%/decoder.onnx: checkpoints/%/model.safetensors | $(VENV)/.installed
	$(BIN)/python -m models.onnx.export_decoder $(@D)
	@touch $@

$(BLEND): checkpoints/vae/decoder.onnx checkpoints/vae/faithful.safetensors
	$(BIN)/python -m models.onnx.export_blend $(@D)
	@touch $@

# What the first visitor of each page would wait for; without, the app works it out when it is asked for it.
$(BEFOREHAND): $(CODE) $(DECODERS) $(BLEND) checkpoints/ae/atlas.npz checkpoints/vae/atlas.npz
	-@$(BIN)/python -m app.beforehand && touch $@

install-dev: $(VENV)/.installed-dev install

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Facespace needs Python 3.11 or newer; set PYTHON=python3.12 or the like.")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.txt
	$(BIN)/pip install -q -r requirements.txt
	@touch $@

$(VENV)/.installed-notebook: $(VENV)/.installed requirements-notebook.txt pyproject.toml
	$(BIN)/pip install -q -e .[notebook]
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt requirements-notebook.txt
	$(BIN)/pip install -q -r requirements-dev.txt
	@touch $@

browser: install-dev
	@$(BIN)/python tests/browser/find_chromium.py --install

# TypeScript, Biome and axe-core, for the browser's modules and pages; 130 MB that nothing serves.
frontend/checks/node_modules/.package-lock.json: frontend/checks/package-lock.json | $(VENV)/.installed-dev
	$(BIN)/python -m app.server.frontend_files --checks
	@touch $@

lint: frontend/checks/node_modules/.package-lock.json
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m tests.sizes
	@$(NODE) frontend/checks/node_modules/.bin/biome lint --error-on-warnings
	@$(NODE) frontend/checks/node_modules/.bin/tsc -p frontend/checks

types:
	$(BIN)/mypy
	$(BIN)/mypy align_faces.py train.py train_prior.py build_atlas.py evaluate.py import_checkpoint.py streamlit_app.py

node-test: install-dev
	@$(NODE) node --test $$(find tests -name '*.test.mjs')

pytest: frontend/checks/node_modules/.package-lock.json
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

api: install-dev
	$(BIN)/pdoc facespace -o api
	@echo "Open api/facespace.html."

audit: install-dev
	$(BIN)/pip-audit --local --skip-editable --progress-spinner off
	@$(NODE) npm audit --prefix frontend
	@$(NODE) npm audit --prefix frontend/checks

bench: install-dev browser
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .cache api frontend/served frontend/checks/node_modules checkpoints/*/decoder.onnx checkpoints/*/faithful.blend checkpoints/family/*/decoder.onnx
