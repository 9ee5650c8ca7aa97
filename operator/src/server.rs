//! Health and metrics over HTTP.

use crate::context::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::Listener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// A watch that heard nothing for so long is dead: its connection ends, or has a bookmark, every few minutes.
const DEAD: Duration = Duration::from_mins(15);

/// What answers are made of.
#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) context: Arc<Context>,
    /// Whether all watches have told what there is.
    pub(crate) is_ready: Arc<AtomicBool>,
}

impl Health {
    /// Answers at `/livez`, `/readyz` and `/metrics`.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/livez", get(live))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self)
    }
}

/// Serves until told to stop.
pub(crate) async fn serve<L>(
    listener: L,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stopped).await
}

async fn live(State(health): State<Health>) -> impl IntoResponse {
    match health.context.metrics.stalest_watch() {
        Some((watch, age)) if age > DEAD => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("the watch {watch} heard nothing for {} s\n", age.as_secs()),
        ),
        _ => (StatusCode::OK, "ok\n".to_owned()),
    }
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let refusals = health.context.refusals();
    if !refusals.is_empty() {
        (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", refusals.join("\n")))
    } else if health.is_ready.load(Ordering::Relaxed) {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        let message = "the watches have not yet told what there is\n";
        (StatusCode::SERVICE_UNAVAILABLE, message.to_owned())
    }
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match health.context.metrics.encode() {
        Ok(text) => (StatusCode::OK, [(header::CONTENT_TYPE, OPEN_METRICS)], text),
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            [(header::CONTENT_TYPE, "text/plain")],
            error.to_string(),
        ),
    }
}
