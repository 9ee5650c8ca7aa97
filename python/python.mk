# The Python package, for the Makefile. PYTHON chooses the interpreter.
COMPONENT = target/component/sentry_streams_k8s.wasm
WHEEL = target/wheel/sentry_streams_k8s_wasm-$(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)-py3-none-any.whl

.PHONY: wheel lint-python test-python test-python-minimal test-python-versions test-python-reference record-reference check-reference bench-python bench python-lock

# Only where it is missing: cargo knows what is out of date, so run `make component` after a change.
$(COMPONENT):
	$(MAKE) component

.PRECIOUS: target/venv-%/made target/venv-%/installed

# A virtual environment is made anew when what is locked for it changes.
target/venv-%/made: python/requirements/%.txt
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --no-deps --require-hashes -r $<
	touch $@

wheel: $(WHEEL) ## build the Python wheel into target/wheel

$(WHEEL): target/venv-test/made $(COMPONENT) Cargo.toml LICENSE python/pyproject.toml python/README.md $(wildcard python/src/*/*)
	cd python && ../target/venv-test/bin/hatchling build --target wheel --directory ../target/wheel

# Into an environment goes the wheel itself, as a user gets it.
target/venv-%/installed: target/venv-%/made $(WHEEL)
	$(@D)/bin/pip install --quiet --no-deps --force-reinstall $(WHEEL)
	touch $@

ifeq ($(HAS_PYTHON),yes)
test-python: conformance-inputs target/venv-test/installed ## test the wheel, with sentry-kube and sentry-streams
	@status=0; $(MAKE) --no-print-directory lint-python || status=1; \
	cd python && ../target/venv-test/bin/pytest || status=1; exit $$status
else
test-python:
	@echo "SKIPPED test-python: $(NO_PYTHON)"
endif

lint-python: target/venv-test/installed
	cd python && ../target/venv-test/bin/ruff format --check --config pyproject.toml . ../bench ../operator/runs ../tests/campaigns ../tests/reference && ../target/venv-test/bin/ruff check --config pyproject.toml . ../bench ../operator/runs ../tests/campaigns ../tests/reference
	cd python && ../target/venv-test/bin/mypy

# The oldest wasmtime that is supported, and nothing optional.
test-python-minimal: conformance-inputs target/venv-minimal/installed ## test it with the oldest wasmtime and nothing optional
	cd python && ../target/venv-minimal/bin/pytest

test-python-versions: conformance-inputs $(WHEEL) ## test it with every other Python it supports that is here
	PYTHON=$(PYTHON) scripts/test-python-versions $(WHEEL)

# Against the reference implementation itself.
test-python-reference: target/venv-reference/installed check-reference ## compare it with the reference implementation
	cd python && ../target/venv-reference/bin/pytest tests/test_sentry_kube.py tests/test_differential.py

record-reference: target/venv-reference/made ## record what the reference answers to tests/cases
	target/venv-reference/bin/python tests/reference/record.py

check-reference: target/venv-reference/made ## check that it still answers what is recorded
	target/venv-reference/bin/python tests/reference/record.py --check

bench-python: target/venv-reference/installed ## time it beside the reference implementation
	target/venv-reference/bin/python bench/python_side_by_side.py

# Nothing else should run meanwhile. With kustomize and Helm where `make test-deploy-tools` has built them, with Go and
# Node where they are there.
bench: target/venv-reference/installed target/venv-plot/made $(if $(shell command -v npm),js) ## run all benchmarks and write docs/internals/bench.md, in some minutes
	cargo build --quiet --release --locked --bin streams-k8s
	target/venv-reference/bin/python bench/report.py docs/internals/bench.md target/bench/figures.json
	target/venv-plot/bin/python bench/plot.py target/bench/figures.json docs/internals/bench.svg

# Newest versions of everything, with digests; needs uv.
python-lock:
	for set in test reference operator minimal plot; do \
	  uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	    --override python/requirements/overrides.txt \
	    --custom-compile-command "make python-lock" python/requirements/$$set.in -o python/requirements/$$set.txt; \
	done
