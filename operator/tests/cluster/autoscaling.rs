//! Autoscalers change the pipeline, as they would a Deployment: the way of KEDA, which makes an autoscaler of its own
//! for a metric that it serves, and takes the pipeline to nothing and back by the `scale` subresource.

use crate::harness::{World, kubectl_ok, wait_for};
use crate::trial;
use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("an_external_metric_scales_it_to_nothing_and_back", keda)]
}

/// Serves one external metric, whatever is asked for: what KEDA's metrics server does.
async fn serve_metric(value: Arc<AtomicU64>, directory: &Path) -> Result<u16> {
    let (certificate, key) = (directory.join("metric.crt"), directory.join("metric.key"));
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-days", "1", "-subj", "/CN=localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let chain = vec![CertificateDer::from_pem_file(&certificate)?];
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(&key)?)?;
    let listener = Encrypted {
        listener: tokio::net::TcpListener::bind("127.0.0.1:0").await?,
        acceptor: Arc::new(config).into(),
    };
    let port = listener.listener.local_addr()?.port();
    let router = Router::new()
        .route(
            GROUP,
            get(async || {
                json_answer(json!({
                    "kind": "APIResourceList", "apiVersion": "v1",
                    "groupVersion": "external.metrics.k8s.io/v1beta1", "resources": [],
                }))
            }),
        )
        .route(&format!("{GROUP}/namespaces/{{namespace}}/{{metric}}"), get(metric))
        .with_state(value);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(port)
}

const GROUP: &str = "/apis/external.metrics.k8s.io/v1beta1";

async fn metric(State(value): State<Arc<AtomicU64>>) -> impl IntoResponse {
    json_answer(json!({
        "kind": "ExternalMetricValueList", "apiVersion": "external.metrics.k8s.io/v1beta1", "metadata": {},
        "items": [{
            "metricName": "lag", "metricLabels": {}, "timestamp": k8s_openapi::jiff::Timestamp::now().to_string(),
            "value": value.load(Ordering::Relaxed).to_string(),
        }],
    }))
}

fn json_answer(value: Value) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string())
}

struct Encrypted {
    listener: tokio::net::TcpListener,
    acceptor: tokio_rustls::TlsAcceptor,
}

impl axum::serve::Listener for Encrypted {
    type Io = tokio_rustls::server::TlsStream<tokio::net::TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

async fn keda(namespace: String) -> Result<()> {
    let value = Arc::new(AtomicU64::new(40));
    let directory = crate::harness::state().context("no cluster")?;
    let port = serve_metric(value.clone(), &directory).await?;
    // The API server finds the metric by a service, here one that is but a name.
    let service = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": "external-metrics", "namespace": "default" },
        "spec": { "type": "ExternalName", "externalName": "localhost" },
    });
    let api = json!({
        "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
        "metadata": { "name": "v1beta1.external.metrics.k8s.io" },
        "spec": {
            "group": "external.metrics.k8s.io", "version": "v1beta1", "insecureSkipTLSVerify": true,
            "groupPriorityMinimum": 100, "versionPriority": 100,
            "service": { "name": "external-metrics", "namespace": "default", "port": port },
        },
    });
    for object in [service, api] {
        kubectl_ok(&["apply", "-f", "-"], &object.to_string())?;
    }

    let world = World::new(&namespace).await?;
    world.create("p", json!({ "with_canary": true, "replicas": 2 })).await?;
    world.until("p", "Ready").await?;
    let autoscaler = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": { "name": "keda-hpa-p", "namespace": namespace },
        "spec": {
            "scaleTargetRef": {
                "apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline", "name": "p",
            },
            "minReplicas": 2, "maxReplicas": 8,
            "metrics": [{ "type": "External", "external": {
                "metric": { "name": "s0-kafka-uptime" },
                "target": { "type": "AverageValue", "averageValue": "10" },
            } }],
            "behavior": { "scaleDown": { "stabilizationWindowSeconds": 0 } },
        },
    });
    kubectl_ok(&["apply", "-f", "-"], &autoscaler.to_string())?;
    until_replicas(&world, 4).await?;
    value.store(60, Ordering::Relaxed);
    until_replicas(&world, 6).await?;
    value.store(30, Ordering::Relaxed);
    until_replicas(&world, 3).await?;

    // Nothing to do: KEDA itself takes it to nothing, then to one, and the autoscaler goes on from there.
    scale(&world, 0)?;
    until_replicas(&world, 0).await?;
    scale(&world, 1)?;
    until_replicas(&world, 3).await?;
    kubectl_ok(&["delete", "apiservice", "v1beta1.external.metrics.k8s.io"], "")?;
    Ok(())
}

/// Writes the `scale` subresource, as KEDA does.
fn scale(world: &World, replicas: u32) -> Result<()> {
    let path = format!(
        "/apis/streams.sentry.io/v1alpha1/namespaces/{}/streamingpipelines/p/scale",
        world.namespace
    );
    let mut scale: Value = serde_json::from_str(&kubectl_ok(&["get", "--raw", &path], "")?)?;
    ensure!(scale["status"]["selector"].as_str().is_some_and(|text| !text.is_empty()), "{scale}");
    scale["spec"]["replicas"] = json!(replicas);
    kubectl_ok(&["replace", "--raw", &path, "-f", "-"], &scale.to_string())?;
    Ok(())
}

/// Waits until so many pods are asked for, in both Deployments together.
async fn until_replicas(world: &World, replicas: i64) -> Result<()> {
    wait_for(&format!("{replicas} replicas"), async || {
        let mut total = 0;
        for deployment in world.deployments().list(&kube::api::ListParams::default()).await?.items {
            total += deployment.data["spec"]["replicas"].as_i64().unwrap_or_default();
        }
        let status = &world.pipelines().get("p").await?.data["status"];
        let is_told = status["total_replicas"] == replicas;
        let seen = format!("{total}, {status}");
        Ok(if total == replicas && is_told { Ok(()) } else { Err(seen) })
    })
    .await
}
