//! The client, with an ear on what goes over the wire: requests are counted, and a watch that hears nothing is known;
//! and nothing is written by who does not lead.
//!
//! The library's watchers pass on objects only. That a watch is alive shows in bookmarks, which they keep to themselves.
//! Pipelines are also cut where they are nested more deeply than the library reads.
//!
//! Leadership is asked for here, and not where a write is decided: a request may wait for a connection, or the whole
//! process may be stopped for a while, in between.

use crate::depth::Cutter;
use crate::leader::{Leadership, NotLeading, PATIENCE};
use crate::metrics::Metrics;
use crate::names::PLURAL;
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::{Body, Frame, SizeHint};
use kube::client::ClientBuilder;
use kube::{Client, Config};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tower::{BoxError, Layer, Service};

/// A client whose requests are counted, and which writes only while this replica leads. A write that is refused for that
/// fails with [`NotLeading`].
pub(crate) fn client(
    config: Config,
    metrics: &Arc<Metrics>,
    leadership: &Arc<Leadership>,
) -> anyhow::Result<Client> {
    Listen { metrics: metrics.clone(), leadership: Some(leadership.clone()) }.client(config)
}

/// A client for the lease, which is written by who does not lead yet. An answer that comes too late to keep the lease is
/// no answer.
pub(crate) fn lease_client(mut config: Config, metrics: &Arc<Metrics>) -> anyhow::Result<Client> {
    config.connect_timeout = Some(PATIENCE);
    config.read_timeout = Some(PATIENCE);
    config.write_timeout = Some(PATIENCE);
    // The time a connection lay idle does not count.
    config.reset_reader_on_write = true;
    Listen { metrics: metrics.clone(), leadership: None }.client(config)
}

#[derive(Clone)]
struct Listen {
    metrics: Arc<Metrics>,
    /// Of whoever may write only while it leads.
    leadership: Option<Arc<Leadership>>,
}

impl Listen {
    fn client(self, config: Config) -> anyhow::Result<Client> {
        Ok(ClientBuilder::try_from(config)?.with_layer(&self).build())
    }
}

impl<S> Layer<S> for Listen {
    type Service = Listening<S>;

    fn layer(&self, inner: S) -> Listening<S> {
        Listening { inner, listen: self.clone() }
    }
}

struct Listening<S> {
    inner: S,
    listen: Listen,
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
        let Listen { metrics, leadership } = self.listen.clone();
        let leadership = leadership.filter(|_| *request.method() != Method::GET);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = while_leading(leadership, answer).await;
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

/// Goes on with a request as long as this replica leads. An answer that comes later is not waited for: whether it was
/// done is seen by who leads then.
async fn while_leading<A>(
    leadership: Option<Arc<Leadership>>,
    answer: impl Future<Output = Result<A, BoxError>>,
) -> Result<A, BoxError> {
    let mut answer = pin!(answer);
    poll_fn(|context| match &leadership {
        Some(leadership) if !leadership.is_held() => Poll::Ready(Err(NotLeading.into())),
        _ => answer.as_mut().poll(context),
    })
    .await
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
    use std::cell::Cell;

    #[tokio::test]
    async fn who_does_not_lead_sends_nothing() {
        let sent = Cell::new(false);
        let request = || async {
            sent.set(true);
            Ok(())
        };
        let other = Some(Arc::new(Leadership::by_lease()));
        let error = while_leading(other, request()).await.unwrap_err();
        assert!(error.is::<NotLeading>() && !sent.get());

        let only = Some(Arc::new(Leadership::without_lease()));
        while_leading(only, request()).await.unwrap();
        assert!(sent.get());
        while_leading(None, request()).await.unwrap();
    }

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
