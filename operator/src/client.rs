//! The client, with an ear on what goes over the wire: requests are counted, and a watch that hears nothing is known.
//!
//! The library's watchers pass on objects only. That a watch is alive shows in bookmarks, which they keep to themselves.
//! Pipelines are also cut where they are nested more deeply than the library reads.

use crate::depth::Cutter;
use crate::leader::PATIENCE;
use crate::metrics::Metrics;
use crate::names::PLURAL;
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::{Body, Frame, SizeHint};
use kube::client::ClientBuilder;
use kube::{Client, Config};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tower::{BoxError, Layer, Service};

/// A client whose requests are counted.
pub(crate) fn client(config: Config, metrics: &Arc<Metrics>) -> anyhow::Result<Client> {
    let listen = Listen(metrics.clone());
    Ok(ClientBuilder::try_from(config)?.with_layer(&listen).build())
}

/// A client for the lease: an answer that comes too late to keep the lease is no answer.
pub(crate) fn lease_client(mut config: Config, metrics: &Arc<Metrics>) -> anyhow::Result<Client> {
    config.connect_timeout = Some(PATIENCE);
    config.read_timeout = Some(PATIENCE);
    config.write_timeout = Some(PATIENCE);
    // The time a connection lay idle does not count.
    config.reset_reader_on_write = true;
    client(config, metrics)
}

#[derive(Clone)]
struct Listen(Arc<Metrics>);

impl<S> Layer<S> for Listen {
    type Service = Listening<S>;

    fn layer(&self, inner: S) -> Listening<S> {
        Listening { inner, metrics: self.0.clone() }
    }
}

struct Listening<S> {
    inner: S,
    metrics: Arc<Metrics>,
}

impl<S, B, R> Service<Request<R>> for Listening<S>
where
    S: Service<Request<R>, Response = Response<B>, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Heard<B>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<R>) -> Self::Future {
        let call = Call::of(
            request.method(),
            request.uri().path(),
            request.uri().query().unwrap_or_default(),
        );
        let metrics = self.metrics.clone();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await;
            let code = answer.as_ref().map_or(0, |response| response.status().as_u16());
            metrics.called(call.verb, &call.resource, code);
            let watch = (call.verb == "watch" && code == 200).then_some(call.path);
            let cutter = call.resource.starts_with(PLURAL).then(Cutter::default);
            Ok(answer?.map(|body| {
                let heard = Heard { body, metrics, watch, cutter };
                heard.note();
                heard
            }))
        })
    }
}

/// The body of an answer. Every piece of a watch's is noted.
struct Heard<B> {
    body: B,
    metrics: Arc<Metrics>,
    watch: Option<String>,
    cutter: Option<Cutter>,
}

impl<B> Heard<B> {
    fn note(&self) {
        if let Some(watch) = &self.watch {
            self.metrics.watch_heard(watch);
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Heard<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(piece)) = frame {
            self.note();
            let cut = |data: Bytes| match &mut self.cutter {
                Some(cutter) => cutter.cut(&data).into(),
                None => data,
            };
            frame = Some(Ok(piece.map_data(cut)));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.cutter.is_some() { SizeHint::default() } else { self.body.size_hint() }
    }
}

/// What a request asks for, in RBAC's words.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    verb: &'static str,
    /// `deployments`, `streamingpipelines/status`.
    resource: String,
    path: String,
}

impl Call {
    fn of(method: &Method, path: &str, query: &str) -> Self {
        // /api/v1/… or /apis/GROUP/VERSION/…, then perhaps namespaces/NAME/…, then RESOURCE/NAME/SUBRESOURCE.
        let mut parts = path.trim_matches('/').split('/');
        let group = if parts.next() == Some("apis") { 2 } else { 1 };
        let mut rest: Vec<_> = parts.skip(group).collect();
        if let ["namespaces", _, _, ..] = rest.as_slice() {
            rest.drain(..2);
        }
        let (resource, has_name) = match rest.as_slice() {
            [resource, _, subresource, ..] => (format!("{resource}/{subresource}"), true),
            [resource, _] => ((*resource).to_owned(), true),
            [resource] => ((*resource).to_owned(), false),
            [] => (String::new(), false),
        };
        let verb = match *method {
            Method::GET if query.split('&').any(|pair| pair == "watch=true") => "watch",
            Method::GET if has_name => "get",
            Method::GET => "list",
            Method::POST => "create",
            Method::PATCH => "patch",
            Method::PUT => "update",
            Method::DELETE => "delete",
            _ => "other",
        };
        Self { verb, resource, path: path.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_calls_as_rbac_does() {
        for (method, path, query, verb, resource) in [
            (Method::GET, "/api/v1/configmaps", "", "list", "configmaps"),
            (Method::GET, "/api/v1/configmaps", "limit=1&watch=true", "watch", "configmaps"),
            (Method::GET, "/api/v1/namespaces/n", "", "get", "namespaces"),
            (Method::PATCH, "/apis/apps/v1/namespaces/n/deployments/d", "", "patch", "deployments"),
            (
                Method::PATCH,
                "/apis/streams.sentry.io/v1alpha1/namespaces/n/streamingpipelines/p/status",
                "",
                "patch",
                "streamingpipelines/status",
            ),
            (Method::POST, "/apis/events.k8s.io/v1/namespaces/n/events", "", "create", "events"),
        ] {
            let call = Call::of(&method, path, query);
            assert_eq!((call.verb, call.resource.as_str()), (verb, resource), "{method} {path}");
        }
    }
}
