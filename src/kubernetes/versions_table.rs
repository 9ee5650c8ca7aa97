// Written by `scripts/generate kubernetes-versions`; do not edit.
//! What the minor versions of Kubernetes know: fields, values and features that are newer than the oldest.

/// A feature gate, and the stages that it went through.
#[derive(Debug)]
pub struct FeatureGate {
    /// Which one it is.
    pub gate: Gate,
    /// Its name, as `--feature-gates` of an API server has it.
    pub name: &'static str,
    /// The stages, the first one first.
    pub stages: &'static [Stage],
}

/// A stage of a feature.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// The minor version that it begins with.
    pub since: u8,
    /// How ripe the feature is.
    pub level: Level,
    /// Whether it is on by default.
    pub is_on: bool,
}

/// How ripe a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// May go or change.
    Alpha,
    /// Will stay in some form.
    Beta,
    /// Will stay: "GA".
    Stable,
}

/// A field that is newer than the oldest version that is known, or that depends on a feature gate.
#[derive(Debug)]
pub struct KnownField {
    /// The object that has it.
    pub object: &'static str,
    /// Its name.
    pub field: &'static str,
    /// The minor version that knew it first.
    pub since: u8,
    /// The feature without which an API server drops it.
    pub gate: Option<Gate>,
}

/// A field that older versions know, and the newest does not.
#[derive(Debug)]
pub struct RemovedField {
    /// The object that had it.
    pub object: &'static str,
    /// Its name.
    pub field: &'static str,
    /// The minor version that knew it first.
    pub since: u8,
    /// The minor version that knew it last.
    pub until: u8,
    /// The feature without which an API server drops it.
    pub gate: Option<Gate>,
}

/// A value of a field that is newer than the field, or that depends on a feature gate.
#[derive(Debug)]
pub struct KnownValue {
    /// The object that has the field.
    pub object: &'static str,
    /// The field.
    pub field: &'static str,
    /// The value.
    pub value: &'static str,
    /// The minor version that knew it first.
    pub since: u8,
    /// The feature without which an API server refuses it.
    pub gate: Option<Gate>,
}

/// The oldest minor version that is known, and the newest.
pub(super) const OLDEST: u8 = 28;
pub(super) const NEWEST: u8 = 37;

/// A feature gate, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Kubernetes' own")]
pub enum Gate {
    AtomicWriteVolumeUserFields,
    ClusterTrustBundleProjection,
    ContainerRestartRules,
    ContainerStopSignals,
    CrossNamespaceVolumeDataSource,
    DynamicResourceAllocation,
    EmptyDirVolumeMode,
    EnvFiles,
    EvictionRequestApi,
    GrpcContainerProbeTls,
    GenericWorkload,
    H2CContainerProbe,
    HostnameOverride,
    ImageVolume,
    InPlacePodVerticalScaling,
    MatchLabelKeysInPodAffinity,
    PodCertificateRequest,
    PodHostIPs,
    PodLevelResources,
    PodLifecycleSleepAction,
    PodLifecycleSleepActionAllowZero,
    ProcMountType,
    RecursiveReadOnlyMounts,
    RelaxedDnsSearchValidation,
    RelaxedEnvironmentVariableValidation,
    RestartAllContainersOnContainerExits,
    SeLinuxChangePolicy,
    SidecarContainers,
    StrictIpcidrValidation,
    SupplementalGroupsPolicy,
    TaintTolerationComparisonOperators,
    UserNamespacesHostNetworkSupport,
    UserNamespacesSupport,
    VolumeAttributesClass,
    VolumeBindMountOptions,
}

