//! One pipeline step: read context, check, layer, check, write.

use crate::context::{Context, Inputs, Places};
use crate::deployment::{self, Stage, Track};
use crate::kubernetes::{self, Finding, Kind, Severity};
use crate::node::{Node, Origin, Source};
use crate::output::{ConfigText, json, json_around};
use crate::problem::{Found, Path, Problem, is_full, tell};
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
    with_step(text, false, |_, step, warnings| step.write(warnings))
}

/// Says whether [`render`] would succeed, and gives its warnings.
pub fn validate(text: &str) -> Result<Vec<Problem>, Vec<Problem>> {
    with_step(text, false, |_, _, warnings| warnings)
}

/// Tells where every field of the rendered objects comes from, as JSON text (`wit/explained.schema.json`).
pub fn explain(text: &str) -> Result<String, Vec<Problem>> {
    with_step(text, true, |inputs, step, warnings| {
        let Step { objects, stages, notes, .. } = step;
        crate::explain::write(inputs, &objects, stages, &notes, &warnings)
    })?
}

/// Reads a context, builds its step, and hands it on where nothing is wrong with it.
fn with_step<T>(
    text: &str,
    keep_stages: bool,
    finish: impl for<'a> FnOnce(&'a Inputs<'a>, Step<'a>, Vec<Problem>) -> T,
) -> Result<T, Vec<Problem>> {
    let document = document::read(text, Source::Context).map_err(|mut problems| {
        for problem in &mut problems {
            if let Some(origin) = problem.origin {
                let (line, column) = document::position(text, origin.offset as usize);
                (problem.line, problem.column) = (Some(line), Some(column));
            }
        }
        limited(problems)
    })?;
    let (mut problems, mut warnings) = (Vec::new(), document.warnings);
    let mut found = Found { problems: &mut problems, warnings: &mut warnings };
    let inputs = Inputs::read(text, &document.root, &mut found);
    let Some(inputs) = inputs else { return Err(problems) };
    let step = Step::build(&inputs, keep_stages, &mut found);
    match step {
        Some(step) if problems.is_empty() => {
            warnings.retain(|warning| !step.silence.contains(&warning.code));
            let mut warnings = limited(warnings);
            inputs.locate(&mut warnings);
            Ok(finish(&inputs, step, warnings))
        }
        _ => {
            let mut problems = limited(problems);
            inputs.locate(&mut problems);
            Err(problems)
        }
    }
}

/// At most as many problems as a person reads.
fn limited(mut problems: Vec<Problem>) -> Vec<Problem> {
    let found = problems.len();
    while is_full(&problems) {
        problems.pop();
    }
    if problems.len() < found {
        let message = format!("{} problems are told, and there are more", problems.len());
        problems.push(Problem::new("too-many-problems", Path::root(), message).help("mend these first"));
    }
    problems
}

/// The objects of a step, in the order of the result.
struct Step<'a> {
    objects: Vec<(&'static str, Node<'a>)>,
    /// What the objects were on their way, where someone wants to know.
    stages: Vec<(Stage, Node<'a>)>,
    /// How the macro makes a value of what the context says, by the place in the context.
    notes: Vec<(Origin, String)>,
    silence: Vec<&'a str>,
}

impl<'a> Step<'a> {
    /// Checks the context and builds its objects; each stage starts when the one before found nothing wrong.
    fn build(inputs: &'a Inputs<'a>, keep_stages: bool, found: &mut Found<'_>) -> Option<Self> {
        let context = Context::check(inputs, found)?;
        let config = context.pipeline_config;
        let config_text = match ConfigText::new(config.node, &inputs.path(config.field)) {
            Ok(config_text) => config_text,
            Err(problems) => {
                found.problems.extend(problems);
                return None;
            }
        };
        let mut stages = Vec::new();
        let mut watch = |stage: Stage, node: &mut Node<'a>| {
            if keep_stages {
                crate::explain::number(node);
                stages.push((stage, node.clone()));
            }
        };
        let deployments = deployment::build(&context, inputs.root(), &config_text.version, found, &mut watch);
        if !found.problems.is_empty() {
            return None;
        }
        let mut objects: Vec<(&'static str, Node<'a>)> = Vec::with_capacity(3);
        for (track, deployment) in deployments {
            let configmap = (track == Track::Primary)
                .then(|| (CONFIGMAP, configmap::build(&context, &deployment, config_text.text.clone())));
            objects.push((track.role(), deployment));
            objects.extend(configmap);
        }
        check_objects(inputs, &context, &objects, found);
        let notes = if keep_stages { context.notes() } else { Vec::new() };
        Some(Self { objects, stages, notes, silence: context.silence })
    }

    fn write(self, warnings: Vec<Problem>) -> Rendered {
        // Primary and canary have the same pods, which are most of their text.
        let pods = |object| Node::at(object, &["spec", "template", "spec"]);
        let primary_pods = self.objects.first().and_then(|(_, primary)| pods(primary));
        let pods_text = primary_pods.map(json);
        let manifests = self.objects.iter().map(|(role, object)| {
            let text = |keys: &[&str]| object.at(keys).and_then(Node::as_str).map(str::to_owned);
            let known = pods(object).zip(pods_text.as_deref());
            debug_assert!(known.is_none_or(|(own, _)| Some(own) == primary_pods), "the pods are not the same");
            Manifest {
                role,
                kind: text(&["kind"]).unwrap_or_default(),
                name: text(&["metadata", "name"]).unwrap_or_default(),
                namespace: text(&["metadata", "namespace"]),
                json: json_around(object, known),
            }
        });
        Rendered { manifests: manifests.collect(), warnings }
    }
}

