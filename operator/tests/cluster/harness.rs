//! What all tests need: the operator as a process of its own, and a namespace for each test.

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{
    Api, ApiResource, DeleteParams, DynamicObject, GroupVersionKind, ListParams, Patch,
    PatchParams, PostParams,
};
use kube::{Client, ResourceExt};
use sentry_streams_k8s_host::ConsumerMacro;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long things may take. Kubernetes itself takes up to a minute to delete what a deleted object owned.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) const OWNER: &str = "pipeline.streams.sentry.io/owner-uid";

/// The account that the operator's manifests make.
pub(crate) const ACCOUNT: &str = "streams-k8s-operator";

/// The state of the cluster under test, as `tests/cluster/cluster with` says it.
pub(crate) fn state() -> Option<PathBuf> {
    std::env::var_os("CLUSTER_STATE").map(PathBuf::from)
}

/// Runs kubectl; returns what it printed, also where it failed.
pub(crate) fn kubectl(arguments: &[&str], input: &str) -> Result<(bool, String)> {
    use std::io::Write;
    let mut child = Command::new("kubectl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("kubectl")?;
    child.stdin.take().context("no stdin")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    let text = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    Ok((output.status.success(), text))
}

/// Runs kubectl, which must succeed.
pub(crate) fn kubectl_ok(arguments: &[&str], input: &str) -> Result<String> {
    let (is_ok, text) = kubectl(arguments, input)?;
    ensure!(is_ok, "kubectl {}: {text}", arguments.join(" "));
    Ok(text)
}

/// Installs what the operator needs, as its documentation says.
pub(crate) fn install() -> Result<()> {
    for file in ["crd.yaml", "rbac.yaml"] {
        let path = format!("{}/manifests/{file}", env!("CARGO_MANIFEST_DIR"));
        kubectl_ok(&["apply", "--server-side", "--force-conflicts", "-f", &path], "")?;
    }
    kubectl_ok(
        &["wait", "--for=condition=Established", "crd/streamingpipelines.streams.sentry.io"],
        "",
    )?;
    Ok(())
}

/// The macro, as the operator has it.
pub(crate) fn consumer_macro() -> Result<ConsumerMacro> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/component/sentry_streams_k8s.wasm");
    Ok(ConsumerMacro::from_file(path)?)
}

/// The operator, running as its service account. Ends with its owner.
pub(crate) struct Operator {
    child: Child,
    log: PathBuf,
}

