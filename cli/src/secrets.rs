//! Where secrets may stand in a text, so that no line of it that may hold one is shown: logs of a build are read by many.
//!
//! Only names can say that a value is a secret: that of its key, or of the environment variable whose value it is. What a
//! name may stand for is taken generously. Where a text cannot be read, no place in it is known, so one name of a secret
//! anywhere in it hides all of its lines.

use crate::compare::{is_name, names_secret};
use crate::read::Node;
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::Source;
use std::ops::Range;

/// The places of a text that are not shown.
#[derive(Debug)]
pub(crate) enum Secrets {
    /// Any of its lines may hold one.
    Anywhere,
    /// These bytes, in order.
    At(Vec<Range<usize>>),
}

impl Secrets {
    /// Where secrets may stand in a text.
    pub(crate) fn of(text: &str) -> Self {
        match Node::read(text) {
            Ok(Some(root)) if is_sure(text, &root) || !names_secret(text) => {
                let mut ranges = Vec::new();
                collect(text, &root, Level::Root, &mut ranges);
                Self::At(ranges)
            }
            Ok(None) => Self::At(Vec::new()),
            // What is no YAML may hide a name in escapes.
            _ if names_secret(text) || text.contains('\\') => Self::Anywhere,
            _ => Self::At(Vec::new()),
        }
    }

    /// Whether these bytes of the text may hold a secret.
    pub(crate) fn may_be_in(&self, shown: &Range<usize>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::At(ranges) => {
                ranges.iter().any(|range| range.start < shown.end && shown.start < range.end)
            }
        }
    }
}

/// Whether each value stands where its name is. An alias takes one there, and an anchor is there for one, which may have
/// been spoilt. What the macro cannot read (a tag, which may be the beginning of a password) has been read by guess.
fn is_sure(text: &str, root: &Node) -> bool {
    !root.has_anchor_or_alias() && document::read(text, Source::Context).is_ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The document.
    Root,
    /// A mapping right below it.
    Spec,
    Below,
}

/// Adds the places of secrets in a value that is none itself.
fn collect(whole: &str, node: &Node, level: Level, ranges: &mut Vec<Range<usize>>) {
    if let Some(text) = node.as_text() {
        // `--token=…`, a script, a document of its own: more than the name of a secret.
        if names_secret(text) && !is_name(text) {
            ranges.push(node.range.clone());
        }
        return;
    }

    // `# name: DB_PASSWORD`: what stands beside a comment may be what it is about.
    let mut at = if level == Level::Root { 0 } else { node.range.start };
    for child in node.children() {
        let is_named = whole.get(at..child.range.start).is_some_and(names_secret);
        if is_named {
            let is_whole = level == Level::Below;
            ranges.push(if is_whole { node.range.clone() } else { at..child.range.end });
        }
        at = child.range.end;
    }

    // `[--password, …]`, or a name that has lost its value to another item.
    let alone = |item: &Node| {
        let is_name = |node: &Node| node.as_text().is_some_and(names_secret);
        let is_null =
            |node: &Node| node.as_text().is_some_and(|text| ["", "~", "null"].contains(&text));
        let has_value = item.entries().iter().any(|(_, value)| !is_name(value) && !is_null(value));
        is_name(item) || (!has_value && item.entries().iter().any(|(_, value)| is_name(value)))
    };
    if node.items().iter().any(alone) {
        ranges.push(node.range.clone());
    }
    for item in node.items() {
        collect(whole, item, Level::Below, ranges);
    }

    // `{name: DB_PASSWORD, value: …}`, whatever its keys are called. A context, and the `spec` that holds one, have
    // names of services, images and files, which often have such words in them.
    let names_one = |(key, value): &(Node, Node)| {
        let may_name = level == Level::Below || key.as_text() == Some("name");
        may_name && value.as_text().is_some_and(names_secret)
    };
    // A `value` whose name is not known may be any.
    let is_nameless = node.entry("value").is_some() && node.entry("name").is_none();
    if is_nameless || node.entries().iter().any(names_one) {
        ranges.push(node.range.clone());
    }
    for (key, value) in node.entries() {
        if key.as_text().is_none_or(names_secret) {
            ranges.push(key.range.start..value.range.end.max(key.range.end));
        }
        collect(
            whole,
            value,
            if level == Level::Root { Level::Spec } else { Level::Below },
            ranges,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a text in which no secret can be.
    fn open_lines(text: &str) -> Vec<&str> {
        let secrets = Secrets::of(text);
        let mut at = 0_usize;
        let lines = text.split_inclusive('\n').filter(|line| {
            let range = at..at.saturating_add(line.len());
            at = range.end;
            !secrets.may_be_in(&range)
        });
        lines.map(str::trim).collect()
    }

    #[test]
    fn what_a_name_says_is_secret_is_found_wherever_it_stands() {
        for text in [
            "- name: DB_PASSWORD\n  value: hunter2\n",
            "- value: hunter2\n  name: DB_PASSWORD\n",
            "- name: DB_PASSWORD\n  vlaue: hunter2\n",
            "- name: DB_PASSWORD\n  value:\n  - hunter2\n",
            "- name: DB_PASSWORD\n  value:\n    a:\n      hunter2\n",
            "- {name: DB_PASSWORD,\n   value: hunter2}\n",
            "- variable: API_TOKEN\n  text: hunter2\n",
            "password:\n  hunter2\n",
            "password: |\n  a\n  hunter2\n",
            "password:\n- hunter2\n",
            "password: {hunter2: 1}\n",
            "\"p\\u0061ssword\":\n hunter2\n",
            "args:\n- --password\n- hunter2\n",
            "args: [\"--password=hunter2\"]\n",
            "script: |\n  export API_TOKEN=hunter2\n",
            "template: |\n  password:\n    hunter2\n",
            "{\"env\": [{\"name\": \"API_TOKEN\",\n\"value\":\n \"hunter2\"}]}\n",
            "env:\n- # name: DB_PASSWORD\n  hunter2\n",
            "env:\n# API_TOKEN\n- hunter2\n",
            "# password\na: hunter2\n",
            "- name: DB_PASSWORD\n- hunter2: 1\n",
            "- name: DB_PASSWORD\n  value:\n- hunter2: 1\n",
            "- nam: x\n  value: hunter2\n",
            // Aliases and what cannot be read: nothing is sure.
            "a: &a\n  hunter2\npassword: *a\n",
            "a: &a\n- hunter2\nenv: [{name: API_TOKEN, value:*a}]\n",
            "password: 1\na: [\nhunter2\n",
            "\"p\\x61ssword\": 1\na: [\nhunter2\n",
            "- name: DB_PASSWORD\n  value: @hunter2\n",
            "- name: DB_PASSWORD\n  value: \"hunter2\n",
            "password: a\n---\nb: hunter2\n",
            "a: |\n  API_TOKEN:\n!  hunter2:\n",
            "a: {password: }\n!hunter2 : 1\n",
        ] {
            let lines = open_lines(text).concat();
            assert!(!lines.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn what_no_name_says_is_shown() {
        let text = "service_name: auth\nimage: x:1\nenv:\n- name: A\n  value: b\n- name: TOKEN\n  value: c\nlast: 1\n";
        let open = open_lines(text);
        assert_eq!(
            open,
            ["service_name: auth", "image: x:1", "env:", "- name: A", "value: b", "last: 1"]
        );
        assert_eq!(open_lines("a: [\nb: }\n"), ["a: [", "b: }"]);
        assert_eq!(open_lines("a: &a 1\nb: *a\n").len(), 2);
        assert_eq!(open_lines("").len(), 0);
    }
}
