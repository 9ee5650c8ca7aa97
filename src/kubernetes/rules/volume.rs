//! Volumes.

use super::super::names;
use super::super::place::{Findings, Place};
use super::super::quantity::Quantity;
use super::container::{no_steps_back, relative_path};
use super::{between, env, exactly_one, metadata, named, resources, strictly_one_of};

/// The sources a volume can have.
const SOURCES: [&str; 29] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
];

/// `ValidateVolumes`.
pub(super) fn volumes(volumes: &Place<'_>, findings: &mut Findings) {
    for volume in volumes.items() {
        named(volume.field("name"), "invalid-name", names::label, findings);
        source(&volume, findings);
    }
    super::unique(volumes, "name", findings);
}

/// `validateVolumeSource`. A volume without a source is an emptyDir, by `SetDefaults_Volume`.
fn source(volume: &Place<'_>, findings: &mut Findings) {
    super::at_most_one(volume, &SOURCES, "source", findings);
    if let Some(directory) = volume.field("emptyDir") {
        resources::not_negative_quantity(directory.field("sizeLimit"), findings);
        between(directory.field("mode"), 0, 0o1777, findings);
    }
    if let Some(path) = volume.field("hostPath") {
        if let Some(path) = path.field("path") {
            no_steps_back(&path, findings);
        }
        super::one_of(
            path.field("type"),
            &["DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"],
            findings,
        );
    }
    if let Some(secret) = volume.field("secret") {
        required_text(&secret, "secretName", findings);
        files(&secret, findings);
    }
    if let Some(config_map) = volume.field("configMap") {
        required_text(&config_map, "name", findings);
        files(&config_map, findings);
    }
    if let Some(downward) = volume.field("downwardAPI") {
        default_mode_and_user(&downward, findings);
        downward.field("items").iter().flat_map(Place::items).for_each(|file| downward_file(&file, findings));
    }
    if let Some(projected) = volume.field("projected") {
        default_mode_and_user(&projected, findings);
        projections(&projected, findings);
    }
    if let Some(nfs) = volume.field("nfs")
        && let Some(path) = nfs.field("path")
        && path.text().is_some_and(|path| !path.is_empty() && !path.starts_with('/'))
    {
        findings.error("unsupported-value", &path, "must be an absolute path");
    }
    if let Some(csi) = volume.field("csi") {
        named(csi.field("driver"), "invalid-name", driver, findings);
        if let Some(secret) = csi.field("nodePublishSecretRef") {
            env::required_name(&secret, findings);
        }
    }
    if let Some(ephemeral) = volume.field("ephemeral") {
        claim_template(&ephemeral, findings);
    }
    if let Some(image) = volume.field("image") {
        required_text(&image, "reference", findings);
        super::one_of(image.field("pullPolicy"), &["Always", "IfNotPresent", "Never"], findings);
    }
    if let Some(repository) = volume.field("gitRepo")
        && let Some(directory) = repository.field("directory")
    {
        relative_path(&directory, findings);
    }
    for field in ["awsElasticBlockStore", "gcePersistentDisk"] {
        if let Some(disk) = volume.field(field) {
            between(disk.field("partition"), 0, 255, findings);
        }
    }
    if let Some(iscsi) = volume.field("iscsi") {
        between(iscsi.field("lun"), 0, 255, findings);
    }
}

/// `ValidateCSIDriverName`.
fn driver(text: &str) -> Result<(), &'static str> {
    if text.len() > 63 {
        return Err("must have at most 63 characters");
    }
    names::subdomain(&text.to_lowercase())
}

/// A field that the schema leaves open, and validation requires.
fn required_text(place: &Place<'_>, field: &str, findings: &mut Findings) {
    if place.text_of(field).map_or(!place.has(field), str::is_empty) && place.node.as_map().is_some() {
        findings.missing(place, field, format!("`{field}` is required"));
    }
}

/// `validateSecretVolumeSource`, `validateConfigMapVolumeSource` and `validateKeyToPath`.
fn files(source: &Place<'_>, findings: &mut Findings) {
    default_mode_and_user(source, findings);
    for item in source.field("items").iter().flat_map(Place::items) {
        mode_and_user(&item, findings);
        file_path(item.field("path"), findings);
    }
}

fn default_mode_and_user(source: &Place<'_>, findings: &mut Findings) {
    between(source.field("defaultMode"), 0, 0o777, findings);
    between(source.field("defaultUser"), 0, i64::from(i32::MAX), findings);
}

fn mode_and_user(item: &Place<'_>, findings: &mut Findings) {
    between(item.field("mode"), 0, 0o777, findings);
    between(item.field("user"), 0, i64::from(i32::MAX), findings);
}

/// `ValidateLocalNonReservedPath`.
fn file_path(place: Option<Place<'_>>, findings: &mut Findings) {
    let Some(place) = place else { return };
    relative_path(&place, findings);
    if place.text().is_some_and(|path| path.starts_with("..") && !path.split('/').any(|part| part == "..")) {
        findings.error("unsupported-value", &place, "must not start with `..`");
    }
}

/// `validateDownwardAPIVolumeFile`.
fn downward_file(file: &Place<'_>, findings: &mut Findings) {
    file_path(file.field("path"), findings);
    mode_and_user(file, findings);
    exactly_one(file, &["fieldRef", "resourceFieldRef"], "source", findings);
    if let Some(selector) = file.field("fieldRef") {
        env::field_path(
            &selector,
            &["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"],
            findings,
        );
    }
    if let Some(selector) = file.field("resourceFieldRef") {
        required_text(&selector, "containerName", findings);
        env::resource_field(&selector, findings);
    }
}