/// In the order of `Gate`.
pub(super) static GATES: &[FeatureGate] = &[
    FeatureGate { gate: Gate::AtomicWriteVolumeUserFields, name: "AtomicWriteVolumeUserFields", stages: &[Stage { since: 37, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::ClusterTrustBundleProjection, name: "ClusterTrustBundleProjection", stages: &[Stage { since: 29, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: false }, Stage { since: 37, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::ContainerRestartRules, name: "ContainerRestartRules", stages: &[Stage { since: 34, level: Level::Alpha, is_on: false }, Stage { since: 35, level: Level::Beta, is_on: true }] },
    FeatureGate { gate: Gate::ContainerStopSignals, name: "ContainerStopSignals", stages: &[Stage { since: 33, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::CrossNamespaceVolumeDataSource, name: "CrossNamespaceVolumeDataSource", stages: &[Stage { since: 26, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::DynamicResourceAllocation, name: "DynamicResourceAllocation", stages: &[Stage { since: 26, level: Level::Alpha, is_on: false }, Stage { since: 32, level: Level::Beta, is_on: false }, Stage { since: 34, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::EmptyDirVolumeMode, name: "EmptyDirVolumeMode", stages: &[Stage { since: 37, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::EnvFiles, name: "EnvFiles", stages: &[Stage { since: 34, level: Level::Alpha, is_on: false }, Stage { since: 35, level: Level::Beta, is_on: true }] },
    FeatureGate { gate: Gate::EvictionRequestApi, name: "EvictionRequestAPI", stages: &[Stage { since: 37, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::GrpcContainerProbeTls, name: "GRPCContainerProbeTLS", stages: &[Stage { since: 37, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::GenericWorkload, name: "GenericWorkload", stages: &[Stage { since: 35, level: Level::Alpha, is_on: false }, Stage { since: 37, level: Level::Beta, is_on: false }] },
    FeatureGate { gate: Gate::H2CContainerProbe, name: "H2CContainerProbe", stages: &[Stage { since: 37, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::HostnameOverride, name: "HostnameOverride", stages: &[Stage { since: 34, level: Level::Alpha, is_on: false }, Stage { since: 35, level: Level::Beta, is_on: true }, Stage { since: 37, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::ImageVolume, name: "ImageVolume", stages: &[Stage { since: 31, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: false }, Stage { since: 35, level: Level::Beta, is_on: true }, Stage { since: 36, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::InPlacePodVerticalScaling, name: "InPlacePodVerticalScaling", stages: &[Stage { since: 27, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 35, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::MatchLabelKeysInPodAffinity, name: "MatchLabelKeysInPodAffinity", stages: &[Stage { since: 29, level: Level::Alpha, is_on: false }, Stage { since: 31, level: Level::Beta, is_on: true }, Stage { since: 33, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::PodCertificateRequest, name: "PodCertificateRequest", stages: &[Stage { since: 34, level: Level::Alpha, is_on: false }, Stage { since: 35, level: Level::Beta, is_on: false }, Stage { since: 37, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::PodHostIPs, name: "PodHostIPs", stages: &[Stage { since: 28, level: Level::Alpha, is_on: false }, Stage { since: 29, level: Level::Beta, is_on: true }, Stage { since: 30, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::PodLevelResources, name: "PodLevelResources", stages: &[Stage { since: 32, level: Level::Alpha, is_on: false }, Stage { since: 34, level: Level::Beta, is_on: true }] },
    FeatureGate { gate: Gate::PodLifecycleSleepAction, name: "PodLifecycleSleepAction", stages: &[Stage { since: 29, level: Level::Alpha, is_on: false }, Stage { since: 30, level: Level::Beta, is_on: true }, Stage { since: 34, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::PodLifecycleSleepActionAllowZero, name: "PodLifecycleSleepActionAllowZero", stages: &[Stage { since: 32, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 34, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::ProcMountType, name: "ProcMountType", stages: &[Stage { since: 12, level: Level::Alpha, is_on: false }, Stage { since: 31, level: Level::Beta, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 36, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::RecursiveReadOnlyMounts, name: "RecursiveReadOnlyMounts", stages: &[Stage { since: 30, level: Level::Alpha, is_on: false }, Stage { since: 31, level: Level::Beta, is_on: true }, Stage { since: 33, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::RelaxedDnsSearchValidation, name: "RelaxedDNSSearchValidation", stages: &[Stage { since: 32, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 34, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::RelaxedEnvironmentVariableValidation, name: "RelaxedEnvironmentVariableValidation", stages: &[Stage { since: 30, level: Level::Alpha, is_on: false }, Stage { since: 32, level: Level::Beta, is_on: true }, Stage { since: 34, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::RestartAllContainersOnContainerExits, name: "RestartAllContainersOnContainerExits", stages: &[Stage { since: 35, level: Level::Alpha, is_on: false }, Stage { since: 36, level: Level::Beta, is_on: true }] },
    FeatureGate { gate: Gate::SeLinuxChangePolicy, name: "SELinuxChangePolicy", stages: &[Stage { since: 32, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 36, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::SidecarContainers, name: "SidecarContainers", stages: &[Stage { since: 28, level: Level::Alpha, is_on: false }, Stage { since: 29, level: Level::Beta, is_on: true }, Stage { since: 33, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::StrictIpcidrValidation, name: "StrictIPCIDRValidation", stages: &[Stage { since: 33, level: Level::Alpha, is_on: false }, Stage { since: 36, level: Level::Beta, is_on: true }] },
    FeatureGate { gate: Gate::SupplementalGroupsPolicy, name: "SupplementalGroupsPolicy", stages: &[Stage { since: 31, level: Level::Alpha, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 35, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::TaintTolerationComparisonOperators, name: "TaintTolerationComparisonOperators", stages: &[Stage { since: 35, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::UserNamespacesHostNetworkSupport, name: "UserNamespacesHostNetworkSupport", stages: &[Stage { since: 35, level: Level::Alpha, is_on: false }] },
    FeatureGate { gate: Gate::UserNamespacesSupport, name: "UserNamespacesSupport", stages: &[Stage { since: 25, level: Level::Alpha, is_on: false }, Stage { since: 30, level: Level::Beta, is_on: false }, Stage { since: 33, level: Level::Beta, is_on: true }, Stage { since: 36, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::VolumeAttributesClass, name: "VolumeAttributesClass", stages: &[Stage { since: 29, level: Level::Alpha, is_on: false }, Stage { since: 31, level: Level::Beta, is_on: false }, Stage { since: 34, level: Level::Stable, is_on: true }] },
    FeatureGate { gate: Gate::VolumeBindMountOptions, name: "VolumeBindMountOptions", stages: &[Stage { since: 37, level: Level::Alpha, is_on: false }] },
];

pub(super) static FIELDS: &[KnownField] = &[
    KnownField { object: "ClusterTrustBundleProjection", field: "user", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "ConfigMapVolumeSource", field: "defaultUser", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "Container", field: "resizePolicy", since: 28, gate: Some(Gate::InPlacePodVerticalScaling) },
    KnownField { object: "Container", field: "restartPolicy", since: 28, gate: Some(Gate::SidecarContainers) },
    KnownField { object: "Container", field: "restartPolicyRules", since: 34, gate: Some(Gate::ContainerRestartRules) },
    KnownField { object: "DeploymentStatus", field: "terminatingReplicas", since: 33, gate: None },
    KnownField { object: "DownwardAPIVolumeFile", field: "user", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "DownwardAPIVolumeSource", field: "defaultUser", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "EmptyDirVolumeSource", field: "mode", since: 37, gate: Some(Gate::EmptyDirVolumeMode) },
    KnownField { object: "EnvVarSource", field: "fileKeyRef", since: 34, gate: Some(Gate::EnvFiles) },
    KnownField { object: "EphemeralContainer", field: "restartPolicyRules", since: 34, gate: None },
    KnownField { object: "GRPCAction", field: "mode", since: 37, gate: Some(Gate::GrpcContainerProbeTls) },
    KnownField { object: "HTTPGetAction", field: "protocol", since: 37, gate: Some(Gate::H2CContainerProbe) },
    KnownField { object: "KeyToPath", field: "user", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "Lifecycle", field: "stopSignal", since: 33, gate: Some(Gate::ContainerStopSignals) },
    KnownField { object: "LifecycleHandler", field: "sleep", since: 29, gate: Some(Gate::PodLifecycleSleepAction) },
    KnownField { object: "PersistentVolumeClaimSpec", field: "volumeAttributesClassName", since: 29, gate: Some(Gate::VolumeAttributesClass) },
    KnownField { object: "PodAffinityTerm", field: "matchLabelKeys", since: 29, gate: Some(Gate::MatchLabelKeysInPodAffinity) },
    KnownField { object: "PodAffinityTerm", field: "mismatchLabelKeys", since: 29, gate: Some(Gate::MatchLabelKeysInPodAffinity) },
    KnownField { object: "PodCertificateProjection", field: "user", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "PodCertificateProjection", field: "userAnnotations", since: 35, gate: None },
    KnownField { object: "PodResourceClaim", field: "resourceClaimName", since: 31, gate: None },
    KnownField { object: "PodResourceClaim", field: "resourceClaimTemplateName", since: 31, gate: None },
    KnownField { object: "PodSecurityContext", field: "appArmorProfile", since: 30, gate: None },
    KnownField { object: "PodSecurityContext", field: "seLinuxChangePolicy", since: 32, gate: Some(Gate::SeLinuxChangePolicy) },
    KnownField { object: "PodSecurityContext", field: "supplementalGroupsPolicy", since: 31, gate: Some(Gate::SupplementalGroupsPolicy) },
    KnownField { object: "PodSpec", field: "evictionResponders", since: 37, gate: Some(Gate::EvictionRequestApi) },
    KnownField { object: "PodSpec", field: "hostUsers", since: 28, gate: Some(Gate::UserNamespacesSupport) },
    KnownField { object: "PodSpec", field: "hostnameOverride", since: 34, gate: Some(Gate::HostnameOverride) },
    KnownField { object: "PodSpec", field: "resourceClaims", since: 28, gate: Some(Gate::DynamicResourceAllocation) },
    KnownField { object: "PodSpec", field: "resources", since: 32, gate: Some(Gate::PodLevelResources) },
    KnownField { object: "PodSpec", field: "schedulingGroup", since: 36, gate: Some(Gate::GenericWorkload) },
    KnownField { object: "ProjectedVolumeSource", field: "defaultUser", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "ResourceClaim", field: "request", since: 31, gate: None },
    KnownField { object: "ResourceRequirements", field: "claims", since: 28, gate: Some(Gate::DynamicResourceAllocation) },
    KnownField { object: "SecretVolumeSource", field: "defaultUser", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "SecurityContext", field: "appArmorProfile", since: 30, gate: None },
    KnownField { object: "SecurityContext", field: "procMount", since: 28, gate: Some(Gate::ProcMountType) },
    KnownField { object: "ServiceAccountTokenProjection", field: "user", since: 37, gate: Some(Gate::AtomicWriteVolumeUserFields) },
    KnownField { object: "TypedObjectReference", field: "namespace", since: 28, gate: Some(Gate::CrossNamespaceVolumeDataSource) },
    KnownField { object: "Volume", field: "image", since: 31, gate: Some(Gate::ImageVolume) },
    KnownField { object: "VolumeMount", field: "bindMountOptions", since: 37, gate: Some(Gate::VolumeBindMountOptions) },
    KnownField { object: "VolumeMount", field: "recursiveReadOnly", since: 30, gate: Some(Gate::RecursiveReadOnlyMounts) },
    KnownField { object: "VolumeProjection", field: "clusterTrustBundle", since: 29, gate: Some(Gate::ClusterTrustBundleProjection) },
    KnownField { object: "VolumeProjection", field: "podCertificate", since: 34, gate: Some(Gate::PodCertificateRequest) },
];

pub(super) static REMOVED: &[RemovedField] = &[
    RemovedField { object: "PodResourceClaim", field: "source", since: 28, until: 30, gate: None },
    RemovedField { object: "PodSpec", field: "workloadRef", since: 35, until: 35, gate: Some(Gate::GenericWorkload) },
];

pub(super) static VALUES: &[KnownValue] = &[
    KnownValue { object: "Container", field: "restartPolicy", value: "Never", since: 34, gate: Some(Gate::ContainerRestartRules) },
    KnownValue { object: "Container", field: "restartPolicy", value: "OnFailure", since: 34, gate: Some(Gate::ContainerRestartRules) },
    KnownValue { object: "ContainerRestartRule", field: "action", value: "RestartAllContainers", since: 35, gate: Some(Gate::RestartAllContainersOnContainerExits) },
    KnownValue { object: "ObjectFieldSelector", field: "fieldPath", value: "status.hostIPs", since: 28, gate: Some(Gate::PodHostIPs) },
    KnownValue { object: "Toleration", field: "operator", value: "Gt", since: 35, gate: Some(Gate::TaintTolerationComparisonOperators) },
    KnownValue { object: "Toleration", field: "operator", value: "Lt", since: 35, gate: Some(Gate::TaintTolerationComparisonOperators) },
];
