//! Which context each object of a run is of.

use crate::context::Context;
use crate::report::Finding;
use sentry_streams_k8s::problem::Code;
use sentry_streams_k8s_host::{Manifest, Problem};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The objects of a run, by what people call them.
#[derive(Default)]
pub(crate) struct Owners<'c> {
    by_title: HashMap<String, Owner<'c>>,
}

struct Owner<'c> {
    context: &'c Context,
    config: Option<Sum>,
}

/// That a context renders an object.
pub(crate) struct Claim {
    /// What people call it: `Deployment profiling/profiles-0`.
    title: String,
    /// The digest of a ConfigMap.
    config: Option<Sum>,
}

type Sum = [u8; 32];

impl Claim {
    pub(crate) fn of(Manifest { kind, name, namespace, json, .. }: &Manifest) -> Self {
        let namespace =
            namespace.as_deref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        let config = (kind == "ConfigMap").then(|| Sha256::digest(json).into());
        Self { title: format!("{kind} {namespace}{name}"), config }
    }
}

impl<'c> Owners<'c> {
    /// Notes whose an object is, and says whether it is new. Where two contexts render the same object, the later would
    /// undo the earlier: that is a problem. Only a ConfigMap may come twice, when it is the same to the last character:
    /// segments of a pipeline share it.
    pub(crate) fn grant(
        &mut self,
        context: &'c Context,
        claim: Claim,
    ) -> Result<bool, Box<Finding>> {
        let Claim { title, config } = claim;
        match self.by_title.entry(title) {
            Entry::Vacant(entry) => {
                entry.insert(Owner { context, config });
                Ok(true)
            }
            Entry::Occupied(entry) if config.is_some() && entry.get().config == config => Ok(false),
            Entry::Occupied(entry) => {
                Err(Box::new(collision(context, entry.get().context, entry.key())))
            }
        }
    }
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
