//! One pipeline step: read context, check, layer, check, write.

use crate::context::{Context, Inputs};
use crate::deployment::{self, Track};
use crate::kubernetes::{self, Kind, Severity};
use crate::node::{Node, Source};
use crate::output::{ConfigText, json};
use crate::problem::{Path, Problem};
use crate::{configmap, document};

/// The ConfigMap's key in the macro's result.
const CONFIGMAP: &str = "configmap";

/// One Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its key in the macro's result: `deployment`, `configmap` or `canary_deployment`.
    pub role: &'static str,
    /// Its `kind`.
    pub kind: String,
    /// Its `metadata.name`.
    pub name: String,
    /// Its `metadata.namespace`, where it has one.
    pub namespace: Option<String>,
    /// The whole object as JSON text, keys in the reference's order.
    pub json: String,
}

/// What a context renders to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The objects: the Deployment, the ConfigMap, and the canary where there is one.
    pub manifests: Vec<Manifest>,
    /// What is legal but suspicious.
    pub warnings: Vec<Problem>,
}

/// Renders the Kubernetes objects of a context, given as JSON or YAML text. Any problem means no object.
pub fn render(text: &str) -> Result<Rendered, Vec<Problem>> {
    let document = document::read(text, Source::Context).map_err(|problems| located(problems, text))?;
    let (mut problems, mut warnings) = (Vec::new(), document.warnings);
    let Some(inputs) = Inputs::read(text, &document.root, &mut problems, &mut warnings) else {
        return Err(located(problems, text));
    };
    let step = Step::build(&inputs, &mut problems, &mut warnings);
    for problem in problems.iter_mut().chain(&mut warnings) {
        inputs.locate(problem);
    }
    match step {
        Some(step) if problems.is_empty() => Ok(step.write(warnings)),
        _ => Err(problems),
    }
}

/// Says whether [`render`] would succeed, and gives its warnings.
pub fn validate(text: &str) -> Result<Vec<Problem>, Vec<Problem>> {
    render(text).map(|rendered| rendered.warnings)
}

fn located(mut problems: Vec<Problem>, text: &str) -> Vec<Problem> {
    problems.iter_mut().for_each(|problem| problem.locate(text));
    problems
}

/// The objects of a step, in the order of the result.
struct Step<'a> {
    objects: Vec<(&'static str, Node<'a>)>,
    silence: Vec<&'a str>,
}

impl<'a> Step<'a> {
    /// Checks the context and builds its objects; each stage starts when the one before found nothing wrong.
    fn build(inputs: &'a Inputs<'a>, problems: &mut Vec<Problem>, warnings: &mut Vec<Problem>) -> Option<Self> {
        let context = Context::check(inputs, problems, warnings)?;
        let config = context.pipeline_config;
        let config_text = match ConfigText::new(config.node, &inputs.path(config.field)) {
            Ok(config_text) => config_text,
            Err(found) => {
                problems.extend(found);
                return None;
            }
        };
        let deployments = deployment::build(&context, inputs.root(), &config_text.version, problems, warnings);
        if !problems.is_empty() {
            return None;
        }
        let mut objects: Vec<(&'static str, Node<'a>)> = Vec::with_capacity(3);
        for (track, deployment) in deployments {
            let configmap = (track == Track::Primary)
                .then(|| (CONFIGMAP, configmap::build(&context, &deployment, config_text.text.clone())));
            objects.push((track.role(), deployment));
            objects.extend(configmap);
        }
        for (role, object) in &objects {
            check_object(inputs, &context, role, object, problems, warnings);
        }
        refuse_same_names(inputs, &objects, problems);
        Some(Self { objects, silence: context.silence })
    }

    fn write(self, mut warnings: Vec<Problem>) -> Rendered {
        warnings.retain(|warning| !self.silence.contains(&warning.code));
        let manifests = self.objects.into_iter().map(|(role, object)| {
            let text = |keys: &[&str]| object.at(keys).and_then(Node::as_str).map(str::to_owned);
            Manifest {
                role,
                kind: text(&["kind"]).unwrap_or_default(),
                name: text(&["metadata", "name"]).unwrap_or_default(),
                namespace: text(&["metadata", "namespace"]),
                json: json(&object),
            }
        });
        Rendered { manifests: manifests.collect(), warnings }
    }
}

/// Tells what Kubernetes would say to an object, at the place in the context that its wrong value came from.
fn check_object(
    inputs: &Inputs<'_>,
    context: &Context<'_>,
    role: &str,
    object: &Node<'_>,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) {
    let kind = if role == CONFIGMAP { Kind::ConfigMap } else { Kind::Deployment };
    for finding in kubernetes::check(object, kind) {
        let is_allowed = context.allow_unknown_fields && finding.code == "unknown-field";
        let list = if is_allowed || finding.severity == Severity::Warning { &mut *warnings } else { &mut *problems };
        let path = inputs.find(finding.origin).unwrap_or_else(|| Path::field(role).join(&finding.path));
        let mut problem = Problem::new(finding.code, path, finding.message).origin(finding.origin);
        problem.help = finding.help;
        // Primary and canary come from one template.
        if !list.contains(&problem) {
            list.push(problem);
        }
    }
}

/// Refuses an emergency patch that gives both Deployments the same name: the second would overwrite the first.
fn refuse_same_names(inputs: &Inputs<'_>, objects: &[(&str, Node<'_>)], problems: &mut Vec<Problem>) {
    let name = |role: Track| {
        let (_, object) = objects.iter().find(|(other, _)| *other == role.role())?;
        object.at(&["metadata", "name"])
    };
    let (Some(primary), Some(canary)) = (name(Track::Primary), name(Track::Canary)) else { return };
    if primary == canary {
        let path = inputs.find(canary.origin).unwrap_or_else(|| inputs.path("emergency_patch"));
        let message = "primary and canary Deployment get the same name, so one would overwrite the other";
        let help = "remove the name from the patch, or set `with_canary: false`";
        problems.push(Problem::new("name-collision", path, message).help(help).origin(canary.origin));
    }
}

/// The JSON Schema of the context.
pub fn schema() -> &'static str {
    include_str!("../wit/context.schema.json")
}
