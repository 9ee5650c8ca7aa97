//! Asks the component what a pipeline's objects are.

use crate::depth::{LEVELS, MARK};
use crate::desired::desired;
use crate::pipeline::Pipeline;
use crate::report::{Done, Verdict};
use crate::status::Problem;
use kube::api::DynamicObject;
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use serde_json::{Value, json};

/// Renders a pipeline, whose text is `context`. Blocks for as long as the component takes, which its host limits.
pub(crate) fn render(
    consumer_macro: &ConsumerMacro,
    object: &DynamicObject,
    context: &str,
    pipeline: &Pipeline,
    namespace: &str,
) -> Verdict {
    if object.data.get("spec").is_some_and(is_cut) {
        let message = format!(
            "the spec is nested more deeply than {LEVELS} levels, which is as deep as this operator reads"
        );
        return Verdict::Broken { reason: "NestedTooDeeply", message };
    }
    let rendered = match consumer_macro.render(context) {
        Ok(rendered) => rendered,
        Err(Error::Refused(all)) => {
            return Verdict::Refused(all.iter().map(Problem::from).collect());
        }
        Err(error) => {
            return Verdict::Broken { reason: reason(&error), message: error.to_string() };
        }
    };
    match desired(pipeline, &rendered.manifests, namespace) {
        Ok(desired) => Verdict::Rendered {
            desired,
            warnings: rendered.warnings.iter().map(Problem::from).collect(),
            done: Done::default(),
        },
        Err(error) => {
            Verdict::Broken { reason: "RenderFailed", message: format!("not an object: {error}") }
        }
    }
}

/// Whether the component takes this version of Kubernetes in a context.
pub(crate) fn knows_kubernetes(consumer_macro: &ConsumerMacro, version: &str) -> bool {
    const FIELD: &str = "kubernetes_version";

    let context = json!({ FIELD: version }).to_string();
    match consumer_macro.validate(&context) {
        Ok(_) => true,
        // It lacks much, which does not matter here.
        Err(Error::Refused(problems)) => problems.iter().all(|problem| problem.path != FIELD),
        Err(_) => false,
    }
}

/// Whether something was cut off on its way in.
fn is_cut(value: &Value) -> bool {
    match value {
        Value::String(text) => text == MARK,
        Value::Array(items) => items.iter().any(is_cut),
        Value::Object(map) => map.values().any(is_cut),
        _ => false,
    }
}

/// What the spec took too much of; anything else is a fault of the component.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::Time(_) => "RenderTimeout",
        Error::Memory(_) => "RenderOutOfMemory",
        Error::Output(_) => "RenderOutputTooLarge",
        _ => "RenderFailed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sentry_streams_k8s_component::COMPONENT;

    #[test]
    fn the_component_says_which_versions_it_knows() {
        let consumer_macro = ConsumerMacro::from_bytes(COMPONENT).unwrap();
        for (version, expected) in [
            ("v1.27.16", false),
            ("v1.28.0", true),
            ("v1.37.0-rc.1+k3s1", true),
            ("v1.34.1-gke.100", true),
            ("", false),
            ("unknown", false),
        ] {
            assert_eq!(knows_kubernetes(&consumer_macro, version), expected, "{version}");
        }
    }
}
