//! Runs the operator: watches, reconciliations, leader election, health; from start to a graceful end.

use crate::arguments::{Run, given};
use crate::cluster::Cluster;
use crate::context::Context;
use crate::definition::watch_definition;
use crate::leader::{Leadership, PATIENCE, Place, elect};
use crate::metrics::Metrics;
use crate::pipeline;
use crate::reconcile::{after_error, reconcile};
use crate::render::knows_kubernetes;
use crate::server::{Health, serve};
use crate::tls::{Files, Tls};
use crate::watch::{Queue, watch_children, watch_pipelines};
use crate::{admission, client, cluster, leftovers};
use anyhow::Context as _;
use axum::serve::Listener;
use futures::channel::mpsc::UnboundedReceiver;
use futures::{FutureExt, StreamExt};
use kube::Config;
use kube::api::DynamicObject;
use kube::runtime::controller::{self, ReconcileRequest, applier};
use kube::runtime::reflector::Store;
use kube::runtime::reflector::store::Writer;
use sentry_streams_k8s_component::COMPONENT;
use sentry_streams_k8s_host::{Cache, ConsumerMacro, Limits};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tracing::{error, info};

/// Reconciliations at once. They wait for the API server most of the time.
const CONCURRENCY: u16 = 32;
/// What ends may take: Kubernetes gives a pod 30 s.
const END: Duration = Duration::from_secs(20);

/// Runs until SIGTERM or Ctrl-C.
pub(crate) async fn run(arguments: Run) -> anyhow::Result<()> {
    // First of all: who is told to end while starting ends as gracefully.
    let mut terminate = signal(SignalKind::terminate())?;
    let metrics = Arc::new(Metrics::default());
    let mut config = Config::infer().await.context("no cluster is configured")?;
    let own_namespace = config.default_namespace.clone();
    let identity = given(arguments.identity.as_ref()).unwrap_or_else(identity);
    // So that audit logs say which replica asked.
    let agent = format!("{}/{} ({identity})", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    config.headers.push((
        http::header::USER_AGENT,
        agent.parse().context("the identity is no header value")?,
    ));
    let (stop, stopped) = watch::channel(false);
    let leadership = if arguments.no_leader_election {
        Leadership::without_lease()
    } else {
        Leadership::by_lease()
    };
    let leadership = Arc::new(leadership);

    let builder = ConsumerMacro::builder().limits(Limits::default().time(arguments.render_timeout));
    let builder = match Cache::of_user() {
        Some(cache) => builder.cache(cache),
        None => builder,
    };
    let client = client::client(config.clone(), &metrics, &leadership)?;
    let consumer_macro = builder.from_bytes(COMPONENT)?;
    let kubernetes_version = kubernetes_version(&client, &consumer_macro).await;
    let context = Arc::new(Context::new(
        Cluster {
            client,
            leadership: leadership.clone(),
            identity: identity.clone(),
            dry_run: arguments.dry_run,
        },
        consumer_macro,
        given(arguments.workload_namespace.as_ref()),
        kubernetes_version,
        metrics.clone(),
    ));

    let is_ready = Arc::new(AtomicBool::new(false));
    let listener = TcpListener::bind(arguments.http_address)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.http_address))?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(serve(
        listener,
        Health { context: context.clone(), is_ready: is_ready.clone() }.router(),
        stopped.clone(),
    ));
    let reviews = answer_reviews(&arguments, &context, &stopped).await?;
    info!(%address, identity, version = env!("CARGO_PKG_VERSION"), "started");

    let election = if arguments.no_leader_election {
        metrics.set_leader(true);
        None
    } else {
        let place = Place {
            namespace: given(arguments.lease_namespace.as_ref()).unwrap_or(own_namespace),
            name: arguments.lease_name.clone(),
            identity,
        };
        let client = client::lease_client(config, &metrics)?;
        Some(tokio::spawn(elect(client, place, leadership, metrics.clone(), stopped.clone())))
    };

    let mut watches = JoinSet::new();
    let controllers = start(&arguments, &context, &is_ready, &mut watches);
    tokio::select! {
        _ = terminate.recv() => info!("SIGTERM: finishing what was begun"),
        _ = tokio::signal::ctrl_c() => info!("interrupted: finishing what was begun"),
    }

    // The lease goes back last: nobody else writes while this replica finishes what it began. But the election stops
    // by the same word, so reconciliations are waited for first.
    let (drain, draining) = (controllers.drain, controllers.tasks);
    drain.send_replace(true);
    if tokio::time::timeout(END, draining.join_all()).await.is_err() {
        error!("reconciliations did not finish in {} s", END.as_secs());
    }
    stop.send_replace(true);
    watches.abort_all();
    if let Some(election) = election {
        let _ = tokio::time::timeout(PATIENCE, election).await;
    }
    let _ = tokio::time::timeout(PATIENCE, server).await;
    if let Some(reviews) = reviews {
        let _ = tokio::time::timeout(PATIENCE, reviews).await;
    }
    info!("ended");
    Ok(())
}

