//! Patches as people write them, and as nobody would: changes at random places of a Deployment, with values of another.

use super::{Field, Map, Object, Random, Shape, Type, Value, json};
use crate::patches::Kind;

/// A patch of a Deployment; new values are those of another.
pub(crate) fn patch(base: &Value, donor: &Value, random: &mut Random) -> Value {
    let mut patch = mapping(base, donor, Some(Object::of(Kind::Deployment)), random);
    // Mostly the pods are meant.
    if random.below(4) > 0 {
        patch["spec"]["template"]["spec"] = mapping(
            &base["spec"]["template"]["spec"],
            &donor["spec"]["template"]["spec"],
            pod_schema(),
            random,
        );
    }
    if random.one_in(100) {
        patch["$patch"] = json!(random.one_of(&["replace", "delete", "merge"]));
    }
    patch
}

fn pod_schema() -> Option<&'static Object> {
    let object = Object::of(Kind::Deployment);
    ["spec", "template", "spec"]
        .iter()
        .try_fold(object, |object, name| object.field(name)?.object())
}

/// Changes of some keys of a mapping.
fn mapping(
    base: &Value,
    donor: &Value,
    schema: Option<&'static Object>,
    random: &mut Random,
) -> Value {
    let mut patch = Map::new();
    let empty = Map::new();
    let there = base.as_object().unwrap_or(&empty);
    let others = donor.as_object().unwrap_or(&empty);
    let field = |name: &str| schema.and_then(|schema| schema.field(name));

    for _ in 0..=random.below(2) {
        let present: Vec<&String> = there.keys().collect();
        let absent: Vec<&String> = others.keys().filter(|key| !there.contains_key(*key)).collect();
        match random.below(12) {
            0..=6 if !present.is_empty() => {
                let key = *random.one_of(&present);
                let value = changed(&there[key], donor.get(key), field(key), random);
                patch.insert(key.clone(), value);
            }
            7 | 8 if !absent.is_empty() => {
                let key = *random.one_of(&absent);
                patch.insert(key.clone(), disturbed(&others[key], random));
            }
            9 if schema.is_some_and(|schema| !schema.fields.is_empty()) => {
                let field = random.one_of(schema.unwrap().fields);
                patch.insert(field.name.to_owned(), nothing(field, random));
            }
            10 if !present.is_empty() && random.one_in(3) => {
                patch.insert((*random.one_of(&present)).clone(), Value::Null);
            }
            11 if schema.is_none() => {
                patch.insert("absent".to_owned(), Value::Null);
            }
            _ => {}
        }
    }

    let keys: Vec<String> = there.keys().chain(patch.keys()).cloned().collect();
    match random.below(150) {
        0..=4 => {
            let directive =
                *random.one_of(&["replace", "delete", "replace", "delete", "merge", "x"]);
            patch.insert("$patch".to_owned(), json!(directive));
        }
        5 => {
            patch.insert("$retainKeys".to_owned(), json!(keys));
        }
        6 if !keys.is_empty() => {
            let key = random.one_of(&keys);
            let items = base.get(key).cloned().unwrap_or_else(|| json!([]));
            let kind = *random.one_of(&["setElementOrder", "deleteFromPrimitiveList"]);
            patch.insert(format!("${kind}/{key}"), items);
        }
        _ => {}
    }
    Value::Object(patch)
}

/// Null, or what has nothing in it but nulls.
fn nothing(field: &Field, random: &mut Random) -> Value {
    match (field.shape, random.below(4)) {
        (Shape::Map(_), 0) => json!({"absent": null}),
        (Shape::One(Type::Object(object)), 0) if !object.fields.is_empty() => {
            json!({random.one_of(object.fields).name: null})
        }
        (Shape::Map(_), 1) => json!({}),
        (Shape::List(_), 0 | 1) => json!([]),
        _ => Value::Null,
    }
}

