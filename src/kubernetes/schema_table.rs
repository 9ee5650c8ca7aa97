// Written by `BLESS=1 cargo test --test kubernetes_table`; do not edit.
//! The schema of Deployment and `ConfigMap` as a table.

use super::types::{Field, Object, Shape, Type};

pub(super) static AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE: Object = Object {
    name: "AWSElasticBlockStoreVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "partition", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "volumeID", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static AFFINITY: Object = Object {
    name: "Affinity",
    fields: &[
        Field { name: "nodeAffinity", shape: Shape::One(Type::Object(&NODE_AFFINITY)), required: false, merge_keys: &[] },
        Field { name: "podAffinity", shape: Shape::One(Type::Object(&POD_AFFINITY)), required: false, merge_keys: &[] },
        Field { name: "podAntiAffinity", shape: Shape::One(Type::Object(&POD_ANTI_AFFINITY)), required: false, merge_keys: &[] },
    ],
};

pub(super) static APP_ARMOR_PROFILE: Object = Object {
    name: "AppArmorProfile",
    fields: &[
        Field { name: "localhostProfile", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "type", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static AZURE_DISK_VOLUME_SOURCE: Object = Object {
    name: "AzureDiskVolumeSource",
    fields: &[
        Field { name: "cachingMode", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "diskName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "diskURI", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "kind", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static AZURE_FILE_VOLUME_SOURCE: Object = Object {
    name: "AzureFileVolumeSource",
    fields: &[
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "shareName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static CSI_VOLUME_SOURCE: Object = Object {
    name: "CSIVolumeSource",
    fields: &[
        Field { name: "driver", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "nodePublishSecretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "volumeAttributes", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static CAPABILITIES: Object = Object {
    name: "Capabilities",
    fields: &[
        Field { name: "add", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "drop", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static CEPH_FS_VOLUME_SOURCE: Object = Object {
    name: "CephFSVolumeSource",
    fields: &[
        Field { name: "monitors", shape: Shape::List(Type::String), required: true, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretFile", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static CINDER_VOLUME_SOURCE: Object = Object {
    name: "CinderVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "volumeID", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static CLUSTER_TRUST_BUNDLE_PROJECTION: Object = Object {
    name: "ClusterTrustBundleProjection",
    fields: &[
        Field { name: "labelSelector", shape: Shape::One(Type::Object(&LABEL_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "signerName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONFIG_MAP: Object = Object {
    name: "ConfigMap",
    fields: &[
        Field { name: "apiVersion", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "binaryData", shape: Shape::Map(Type::Bytes), required: false, merge_keys: &[] },
        Field { name: "data", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
        Field { name: "immutable", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "kind", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "metadata", shape: Shape::One(Type::Object(&OBJECT_META)), required: true, merge_keys: &[] },
    ],
};

pub(super) static CONFIG_MAP_ENV_SOURCE: Object = Object {
    name: "ConfigMapEnvSource",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONFIG_MAP_KEY_SELECTOR: Object = Object {
    name: "ConfigMapKeySelector",
    fields: &[
        Field { name: "key", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONFIG_MAP_PROJECTION: Object = Object {
    name: "ConfigMapProjection",
    fields: &[
        Field { name: "items", shape: Shape::List(Type::Object(&KEY_TO_PATH)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONFIG_MAP_VOLUME_SOURCE: Object = Object {
    name: "ConfigMapVolumeSource",
    fields: &[
        Field { name: "defaultMode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "defaultUser", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "items", shape: Shape::List(Type::Object(&KEY_TO_PATH)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONTAINER: Object = Object {
    name: "Container",
    fields: &[
        Field { name: "args", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "command", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "env", shape: Shape::List(Type::Object(&ENV_VAR)), required: false, merge_keys: &["name"] },
        Field { name: "envFrom", shape: Shape::List(Type::Object(&ENV_FROM_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "image", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "imagePullPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "lifecycle", shape: Shape::One(Type::Object(&LIFECYCLE)), required: false, merge_keys: &[] },
        Field { name: "livenessProbe", shape: Shape::One(Type::Object(&PROBE)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "ports", shape: Shape::List(Type::Object(&CONTAINER_PORT)), required: false, merge_keys: &["containerPort", "protocol"] },
        Field { name: "readinessProbe", shape: Shape::One(Type::Object(&PROBE)), required: false, merge_keys: &[] },
        Field { name: "resizePolicy", shape: Shape::List(Type::Object(&CONTAINER_RESIZE_POLICY)), required: false, merge_keys: &[] },
        Field { name: "resources", shape: Shape::One(Type::Object(&RESOURCE_REQUIREMENTS)), required: false, merge_keys: &[] },
        Field { name: "restartPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "restartPolicyRules", shape: Shape::List(Type::Object(&CONTAINER_RESTART_RULE)), required: false, merge_keys: &[] },
        Field { name: "securityContext", shape: Shape::One(Type::Object(&SECURITY_CONTEXT)), required: false, merge_keys: &[] },
        Field { name: "startupProbe", shape: Shape::One(Type::Object(&PROBE)), required: false, merge_keys: &[] },
        Field { name: "stdin", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "stdinOnce", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "terminationMessagePath", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "terminationMessagePolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "tty", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "volumeDevices", shape: Shape::List(Type::Object(&VOLUME_DEVICE)), required: false, merge_keys: &["devicePath"] },
        Field { name: "volumeMounts", shape: Shape::List(Type::Object(&VOLUME_MOUNT)), required: false, merge_keys: &["mountPath"] },
        Field { name: "workingDir", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONTAINER_PORT: Object = Object {
    name: "ContainerPort",
    fields: &[
        Field { name: "containerPort", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
        Field { name: "hostIP", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "hostPort", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "protocol", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONTAINER_RESIZE_POLICY: Object = Object {
    name: "ContainerResizePolicy",
    fields: &[
        Field { name: "resourceName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "restartPolicy", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static CONTAINER_RESTART_RULE: Object = Object {
    name: "ContainerRestartRule",
    fields: &[
        Field { name: "action", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "exitCodes", shape: Shape::One(Type::Object(&CONTAINER_RESTART_RULE_ON_EXIT_CODES)), required: false, merge_keys: &[] },
    ],
};

pub(super) static CONTAINER_RESTART_RULE_ON_EXIT_CODES: Object = Object {
    name: "ContainerRestartRuleOnExitCodes",
    fields: &[
        Field { name: "operator", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "values", shape: Shape::List(Type::Int32), required: false, merge_keys: &[] },
    ],
};

pub(super) static DEPLOYMENT: Object = Object {
    name: "Deployment",
    fields: &[
        Field { name: "apiVersion", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "kind", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "metadata", shape: Shape::One(Type::Object(&OBJECT_META)), required: true, merge_keys: &[] },
        Field { name: "spec", shape: Shape::One(Type::Object(&DEPLOYMENT_SPEC)), required: true, merge_keys: &[] },
        Field { name: "status", shape: Shape::One(Type::Object(&DEPLOYMENT_STATUS)), required: false, merge_keys: &[] },
    ],
};

pub(super) static DEPLOYMENT_CONDITION: Object = Object {
    name: "DeploymentCondition",
    fields: &[
        Field { name: "lastTransitionTime", shape: Shape::One(Type::Time), required: false, merge_keys: &[] },
        Field { name: "lastUpdateTime", shape: Shape::One(Type::Time), required: false, merge_keys: &[] },
        Field { name: "message", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "reason", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "status", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "type", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static DEPLOYMENT_SPEC: Object = Object {
    name: "DeploymentSpec",
    fields: &[
        Field { name: "minReadySeconds", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "paused", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "progressDeadlineSeconds", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "replicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "revisionHistoryLimit", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "selector", shape: Shape::One(Type::Object(&LABEL_SELECTOR)), required: true, merge_keys: &[] },
        Field { name: "strategy", shape: Shape::One(Type::Object(&DEPLOYMENT_STRATEGY)), required: false, merge_keys: &[] },
        Field { name: "template", shape: Shape::One(Type::Object(&POD_TEMPLATE_SPEC)), required: true, merge_keys: &[] },
    ],
};

pub(super) static DEPLOYMENT_STATUS: Object = Object {
    name: "DeploymentStatus",
    fields: &[
        Field { name: "availableReplicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "collisionCount", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "conditions", shape: Shape::List(Type::Object(&DEPLOYMENT_CONDITION)), required: false, merge_keys: &["type"] },
        Field { name: "observedGeneration", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "readyReplicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "replicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "terminatingReplicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "unavailableReplicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "updatedReplicas", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
    ],
};

pub(super) static DEPLOYMENT_STRATEGY: Object = Object {
    name: "DeploymentStrategy",
    fields: &[
        Field { name: "rollingUpdate", shape: Shape::One(Type::Object(&ROLLING_UPDATE_DEPLOYMENT)), required: false, merge_keys: &[] },
        Field { name: "type", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static DOWNWARD_API_PROJECTION: Object = Object {
    name: "DownwardAPIProjection",
    fields: &[
        Field { name: "items", shape: Shape::List(Type::Object(&DOWNWARD_API_VOLUME_FILE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static DOWNWARD_API_VOLUME_FILE: Object = Object {
    name: "DownwardAPIVolumeFile",
    fields: &[
        Field { name: "fieldRef", shape: Shape::One(Type::Object(&OBJECT_FIELD_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "mode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "resourceFieldRef", shape: Shape::One(Type::Object(&RESOURCE_FIELD_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
    ],
};

pub(super) static DOWNWARD_API_VOLUME_SOURCE: Object = Object {
    name: "DownwardAPIVolumeSource",
    fields: &[
        Field { name: "defaultMode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "defaultUser", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "items", shape: Shape::List(Type::Object(&DOWNWARD_API_VOLUME_FILE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static EMPTY_DIR_VOLUME_SOURCE: Object = Object {
    name: "EmptyDirVolumeSource",
    fields: &[
        Field { name: "medium", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "mode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "sizeLimit", shape: Shape::One(Type::Quantity), required: false, merge_keys: &[] },
    ],
};

pub(super) static ENV_FROM_SOURCE: Object = Object {
    name: "EnvFromSource",
    fields: &[
        Field { name: "configMapRef", shape: Shape::One(Type::Object(&CONFIG_MAP_ENV_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "prefix", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&SECRET_ENV_SOURCE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static ENV_VAR: Object = Object {
    name: "EnvVar",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "value", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "valueFrom", shape: Shape::One(Type::Object(&ENV_VAR_SOURCE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static ENV_VAR_SOURCE: Object = Object {
    name: "EnvVarSource",
    fields: &[
        Field { name: "configMapKeyRef", shape: Shape::One(Type::Object(&CONFIG_MAP_KEY_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "fieldRef", shape: Shape::One(Type::Object(&OBJECT_FIELD_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "fileKeyRef", shape: Shape::One(Type::Object(&FILE_KEY_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "resourceFieldRef", shape: Shape::One(Type::Object(&RESOURCE_FIELD_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "secretKeyRef", shape: Shape::One(Type::Object(&SECRET_KEY_SELECTOR)), required: false, merge_keys: &[] },
    ],
};

pub(super) static EPHEMERAL_CONTAINER: Object = Object {
    name: "EphemeralContainer",
    fields: &[
        Field { name: "args", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "command", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "env", shape: Shape::List(Type::Object(&ENV_VAR)), required: false, merge_keys: &["name"] },
        Field { name: "envFrom", shape: Shape::List(Type::Object(&ENV_FROM_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "image", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "imagePullPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "lifecycle", shape: Shape::One(Type::Object(&LIFECYCLE)), required: false, merge_keys: &[] },
        Field { name: "livenessProbe", shape: Shape::One(Type::Object(&PROBE)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "ports", shape: Shape::List(Type::Object(&CONTAINER_PORT)), required: false, merge_keys: &["containerPort", "protocol"] },
        Field { name: "readinessProbe", shape: Shape::One(Type::Object(&PROBE)), required: false, merge_keys: &[] },
        Field { name: "resizePolicy", shape: Shape::List(Type::Object(&CONTAINER_RESIZE_POLICY)), required: false, merge_keys: &[] },
        Field { name: "resources", shape: Shape::One(Type::Object(&RESOURCE_REQUIREMENTS)), required: false, merge_keys: &[] },
        Field { name: "restartPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "restartPolicyRules", shape: Shape::List(Type::Object(&CONTAINER_RESTART_RULE)), required: false, merge_keys: &[] },
        Field { name: "securityContext", shape: Shape::One(Type::Object(&SECURITY_CONTEXT)), required: false, merge_keys: &[] },
        Field { name: "startupProbe", shape: Shape::One(Type::Object(&PROBE)), required: false, merge_keys: &[] },
        Field { name: "stdin", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "stdinOnce", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "targetContainerName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "terminationMessagePath", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "terminationMessagePolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "tty", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "volumeDevices", shape: Shape::List(Type::Object(&VOLUME_DEVICE)), required: false, merge_keys: &["devicePath"] },
        Field { name: "volumeMounts", shape: Shape::List(Type::Object(&VOLUME_MOUNT)), required: false, merge_keys: &["mountPath"] },
        Field { name: "workingDir", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static EPHEMERAL_VOLUME_SOURCE: Object = Object {
    name: "EphemeralVolumeSource",
    fields: &[
        Field { name: "volumeClaimTemplate", shape: Shape::One(Type::Object(&PERSISTENT_VOLUME_CLAIM_TEMPLATE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static EVICTION_RESPONDER: Object = Object {
    name: "EvictionResponder",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "priority", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
    ],
};

pub(super) static EXEC_ACTION: Object = Object {
    name: "ExecAction",
    fields: &[
        Field { name: "command", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static FC_VOLUME_SOURCE: Object = Object {
    name: "FCVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "lun", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "targetWWNs", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "wwids", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static FILE_KEY_SELECTOR: Object = Object {
    name: "FileKeySelector",
    fields: &[
        Field { name: "key", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "volumeName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static FLEX_VOLUME_SOURCE: Object = Object {
    name: "FlexVolumeSource",
    fields: &[
        Field { name: "driver", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "options", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static FLOCKER_VOLUME_SOURCE: Object = Object {
    name: "FlockerVolumeSource",
    fields: &[
        Field { name: "datasetName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "datasetUUID", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static GCE_PERSISTENT_DISK_VOLUME_SOURCE: Object = Object {
    name: "GCEPersistentDiskVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "partition", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "pdName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static GRPC_ACTION: Object = Object {
    name: "GRPCAction",
    fields: &[
        Field { name: "mode", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "port", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
        Field { name: "service", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static GIT_REPO_VOLUME_SOURCE: Object = Object {
    name: "GitRepoVolumeSource",
    fields: &[
        Field { name: "directory", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "repository", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "revision", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static GLUSTERFS_VOLUME_SOURCE: Object = Object {
    name: "GlusterfsVolumeSource",
    fields: &[
        Field { name: "endpoints", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static HTTP_GET_ACTION: Object = Object {
    name: "HTTPGetAction",
    fields: &[
        Field { name: "host", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "httpHeaders", shape: Shape::List(Type::Object(&HTTP_HEADER)), required: false, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "port", shape: Shape::One(Type::IntOrString), required: true, merge_keys: &[] },
        Field { name: "protocol", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "scheme", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static HTTP_HEADER: Object = Object {
    name: "HTTPHeader",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "value", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static HOST_ALIAS: Object = Object {
    name: "HostAlias",
    fields: &[
        Field { name: "hostnames", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "ip", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static HOST_PATH_VOLUME_SOURCE: Object = Object {
    name: "HostPathVolumeSource",
    fields: &[
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "type", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static ISCSI_VOLUME_SOURCE: Object = Object {
    name: "ISCSIVolumeSource",
    fields: &[
        Field { name: "chapAuthDiscovery", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "chapAuthSession", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "initiatorName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "iqn", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "iscsiInterface", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "lun", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
        Field { name: "portals", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "targetPortal", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static IMAGE_VOLUME_SOURCE: Object = Object {
    name: "ImageVolumeSource",
    fields: &[
        Field { name: "pullPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "reference", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static KEY_TO_PATH: Object = Object {
    name: "KeyToPath",
    fields: &[
        Field { name: "key", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "mode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
    ],
};

pub(super) static LABEL_SELECTOR: Object = Object {
    name: "LabelSelector",
    fields: &[
        Field { name: "matchExpressions", shape: Shape::List(Type::Object(&LABEL_SELECTOR_REQUIREMENT)), required: false, merge_keys: &[] },
        Field { name: "matchLabels", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static LABEL_SELECTOR_REQUIREMENT: Object = Object {
    name: "LabelSelectorRequirement",
    fields: &[
        Field { name: "key", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "operator", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "values", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static LIFECYCLE: Object = Object {
    name: "Lifecycle",
    fields: &[
        Field { name: "postStart", shape: Shape::One(Type::Object(&LIFECYCLE_HANDLER)), required: false, merge_keys: &[] },
        Field { name: "preStop", shape: Shape::One(Type::Object(&LIFECYCLE_HANDLER)), required: false, merge_keys: &[] },
        Field { name: "stopSignal", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static LIFECYCLE_HANDLER: Object = Object {
    name: "LifecycleHandler",
    fields: &[
        Field { name: "exec", shape: Shape::One(Type::Object(&EXEC_ACTION)), required: false, merge_keys: &[] },
        Field { name: "httpGet", shape: Shape::One(Type::Object(&HTTP_GET_ACTION)), required: false, merge_keys: &[] },
        Field { name: "sleep", shape: Shape::One(Type::Object(&SLEEP_ACTION)), required: false, merge_keys: &[] },
        Field { name: "tcpSocket", shape: Shape::One(Type::Object(&TCP_SOCKET_ACTION)), required: false, merge_keys: &[] },
    ],
};

pub(super) static LOCAL_OBJECT_REFERENCE: Object = Object {
    name: "LocalObjectReference",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static MANAGED_FIELDS_ENTRY: Object = Object {
    name: "ManagedFieldsEntry",
    fields: &[
        Field { name: "apiVersion", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "fieldsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "fieldsV1", shape: Shape::One(Type::Any), required: false, merge_keys: &[] },
        Field { name: "manager", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "operation", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "subresource", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "time", shape: Shape::One(Type::Time), required: false, merge_keys: &[] },
    ],
};

pub(super) static NFS_VOLUME_SOURCE: Object = Object {
    name: "NFSVolumeSource",
    fields: &[
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "server", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static NODE_AFFINITY: Object = Object {
    name: "NodeAffinity",
    fields: &[
        Field { name: "preferredDuringSchedulingIgnoredDuringExecution", shape: Shape::List(Type::Object(&PREFERRED_SCHEDULING_TERM)), required: false, merge_keys: &[] },
        Field { name: "requiredDuringSchedulingIgnoredDuringExecution", shape: Shape::One(Type::Object(&NODE_SELECTOR)), required: false, merge_keys: &[] },
    ],
};

pub(super) static NODE_SELECTOR: Object = Object {
    name: "NodeSelector",
    fields: &[
        Field { name: "nodeSelectorTerms", shape: Shape::List(Type::Object(&NODE_SELECTOR_TERM)), required: true, merge_keys: &[] },
    ],
};

pub(super) static NODE_SELECTOR_REQUIREMENT: Object = Object {
    name: "NodeSelectorRequirement",
    fields: &[
        Field { name: "key", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "operator", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "values", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static NODE_SELECTOR_TERM: Object = Object {
    name: "NodeSelectorTerm",
    fields: &[
        Field { name: "matchExpressions", shape: Shape::List(Type::Object(&NODE_SELECTOR_REQUIREMENT)), required: false, merge_keys: &[] },
        Field { name: "matchFields", shape: Shape::List(Type::Object(&NODE_SELECTOR_REQUIREMENT)), required: false, merge_keys: &[] },
    ],
};

pub(super) static OBJECT_FIELD_SELECTOR: Object = Object {
    name: "ObjectFieldSelector",
    fields: &[
        Field { name: "apiVersion", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "fieldPath", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static OBJECT_META: Object = Object {
    name: "ObjectMeta",
    fields: &[
        Field { name: "annotations", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
        Field { name: "creationTimestamp", shape: Shape::One(Type::Time), required: false, merge_keys: &[] },
        Field { name: "deletionGracePeriodSeconds", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "deletionTimestamp", shape: Shape::One(Type::Time), required: false, merge_keys: &[] },
        Field { name: "finalizers", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "generateName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "generation", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "labels", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
        Field { name: "managedFields", shape: Shape::List(Type::Object(&MANAGED_FIELDS_ENTRY)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "namespace", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "ownerReferences", shape: Shape::List(Type::Object(&OWNER_REFERENCE)), required: false, merge_keys: &["uid"] },
        Field { name: "resourceVersion", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "selfLink", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "uid", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static OWNER_REFERENCE: Object = Object {
    name: "OwnerReference",
    fields: &[
        Field { name: "apiVersion", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "blockOwnerDeletion", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "controller", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "kind", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "uid", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static PERSISTENT_VOLUME_CLAIM_SPEC: Object = Object {
    name: "PersistentVolumeClaimSpec",
    fields: &[
        Field { name: "accessModes", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "dataSource", shape: Shape::One(Type::Object(&TYPED_LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "dataSourceRef", shape: Shape::One(Type::Object(&TYPED_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "resources", shape: Shape::One(Type::Object(&VOLUME_RESOURCE_REQUIREMENTS)), required: false, merge_keys: &[] },
        Field { name: "selector", shape: Shape::One(Type::Object(&LABEL_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "storageClassName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "volumeAttributesClassName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "volumeMode", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "volumeName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static PERSISTENT_VOLUME_CLAIM_TEMPLATE: Object = Object {
    name: "PersistentVolumeClaimTemplate",
    fields: &[
        Field { name: "metadata", shape: Shape::One(Type::Object(&OBJECT_META)), required: false, merge_keys: &[] },
        Field { name: "spec", shape: Shape::One(Type::Object(&PERSISTENT_VOLUME_CLAIM_SPEC)), required: true, merge_keys: &[] },
    ],
};

pub(super) static PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE: Object = Object {
    name: "PersistentVolumeClaimVolumeSource",
    fields: &[
        Field { name: "claimName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static PHOTON_PERSISTENT_DISK_VOLUME_SOURCE: Object = Object {
    name: "PhotonPersistentDiskVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "pdID", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static POD_AFFINITY: Object = Object {
    name: "PodAffinity",
    fields: &[
        Field { name: "preferredDuringSchedulingIgnoredDuringExecution", shape: Shape::List(Type::Object(&WEIGHTED_POD_AFFINITY_TERM)), required: false, merge_keys: &[] },
        Field { name: "requiredDuringSchedulingIgnoredDuringExecution", shape: Shape::List(Type::Object(&POD_AFFINITY_TERM)), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_AFFINITY_TERM: Object = Object {
    name: "PodAffinityTerm",
    fields: &[
        Field { name: "labelSelector", shape: Shape::One(Type::Object(&LABEL_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "matchLabelKeys", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "mismatchLabelKeys", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "namespaceSelector", shape: Shape::One(Type::Object(&LABEL_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "namespaces", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "topologyKey", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static POD_ANTI_AFFINITY: Object = Object {
    name: "PodAntiAffinity",
    fields: &[
        Field { name: "preferredDuringSchedulingIgnoredDuringExecution", shape: Shape::List(Type::Object(&WEIGHTED_POD_AFFINITY_TERM)), required: false, merge_keys: &[] },
        Field { name: "requiredDuringSchedulingIgnoredDuringExecution", shape: Shape::List(Type::Object(&POD_AFFINITY_TERM)), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_CERTIFICATE_PROJECTION: Object = Object {
    name: "PodCertificateProjection",
    fields: &[
        Field { name: "certificateChainPath", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "credentialBundlePath", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "keyPath", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "keyType", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "maxExpirationSeconds", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "signerName", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "userAnnotations", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_DNS_CONFIG: Object = Object {
    name: "PodDNSConfig",
    fields: &[
        Field { name: "nameservers", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "options", shape: Shape::List(Type::Object(&POD_DNS_CONFIG_OPTION)), required: false, merge_keys: &[] },
        Field { name: "searches", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_DNS_CONFIG_OPTION: Object = Object {
    name: "PodDNSConfigOption",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "value", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_OS: Object = Object {
    name: "PodOS",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static POD_READINESS_GATE: Object = Object {
    name: "PodReadinessGate",
    fields: &[
        Field { name: "conditionType", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static POD_RESOURCE_CLAIM: Object = Object {
    name: "PodResourceClaim",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "resourceClaimName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "resourceClaimTemplateName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_SCHEDULING_GATE: Object = Object {
    name: "PodSchedulingGate",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static POD_SCHEDULING_GROUP: Object = Object {
    name: "PodSchedulingGroup",
    fields: &[
        Field { name: "podGroupName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_SECURITY_CONTEXT: Object = Object {
    name: "PodSecurityContext",
    fields: &[
        Field { name: "appArmorProfile", shape: Shape::One(Type::Object(&APP_ARMOR_PROFILE)), required: false, merge_keys: &[] },
        Field { name: "fsGroup", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "fsGroupChangePolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "runAsGroup", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "runAsNonRoot", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "runAsUser", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "seLinuxChangePolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "seLinuxOptions", shape: Shape::One(Type::Object(&SE_LINUX_OPTIONS)), required: false, merge_keys: &[] },
        Field { name: "seccompProfile", shape: Shape::One(Type::Object(&SECCOMP_PROFILE)), required: false, merge_keys: &[] },
        Field { name: "supplementalGroups", shape: Shape::List(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "supplementalGroupsPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "sysctls", shape: Shape::List(Type::Object(&SYSCTL)), required: false, merge_keys: &[] },
        Field { name: "windowsOptions", shape: Shape::One(Type::Object(&WINDOWS_SECURITY_CONTEXT_OPTIONS)), required: false, merge_keys: &[] },
    ],
};

pub(super) static POD_SPEC: Object = Object {
    name: "PodSpec",
    fields: &[
        Field { name: "activeDeadlineSeconds", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "affinity", shape: Shape::One(Type::Object(&AFFINITY)), required: false, merge_keys: &[] },
        Field { name: "automountServiceAccountToken", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "containers", shape: Shape::List(Type::Object(&CONTAINER)), required: true, merge_keys: &["name"] },
        Field { name: "dnsConfig", shape: Shape::One(Type::Object(&POD_DNS_CONFIG)), required: false, merge_keys: &[] },
        Field { name: "dnsPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "enableServiceLinks", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "ephemeralContainers", shape: Shape::List(Type::Object(&EPHEMERAL_CONTAINER)), required: false, merge_keys: &["name"] },
        Field { name: "evictionResponders", shape: Shape::List(Type::Object(&EVICTION_RESPONDER)), required: false, merge_keys: &["name"] },
        Field { name: "hostAliases", shape: Shape::List(Type::Object(&HOST_ALIAS)), required: false, merge_keys: &["ip"] },
        Field { name: "hostIPC", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "hostNetwork", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "hostPID", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "hostUsers", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "hostname", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "hostnameOverride", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "imagePullSecrets", shape: Shape::List(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &["name"] },
        Field { name: "initContainers", shape: Shape::List(Type::Object(&CONTAINER)), required: false, merge_keys: &["name"] },
        Field { name: "nodeName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "nodeSelector", shape: Shape::Map(Type::String), required: false, merge_keys: &[] },
        Field { name: "os", shape: Shape::One(Type::Object(&POD_OS)), required: false, merge_keys: &[] },
        Field { name: "overhead", shape: Shape::Map(Type::Quantity), required: false, merge_keys: &[] },
        Field { name: "preemptionPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "priority", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "priorityClassName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readinessGates", shape: Shape::List(Type::Object(&POD_READINESS_GATE)), required: false, merge_keys: &[] },
        Field { name: "resourceClaims", shape: Shape::List(Type::Object(&POD_RESOURCE_CLAIM)), required: false, merge_keys: &["name"] },
        Field { name: "resources", shape: Shape::One(Type::Object(&RESOURCE_REQUIREMENTS)), required: false, merge_keys: &[] },
        Field { name: "restartPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "runtimeClassName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "schedulerName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "schedulingGates", shape: Shape::List(Type::Object(&POD_SCHEDULING_GATE)), required: false, merge_keys: &["name"] },
        Field { name: "schedulingGroup", shape: Shape::One(Type::Object(&POD_SCHEDULING_GROUP)), required: false, merge_keys: &[] },
        Field { name: "securityContext", shape: Shape::One(Type::Object(&POD_SECURITY_CONTEXT)), required: false, merge_keys: &[] },
        Field { name: "serviceAccount", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "serviceAccountName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "setHostnameAsFQDN", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "shareProcessNamespace", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "subdomain", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "terminationGracePeriodSeconds", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "tolerations", shape: Shape::List(Type::Object(&TOLERATION)), required: false, merge_keys: &[] },
        Field { name: "topologySpreadConstraints", shape: Shape::List(Type::Object(&TOPOLOGY_SPREAD_CONSTRAINT)), required: false, merge_keys: &["topologyKey", "whenUnsatisfiable"] },
        Field { name: "volumes", shape: Shape::List(Type::Object(&VOLUME)), required: false, merge_keys: &["name"] },
    ],
};

pub(super) static POD_TEMPLATE_SPEC: Object = Object {
    name: "PodTemplateSpec",
    fields: &[
        Field { name: "metadata", shape: Shape::One(Type::Object(&OBJECT_META)), required: false, merge_keys: &[] },
        Field { name: "spec", shape: Shape::One(Type::Object(&POD_SPEC)), required: false, merge_keys: &[] },
    ],
};

pub(super) static PORTWORX_VOLUME_SOURCE: Object = Object {
    name: "PortworxVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "volumeID", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static PREFERRED_SCHEDULING_TERM: Object = Object {
    name: "PreferredSchedulingTerm",
    fields: &[
        Field { name: "preference", shape: Shape::One(Type::Object(&NODE_SELECTOR_TERM)), required: true, merge_keys: &[] },
        Field { name: "weight", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
    ],
};

pub(super) static PROBE: Object = Object {
    name: "Probe",
    fields: &[
        Field { name: "exec", shape: Shape::One(Type::Object(&EXEC_ACTION)), required: false, merge_keys: &[] },
        Field { name: "failureThreshold", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "grpc", shape: Shape::One(Type::Object(&GRPC_ACTION)), required: false, merge_keys: &[] },
        Field { name: "httpGet", shape: Shape::One(Type::Object(&HTTP_GET_ACTION)), required: false, merge_keys: &[] },
        Field { name: "initialDelaySeconds", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "periodSeconds", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "successThreshold", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "tcpSocket", shape: Shape::One(Type::Object(&TCP_SOCKET_ACTION)), required: false, merge_keys: &[] },
        Field { name: "terminationGracePeriodSeconds", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "timeoutSeconds", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
    ],
};

pub(super) static PROJECTED_VOLUME_SOURCE: Object = Object {
    name: "ProjectedVolumeSource",
    fields: &[
        Field { name: "defaultMode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "defaultUser", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "sources", shape: Shape::List(Type::Object(&VOLUME_PROJECTION)), required: false, merge_keys: &[] },
    ],
};

pub(super) static QUOBYTE_VOLUME_SOURCE: Object = Object {
    name: "QuobyteVolumeSource",
    fields: &[
        Field { name: "group", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "registry", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "tenant", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "volume", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static RBD_VOLUME_SOURCE: Object = Object {
    name: "RBDVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "image", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "keyring", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "monitors", shape: Shape::List(Type::String), required: true, merge_keys: &[] },
        Field { name: "pool", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static RESOURCE_CLAIM: Object = Object {
    name: "ResourceClaim",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "request", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static RESOURCE_FIELD_SELECTOR: Object = Object {
    name: "ResourceFieldSelector",
    fields: &[
        Field { name: "containerName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "divisor", shape: Shape::One(Type::Quantity), required: false, merge_keys: &[] },
        Field { name: "resource", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static RESOURCE_REQUIREMENTS: Object = Object {
    name: "ResourceRequirements",
    fields: &[
        Field { name: "claims", shape: Shape::List(Type::Object(&RESOURCE_CLAIM)), required: false, merge_keys: &["name"] },
        Field { name: "limits", shape: Shape::Map(Type::Quantity), required: false, merge_keys: &[] },
        Field { name: "requests", shape: Shape::Map(Type::Quantity), required: false, merge_keys: &[] },
    ],
};

pub(super) static ROLLING_UPDATE_DEPLOYMENT: Object = Object {
    name: "RollingUpdateDeployment",
    fields: &[
        Field { name: "maxSurge", shape: Shape::One(Type::IntOrString), required: false, merge_keys: &[] },
        Field { name: "maxUnavailable", shape: Shape::One(Type::IntOrString), required: false, merge_keys: &[] },
    ],
};

pub(super) static SE_LINUX_OPTIONS: Object = Object {
    name: "SELinuxOptions",
    fields: &[
        Field { name: "level", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "role", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "type", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static SCALE_IO_VOLUME_SOURCE: Object = Object {
    name: "ScaleIOVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "gateway", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "protectionDomain", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: true, merge_keys: &[] },
        Field { name: "sslEnabled", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "storageMode", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "storagePool", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "system", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "volumeName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static SECCOMP_PROFILE: Object = Object {
    name: "SeccompProfile",
    fields: &[
        Field { name: "localhostProfile", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "type", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static SECRET_ENV_SOURCE: Object = Object {
    name: "SecretEnvSource",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static SECRET_KEY_SELECTOR: Object = Object {
    name: "SecretKeySelector",
    fields: &[
        Field { name: "key", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static SECRET_PROJECTION: Object = Object {
    name: "SecretProjection",
    fields: &[
        Field { name: "items", shape: Shape::List(Type::Object(&KEY_TO_PATH)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
    ],
};

pub(super) static SECRET_VOLUME_SOURCE: Object = Object {
    name: "SecretVolumeSource",
    fields: &[
        Field { name: "defaultMode", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "defaultUser", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "items", shape: Shape::List(Type::Object(&KEY_TO_PATH)), required: false, merge_keys: &[] },
        Field { name: "optional", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static SECURITY_CONTEXT: Object = Object {
    name: "SecurityContext",
    fields: &[
        Field { name: "allowPrivilegeEscalation", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "appArmorProfile", shape: Shape::One(Type::Object(&APP_ARMOR_PROFILE)), required: false, merge_keys: &[] },
        Field { name: "capabilities", shape: Shape::One(Type::Object(&CAPABILITIES)), required: false, merge_keys: &[] },
        Field { name: "privileged", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "procMount", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnlyRootFilesystem", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "runAsGroup", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "runAsNonRoot", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "runAsUser", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "seLinuxOptions", shape: Shape::One(Type::Object(&SE_LINUX_OPTIONS)), required: false, merge_keys: &[] },
        Field { name: "seccompProfile", shape: Shape::One(Type::Object(&SECCOMP_PROFILE)), required: false, merge_keys: &[] },
        Field { name: "windowsOptions", shape: Shape::One(Type::Object(&WINDOWS_SECURITY_CONTEXT_OPTIONS)), required: false, merge_keys: &[] },
    ],
};

pub(super) static SERVICE_ACCOUNT_TOKEN_PROJECTION: Object = Object {
    name: "ServiceAccountTokenProjection",
    fields: &[
        Field { name: "audience", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "expirationSeconds", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "path", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "user", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
    ],
};

pub(super) static SLEEP_ACTION: Object = Object {
    name: "SleepAction",
    fields: &[
        Field { name: "seconds", shape: Shape::One(Type::Int64), required: true, merge_keys: &[] },
    ],
};

pub(super) static STORAGE_OS_VOLUME_SOURCE: Object = Object {
    name: "StorageOSVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "secretRef", shape: Shape::One(Type::Object(&LOCAL_OBJECT_REFERENCE)), required: false, merge_keys: &[] },
        Field { name: "volumeName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "volumeNamespace", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static SYSCTL: Object = Object {
    name: "Sysctl",
    fields: &[
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "value", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static TCP_SOCKET_ACTION: Object = Object {
    name: "TCPSocketAction",
    fields: &[
        Field { name: "host", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "port", shape: Shape::One(Type::IntOrString), required: true, merge_keys: &[] },
    ],
};

pub(super) static TOLERATION: Object = Object {
    name: "Toleration",
    fields: &[
        Field { name: "effect", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "key", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "operator", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "tolerationSeconds", shape: Shape::One(Type::Int64), required: false, merge_keys: &[] },
        Field { name: "value", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static TOPOLOGY_SPREAD_CONSTRAINT: Object = Object {
    name: "TopologySpreadConstraint",
    fields: &[
        Field { name: "labelSelector", shape: Shape::One(Type::Object(&LABEL_SELECTOR)), required: false, merge_keys: &[] },
        Field { name: "matchLabelKeys", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "maxSkew", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
        Field { name: "minDomains", shape: Shape::One(Type::Int32), required: false, merge_keys: &[] },
        Field { name: "nodeAffinityPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "nodeTaintsPolicy", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "topologyKey", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "whenUnsatisfiable", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static TYPED_LOCAL_OBJECT_REFERENCE: Object = Object {
    name: "TypedLocalObjectReference",
    fields: &[
        Field { name: "apiGroup", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "kind", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static TYPED_OBJECT_REFERENCE: Object = Object {
    name: "TypedObjectReference",
    fields: &[
        Field { name: "apiGroup", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "kind", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "namespace", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static VOLUME: Object = Object {
    name: "Volume",
    fields: &[
        Field { name: "awsElasticBlockStore", shape: Shape::One(Type::Object(&AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "azureDisk", shape: Shape::One(Type::Object(&AZURE_DISK_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "azureFile", shape: Shape::One(Type::Object(&AZURE_FILE_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "cephfs", shape: Shape::One(Type::Object(&CEPH_FS_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "cinder", shape: Shape::One(Type::Object(&CINDER_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "configMap", shape: Shape::One(Type::Object(&CONFIG_MAP_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "csi", shape: Shape::One(Type::Object(&CSI_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "downwardAPI", shape: Shape::One(Type::Object(&DOWNWARD_API_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "emptyDir", shape: Shape::One(Type::Object(&EMPTY_DIR_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "ephemeral", shape: Shape::One(Type::Object(&EPHEMERAL_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "fc", shape: Shape::One(Type::Object(&FC_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "flexVolume", shape: Shape::One(Type::Object(&FLEX_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "flocker", shape: Shape::One(Type::Object(&FLOCKER_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "gcePersistentDisk", shape: Shape::One(Type::Object(&GCE_PERSISTENT_DISK_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "gitRepo", shape: Shape::One(Type::Object(&GIT_REPO_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "glusterfs", shape: Shape::One(Type::Object(&GLUSTERFS_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "hostPath", shape: Shape::One(Type::Object(&HOST_PATH_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "image", shape: Shape::One(Type::Object(&IMAGE_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "iscsi", shape: Shape::One(Type::Object(&ISCSI_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "nfs", shape: Shape::One(Type::Object(&NFS_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "persistentVolumeClaim", shape: Shape::One(Type::Object(&PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "photonPersistentDisk", shape: Shape::One(Type::Object(&PHOTON_PERSISTENT_DISK_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "portworxVolume", shape: Shape::One(Type::Object(&PORTWORX_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "projected", shape: Shape::One(Type::Object(&PROJECTED_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "quobyte", shape: Shape::One(Type::Object(&QUOBYTE_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "rbd", shape: Shape::One(Type::Object(&RBD_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "scaleIO", shape: Shape::One(Type::Object(&SCALE_IO_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "secret", shape: Shape::One(Type::Object(&SECRET_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "storageos", shape: Shape::One(Type::Object(&STORAGE_OS_VOLUME_SOURCE)), required: false, merge_keys: &[] },
        Field { name: "vsphereVolume", shape: Shape::One(Type::Object(&VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE)), required: false, merge_keys: &[] },
    ],
};

pub(super) static VOLUME_DEVICE: Object = Object {
    name: "VolumeDevice",
    fields: &[
        Field { name: "devicePath", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static VOLUME_MOUNT: Object = Object {
    name: "VolumeMount",
    fields: &[
        Field { name: "bindMountOptions", shape: Shape::List(Type::String), required: false, merge_keys: &[] },
        Field { name: "mountPath", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "mountPropagation", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "name", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
        Field { name: "readOnly", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "recursiveReadOnly", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "subPath", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "subPathExpr", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};

pub(super) static VOLUME_PROJECTION: Object = Object {
    name: "VolumeProjection",
    fields: &[
        Field { name: "clusterTrustBundle", shape: Shape::One(Type::Object(&CLUSTER_TRUST_BUNDLE_PROJECTION)), required: false, merge_keys: &[] },
        Field { name: "configMap", shape: Shape::One(Type::Object(&CONFIG_MAP_PROJECTION)), required: false, merge_keys: &[] },
        Field { name: "downwardAPI", shape: Shape::One(Type::Object(&DOWNWARD_API_PROJECTION)), required: false, merge_keys: &[] },
        Field { name: "podCertificate", shape: Shape::One(Type::Object(&POD_CERTIFICATE_PROJECTION)), required: false, merge_keys: &[] },
        Field { name: "secret", shape: Shape::One(Type::Object(&SECRET_PROJECTION)), required: false, merge_keys: &[] },
        Field { name: "serviceAccountToken", shape: Shape::One(Type::Object(&SERVICE_ACCOUNT_TOKEN_PROJECTION)), required: false, merge_keys: &[] },
    ],
};

pub(super) static VOLUME_RESOURCE_REQUIREMENTS: Object = Object {
    name: "VolumeResourceRequirements",
    fields: &[
        Field { name: "limits", shape: Shape::Map(Type::Quantity), required: false, merge_keys: &[] },
        Field { name: "requests", shape: Shape::Map(Type::Quantity), required: false, merge_keys: &[] },
    ],
};

pub(super) static VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE: Object = Object {
    name: "VsphereVirtualDiskVolumeSource",
    fields: &[
        Field { name: "fsType", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "storagePolicyID", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "storagePolicyName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "volumePath", shape: Shape::One(Type::String), required: true, merge_keys: &[] },
    ],
};

pub(super) static WEIGHTED_POD_AFFINITY_TERM: Object = Object {
    name: "WeightedPodAffinityTerm",
    fields: &[
        Field { name: "podAffinityTerm", shape: Shape::One(Type::Object(&POD_AFFINITY_TERM)), required: true, merge_keys: &[] },
        Field { name: "weight", shape: Shape::One(Type::Int32), required: true, merge_keys: &[] },
    ],
};

pub(super) static WINDOWS_SECURITY_CONTEXT_OPTIONS: Object = Object {
    name: "WindowsSecurityContextOptions",
    fields: &[
        Field { name: "gmsaCredentialSpec", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "gmsaCredentialSpecName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
        Field { name: "hostProcess", shape: Shape::One(Type::Boolean), required: false, merge_keys: &[] },
        Field { name: "runAsUserName", shape: Shape::One(Type::String), required: false, merge_keys: &[] },
    ],
};
