//! Containers.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::super::versions::Gate;
use super::constraint::{between, exactly_one, named, one_of};
use super::paths::{no_steps_back, relative_path};
use super::scope::{Pod, Role};
use super::{env, image_name, probe, resources, security};
use crate::problem::{Code, Cure};
use crate::value::Index;

/// `validateContainerCommon`, and what `validateContainers` and `validateInitContainers` add.
pub(super) fn check(container: &Place<'_>, role: Role, pod: &Pod<'_>, findings: &mut Findings) {
    named(container.field("name"), Code::InvalidName, names::label, findings);
    image(container, role, findings);
    one_of(container.field("imagePullPolicy"), &["Always", "IfNotPresent", "Never"], findings);
    one_of(
        container.field("terminationMessagePolicy"),
        &["File", "FallbackToLogsOnError"],
        findings,
    );
    ports(container, findings);
    env::check(container, pod, findings);
    mounts(container, pod, findings);
    devices(container, pod, findings);
    resources::of_container(container, role, pod, findings);
    resize_policy(container, role, findings);
    security::of_container(container, pod, findings);
    restart_policy(container, role, findings);
    probes_and_hooks(container, role, pod, findings);
}

/// `validateContainerCommon`; that space around it is refused, `validateContainerOnlyForPod` says of pods.
fn image(container: &Place<'_>, role: Role, findings: &mut Findings) {
    let Some(place) = container.field("image") else {
        if container.is_object() {
            findings.missing(container, "image", "`image` is required");
        }
        return;
    };
    let Some(image) = place.text() else { return };
    if image.trim().is_empty() {
        findings.add(Code::MissingField, &place, "`image` must not be empty");
    } else if image.trim() != image {
        findings.add(Code::UnsupportedValue, &place, "must not start or end with space");
    } else if !image_name::is_pullable(image) {
        findings.add(
            Code::InvalidImage,
            &place,
            "no container runtime can pull an image of this name",
        );
    } else if role != Role::Init
        && image_name::is_latest(image)
        && container.text_of("imagePullPolicy") != Some("Never")
    {
        // An init container is mostly a shell that is the same in every version.
        findings.add_with_help(
            Code::ImageLatest,
            &place,
            "the image has no tag or the tag latest: what runs changes without a change here",
            "name a version, or a digest",
        );
    }
}

/// `validateContainerPorts`.
fn ports(container: &Place<'_>, findings: &mut Findings) {
    let Some(ports) = container.field("ports") else { return };
    for port in ports.items() {
        named(port.field("name"), Code::InvalidName, names::port, findings);
        between(port.field("containerPort"), 1, 65535, findings);
        between(
            port.field("hostPort").filter(|port| port.node.as_i64() != Some(0)),
            1,
            65535,
            findings,
        );
        one_of(port.field("protocol"), &["TCP", "UDP", "SCTP"], findings);
    }
    super::constraint::unique(&ports, "name", findings);
}

/// `AccumulateUniqueHostPorts`.
pub(super) fn host_ports(container: &Place<'_>, taken: &mut Index<'_>, findings: &mut Findings) {
    for port in container.field("ports").iter().flat_map(Place::items) {
        let Some(number) = port.number_of("hostPort").filter(|number| *number != 0) else {
            continue;
        };
        let protocol = port.text_of("protocol").filter(|text| !text.is_empty()).unwrap_or("TCP");
        let address = port.text_of("hostIP").unwrap_or("");
        if taken.before(format!("{protocol}/{address}/{number}"), 0).is_some() {
            findings.add(
                Code::DuplicateName,
                &port,
                format!("the host port {number}/{protocol} is taken already"),
            );
        }
    }
}

