//! Damaged objects: valid Deployments with one random change, on which our verdict and Kubernetes' must agree.

use crate::corpus::Case;
use crate::random::Random;
use crate::validator::Validator;
use libtest_mimic::Failed;
use sentry_streams_k8s::kubernetes::schema::{Object, Shape, Type};
use sentry_streams_k8s::kubernetes::{Cluster, Kind, problems};
use sentry_streams_k8s::value::{Node, Source, Value as NodeValue};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Damages each Deployment many times, each time in one place.
pub(crate) fn verdicts_agree(cases: &[Case], validator: &Validator) -> Result<(), Failed> {
    let mut disagreements = String::new();
    let (mut refused, mut count) = (0, 0);
    damaged(cases, &mut |name, change, damaged| {
        let theirs = validator.reasons(damaged);
        let ours = errors(damaged, Cluster::default());
        count += 1;
        refused += usize::from(!theirs.is_empty());
        if theirs.is_empty() != ours.is_empty()
            && !stricter_on_purpose(&ours)
            && !left_to_kubernetes(&theirs)
        {
            writeln!(disagreements, "{name}: {change}\n  Kubernetes: {theirs:?}\n  we: {ours:?}")
                .unwrap();
        }
    });
    eprintln!("{count} damaged Deployments, of which Kubernetes refuses {refused}");
    if disagreements.is_empty() { Ok(()) } else { Err(disagreements.into()) }
}

