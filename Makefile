# The tasks of this repository; `make help` lists them.
CONTEXT ?= examples/small.yaml

.DEFAULT_GOAL := help
.PHONY: help component render test test-rust test-kubernetes lint dist reproducible

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

component: ## build the WebAssembly component and its core module into target/component
	scripts/build-component

render: component ## render an example, building what is missing (CONTEXT=FILE renders another)
	cargo run --quiet --package sentry-streams-k8s-host -- render $(CONTEXT)

test: test-rust test-kubernetes test-cluster test-python test-go test-js conformance ## test every host whose toolchain is there

test-rust: component ## test the macro, natively and as a component, the host and the command line
	cargo test --workspace --locked

test-kubernetes: ## let Kubernetes' own validation judge what is rendered and refused
	@if command -v go >/dev/null; then tests/kubernetes/validate; \
	else echo "SKIPPED test-kubernetes: there is no Go (go)"; fi

lint: component ## check format, lints and documentation
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

dist: component wheel js ## put what is released into target/dist, with what it is made of and digests
	scripts/dist

reproducible: ## build the component twice and compare
	scripts/check-reproducible

include hosts.mk operator/operator.mk python/python.mk
