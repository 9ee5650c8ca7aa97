//! Streams of YAML documents, as `kubectl`, Helm and Argo CD pass them around.

use super::outline::Node;
use sentry_streams_k8s::read::read_yaml;
use sentry_streams_k8s::value::{self, Source};
use std::ops::Range;

/// The group of the objects that the macro expands.
const GROUP: &str = "streams.sentry.io/";
/// Ends the group of an object that is meant to be one: no other group of this owner has a `StreamingPipeline`.
const OWNER: &str = ".sentry.io";
const KIND: &str = "StreamingPipeline";
/// The configuration by which kustomize runs `krm`: the one other kind of the group, and never in a cluster.
const FUNCTION: &str = "Expand";
/// Begins a document.
const START: &str = "---";
/// Ends one.
const END: &str = "...";

/// Whether an object is a `StreamingPipeline`, of whatever version: the macro says which it reads. The group has no other
/// kind but that of the function for kustomize, so that another one is a mistake, which the macro reports.
pub(crate) fn is_pipeline(object: &Node) -> bool {
    is_pipeline_type(object.text_at(&["apiVersion"]), object.text_at(&["kind"]))
}

/// The same of an object's value, in which aliases and merge keys have been followed.
pub(crate) fn is_pipeline_value(object: &value::Node<'_>) -> bool {
    let text = |key: &str| object.get(key).and_then(value::Node::as_str);
    is_pipeline_type(text("apiVersion"), text("kind"))
}

/// Whether an API version and a kind are those of a `StreamingPipeline`, or are meant to be: no group, or another one of
/// the same owner, is a mistake that the macro reports too.
fn is_pipeline_type(api_version: Option<&str>, kind: Option<&str>) -> bool {
    let Some(kind) = kind.filter(|kind| *kind != FUNCTION) else { return false };
    let version = api_version.unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    version.starts_with(GROUP) || kind == KIND && (group.is_empty() || group.ends_with(OWNER))
}

/// A part of a stream: a document, or a comment in the place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document<'a> {
    /// Comments and directives before the marker that begins it.
    pub(crate) head: &'a str,
    /// The document's own text.
    pub(crate) text: &'a str,
    /// The line it starts on, from 0.
    pub(crate) line: usize,
}

impl Document<'_> {
    /// Whether this is a `StreamingPipeline`. A text that names one and is no YAML counts too, so that it is reported.
    pub(crate) fn is_pipeline(&self) -> bool {
        match Node::read(self.text) {
            Ok(Some(root)) if root.has_anchor_or_alias() => read_yaml(self.text, Source::Context)
                .map_or_else(|_| is_pipeline(&root), |read| is_pipeline_value(&read.root)),
            Ok(root) => root.as_ref().is_some_and(is_pipeline),
            Err(_) => self.text.contains(KIND),
        }
    }

    /// Whether there is more in it than comments.
    pub(crate) fn has_content(&self) -> bool {
        self.text.lines().any(|line| !is_aside(line) && !is_marker(line, END))
    }
}

/// The documents of a stream that have something in them.
pub(crate) fn documents(text: &str) -> Vec<Document<'_>> {
    let mut documents = parts(text);
    documents.retain(Document::has_content);
    documents
}

/// All parts of a stream. YAML knows `---` at the start of a line as a document's start wherever it stands, also within
/// what would be a string, so this needs no parser.
pub(crate) fn parts(text: &str) -> Vec<Document<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parts = Vec::new();
    let (mut part, mut at) = (Part::default(), 0_usize);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let next = at.saturating_add(line.len());
        if is_marker(line, START) {
            // What stands between documents belongs to the next one.
            let head = if part.is_between { part.start..at } else { at..at };
            if !part.is_between {
                parts.extend(part.document(text, at));
            }
            // What follows the marker on its line belongs to the document.
            let is_alone = line.trim_end().len() == START.len();
            let start = if is_alone { next } else { at.saturating_add(START.len()) };
            part = Part {
                head,
                start,
                line: number.saturating_add(usize::from(is_alone)),
                is_between: false,
            };
        } else if is_marker(line, END) && !part.is_between {
            parts.extend(part.document(text, next));
            part = Part {
                head: next..next,
                start: next,
                line: number.saturating_add(1),
                is_between: true,
            };
        } else if !is_aside(line) {
            part.is_between = false;
        }
        at = next;
    }
    parts.extend(part.document(text, at));
    parts
}

/// A part whose end is not known yet.
struct Part {
    head: Range<usize>,
    start: usize,
    line: usize,
    /// Whether no document has begun: only comments and directives are there so far.
    is_between: bool,
}

