//! The objects of all contexts of a run.

use crate::context::Context;
use crate::report::Finding;
use anyhow::Context as _;
use sentry_streams_k8s::problem::Code;
use sentry_streams_k8s_host::Problem;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// An object.
pub(crate) struct Manifest {
    /// Which of the contexts it is of, from 0.
    pub(crate) context: usize,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    /// The whole of it, keys in the macro's order.
    pub(crate) object: Value,
}

impl Manifest {
    /// What people call it: `Deployment profiling/profiles-0`.
    fn title(&self) -> String {
        let namespace =
            self.namespace.as_deref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("{} {namespace}{}", self.kind, self.name)
    }
}

/// All objects in the order of their contexts. Where two contexts render the same object, the later would undo the
/// earlier: that is a problem. Only a ConfigMap may come twice, when it is the same to the last character: segments of
/// a pipeline share it.
pub(crate) fn gather(
    rendered: Vec<(&Context, Vec<sentry_streams_k8s_host::Manifest>)>,
) -> anyhow::Result<(Vec<Manifest>, Vec<Finding>)> {
    let mut owners: HashMap<String, (&Context, String)> = HashMap::new();
    let mut manifests = Vec::new();
    let mut collisions = Vec::new();
    for (index, (context, objects)) in rendered.into_iter().enumerate() {
        for sentry_streams_k8s_host::Manifest { kind, name, namespace, json, .. } in objects {
            let object =
                serde_json::from_str(&json).context("the component's manifest is no JSON")?;
            let manifest = Manifest { context: index, kind, name, namespace, object };
            match owners.entry(manifest.title()) {
                Entry::Vacant(entry) => {
                    entry.insert((context, json));
                    manifests.push(manifest);
                }
                Entry::Occupied(entry) => {
                    let (owner, theirs) = entry.get();
                    if manifest.kind != "ConfigMap" || *theirs != json {
                        collisions.push(collision(context, owner, entry.key()));
                    }
                }
            }
        }
    }
    Ok((manifests, collisions))
}

fn collision(context: &Context, owner: &Context, title: &str) -> Finding {
    let problem = Problem {
        code: Code::SameObject.name().to_owned(),
        path: String::new(),
        message: format!("this context renders {title}, and so does {}", owner.name),
        help: Some("give one of them another service, pipeline, segment or namespace, or render them apart".to_owned()),
        source: None,
        line: None,
        column: None,
        end: None,
        fix: None,
    };
    Finding { context: context.name.clone(), problem, place: None, fix: None }
}
