# The commands of Afterword. Each first makes .venv from the hashed lock; Python 3.11 or newer is all that has to be there.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo serve test containers check bench floor fuzz scale soak model chaos format diagrams letters lock sbom audit

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

demo: $(READY) ## eight applications walk the guide on fast-forwarded clocks; every date is checked
	@$(BIN)/afterword demo

serve: $(READY) ## the embedded stack, durable in .afterword/, until Ctrl-C
	@$(BIN)/afterword serve

test: $(READY) ## every test that this machine can run
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -m "not containers"

containers: $(READY) ## the image, Temporal's cluster, Compose and an upgrade under load, in real containers (minutes; needs Docker)
	@$(BIN)/python -m pytest -m containers tests/deploy

check: $(READY) ## format, lint, strict types, import contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

bench: $(READY) ## benchmarks as a table and .afterword/bench.json
	@$(BIN)/python -m tests.bench

floor: $(READY) ## the same at full length, kept in docs/performance/ (long; needs PostgreSQL and Go)
	@tests/deploy/prepare programs
	@$(BIN)/python -m tests.bench --full --keep
	@$(BIN)/python -m docs.floor

fuzz: $(READY) ## 100,000 made-up deliveries through every board's adapter (a short form is in the tests)
	@$(BIN)/python -m tests.boards.fuzz 100000

scale: $(READY) ## 10,000 open applications on a cluster on PostgreSQL, facts and prompts meanwhile, a wave of prompts (long; needs Go)
	@tests/deploy/prepare programs
	@$(BIN)/python -m tests.scale --applications 10000 --minutes 3 --wave 2000

soak: $(READY) ## an hour of mixed load in fast-forward: nothing may grow, nothing may be stuck
	@$(BIN)/python -m tests.scale.soak --minutes 60

model: $(READY) ## 20,000 made-up histories against a second reading of the process (a short form is in the tests)
	@$(BIN)/python -m tests.model --seed 7 --count 20000

chaos: $(READY) ## 20 worlds of 500 applications while everything is killed, cut off and full; hours (a short form is in the tests)
	@$(BIN)/python -m tests.chaos --seed 1 --count 20 --applications 500

format: $(READY) ## let ruff format and sort everything
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

diagrams: $(READY) ## draw docs/process.md and the README's diagram from the code
	$(BIN)/python -m docs.diagram

letters: $(READY) ## write docs/letters.md, the letters of five interviews, from the code
	$(BIN)/python -m docs.letters

UV := 0.13.9
UPGRADE :=
lock: ## write both locks from pyproject.toml, keeping what is pinned (UPGRADE=--upgrade renews it)
	tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && $(PYTHON) -m venv "$$tools" \
	&& "$$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv==$(UV) \
	&& "$$tools/bin/uv" pip compile --quiet $(UPGRADE) --generate-hashes --universal --python-version 3.11 --extra embedded --extra traces --group dev \
		--no-emit-index-url --no-annotate --no-header -o requirements.lock pyproject.toml \
	&& "$$tools/bin/uv" pip compile --quiet --upgrade --constraint requirements.lock --generate-hashes --universal --python-version 3.11 \
		--extra traces --group image --no-emit-index-url --no-annotate --no-header -o requirements.production.lock pyproject.toml

sbom: $(READY) ## what is in the image: .afterword/sbom.json (CycloneDX) and docs/licenses.md
	@mkdir -p .afterword
	$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o .afterword/sbom.json requirements.production.lock
	$(BIN)/python -m docs.licenses

audit: $(READY) ## what is known against what is in the image, if the public database can be reached
	@told="$$($(BIN)/pip-audit --vulnerability-service osv --disable-pip --require-hashes --progress-spinner off \
		--requirement requirements.production.lock 2>&1)" && echo "$$told" || case "$$told" in \
		*ServiceError*|*ConnectionError*|*"Could not connect"*|*Timeout*) echo "not run: no database of vulnerabilities can be reached" ;; \
		*) echo "$$told"; exit 1 ;; esac

# The stamp is older than the lock or the project file: install again, over what is there.
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/pip || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Afterword needs Python 3.11 or newer: install it, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Installing what requirements.lock names into .venv …"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
