# The hosts besides Rust: targets that say what they skip where a toolchain is missing.
# v0.8.2 is the release 2026.2.2.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: go-module conformance-inputs test-go js test-js

# Whether there is a Python that can make virtual environments for what is locked here: "yes" or nothing.
PYTHON ?= python3
HAS_PYTHON := $(shell $(PYTHON) -c 'import ensurepip, sys; print("yes" if sys.version_info >= (3, 11) else "")' 2>/dev/null)
NO_PYTHON = there is no Python 3.11 or newer with ensurepip ($(PYTHON); on Debian: python3-venv)

go-module: component ## copy the core module to where the Go package embeds it
	install -m 644 target/component/sentry_streams_k8s.core.wasm go/

conformance-inputs:
ifeq ($(HAS_PYTHON),yes)
	$(PYTHON) scripts/conformance inputs
else
	@echo "SKIPPED conformance: $(NO_PYTHON)"
endif

# A cached result would leave no answers to compare: `-count=1`.
test-go: component conformance-inputs ## test the Go package: vet, staticcheck, race detector
	@if command -v go >/dev/null; then \
		cd go && status=0; \
		for check in "! gofmt -l . | grep ." "go vet ./..." "go run $(STATICCHECK) ./..." "go test -count=1 -race ./..."; do \
			echo "$$check"; eval "$$check" || status=1; \
		done; \
		exit $$status; \
	else echo "SKIPPED test-go: there is no Go (go)"; fi

js: component ## build the npm package into js/dist
	cd js && npm ci --no-audit --no-fund && npm run build

test-js: component conformance-inputs ## build and test the npm package
	@if command -v npm >/dev/null; then $(MAKE) js && cd js && npm test; \
	else echo "SKIPPED test-js: there is no Node (npm)"; fi

.PHONY: test-editors

test-editors: component ## try the language server in Neovim, and the schema in yaml-language-server
	@cargo build --locked --bin streams-k8s && scripts/test-neovim target/debug/streams-k8s
	@if command -v npm >/dev/null; then cd editors && npm ci --no-audit --no-fund && npm test; \
	else echo "SKIPPED test-editors: there is no Node (npm)"; fi

.PHONY: conformance compare-hosts test-deploy-tools

HOST_TESTS = test-rust $(LANGUAGE_TESTS)

conformance: $(HOST_TESTS) ## let every host answer the shared cases, and compare byte for byte
	$(MAKE) --no-print-directory compare-hosts

# What they answered when they were tested.
compare-hosts:
ifeq ($(HAS_PYTHON),yes)
	$(PYTHON) scripts/conformance compare $(HOST_TESTS:test-%=%)
else
	@echo "SKIPPED compare-hosts: $(NO_PYTHON)"
endif

test-deploy-tools: component ## run the examples through real kustomize and Helm, and as Argo CD would
	cargo build --locked --bin streams-k8s
	scripts/test-deploy-tools target/debug/streams-k8s