/// Damages each Deployment many times, each time in one place, and visits what comes of it: its name, what was changed,
/// the Deployment.
pub(crate) fn damaged(cases: &[Case], visit: &mut dyn FnMut(&str, &str, &Value)) {
    let times = std::env::var("MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    let mut random = Random::seeded();
    let mut plain = Places::default();
    plain.collect(&Case::plain().deployment(), None);
    let plain = plain.all;
    for case in cases {
        let deployment = case.deployment();
        for _ in 0..times {
            let mut damaged = deployment.clone();
            let change = damage(&mut damaged, &plain, &mut random);
            visit(&case.name, &change, &damaged);
        }
    }
}

/// What Kubernetes takes of a Deployment but not of its pods, or reads as something else; see `docs/kubernetes.md`.
pub(crate) fn stricter_on_purpose(ours: &[String]) -> bool {
    !ours.is_empty()
        && ours.iter().all(|finding| {
            finding.contains("terminationGracePeriodSeconds: out-of-range")
                || finding.contains("image: unsupported-value")
                || finding.contains("image: missing-field")
                || finding.contains("image.reference: missing-field")
                || finding.contains("template.metadata.ownerReferences")
                || finding.contains("evictionResponders")
                || finding.contains("fieldsV1: wrong-type")
                || finding.contains("envFrom")
                || finding.contains("nodeName: conflicting-fields")
        })
}

/// What we leave to Kubernetes; see `docs/kubernetes.md`.
pub(crate) fn left_to_kubernetes(theirs: &[String]) -> bool {
    !theirs.is_empty() && theirs.iter().all(|reason| reason.contains("divisor"))
}

/// What we would refuse of an object.
pub(crate) fn errors(object: &Value, cluster: Cluster) -> Vec<String> {
    let text = object.to_string();
    let document = sentry_streams_k8s::read::read(&text, Source::Context).unwrap();
    let node: &Node<'_> = &document.root;
    assert!(matches!(node.value, NodeValue::Map(_)));
    let found = problems(node, Kind::Deployment, cluster).into_iter();
    found
        .map(|problem| format!("{}: {}: {}", problem.path, problem.code, problem.message))
        .collect()
}

/// Changes one place of an object, and says what. Places that only this case has are changed more often.
fn damage(object: &mut Value, plain: &[String], random: &mut Random) -> String {
    let mut places = Places::default();
    places.collect(object, Some(Object::of(Kind::Deployment)));
    if random.below(4) == 0 {
        let (pointer, schema) = random.one_of(&places.objects).clone();
        let field = random.one_of(schema.fields);
        let value = generated(field.shape, 0, random);
        let text = format!("{pointer}/{} = {value}", field.name);
        object.pointer_mut(&pointer).unwrap()[field.name] = value;
        return text;
    }
    let own: Vec<String> =
        places.all.iter().filter(|place| !plain.contains(place)).cloned().collect();
    let places = if own.is_empty() || random.below(4) == 0 { &places.all } else { &own };
    let pointer = random.one_of(places).clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    let parent = object.pointer_mut(parent).unwrap();
    match (random.below(10), parent) {
        (0, Value::Object(entries)) => {
            entries.remove(&key);
            format!("{pointer} removed")
        }
        (1, Value::Object(entries)) => {
            let value = entries.remove(&key).unwrap();
            let name = renamed(&key, random);
            entries.insert(name.clone(), value);
            format!("{pointer} renamed to {name:?}")
        }
        (0, Value::Array(items)) => {
            items.remove(key.parse().unwrap());
            format!("{pointer} removed")
        }
        (1 | 2, Value::Array(items)) => {
            let item = items[key.parse::<usize>().unwrap()].clone();
            items.push(item);
            format!("{pointer} repeated")
        }
        (_, parent) => {
            let place = match parent {
                Value::Object(entries) => entries.get_mut(&key).unwrap(),
                Value::Array(items) => &mut items[key.parse::<usize>().unwrap()],
                _ => unreachable!("a scalar has no places"),
            };
            *place = changed(place, random);
            format!("{pointer} = {place}")
        }
    }
}

/// The places of an object, as JSON pointers, and the objects among them with their schema.
#[derive(Default)]
struct Places {
    all: Vec<String>,
    objects: Vec<(String, &'static Object)>,
    path: String,
}

impl Places {
    fn collect(&mut self, value: &Value, schema: Option<&'static Object>) {
        let length = self.path.len();
        match value {
            Value::Object(entries) => {
                if let Some(schema) = schema {
                    self.objects.push((self.path.clone(), schema));
                }
                for (key, value) in entries {
                    write!(self.path, "/{}", key.replace('~', "~0").replace('/', "~1")).unwrap();
                    self.all.push(self.path.clone());
                    self.collect(value, schema.and_then(|schema| schema.field(key)?.object()));
                    self.path.truncate(length);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    write!(self.path, "/{at}").unwrap();
                    self.all.push(self.path.clone());
                    self.collect(item, schema);
                    self.path.truncate(length);
                }
            }
            _ => {}
        }
    }
}

/// A value of a type, of which Kubernetes may think what it likes.
fn generated(shape: Shape, depth: usize, random: &mut Random) -> Value {
    match shape {
        Shape::One(kind) => generated_one(kind, depth, random),
        Shape::List(kind) => {
            (0..random.below(3)).map(|_| generated_one(kind, depth, random)).collect()
        }
        Shape::Map(kind) => {
            let entries = (0..random.below(3)).map(|_| {
                ((*random.one_of::<&str>(&TEXTS)).to_owned(), generated_one(kind, depth, random))
            });
            Value::Object(entries.collect())
        }
    }
}

fn generated_one(kind: Type, depth: usize, random: &mut Random) -> Value {
    match kind {
        Type::Object(schema) => {
            let mut entries = serde_json::Map::new();
            for field in schema.fields {
                let wanted = if field.required {
                    random.below(20) > 0
                } else {
                    depth < 3 && random.below(6) == 0
                };
                if wanted {
                    entries
                        .insert(field.name.to_owned(), generated(field.shape, depth + 1, random));
                }
            }
            Value::Object(entries)
        }
        Type::Boolean => json!(random.below(2) == 0),
        Type::Int32 | Type::Int64 => json!(*random.one_of(&[0, 1, 2, 10, 80, 600, -1])),
        Type::IntOrString if random.below(2) == 0 => json!(*random.one_of(&[0, 1, 80, -1])),
        Type::Quantity => json!(random.one_of::<&str>(&["1", "0", "1Gi", "500m", "2", "-1", "1x"])),
        Type::Time => json!("2024-01-01T00:00:00Z"),
        Type::Any => json!({}),
        _ => json!(random.one_of::<&str>(&TEXTS)),
    }
}

fn renamed(key: &str, random: &mut Random) -> String {
    match random.below(5) {
        0 => format!("{key}s"),
        1 => key.to_uppercase(),
        2 => format!("{key} "),
        3 => format!("_{key}"),
        _ => format!("{key}.{key}/{key}"),
    }
}

/// Texts that some field takes, and some that none takes.
const TEXTS: [&str; 47] = [
    "",
    "a",
    "A",
    "a b",
    "-a",
    "a-",
    "a_b",
    "a.b",
    "a/b",
    "/a",
    "../a",
    "..a",
    "a..b",
    "1",
    "0",
    "-1",
    "1Gi",
    "1gb",
    "0.5",
    "100%",
    "101%",
    "Always",
    "Never",
    "None",
    "Exists",
    "In",
    "TCP",
    "ä",
    "a=b",
    ":",
    "cpu",
    "memory",
    "example.com/a",
    "ClusterFirst",
    "1.2.3.4",
    "::1",
    "http",
    "RuntimeDefault",
    "Localhost",
    "metadata.name",
    "metadata.labels['a']",
    "limits.cpu",
    "1m",
    "1n",
    "1e3",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234",
];

/// Another value: of the same kind, or of any.
fn changed(value: &Value, random: &mut Random) -> Value {
    let numbers = [
        "0",
        "1",
        "-1",
        "2",
        "100",
        "101",
        "255",
        "256",
        "511",
        "512",
        "1023",
        "1024",
        "65535",
        "65536",
        "2147483647",
        "2147483648",
        "-2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "2.0",
        "1e3",
    ];
    let number = |random: &mut Random| {
        serde_json::from_str::<Value>(random.one_of::<&str>(&numbers)).unwrap()
    };
    match (value, random.below(4)) {
        (Value::String(_), 1..) => json!(random.one_of::<&str>(&TEXTS)),
        (Value::Number(_), 1..) => number(random),
        (Value::Bool(value), 1..) => json!(!value),
        _ => match random.below(8) {
            0 => Value::Null,
            1 => json!({}),
            2 => json!([]),
            3 => json!(true),
            4 => json!([null]),
            5 => json!({"a": "b"}),
            6 => number(random),
            _ => json!(random.one_of::<&str>(&TEXTS)),
        },
    }
}
