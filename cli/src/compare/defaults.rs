//! What the API server stores where an object says nothing: Kubernetes' own defaulting of a Deployment's fields.
//!
//! From `pkg/apis/core/v1/defaults.go` and `pkg/apis/apps/v1/defaults.go`. What is defaulted in pods only and not in the
//! template of a Deployment, such as `enableServiceLinks`, is not here: it changes the template.

use super::quantity;
use sentry_streams_k8s::kubernetes::schema::{Field, Object, Shape, Type};
use sentry_streams_k8s::value::{Map, Node, Origin, Value};

/// Whether a field with this value is stored as it is where the field is not there.
pub(super) fn is_as_absent(
    object: &Object,
    key: &str,
    node: &Node<'_>,
    siblings: &Map<'_>,
) -> bool {
    let field = object.field(key);
    match &node.value {
        Value::Null => return true,
        Value::List(items) if items.is_empty() => return true,
        Value::Map(map)
            if map.is_empty() && matches!(field.map(|field| field.shape), Some(Shape::Map(_))) =>
        {
            return true;
        }
        _ => {}
    }
    match (object.name, key) {
        // Structures that are always there: as good as absent where all in them is.
        (_, "resources" | "metadata" | "strategy")
        | ("DeploymentStrategy", "rollingUpdate")
        | ("PodSpec", "securityContext") => is_default_structure(field, node),
        // A volume of no kind is an empty directory.
        ("Volume", "emptyDir") => is_empty(node),
        ("PodSpec", "serviceAccount") => Some(node) == siblings.get("serviceAccountName"),
        ("Container", "imagePullPolicy") => is_pull_policy(siblings.get("image"), node),
        ("ImageVolumeSource", "pullPolicy") => is_pull_policy(siblings.get("reference"), node),
        ("ResourceFieldSelector", "divisor") => quantity::is_same(node, &text("0")),
        _ => default(object.name, key).is_some_and(|default| is_value(node, default)),
    }
}

fn is_default_structure(field: Option<&'static Field>, node: &Node<'_>) -> bool {
    let Some(Shape::One(Type::Object(object))) = field.map(|field| field.shape) else {
        return is_empty(node);
    };
    node.as_map().is_some_and(|map| {
        map.iter().all(|(key, value)| is_as_absent(object, &key.text, value, map))
    })
}

fn is_empty(node: &Node<'_>) -> bool {
    node.as_map().is_some_and(Map::is_empty)
}

/// The policy that depends on the image: always for `latest`, which is also meant where there is no tag.
fn is_pull_policy(image: Option<&Node<'_>>, policy: &Node<'_>) -> bool {
    let Some(image) = image.and_then(Node::as_str) else { return false };
    let last = image.rsplit('/').next().unwrap_or_default();
    let tag = match last.split_once('@') {
        Some((name, _)) => name.split_once(':').map_or("", |(_, tag)| tag),
        None => last.split_once(':').map_or("latest", |(_, tag)| tag),
    };
    policy.as_str() == Some(if tag == "latest" { "Always" } else { "IfNotPresent" })
}

