//! Security contexts.

use super::super::finding::Findings;
use super::super::place::Place;
use super::constraint::{between, one_of, strictly_one_of};
use super::paths::relative_path;
use super::scope::Pod;
use super::windows;
use crate::problem::Code;
use crate::value::Value;

const LAST_ID: i64 = i32::MAX as i64;

/// `validatePodSpecSecurityContext`, `validateOS`, `validateLinux`, `validateWindows`.
pub(super) fn of_pod(spec: &Place<'_>, findings: &mut Findings) {
    let os = spec.field("os");
    if let Some(os) = &os {
        one_of(os.field("name"), &["linux", "windows"], findings);
    }
    let os = os.as_ref().and_then(|os| os.text_of("name"));
    let context = spec.field("securityContext");
    if let Some(context) = &context {
        for field in ["fsGroup", "runAsUser", "runAsGroup"] {
            between(context.field(field), 0, LAST_ID, findings);
        }
        if let Some(groups) = context.field("supplementalGroups") {
            groups.items().for_each(|group| between(Some(group), 0, LAST_ID, findings));
        }
        for (field, values) in [
            ("fsGroupChangePolicy", &["OnRootMismatch", "Always"]),
            ("supplementalGroupsPolicy", &["Merge", "Strict"]),
            ("seLinuxChangePolicy", &["Recursive", "MountOption"]),
        ] {
            if let Some(policy) = context.field(field) {
                strictly_one_of(&policy, values, findings);
            }
        }
        windows::options(context, findings);
        sysctls(context, spec, findings);
        profiles(context, findings);
        for_os(
            context,
            os,
            &[
                "appArmorProfile",
                "seLinuxOptions",
                "seccompProfile",
                "fsGroup",
                "fsGroupChangePolicy",
                "sysctls",
                "runAsUser",
                "runAsGroup",
                "supplementalGroups",
                "supplementalGroupsPolicy",
                "seLinuxChangePolicy",
            ],
            findings,
        );
    }
    if os == Some("windows") {
        for field in ["hostUsers", "shareProcessNamespace", "resources"] {
            if let Some(place) = spec.field(field) {
                findings.add(Code::ConflictingFields, &place, "cannot be given for a windows pod");
            }
        }
        for field in ["hostPID", "hostIPC"] {
            if let Some(place) = spec.field(field).filter(|_| spec.is_true(field)) {
                findings.add(Code::ConflictingFields, &place, "cannot be true for a windows pod");
            }
        }
    }
}

/// What belongs to one operating system cannot be given for the other.
fn for_os(context: &Place<'_>, os: Option<&str>, linux_only: &[&str], findings: &mut Findings) {
    let (fields, name) = match os {
        Some("linux") => (&["windowsOptions"][..], "linux"),
        Some("windows") => (linux_only, "windows"),
        _ => return,
    };
    for place in fields.iter().filter_map(|field| context.field(field)) {
        findings.add(Code::ConflictingFields, &place, format!("cannot be given for a {name} pod"));
    }
}

/// `ValidateSecurityContext`.
pub(super) fn of_container(container: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let Some(context) = container.field("securityContext") else { return };
    between(context.field("runAsUser"), 0, LAST_ID, findings);
    between(context.field("runAsGroup"), 0, LAST_ID, findings);
    if let Some(mount) = context.field("procMount") {
        strictly_one_of(&mount, &["Default", "Unmasked"], findings);
        if mount.text() == Some("Unmasked") && !pod.has_own_users {
            findings.add(
                Code::ConflictingFields,
                &mount,
                "Unmasked is only possible when `hostUsers` is false",
            );
        }
    }
    let forbids_escalation = context
        .node
        .get("allowPrivilegeEscalation")
        .is_some_and(|node| node.value == Value::Bool(false));
    if forbids_escalation && context.is_true("privileged") {
        findings.add(
            Code::ConflictingFields,
            &context,
            "`allowPrivilegeEscalation` cannot be false when `privileged` is true",
        );
    }
    if forbids_escalation
        && let Some(capabilities) = context.field("capabilities")
        && let Some(add) = capabilities.field("add")
        && add.items().any(|capability| capability.text() == Some("CAP_SYS_ADMIN"))
    {
        findings.add(
            Code::ConflictingFields,
            &add,
            "CAP_SYS_ADMIN cannot be added when `allowPrivilegeEscalation` is false",
        );
    }
    windows::options(&context, findings);
    profiles(&context, findings);
    for_os(
        &context,
        pod.os,
        &[
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup",
        ],
        findings,
    );
}

