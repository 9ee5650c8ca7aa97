//! Checks an object against the API's schema, then against the rules of its validation.

use super::availability;
use super::finding::Findings;
use super::place::Place;
use super::quantity::{Quantity, quantity_text};
use super::rules;
use super::schema::{Field, Kind, Object, Shape, Type, merge_key_default};
use super::versions::Cluster;
use crate::problem::{Code, Cure, HIDDEN, Report, describe, nearest, quoted};
use crate::read::read_yaml;
use crate::value::{Index, KeyKind, Node, Source, Value};

/// Everything that is wrong with an object, or suspicious, in the order of its fields: types first, then rules. Paths
/// start at the object's root.
pub(crate) fn check(object: &Node<'_>, kind: Kind, cluster: Cluster) -> Report {
    let root = Place::root(object);
    let mut findings = Findings::new(cluster);

    check_keys(&root, &mut findings);
    check_object(&root, Object::of(kind), &mut findings);

    // What a server drops has to be of its type, but need not be whole.
    let Findings { report, dropped, .. } = &mut findings;
    if !dropped.is_empty() {
        report.problems.retain(|problem| {
            problem.code != Code::MissingField
                || !dropped.iter().any(|path| problem.path.starts_with(path))
        });
    }
    let kept = availability::kept(object, &findings.dropped);
    let root = kept.as_ref().map_or(root, Place::root);
    rules::check(&root, kind, &mut findings);

    findings.report
}

/// Refuses keys that YAML tells apart and JSON does not, such as `1` and `"1"`.
fn check_keys(place: &Place<'_>, findings: &mut Findings) {
    if place.node.as_map().is_some_and(|map| map.iter().any(|(key, _)| key.kind != KeyKind::String))
    {
        let mut seen = Index::default();
        for (at, (key, value)) in place.entries().enumerate() {
            if seen.before(key, at).is_some() {
                let message =
                    format!("the key `{key:.64}` stands twice: as text and as another value");
                findings.wrong_key(Code::AmbiguousKey, &value, &message, None);
            }
        }
    }
    place.entries().for_each(|(_, value)| check_keys(&value, findings));
    place.items().for_each(|item| check_keys(&item, findings));
}

/// Required fields of the schema that the API server does not insist on: what is absent is empty text or zero there.
const EMPTY_IS_FINE: &[(&str, &str)] = &[
    ("HTTPHeader", "value"),
    ("ISCSIVolumeSource", "lun"),
    ("LocalObjectReference", "name"),
    ("PreferredSchedulingTerm", "preference"),
    ("ScaleIOVolumeSource", "secretRef"),
    ("SleepAction", "seconds"),
    ("Sysctl", "value"),
];

fn check_object(place: &Place<'_>, object: &'static Object, findings: &mut Findings) {
    match &place.node.value {
        // Null is an item or value of a list or mapping: read as an object without fields.
        Value::Map(_) | Value::Null => {}
        _ => return wrong_type(place, "a mapping", findings),
    }
    for (key, value) in place.entries() {
        match object.field(key) {
            Some(_)
                if findings.cluster.is_named()
                    && !availability::knows(&value, object, key, findings) => {}
            Some(field) if value.node.value != Value::Null => check_field(&value, field, findings),
            Some(_) => {}
            None => unknown_field(&value, key, object, findings),
        }
    }
    for field in object.fields.iter().filter(|field| field.required) {
        // As the API server sees it, an empty text or list is none.
        let absent = match field.shape {
            Shape::One(Type::String) => place.lacks(field.name),
            Shape::List(_) => place
                .field(field.name)
                .is_none_or(|list| list.node.as_list().is_some_and(<[_]>::is_empty)),
            _ => !place.has(field.name),
        };
        if absent && !EMPTY_IS_FINE.contains(&(object.name, field.name)) {
            findings.missing(place, field.name, format!("`{}` is required", field.name));
        }
    }
}