/// Tells what Kubernetes would say to the objects, at the places in the context that wrong values came from.
fn check_objects(
    inputs: &Inputs<'_>,
    context: &Context<'_>,
    objects: &[(&'static str, Node<'_>)],
    found: &mut Found<'_>,
) {
    let findings: Vec<(&str, Finding)> = objects
        .iter()
        .flat_map(|(role, object)| {
            let findings = if *role == CONFIGMAP {
                kubernetes::check(object, Kind::ConfigMap)
            } else if *role == Track::Primary.role() {
                kubernetes::check(object, Kind::Deployment)
            } else {
                // The canary's pods are the primary's.
                kubernetes::check_beside_pods(object)
            };
            findings.into_iter().map(|finding| (*role, finding))
        })
        .collect();
    let collision = same_names(objects);
    if findings.is_empty() && collision.is_none() {
        return;
    }
    let mut origins = findings.iter().map(|(_, finding)| finding.origin).chain(collision.map(|node| node.origin));
    let mut places = Places::of(&mut origins);
    inputs.find(&mut places);
    let path_of = |origin: Origin| places.get(origin).and_then(|place| place.path.clone());
    for (role, finding) in findings {
        let is_allowed = context.allow_unknown_fields && finding.code == "unknown-field";
        let is_warning = is_allowed || finding.severity == Severity::Warning;
        let list = if is_warning { &mut *found.warnings } else { &mut *found.problems };
        let path = path_of(finding.origin).unwrap_or_else(|| Path::field(role).join(&finding.path));
        let mut problem = Problem::new(finding.code, path, finding.message).origin(finding.origin);
        problem.help = finding.help.or_else(|| kubernetes::cure(finding.code).map(str::to_owned));
        // Primary and canary come from one template.
        if !list.contains(&problem) {
            tell(list, || problem);
        }
    }
    if let Some(name) = collision {
        let path = path_of(name.origin).unwrap_or_else(|| inputs.path("emergency_patch"));
        let message = "primary and canary Deployment get the same name, so one would overwrite the other";
        let help = "remove the name from the patch, or set `with_canary: false`";
        found.problems.push(Problem::new("name-collision", path, message).help(help).origin(name.origin));
    }
}

/// The name that primary and canary share, which only an emergency patch can do.
fn same_names<'n, 'a>(objects: &'n [(&str, Node<'a>)]) -> Option<&'n Node<'a>> {
    let name = |track: Track| {
        let (_, object) = objects.iter().find(|(role, _)| *role == track.role())?;
        object.at(&["metadata", "name"])
    };
    name(Track::Canary).filter(|canary| name(Track::Primary) == Some(*canary))
}

/// The JSON Schema of the context.
pub fn schema() -> &'static str {
    include_str!("../wit/context.schema.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Code and path of every problem of a step with a canary, its segment and emergency patch given.
    fn problems(segment: &str, patch: &str) -> Vec<(&'static str, String)> {
        let name = "a".repeat(60);
        let context = format!(
            r#"{{"service_name": "{name}", "pipeline_name": "{name}", "pipeline_module": "a.py", "image_name": "a:1",
                "segment_id": "{segment}", "cpu_per_process": 1, "memory_per_process": 1, "deployment_template": {{}},
                "container_template": {{}}, "pipeline_config": {{"pipeline": {{"segments": [{{}}]}}}},
                "replicas": 2, "with_canary": true, "emergency_patch": {patch}}}"#
        );
        let problems = render(&context).err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.code, problem.path.to_string())).collect()
    }

    #[test]
    fn what_only_the_canary_gets_wrong_is_told() {
        // With `-canary` the name has 253 characters, then 254.
        assert_eq!(problems(&"1".repeat(115), "{}"), []);
        assert_eq!(problems(&"1".repeat(116), "{}"), [("invalid-name", "pipeline_name".to_owned())]);

        let label =
            |env: &str| format!(r#"{{"spec": {{"template": {{"metadata": {{"labels": {{"env": "{env}"}}}}}}}}}}"#);
        let told = problems("0", &label("primary"));
        assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["selector-mismatch"]);
        // Wrong for both is told once.
        assert_eq!(problems("0", r#"{"spec": {"template": {"spec": {"restartPolicy": "Never"}}}}"#).len(), 1);
    }
}
