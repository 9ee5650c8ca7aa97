//! The Deployments: base, then the deployment template, then what the macro adds, then the emergency patch.

use super::inherited::inherit;
use super::names::{deployment_name, labels, pipeline_object_name};
use super::volumes::{ManagedVolume, VolumeSource};
use super::{container, templates};
use crate::context::{Context, Layer};
use crate::layers::{Merge, Stage, Written, apply_patch, overwritten, present};
use crate::problem::{Code, Cure, Problem, Problems, Report, describe, may_hold_secret};
use crate::value::{Node, Origin, Path, Source, Step, Trail, Value};
use crate::write::json;

/// The label that holds primary and canary apart; sentry-kube selects by it.
const ENV_LABEL: &str = "env";

/// The label that holds segments apart, where the context asks for it.
const SEGMENT_LABEL: &str = "pipeline-segment";

/// One of the two Deployments of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Track {
    /// The one that always is there.
    Primary,
    /// One pod that gets changes first.
    Canary,
}

impl Track {
    /// Its key in the macro's result.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::Primary => "deployment",
            Self::Canary => "canary_deployment",
        }
    }

    fn env(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Canary => "canary",
        }
    }
}

/// Builds the primary Deployment, and the canary where one is asked for and there is more than one replica.
/// `watch` sees each stage of the container, then of each Deployment.
///
/// The canary is the primary with another name, another label and one replica: its pods are the same.
pub(crate) fn build<'a>(
    context: &Context<'a>,
    version: &str,
    report: &mut Report,
    watch: &mut dyn FnMut(Stage, &mut Node<'a>),
) -> Vec<(Track, Node<'a>)> {
    let container = container::build(context, &context.container_template.path, report, watch);
    let Layer { path: place, node } = &context.deployment_template;
    let additions = additions(context, version, container);
    let base = templates::DEPLOYMENT.node(Source::Base);
    let template = &*present(node, &[&base, &additions]);
    let problems = &mut report.problems;
    refuse_managed_names(context, template, place, problems);
    if !problems.is_empty() {
        return Vec::new();
    }

    let metadata = context.pipeline_metadata;
    let primary = merge_layers(base, template, &additions, metadata, place, problems, watch);
    let mut deployments = vec![(Track::Primary, primary)];

    // A template is wrong for both in the same way: the first that finds it reports it.
    if context.splits() && problems.is_empty() {
        let mut canary =
            deployments.first().map_or_else(|| map(Vec::new()), |(_, primary)| primary.clone());
        add(&mut canary, template, &canary_additions(context), place, problems);
        watch(Stage::Canary, &mut canary);
        deployments.push((Track::Canary, canary));
    }

    if let Some(Layer { path, node }) = &context.emergency_patch {
        for (track, deployment) in &mut deployments {
            if report.problems.is_empty() {
                let mut found = Report::default();
                apply_patch(deployment, node, path, &mut found);
                report.problems.extend(found.problems);
                // What is suspicious for one is so for both.
                if *track == Track::Primary {
                    report.warnings.extend(found.warnings);
                }
            }
        }
    }

    deployments
}

/// Merges base, template and additions on top of each other.
fn merge_layers<'a>(
    base: Node<'a>,
    template: &Node<'a>,
    additions: &Node<'a>,
    pipeline_metadata: Option<&Node<'a>>,
    place: &Path,
    problems: &mut Problems,
    watch: &mut dyn FnMut(Stage, &mut Node<'a>),
) -> Node<'a> {
    let mut deployment = base;
    watch(Stage::Base, &mut deployment);

    Merge { root: place, written: Written::Above, other: "the base template has", problems }.apply(
        &mut deployment,
        template,
        &Trail::ROOT,
    );
    watch(Stage::DeploymentTemplate, &mut deployment);

    add(&mut deployment, template, additions, place, problems);
    inherit(&mut deployment, pipeline_metadata);
    watch(Stage::Platform, &mut deployment);

    deployment
}

/// Merges what the macro adds over a Deployment. What the template sets and this would change is a problem.
fn add<'a>(
    deployment: &mut Node<'a>,
    template: &Node<'a>,
    additions: &Node<'a>,
    place: &Path,
    problems: &mut Problems,
) {
    overwritten(template, additions, &Trail::ROOT, &mut |trail, given, managed| {
        problems.add_with(|| overwrite(trail, place, given, managed));
    });
    Merge { root: place, written: Written::Below, other: "the macro adds", problems }.apply(
        deployment,
        additions,
        &Trail::ROOT,
    );
}