impl Operator {
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Result<Self> {
        let state = state().context("no cluster")?;
        let config = state.join("operator.kubeconfig");
        let token = kubectl_ok(&["create", "token", ACCOUNT, "-n", ACCOUNT], "")?;
        let admin = std::fs::read_to_string(state.join("kubeconfig"))?;
        let (before, _) = admin.split_once("token: ").context("no token in the kubeconfig")?;
        std::fs::write(&config, format!("{before}token: \"{}\"}}}}]\n", token.trim()))?;

        let log = state.join(format!("operator-{name}.log"));
        let child = Command::new(env!("CARGO_BIN_EXE_streams-k8s-operator"))
            .args([
                "run",
                "--http-address",
                "127.0.0.1:0",
                "--lease-namespace",
                ACCOUNT,
                "--identity",
                name,
            ])
            .args(arguments)
            .env("KUBECONFIG", &config)
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .context("the operator")?;
        let operator = Self { child, log };
        let end = Instant::now() + PATIENCE;
        while !operator.log().contains("\"started\"") {
            ensure!(Instant::now() < end, "the operator did not start: {}", operator.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(operator)
    }

    pub(crate) fn log_path(&self) -> &std::path::Path {
        &self.log
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What it answers over HTTP.
    pub(crate) fn http(&self, path: &str) -> Result<String> {
        let log = self.log();
        let (_, rest) =
            log.split_once("\"address\":\"").context("the operator has not said its address")?;
        let (address, _) = rest.split_once('"').context("no end of the address")?;
        let output = Command::new("curl")
            .args(["-sS", "-i", &format!("http://{address}{path}")])
            .output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// How often it has asked the component.
    pub(crate) fn renderings(&self) -> Result<f64> {
        let metrics = self.http("/metrics")?;
        let count = metrics
            .lines()
            .find_map(|line| line.strip_prefix("streams_operator_render_seconds_count "));
        Ok(count.unwrap_or_default().parse()?)
    }

    /// Sends it a signal, by the signal's name.
    pub(crate) fn signal(&self, name: &str) -> Result<()> {
        signal(self.child.id(), name)
    }

    /// Asks it to end and waits; returns how long that took.
    pub(crate) fn end(mut self) -> Result<Duration> {
        let begin = Instant::now();
        self.signal("TERM")?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the operator ended with {status}: {}", self.log());
        Ok(begin.elapsed())
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process, by the signal's name.
pub(crate) fn signal(process: u32, name: &str) -> Result<()> {
    let status = Command::new("kill").args(["-s", name, &process.to_string()]).status()?;
    ensure!(status.success(), "kill -s {name} failed");
    Ok(())
}

/// A namespace of its own.
pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) namespace: String,
}

impl World {
    pub(crate) async fn new(name: &str) -> Result<Self> {
        let client = Client::try_default().await?;
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let namespace: Namespace = serde_json::from_value(json!({ "metadata": { "name": name } }))?;
        namespaces.create(&PostParams::default(), &namespace).await?;
        Ok(Self { client, namespace: name.to_owned() })
    }

    fn api(&self, group: &str, version: &str, kind: &str) -> Api<DynamicObject> {
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
        Api::namespaced_with(self.client.clone(), &self.namespace, &resource)
    }

    pub(crate) fn pipelines(&self) -> Api<DynamicObject> {
        self.api("streams.sentry.io", "v1alpha1", "StreamingPipeline")
    }

    pub(crate) fn deployments(&self) -> Api<DynamicObject> {
        self.api("apps", "v1", "Deployment")
    }

    pub(crate) fn config_maps(&self) -> Api<DynamicObject> {
        self.api("", "v1", "ConfigMap")
    }

    pub(crate) fn events(&self) -> Api<DynamicObject> {
        self.api("events.k8s.io", "v1", "Event")
    }

    /// Creates a pipeline with a spec that is right but for these changes (a merge patch).
    pub(crate) async fn create(&self, name: &str, changes: Value) -> Result<DynamicObject> {
        self.create_object(&pipeline(name, changes)).await
    }

    pub(crate) async fn create_object(&self, object: &Value) -> Result<DynamicObject> {
        Ok(self
            .pipelines()
            .create(&PostParams::default(), &serde_json::from_value(object.clone())?)
            .await?)
    }

    pub(crate) async fn patch(
        &self,
        api: Api<DynamicObject>,
        name: &str,
        patch: Value,
    ) -> Result<DynamicObject> {
        Ok(api.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await?)
    }

    pub(crate) async fn change(&self, name: &str, spec: Value) -> Result<DynamicObject> {
        self.patch(self.pipelines(), name, json!({ "spec": spec })).await
    }

    pub(crate) async fn annotate(
        &self,
        name: &str,
        key: &str,
        value: &str,
    ) -> Result<DynamicObject> {
        let annotations = json!({ format!("streams.sentry.io/{key}"): value });
        self.patch(self.pipelines(), name, json!({ "metadata": { "annotations": annotations } }))
            .await
    }

    /// Waits until the operator has seen the newest spec and `Ready` has this reason. Returns the pipeline.
    pub(crate) async fn until(&self, name: &str, reason: &str) -> Result<Value> {
        wait_for(&format!("{name} to be {reason}"), async || {
            let object = self.pipelines().get(name).await?;
            let status = &object.data["status"];
            let is_seen = status["observedGeneration"].as_i64() == object.metadata.generation;
            let is_it = condition(&object.data, "Ready")["reason"] == reason;
            if is_seen && is_it {
                Ok(Ok(serde_json::to_value(&object)?))
            } else {
                Ok(Err(status.to_string()))
            }
        })
        .await
    }

    /// Waits until an object is as it should be. Absent objects are null.
    pub(crate) async fn until_object(
        &self,
        api: Api<DynamicObject>,
        name: &str,
        what: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        wait_for(&format!("{name}: {what}"), async || {
            let object = serde_json::to_value(api.get_opt(name).await?)?;
            Ok(if is_so(&object) { Ok(object) } else { Err(object.to_string()) })
        })
        .await
    }

    /// Names of the objects that carry our label.
    pub(crate) async fn ours(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for api in [self.config_maps(), self.deployments()] {
            let list = api.list(&ListParams::default().labels(OWNER)).await?;
            names.extend(list.items.iter().map(ResourceExt::name_any));
        }
        names.sort();
        Ok(names)
    }

    pub(crate) async fn until_ours(&self, expected: &[&str]) -> Result<()> {
        wait_for(&format!("the objects {expected:?}"), async || {
            let ours = self.ours().await?;
            Ok(if ours == expected { Ok(()) } else { Err(format!("{ours:?}")) })
        })
        .await
    }

    pub(crate) async fn delete(&self, api: Api<DynamicObject>, name: &str) -> Result<()> {
        api.delete(name, &DeleteParams::background()).await?;
        Ok(())
    }
}

/// Tries until it is so; else fails with what was seen last.
pub(crate) async fn wait_for<T>(
    what: &str,
    attempt: impl AsyncFn() -> Result<Result<T, String>>,
) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = match attempt().await? {
            Ok(value) => return Ok(value),
            Err(seen) => seen,
        };
        if Instant::now() > end {
            bail!("waited in vain for {what}; last seen: {seen}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A condition of a pipeline; null where it has none of this type.
pub(crate) fn condition(object: &Value, kind: &str) -> Value {
    let conditions = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
    conditions.into_iter().find(|condition| condition["type"] == kind).unwrap_or_default()
}

/// A pipeline that is right but for these changes (a merge patch of the spec). Its objects are `svc-pipeline-NAME…`.
pub(crate) fn pipeline(name: &str, changes: Value) -> Value {
    let mut spec = json!({
        "service_name": "svc",
        "pipeline_module": "pipeline.py",
        "image_name": "example.com/image:1",
        "cpu_per_process": 100,
        "memory_per_process": 64,
        "replicas": 2,
        "deployment_template": {},
        "container_template": {},
        "pipeline_config": {
            "env": {},
            "pipeline": { "segments": [{ "steps_config": { "in": {
                "starts_segment": true, "bootstrap_servers": ["127.0.0.1:9092"],
            } } }] },
        },
    });
    merge(&mut spec, changes);
    json!({
        "apiVersion": "streams.sentry.io/v1alpha1",
        "kind": "StreamingPipeline",
        "metadata": { "name": name },
        "spec": spec,
    })
}

/// A JSON merge patch.
fn merge(value: &mut Value, patch: Value) {
    let (Some(map), Value::Object(patch)) = (value.as_object_mut(), patch.clone()) else {
        *value = patch;
        return;
    };
    for (key, change) in patch {
        if change.is_null() {
            map.remove(&key);
        } else {
            merge(map.entry(key).or_insert(json!({})), change);
        }
    }
}
