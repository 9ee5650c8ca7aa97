//! Names that others can see: of the custom resource, and of labels, annotations and finalizers.

/// API group of the custom resource.
pub(crate) const GROUP: &str = "streams.sentry.io";
/// Its version.
pub(crate) const VERSION: &str = "v1alpha1";
/// Its kind.
pub(crate) const KIND: &str = "StreamingPipeline";
/// Its name in URLs and RBAC rules.
pub(crate) const PLURAL: &str = "streamingpipelines";

/// Who applies; the same name as the reference's operator has, so that either takes over from the other.
pub(crate) const FIELD_MANAGER: &str = "streaming-operator";

/// Label of every object: the uid of the pipeline it belongs to. As the reference's operator has it.
pub(crate) const OWNER_UID: &str = "pipeline.streams.sentry.io/owner-uid";
/// Annotation of every object: the name of the pipeline it belongs to. As the reference's operator has it.
pub(crate) const OWNER_NAME: &str = "pipeline.streams.sentry.io/owner-name";
/// Annotation of every object: the namespace of the pipeline it belongs to. As the reference's operator has it.
pub(crate) const OWNER_NAMESPACE: &str = "pipeline.streams.sentry.io/owner-namespace";
/// Annotation of every object: the digest of what was applied.
pub(crate) const DIGEST: &str = "streams.sentry.io/digest";

/// Annotation of a pipeline: `true` leaves its objects as they are.
pub(crate) const SUSPEND: &str = "streams.sentry.io/suspend";
/// Annotation of a pipeline: a new value applies everything once more, whether it differs or not.
pub(crate) const REQUESTED_AT: &str = "streams.sentry.io/requested-at";
/// Annotation of a pipeline: `true` takes objects of its names that belong to nobody.
pub(crate) const ADOPT: &str = "streams.sentry.io/adopt";
/// Annotation of a pipeline: `true` deletes and creates what cannot be changed in place.
pub(crate) const RECREATE: &str = "streams.sentry.io/recreate";
/// Annotation of a pipeline: `Orphan` leaves its objects behind when it is deleted.
pub(crate) const DELETION_POLICY: &str = "streams.sentry.io/deletion-policy";

/// Holds a pipeline until its objects in another namespace are deleted; in the same namespace Kubernetes does that.
pub(crate) const FINALIZER: &str = "streams.sentry.io/cleanup";

/// What the framework of the reference's operator leaves on every pipeline. Without it, nobody else removes them, and
/// the pipeline can never be deleted.
pub(crate) const KOPF_FINALIZER: &str = "kopf.zalando.org/KopfFinalizerMarker";
/// Its copy of the whole spec.
pub(crate) const KOPF_LAST_HANDLED: &str = "kopf.zalando.org/last-handled-configuration";
