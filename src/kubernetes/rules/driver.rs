//! Volumes of other drivers.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::constraint::{at_most_one, between, named, named_strictly, required, strictly_one_of};
use crate::problem::Code;

/// What `validateVolumeSource` asks of a volume's source, by the source's field.
pub(super) fn check(field: &str, source: &Place<'_>, volume: &Place<'_>, findings: &mut Findings) {
    match field {
        "awsElasticBlockStore" | "gcePersistentDisk" => {
            between(source.field("partition"), 0, 255, findings);
        }
        "azureDisk" => azure_disk(source, findings),
        "cinder" => secret_with_name(source, findings),
        "fc" => fibre_channel(source, findings),
        "flocker" => flocker(source, findings),
        "iscsi" => iscsi(source, volume, findings),
        "quobyte" => quobyte(source, findings),
        // The schema requires the rest.
        "scaleIO" => required(source, "volumeName", findings),
        "storageos" => {
            required(source, "volumeName", findings);
            named(source.field("volumeName"), Code::InvalidName, names::label, findings);
            named(source.field("volumeNamespace"), Code::InvalidName, names::label, findings);
            secret_with_name(source, findings);
        }
        _ => {}
    }
}

/// `ValidateCSIDriverName`.
pub(super) fn name(text: &str) -> Result<(), &'static str> {
    if text.len() > 63 {
        return Err("must have at most 63 characters");
    }
    names::subdomain(&names::lower_case(text))
}

/// `validateCinderVolumeSource` and `validateStorageOSVolumeSource`.
fn secret_with_name(source: &Place<'_>, findings: &mut Findings) {
    if let Some(secret) = source.field("secretRef") {
        required(&secret, "name", findings);
    }
}

/// `validateFlockerVolumeSource`.
fn flocker(source: &Place<'_>, findings: &mut Findings) {
    let names = ["datasetName", "datasetUUID"];
    let is_given = |field: &str| names.contains(&field) && !source.lacks(field);
    if at_most_one(source, &is_given, "data set", findings) == 0 {
        findings.missing(source, "datasetName", "`datasetName` or `datasetUUID` is required");
    }

    if let Some(name) = source
        .field("datasetName")
        .filter(|name| name.text().is_some_and(|text| text.contains('/')))
    {
        findings.add(Code::UnsupportedValue, &name, "must not contain `/`");
    }
}

/// `validateQuobyteVolumeSource`.
fn quobyte(source: &Place<'_>, findings: &mut Findings) {
    if let Some(tenant) =
        source.field("tenant").filter(|tenant| tenant.text().is_some_and(|text| text.len() > 64))
    {
        findings.add(Code::OutOfRange, &tenant, "must have at most 64 characters");
    } else if let Some(registry) = source.field("registry")
        && registry.text().is_some_and(|text| !text.is_empty() && !text.split(',').all(has_port))
    {
        findings.add(
            Code::UnsupportedValue,
            &registry,
            "must be HOST:PORT, or several with commas between them",
        );
    }
}

/// Go's `net.SplitHostPort`.
fn has_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let host = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']'),
        None => Some(host).filter(|host| !host.contains(':')),
    };
    host.is_some_and(|host| !host.contains(['[', ']'])) && !port.contains(['[', ']'])
}

/// `validateISCSIVolumeSource`, and what `validateVolumeSource` adds.
fn iscsi(source: &Place<'_>, volume: &Place<'_>, findings: &mut Findings) {
    const LONGEST: usize = 64;

    if let Some(portal) = source.field("targetPortal").filter(|_| source.has("initiatorName")) {
        let lengths = [portal.text(), volume.text_of("name"), Some(":")];
        let length: usize = lengths.into_iter().flatten().map(str::len).sum();
        if length > LONGEST {
            let message = format!(
                "is too long beside `initiatorName`: `{{volume}}:{{targetPortal}}` has at most {LONGEST} characters"
            );
            findings.add(Code::OutOfRange, &portal, message);
        }
    }

    between(source.field("lun"), 0, 255, findings);
    named(source.field("iqn"), Code::UnsupportedValue, iscsi_name, findings);
    named_strictly(source.field("initiatorName"), Code::UnsupportedValue, iscsi_name, findings);

    let proves_itself =
        ["chapAuthDiscovery", "chapAuthSession"].iter().any(|field| source.is_true(field));
    if proves_itself && !source.has("secretRef") {
        findings.missing(source, "secretRef", "`secretRef` is required for CHAP");
    }
}

