//! A text to a flat list of pieces, in document order.

use super::characters::check_characters;
use super::syntax::{Syntax, misplaced_tab, nested_too_deep};
use crate::read::scalar::{self, Kind};
use crate::value::{Index, MAX_DEPTH};
use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag, options};
use std::borrow::Cow;

/// A part of the document; what it holds follows it.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) body: Body<'a>,
    /// Byte offset of its first character.
    pub(super) offset: usize,
    /// Byte offset of what follows it; of a block collection, of what follows the last thing in it.
    pub(super) text_end: usize,
    /// The position of the piece after it and all it holds.
    pub(super) end: usize,
    /// The tag that cannot be read, where it has one.
    pub(super) refused: Option<Refused<'a>>,
}

#[derive(Debug)]
pub(super) enum Body<'a> {
    Scalar(Kind, Cow<'a, str>),
    List,
    /// Keys and values in turn.
    Map,
    /// The position of the piece it stands for.
    Alias(usize),
}

/// A tag whose value cannot be given.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused<'a> {
    Binary,
    Set,
    Pairs,
    /// A standard tag on a node of another shape, as written.
    Misplaced(&'a str),
    /// Any other tag.
    Unknown,
}

/// The document's pieces, the root first.
pub(super) fn compose(text: &str) -> Result<Vec<Piece<'_>>, Syntax> {
    check_characters(text)?;
    let mut composer = Composer {
        text,
        pieces: Vec::new(),
        open: Vec::new(),
        anchors: Vec::new(),
        names: Index::default(),
        documents: 0,
        flow: 0,
        tabs: text.contains('\t').then_some(0),
    };
    let options = options! {
        block_scalar_eof_without_line_feed: true,
        bom_inside_document_as_content: true,
        emit_anchor_events: true,
        block_nesting_limit: MAX_DEPTH,
        flow_nesting_limit: MAX_DEPTH,
    };
    let mut read = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| Syntax::of(&error, text, read))?;
        read = span.end.byte_offset().unwrap_or(read);
        composer.take(event, span)?;
    }
    let mut pieces = composer.pieces;
    if pieces.is_empty() {
        let body = Body::Scalar(Kind::Null, Cow::Borrowed(""));
        pieces.push(Piece { body, offset: 0, text_end: 0, end: 1, refused: None });
    }
    Ok(pieces)
}

struct Composer<'a> {
    text: &'a str,
    pieces: Vec<Piece<'a>>,
    /// The lists and mappings that are not closed.
    open: Vec<usize>,
    /// Where the anchored pieces stand, by the parser's number of the anchor, from 1 in the order of the text.
    anchors: Vec<usize>,
    names: Index<'a>,
    documents: usize,
    /// How many of the open ones are brackets, or in brackets.
    flow: usize,
    /// The offset up to which tabs were looked for, where the text has any.
    tabs: Option<usize>,
}

