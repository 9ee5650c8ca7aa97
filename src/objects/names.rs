//! The names and labels of the objects.

use crate::context::Context;
use crate::context::names::{kubernetes_name, pipeline_app};
use crate::value::{Node, Origin};

/// The labels that all objects of a step carry.
pub(super) fn labels<'a>(context: &Context<'a>) -> Vec<(&'static str, Node<'a>)> {
    let label = |value: String, origin: Origin| Node::string(value, origin);
    vec![
        (
            "pipeline-app",
            label(pipeline_app(&context.pipeline_module.text), context.pipeline_module.origin),
        ),
        (
            "pipeline",
            label(kubernetes_name(&context.pipeline_name.text), context.pipeline_name.origin),
        ),
        (
            "service",
            label(kubernetes_name(&context.service_name.text), context.service_name.origin),
        ),
    ]
}

/// The name of the `ConfigMap`, and of what all segments of a pipeline share.
pub(super) fn pipeline_object_name<'a>(context: &Context<'a>) -> Node<'a> {
    let name = format!("{}-pipeline-{}", context.service_name.text, context.pipeline_name.text);
    Node::string(kubernetes_name(&name), context.pipeline_name.origin)
}

/// The name of a Deployment: the primary's or the canary's.
pub(super) fn deployment_name<'a>(context: &Context<'a>, is_canary: bool) -> Node<'a> {
    let Context { service_name, pipeline_name, segment_id, .. } = context;
    let mut name = kubernetes_name(&format!(
        "{}-pipeline-{}-{}",
        service_name.text, pipeline_name.text, segment_id.text
    ));

    if is_canary {
        name.push_str("-canary");
    }

    Node::string(name, pipeline_name.origin)
}
