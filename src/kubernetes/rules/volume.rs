//! Volumes.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::super::quantity::Quantity;
use super::super::schema_table::VOLUME;
use super::constraint::{between, exactly_one, named, named_strictly, required, strictly_one_of};
use super::paths::{file_path, no_steps_back, relative_path};
use super::{driver, env, metadata, resources};
use crate::problem::{Code, Cure};
use crate::value::Index;

/// `ValidateVolumes`.
pub(super) fn volumes(volumes: &Place<'_>, findings: &mut Findings) {
    for volume in volumes.items() {
        named(volume.field("name"), Code::InvalidName, names::label, findings);
        source(&volume, findings);
    }
    super::constraint::unique(volumes, "name", findings);
}

/// `validateVolumeSource`. A volume without a source is an emptyDir, by `SetDefaults_Volume`.
fn source(volume: &Place<'_>, findings: &mut Findings) {
    let is_source = |field: &str| field != "name" && VOLUME.field(field).is_some();
    super::constraint::at_most_one(volume, &is_source, "source", findings);
    for (field, source) in volume.fields() {
        match field {
            "emptyDir" => resources::not_negative_quantity(source.field("sizeLimit"), findings),
            "hostPath" => host_path(&source, findings),
            "secret" => {
                required(&source, "secretName", findings);
                files(&source, findings);
            }
            "configMap" => files(&source, findings),
            "downwardAPI" => {
                mode(source.field("defaultMode"), findings);
                source
                    .field("items")
                    .iter()
                    .flat_map(Place::items)
                    .for_each(|file| downward_file(&file, findings));
            }
            "projected" => {
                mode(source.field("defaultMode"), findings);
                projections(&source, findings);
            }
            "nfs" => {
                if let Some(path) = source.field("path")
                    && path.text().is_some_and(|path| !path.is_empty() && !path.starts_with('/'))
                {
                    findings.add(Code::UnsupportedValue, &path, "must be an absolute path");
                }
            }
            "csi" => {
                named(source.field("driver"), Code::InvalidName, driver::name, findings);
                if let Some(secret) = source.field("nodePublishSecretRef") {
                    required(&secret, "name", findings);
                    named(secret.field("name"), Code::InvalidName, names::subdomain, findings);
                }
            }
            "ephemeral" => claim_template(&source, findings),
            "image" => {
                required(&source, "reference", findings);
                super::constraint::one_of(
                    source.field("pullPolicy"),
                    &["Always", "IfNotPresent", "Never"],
                    findings,
                );
            }
            "gitRepo" => {
                if let Some(directory) = source.field("directory") {
                    relative_path(&directory, findings);
                }
            }
            _ => driver::check(field, &source, volume, findings),
        }
    }
}

/// `validateHostPathVolumeSource`.
fn host_path(source: &Place<'_>, findings: &mut Findings) {
    if let Some(path) = source.field("path") {
        no_steps_back(&path, findings);
    }
    super::constraint::one_of(
        source.field("type"),
        &[
            "DirectoryOrCreate",
            "Directory",
            "FileOrCreate",
            "File",
            "Socket",
            "CharDevice",
            "BlockDevice",
        ],
        findings,
    );
}

/// A file's permissions. `644` is out of range and shows what was meant: `0644`, which is 420.
fn mode(place: Option<Place<'_>>, findings: &mut Findings) {
    const MOST: i64 = 0o777;
    let Some(place) = place else { return };
    let octal = place.node.as_i64().filter(|number| *number > MOST).and_then(|number| {
        let digits = number.to_string();
        let is_usual = digits.bytes().all(|digit| matches!(digit, b'0' | b'4'..=b'7'));
        i64::from_str_radix(&digits, 8).ok().filter(|mode| is_usual && *mode <= MOST)
    });

    match octal {
        Some(mode) => findings.add_with_cure(
            Code::OutOfRange,
            &place,
            format!("must be between 0 and {MOST}"),
            format!("write {mode}, which is 0{mode:o} in octal"),
            Cure::Replace(mode.to_string()),
        ),
        None => between(Some(place), 0, MOST, findings),
    }
}

/// `validateSecretVolumeSource`, `validateConfigMapVolumeSource` and `validateKeyToPath`.
fn files(source: &Place<'_>, findings: &mut Findings) {
    mode(source.field("defaultMode"), findings);
    for item in source.field("items").iter().flat_map(Place::items) {
        mode(item.field("mode"), findings);
        file_path(item.field("path"), findings);
    }
}