/// The version of the API server, where it says one that the macro knows.
async fn kubernetes_version(
    client: &kube::Client,
    consumer_macro: &ConsumerMacro,
) -> Option<String> {
    let answer = tokio::time::timeout(PATIENCE, client.apiserver_version()).await;
    let version = answer.ok()?.ok()?.git_version;
    knows_kubernetes(consumer_macro, &version).then_some(version)
}

/// Begins to answer reviews of pipelines, where that is asked for.
async fn answer_reviews(
    arguments: &Run,
    context: &Arc<Context>,
    stopped: &watch::Receiver<bool>,
) -> anyhow::Result<Option<JoinHandle<std::io::Result<()>>>> {
    let (Some(address), Some(certificate), Some(key)) =
        (arguments.admission_address, arguments.tls_certificate.clone(), arguments.tls_key.clone())
    else {
        return Ok(None);
    };
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let listener = Tls::new(listener, Files { certificate, key })?;
    info!(reviews = %listener.local_addr()?, "answering reviews");
    Ok(Some(tokio::spawn(serve(listener, admission::router(context.clone()), stopped.clone()))))
}

struct Controllers {
    tasks: JoinSet<()>,
    drain: watch::Sender<bool>,
}

/// Starts the watches, and a controller for each namespace that is watched.
fn start(
    arguments: &Run,
    context: &Arc<Context>,
    is_ready: &Arc<AtomicBool>,
    watches: &mut JoinSet<()>,
) -> Controllers {
    let namespaces = arguments.namespaces();
    let scopes: Vec<Option<String>> =
        if namespaces.is_empty() { vec![None] } else { namespaces.into_iter().map(Some).collect() };
    let controllers: Vec<_> = scopes
        .into_iter()
        .map(|scope| {
            let (sender, requests) = futures::channel::mpsc::unbounded();
            let writer = Writer::new(pipeline::resource());
            let store = writer.as_reader();
            (scope, writer, store, Queue { sender, context: context.clone() }, requests)
        })
        .collect();

    let queues: Vec<Queue> = controllers.iter().map(|(_, _, _, queue, _)| queue.clone()).collect();
    let children: Vec<Option<String>> = match &context.workload_namespace {
        Some(namespace) => vec![Some(namespace.clone())],
        None => controllers.iter().map(|(scope, ..)| scope.clone()).collect(),
    };
    let mut known = Vec::new();
    for namespace in children {
        for resource in cluster::kinds() {
            let (ready, is_known) = watch::channel(false);
            known.push(is_known);
            watches.spawn(watch_children(
                resource,
                namespace.clone(),
                context.clone(),
                queues.clone(),
                ready,
            ));
        }
    }

    watches.spawn(watch_definition(context.clone()));

    let (drain, draining) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for (scope, writer, store, queue, requests) in controllers {
        watches.spawn(watch_pipelines(scope.clone(), writer, context.clone(), queue.clone()));
        watches.spawn(ask_for_all_on_lead(
            context.cluster.leadership.watch(),
            store.clone(),
            queue,
        ));
        let parts = (context.clone(), known.clone(), is_ready.clone(), draining.clone());
        tasks.spawn(control(scope, store, requests, parts));
    }
    Controllers { tasks, drain }
}

type Parts = (Arc<Context>, Vec<watch::Receiver<bool>>, Arc<AtomicBool>, watch::Receiver<bool>);

/// Reconciles what is asked for in a namespace, or in all, and looks for what pipelines have left there, once everything
/// is known, until it is told to drain.
async fn control(
    namespace: Option<String>,
    store: Store<DynamicObject>,
    requests: UnboundedReceiver<ReconcileRequest<DynamicObject>>,
    (context, known, is_ready, mut draining): Parts,
) {
    let all_known = async {
        for mut known in known {
            let _ = known.wait_for(|known| *known).await;
        }
        let _ = store.wait_until_ready().await;
    };
    let mut drain = draining.clone();
    tokio::select! {
        () = all_known => is_ready.store(true, Ordering::Relaxed),
        _ = drain.wait_for(|drain| *drain) => return,
    }

    let metrics = context.metrics.clone();
    let until = async move {
        let _ = draining.wait_for(|drain| *drain).await;
    };
    let requests =
        requests.inspect(move |_| metrics.queued(-1)).map(Ok::<_, Infallible>).take_until(until);
    let config = controller::Config::default().concurrency(CONCURRENCY);
    let reconcile = |object, context| reconcile(object, context).boxed();
    // What went wrong is logged and counted where it did.
    let reconciliations = applier(reconcile, after_error, context.clone(), store, requests, config)
        .for_each(|_| std::future::ready(()));
    tokio::select! {
        () = reconciliations => {}
        () = leftovers::collect(namespace, context) => {}
    }
}

/// Who begins to lead does not know what the former leader left undone.
async fn ask_for_all_on_lead(
    mut leads: watch::Receiver<bool>,
    store: Store<DynamicObject>,
    queue: Queue,
) {
    loop {
        if *leads.borrow_and_update() {
            queue.ask_for_all(&store);
        }
        if leads.changed().await.is_err() {
            return;
        }
    }
}

fn identity() -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "operator".to_owned());
    format!("{host}-{}", std::process::id())
}
