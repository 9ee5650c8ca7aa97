# The tasks of this repository; `make help` lists them.
CONTEXT ?= examples/small.yaml

.DEFAULT_GOAL := help
.PHONY: help component render test test-rust test-kubernetes lint generate generate-check dist dist-quick dist-test reproducible

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

component: ## build the WebAssembly component and its core module into target/component
	scripts/build-component

render: component ## render an example, building what is missing (CONTEXT=FILE renders another)
	cargo run --locked --bin streams-k8s -- render $(CONTEXT)

# What must pass, in lanes that run side by side: two with a control plane, for which they wait most of the time. What
# needs a toolchain that is not here says SKIPPED.
CLUSTER_TESTS = test-cluster
CARGO_TESTS = test-rust test-kubernetes test-editors test-charts test-chaos
LANGUAGE_TESTS = test-python test-go test-js test-web

# What cargo tests is built first, because each lane would wait for it, and it keeps all processors busy by itself. What
# does not build there fails in its lane: the other hosts are tested, and compared, whichever fails.
test: component ## test every host whose toolchain is there, and say at the end which ones failed
	rm -rf target/conformance
	-cargo test --workspace --locked --no-run
	@status=0; \
	scripts/test-side-by-side '$(CLUSTER_TESTS)' '$(CARGO_TESTS)' '$(LANGUAGE_TESTS)' || status=1; \
	$(MAKE) --no-print-directory compare-hosts || status=1; exit $$status

test-rust: component ## test the macro, natively and as a component, the host and the command line
	cargo test --workspace --locked --no-fail-fast

test-kubernetes: ## let Kubernetes' own validation judge what is rendered and refused
	@if command -v go >/dev/null; then tests/kubernetes/validate && tests/kubernetes/validate --oldest; \
	else echo "SKIPPED test-kubernetes: there is no Go (go)"; fi

lint: component ## check format, lints, documentation, and that modules import in no circle
	scripts/check-imports src cli/src host-test/src operator/src
	scripts/check-links
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

generate: ## write anew what programs write in this tree (scripts/generate --slow: with other languages' tools too)
	scripts/generate

generate-check: ## check that all of it is as it would be generated
	scripts/generate --check

dist: component wheel js ## put what is released into target/dist (docs/releasing.md); minutes: it is a release build
	scripts/dist

dist-quick: component wheel js ## the same without the programs and the image
	scripts/dist --quick

dist-test: ## install all of target/dist as users would, and see that each renders the same bytes
	scripts/dist-test

reproducible: ## build the component twice and compare
	scripts/check-reproducible

include hosts.mk operator/operator.mk python/python.mk web/web.mk