/// `validateSeccompProfileField` and `ValidateAppArmorProfileField`.
fn profiles(context: &Place<'_>, findings: &mut Findings) {
    for field in ["seccompProfile", "appArmorProfile"] {
        let Some(profile) = context.field(field) else { continue };
        one_of(profile.field("type"), &["Localhost", "RuntimeDefault", "Unconfined"], findings);
        let local = profile.field("localhostProfile");
        match (profile.text_of("type"), local) {
            (Some("Localhost"), None) => {
                findings.missing(
                    &profile,
                    "localhostProfile",
                    "`localhostProfile` is required with the type Localhost",
                );
            }
            (Some("Localhost"), Some(local)) if field == "seccompProfile" => {
                relative_path(&local, findings);
            }
            (Some("Localhost"), Some(local))
                if local.text().is_some_and(|text| {
                    text.is_empty() || text.trim() != text || text.len() > 4095
                }) =>
            {
                findings.add(
                    Code::UnsupportedValue,
                    &local,
                    "must not be empty, start or end with space, or have more than 4095 characters",
                );
            }
            (Some("RuntimeDefault" | "Unconfined"), Some(local)) => {
                findings.add(
                    Code::ConflictingFields,
                    &local,
                    "can only be given with the type Localhost",
                );
            }
            _ => {}
        }
    }
}

/// `validateSysctls`.
fn sysctls(context: &Place<'_>, spec: &Place<'_>, findings: &mut Findings) {
    let Some(sysctls) = context.field("sysctls") else { return };
    for sysctl in sysctls.items() {
        let Some(place) = sysctl.field("name") else { continue };
        let Some(name) = place.text().filter(|name| !name.is_empty()) else { continue };
        if name.len() > 253 || !name.split(['.', '/']).all(is_sysctl_segment) {
            findings.add(
                Code::InvalidName,
                &place,
                "must be the name of a kernel parameter such as net.core.somaxconn",
            );
        }
        for (host, namespace) in [("hostNetwork", "net."), ("hostIPC", "kernel.shm")] {
            if spec.is_true(host) && name.replace('/', ".").starts_with(namespace) {
                findings.add(
                    Code::ConflictingFields,
                    &place,
                    format!("cannot be given when `{host}` is true"),
                );
            }
        }
    }
    super::constraint::unique(&sysctls, "name", findings);
}

fn is_sysctl_segment(text: &str) -> bool {
    let end = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.iter().all(|b| end(b) || matches!(b, b'-' | b'_'))
        && bytes.first().is_some_and(end)
        && bytes.last().is_some_and(end)
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use crate::problem::Code;
    use serde_json::json;

    #[test]
    fn containers() {
        let context = "/spec/template/spec/containers/0/securityContext";
        at(
            context,
            &[
                json!({"allowPrivilegeEscalation": false}),
                json!({"privileged": true}),
                json!({"runAsUser": 0}),
            ],
            Code::ConflictingFields,
            &[
                json!({"allowPrivilegeEscalation": false, "privileged": true}),
                json!({"allowPrivilegeEscalation": false, "capabilities": {"add": ["CAP_SYS_ADMIN"]}}),
                json!({"procMount": "Unmasked"}),
                json!({"seccompProfile": {"type": "RuntimeDefault", "localhostProfile": "a"}}),
            ],
        );
        at(
            context,
            &[],
            Code::OutOfRange,
            &[json!({"runAsUser": -1}), json!({"runAsGroup": 2_147_483_648_u32})],
        );
        at(
            context,
            &[json!({"seccompProfile": {"type": "Localhost", "localhostProfile": "a"}})],
            Code::MissingField,
            &[json!({"seccompProfile": {"type": "Localhost"}}), json!({"appArmorProfile": {}})],
        );
    }

    #[test]
    fn pods() {
        let context = "/spec/template/spec/securityContext";
        let sysctl = |name: &str| json!({"sysctls": [{"name": name, "value": "1"}]});
        at(
            context,
            &[sysctl("net.core.a_b"), sysctl("net/core")],
            Code::InvalidName,
            &[sysctl("A"), sysctl("a..b")],
        );
        at(
            context,
            &[json!({"fsGroupChangePolicy": "Always"})],
            Code::UnsupportedValue,
            &[
                json!({"fsGroupChangePolicy": "Never"}),
                json!({"fsGroupChangePolicy": ""}),
                json!({"seccompProfile": {"type": "Default"}}),
            ],
        );
    }
}
