//! Requests to the API server. Nothing else writes; and the client lets nothing be written by who does not lead.

use crate::child::{Child, ObjectId, hex};
use crate::desired::Desired;
use crate::failure::{Refusal, classify};
use crate::leader::{Leadership, NotLeading};
use crate::names::{FIELD_MANAGER, KOPF_LAST_HANDLED};
use crate::pipeline::{self, Pipeline};
use crate::status::Status;
use k8s_openapi::api::events::v1::Event;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::Client;
use kube::api::{
    Api, ApiResource, DeleteParams, DynamicObject, GroupVersionKind, ObjectMeta, Patch,
    PatchParams, PostParams, Preconditions,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tracing::{info, warn};

/// The name under which events are reported.
const REPORTER: &str = "streams-k8s-operator";
/// What Kubernetes takes as the note of an event.
const NOTE: usize = 1000;

/// The cluster.
#[derive(Clone)]
pub(crate) struct Cluster {
    pub(crate) client: Client,
    pub(crate) leadership: Arc<Leadership>,
    pub(crate) identity: String,
    pub(crate) dry_run: bool,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Another replica leads.
    #[error("{NotLeading}")]
    NotLeading,
    /// Writing is switched off.
    #[error("nothing is written (--dry-run)")]
    DryRun,
    /// The API server refused, or could not be reached.
    #[error(transparent)]
    Api(kube::Error),
}

impl From<kube::Error> for Error {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Service(cause) if cause.is::<NotLeading>() => Self::NotLeading,
            error => Self::Api(error),
        }
    }
}

/// Kinds of objects that belong to pipelines.
pub(crate) fn kinds() -> [ApiResource; 2] {
    let resource =
        |group, version, kind| ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
    [resource("", "v1", "ConfigMap"), resource("apps", "v1", "Deployment")]
}

impl Cluster {
    fn objects(&self, id: &ObjectId) -> Option<Api<DynamicObject>> {
        let resource = kinds().into_iter().find(|resource| resource.kind == id.kind)?;
        Some(Api::namespaced_with(self.client.clone(), &id.namespace, &resource))
    }

