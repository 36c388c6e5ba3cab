# Trygghetslots. `make demo` to try it, `make test` to test it: both set themselves up in .venv and
# need Python 3.11 or later with venv, make and a network, nothing else.

PYTHON ?= python3
BIN := .venv/bin
# The lock has every package with its hash: nothing to resolve, nothing to build.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
LOCKED := $(INSTALL) --require-hashes --only-binary :all:
# A worker for each core; each has a PostgreSQL of its own. ARGS="-n 0" runs in one process, for a debugger.
TESTS := $(BIN)/pytest --maxprocesses 4 --dist worksteal -n logical
# make check has one more, for a test waits a third of its time.
ONE_MORE := -n $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
# They start and kill processes, live through bad days, play whole stories, send everything odd there is, or need
# Chromium: two fifths of the time of all tests.
LONG := tests/kill tests/browser tests/sandbox/pages tests/bot/test_demo.py tests/bot/test_forged.py \
	$(wildcard tests/stories/test_whole_*.py tests/stories/test_bad_days*.py)

.PHONY: help demo run test check long format lock requirements pictures chaos bench bench-answers bench-acts bench-documents bench-lists audit fuzz

help:
	@echo 'make demo          prova boten i webbläsaren, utan konto i Slack'
	@echo 'make test          kör alla test (ARGS="-k ord" väljer bland dem)'
	@echo 'make check         form, regler, typer, importer och alla test utom de långa'
	@echo 'make long          de långa testen: boten dödas, dåliga dagar, hela berättelser, sidorna i Chromium'
	@echo 'make run           kör boten med inställningarna i .env'
	@echo 'make requirements  vilka test som visar vilket krav'
	@echo 'make bench         allt nedan i en kort omgång: svar, dokument och listor'
	@echo 'make bench-answers vad ett svar kostar, bredvid en bar Bolt-app, aiogram och python-telegram-bot'
	@echo 'make bench-acts    detsamma utan Slack: processortid och satser, ARGS=--instructions räknar instruktioner'
	@echo 'make bench-documents  vad ansökan som PDF och Word kostar, bredvid WeasyPrint, och om svar får vänta på den'
	@echo 'make bench-lists   vad listor, sök, sammanställning och Hem kostar bland 1 000 till 100 000 ärenden'
	@echo 'make chaos         döda boten på måfå genom hela berättelsen, en och tre processer (tar en timme)'
	@echo 'make pictures      ta om bilderna i docs/pictures, med Chromium'
	@echo 'make format        rätta formen'
	@echo 'make fuzz          många fler slumpade försök i de test som har det (FUZZ=antal)'
	@echo 'make audit         kända sårbarheter i det som är låst, när nätet nås'
	@echo 'make lock          lås beroendena på nytt efter en ändring i pyproject.toml'

demo: .venv/runtime
	@exec $(BIN)/lots demo

run: .venv/runtime
	@exec $(BIN)/lots run

test: .venv/development
	@$(TESTS) $(ARGS)

check: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/ty check
	$(TESTS) $(ONE_MORE) $(LONG:%=--ignore=%)
	@.ci/audit $(BIN)/python
	@echo 'Inte körda: $(LONG). De körs av make long, och av make test tillsammans med alla andra.'

long: .venv/development
	@$(TESTS) $(LONG) $(ARGS)

audit: .venv/made
	@.ci/audit $(BIN)/python

fuzz: .venv/development
	@FUZZ=$${FUZZ:-3000} $(BIN)/pytest -m "fuzz or hypothesis" $(ARGS)

format: .venv/development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: .venv/development
	@$(BIN)/python tests/test_requirements.py

bench: .venv/development
	@$(BIN)/python -m benchmarks.answer --quick
	@$(BIN)/python -m benchmarks.acts
	@$(BIN)/python -m benchmarks.documents --rounds 2
	@$(BIN)/python -m benchmarks.held_up --rounds 1
	@$(BIN)/python -m benchmarks.lists --cases 1000 10000

bench-answers: .venv/development
	@$(BIN)/python -m benchmarks.answer $(ARGS)

bench-documents: .venv/development
	@$(BIN)/python -m benchmarks.documents
	@$(BIN)/python -m benchmarks.held_up

bench-acts: .venv/development
	@$(BIN)/python -m benchmarks.acts $(ARGS)

bench-lists: .venv/development
	@$(BIN)/python -m benchmarks.lists $(ARGS)

chaos: .venv/development
	@$(BIN)/python -m tests.kill replicas --gestures 1000
	@$(BIN)/python -m tests.kill at_random --kills 1000 --database sqlite
	@$(BIN)/python -m tests.kill at_random --kills 1000 --database postgres --replicas 3
	@$(BIN)/python -m tests.kill story --kills 1000 --database sqlite
	@$(BIN)/python -m tests.kill story --kills 1000 --database postgres --replicas 3

pictures: .venv/development
	@LOTS_PICTURES=docs/pictures $(BIN)/pytest tests/browser

lock: .venv/made
	@command -v $(BIN)/uv >/dev/null || $(INSTALL) uv
	@.ci/lock $(BIN)/uv

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Det behövs Python 3.11 eller senare. Ange vilken: make demo PYTHON=python3.12'; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'Python saknar venv. På Debian och Ubuntu: sudo apt install python3-venv'; exit 2; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/made requirements.lock pyproject.toml
	@echo 'Installerar det som boten behöver i .venv …'
	@sed -n '/^pip==/,/[0-9a-f]$$/p' requirements.lock > .venv/pip.lock
	@sed '/^# == development ==/,$$d' requirements.lock > .venv/runtime.lock
	@$(LOCKED) -r .venv/pip.lock
	@$(LOCKED) -r .venv/runtime.lock
	@PYTHONWARNINGS=ignore $(INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/development: .venv/runtime
	@echo 'Installerar det som testen behöver i .venv …'
	@$(LOCKED) -r requirements.lock
	@touch $@