/// Another value in place of one that is there.
fn changed(
    base: &Value,
    donor: Option<&Value>,
    field: Option<&'static Field>,
    random: &mut Random,
) -> Value {
    let nothing = Value::Null;
    let other = donor.unwrap_or(&nothing);
    match base {
        _ if random.one_in(25) => Value::Null,
        Value::Object(_) if random.one_in(40) => json!({}),
        Value::Object(amounts) if is_amount(field) => {
            let changed = amounts.keys().map(|name| (name.clone(), amount(random)));
            changed.chain([("ephemeral-storage".to_owned(), Value::Null)]).collect()
        }
        Value::Object(_) => mapping(base, other, field.and_then(Field::object), random),
        Value::Array(items) => list(items, other, field, random),
        _ if random.one_in(3) && std::mem::discriminant(other) == std::mem::discriminant(base) => {
            other.clone()
        }
        Value::Bool(value) => json!(!value),
        Value::String(_) if random.below(4) > 0 => base.clone(),
        _ if is_amount(field) => amount(random),
        Value::Number(number) => match number.as_i64() {
            Some(number) if random.below(6) > 0 => json!(number.saturating_add(1)),
            _ => random.one_of(&[json!(7), json!("25%"), json!(0.5)]).clone(),
        },
        _ => json!(*random.one_of(&["a", "b-1", "1", "25%", "TCP", "Always", "/a", ""])),
    }
}

fn amount(random: &mut Random) -> Value {
    let amounts = [json!("1500m"), json!("2"), json!(2), json!(1.5), json!("1Gi"), json!("25%")];
    random.one_of(&amounts).clone()
}

fn is_amount(field: Option<&Field>) -> bool {
    field.is_some_and(|field| {
        matches!(
            field.shape,
            Shape::Map(Type::Quantity) | Shape::One(Type::Quantity | Type::IntOrString)
        )
    })
}

/// A list over one that is there: items of it, of the other list, without keys, twice, with directives.
fn list(
    base: &[Value],
    donor: &Value,
    field: Option<&'static Field>,
    random: &mut Random,
) -> Value {
    let keys = field.map(|field| field.merge_keys).unwrap_or_default();
    let schema = field.and_then(Field::object);
    let donors = donor.as_array().cloned().unwrap_or_default();
    let mut patch: Vec<Value> = Vec::new();

    for _ in 0..random.below(4) {
        let identified = |item: &Value, mut patch: Value| {
            for key in keys {
                if let (Some(value), Some(patch)) = (item.get(key), patch.as_object_mut()) {
                    patch.insert((*key).to_owned(), value.clone());
                }
            }
            patch
        };
        let item = match random.below(20) {
            0..=8 if !base.is_empty() => {
                let item = random.one_of(base);
                let other = if donors.is_empty() { item } else { random.one_of(&donors) };
                if item.is_object() && !keys.is_empty() {
                    identified(item, mapping(item, other, schema, random))
                } else {
                    item.clone()
                }
            }
            9..=12 if !donors.is_empty() => disturbed(random.one_of(&donors), random),
            13 | 14 if !base.is_empty() && !keys.is_empty() => {
                identified(random.one_of(base), json!({"$patch": "delete"}))
            }
            15 if !donors.is_empty() && !keys.is_empty() => {
                identified(random.one_of(&donors), json!({"$patch": "delete"}))
            }
            16 if !keys.is_empty() => {
                let mut item = json!({"$patch": *random.one_of(&["delete", "replace"])});
                for key in keys {
                    item[*key] = json!("absent");
                }
                item
            }
            17 if keys.contains(&"containerPort") => {
                let protocol = *random.one_of(&["TCP", "UDP", "SCTP"]);
                json!({"containerPort": *random.one_of(&[53, 80]), "protocol": protocol})
            }
            18 if !patch.is_empty() => random.one_of(&patch).clone(),
            19 if random.one_in(4) && schema.is_some() => json!({}),
            _ => continue,
        };
        patch.push(item);
    }

    if random.one_in(12) {
        patch.insert(random.below(patch.len() + 1), json!({"$patch": "replace"}));
    }
    Value::Array(patch)
}

/// A value, with nulls and directives in it now and then.
fn disturbed(value: &Value, random: &mut Random) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: Map<String, Value> = map
                .iter()
                .map(|(key, value)| {
                    let value =
                        if random.one_in(40) { Value::Null } else { disturbed(value, random) };
                    (key.clone(), value)
                })
                .collect();
            if random.one_in(60) {
                map.insert("absent".to_owned(), Value::Null);
            }
            if random.one_in(60) {
                map.insert("$patch".to_owned(), json!(*random.one_of(&["replace", "delete"])));
            }
            Value::Object(map)
        }
        Value::Array(items) => items.iter().map(|item| disturbed(item, random)).collect(),
        other => other.clone(),
    }
}
