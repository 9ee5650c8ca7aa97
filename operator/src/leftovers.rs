//! Deletes what pipelines that are gone have left.
//!
//! Kubernetes' garbage collector does that, by owner references. But it goes by what it has heard: of a pipeline that
//! was deleted while the API server restarted it may never hear, and then objects stay, and keep their names from others.

use crate::child::Child;
use crate::cluster::Error;
use crate::context::Context;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use tracing::{info, warn};

/// How often leftovers are looked for; what was there twice is deleted. The garbage collector mostly needs a second.
const LOOK: Duration = Duration::from_secs(10);

/// Looks for leftovers in a namespace, or in all, for ever.
pub(crate) async fn collect(namespace: Option<String>, context: Arc<Context>) {
    let mut seen = BTreeSet::new();
    loop {
        sleep(LOOK).await;
        let left = if context.cluster.leadership.is_held() {
            context.cache().left_behind(namespace.as_deref())
        } else {
            Vec::new()
        };

        for child in left.iter().filter(|child| seen.contains(&child.uid)) {
            if let Err(error) = delete(child, &context).await {
                warn!(%error, object = %child.id, "cannot delete what a pipeline that is gone has left");
            }
        }
        seen = left.into_iter().map(|child| child.uid).collect();
    }
}

/// Deletes an object as it was seen, if its pipeline is really gone: the watches of pipelines and of objects do not run
/// abreast. Where people want to keep the objects (`--cascade=orphan`), owner references go before the pipeline does.
async fn delete(child: &Child, context: &Context) -> Result<(), Error> {
    if context.cluster.has_owner(child).await? {
        return Ok(());
    }
    info!(object = %child.id, namespace = child.id.namespace, "its pipeline is gone");
    match context.cluster.delete(&child.id, &child.uid, Some(child.resource_version)).await {
        Ok(()) | Err(Error::NotLeading | Error::DryRun) => Ok(()),
        Err(error) => Err(error),
    }
}
