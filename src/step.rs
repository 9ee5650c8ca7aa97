//! One pipeline step: read context, check, layer, check, write.

use crate::configmap;
use crate::context::{Context, Inputs};
use crate::deployment::{self, Track};
use crate::document;
use crate::node::{Node, Source};
use crate::output::{ConfigText, json};
use crate::problem::Problem;

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
        let mut objects = Vec::with_capacity(3);
        for (track, deployment) in deployments {
            let configmap = (track == Track::Primary)
                .then(|| ("configmap", configmap::build(&context, &deployment, config_text.text.clone())));
            objects.push((track.role(), deployment));
            objects.extend(configmap);
        }
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

/// The JSON Schema of the context.
pub fn schema() -> &'static str {
    include_str!("../wit/context.schema.json")
}
