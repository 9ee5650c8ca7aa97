# The hosts besides Rust: targets that say what they skip where a toolchain is missing.
# v0.8.2 is the release 2026.2.2.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: go-module conformance-inputs test-go js test-js

go-module: component ## copy the core module to where the Go package embeds it
	install -m 644 target/component/sentry_streams_k8s.core.wasm go/

conformance-inputs:
	scripts/conformance inputs

test-go: component conformance-inputs ## test the Go package: vet, staticcheck, race detector
	@if command -v go >/dev/null; then \
		set -ex; cd go; gofmt -l . | (! grep .); go vet ./...; go run $(STATICCHECK) ./...; go test -race ./...; \
	else echo "SKIPPED test-go: there is no Go (go)"; fi

js: component ## build the npm package into js/dist
	cd js && npm ci --no-audit --no-fund && npm run build

test-js: component conformance-inputs ## build and test the npm package
	@if command -v npm >/dev/null; then $(MAKE) js && cd js && npm test; \
	else echo "SKIPPED test-js: there is no Node (npm)"; fi

.PHONY: conformance test-deploy-tools

conformance: test-go test-js test-python ## compare the hosts' answers to the shared cases, byte for byte
	scripts/conformance compare

test-deploy-tools: component ## run the examples through real kustomize and Helm, and as Argo CD would
	cargo build --quiet --package streams-k8s
	scripts/test-deploy-tools target/debug/streams-k8s
