//! One pipeline step, in the order of the work: read context, check, merge layers, check, answer.

use crate::answer::{Manifest, Rendered};
use crate::context::{self, Context, Inputs, Places, locate_unread};
use crate::kubernetes::{self, Kind};
use crate::layers::Stage;
use crate::objects::{self, Track};
use crate::problem::{Code, Problem, Problems, Report, Severity};
use crate::read;
use crate::value::{Index, Node, Origin, Path, Source};
use crate::write::{ConfigText, json};

/// The ConfigMap's key in the macro's result.
const CONFIGMAP: &str = "configmap";

/// Renders the Kubernetes objects of a context, given as JSON or YAML text. Any problem means no object.
pub fn render(text: &str) -> Result<Rendered, Vec<Problem>> {
    with_step(text, false, |_, step, warnings| Ok(step.write(warnings)))
}

/// Says whether [`render`] would succeed, and gives its warnings.
pub fn validate(text: &str) -> Result<Vec<Problem>, Vec<Problem>> {
    with_step(text, false, |_, _, warnings| Ok(warnings))
}

/// Explains where every field of the rendered objects comes from, as JSON text (`wit/explained.schema.json`).
pub fn explain(text: &str) -> Result<String, Vec<Problem>> {
    with_step(text, true, |inputs, step, warnings| {
        let Step { objects, stages, notes, .. } = step;
        crate::explain::write(inputs, &objects, stages, &notes, &warnings)
            .map_err(|problem| vec![problem])
    })
}

/// Reads a context, builds its step, and hands it on where nothing is wrong with it.
fn with_step<T>(
    text: &str,
    keep_stages: bool,
    finish: impl for<'a> FnOnce(&'a Inputs<'a>, Step<'a>, Vec<Problem>) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<Problem>> {
    let document = read::read(text, Source::Context).map_err(|mut problems| {
        locate_unread(text, &mut problems);
        problems
    })?;
    let mut report = Report::default();
    report.warnings.add_all(document.warnings);

    let Some(inputs) = Inputs::read(text, &document.root, &mut report) else {
        let mut problems = report.problems.into_list();
        locate_unread(text, &mut problems);
        return Err(problems);
    };
    let step = Step::build(&inputs, keep_stages, &mut report);

    match step {
        Some(step) if report.problems.is_empty() => {
            report.warnings.retain(|warning| !step.silence.contains(&warning.code));
            let mut warnings = report.warnings.into_list();
            inputs.locate(&mut warnings);
            let answer = finish(&inputs, step, warnings);
            let_go(inputs);
            let_go(document.root);
            answer
        }
        _ => {
            let mut problems = report.problems.into_list();
            inputs.locate(&mut problems);
            Err(problems)
        }
    }
}

/// The objects of a step, in the order of the result.
struct Step<'a> {
    objects: Vec<(&'static str, Node<'a>)>,
    /// What the objects were on their way, where someone wants to know.
    stages: Vec<(Stage, Node<'a>)>,
    /// How the macro makes a value of what the context says, by the place in the context.
    notes: Vec<(Origin, String)>,
    silence: Vec<Code>,
}

