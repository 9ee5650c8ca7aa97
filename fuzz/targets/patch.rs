//! The laws of layers: nothing changes nothing, the order of keys does not matter, and neither does what is there.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s::kubernetes::Kind;
use sentry_streams_k8s::kubernetes::schema::{Field, Object, Shape};
use sentry_streams_k8s_fuzz::{generate, laws};
use serde_json::{Map, Value, json};

fuzz_target!(|bytes: &[u8]| {
    let _ = check(&mut Unstructured::new(bytes));
});

fn check(u: &mut Unstructured<'_>) -> Result<()> {
    let flags: u8 = u.arbitrary()?;
    let mut context = generate::plain_context();
    context["allow_unknown_fields"] = json!(flags & 1 != 0);
    context["with_canary"] = json!(flags & 2 != 0);
    context["replicas"] = json!(2);
    context["deployment_template"] = generate::deployment(u)?;
    context["container_template"] = generate::container(u)?;
    let plain = objects(&context);
    for nothing in [json!({}), Value::Null, json!("")] {
        context["emergency_patch"] = nothing;
        assert_eq!(
            plain,
            objects(&context),
            "a patch that says nothing changes something: {context}"
        );
    }
    if let (Some(plain), 0) = (&plain, flags & 2) {
        let deployment = &plain["deployment"];
        context["emergency_patch"] = present(deployment, Some(Object::of(Kind::Deployment)));
        assert_eq!(
            Some(plain),
            objects(&context).as_ref(),
            "what is there changes something: {context}"
        );
    }
    let patch = generate::patch(u)?;
    context["emergency_patch"] = patch.clone();
    let patched = objects(&context);
    context["emergency_patch"] = backwards(&patch);
    assert_eq!(patched, objects(&context), "the order of keys matters: {context}");
    Ok(())
}

/// What a context renders to, where it does; equal without regard to the order of keys.
fn objects(context: &Value) -> Option<Map<String, Value>> {
    let rendered = laws::check(&context.to_string()).ok()?;
    Some(
        rendered
            .manifests
            .iter()
            .map(|manifest| (manifest.role.to_owned(), laws::json(&manifest.json)))
            .collect(),
    )
}

/// The patch that says what is there: lists without merge keys, which are appended to, are left out.
fn present(node: &Value, object: Option<&'static Object>) -> Value {
    let Value::Object(map) = node else { return node.clone() };
    let field = |name: &str| object.and_then(|object| object.field(name));
    // In a patch, keys that begin so are directives.
    let names = map.iter().filter(|(name, _)| !name.starts_with('$'));
    let present = names.filter_map(|(name, value)| {
        let known = field(name);
        let below = known.and_then(Field::object);
        Some((
            name.clone(),
            match value {
                Value::Array(items) => {
                    let field = known.filter(|field| matches!(field.shape, Shape::List(_)))?;
                    // Of two items of one key the last one counts; what is there twice, or has no key, is not for a
                    // patch to say.
                    let key = field.merge_keys.first()?;
                    let mut keys: Vec<String> =
                        items.iter().map(|item| item[key].to_string()).collect();
                    keys.sort();
                    keys.dedup();
                    if keys.len() < items.len() || items.iter().any(|item| item[key].is_null()) {
                        return None;
                    }
                    items.iter().map(|item| present(item, below)).collect()
                }
                // In a patch, it removes.
                Value::Null => return None,
                value => present(value, below),
            },
        ))
    });
    Value::Object(present.collect())
}

/// The same value with the keys of every mapping the other way round.
fn backwards(node: &Value) -> Value {
    match node {
        Value::Object(map) => {
            map.iter().rev().map(|(key, value)| (key.clone(), backwards(value))).collect()
        }
        Value::Array(items) => items.iter().map(backwards).collect(),
        other => other.clone(),
    }
}
