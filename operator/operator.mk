# The operator: its definition, and a real control plane to run it on.

.PHONY: control-plane operator-crd operator-dev test-cluster test-charts

control-plane: ## build a Kubernetes control plane into target/cluster (minutes, once)
	tests/cluster/cluster build

operator-crd: component ## write the CustomResourceDefinition from the schema of the context
	cargo run --quiet --bin streams-k8s-operator -- crd > target/crd.yaml
	mv target/crd.yaml operator/manifests/crd.yaml

operator-dev: component control-plane ## try the operator on a control plane of its own; Ctrl-C ends it
	cargo build --quiet --bin streams-k8s-operator
	tests/cluster/cluster with scripts/operator-dev

test-cluster: component ## test the operator on a real control plane
	@if command -v go >/dev/null; then \
		set -ex; tests/cluster/cluster build; \
		cargo test --quiet --test cluster --no-run --locked; \
		tests/cluster/cluster with cargo test --test cluster --locked -- --test-threads 8; \
	else echo "SKIPPED test-cluster: there is no Go (go)"; fi

test-charts: component ## test the charts with real Helm on a real control plane
	@if command -v go >/dev/null; then \
		set -ex; tests/cluster/cluster build; cargo build --quiet --bins --locked; \
		tests/cluster/cluster with scripts/test-charts; \
	else echo "SKIPPED test-charts: there is no Go (go)"; fi
