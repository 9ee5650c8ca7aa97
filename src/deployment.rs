//! The Deployments: base, then the deployment template, then what the macro adds, then the emergency patch.

use crate::container::{self, CONFIG_VOLUME};
use crate::context::{Context, Layer};
use crate::literal;
use crate::merge::{Mend, Merge, overwritten};
use crate::name::{kubernetes_name, pipeline_app};
use crate::node::{Node, Origin, Source, Value};
use crate::output::json;
use crate::patch;
use crate::problem::{Found, Path, Problem, Step, Trail};

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

/// The labels that all objects of a step carry.
pub(crate) fn labels<'a>(context: &Context<'a>) -> Vec<(&'static str, Node<'a>)> {
    let label = |value: String, origin: Origin| Node::string(value, origin);
    vec![
        ("pipeline-app", label(pipeline_app(&context.pipeline_module.text), context.pipeline_module.origin)),
        ("pipeline", label(kubernetes_name(&context.pipeline_name.text), context.pipeline_name.origin)),
        ("service", label(kubernetes_name(&context.service_name.text), context.service_name.origin)),
    ]
}

/// The name of the ConfigMap, and of what all segments of a pipeline share.
pub(crate) fn pipeline_object_name<'a>(context: &Context<'a>) -> Node<'a> {
    let name = format!("{}-pipeline-{}", context.service_name.text, context.pipeline_name.text);
    Node::string(kubernetes_name(&name), context.pipeline_name.origin)
}

/// A step on the way of an object, for those who watch it being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The managed container's base template.
    ContainerBase,
    /// The container template laid over it.
    ContainerTemplate,
    /// A Deployment's base template.
    Base,
    /// The deployment template laid over it.
    DeploymentTemplate,
    /// What the macro adds laid over it: all but the emergency patch.
    Platform,
    /// The canary, made of that: all but the emergency patch.
    Canary,
}

/// Builds the primary Deployment, and the canary where one is asked for and there is more than one replica.
/// `watch` sees each stage of the container, then of each Deployment.
///
/// The canary is the primary with another name, another label and one replica: its pods are the same.
pub(crate) fn build<'a>(
    context: &Context<'a>,
    root: &Path,
    version: &str,
    found: &mut Found<'_>,
    watch: &mut dyn FnMut(Stage, &mut Node<'a>),
) -> Vec<(Track, Node<'a>)> {
    let container = container::build(context, &root.key(context.container_template.field), found, watch);
    let Layer { field, node: template } = context.deployment_template;
    let place = root.key(field);
    refuse_managed_names(context, template, &place, found.problems);
    let problems = &mut *found.problems;
    if !problems.is_empty() {
        return Vec::new();
    }
    let primary = lay(template, &additions(context, version, container), &place, problems, watch);
    // A template is wrong for both in the same way: the first that finds it tells.
    let canary = (context.splits() && problems.is_empty()).then(|| {
        let mut canary = primary.clone();
        add(&mut canary, template, &canary_additions(context), &place, problems);
        watch(Stage::Canary, &mut canary);
        canary
    });
    let mut deployments = vec![(Track::Primary, primary)];
    deployments.extend(canary.map(|canary| (Track::Canary, canary)));
    if let Some(Layer { field, node }) = context.emergency_patch {
        for (_, deployment) in &mut deployments {
            if problems.is_empty() {
                patch::apply(deployment, node, &root.key(field), problems);
            }
        }
    }
    deployments
}

/// Lays base, template and additions on top of each other.
fn lay<'a>(
    template: &Node<'a>,
    additions: &Node<'a>,
    place: &Path,
    problems: &mut Vec<Problem>,
    watch: &mut dyn FnMut(Stage, &mut Node<'a>),
) -> Node<'a> {
    let mut deployment = literal::DEPLOYMENT.node(Source::Base);
    watch(Stage::Base, &mut deployment);
    Merge { root: place, mend: Mend::Above, other: "the base template has", problems }.apply(
        &mut deployment,
        template,
        &Trail::ROOT,
    );
    watch(Stage::DeploymentTemplate, &mut deployment);
    add(&mut deployment, template, additions, place, problems);
    watch(Stage::Platform, &mut deployment);
    deployment
}

