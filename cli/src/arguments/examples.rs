//! What stands below the options in the help of each command.

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  every context is right
  1  a context has problems; nothing is written
  2  wrong arguments, a file that cannot be read or written, or a failure of the component";

pub(super) const INIT_EXIT_CODES: &str = "\
Exit codes:
  0  the context is right
  1  something of the Deployment or the configuration is not right in a context: it is written, with its problems
  2  wrong arguments, or a file that cannot be read or written";

pub(super) const VALIDATE_EXIT_CODES: &str = "\
Exit codes:
  0  every context is right
  1  a context has problems, which `--fix` leaves, or `--diff` shows changes
  2  wrong arguments, a file that cannot be read or written, or a failure of the component";

pub(super) const DIFF_EXIT_CODES: &str = "\
Exit codes:
  0  all is the same
  1  something differs
  2  a context has problems, wrong arguments, or a file that cannot be read";

pub(super) const RENDER_EXAMPLES: &str = "\
Examples:
  streams-k8s render context.yaml | kubectl apply -f -
  streams-k8s render --output-dir manifests --prune contexts/*.yaml
  streams-k8s render context.yaml --set replicas=3 --set-file emergency_patch=patch.yaml";

pub(super) const VALIDATE_EXAMPLES: &str = "\
Examples:
  streams-k8s validate .
  streams-k8s validate --fix contexts/*.yaml
  streams-k8s validate --format github 'pipelines/**/*.yaml'";

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  streams-k8s explain context.yaml --field image
  streams-k8s explain context.yaml --layer emergency_patch
  streams-k8s explain context.yaml -o html > explained.html";

pub(super) const DIFF_EXAMPLES: &str = "\
Examples:
  streams-k8s diff --live context.yaml
  streams-k8s diff context.yaml context.yaml --set-file emergency_patch=patch.yaml
  streams-k8s diff -o markdown main/ branch/
  streams-k8s diff --kubernetes-version 1.30 --to 1.34 context.yaml";

pub(super) const MIGRATE_EXAMPLES: &str = "\
Examples:
  streams-k8s migrate-check contexts/*.yaml --recorded rendered/
  streams-k8s migrate-check context.yaml --recorded rendered.json -o markdown";

pub(super) const EXPAND_EXAMPLES: &str = "\
Examples:
  helm template chart | streams-k8s expand | kubectl apply -f -
  streams-k8s expand --list applications/*";

pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  streams-k8s init context.yaml
  streams-k8s init --pipeline-config pipeline.yaml context.yaml
  kubectl get deployment NAME -o yaml | streams-k8s init --deployment - > context.yaml";

pub(super) const SCHEMA_EXAMPLE: &str = "\
Example:
  streams-k8s schema > context.schema.json";

pub(super) const VERSION_EXAMPLE: &str = "\
Example:
  streams-k8s version";

pub(super) const COMPLETIONS_EXAMPLE: &str = "\
Example:
  streams-k8s completions bash > ~/.local/share/bash-completion/completions/streams-k8s";

pub(super) const MAN_EXAMPLE: &str = "\
Example:
  streams-k8s generate-man ~/.local/share/man/man1";

pub(super) const KRM_HELP: &str = "\
Example:
  kustomize build --enable-alpha-plugins --enable-exec examples/kustomize/generator

It reads the list from standard input and writes it to standard output. Problems stand in its `results` too.

Exit codes:
  0  every pipeline is right
  1  a pipeline has problems; all items stay as they are
  2  wrong arguments, an input that is no ResourceList, or a failure of the component";
