//! Watches the definition of pipelines in the cluster: Helm never upgrades definitions, so it may be older than this
//! operator.

use crate::context::Context;
use crate::crd;
use crate::watch::refusal;
use futures::StreamExt;
use kube::api::{Api, ApiResource, DynamicObject, GroupVersionKind};
use kube::runtime::watcher::{Config, Event};
use kube::runtime::{WatchStreamExt, watcher};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use tracing::{error, info, warn};

/// When to try again where the right to watch is missing: nothing else depends on it.
const AGAIN: Duration = Duration::from_mins(10);

/// Says in log and metrics whether the definition in the cluster lacks what this operator's has.
pub(crate) async fn watch_definition(context: Arc<Context>) {
    let ours = match crd::definition() {
        Ok(ours) => ours,
        Err(error) => return error!(%error, "no definition"),
    };
    let kind = GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    let resource = ApiResource::from_gvk(&kind);
    let api: Api<DynamicObject> = Api::all_with(context.cluster.client.clone(), &resource);
    let config = Config::default().fields(&format!("metadata.name={}", crd::name()));
    let mut events = std::pin::pin!(watcher(api, config).default_backoff());
    while let Some(event) = events.next().await {
        match event {
            Ok(Event::Apply(object) | Event::InitApply(object)) => {
                let missing = missing(&ours, &object.data);
                context.metrics.set_definition_outdated(!missing.is_empty());
                if missing.is_empty() {
                    info!(
                        "the definition of pipelines in the cluster has all that this operator knows"
                    );
                } else {
                    warn!(
                        missing = missing.join(", "),
                        "the definition of pipelines in the cluster is older than this operator: apply what \
                         `streams-k8s-operator crd` prints"
                    );
                }
            }
            Ok(_) => {}
            Err(error) => {
                if let Some(message) = refusal(&error) {
                    warn!(
                        reason = message,
                        "cannot see whether the definition of pipelines is older"
                    );
                    context.metrics.forget_watch(&resource.plural);
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                warn!(%error, "the watch of the definition failed; it goes on");
                context.metrics.watch_failed(&resource.plural);
            }
        }
    }
}

/// What our definition has and another lacks: fields, and subresources.
fn missing(ours: &Value, theirs: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    let versions = |definition: &Value| {
        let versions = definition.pointer("/spec/versions").and_then(Value::as_array);
        versions.cloned().unwrap_or_default()
    };
    for version in versions(ours) {
        let name = version.get("name");
        let theirs = versions(theirs).into_iter().find(|other| other.get("name") == name);
        let Some(theirs) = theirs else {
            missing.push(format!("version {}", name.and_then(Value::as_str).unwrap_or_default()));
            continue;
        };
        for part in ["status", "scale"] {
            if theirs.pointer(&format!("/subresources/{part}")).is_none() {
                missing.push(format!("subresource {part}"));
            }
        }
        let schema = |version: &Value| version.pointer("/schema/openAPIV3Schema").cloned();
        fields(&schema(&version).unwrap_or_default(), schema(&theirs).as_ref(), "", &mut missing);
    }
    missing
}

/// Fields that one schema knows and another does not; what is below an unknown one is not listed.
fn fields(ours: &Value, theirs: Option<&Value>, path: &str, missing: &mut Vec<String>) {
    let properties = |schema: &Value| schema.get("properties").and_then(Value::as_object).cloned();
    let known: Map<_, _> = theirs.and_then(properties).unwrap_or_default();
    for (name, field) in properties(ours).unwrap_or_default() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match known.get(&name) {
            Some(other) => fields(&field, Some(other), &path, missing),
            None => missing.push(path),
        }
    }
    if let Some(items) = ours.get("items") {
        fields(items, theirs.and_then(|schema| schema.get("items")), &format!("{path}[]"), missing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_an_older_definition_lacks() {
        let ours = crd::definition().unwrap();
        assert!(missing(&ours, &ours).is_empty());

        let mut older = ours.clone();
        let version = older.pointer_mut("/spec/versions/0").unwrap();
        version["subresources"].as_object_mut().unwrap().remove("scale");
        let schema = "/schema/openAPIV3Schema/properties";
        let mut remove = |of: &str, name: &str| {
            let all = version.pointer_mut(&format!("{schema}/{of}/properties")).unwrap();
            all.as_object_mut().unwrap().remove(name).unwrap()
        };
        remove("spec", "segment_label");
        remove("status", "problems");
        remove("status/properties/conditions/items", "observedGeneration");
        assert_eq!(
            missing(&ours, &older),
            [
                "subresource scale",
                "spec.segment_label",
                "status.conditions[].observedGeneration",
                "status.problems",
            ]
        );

        older["spec"]["versions"][0]["name"] = "v1".into();
        assert_eq!(missing(&ours, &older), ["version v1alpha1"]);
    }
}