/// `validateProjectionSources`.
fn projections(projected: &Place<'_>, findings: &mut Findings) {
    let Some(sources) = projected.field("sources") else { return };
    let mut paths = Vec::new();
    for source in sources.items() {
        let kinds =
            ["clusterTrustBundle", "configMap", "downwardAPI", "podCertificate", "secret", "serviceAccountToken"];
        super::at_most_one(&source, &kinds, "source", findings);
        for object in ["secret", "configMap"].iter().filter_map(|field| source.field(field)) {
            required_text(&object, "name", findings);
            files(&object, findings);
        }
        if let Some(downward) = source.field("downwardAPI") {
            downward.field("items").iter().flat_map(Place::items).for_each(|file| downward_file(&file, findings));
        }
        if let Some(token) = source.field("serviceAccountToken") {
            between(token.field("expirationSeconds"), 600, 1 << 32, findings);
            between(token.field("user"), 0, i64::from(i32::MAX), findings);
            file_path(token.field("path"), findings);
        }
        if let Some(bundle) = source.field("clusterTrustBundle") {
            trust_bundle(&bundle, findings);
        }
        if let Some(certificate) = source.field("podCertificate") {
            pod_certificate(&certificate, findings);
        }
        for kind in ["secret", "configMap", "downwardAPI"] {
            let Some(object) = source.node.get(kind) else { continue };
            let items = object.get("items").and_then(|items| items.as_list()).unwrap_or_default();
            for path in items.iter().filter_map(|item| item.get("path")?.as_str()) {
                if paths.contains(&path) {
                    findings.error("duplicate-name", &source, format!("the path `{path}` is taken by another file"));
                }
                paths.push(path);
            }
        }
    }
}

fn trust_bundle(bundle: &Place<'_>, findings: &mut Findings) {
    exactly_one(bundle, &["name", "signerName"], "source", findings);
    file_path(bundle.field("path"), findings);
    metadata::selector(bundle.field("labelSelector"), findings);
    if let Some(selector) = bundle.field("labelSelector").filter(|_| bundle.has("name")) {
        findings.error("conflicting-fields", &selector, "cannot be given together with `name`");
    }
}

fn pod_certificate(certificate: &Place<'_>, findings: &mut Findings) {
    super::one_of(
        certificate.field("keyType"),
        &["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"],
        findings,
    );
    between(certificate.field("maxExpirationSeconds"), 3600, 91 * 24 * 3600, findings);
    let fields = ["credentialBundlePath", "keyPath", "certificateChainPath"];
    for field in fields {
        file_path(certificate.field(field), findings);
    }
    if !fields.iter().any(|field| certificate.text_of(field).is_some_and(|path| !path.is_empty())) {
        findings.missing(certificate, "credentialBundlePath", "one of the paths is required");
    }
}

/// `ValidatePersistentVolumeClaimTemplate`.
fn claim_template(ephemeral: &Place<'_>, findings: &mut Findings) {
    let Some(template) = ephemeral.field("volumeClaimTemplate") else {
        return findings.missing(ephemeral, "volumeClaimTemplate", "`volumeClaimTemplate` is required");
    };
    if let Some(metadata) = template.field("metadata") {
        metadata::labels(metadata.field("labels"), findings);
        metadata::annotations(metadata.field("annotations"), findings);
        for (key, place) in metadata.entries().filter(|(key, _)| !matches!(*key, "labels" | "annotations")) {
            if metadata.has(key) {
                findings.error("conflicting-fields", &place, "only labels and annotations can be given here");
            }
        }
    }
    let Some(spec) = template.field("spec") else { return };
    access_modes(&spec, findings);
    metadata::selector(spec.field("selector"), findings);
    named(spec.field("storageClassName"), "invalid-name", names::subdomain, findings);
    named(spec.field("volumeAttributesClassName"), "invalid-name", names::subdomain, findings);
    if let Some(mode) = spec.field("volumeMode") {
        strictly_one_of(&mode, &["Filesystem", "Block"], findings);
    }
    let requests = spec.field("resources");
    let requests = requests.as_ref().and_then(|resources| resources.field("requests"));
    match requests.as_ref().and_then(|requests| requests.field("storage")) {
        None => findings.missing(&spec, "resources", "`resources.requests.storage` is required"),
        Some(storage) => {
            if resources::quantity(&storage).is_some_and(|amount| amount <= Quantity::ZERO) {
                findings.error("invalid-quantity", &storage, "must be greater than 0");
            }
        }
    }
}

fn access_modes(spec: &Place<'_>, findings: &mut Findings) {
    let Some(modes) = spec.field("accessModes").filter(|modes| modes.items().next().is_some()) else {
        return findings.missing(spec, "accessModes", "at least one access mode is required");
    };
    for mode in modes.items() {
        strictly_one_of(&mode, &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"], findings);
    }
    let alone = modes.items().any(|mode| mode.text() == Some("ReadWriteOncePod"));
    if alone && modes.items().any(|mode| mode.text() != Some("ReadWriteOncePod")) {
        findings.error("conflicting-fields", &modes, "ReadWriteOncePod excludes other access modes");
    }
}