/// `ValidateVolumeMounts`.
fn mounts(container: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let Some(mounts) = container.field("volumeMounts") else { return };
    let privileged =
        container.field("securityContext").is_some_and(|context| context.is_true("privileged"));
    let devices = container.field("volumeDevices");
    let (mut device_names, mut device_paths) = (Index::default(), Index::default());
    for device in devices.iter().flat_map(Place::items) {
        device.text_of("name").and_then(|name| device_names.before(name, 0));
        device.text_of("devicePath").and_then(|path| device_paths.before(path, 0));
    }
    for mount in mounts.items() {
        known_volume(&mount, pod, findings);
        for field in ["subPath", "subPathExpr"] {
            if let Some(path) = mount.field(field) {
                relative_path(&path, findings);
            }
        }
        if let Some(expression) = mount.field("subPathExpr")
            && mount.text_of("subPath").is_some_and(|text| !text.is_empty())
            && expression.text().is_some_and(|text| !text.is_empty())
        {
            findings.add(
                Code::ConflictingFields,
                &expression,
                "cannot be given together with `subPath`",
            );
        }
        propagation(&mount, privileged, findings);
        if mount.text_of("name").is_some_and(|name| device_names.get(name).is_some()) {
            findings.add(
                Code::ConflictingFields,
                &mount,
                "the volume is used by `volumeDevices` already",
            );
        } else if mount.text_of("mountPath").is_some_and(|path| device_paths.get(path).is_some()) {
            findings.add(
                Code::ConflictingFields,
                &mount,
                "the path is used by `volumeDevices` already",
            );
        }
    }
    super::constraint::unique(&mounts, "mountPath", findings);
}

fn known_volume(mount: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let Some(place) = mount.field("name") else { return };
    let Some(name) = place.text().filter(|name| !name.is_empty()) else { return };
    if pod.volume(name).is_some() {
        return;
    }
    let message = format!("the pod has no volume `{name}`");
    match findings.near_names.nearest(name, pod.volume_names()) {
        Some(near) => findings.add_with_cure(
            Code::UnknownVolume,
            &place,
            message,
            format!("did you mean `{near}`?"),
            Cure::Replace(format!("{near:?}")),
        ),
        None => findings.add_with_help(
            Code::UnknownVolume,
            &place,
            message,
            "add it to the pod's `volumes`",
        ),
    }
}

/// `validateMountPropagation` and `validateMountRecursiveReadOnly`.
fn propagation(mount: &Place<'_>, privileged: bool, findings: &mut Findings) {
    if let Some(propagation) = mount.field("mountPropagation") {
        super::constraint::strictly_one_of(
            &propagation,
            &["None", "HostToContainer", "Bidirectional"],
            findings,
        );
        if propagation.text() == Some("Bidirectional") && !privileged {
            findings.add(
                Code::ConflictingFields,
                &propagation,
                "Bidirectional is for privileged containers only",
            );
        }
    }
    let Some(recursive) = mount.field("recursiveReadOnly") else { return };
    super::constraint::strictly_one_of(
        &recursive,
        &["Disabled", "IfPossible", "Enabled"],
        findings,
    );
    if matches!(recursive.text(), Some("IfPossible" | "Enabled")) {
        if !mount.is_true("readOnly") {
            findings.add(
                Code::ConflictingFields,
                &recursive,
                "can only be given when `readOnly` is true",
            );
        }
        if mount.text_of("mountPropagation").is_some_and(|text| text != "None") {
            findings.add(
                Code::ConflictingFields,
                &recursive,
                "can only be given when `mountPropagation` is None",
            );
        }
    }
}

/// `ValidateVolumeDevices`.
fn devices(container: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let Some(devices) = container.field("volumeDevices") else { return };
    for device in devices.items() {
        known_volume(&device, pod, findings);
        if let Some(path) = device.field("devicePath") {
            no_steps_back(&path, findings);
        }
        if let Some(name) = device.field("name")
            && let Some(volume) = name.text().and_then(|name| pod.volume(name))
            && !volume.has("persistentVolumeClaim")
            && !volume.has("ephemeral")
        {
            findings.add(
                Code::ConflictingFields,
                &name,
                "must be a persistentVolumeClaim or an ephemeral volume",
            );
        }
    }
    super::constraint::unique(&devices, "name", findings);
    super::constraint::unique(&devices, "devicePath", findings);
}