    fn pipelines(&self, namespace: &str) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), namespace, &pipeline::resource())
    }

    /// Whether something may be written now.
    fn may_write(&self, what: &str) -> Result<(), Error> {
        if self.dry_run {
            info!("would {what}");
            return Err(Error::DryRun);
        }
        Ok(())
    }

    /// The object of this name, whoever it belongs to.
    pub(crate) async fn get(&self, id: &ObjectId) -> Result<Option<Child>, Error> {
        Ok(self.read(id).await?.map(|object| Child::read(&id.kind, &object)))
    }

    /// The whole object of this name.
    pub(crate) async fn read(&self, id: &ObjectId) -> Result<Option<DynamicObject>, Error> {
        let Some(api) = self.objects(id) else { return Ok(None) };
        Ok(api.get_opt(&id.name).await?)
    }

    /// Applies an object. Returns it as it stands then, and which fields were taken from whom.
    pub(crate) async fn apply(&self, desired: &Desired) -> Result<(Child, Option<String>), Error> {
        let id = &desired.id;
        self.may_write(&format!("apply {id}"))?;
        let Some(api) = self.objects(id) else { return Err(unknown_kind(id)) };
        let params = PatchParams::apply(FIELD_MANAGER);
        let first = api.patch(&id.name, &params, &Patch::Apply(&desired.object)).await;
        let (object, taken) = match first {
            Ok(object) => (object, None),
            Err(error) => match classify(&error, "") {
                // What the pipeline says counts; but nobody's fields are taken without a word.
                Refusal::Contested(fields) => {
                    let forced = params.force();
                    let object =
                        api.patch(&id.name, &forced, &Patch::Apply(&desired.object)).await?;
                    (object, Some(fields))
                }
                _ => return Err(error.into()),
            },
        };
        info!(object = %id, namespace = id.namespace, "applied");
        Ok((Child::read(&id.kind, &object), taken))
    }

    /// Whether the pipeline that controls an object is there. Asks the API server, which knows better than any watch.
    pub(crate) async fn has_owner(&self, child: &Child) -> Result<bool, Error> {
        let Some((_, name, uid)) = &child.controller else { return Ok(false) };
        let owner = self.pipelines(&child.id.namespace).get_metadata_opt(name).await?;
        Ok(owner.is_some_and(|owner| owner.metadata.uid.as_ref() == Some(uid)))
    }

    /// Deletes an object, if it is still the one that was meant; with a version, only as it was then.
    pub(crate) async fn delete(
        &self,
        id: &ObjectId,
        uid: &str,
        version: Option<u64>,
    ) -> Result<(), Error> {
        self.may_write(&format!("delete {id}"))?;
        let Some(api) = self.objects(id) else { return Err(unknown_kind(id)) };
        let preconditions = Preconditions {
            uid: Some(uid.to_owned()),
            resource_version: version.map(|version| version.to_string()),
        };
        let params = DeleteParams::background().preconditions(preconditions);
        match api.delete(&id.name, &params).await {
            Ok(_) => info!(object = %id, namespace = id.namespace, "deleted"),
            // Gone, or not as it was.
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Sets a pipeline's finalizers, and removes what the reference's framework keeps in it. Returns its new version.
    pub(crate) async fn set_finalizers(
        &self,
        pipeline: &Pipeline,
        finalizers: &[String],
    ) -> Result<String, Error> {
        let patch = json!({
            "metadata": {
                "resourceVersion": pipeline.resource_version,
                "finalizers": finalizers,
                "annotations": { KOPF_LAST_HANDLED: null },
            },
        });
        self.may_write("set the pipeline's finalizers")?;
        let params =
            PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        let object = self
            .pipelines(&pipeline.namespace)
            .patch(&pipeline.name, &params, &Patch::Merge(&patch))
            .await?;
        Ok(object.metadata.resource_version.unwrap_or_default())
    }

    /// Writes a pipeline's status. Returns its new version.
    pub(crate) async fn set_status(
        &self,
        pipeline: &Pipeline,
        status: &Status,
    ) -> Result<String, Error> {
        let patch = json!({
            // Whoever has seen an older one may not write over a newer one.
            "metadata": { "resourceVersion": pipeline.resource_version },
            "status": status,
        });
        self.may_write("write the status")?;
        let params =
            PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        let object = self
            .pipelines(&pipeline.namespace)
            .patch_status(&pipeline.name, &params, &Patch::Merge(&patch))
            .await?;
        Ok(object.metadata.resource_version.unwrap_or_default())
    }

    /// Tells people who look at the pipeline. The same is told once as long as the cluster keeps events, an hour.
    pub(crate) async fn tell(
        &self,
        pipeline: &Pipeline,
        is_warning: bool,
        reason: &str,
        note: &str,
    ) {
        if self.may_write(&format!("tell of {reason}")).is_err() {
            return;
        }
        let note = crate::conditions::cut(note, NOTE);
        let digest = Sha256::digest(format!("{}{reason}{note}", pipeline.uid));
        let suffix = hex(&digest, 8);
        let event = Event {
            metadata: ObjectMeta {
                namespace: Some(pipeline.namespace.clone()),
                name: Some(format!("{}.{suffix}", pipeline.name)),
                ..ObjectMeta::default()
            },
            action: Some("Reconcile".to_owned()),
            event_time: Some(MicroTime(Timestamp::now())),
            note: Some(note),
            reason: Some(reason.to_owned()),
            regarding: Some(pipeline.reference()),
            reporting_controller: Some(REPORTER.to_owned()),
            reporting_instance: Some(self.identity.clone()),
            type_: Some(if is_warning { "Warning" } else { "Normal" }.to_owned()),
            ..Event::default()
        };
        let api: Api<Event> = Api::namespaced(self.client.clone(), &pipeline.namespace);
        match api.create(&PostParams::default(), &event).await {
            Ok(_) => {}
            Err(kube::Error::Api(status)) if status.is_already_exists() => {}
            Err(error) => match Error::from(error) {
                Error::NotLeading => {}
                // Nothing depends on events.
                error => warn!(%error, "cannot write an event"),
            },
        }
    }
}

fn unknown_kind(id: &ObjectId) -> Error {
    let message = format!("objects of kind {} are not known to this operator", id.kind);
    let status = kube::core::Status::failure(&message, "Invalid").with_code(422);
    kube::Error::Api(status.boxed()).into()
}