fn check_field(place: &Place<'_>, field: &'static Field, findings: &mut Findings) {
    if APPLIED_BY_KEY.contains(&field.name) {
        check_duplicates(place, field, findings);
    }

    match (field.shape, &place.node.value) {
        (Shape::One(kind), _) => check_value(place, kind, findings),
        (Shape::List(kind), Value::List(_)) => {
            place.items().for_each(|item| check_value(&item, kind, findings));
        }
        (Shape::Map(kind), Value::Map(_)) => {
            place.entries().for_each(|(_, value)| check_value(&value, kind, findings));
        }
        (Shape::List(kind), Value::Map(_)) => mapping_for_a_list(place, kind, field, findings),
        (Shape::List(_), _) => wrong_type(place, "a list", findings),
        (Shape::Map(_), _) => wrong_type(place, "a mapping", findings),
    }
}

fn check_value(place: &Place<'_>, kind: Type, findings: &mut Findings) {
    match (kind, &place.node.value) {
        (Type::Object(object), _) => check_object(place, object, findings),
        // What stands in a list or as a value of a mapping; the API server reads it as empty or zero.
        (Type::Quantity | Type::Int32 | Type::Int64, Value::Null) => null(place, "zero", findings),
        (_, Value::Null) => null(place, "empty text", findings),
        (Type::String | Type::IntOrString, Value::String(_) | Value::Timestamp(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Any, Value::Map(_)) => {}
        (Type::String, _) => wrong_type(place, "a string", findings),
        (Type::Boolean, _) => wrong_type(place, "true or false", findings),
        (Type::Any, _) => wrong_type(place, "a mapping", findings),
        (Type::Int64, Value::Integer(digits)) => in_range(place, digits.parse::<i64>().is_ok(), "64", findings),
        (Type::Int32 | Type::IntOrString, Value::Integer(digits)) => {
            in_range(place, digits.parse::<i32>().is_ok(), "32", findings);
        }
        (Type::Int32 | Type::Int64, _) => wrong_type(place, "an integer", findings),
        (Type::IntOrString, _) => wrong_type(place, "an integer or a string", findings),
        (Type::Bytes, Value::String(text)) => {
            if !is_base64(text) {
                findings.add(Code::WrongType, place, "expected base64, got another text");
            }
        }
        (Type::Bytes, _) => wrong_type(place, "base64 as a string", findings),
        (Type::Time, Value::String(text) | Value::Timestamp(text)) => {
            if !is_rfc3339(text) {
                findings.add(
                    Code::WrongType,
                    place,
                    "expected a time such as \"2024-01-31T12:00:00Z\", got another text",
                );
            }
        }
        (Type::Time, _) => wrong_type(place, "a time as a string", findings),
        (Type::Quantity, _) => match quantity_text(place.node) {
            Some(text) if Quantity::parse(&text).is_some() => {}
            Some(text) => findings.add_with_help(
                Code::InvalidQuantity,
                place,
                format!("{} is no quantity", if place.is_secret() { HIDDEN.to_owned() } else { quoted(&text) }),
                "write a number with one unit of m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none: 500m, 1.5, 2Gi",
            ),
            None => wrong_type(place, "a quantity", findings),
        },
    }
}

fn null(place: &Place<'_>, read_as: &str, findings: &mut Findings) {
    findings.add(
        Code::NullValue,
        place,
        format!("nothing is given here, and Kubernetes reads it as {read_as}"),
    );
}

/// Lists whose items may have one key for the API server, and may not for server-side apply.
const APPLIED_BY_KEY: [&str; 6] =
    ["claims", "finalizers", "hostAliases", "imagePullSecrets", "ownerReferences", "ports"];

/// Items that server-side apply cannot tell apart: structured-merge-diff, `listItemToPathElement`.
fn check_duplicates(list: &Place<'_>, field: &'static Field, findings: &mut Findings) {
    let mut seen = Index::default();

    for item in list.items() {
        let key_of = |name: &&str| match item.node.get(name).map(|node| &node.value) {
            Some(Value::String(text)) => text.to_string(),
            Some(Value::Integer(digits)) => digits.to_string(),
            _ => merge_key_default(name).unwrap_or_default().to_owned(),
        };
        let key = match item.text() {
            Some(text) => text.to_owned(),
            None => field.merge_keys.iter().map(key_of).collect::<Vec<_>>().join("/"),
        };

        if !key.is_empty() && seen.before(key, 0).is_some() {
            let what = if field.merge_keys.is_empty() {
                "text".to_owned()
            } else {
                field.merge_keys.join(" and ")
            };
            let message = format!(
                "another item has the same {what}: `kubectl apply --server-side` and what works like it refuse both, \
                 other clients keep them or drop one"
            );
            findings.add(Code::DuplicateItem, &item, message);
        }
    }
}

/// Compose and others write some lists as mappings: how an item looks says more than that one is expected.
fn mapping_for_a_list(
    place: &Place<'_>,
    kind: Type,
    field: &'static Field,
    findings: &mut Findings,
) {
    let item = match kind {
        Type::Object(object) => {
            let has = |name: &&&str| object.field(name).is_some();
            let first = field.merge_keys.first().copied();
            let keys = first.into_iter().chain(["value", "image"].iter().filter(has).copied());
            let keys: Vec<String> = keys.map(|key| format!("{key}: …")).collect();
            format!("- {{{}}}", keys.join(", "))
        }
        _ => "- …".to_owned(),
    };
    findings.add_with_help(
        Code::WrongType,
        place,
        "expected a list, got a mapping",
        format!("write each as an item of a list: `{item}`"),
    );
}

fn wrong_type(place: &Place<'_>, expected: &str, findings: &mut Findings) {
    if !findings.has_room() {
        return;
    }

    let message = format!("expected {expected}, got {}", describe(place.node, place.is_secret()));
    let wants_text = expected.ends_with("string");

    match &place.node.value {
        Value::Integer(_) | Value::Float(_) | Value::Bool(_) if wants_text => findings
            .add_with_cure(
                Code::WrongType,
                place,
                message,
                "quote it: YAML 1.1 reads 22:22 as the number 1342, yes as true, 0123 as 83",
                Cure::Quote,
            ),
        Value::String(text)
            if matches!(expected, "an integer" | "true or false") && !place.is_secret() =>
        {
            let (help, cure) = instead_of_text(text, expected);
            match cure {
                Some(cure) => findings.add_with_cure(Code::WrongType, place, message, help, cure),
                None => findings.add_with_help(Code::WrongType, place, message, help),
            }
        }
        Value::Float(value) if expected == "an integer" && value.fract() == 0.0 => {
            findings.add_with_help(Code::WrongType, place, message, "write it without a point");
        }
        _ => findings.add(Code::WrongType, place, message),
    }
}

/// What to write instead of a text where a number or a boolean is wanted. Text that YAML would not read as text has
/// quotes; other text may have none.
fn instead_of_text(text: &str, expected: &str) -> (String, Option<Cure>) {
    const LONGEST: usize = 40;

    let plain = Some(text)
        .filter(|text| text.len() <= LONGEST)
        .and_then(|text| read_yaml(text, Source::Context).ok());
    let is_number = expected == "an integer";
    match plain.map(|document| document.root.value) {
        Some(Value::Integer(digits)) if is_number => {
            return (
                "write it without quotes".to_owned(),
                Some(Cure::Replace(digits.into_owned())),
            );
        }
        Some(Value::Bool(value)) if !is_number => {
            return ("write it without quotes".to_owned(), Some(Cure::Replace(value.to_string())));
        }
        _ => {}
    }

    match whole_number(text).filter(|_| is_number) {
        Some(number) => {
            let number = number.to_string();
            let text = quoted(text);
            let from_helm = if text.contains("e+") {
                " (Helm prints large numbers so: use `| int64`)"
            } else {
                ""
            };
            (
                format!("write {number}: YAML 1.1 reads {text} as text{from_helm}"),
                Some(Cure::Replace(number)),
            )
        }
        None if is_number => {
            ("write a number without a unit and without a fraction".to_owned(), None)
        }
        None => ("write true or false, without quotes".to_owned(), None),
    }
}

/// The whole number that is meant by a text that is no number in YAML 1.1: `0o644`, `1e3`, `08`.
fn whole_number(text: &str) -> Option<i64> {
    match text.strip_prefix("0o") {
        Some(digits) => i64::from_str_radix(digits, 8).ok().filter(|number| *number >= 0),
        None if text.ends_with(|end: char| end.is_ascii_digit()) => Quantity::parse(text)?.whole(),
        None => None,
    }
}

fn in_range(place: &Place<'_>, fits: bool, bits: &str, findings: &mut Findings) {
    if !fits {
        let message = format!(
            "expected an integer of {bits} bits, got {}",
            describe(place.node, place.is_secret())
        );
        findings.add(Code::OutOfRange, place, message);
    }
}

fn unknown_field(place: &Place<'_>, key: &str, object: &'static Object, findings: &mut Findings) {
    let is_named = findings.cluster.is_named();
    if is_named && availability::had(place, object, key, findings) {
        return;
    }
    if findings.has_room() {
        let meant = nearest(key, object.fields.iter().map(|field| field.name));
        let shown = if meant.is_none() && place.has_secret_key() { HIDDEN } else { key };
        let message = format!("unknown field `{shown:.64}` of {}", object.name);
        findings.wrong_key(Code::UnknownField, place, &message, meant);
    }
}

/// Base64 as Go's `encoding/base64` reads it: padded, line breaks aside.
fn is_base64(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let padding = digits.iter().rev().take_while(|&&b| b == b'=').count();
    digits.len().is_multiple_of(4)
        && padding <= 2
        && digits
            .iter()
            .rev()
            .skip(padding)
            .all(|&b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

/// A time as RFC 3339 writes it, and as Go's `time.Parse` takes it: the fraction may follow a comma, the hour may have
/// one digit, and a zone may be 24:60 away.
fn is_rfc3339(text: &str) -> bool {
    after_time(text).is_some_and(str::is_empty)
}

/// What follows a time at the start of a text.
fn after_time(text: &str) -> Option<&str> {
    let (year, rest) = number(text, 4, 9999)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2, 12)?;
    let days = match month {
        0 => return None,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let (day, rest) = number(rest.strip_prefix('-')?, 2, days)?;
    let rest = rest.strip_prefix('T').filter(|_| day > 0)?;

    let (_, rest) = number(rest, 2, 23).or_else(|| number(rest, 1, 9))?;
    let (_, rest) = number(rest.strip_prefix(':')?, 2, 59)?;
    let (_, rest) = number(rest.strip_prefix(':')?, 2, 59)?;

    let zone = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => Some(fraction.trim_start_matches(|c: char| c.is_ascii_digit()))
            .filter(|zone| *zone != fraction)?,
        None => rest,
    };
    if let Some(rest) = zone.strip_prefix('Z') {
        return Some(rest);
    }
    let (_, rest) = number(zone.strip_prefix(['+', '-'])?, 2, 24)?;
    number(rest.strip_prefix(':')?, 2, 60).map(|(_, rest)| rest)
}

/// A number of some digits at the start of a text, and what follows it.
fn number(text: &str, digits: usize, most: u32) -> Option<(u32, &str)> {
    let (number, rest) = text
        .split_at_checked(digits)
        .filter(|(text, _)| text.bytes().all(|b| b.is_ascii_digit()))?;
    let number = number.parse().ok().filter(|number| *number <= most)?;
    Some((number, rest))
}

#[cfg(test)]
mod tests;
