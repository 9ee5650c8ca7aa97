//! Streams of YAML documents, as `kubectl`, Helm and Argo CD pass them around.

use super::outline::Node;

/// The group of the objects that the macro expands.
const GROUP: &str = "streams.sentry.io/";
const KIND: &str = "StreamingPipeline";
const MARKER: &str = "---";

/// Whether an object is a `StreamingPipeline`, of whatever version: the macro says which it reads.
pub(crate) fn is_pipeline(object: &Node) -> bool {
    object.text_at(&["kind"]) == Some(KIND)
        && object.text_at(&["apiVersion"]).is_some_and(|version| version.starts_with(GROUP))
}

/// One document of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document<'a> {
    /// The document's own text.
    pub(crate) text: &'a str,
    /// The line it starts on, from 0.
    pub(crate) line: usize,
}

impl Document<'_> {
    /// Whether this is a `StreamingPipeline`. A text that names one and is no YAML counts too, so that it is reported.
    pub(crate) fn is_pipeline(&self) -> bool {
        match Node::read(self.text) {
            Ok(root) => root.as_ref().is_some_and(is_pipeline),
            Err(_) => self.text.contains(KIND),
        }
    }
}

/// The documents of a stream. YAML knows `---` at the start of a line as a document's start wherever it stands, also
/// within what would be a string, so this needs no parser.
pub(crate) fn documents(text: &str) -> Vec<Document<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut documents = Vec::new();
    let (mut start, mut start_line, mut at) = (0_usize, 0_usize, 0_usize);
    let document = |start: usize, end: usize, line| Document { text: text.get(start..end).unwrap_or_default(), line };
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let next = at.saturating_add(line.len());
        if let Some(rest) =
            line.strip_prefix(MARKER).filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        {
            documents.push(document(start, at, start_line));
            // What follows the marker on its line belongs to the document.
            let is_alone = rest.trim().is_empty();
            start = if is_alone { next } else { at.saturating_add(MARKER.len()) };
            start_line = number.saturating_add(usize::from(is_alone));
        }
        at = next;
    }
    documents.push(document(start, at, start_line));
    documents.retain(|document| document.text.lines().any(has_content));
    documents
}

/// Whether a line is more than blanks, a comment or a directive.
fn has_content(line: &str) -> bool {
    !line.trim_start().is_empty() && !line.trim_start().starts_with('#') && !line.starts_with('%')
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
        assert_eq!(texts("---\na: |\n  ---\n  x\n--- # c\nb: 2"), [(1, "a: |\n  ---\n  x\n"), (4, " # c\nb: 2")]);
        assert_eq!(texts("a: 1\r\n---\r\nb: 2\r\n"), [(0, "a: 1\r\n"), (2, "b: 2\r\n")]);
        assert_eq!(texts("a: 1\n---x\n"), [(0, "a: 1\n---x\n")]);
        assert_eq!(texts("\n---\n# only a comment\n---\n"), []);
        assert_eq!(texts("\u{feff}%YAML 1.1\n---\na: 1\n"), [(2, "a: 1\n")]);
        assert_eq!(texts(""), []);
    }

    #[test]
    fn a_pipeline_is_known_by_kind_and_group() {
        let is_pipeline = |text| Document { text, line: 0 }.is_pipeline();
        assert!(is_pipeline("apiVersion: streams.sentry.io/v1alpha1\nkind: StreamingPipeline\n"));
        assert!(is_pipeline(r#"{"kind": "StreamingPipeline", "apiVersion": "streams.sentry.io/v9"}"#));
        assert!(is_pipeline("kind: StreamingPipeline\nspec: [\n"));
        assert!(!is_pipeline("apiVersion: v1\nkind: ConfigMap\ndata: {kind: StreamingPipeline}\n"));
        assert!(!is_pipeline("apiVersion: example.com/v1\nkind: StreamingPipeline\n"));
        assert!(!is_pipeline("kind: [\n"));
        assert!(!is_pipeline(""));
    }
}
