# Suxin 溯信. Two commands do everything: `make run` opens the desktop, `make test` runs all tests.
# Both make .venv first, from the hashed locks in requirements/, and only when a lock has changed.

# The first Python that is new enough and really runs (a version manager's shim may only pretend to).
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
PYTHON := $(if $(PYTHON),$(PYTHON),no-python)
UV ?= uv
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml

.PHONY: run test torture check env screens bench package lock clean no-python
.DEFAULT_GOAL := run

torture: # the long fault-injection runs, which `make test` leaves out
	@$(MAKE) --no-print-directory test ARGS='-m torture $(ARGS)'

run test check: $(filter no-python,$(PYTHON))
	@$(PYTHON) scripts/bootstrap.py $@ $(ARGS)

# No ARGS: here they are words for whoever needs the environment.
env: $(filter no-python,$(PYTHON))
	@$(PYTHON) scripts/bootstrap.py env

# Resolved for every platform and every Python from 3.11 on; no index address is written down.
lock:
	$(LOCK) -o requirements/run.lock $(ARGS)
	$(LOCK) --extra test -c requirements/run.lock -o requirements/test.lock $(ARGS)

# Every page in both languages, schemes and densities, checked for clipped and unworded texts.
screens: env
	.venv/bin/python scripts/screens.py build/screens $(ARGS)

# The performance table, beside the peers that are installed (pip install '.[peers]').
bench: env
	.venv/bin/python main.py bench $(ARGS)

# A folder that runs without Python, and a .deb around it; ARGS=--try starts it in a bare Debian.
package: $(filter no-python,$(PYTHON))
	@$(PYTHON) scripts/bootstrap.py env run
	.venv/bin/python -m pip install --quiet 'pyinstaller>=6.11,<7'
	.venv/bin/python scripts/package.py $(ARGS)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

no-python:
	@echo 'Suxin needs Python 3.11 or newer and found none.' >&2
	@echo 'On Debian or Ubuntu: sudo apt-get update && sudo apt-get install -y python3 python3-venv' >&2
	@echo 'Another one: make run PYTHON=/path/to/python3.12' >&2
	@exit 1