/// `validateDownwardAPIVolumeFile`.
fn downward_file(file: &Place<'_>, findings: &mut Findings) {
    file_path(file.field("path"), findings);
    mode(file.field("mode"), findings);
    exactly_one(file, &["fieldRef", "resourceFieldRef"], "source", findings);
    if let Some(selector) = file.field("fieldRef") {
        env::field_path(
            &selector,
            &[
                "metadata.name",
                "metadata.namespace",
                "metadata.labels",
                "metadata.annotations",
                "metadata.uid",
            ],
            findings,
        );
    }
    if let Some(selector) = file.field("resourceFieldRef") {
        required(&selector, "containerName", findings);
        env::resource_field(&selector, findings);
    }
}

/// `validateProjectionSources`.
fn projections(projected: &Place<'_>, findings: &mut Findings) {
    let Some(sources) = projected.field("sources") else { return };
    let mut paths = Index::default();
    for source in sources.items() {
        let kinds = [
            "clusterTrustBundle",
            "configMap",
            "downwardAPI",
            "podCertificate",
            "secret",
            "serviceAccountToken",
        ];
        super::constraint::at_most_one(
            &source,
            &|field| kinds.contains(&field),
            "source",
            findings,
        );
        for object in ["secret", "configMap"].iter().filter_map(|field| source.field(field)) {
            files(&object, findings);
        }
        if let Some(downward) = source.field("downwardAPI") {
            downward
                .field("items")
                .iter()
                .flat_map(Place::items)
                .for_each(|file| downward_file(&file, findings));
        }
        if let Some(token) = source.field("serviceAccountToken") {
            between(token.field("expirationSeconds"), 600, 1 << 32, findings);
            file_path(token.field("path"), findings);
        }
        if let Some(bundle) = source.field("clusterTrustBundle") {
            trust_bundle(&bundle, findings);
        }
        if let Some(certificate) = source.field("podCertificate") {
            pod_certificate(&certificate, findings);
        }
        for path in projected_paths(&source) {
            if paths.before(path, 0).is_some() {
                findings.add(
                    Code::DuplicateName,
                    &source,
                    format!("the path `{path}` is taken by another file"),
                );
            }
        }
    }
}

/// The paths at which a source puts files. That of a token may be taken: Kubernetes does not look.
fn projected_paths<'p>(source: &Place<'p>) -> Vec<&'p str> {
    let items = ["secret", "configMap", "downwardAPI"]
        .iter()
        .filter_map(|kind| source.node.at(&[kind, "items"])?.as_list());
    let bundle = source.node.at(&["clusterTrustBundle", "path"]);
    let certificate =
        CERTIFICATE_PATHS.iter().filter_map(|field| source.node.at(&["podCertificate", field]));
    let nodes =
        items.flatten().filter_map(|item| item.get("path")).chain(bundle).chain(certificate);
    nodes.filter_map(|node| node.as_str()).filter(|path| !path.is_empty()).collect()
}

fn trust_bundle(bundle: &Place<'_>, findings: &mut Findings) {
    exactly_one(bundle, &["name", "signerName"], "source", findings);
    named_strictly(bundle.field("name"), Code::InvalidName, trust_bundle_name, findings);
    named_strictly(bundle.field("signerName"), Code::InvalidName, signer, findings);
    file_path(bundle.field("path"), findings);
    metadata::selector(bundle.field("labelSelector"), findings);
    if let Some(selector) = bundle.field("labelSelector").filter(|_| bundle.has("name")) {
        findings.add(Code::ConflictingFields, &selector, "cannot be given together with `name`");
    }
}

/// `ValidateClusterTrustBundleName`: the signer's name with `:` for `/` may stand before it.
fn trust_bundle_name(text: &str) -> Result<(), &'static str> {
    names::subdomain(text.rsplit(':').next().unwrap_or(text))
}

/// `ValidateSignerName`.
fn signer(text: &str) -> Result<(), &'static str> {
    match text.split_once('/') {
        Some((domain, path))
            if domain.contains('.')
                && names::subdomain(domain).is_ok()
                && names::subdomain(path).is_ok() =>
        {
            Ok(())
        }
        _ => Err("must be a domain and a path: example.com/signer"),
    }
}

/// The files of a certificate.
const CERTIFICATE_PATHS: [&str; 3] = ["credentialBundlePath", "keyPath", "certificateChainPath"];

fn pod_certificate(certificate: &Place<'_>, findings: &mut Findings) {
    super::constraint::one_of(
        certificate.field("keyType"),
        &["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"],
        findings,
    );
    between(certificate.field("maxExpirationSeconds"), 3600, 91 * 24 * 3600, findings);
    named(certificate.field("signerName"), Code::InvalidName, signer, findings);
    metadata::annotations_of_user(certificate.field("userAnnotations"), findings);
    for field in CERTIFICATE_PATHS {
        file_path(certificate.field(field), findings);
    }
    if !CERTIFICATE_PATHS
        .iter()
        .any(|field| certificate.text_of(field).is_some_and(|path| !path.is_empty()))
    {
        findings.missing(certificate, "credentialBundlePath", "one of the paths is required");
    }
}

