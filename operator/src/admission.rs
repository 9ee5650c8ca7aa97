//! Reviews pipelines when they are applied, so that a wrong one is refused at once with all that is wrong.
//!
//! What a review says is what the status would say later. It is help and no wall: where no review takes place, the
//! operator leaves what runs alone and tells the same in the status.

use crate::context::Context;
use crate::depth::Cutter;
use crate::desired::Desired;
use crate::pipeline::{self, Pipeline};
use crate::plan::{Found, plan};
use crate::render::render;
use crate::report::Verdict;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use kube::api::DynamicObject;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;
use tracing::{debug, info, warn};

/// Bytes of a review: it holds the object, and the one before it, of at most 1.5 MiB each as etcd takes them.
const BODY: usize = 8 << 20;

/// Answers reviews at `/review`.
pub(crate) fn router(context: Arc<Context>) -> Router {
    Router::new()
        .route("/review", post(review))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(context)
}

/// What the API server asks (`AdmissionReview` of `admission.k8s.io/v1`), as far as an answer needs it.
#[derive(Debug, Deserialize)]
struct Review {
    request: Request,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Request {
    uid: String,
    name: String,
    namespace: String,
    user_info: User,
    /// As it is to be, and as it was. Nothing where it is deleted, or created.
    object: Option<DynamicObject>,
    old_object: Option<DynamicObject>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User {
    username: String,
}

async fn review(State(context): State<Arc<Context>>, body: Bytes) -> Response {
    let begin = Instant::now();
    let request = match serde_json::from_slice::<Review>(&Cutter::default().cut(&body)) {
        Ok(review) => review.request,
        Err(error) => {
            warn!(%error, "a review that cannot be read");
            context.metrics.reviewed("unreadable", begin.elapsed());
            return (StatusCode::BAD_REQUEST, format!("not a review: {error}\n")).into_response();
        }
    };

    let answer = judge(&request, &context).await;
    let result = if answer.refusal.is_some() { "refused" } else { "allowed" };
    context.metrics.reviewed(result, begin.elapsed());
    let name = format!("{}/{}", request.namespace, request.name);
    match &answer.refusal {
        Some(problems) => {
            info!(pipeline = name, user = request.user_info.username, problems, "refused");
        }
        None => debug!(pipeline = name, "allowed"),
    }
    let body = answer.response(&request.uid).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// What a review says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Answer {
    refusal: Option<String>,
    warnings: Vec<String>,
}

impl Answer {
    fn response(self, uid: &str) -> Value {
        // As the API server's own refusals are: kubectl says that the request is invalid.
        let status = self
            .refusal
            .map(|message| json!({ "code": 422, "reason": "Invalid", "message": message }));
        let response = json!({
            "uid": uid,
            "allowed": status.is_none(),
            "status": status,
            "warnings": self.warnings,
        });
        json!({
            "apiVersion": "admission.k8s.io/v1",
            "kind": "AdmissionReview",
            "response": response,
        })
    }
}

async fn judge(request: &Request, context: &Arc<Context>) -> Answer {
    let [object, old] = [&request.object, &request.old_object].map(|object| {
        let mut object = object.clone()?;
        pipeline::slim(&mut object);
        Some(object)
    });
    let Some(object) = object else { return Answer::default() };
    let text = pipeline::context(&object, context.kubernetes_version.as_deref());
    let is_same = old
        .as_ref()
        .is_some_and(|old| pipeline::context(old, context.kubernetes_version.as_deref()) == text);
    // Who lets an object go, or only notes something in it, is not to be held up.
    if object.metadata.deletion_timestamp.is_some() || is_same {
        return Answer::default();
    }

    let has_new_spec = old.is_none_or(|old| old.data.get("spec") != object.data.get("spec"));

    let mut pipeline = Pipeline::read(&object);
    pipeline.namespace.clone_from(&request.namespace);
    let namespace =
        context.workload_namespace.clone().unwrap_or_else(|| pipeline.namespace.clone());
    let rendering = {
        let (context, pipeline) = (context.clone(), pipeline.clone());
        tokio::task::spawn_blocking(move || {
            render(&context.consumer_macro, &object, &text, &pipeline, &namespace)
        })
    };
    let Ok(verdict) = rendering.await else { return Answer::default() };
    let taken = match &verdict {
        Verdict::Rendered { desired, .. } => taken(&pipeline, desired, context),
        _ => Vec::new(),
    };
    answer(&verdict, taken, has_new_spec)
}

/// Objects of other pipelines that have names of this one's, as far as the watches tell: nothing is asked for here.
fn taken(pipeline: &Pipeline, desired: &[Desired], context: &Context) -> Vec<String> {
    let cache = context.cache();
    let named =
        desired.iter().filter_map(|object| Some((object.id.clone(), cache.get(&object.id)?)));
    let found =
        Found { named: named.map(|(id, child)| (id, child.clone())).collect(), ..Found::default() };
    plan(pipeline, desired, &found, |uid| cache.is_alive(uid)).taken
}

/// Refuses what is wrong, as long as it is new: what was wrong before must not keep anybody from changing a label.
fn answer(verdict: &Verdict, taken: Vec<String>, has_new_spec: bool) -> Answer {
    let (wrong, warnings): (Vec<String>, &[_]) = match verdict {
        Verdict::Refused(problems) => (problems.iter().map(ToString::to_string).collect(), &[]),
        Verdict::Broken { message, .. } => (vec![message.clone()], &[]),
        Verdict::Rendered { warnings, .. } => (taken, warnings.as_slice()),
    };
    let mut answer = Answer {
        warnings: warnings.iter().map(ToString::to_string).collect(),
        ..Answer::default()
    };
    if has_new_spec {
        answer.refusal = listed(&wrong);
    } else {
        answer.warnings.extend(wrong);
    }
    answer
}

/// One thing that is wrong in a line; several each on a line of its own.
fn listed(wrong: &[String]) -> Option<String> {
    match wrong {
        [] => None,
        [only] => Some(only.clone()),
        several => {
            let lines = several.join("\n- ");
            Some(format!("{} problems:\n- {lines}", several.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Done;
    use crate::status::Problem;

    fn problem(path: &str, help: Option<&str>) -> Problem {
        Problem {
            path: path.to_owned(),
            message: "is wrong".to_owned(),
            help: help.map(ToOwned::to_owned),
            ..Problem::default()
        }
    }

    #[test]
    fn a_refusal_lists_every_problem_with_place_and_cure() {
        let all = vec![problem("spec.a", Some("mend it")), problem("spec.b", None)];
        assert_eq!(
            answer(&Verdict::Refused(all), Vec::new(), true).refusal.unwrap(),
            "2 problems:\n- spec.a: is wrong (mend it)\n- spec.b: is wrong"
        );
        let one = vec![problem("spec.a", None)];
        assert_eq!(
            answer(&Verdict::Refused(one), Vec::new(), true).refusal.unwrap(),
            "spec.a: is wrong"
        );
    }

    #[test]
    fn what_was_wrong_before_is_a_warning() {
        let verdict = Verdict::Refused(vec![problem("spec.a", None)]);
        let answer = answer(&verdict, Vec::new(), false);
        assert_eq!(answer, Answer { refusal: None, warnings: vec!["spec.a: is wrong".to_owned()] });
    }

    #[test]
    fn warnings_go_with_what_is_allowed_and_a_taken_name_is_refused() {
        let verdict = || Verdict::Rendered {
            desired: Vec::new(),
            warnings: vec![problem("spec.a", None)],
            done: Done::default(),
        };
        let allowed = answer(&verdict(), Vec::new(), true);
        assert_eq!(
            allowed,
            Answer { refusal: None, warnings: vec!["spec.a: is wrong".to_owned()] }
        );
        let refused = answer(&verdict(), vec!["ConfigMap a exists".to_owned()], true);
        assert_eq!(refused.refusal.as_deref(), Some("ConfigMap a exists"));
    }

    #[test]
    fn a_rendering_that_is_stopped_is_refused() {
        let verdict = Verdict::Broken { reason: "RenderTimeout", message: "too long".to_owned() };
        assert_eq!(answer(&verdict, Vec::new(), true).refusal.as_deref(), Some("too long"));
    }
}