/// `iscsiInitiatorIqnRegex`, `iscsiInitiatorEuiRegex` and `iscsiInitiatorNaaRegex`.
fn iscsi_name(text: &str) -> Result<(), &'static str> {
    // Any character stands between the kind and the digits.
    let has_digits = |kind: &str, count: usize| {
        let mut rest = text.strip_prefix(kind).unwrap_or_default().chars();
        rest.next().is_some_and(|c| c != '\n')
            && rest.as_str().len() == count
            && rest.all(|c| c.is_ascii_alphanumeric())
    };
    // The expression has no start.
    let is_qualified = || {
        let mut starts = text
            .match_indices("iqn.")
            .map(|(at, _)| text.get(at.saturating_add(4)..).unwrap_or_default());
        starts.any(is_qualified_name)
    };

    if has_digits("eui", 16) || has_digits("naa", 32) || (text.starts_with("iqn") && is_qualified())
    {
        Ok(())
    } else {
        Err(
            "must be a name as iqn.2001-04.com.example:disk, eui. and 16 digits, or naa. and 32 digits",
        )
    }
}

/// What follows `iqn.`: a year, a month, a domain, and a name.
fn is_qualified_name(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(8) else { return false };
    let is_date = date
        .bytes()
        .zip(b"0000-00.")
        .all(|(b, form)| if *form == b'0' { b.is_ascii_digit() } else { b == *form });
    let Some((domain, name)) = rest.split_once(':').filter(|_| is_date) else { return false };

    !domain.is_empty()
        && domain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        && !name.is_empty()
        && !name.contains([',', ';', '*', '&', '$', '|', ' ', '\t', '\n', '\r', '\u{c}'])
}

/// `validateAzureDisk`.
fn azure_disk(disk: &Place<'_>, findings: &mut Findings) {
    if let Some(mode) = disk.field("cachingMode") {
        strictly_one_of(&mode, &["None", "ReadOnly", "ReadWrite"], findings);
    }
    if let Some(kind) = disk.field("kind") {
        strictly_one_of(&kind, &["Shared", "Dedicated", "Managed"], findings);
    }
    let start =
        if disk.text_of("kind") == Some("Managed") { "/subscriptions/" } else { "https://" };
    // SetDefaults_AzureDisk: the kind is Shared.
    if let Some(address) = disk.field("diskURI")
        && address.text().is_some_and(|text| !text.is_empty() && !text.starts_with(start))
    {
        findings.add(Code::UnsupportedValue, &address, format!("must start with {start}"));
    }
}

/// `validateFCVolumeSource`.
fn fibre_channel(channel: &Place<'_>, findings: &mut Findings) {
    let count =
        |field: &str| channel.node.get(field).and_then(|node| node.as_list()).map_or(0, <[_]>::len);
    match (count("targetWWNs"), count("wwids")) {
        (0, 0) => findings.missing(channel, "targetWWNs", "`targetWWNs` or `wwids` is required"),
        (0, _) => {}
        (_, 0) if !channel.has("lun") => {
            findings.missing(channel, "lun", "`lun` is required with `targetWWNs`");
        }
        (_, 0) => between(channel.field("lun"), 0, 255, findings),
        _ => findings.add(
            Code::ConflictingFields,
            channel,
            "`targetWWNs` and `wwids` exclude each other",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_iscsi() {
        for text in [
            "iqn.2001-04.com.example:storage.disk1:a",
            "iqn:iqn.2001-04.com.example:a",
            "eui.0123456789ABCDEF",
            "naa.0123456789abcdef0123456789abcdef",
            "eui-0123456789ABCDEF",
        ] {
            assert_eq!(iscsi_name(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "iqn.2001-04.com.example",
            "iqn.2001-4.com.example:a",
            "iqn.2001-04.:a",
            "iqn.2001-04.com.example:",
            "iqn.2001-04.com.example:a b",
            "a.iqn.2001-04.com.example:a",
            "eui.0123456789ABCDE",
            "eui.0123456789ABCDEFG",
            "eui",
            "naa.0123456789abcdef",
        ] {
            assert!(iscsi_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hosts_with_ports() {
        for text in ["a:1", ":", "a:", "[::1]:1", "[]:1"] {
            assert!(has_port(text), "{text}");
        }
        for text in ["", "a", "::1:1", "[::1]", "[a]b:1", "a[:1", "a:]", "[[a]:1"] {
            assert!(!has_port(text), "{text}");
        }
    }
}
