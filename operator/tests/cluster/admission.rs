//! Wrong pipelines are refused when they are applied, by the API server's word.

use crate::harness::{Operator, World, kubectl, kubectl_ok, pipeline, state, wait_for};
use crate::trial;
use anyhow::{Context, Result, ensure};
use kube::api::PostParams;
use libtest_mimic::Trial;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("reviews_refuse_what_is_wrong_and_warn", reviews),
        trial("reviews_go_on_with_a_renewed_certificate", renews),
    ]
}

const CONFIGURATION: &str = "validatingwebhookconfiguration/streams-k8s-operator";

/// A certificate that vouches for itself, and its key.
struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificate {
    fn make(directory: &Path) -> Result<Self> {
        let cluster = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cluster/cluster");
        let output = Command::new(cluster).arg("certificate").arg(directory).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(Self { certificate: directory.join("tls.crt"), key: directory.join("tls.key") })
    }

    fn base64(&self) -> Result<String> {
        let output = Command::new("openssl")
            .args(["base64", "-A", "-in"])
            .arg(&self.certificate)
            .output()?;
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// An operator that reviews the pipelines of one namespace.
struct Reviewer {
    operator: Operator,
    certificate: Certificate,
    namespace: String,
}

impl Reviewer {
    async fn start(namespace: &str) -> Result<Self> {
        let certificate = Certificate::make(&state().context("no cluster")?.join(namespace))?;
        let [file, key] = [&certificate.certificate, &certificate.key].map(|p| p.to_string_lossy());
        let operator = Operator::start(
            namespace,
            &["--admission-address", "127.0.0.1:0", "--tls-certificate", &file, "--tls-key", &key],
        )?;
        let reviewer = Self { operator, certificate, namespace: namespace.to_owned() };
        reviewer.configure()?;
        // The API server takes a moment to know of it: until then everything is let through.
        reviewer.until_refused("a review").await?;
        Ok(reviewer)
    }

    /// Tells the API server whom to ask, and whom to trust.
    fn configure(&self) -> Result<()> {
        let log = self.operator.log();
        let (_, rest) = log.split_once("\"reviews\":\"").context("it has not said its address")?;
        let (address, _) = rest.split_once('"').context("no end of the address")?;
        let configuration = json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": { "name": "streams-k8s-operator" },
            "webhooks": [{
                "name": "pipelines.streams.sentry.io",
                "admissionReviewVersions": ["v1"],
                "sideEffects": "None",
                // What the test would not notice is not let through here.
                "failurePolicy": "Fail",
                "namespaceSelector": {
                    "matchLabels": { "kubernetes.io/metadata.name": self.namespace },
                },
                "rules": [{
                    "apiGroups": ["streams.sentry.io"], "apiVersions": ["v1alpha1"],
                    "resources": ["streamingpipelines"], "operations": ["CREATE", "UPDATE"],
                }],
                "clientConfig": {
                    "url": format!("https://{address}/review"),
                    "caBundle": self.certificate.base64()?,
                },
            }],
        });
        kubectl_ok(&["apply", "-f", "-"], &configuration.to_string())?;
        Ok(())
    }

    async fn until_refused(&self, what: &str) -> Result<()> {
        let wrong = pipeline("wrong", json!({ "replicsa": 3 })).to_string();
        wait_for(what, async || {
            let create = ["-n", &self.namespace, "create", "--dry-run=server", "-f", "-"];
            let (is_taken, said) = kubectl(&create, &wrong)?;
            let is_refused = !is_taken && said.contains("did you mean `replicas`?");
            Ok(if is_refused { Ok(()) } else { Err(said) })
        })
        .await
    }

    fn end(self) -> Result<()> {
        kubectl_ok(&["delete", CONFIGURATION], "")?;
        self.operator.end()?;
        Ok(())
    }
}

