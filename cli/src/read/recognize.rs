//! Which documents are contexts, where nobody says so: in directories, where they stand beside all else.

use super::documents::Document;
use super::outline::Node;
use sentry_streams_k8s::context::FIELDS;
use sentry_streams_k8s::read::read;
use sentry_streams_k8s::value::Source;

/// So many of a context's required fields are no accident.
const ENOUGH: usize = 3;

/// Whether a document is a context: a `StreamingPipeline`, or a mapping that is no Kubernetes object and has at least three
/// of the fields that a context must have. One that cannot be read is one where its text shows the same, as it has to be
/// reported, unless it is a template of Helm.
pub(crate) fn is_context(document: &Document<'_>) -> bool {
    if is_template(document.text) {
        return false;
    }
    match Node::read(document.text) {
        Ok(Some(root)) => {
            let is_object = ["apiVersion", "kind"].iter().any(|key| root.entry(key).is_some());
            document.is_pipeline() || (!is_object && required(|name| root.entry(name).is_some()))
        }
        Ok(None) => false,
        Err(_) => {
            let has = |name: &str| document.text.lines().any(|line| begins_with_key(line, name));
            document.is_pipeline() || required(has)
        }
    }
}

/// Whether a text is none before Helm, or what is like it, has filled it in.
fn is_template(text: &str) -> bool {
    text.contains("{{") && read(text, Source::Context).is_err()
}

/// Whether enough of the required fields are there.
fn required(is_there: impl Fn(&str) -> bool) -> bool {
    let there = FIELDS.iter().filter(|field| field.required && is_there(field.name));
    there.count() >= ENOUGH
}

fn begins_with_key(line: &str, name: &str) -> bool {
    let line = line.trim_start_matches([' ', '{', '"', '\'']);
    line.strip_prefix(name)
        .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_known_by_their_fields() {
        let is_context = |text| is_context(&Document { head: "", text, line: 0 });
        assert!(is_context("service_name: a\npipeline_name: b\nsegment_id: 0\nreplica: 1\n"));
        assert!(is_context(r#"{"service_name": "a", "image_name": "b", "segment_id": 0}"#));
        assert!(is_context("apiVersion: streams.sentry.io/v1\nkind: StreamingPipeline\n"));
        // Wrong, and to be reported.
        assert!(is_context("service_name: a\npipeline_name: b\nsegment_id: [\n"));
        assert!(is_context(
            "{\"service_name\": \"a\",\n\"image_name\": \"b\",\n \"segment_id\": }"
        ));

        assert!(!is_context("service_name: a\nimage_name: b\nreplicas: 1\n"));
        assert!(!is_context("apiVersion: apps/v1\nkind: Deployment\n"));
        assert!(!is_context("kind: Values\nservice_name: a\npipeline_name: b\nsegment_id: 0\n"));
        assert!(!is_context("- a\n"));
        assert!(!is_context(""));
        assert!(!is_context("a: [\n"));
        assert!(!is_context(
            "apiVersion: streams.sentry.io/v1\nkind: StreamingPipeline\nspec: {name: {{ .Values.a }}}\n"
        ));
        assert!(!is_context(
            "kind: StreamingPipeline\nmetadata:\n  name: {{ .Values.name }}\n  {{- end }}\n"
        ));
    }
}
