//! Where things stand in a YAML text: enough of its structure to take an object out and put others in, while every
//! other byte stays as it is.
//!
//! A deploy tool's stream holds objects that are none of our business. To read and write them would change them
//! (comments, quotes, numbers, YAML 1.1 or 1.2); to cut and paste text cannot.

use anyhow::{Result, bail};
use granit_parser::{Event, Parser, Span, StructureStyle, options};
use std::collections::BTreeSet;
use std::ops::Range;

/// Levels of nesting that are read; more than any object Kubernetes stores.
const MAX_DEPTH: usize = 256;

/// A value and its place.
#[derive(Debug)]
pub(crate) struct Node {
    /// Its bytes: for a block collection up to what follows it, for all else exactly.
    pub(crate) range: Range<usize>,
    content: Content,
    /// Whether it is in brackets, as in JSON.
    pub(crate) is_flow: bool,
    /// The number of its anchor; 0 for none.
    anchor: usize,
}

#[derive(Debug)]
enum Content {
    /// A scalar's text, after quotes and escapes; what type it has is not ours to say.
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// The number of the anchor that it names.
    Alias(usize),
}

impl Node {
    /// Reads a text that is one YAML document; `None` where it is empty.
    pub(crate) fn read(text: &str) -> Result<Option<Self>> {
        let options = options! {
            block_scalar_eof_without_line_feed: true,
            block_nesting_limit: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
        };
        let mut open: Vec<(Node, Vec<Node>)> = Vec::new();
        let mut root = None;
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event?;
            let node = match event {
                Event::Scalar(value, _, anchor, _) => {
                    Self::new(span, Content::Scalar(value.into_owned()), true, anchor)
                }
                Event::Alias(anchor) => Self::new(span, Content::Alias(anchor), true, 0),
                Event::SequenceStart(style, anchor, _) => {
                    let is_flow = style == StructureStyle::Flow;
                    open.push((
                        Self::new(span, Content::List(Vec::new()), is_flow, anchor),
                        Vec::new(),
                    ));
                    continue;
                }
                Event::MappingStart(style, anchor, _) => {
                    let is_flow = style == StructureStyle::Flow;
                    open.push((
                        Self::new(span, Content::Map(Vec::new()), is_flow, anchor),
                        Vec::new(),
                    ));
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some((node, children)) = open.pop() else { continue };
                    node.closed(span, children)
                }
                Event::DocumentStart(..) if root.is_some() => {
                    bail!("there is more than one document")
                }
                _ => continue,
            };
            match open.last_mut() {
                Some((_, children)) => children.push(node),
                None => root = Some(node),
            }
        }
        Ok(root)
    }

    fn new(span: Span, content: Content, is_flow: bool, anchor: usize) -> Self {
        Self { range: span.byte_range().unwrap_or_default(), content, is_flow, anchor }
    }

    fn closed(mut self, span: Span, children: Vec<Node>) -> Self {
        self.range.end = span.byte_range().map_or(self.range.end, |end| end.end);
        self.content = match self.content {
            Content::Map(_) => {
                let mut children = children.into_iter();
                let mut entries = Vec::new();
                while let (Some(key), Some(value)) = (children.next(), children.next()) {
                    entries.push((key, value));
                }
                Content::Map(entries)
            }
            _ => Content::List(children),
        };
        self
    }

    /// The value of a mapping's entry.
    pub(crate) fn entry(&self, key: &str) -> Option<&Node> {
        let Content::Map(entries) = &self.content else { return None };
        entries.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// The text of the scalar at a path of keys.
    pub(crate) fn text_at(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().try_fold(self, |node, key| node.entry(key))?.as_text()
    }

    /// The text of a scalar.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub(crate) fn entries(&self) -> &[(Node, Node)] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// What is right in it, keys before their values, in the order of the text.
    pub(crate) fn children(&self) -> Vec<&Node> {
        match &self.content {
            Content::Scalar(_) | Content::Alias(_) => Vec::new(),
            Content::List(items) => items.iter().collect(),
            Content::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
        }
    }

    /// Whether it, or anything in it, has an anchor or is an alias.
    pub(crate) fn has_anchor_or_alias(&self) -> bool {
        let (anchors, aliases) = self.anchors_and_aliases();
        !(anchors.is_empty() && aliases.is_empty())
    }

    /// The numbers of the anchors in it, and for each of its aliases that of the anchor it names.
    pub(crate) fn anchors_and_aliases(&self) -> (BTreeSet<usize>, Vec<usize>) {
        let (mut anchors, mut aliases) = (BTreeSet::new(), Vec::new());
        let mut nodes = vec![self];
        while let Some(node) = nodes.pop() {
            if node.anchor > 0 {
                anchors.insert(node.anchor);
            }
            match &node.content {
                Content::Alias(anchor) => aliases.push(*anchor),
                _ => nodes.extend(node.children()),
            }
        }
        (anchors, aliases)
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }
}
