# The operator: its definition, and a real control plane to run it on.

.PHONY: bench-operator bench-scale control-plane operator-crd operator-dev test-chaos test-charts test-cluster

control-plane: ## build a Kubernetes control plane into target/cluster (minutes, once)
	tests/cluster/cluster build

operator-crd: component ## write the CustomResourceDefinition from the schema of the context
	cargo run --quiet --bin streams-k8s-operator -- crd > target/crd.yaml
	mv target/crd.yaml operator/manifests/crd.yaml

operator-dev: component control-plane ## try the operator on a control plane of its own; Ctrl-C ends it
	cargo build --quiet --bin streams-k8s-operator
	tests/cluster/cluster with scripts/operator-dev

# Each has a control plane of its own, so that they may run side by side.
test-cluster test-charts test-chaos: export CLUSTER_STATE = $(CURDIR)/target/cluster/$@

test-cluster: component $(if $(HAS_PYTHON),target/venv-operator/made) ## test the operator on a real control plane
	@if command -v go >/dev/null; then \
		set -ex; tests/cluster/cluster build; \
		cargo test --quiet --test cluster --no-run --locked; \
		$(if $(HAS_PYTHON),export STREAMS_REFERENCE_OPERATOR=$(REFERENCE_OPERATOR);) \
		tests/cluster/cluster with cargo test --test cluster --locked -- --test-threads 8; \
	else echo "SKIPPED test-cluster: there is no Go (go)"; fi

test-charts: component ## test the charts with real Helm on a real control plane
	@if command -v go >/dev/null; then \
		set -ex; tests/cluster/cluster build; cargo build --quiet --bins --locked; \
		tests/cluster/cluster with scripts/test-charts; \
	else echo "SKIPPED test-charts: there is no Go (go)"; fi

# The reference's own operator, to take over from.
REFERENCE_OPERATOR = $(CURDIR)/target/venv-operator/bin/streams-k8s-operator

test-chaos: component ## a minute of faults between two operators and a real control plane (CHAOS='--seconds 1800 …': longer)
	@if command -v go >/dev/null && [ -n "$(HAS_PYTHON)" ]; then \
		set -ex; tests/cluster/cluster build; \
		cargo build --quiet --locked --bins; \
		tests/cluster/cluster with operator/runs/chaos.py $(CHAOS); \
	else echo "SKIPPED test-chaos: there is no Go (go), or no Python"; fi

bench-operator: component target/venv-operator/made ## this operator and the reference's on one control plane
	cargo build --quiet --release --locked --bin streams-k8s-operator
	tests/cluster/cluster build
	tests/cluster/cluster with operator/runs/side_by_side.py --reference $(REFERENCE_OPERATOR)

bench-scale: component ## ten thousand pipelines on one control plane
	cargo build --quiet --release --locked --bin streams-k8s-operator
	tests/cluster/cluster build
	tests/cluster/cluster with operator/runs/scale.py