/// `ValidatePersistentVolumeClaimTemplate`.
fn claim_template(ephemeral: &Place<'_>, findings: &mut Findings) {
    let Some(template) = ephemeral.field("volumeClaimTemplate") else {
        return findings.missing(
            ephemeral,
            "volumeClaimTemplate",
            "`volumeClaimTemplate` is required",
        );
    };
    if let Some(metadata) = template.field("metadata") {
        metadata::labels(metadata.field("labels"), findings);
        metadata::annotations(metadata.field("annotations"), findings);
        for (key, place) in
            metadata.entries().filter(|(key, _)| !matches!(*key, "labels" | "annotations"))
        {
            // Go's zero values count as absent.
            let is_zero = key == "generation" && metadata.number_of(key) == Some(0);
            if !metadata.lacks(key) && !is_zero {
                findings.add(
                    Code::ConflictingFields,
                    &place,
                    "only labels and annotations can be given here",
                );
            }
        }
    }
    let Some(spec) = template.field("spec") else { return };
    access_modes(&spec, findings);
    metadata::selector(spec.field("selector"), findings);
    data_sources(&spec, findings);
    named(spec.field("storageClassName"), Code::InvalidName, names::subdomain, findings);
    named(spec.field("volumeAttributesClassName"), Code::InvalidName, names::subdomain, findings);
    if let Some(mode) = spec.field("volumeMode") {
        strictly_one_of(&mode, &["Filesystem", "Block"], findings);
    }
    let requests = spec.field("resources");
    let requests = requests.as_ref().and_then(|resources| resources.field("requests"));
    match requests.as_ref().and_then(|requests| requests.field("storage")) {
        None => findings.missing(&spec, "resources", "`resources.requests.storage` is required"),
        Some(storage) => {
            if resources::quantity(&storage).is_some_and(|amount| amount <= Quantity::ZERO) {
                findings.add(Code::InvalidQuantity, &storage, "must be greater than 0");
            }
        }
    }
}

/// `validateDataSource`, `validateDataSourceRef`, and what `ValidatePersistentVolumeClaimSpec` says of both.
fn data_sources(spec: &Place<'_>, findings: &mut Findings) {
    let [source, reference] = ["dataSource", "dataSourceRef"].map(|field| spec.field(field));

    for place in [&source, &reference].into_iter().flatten() {
        // AllowInvalidAPIGroupInDataSourceOrRef
        if findings.cluster.minor() >= 29 {
            named(place.field("apiGroup"), Code::InvalidName, names::subdomain, findings);
        }
        named(place.field("namespace"), Code::InvalidName, names::label, findings);
        if place.lacks("apiGroup")
            && let Some(kind) = place.field("kind")
            && !matches!(kind.text(), Some("PersistentVolumeClaim" | "") | None)
        {
            findings.add(
                Code::UnsupportedValue,
                &kind,
                "must be PersistentVolumeClaim where there is no `apiGroup`",
            );
        }
    }

    let (Some(source), Some(reference)) = (source, reference) else { return };
    let differs = |field: &str| {
        let text = |place: &Place<'_>| {
            place.node.get(field).and_then(|node| node.as_str().map(str::to_owned))
        };
        text(&source) != text(&reference)
    };
    if !reference.lacks("namespace") {
        findings.add(
            Code::ConflictingFields,
            &source,
            "cannot be given when `dataSourceRef` has a namespace",
        );
    } else if ["apiGroup", "kind", "name"].into_iter().any(differs) {
        findings.add(Code::ConflictingFields, &source, "must be the same as `dataSourceRef`");
    }
}

fn access_modes(spec: &Place<'_>, findings: &mut Findings) {
    let Some(modes) = spec.field("accessModes").filter(|modes| modes.items().next().is_some())
    else {
        return findings.missing(spec, "accessModes", "at least one access mode is required");
    };
    for mode in modes.items() {
        strictly_one_of(
            &mode,
            &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"],
            findings,
        );
    }
    let alone = modes.items().any(|mode| mode.text() == Some("ReadWriteOncePod"));
    if alone && modes.items().any(|mode| mode.text() != Some("ReadWriteOncePod")) {
        findings.add(
            Code::ConflictingFields,
            &modes,
            "ReadWriteOncePod excludes other access modes",
        );
    }
}

#[cfg(test)]
mod tests;