impl<'a> Composer<'a> {
    fn take(&mut self, event: Event<'a>, span: Span) -> Result<(), Syntax> {
        let offset = span.start.byte_offset().unwrap_or_default();
        let end = span.end.byte_offset().unwrap_or_default();
        self.check_tabs(&event, offset, end)?;
        match event {
            Event::DocumentStart(..) => {
                self.documents = self.documents.saturating_add(1);
                if self.documents > 1 {
                    return Err(Syntax::new(
                        offset,
                        "a second document starts here, where one is expected",
                    )
                    .help("remove the `---` between them, or give one document only"));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.flow > 0 && style == ScalarStyle::Plain && text.starts_with(['?', ':']) {
                    return Err(Syntax::new(
                        offset,
                        "YAML 1.1 takes `?` and `:` in brackets for a key's and a value's start",
                    )
                    .help("quote the text that starts with it"));
                }
                if self.open.is_empty()
                    && !text.is_empty()
                    && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
                {
                    self.check_indented(offset, end)?;
                }
                self.anchor(anchor);
                let (kind, refused) = match tag {
                    Some(tag) => self.scalar_tag(&tag, span),
                    None if style == ScalarStyle::Plain => (scalar::implicit(&text), None),
                    None => (Kind::String, None),
                };
                let token = self.text.get(offset..end).unwrap_or_default();
                let text_end = if style == ScalarStyle::Plain {
                    offset.saturating_add(token.trim_end().len())
                } else {
                    end
                };
                self.push(Body::Scalar(kind, text), offset, text_end, refused);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.enter(Body::List, style, anchor, tag.as_deref(), span)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.enter(Body::Map, style, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let is_flow = self.flow > 0;
                // Whatever is in brackets is in brackets wholly.
                self.flow = self.flow.saturating_sub(1);
                let last_end = self.pieces.last().map_or(end, |piece| piece.text_end);
                let pieces = self.pieces.len();
                if let Some(piece) = self.open.pop().and_then(|at| self.pieces.get_mut(at)) {
                    piece.end = pieces;
                    piece.text_end = if is_flow { end } else { last_end.max(piece.offset) };
                }
            }
            Event::Alias(anchor) => {
                let target = anchor
                    .checked_sub(1)
                    .and_then(|at| self.anchors.get(at))
                    .copied()
                    .unwrap_or_default();
                self.push(Body::Alias(target), offset, end, None);
            }
            Event::Anchor(_, name) => {
                if !name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                {
                    return Err(Syntax::new(
                        offset,
                        "the anchor's name has characters that YAML 1.1 does not allow",
                    )
                    .help("use letters, digits, `-` and `_`"));
                }
                if self.names.get(&*name).is_some() {
                    return Err(Syntax::new(offset, "another anchor has this name")
                        .help("give every anchor a name of its own"));
                }
                self.names.insert(name, self.anchors.len());
            }
            _ => {}
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: usize) {
        if anchor != 0 {
            self.anchors.resize(anchor.max(self.anchors.len()), 0);
            if let Some(at) = anchor.checked_sub(1).and_then(|at| self.anchors.get_mut(at)) {
                *at = self.pieces.len();
            }
        }
    }

    fn push(
        &mut self,
        body: Body<'a>,
        offset: usize,
        text_end: usize,
        refused: Option<Refused<'a>>,
    ) {
        let end = self.pieces.len().saturating_add(1);
        self.pieces.push(Piece { body, offset, text_end, end, refused });
    }

    fn enter(
        &mut self,
        body: Body<'a>,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Syntax> {
        let mut offset = span.start.byte_offset().unwrap_or_default();
        if self.flow > 0 || style == StructureStyle::Flow {
            self.flow = self.flow.saturating_add(1);
        } else if matches!(body, Body::List) {
            offset = self.dash_before(offset);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(nested_too_deep(offset));
        }
        self.anchor(anchor);
        let refused = tag.and_then(|tag| self.collection_tag(tag, &body, span));
        self.open.push(self.pieces.len());
        self.push(body, offset, offset, refused);
        Ok(())
    }

    /// Where a block list begins: at its first dash. Of one that is not indented, the parser gives the first item's
    /// place.
    fn dash_before(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default().trim_end();
        let is_dash = self
            .text
            .get(offset..)
            .is_some_and(|rest| rest.starts_with("- ") || rest.starts_with("-\n"));
        let at_dash = before.strip_suffix('-').map(str::len);

        if is_dash { offset } else { at_dash.unwrap_or(offset) }
    }

    fn scalar_tag(&self, tag: &Tag, span: Span) -> (Kind, Option<Refused<'a>>) {
        match standard(tag).as_deref() {
            Some("str") => (Kind::String, None),
            Some("null") => (Kind::Null, None),
            Some("bool") => (Kind::Bool, None),
            Some("int") => (Kind::Integer, None),
            Some("float") => (Kind::Float, None),
            Some("timestamp") => (Kind::Timestamp, None),
            Some("merge") => (Kind::Merge, None),
            Some("value") => (Kind::Default, None),
            Some("binary") => (Kind::String, Some(Refused::Binary)),
            Some("seq" | "map" | "set" | "omap" | "pairs") => {
                (Kind::String, Some(Refused::Misplaced(self.written(span))))
            }
            _ => (Kind::String, Some(Refused::Unknown)),
        }
    }

    fn collection_tag(&self, tag: &Tag, body: &Body<'_>, span: Span) -> Option<Refused<'a>> {
        match (standard(tag).as_deref(), body) {
            (Some("seq"), Body::List) | (Some("map"), Body::Map) => None,
            (Some("set"), Body::Map) => Some(Refused::Set),
            (Some("omap" | "pairs"), Body::List) => Some(Refused::Pairs),
            (
                Some(
                    "str" | "null" | "bool" | "int" | "float" | "timestamp" | "merge" | "value"
                    | "binary" | "seq" | "map" | "set" | "omap" | "pairs",
                ),
                _,
            ) => Some(Refused::Misplaced(self.written(span))),
            _ => Some(Refused::Unknown),
        }
    }

    /// A tag as it stands in the text.
    fn written(&self, span: Span) -> &'a str {
        span.tag_span().and_then(|tag| tag.slice(self.text)).unwrap_or("!")
    }

    /// Refuses a block scalar whose text is not indented: YAML 1.2 allows that where it is the whole document, and
    /// `PyYAML` takes the text for what follows.
    fn check_indented(&self, start: usize, end: usize) -> Result<(), Syntax> {
        // A block scalar's span starts after its indentation.
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at.saturating_add(1));
        let mut lines = self.text.get(line..end).unwrap_or_default().split(['\n', '\r']);
        match lines.find(|line| !line.trim_start_matches(' ').is_empty()) {
            Some(line) if !line.starts_with(' ') => {
                Err(Syntax::new(start, "the text of this block scalar is not indented")
                    .help("indent it"))
            }
            _ => Ok(()),
        }
    }

    /// Refuses tabs wherever `PyYAML` does: outside quotes, block scalars and comments.
    fn check_tabs(&mut self, event: &Event<'_>, start: usize, end: usize) -> Result<(), Syntax> {
        let Some(seen) = self.tabs else { return Ok(()) };
        // An implicit document starts with its first token.
        if matches!(event, Event::DocumentStart(..)) {
            return Ok(());
        }
        let gap = self.text.get(seen..start).unwrap_or_default();
        let in_plain = match event {
            Event::Scalar(_, ScalarStyle::Plain, ..) => {
                self.text.get(start..end).and_then(|token| token.find('\t'))
            }
            _ => None,
        };
        let tab = tab_in_gap(gap)
            .map(|at| seen.saturating_add(at))
            .or(in_plain.map(|at| start.saturating_add(at)));
        self.tabs = Some(seen.max(end));
        match tab {
            Some(tab) => Err(misplaced_tab(tab)),
            None => Ok(()),
        }
    }
}

/// The name of a tag of YAML's own.
fn standard(tag: &Tag) -> Option<Cow<'_, str>> {
    tag.suffix_in_namespace("tag:yaml.org,2002:")
}

/// The first tab between two tokens that is in no comment.
fn tab_in_gap(gap: &str) -> Option<usize> {
    let mut comment = false;
    gap.bytes().position(|byte| {
        match byte {
            b'#' => comment = true,
            b'\n' | b'\r' => comment = false,
            _ => {}
        }
        byte == b'\t' && !comment
    })
}
