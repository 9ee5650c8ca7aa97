//! Random sequences of edits, deletions and damage; whenever things are quiet, the cluster is what the pipelines say.

use crate::harness::{World, consumer_macro, pipeline, wait_for};
use crate::trial;
use anyhow::Result;
use kube::ResourceExt;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use libtest_mimic::Trial;
use sentry_streams_k8s_host::ConsumerMacro;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("random_damage_ends_as_the_pipelines_say", model)]
}

/// `MODEL_STEPS` steps from `MODEL_SEED`; these where nothing is said.
const STEPS: u64 = 120;
const SEED: u64 = 1;
/// Steps between looks at the cluster.
const ROUND: u64 = 12;

/// Numbers that look random and are the same for the same seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// What the cluster should hold: the specs of the pipelines there are.
#[derive(Default)]
struct Model(BTreeMap<String, Value>);

async fn model(namespace: String) -> Result<()> {
    let number = |name: &str, default| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (steps, seed) = (number("MODEL_STEPS", STEPS), number("MODEL_SEED", SEED));
    let world = World::new(&namespace).await?;
    let consumer_macro = consumer_macro()?;
    let mut random = Random(seed.max(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut model = Model::default();

    // A bystander, which nobody may touch.
    let bystander: kube::api::DynamicObject = serde_json::from_value(json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "bystander" }, "data": { "a": "b" },
    }))?;
    let bystander = world.config_maps().create(&PostParams::default(), &bystander).await?;

    for step in 0..steps {
        let what = act(&world, &mut model, &mut random).await?;
        if step % ROUND == ROUND - 1 || step == steps - 1 {
            wait_for(&format!("the model after step {step} of seed {seed}, {what}"), async || {
                differs(&world, &consumer_macro, &model).await
            })
            .await?;
            let now = world.config_maps().get("bystander").await?;
            anyhow::ensure!(
                now.resource_version() == bystander.resource_version(),
                "the bystander was touched"
            );
        }
    }
    Ok(())
}

async fn act(world: &World, model: &mut Model, random: &mut Random) -> Result<String> {
    let name = format!("p{}", random.below(4));
    let spec = model.0.get(&name).cloned();
    match (random.below(10), spec) {
        (0..=4, None) => {
            let object = pipeline(&name, json!({ "replicas": 2 + random.below(3) }));
            // The one of this name before it may still be on its way out.
            world.create_object(&object).await?;
            model.0.insert(name.clone(), object["spec"].clone());
            Ok(format!("{name} is created"))
        }
        (0..=4, Some(_)) => {
            let change = match random.below(5) {
                0 => json!({ "with_canary": true }),
                1 => json!({ "with_canary": false }),
                2 => json!({ "image_name": format!("example.com/image:{}", random.below(9)) }),
                3 => json!({ "pipeline_name": format!("{name}-{}", random.below(3)) }),
                _ => json!({ "replicas": 2 + random.below(4) }),
            };
            let object = world.change(&name, change.clone()).await?;
            model.0.insert(name.clone(), object.data["spec"].clone());
            Ok(format!("{name} is changed: {change}"))
        }
        (5, Some(_)) => {
            world.pipelines().delete(&name, &DeleteParams::foreground()).await?;
            wait_for("the pipeline to be gone", async || {
                let is_gone = world.pipelines().get_opt(&name).await?.is_none();
                Ok(if is_gone { Ok(()) } else { Err(String::new()) })
            })
            .await?;
            model.0.remove(&name);
            Ok(format!("{name} is deleted"))
        }
        _ => damage(world, random).await,
    }
}

/// Does something to an object that is not the pipeline's own doing.
async fn damage(world: &World, random: &mut Random) -> Result<String> {
    let api = if random.below(2) == 0 { world.deployments() } else { world.config_maps() };
    let list = api.list(&ListParams::default().labels(crate::harness::OWNER)).await?;
    let Some(object) = list.items.get(usize::try_from(random.below(8))? % list.items.len().max(1))
    else {
        return Ok("nothing to damage".to_owned());
    };
    let name = object.name_any();
    let patch = match random.below(5) {
        0 => {
            // Gone already is fine.
            let _ = api.delete(&name, &DeleteParams::background()).await;
            return Ok(format!("{name} is deleted by somebody"));
        }
        1 => json!({ "metadata": { "labels": { crate::harness::OWNER: null } } }),
        2 => json!({ "metadata": { "labels": { "service": "damaged" } } }),
        3 => json!({ "metadata": { "annotations": null } }),
        _ => json!({ "spec": { "replicas": 7 }, "data": { "pipeline_config.yaml": "damaged" } }),
    };
    // It may go away meanwhile; and a ConfigMap has no spec, a Deployment no data: unknown fields are dropped.
    let _ = api.patch(&name, &PatchParams::default(), &Patch::Merge(&patch)).await;
    Ok(format!("{name} is damaged: {patch}"))
}

/// How the cluster differs from what the pipelines say, if it does.
async fn differs(
    world: &World,
    consumer_macro: &ConsumerMacro,
    model: &Model,
) -> Result<Result<(), String>> {
    let mut expected = BTreeMap::new();
    for (name, spec) in &model.0 {
        let mut object = pipeline(name, json!({}));
        object["spec"] = spec.clone();
        for manifest in consumer_macro.render(&object.to_string())?.manifests {
            let object: Value = serde_json::from_str(&manifest.json)?;
            expected.insert((manifest.kind, manifest.name), summary(&object));
        }
    }

    let mut standing = BTreeMap::new();
    for (kind, api) in [("ConfigMap", world.config_maps()), ("Deployment", world.deployments())] {
        for object in api.list(&ListParams::default()).await?.items {
            let name = object.name_any();
            if !["kube-root-ca.crt", "bystander"].contains(&name.as_str()) {
                standing.insert((kind.to_owned(), name), summary(&serde_json::to_value(&object)?));
            }
        }
    }
    Ok(if standing == expected {
        Ok(())
    } else {
        Err(format!("{standing:#?} instead of {expected:#?}"))
    })
}

/// What of an object the steps change.
fn summary(object: &Value) -> Value {
    json!([
        object["data"],
        object["spec"]["replicas"],
        object.pointer("/spec/template/spec/containers/0/image"),
        object.pointer("/metadata/labels/service"),
    ])
}