/// `validateResizePolicy`, and what `validateInitContainers` adds.
fn resize_policy(container: &Place<'_>, role: Role, findings: &mut Findings) {
    let Some(policies) = container.field("resizePolicy") else { return };
    for policy in policies.items() {
        one_of(policy.field("resourceName"), &["cpu", "memory"], findings);
        one_of(policy.field("restartPolicy"), &["NotRequired", "RestartContainer"], findings);
        if role == Role::Init
            && policy.text_of("restartPolicy") == Some("RestartContainer")
            && findings.cluster.minor() >= 36
        {
            findings.add(
                Code::ConflictingFields,
                &policy,
                "RestartContainer cannot be given for init containers without `restartPolicy: Always`",
            );
        }
    }
    super::constraint::unique(&policies, "resourceName", findings);
}

/// `validateContainerRestartPolicy` and `validateInitContainerRestartPolicy`.
fn restart_policy(container: &Place<'_>, role: Role, findings: &mut Findings) {
    let policy = container.field("restartPolicy");
    if let Some(policy) = &policy {
        super::constraint::strictly_one_of(policy, &["Always", "Never", "OnFailure"], findings);
        let is_refused = role == Role::Regular && policy.text() == Some("Always");
        if is_refused && !findings.cluster.has(Gate::ContainerRestartRules) {
            findings.add(
                Code::ConflictingFields,
                policy,
                "can only be given for init containers before Kubernetes 1.35",
            );
        }
    }
    let Some(rules) = container.field("restartPolicyRules") else { return };
    let count = rules.items().count();
    if count == 0 {
        return;
    }
    if role == Role::Sidecar && !findings.cluster.has(Gate::RestartAllContainersOnContainerExits) {
        findings.add(
            Code::ConflictingFields,
            &rules,
            "cannot be given with `restartPolicy: Always` before Kubernetes 1.36",
        );
    }
    if policy.is_none() {
        findings.missing(
            container,
            "restartPolicy",
            "`restartPolicy` is required when restart rules are given",
        );
    }
    if count > 20 {
        findings.add(Code::OutOfRange, &rules, "at most 20 rules are allowed");
    }
    for rule in rules.items() {
        one_of(rule.field("action"), &["Restart", "RestartAllContainers"], findings);
        match rule.field("exitCodes") {
            Some(codes) => {
                one_of(codes.field("operator"), &["In", "NotIn"], findings);
                if let Some(values) =
                    codes.field("values").filter(|values| values.items().count() > 255)
                {
                    findings.add(Code::OutOfRange, &values, "at most 255 exit codes are allowed");
                }
            }
            None => findings.missing(&rule, "exitCodes", "`exitCodes` is required"),
        }
    }
}

fn probes_and_hooks(container: &Place<'_>, role: Role, pod: &Pod<'_>, findings: &mut Findings) {
    for (field, only_one_success) in
        [("livenessProbe", true), ("readinessProbe", false), ("startupProbe", true)]
    {
        let Some(place) = container.field(field) else { continue };
        if role == Role::Init {
            findings.add(
                Code::ConflictingFields,
                &place,
                "cannot be given for init containers without `restartPolicy: Always`",
            );
        } else {
            probe::check(&place, only_one_success, findings);
        }
    }
    let Some(lifecycle) = container.field("lifecycle") else { return };
    if role == Role::Init {
        return findings.add(
            Code::ConflictingFields,
            &lifecycle,
            "cannot be given for init containers without `restartPolicy: Always`",
        );
    }
    for field in ["postStart", "preStop"] {
        let Some(hook) = lifecycle.field(field) else { continue };
        exactly_one(&hook, &["exec", "httpGet", "tcpSocket", "sleep"], "handler", findings);
        probe::handler(&hook, findings);
        // validateSleepAction
        if let Some(sleep) = hook.field("sleep") {
            let least = i64::from(!findings.cluster.has(Gate::PodLifecycleSleepActionAllowZero));
            between(sleep.field("seconds"), least, pod.grace_period.max(0), findings);
            if least > 0 && sleep.is_object() && !sleep.has("seconds") {
                findings.missing(&sleep, "seconds", "`seconds` is required");
            }
        }
    }
}

#[cfg(test)]
mod tests;