/// What the macro adds to the deployment template, in the reference's order.
fn additions<'a>(context: &Context<'a>, version: &str, container: Node<'a>) -> Node<'a> {
    let mut labels = labels(context);
    if context.segment_label {
        labels.push((SEGMENT_LABEL, context.segment_id.node()));
    }
    labels.push(env_label(Track::Primary));
    let replicas = context.replicas.saturating_sub(i64::from(context.splits()));
    let config_version = Node::string(version.to_owned(), context.pipeline_config.node.origin);
    let annotations = map(vec![("configVersion", config_version)]);
    let volumes = ManagedVolume::of(context).into_iter().map(|volume| {
        let source = match volume.source() {
            VolumeSource::ConfigMap => {
                ("configMap", map(vec![("name", pipeline_object_name(context))]))
            }
            VolumeSource::Memory => ("emptyDir", map(vec![("medium", text("Memory"))])),
            VolumeSource::EmptyDir => ("emptyDir", map(vec![])),
        };
        map(vec![("name", text(volume.name())), source])
    });

    let pod = map(vec![
        ("containers", Node::list([container], Origin::MACRO)),
        ("volumes", Node::list(volumes, Origin::MACRO)),
    ]);
    map(vec![
        (
            "metadata",
            map(vec![("name", deployment_name(context, false)), ("labels", map(labels.clone()))]),
        ),
        (
            "spec",
            map(vec![
                ("replicas", self::replicas(context, replicas)),
                ("selector", map(vec![("matchLabels", map(labels.clone()))])),
                (
                    "template",
                    map(vec![
                        (
                            "metadata",
                            map(vec![("labels", map(labels)), ("annotations", annotations)]),
                        ),
                        ("spec", pod),
                    ]),
                ),
            ]),
        ),
    ])
}

/// What the canary has instead.
fn canary_additions<'a>(context: &Context<'a>) -> Node<'a> {
    let labels = || map(vec![env_label(Track::Canary)]);
    map(vec![
        ("metadata", map(vec![("name", deployment_name(context, true)), ("labels", labels())])),
        (
            "spec",
            map(vec![
                ("replicas", replicas(context, 1)),
                ("selector", map(vec![("matchLabels", labels())])),
                ("template", map(vec![("metadata", map(vec![("labels", labels())]))])),
            ]),
        ),
    ])
}

fn env_label<'a>(track: Track) -> (&'static str, Node<'a>) {
    (ENV_LABEL, text(track.env()))
}

fn replicas<'a>(context: &Context<'a>, count: i64) -> Node<'a> {
    Node::new(Value::Integer(count.to_string().into()), context.replicas_origin)
}

fn text<'a>(text: &'static str) -> Node<'a> {
    Node::string(text, Origin::MACRO)
}

fn map<'a>(entries: Vec<(&'static str, Node<'a>)>) -> Node<'a> {
    Node::map(entries, Origin::MACRO)
}

/// A template's scalar that the macro would change, with the field of the context that sets it.
fn overwrite(trail: &Trail<'_>, place: &Path, given: &Node<'_>, managed: &Node<'_>) -> Problem {
    let path = trail.under(place);
    let set_by = match path.steps().last() {
        Some(Step::Key(key)) => match key.as_str() {
            "replicas" => "set `replicas` in the context (a canary takes one of them)",
            "name" => "objects are named after `service_name`, `pipeline_name` and `segment_id`",
            "service" => "the label comes from `service_name`",
            "pipeline" => "the label comes from `pipeline_name`",
            "pipeline-app" => "the label comes from `pipeline_module`",
            SEGMENT_LABEL => "the label comes from `segment_id`",
            ENV_LABEL => {
                "the macro uses the label `env` to tell primary from canary; use another key for yours"
            }
            "configVersion" => "the macro sets it to the hash of `pipeline_config`",
            _ => "the macro sets it",
        },
        _ => "the macro sets it",
    };
    let is_hidden = may_hold_secret(trail);
    let [given_value, managed_value] =
        [given, managed].map(|node| describe_scalar(node, is_hidden));
    let message = format!("the macro would change {given_value} to {managed_value}");
    let help = format!("remove it from the template: {set_by}");

    Problem::new(Code::ScalarOverwrite, path, message)
        .help(help)
        .origin(given.origin)
        .cure(Cure::Remove)
}

/// A scalar as the message of an overwrite shows it: as JSON.
fn describe_scalar(node: &Node<'_>, is_hidden: bool) -> String {
    if is_hidden { describe(node, true) } else { json(node) }
}

/// Refuses containers and volumes of a template that are named as the macro's own, which would be there twice.
fn refuse_managed_names(
    context: &Context<'_>,
    template: &Node<'_>,
    place: &Path,
    problems: &mut Problems,
) {
    let pod = ["spec", "template", "spec"];
    let place = pod.iter().fold(place.clone(), |place, key| place.key(key));
    let Some(pod) = template.at(&pod) else { return };

    let volumes: Vec<&str> =
        ManagedVolume::of(context).into_iter().map(ManagedVolume::name).collect();
    let container = [&*context.container_name.text];
    for (list, what, names, help) in [
        (
            "containers",
            "container",
            &container[..],
            "put what it should have into `container_template`, or rename yours; `container_name` renames the macro's",
        ),
        (
            "initContainers",
            "container",
            &container[..],
            "rename yours, or give the macro's another name with `container_name`",
        ),
        ("volumes", "volume", &volumes[..], "rename yours"),
    ] {
        for (index, item) in
            pod.get(list).and_then(Node::as_list).unwrap_or_default().iter().enumerate()
        {
            let Some(node) = item.get("name") else { continue };

            if let Some(name) = node.as_str().filter(|name| names.contains(name)) {
                let place = place.key(list).index(index).key("name");
                let message = format!("the macro adds its own {what} of the name {name}");
                problems.add(
                    Problem::new(Code::ManagedField, place, message).help(help).origin(node.origin),
                );
            }
        }
    }
}
