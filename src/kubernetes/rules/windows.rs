//! Windows' settings of security contexts.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::constraint::named_strictly;
use crate::problem::Code;
use crate::value::{Node, Value};

/// `validateWindowsSecurityContextOptions`.
pub(super) fn options(context: &Place<'_>, findings: &mut Findings) {
    let Some(options) = context.field("windowsOptions") else { return };

    named_strictly(
        options.field("gmsaCredentialSpecName"),
        Code::InvalidName,
        names::subdomain,
        findings,
    );
    named_strictly(
        options.field("gmsaCredentialSpec"),
        Code::UnsupportedValue,
        credential,
        findings,
    );
    named_strictly(options.field("runAsUserName"), Code::UnsupportedValue, user_name, findings);
}

fn credential(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > 64 << 10 {
        Err("must have between 1 and 65536 bytes")
    } else {
        Ok(())
    }
}

/// `user`, or `domain\user`.
fn user_name(text: &str) -> Result<(), &'static str> {
    let (domain, user) = match text.split_once('\\') {
        Some((domain, user)) => (Some(domain), user),
        None => (None, text),
    };

    if text.bytes().any(|b| b.is_ascii_control()) {
        Err("must not contain control characters")
    } else if domain.is_some_and(|domain| !is_net_bios(domain) && !is_domain(domain)) {
        Err("must have a NetBIOS or DNS name before the backslash")
    } else if user.is_empty() || user.len() > 104 {
        Err("must have a user of 1 to 104 bytes")
    } else if user.bytes().all(|b| matches!(b, b'.' | b' ')) {
        Err("must have a user of more than periods and spaces")
    } else if user
        .contains(['"', '/', '\\', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>', '@', '[', ']'])
    {
        Err("must have a user without any of \"/\\:;|=,+*?<>@[]")
    } else {
        Ok(())
    }
}

/// `validNetBiosRegex`.
fn is_net_bios(text: &str) -> bool {
    (1..=15).contains(&text.chars().count())
        && !text.starts_with('.')
        && !text.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|'])
}

/// `validWindowsUserDomainDNSRegex`, and the limit of 255 bytes.
fn is_domain(text: &str) -> bool {
    text.len() < 256 && text.split('.').all(|part| names::label(&names::lower_case(part)).is_ok())
}

/// `validateWindowsHostProcessPod`.
pub(super) fn host_processes(spec: &Place<'_>, findings: &mut Findings) {
    let of_pod = host_process(spec.node);
    let lists = ["initContainers", "containers"].map(|field| spec.field(field));
    let containers: Vec<Place<'_>> = lists.iter().flatten().flat_map(Place::items).collect();
    let is_one = |container: &Place<'_>| host_process(container.node).or(of_pod) == Some(true);

    for container in &containers {
        if of_pod
            .is_some_and(|of_pod| host_process(container.node).is_some_and(|own| own != of_pod))
        {
            let message = "`hostProcess` of the container and of the pod must be the same where both are given";
            findings.add(Code::ConflictingFields, container, message);
        }
    }

    if !containers.iter().any(is_one) {
        return;
    }
    if let Some(other) = containers.iter().find(|container| !is_one(container)) {
        let message = "must be a host process too: all containers of a pod are, or none";
        findings.add(Code::ConflictingFields, other, message);
    }
    if !spec.is_true("hostNetwork") {
        let place = spec.field("hostNetwork").unwrap_or(*spec);
        findings.add(
            Code::ConflictingFields,
            &place,
            "`hostNetwork` must be true for Windows' host processes",
        );
    }
}

fn host_process(owner: &Node<'_>) -> Option<bool> {
    match owner.at(&["securityContext", "windowsOptions", "hostProcess"])?.value {
        Value::Bool(value) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names() {
        let (longest, domain) =
            ("a".repeat(104), format!("{0}.{0}.{0}.{1}\\a", "a".repeat(63), "a".repeat(63)));
        for text in ["a", "a.b", "NT AUTHORITY\\SYSTEM", "a.example.com\\b c", &longest, &domain] {
            assert_eq!(user_name(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "\\a",
            "a\\",
            "a\\b\\c",
            ".a\\b",
            "...",
            " . ",
            "a@b",
            "a\tb",
            "a:b",
            &format!("{longest}a"),
        ] {
            assert!(user_name(text).is_err(), "{text}");
        }
        assert!(user_name(&format!("a{domain}")).is_err());
    }
}