impl<'a> Step<'a> {
    /// Checks the context and builds its objects; each stage starts when the one before found nothing wrong.
    fn build(inputs: &'a Inputs<'a>, keep_stages: bool, report: &mut Report) -> Option<Self> {
        let context = context::check(inputs, report)?;
        let config = &context.pipeline_config;
        let config_text = match ConfigText::new(config.node, &config.path) {
            Ok(config_text) => config_text,
            Err(problems) => {
                report.problems.add_all(problems);
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
        let deployments = objects::deployments(&context, &config_text.version, report, &mut watch);
        if !report.problems.is_empty() {
            return None;
        }

        let mut objects: Vec<(&'static str, Node<'a>)> = Vec::with_capacity(3);
        for (track, deployment) in deployments {
            let configmap = (track == Track::Primary).then(|| {
                (CONFIGMAP, objects::configmap(&context, &deployment, config_text.text.clone()))
            });
            objects.push((track.role(), deployment));
            objects.extend(configmap);
        }
        check_objects(inputs, &context, &objects, report);

        let notes = if keep_stages { context.notes() } else { Vec::new() };
        Some(Self { objects, stages, notes, silence: context.silence })
    }

    fn write(self, warnings: Vec<Problem>) -> Rendered {
        let manifests = self.objects.iter().map(|(role, object)| {
            let text = |keys: &[&str]| object.at(keys).and_then(Node::as_str).map(str::to_owned);
            Manifest {
                role,
                kind: text(&["kind"]).unwrap_or_default(),
                name: text(&["metadata", "name"]).unwrap_or_default(),
                namespace: text(&["metadata", "namespace"]),
                json: json(object),
            }
        });

        let manifests = manifests.collect();
        let_go(self);
        Rendered { manifests, warnings }
    }
}

/// Reports what Kubernetes would say to the objects, at the places in the context that wrong values came from.
fn check_objects(
    inputs: &Inputs<'_>,
    context: &Context<'_>,
    objects: &[(&'static str, Node<'_>)],
    report: &mut Report,
) {
    let mut found: Vec<(&str, Problem)> = Vec::new();
    let (mut more_problems, mut more_warnings) = (false, false);
    for (role, object) in objects {
        let kind = if *role == CONFIGMAP { Kind::ConfigMap } else { Kind::Deployment };
        let Report { problems, warnings } = kubernetes::check(object, kind, context.cluster);
        let (problems, has_more_problems) = problems.into_parts();
        let (warnings, has_more_warnings) = warnings.into_parts();
        found.extend(problems.into_iter().chain(warnings).map(|problem| (*role, problem)));
        more_problems |= has_more_problems;
        more_warnings |= has_more_warnings;
    }
    let collision = same_names(objects);
    if collision.is_none() && found.is_empty() {
        return;
    }

    let origins = found.iter().filter_map(|(_, problem)| problem.origin);
    let mut places = Places::of(&mut origins.chain(collision.map(|node| node.origin)));
    inputs.find(&mut places);

    // First: the list may be full without it.
    if let Some(name) = collision {
        let path =
            places.path(name.origin).cloned().unwrap_or_else(|| inputs.path("emergency_patch"));
        let message =
            "primary and canary Deployment get the same name, so one would overwrite the other";
        let help = "remove the name from the patch, or set `with_canary: false`";
        report
            .problems
            .add(Problem::new(Code::NameCollision, path, message).help(help).origin(name.origin));
    }

    // Primary and canary come from one template.
    let mut seen = Index::default();
    for (role, problem) in found {
        let path = problem.origin.and_then(|origin| places.path(origin));
        let path = path.cloned().unwrap_or_else(|| Path::field(role).join(&problem.path));
        let is_hidden = problem.has_hidden_key();
        let mut problem = Problem { path, ..problem };
        if is_hidden {
            problem = problem.with_hidden_key();
        }
        if seen
            .before(format!("{} {} {}", problem.code, problem.path, problem.message), 0)
            .is_none()
        {
            list_of(&problem, context, report).add(problem);
        }
    }
    if more_problems {
        report.problems.close();
    }
    if more_warnings {
        report.warnings.close();
    }
}

/// The list that a problem with an object belongs to.
fn list_of<'r>(
    problem: &Problem,
    context: &Context<'_>,
    report: &'r mut Report,
) -> &'r mut Problems {
    let is_allowed = context.allow_unknown_fields && problem.code == Code::UnknownField;
    match problem.code.severity() {
        Severity::Error if !is_allowed => &mut report.problems,
        _ => &mut report.warnings,
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

/// Lets go of what is not needed again in a call. An instance ends with it, and with it its memory: there nobody gives
/// back a document value by value.
fn let_go<T>(value: T) {
    if cfg!(target_family = "wasm") {
        std::mem::forget(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Code and path of every problem of a step with a canary, its segment and emergency patch given.
    fn problems(segment: &str, patch: &str) -> Vec<(Code, String)> {
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

    /// However much else is wrong.
    #[test]
    fn one_name_for_both_is_told() {
        let labels: Vec<String> = (0..1500).map(|n| format!(r#""-{n}": "a""#)).collect();
        let patch =
            format!(r#"{{"metadata": {{"name": "a", "labels": {{{}}}}}}}"#, labels.join(", "));
        let told = problems("0", &patch);

        assert_eq!(told.len(), 1001);
        assert!(told.iter().any(|(code, _)| *code == Code::NameCollision));
    }

    #[test]
    fn what_only_the_canary_gets_wrong_is_told() {
        // With `-canary` the name has 253 characters, then 254.
        assert_eq!(problems(&"1".repeat(115), "{}"), []);
        assert_eq!(
            problems(&"1".repeat(116), "{}"),
            [(Code::InvalidName, "pipeline_name".to_owned())]
        );

        let label = |env: &str| {
            format!(
                r#"{{"spec": {{"template": {{"metadata": {{"labels": {{"env": "{env}"}}}}}}}}}}"#
            )
        };
        let told = problems("0", &label("primary"));
        assert_eq!(
            told.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            [Code::SelectorMismatch]
        );
        // Wrong for both is told once.
        assert_eq!(
            problems("0", r#"{"spec": {"template": {"spec": {"restartPolicy": "Never"}}}}"#).len(),
            1
        );
    }

    /// Deploy tools reach the objects by the pipeline's metadata; pods and selectors stay as they are.
    #[test]
    fn objects_take_over_what_a_pipeline_has_in_its_metadata() {
        let object = r#"{"apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline",
            "metadata": {"name": "p", "namespace": "prod", "labels": {"team": "a", "env": "x"},
                "annotations": {"argocd.argoproj.io/sync-wave": "2", "streams.sentry.io/suspend": "true"}},
            "spec": {"service_name": "s", "pipeline_module": "a.py", "image_name": "a:1",
                "cpu_per_process": 1, "memory_per_process": 1, "container_template": {},
                "deployment_template": {"metadata": {"namespace": "streams"}},
                "pipeline_config": {"pipeline": {"segments": [{}]}}}}"#;
        let rendered = render(object).unwrap();

        for manifest in &rendered.manifests {
            assert_eq!(manifest.namespace.as_deref(), Some("prod"), "{}", manifest.role);
            assert_eq!(manifest.json.matches(r#""team":"a""#).count(), 1, "{}", manifest.json);
            assert!(manifest.json.contains(r#""argocd.argoproj.io/sync-wave":"2""#));
            assert!(
                !manifest.json.contains("suspend") && !manifest.json.contains(r#""env":"x""#)
                    || manifest.role == CONFIGMAP
            );
        }
    }
}