async fn reviews(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    // Wrong from before there were reviews.
    world.create("old", json!({ "replicsa": 3 })).await?;
    let reviewer = Reviewer::start(&namespace).await?;
    let apply = ["-n", &namespace, "apply", "--validate=ignore", "-f", "-"];

    // Every problem, with place and cure.
    let wrong = pipeline("wrong", json!({ "replicsa": 3, "log_levle": "INFO" }));
    let (is_taken, said) = kubectl(&apply, &wrong.to_string())?;
    ensure!(!is_taken, "it was taken: {said}");
    for part in [
        "admission webhook \"pipelines.streams.sentry.io\" denied the request: 2 problems:",
        "- spec.replicsa: ",
        "did you mean `replicas`?",
        "- spec.log_levle: ",
    ] {
        ensure!(said.contains(part), "no {part:?} in: {said}");
    }
    ensure!(world.pipelines().get_opt("wrong").await?.is_none(), "it is there");
    println!("{said}");

    // What is legal and suspicious is a warning.
    let odd = json!({ "deployment_template": { "spec": { "template": { "spec": {
        "containers": [{ "name": "helper", "image": "example.com/helper" }],
    } } } } });
    let (is_taken, said) = kubectl(&apply, &pipeline("odd", odd).to_string())?;
    ensure!(is_taken, "{said}");
    println!("{said}");

    // Names of another pipeline are refused; the pipeline's own are not.
    world.create("first", json!({ "pipeline_name": "same" })).await?;
    world.until("first", "Ready").await?;
    world.change("first", json!({ "image_name": "example.com/image:2" })).await?;
    let second = pipeline("second", json!({ "pipeline_name": "same" }));
    let (is_taken, said) = kubectl(&apply, &second.to_string())?;
    let owner = format!("belongs to StreamingPipeline {namespace}/first");
    ensure!(!is_taken && said.contains(&owner), "{said}");

    // What was wrong before can be labelled and let go; but not changed to what is wrong as well.
    world
        .patch(world.pipelines(), "old", json!({ "metadata": { "labels": { "team": "a" } } }))
        .await?;
    ensure!(world.change("old", json!({ "replicas": 5 })).await.is_err(), "it was changed");
    world.change("old", json!({ "replicsa": null })).await?;
    world.until("old", "Ready").await?;
    world.delete(world.pipelines(), "old").await?;

    // The limits of the host hold here as well.
    let deep = (0..300).fold(json!(1), |inner, _| json!({ "a": inner }));
    let deep = pipeline("deep", json!({ "pipeline_config": { "deep": deep } }));
    let (is_taken, said) = kubectl(&apply, &deep.to_string())?;
    ensure!(!is_taken && said.contains("nested more deeply"), "{said}");
    let huge = json!({ "metadata": { "annotations": { "a": "x".repeat(900_000) } } });
    let huge = pipeline("huge", json!({ "deployment_template": huge }));
    let (is_taken, said) = kubectl(&["-n", &namespace, "create", "-f", "-"], &huge.to_string())?;
    ensure!(!is_taken && said.len() < 4096, "{said}");

    timed(&world).await?;
    let metrics = reviewer.operator.http("/metrics")?;
    for result in ["allowed", "refused"] {
        let counter = format!("streams_operator_reviews_total{{result=\"{result}\"}}");
        ensure!(metrics.contains(&counter), "{metrics}");
    }
    reviewer.end()
}

/// Prints what reviews add to a request: seen by who makes it, one request after the other.
async fn timed(world: &World) -> Result<()> {
    const REQUESTS: usize = 200;
    let params = PostParams { dry_run: true, ..PostParams::default() };
    let object = serde_json::from_value(pipeline("timed", json!({ "with_canary": true })))?;
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        let begin = Instant::now();
        world.pipelines().create(&params, &object).await?;
        times.push(begin.elapsed());
    }
    times.sort();
    let [median, late] = [times[REQUESTS / 2], times[REQUESTS * 99 / 100]];
    println!("a request with a review takes {median:?}, at the 99th percentile {late:?}");
    ensure!(late < Duration::from_secs(1), "took {late:?}");
    Ok(())
}

async fn renews(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let mut reviewer = Reviewer::start(&namespace).await?;
    let before = reviewer.certificate.base64()?;

    // Half of it first: as long as they do not fit, the old ones serve.
    let directory = reviewer.certificate.key.parent().context("no directory")?.join("new");
    let new = Certificate::make(&directory)?;
    std::fs::copy(&new.key, &reviewer.certificate.key)?;
    wait_for("a word about what does not fit", async || {
        let log = reviewer.operator.log();
        let is_said = log.contains("the certificate stays as it was");
        Ok(if is_said { Ok(()) } else { Err(log) })
    })
    .await?;
    reviewer.until_refused("a review with the old certificate").await?;

    std::fs::copy(&new.certificate, &reviewer.certificate.certificate)?;
    reviewer.certificate =
        Certificate { certificate: new.certificate, key: reviewer.certificate.key };
    ensure!(reviewer.certificate.base64()? != before, "the same certificate");
    wait_for("the new certificate", async || {
        let log = reviewer.operator.log();
        Ok(if log.contains("the certificate is renewed") { Ok(()) } else { Err(log) })
    })
    .await?;
    reviewer.configure()?;
    reviewer.until_refused("a review with the new certificate").await?;
    world.create("right", json!({})).await?;
    world.until("right", "Ready").await?;
    reviewer.end()
}