impl Default for Part {
    fn default() -> Self {
        Self { head: 0..0, start: 0, line: 0, is_between: true }
    }
}

impl Part {
    fn document<'a>(&self, text: &'a str, end: usize) -> Option<Document<'a>> {
        let head = text.get(self.head.clone())?;
        let text = text.get(self.start..end)?;
        let is_nothing = head.trim().is_empty() && text.trim().is_empty();
        (!is_nothing).then_some(Document { head, text, line: self.line })
    }
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Whether a line is blank, a comment or a directive.
fn is_aside(line: &str) -> bool {
    line.trim_start().is_empty() || line.trim_start().starts_with('#') || line.starts_with('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(stream: &str) -> Vec<(usize, &str)> {
        documents(stream).into_iter().map(|document| (document.line, document.text)).collect()
    }

    #[test]
    fn documents_are_cut_at_their_markers() {
        assert_eq!(texts("a: 1\n---\nb: 2\n"), [(0, "a: 1\n"), (2, "b: 2\n")]);
        assert_eq!(
            texts("---\na: |\n  ---\n  x\n--- # c\nb: 2"),
            [(1, "a: |\n  ---\n  x\n"), (4, " # c\nb: 2")]
        );
        assert_eq!(texts("a: 1\r\n---\r\nb: 2\r\n"), [(0, "a: 1\r\n"), (2, "b: 2\r\n")]);
        assert_eq!(texts("a: 1\n---x\n"), [(0, "a: 1\n---x\n")]);
        assert_eq!(texts("\n---\n# only a comment\n---\n"), []);
        assert_eq!(texts("\u{feff}%YAML 1.1\n---\na: 1\n"), [(2, "a: 1\n")]);
        assert_eq!(texts(""), []);
        assert_eq!(texts("a: 1\n...\n# c\n"), [(0, "a: 1\n...\n")]);
        assert_eq!(texts("a: 1\n...\nb: 2\n"), [(0, "a: 1\n...\n"), (2, "b: 2\n")]);
    }

    #[test]
    fn comments_and_directives_are_kept() {
        let all = |stream| {
            parts(stream).into_iter().map(|part| (part.head, part.text)).collect::<Vec<_>>()
        };
        assert_eq!(all("# a\n%TAG ! x:\n---\nb\n"), [("# a\n%TAG ! x:\n", "b\n")]);
        assert_eq!(all("a\n...\n%TAG ! x:\n---\nb\n"), [("", "a\n...\n"), ("%TAG ! x:\n", "b\n")]);
        assert_eq!(all("---\n# a\n---\nb\n"), [("", "# a\n"), ("", "b\n")]);
        assert_eq!(all("# only\n"), [("", "# only\n")]);
        assert_eq!(all("---\n\n---\n"), []);
    }

    #[test]
    fn a_pipeline_is_known_by_kind_and_group() {
        let is_pipeline = |text| Document { head: "", text, line: 0 }.is_pipeline();
        assert!(!is_pipeline("apiVersion: streams.sentry.io/v1alpha1\nkind: Expand\n"));
        assert!(is_pipeline("apiVersion: streams.sentry.io/v1alpha1\nkind: StreamingPipeline\n"));
        assert!(is_pipeline(
            r#"{"kind": "StreamingPipeline", "apiVersion": "streams.sentry.io/v9"}"#
        ));
        assert!(is_pipeline("kind: StreamingPipeline\nspec: [\n"));
        assert!(!is_pipeline("apiVersion: v1\nkind: ConfigMap\ndata: {kind: StreamingPipeline}\n"));
        assert!(!is_pipeline("apiVersion: example.com/v1\nkind: StreamingPipeline\n"));
        // Meant to be one.
        assert!(is_pipeline("kind: StreamingPipeline\nmetadata: {name: a}\n"));
        assert!(is_pipeline("apiVersion: v1\nkind: StreamingPipeline\n"));
        assert!(is_pipeline("apiVersion: stream.sentry.io/v1alpha1\nkind: StreamingPipeline\n"));
        assert!(!is_pipeline("apiVersion: other.sentry.io/v1\nkind: Other\n"));
        // By an alias or a merge key.
        assert!(is_pipeline(
            "metadata: {name: &k StreamingPipeline}\napiVersion: streams.sentry.io/v1\nkind: *k\n"
        ));
        assert!(is_pipeline(
            "x: &x {kind: StreamingPipeline}\n<<: *x\napiVersion: streams.sentry.io/v1\n"
        ));
        assert!(!is_pipeline("x: &x {kind: Expand}\n<<: *x\napiVersion: streams.sentry.io/v1\n"));
        assert!(!is_pipeline("kind: [\n"));
        assert!(!is_pipeline(""));
    }
}
