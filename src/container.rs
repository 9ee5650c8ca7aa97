//! The managed container: base, then the container template, then what the macro adds.

use crate::context::Context;
use crate::deployment::Stage;
use crate::literal;
use crate::merge::{Mend, Merge};
use crate::node::{Node, Origin, Source, Value};
use crate::problem::{Found, Path, Problem, Trail};

/// The volume with the pipeline configuration, and where the consumer reads it.
pub(crate) const CONFIG_VOLUME: &str = "pipeline-config";
const CONFIG_MOUNT: &str = "/etc/pipeline-config";
const CONFIG_FILE: &str = "pipeline_config.yaml";

/// Shared memory for several processes.
pub(crate) const SHARED_MEMORY_VOLUME: &str = "dshm";
const SHARED_MEMORY_MOUNT: &str = "/dev/shm";

/// Where the consumer says that it is alive.
pub(crate) const HEALTH_VOLUME: &str = "liveness-health";
const HEALTH_MOUNT: &str = "/tmp";
const HEALTH_FILE: &str = "/tmp/health.txt";

/// The volumes the macro mounts, each with its mount.
pub(crate) fn managed_mounts(context: &Context<'_>) -> Vec<(&'static str, &'static str)> {
    let mut mounts = vec![(CONFIG_VOLUME, CONFIG_MOUNT)];
    if context.processes > 1 {
        mounts.push((SHARED_MEMORY_VOLUME, SHARED_MEMORY_MOUNT));
    }
    if context.has_health_volume() {
        mounts.push((HEALTH_VOLUME, HEALTH_MOUNT));
    }
    mounts
}

/// Builds the container. `watch` sees it before the template, and before what the macro adds.
pub(crate) fn build<'a>(
    context: &Context<'a>,
    place: &Path,
    found: &mut Found<'_>,
    watch: &mut dyn FnMut(Stage, &mut Node<'a>),
) -> Node<'a> {
    let template = context.container_template.node;
    let managed = managed(context);
    check_managed(context, template, &managed, place, found);
    let mut container = literal::CONTAINER.node(Source::Base);
    watch(Stage::ContainerBase, &mut container);
    let problems = &mut *found.problems;
    Merge { root: place, mend: Mend::Above, other: "the base template has", problems }.apply(
        &mut container,
        template,
        &Trail::ROOT,
    );
    watch(Stage::ContainerTemplate, &mut container);
    Merge { root: place, mend: Mend::Below, other: "the macro adds", problems }.apply(
        &mut container,
        &managed,
        &Trail::ROOT,
    );
    container
}

/// What the macro sets, in the reference's order.
fn managed<'a>(context: &Context<'a>) -> Node<'a> {
    let text = |text: &'static str| Node::string(text, Origin::MACRO);
    let number = |digits: &'static str| Node::new(Value::Integer(digits.into()), Origin::MACRO);
    let map = |entries: Vec<(&'static str, Node<'a>)>| Node::map(entries, Origin::MACRO);
    let list = |items: Vec<Node<'a>>| Node::list(items, Origin::MACRO);

    let config_path = Node::string(format!("{CONFIG_MOUNT}/{CONFIG_FILE}"), Origin::MACRO);
    let mounts = managed_mounts(context).into_iter().map(|(volume, path)| {
        let mut mount = vec![("name", text(volume)), ("mountPath", text(path))];
        if volume == CONFIG_VOLUME {
            mount.push(("readOnly", Node::new(Value::Bool(true), Origin::MACRO)));
        }
        map(mount)
    });
    let mut entries = vec![
        ("name", context.container_name.node()),
        ("image", context.image_name.node()),
        ("command", list(vec![text("python"), text("-m"), text("sentry_streams.runner")])),
        (
            "args",
            list(vec![
                text("-n"),
                context.pipeline_name.node(),
                text("--log-level"),
                context.log_level.node(),
                text("--adapter"),
                text("rust_arroyo"),
                text("--segment-id"),
                context.segment_id.node(),
                text("--config"),
                config_path,
                context.pipeline_module.node(),
            ]),
        ),
        (
            "resources",
            map(vec![
                ("requests", map(vec![("cpu", context.cpu.node()), ("memory", context.memory.node())])),
                ("limits", map(vec![("memory", context.memory.node())])),
            ]),
        ),
        ("volumeMounts", list(mounts.collect())),
    ];
    if context.enable_liveness_probe {
        let command = list(vec![text("rm"), text(HEALTH_FILE)]);
        entries.push((
            "livenessProbe",
            map(vec![
                ("exec", map(vec![("command", command)])),
                ("failureThreshold", number("31")),
                ("periodSeconds", number("10")),
            ]),
        ));
    }
    map(entries)
}

/// Tells of template values that the macro sets itself, which the reference replaces without a word or repeats.
fn check_managed(context: &Context<'_>, template: &Node<'_>, managed: &Node<'_>, place: &Path, found: &mut Found<'_>) {
    for (field, option) in [("name", "container_name"), ("image", "image_name")] {
        let (Some(given), Some(set)) = (template.get(field), managed.get(field)) else { continue };
        if given.as_str().is_some() && given != set {
            let message = format!("the macro sets the managed container's {field}, so this value is not used");
            let help = format!("remove it, and say `{option}` in the context");
            found
                .warnings
                .push(Problem::new("managed-field", place.key(field), message).help(help).origin(given.origin));
        }
    }
    for (kind, resource, option) in [
        ("requests", "cpu", "cpu_per_process"),
        ("requests", "memory", "memory_per_process"),
        ("limits", "memory", "memory_per_process"),
    ] {
        let keys = ["resources", kind, resource];
        let (Some(given), Some(set)) = (template.at(&keys), managed.at(&keys)) else { continue };
        if given.as_str().is_some() && given != set {
            let place = place.key("resources").key(kind).key(resource);
            let message = format!("the macro sets {kind} of {resource}, so this value would not be used");
            let help = format!("remove it, and say `{option}` in the context");
            found.problems.push(Problem::new("managed-field", place, message).help(help).origin(given.origin));
        }
    }
    if let Some(probe) =
        template.get("livenessProbe").filter(|probe| context.enable_liveness_probe && probe.is_truthy())
    {
        let message = "the macro sets the liveness probe itself";
        let help = "remove it, or set `enable_liveness_probe: false` in the context to keep yours";
        found
            .problems
            .push(Problem::new("managed-field", place.key("livenessProbe"), message).help(help).origin(probe.origin));
    }
    let taken = managed_mounts(context);
    let mounts = template.get("volumeMounts").and_then(Node::as_list).unwrap_or_default();
    for (index, mount) in mounts.iter().enumerate() {
        let Some(path) = mount.get("mountPath").and_then(Node::as_str) else { continue };
        if let Some((volume, _)) = taken.iter().find(|(_, taken)| *taken == path) {
            let place = place.key("volumeMounts").index(index).key("mountPath");
            let message = format!("the macro mounts its volume {volume} at {path}");
            let help = match *volume {
                HEALTH_VOLUME if context.processes <= 1 => {
                    "mount yours elsewhere, or set `enable_liveness_probe: false` in the context"
                }
                HEALTH_VOLUME => "the volume is there for your files too: remove this mount, or mount yours elsewhere",
                _ => "remove this mount, or mount yours elsewhere",
            };
            let origin = mount.get("mountPath").map_or(mount.origin, |node| node.origin);
            found.problems.push(Problem::new("managed-field", place, message).help(help).origin(origin));
        }
    }
}
