//! Every recorded case as a pipeline: what stands in the cluster is what the macro renders, or the status says why not.

use crate::harness::{World, condition, consumer_macro, kubectl, wait_for};
use crate::trial;
use anyhow::{Result, bail, ensure};
use kube::api::{DynamicObject, Patch, PatchParams};
use libtest_mimic::Trial;
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("recorded_cases_stand_as_rendered_or_are_told", recorded)]
}

async fn recorded(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let consumer_macro = consumer_macro()?;
    let mut counts = [0; 4];
    let mut cases: Vec<_> =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
    cases.sort();
    for path in cases {
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let object = json!({
            "apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline",
            "metadata": { "name": name, "namespace": namespace }, "spec": case["context"],
        });
        // Text in place of a mapping, and fields of a wrong type, the API server refuses itself.
        let (is_taken, said) =
            kubectl(&["create", "--validate=ignore", "-f", "-"], &object.to_string())?;
        if !is_taken {
            ensure!(said.contains("is invalid") || said.contains("error"), "{name}: {said}");
            counts[0] += 1;
            continue;
        }
        let standing = settled(&world, &name).await.map_err(|error| error.context(name.clone()))?;
        let outcome = compare(&world, &consumer_macro, &standing)
            .await
            .map_err(|error| error.context(name.clone()))?;
        counts[outcome] += 1;

        // Many cases render objects of the same names.
        kubectl(&["-n", &namespace, "delete", "streamingpipeline", &name, "--wait=false"], "")?;
        for kind in ["deployments", "configmaps"] {
            kubectl(&["-n", &namespace, "delete", kind, "-l", crate::harness::OWNER], "")?;
        }
    }
    let [not_taken, refused, not_applied, equal] = counts;
    println!(
        "{equal} stand as rendered, {refused} are refused by the macro, {not_applied} by the API server; {not_taken} are no such object"
    );
    ensure!(equal > 50 && refused > 20, "too few cases: {counts:?}");
    Ok(())
}

/// The pipeline, once the operator has said what became of it.
async fn settled(world: &World, name: &str) -> Result<DynamicObject> {
    wait_for("a word about it", async || {
        let object = world.pipelines().get(name).await?;
        let said = condition(&object.data, "Applied");
        Ok(if said.is_null() { Err(object.data["status"].to_string()) } else { Ok(object) })
    })
    .await
}

/// 1: the macro refuses it, 2: the API server does, 3: it stands as rendered. Anything else is an error.
async fn compare(
    world: &World,
    consumer_macro: &ConsumerMacro,
    standing: &DynamicObject,
) -> Result<usize> {
    let object = &standing.data;
    let reason = condition(object, "Applied")["reason"].as_str().unwrap_or_default().to_owned();
    let mut context = serde_json::to_value(standing)?;
    context.as_object_mut().unwrap().remove("status");
    context["metadata"] = json!({ "name": standing.metadata.name });
    let rendered = match consumer_macro.render(&context.to_string()) {
        Ok(rendered) => rendered,
        Err(Error::Refused(problems)) => {
            ensure!(reason == "InvalidSpec", "{reason}, where the macro says {problems:?}");
            let told: Vec<_> =
                object["status"]["problems"].as_array().into_iter().flatten().collect();
            ensure!(told.len() == problems.len().min(20), "{told:?}");
            ensure!(
                told.iter()
                    .zip(&problems)
                    .all(|(told, problem)| told["code"] == problem.code.as_str()),
                "{told:?}"
            );
            return Ok(1);
        }
        Err(error) => bail!(error),
    };
    if reason == "ApiRefused" {
        println!("{}", condition(object, "Applied")["message"]);
        return Ok(2);
    }
    ensure!(reason == "Applied", "{}", condition(object, "Applied"));
    for manifest in rendered.manifests {
        let mut expected: Value = serde_json::from_str(&manifest.json)?;
        let api =
            if manifest.kind == "ConfigMap" { world.config_maps() } else { world.deployments() };
        let live = serde_json::to_value(api.get(&manifest.name).await?)?;

        // What Kubernetes itself would make of what is rendered, under a name that is free.
        expected["metadata"]["namespace"] = json!(world.namespace);
        expected["metadata"]["name"] = json!("as-rendered");
        let params = PatchParams::apply("compare").dry_run();
        let expected = serde_json::to_value(
            api.patch("as-rendered", &params, &Patch::Apply(&expected)).await?,
        )?;
        for field in ["spec", "data"] {
            ensure!(
                live[field] == expected[field],
                "{field}: {} instead of {}",
                live[field],
                expected[field]
            );
        }
        for field in ["labels", "annotations"] {
            let mut strings = live["metadata"][field].as_object().cloned().unwrap_or_default();
            let ours =
                ["pipeline.streams.sentry.io/", "streams.sentry.io/", "deployment.kubernetes.io/"];
            strings.retain(|key, _| !ours.iter().any(|prefix| key.starts_with(prefix)));
            let expected = expected["metadata"][field].as_object().cloned().unwrap_or_default();
            ensure!(strings == expected, "{field}: {strings:?} instead of {expected:?}");
        }
    }
    Ok(3)
}