fn text(text: &'static str) -> Node<'static> {
    Node::string(text, Origin::MACRO)
}

/// A value that is stored by default, or that is not stored apart from none at all.
#[derive(Clone, Copy)]
enum Stored {
    Text(&'static str),
    Number(&'static str),
    False,
}

fn is_value(node: &Node<'_>, default: Stored) -> bool {
    match (default, &node.value) {
        (Stored::Text(default), Value::String(text)) => text == default,
        (Stored::Number(default), Value::Integer(digits)) => digits == default,
        (Stored::False, Value::Bool(value)) => !value,
        _ => false,
    }
}

#[allow(clippy::match_same_arms, reason = "a table, by types of the API")]
fn default(object: &str, key: &str) -> Option<Stored> {
    use Stored::{False, Number, Text};
    Some(match (object, key) {
        ("DeploymentSpec", "replicas") => Number("1"),
        ("DeploymentSpec", "revisionHistoryLimit") => Number("10"),
        ("DeploymentSpec", "progressDeadlineSeconds") => Number("600"),
        ("DeploymentSpec", "minReadySeconds") => Number("0"),
        ("DeploymentSpec", "paused") => False,
        ("DeploymentStrategy", "type") => Text("RollingUpdate"),
        ("RollingUpdateDeployment", "maxSurge" | "maxUnavailable") => Text("25%"),

        ("PodSpec", "dnsPolicy") => Text("ClusterFirst"),
        ("PodSpec", "restartPolicy") => Text("Always"),
        ("PodSpec", "schedulerName") => Text("default-scheduler"),
        ("PodSpec", "terminationGracePeriodSeconds") => Number("30"),
        ("PodSpec", "hostNetwork" | "hostPID" | "hostIPC") => False,
        (
            "PodSpec",
            "hostname" | "subdomain" | "nodeName" | "serviceAccountName" | "serviceAccount"
            | "priorityClassName",
        ) => Text(""),

        ("Container", "terminationMessagePath") => Text("/dev/termination-log"),
        ("Container", "terminationMessagePolicy") => Text("File"),
        ("Container", "stdin" | "stdinOnce" | "tty") => False,
        ("Container", "workingDir") | ("EnvVar", "value") | ("EnvFromSource", "prefix") => Text(""),
        ("ContainerPort", "protocol") => Text("TCP"),
        ("ContainerPort", "hostPort") => Number("0"),
        ("ContainerPort", "hostIP" | "name") | ("VolumeMount", "subPath" | "subPathExpr") => {
            Text("")
        }
        ("VolumeMount", "readOnly") => False,

        ("Probe", "timeoutSeconds" | "successThreshold") => Number("1"),
        ("Probe", "periodSeconds") => Number("10"),
        ("Probe", "failureThreshold") => Number("3"),
        ("Probe", "initialDelaySeconds") => Number("0"),
        ("HTTPGetAction", "path") => Text("/"),
        ("HTTPGetAction", "scheme") => Text("HTTP"),
        ("HTTPGetAction" | "TCPSocketAction", "host") | ("GRPCAction", "service") => Text(""),
        ("ObjectFieldSelector", "apiVersion") => Text("v1"),

        (
            "SecretVolumeSource"
            | "ConfigMapVolumeSource"
            | "DownwardAPIVolumeSource"
            | "ProjectedVolumeSource",
            "defaultMode",
        ) => Number("420"),
        ("ServiceAccountTokenProjection", "expirationSeconds") => Number("3600"),
        ("HostPathVolumeSource", "type") | ("EmptyDirVolumeSource", "medium") => Text(""),
        ("PersistentVolumeClaimVolumeSource", "readOnly") => False,
        ("PersistentVolumeClaimSpec", "volumeMode") => Text("Filesystem"),
        ("ISCSIVolumeSource", "iscsiInterface") => Text("default"),
        ("RBDVolumeSource", "pool") => Text("rbd"),
        ("RBDVolumeSource", "user") => Text("admin"),
        ("RBDVolumeSource", "keyring") => Text("/etc/ceph/keyring"),
        ("AzureDiskVolumeSource", "cachingMode") => Text("ReadWrite"),
        ("AzureDiskVolumeSource", "fsType") => Text("ext4"),
        ("AzureDiskVolumeSource", "kind") => Text("Shared"),
        ("AzureDiskVolumeSource", "readOnly") => False,
        ("ScaleIOVolumeSource", "fsType") => Text("xfs"),
        ("ScaleIOVolumeSource", "storageMode") => Text("ThinProvisioned"),
        _ => return None,
    })
}

/// Whether only a server sets what is at a path of an object.
pub(super) fn is_of_server(path: &str) -> bool {
    const PATHS: [&str; 9] = [
        "status",
        "metadata.creationTimestamp",
        "metadata.generation",
        "metadata.managedFields",
        "metadata.resourceVersion",
        "metadata.selfLink",
        "metadata.uid",
        "metadata.annotations[\"deployment.kubernetes.io/revision\"]",
        "metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]",
    ];
    PATHS.contains(&path)
}
