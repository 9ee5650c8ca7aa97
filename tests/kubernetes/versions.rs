//! Older versions: what the validator of a version says of everything that stands here, and what we say for it.

use crate::corpus::{Case, cases};
use crate::mutation::{damaged, errors, left_to_kubernetes, stricter_on_purpose};
use crate::recorded;
use crate::validator::Validator;
use libtest_mimic::Failed;
use sentry_streams_k8s::kubernetes::versions::minor_of;
use sentry_streams_k8s::kubernetes::{Cluster, Kind, warnings};
use sentry_streams_k8s::problem::Code;
use sentry_streams_k8s::read;
use sentry_streams_k8s::value::Source;
use serde_json::Value;

/// How many objects of a kind were judged, and how many of them alike.
#[derive(Default)]
struct Count {
    judged: usize,
    alike: usize,
}

struct Comparison<'v> {
    cluster: Cluster,
    validator: &'v Validator,
    differences: Vec<String>,
}

/// Our verdicts for a version are those of its own code: whether an object is taken, what is dropped of it, and whether
/// it warns.
pub(crate) fn agrees(version: &str, validator: &Validator) -> Result<(), Failed> {
    let minor = minor_of(version).and_then(|minor| u8::try_from(minor).ok()).ok_or("no version")?;
    let cluster = Cluster::new(Some(minor), &[]);
    let mut comparison = Comparison { cluster, validator, differences: Vec::new() };

    let parts = |folder: &str| -> Vec<(String, Value)> {
        let part = |case: &Case| (format!("{folder}/{}", case.name), case.deployment());
        cases(folder).iter().map(part).collect()
    };
    let recorded = recorded().into_iter().flat_map(|(name, manifests)| {
        let deployments = manifests.into_iter().filter(|manifest| manifest.kind == "Deployment");
        deployments
            .map(move |manifest| (name.clone(), serde_json::from_str(&manifest.json).unwrap()))
    });
    let mut counts: Vec<Count> = [parts("valid"), parts("refused"), recorded.collect()]
        .iter()
        .map(|objects| {
            let mut count = Count::default();
            for (name, object) in objects {
                comparison.judge(name, object, &mut count);
            }
            count
        })
        .collect();
    let mut mutations = Count::default();
    damaged(&cases("valid"), &mut |name, change, object| {
        comparison.judge(&format!("{name}: {change}"), object, &mut mutations);
    });
    counts.push(mutations);

    println!("{}", row(minor, &counts));
    let differences = comparison.differences;
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) }
}

/// The row of a version in `docs/kubernetes.md`.
fn row(minor: u8, counts: &[Count]) -> String {
    let cells: Vec<String> =
        counts.iter().map(|count| format!("{} of {}", count.alike, count.judged)).collect();
    let (alike, judged) = counts
        .iter()
        .fold((0, 0), |(alike, judged), count| (alike + count.alike, judged + count.judged));
    let hundredths = alike * 10_000 / judged;
    format!(
        "| 1.{minor} | {} | {}.{:02} % |",
        cells.join(" | "),
        hundredths / 100,
        hundredths % 100
    )
}

impl Comparison<'_> {
    fn judge(&mut self, name: &str, object: &Value, count: &mut Count) {
        let [theirs, their_warnings, dropped] = self.validator.verdict(object);
        let ours = errors(object, self.cluster);
        count.judged += 1;

        if theirs.is_empty() != ours.is_empty() {
            // A server looks at the namespace of a data source, and then drops it.
            let drops_it_later =
                !theirs.is_empty() && theirs.iter().all(|reason| reason.contains("dataSourceRef"));
            let is_listed =
                stricter_on_purpose(&ours) || left_to_kubernetes(&theirs) || drops_it_later;
            if !is_listed {
                self.differences.push(format!("{name}\n  Kubernetes: {theirs:?}\n  we: {ours:?}"));
            }
            return;
        }
        let (off, others) = self.warnings(object);
        // What is empty is lost without a trace, and what has lost all its fields is lost itself.
        let is_said = |path: &String| off.iter().any(|own| own.starts_with(path.as_str()));
        let is_image = |own: &String| own.rsplit('.').next() == Some("image");
        let is_done = |own: &String| {
            // With an image volume, others get its place in the list.
            is_empty(object, own)
                || is_image(own)
                || dropped.iter().any(|path| own.starts_with(path.as_str()))
        };
        let drops_alike =
            off.iter().all(is_done) && (dropped.iter().all(is_said) || off.iter().any(is_image));
        let warns_alike = !off.is_empty()
            || (their_warnings.iter().all(|warning| is_left(warning)) || !others.is_empty())
                && (!others.contains(&Code::ApiWarning) || !their_warnings.is_empty());
        if !theirs.is_empty() || (drops_alike && warns_alike) {
            count.alike += 1;
        } else {
            self.differences.push(format!(
                "{name}\n  Kubernetes drops {dropped:?}, and warns {their_warnings:?}\n  \
                 we: {off:?}, {others:?}"
            ));
        }
    }

    /// The paths of what we say is dropped, and the codes of our other warnings.
    fn warnings(&self, object: &Value) -> (Vec<String>, Vec<Code>) {
        let text = object.to_string();
        let document = read::read(&text, Source::Context).unwrap();
        let found = warnings(&document.root, Kind::Deployment, self.cluster);
        let (off, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|warning| warning.code == Code::FeatureOff);
        let paths = off.iter().map(|warning| warning.path.to_string()).collect();
        (paths, others.iter().map(|warning| warning.code).collect())
    }
}

/// Of what we leave warning to the server; see `docs/kubernetes.md`.
fn is_left(warning: &str) -> bool {
    ["overlapping paths", "non-standard"].iter().any(|left| warning.contains(left))
}

/// Whether nothing stands at a path, or false, zero or what is empty.
fn is_empty(object: &Value, path: &str) -> bool {
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    object.pointer(&pointer).is_none_or(|value| match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
    })
}
