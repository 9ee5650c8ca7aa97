//! The ConfigMap: the pipeline configuration as the consumer reads it.

use super::inherited::inherit;
use super::names::{labels, pipeline_object_name};
use crate::context::Context;
use crate::value::{Node, Origin};

/// Builds the ConfigMap that all Deployments of a pipeline mount. It lives where the primary Deployment lives.
pub(crate) fn build<'a>(
    context: &Context<'a>,
    primary: &Node<'a>,
    config_text: String,
) -> Node<'a> {
    let config = context.pipeline_config.node.origin;
    let map = |entries: Vec<(&'static str, Node<'a>)>| Node::map(entries, Origin::MACRO);
    let metadata =
        map(vec![("name", pipeline_object_name(context)), ("labels", map(labels(context)))]);
    let mut object = map(vec![
        ("apiVersion", Node::string("v1", Origin::MACRO)),
        ("kind", Node::string("ConfigMap", Origin::MACRO)),
        ("metadata", metadata),
        ("data", Node::map([("pipeline_config.yaml", Node::string(config_text, config))], config)),
    ]);

    inherit(&mut object, context.pipeline_metadata);
    // Where the Deployment is, whichever layer says so.
    let metadata = object.as_map_mut().and_then(|object| object.get_mut("metadata"));
    if let (Some(metadata), Some(namespace)) =
        (metadata.and_then(Node::as_map_mut), primary.at(&["metadata", "namespace"]))
    {
        metadata.set("namespace", namespace.clone());
    }

    object
}