/// Lays what the macro adds over a Deployment. What the template sets and this would change is a problem.
fn add<'a>(
    deployment: &mut Node<'a>,
    template: &Node<'a>,
    additions: &Node<'a>,
    place: &Path,
    problems: &mut Vec<Problem>,
) {
    overwritten(template, additions, &Trail::ROOT, &mut |trail, given, managed| {
        problems.push(overwrite(trail.under(place), given, managed));
    });
    Merge { root: place, mend: Mend::Below, other: "the macro adds", problems }.apply(
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
    let volumes = container::managed_mounts(context).into_iter().map(|(volume, _)| {
        let source = match volume {
            CONFIG_VOLUME => ("configMap", map(vec![("name", pipeline_object_name(context))])),
            container::SHARED_MEMORY_VOLUME => ("emptyDir", map(vec![("medium", text("Memory"))])),
            _ => ("emptyDir", map(vec![])),
        };
        map(vec![("name", text(volume)), source])
    });
    let pod = map(vec![
        ("containers", Node::list([container], Origin::MACRO)),
        ("volumes", Node::list(volumes, Origin::MACRO)),
    ]);
    map(vec![
        ("metadata", map(vec![("name", name(context, Track::Primary)), ("labels", map(labels.clone()))])),
        (
            "spec",
            map(vec![
                ("replicas", self::replicas(context, replicas)),
                ("selector", map(vec![("matchLabels", map(labels.clone()))])),
                (
                    "template",
                    map(vec![
                        ("metadata", map(vec![("labels", map(labels)), ("annotations", annotations)])),
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
        ("metadata", map(vec![("name", name(context, Track::Canary)), ("labels", labels())])),
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

fn name<'a>(context: &Context<'a>, track: Track) -> Node<'a> {
    let Context { service_name, pipeline_name, segment_id, .. } = context;
    let mut name =
        kubernetes_name(&format!("{}-pipeline-{}-{}", service_name.text, pipeline_name.text, segment_id.text));
    if track == Track::Canary {
        name.push_str("-canary");
    }
    Node::string(name, pipeline_name.origin)
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
fn overwrite(path: Path, given: &Node<'_>, managed: &Node<'_>) -> Problem {
    let set_by = match path.steps().last() {
        Some(Step::Key(key)) => match key.as_str() {
            "replicas" => "say `replicas` in the context (a canary takes one of them)",
            "name" => "objects are named after `service_name`, `pipeline_name` and `segment_id`",
            "service" => "the label comes from `service_name`",
            "pipeline" => "the label comes from `pipeline_name`",
            "pipeline-app" => "the label comes from `pipeline_module`",
            SEGMENT_LABEL => "the label comes from `segment_id`",
            ENV_LABEL => "the macro uses the label `env` to tell primary from canary; use another key for yours",
            "configVersion" => "the macro sets it to the hash of `pipeline_config`",
            _ => "the macro sets it",
        },
        _ => "the macro sets it",
    };
    let message = format!("the macro would change {} to {}", json(given), json(managed));
    let help = format!("remove it from the template: {set_by}");
    Problem::new("scalar-overwrite", path, message).help(help).origin(given.origin)
}

/// Refuses containers and volumes of a template that are named as the macro's own, which would be there twice.
fn refuse_managed_names(context: &Context<'_>, template: &Node<'_>, place: &Path, problems: &mut Vec<Problem>) {
    let pod = ["spec", "template", "spec"];
    let place = pod.iter().fold(place.clone(), |place, key| place.key(key));
    let Some(pod) = template.at(&pod) else { return };
    let volumes = container::managed_mounts(context);
    let volumes: Vec<&str> = volumes.iter().map(|(volume, _)| *volume).collect();
    let container = [&*context.container_name.text];
    for (list, names, help) in [
        (
            "containers",
            &container[..],
            "put what it should have into `container_template`, or rename yours; `container_name` renames the macro's",
        ),
        ("initContainers", &container[..], "rename yours, or give the macro's another name with `container_name`"),
        ("volumes", &volumes[..], "rename yours"),
    ] {
        for (index, item) in pod.get(list).and_then(Node::as_list).unwrap_or_default().iter().enumerate() {
            let Some(node) = item.get("name") else { continue };
            if let Some(name) = node.as_str().filter(|name| names.contains(name)) {
                let place = place.key(list).index(index).key("name");
                let message = format!(
                    "the macro adds its own {} of the name {name}",
                    if list == "volumes" { "volume" } else { "container" }
                );
                problems.push(Problem::new("managed-field", place, message).help(help).origin(node.origin));
            }
        }
    }
}
