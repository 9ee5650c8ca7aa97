//! YAML as `PyYAML`'s `safe_load` reads it.
//!
//! The text becomes a flat list of pieces in document order ([`compose`]); values are built from it
//! ([`Builder`]), following aliases backwards. Only what aliases copy can grow, and that is counted.

use super::scalar::{self, Kind};
use super::{Document, MAX_ALIASED_BYTES, duplicate_key, too_deep, unique};
use crate::index::Index;
use crate::node::{Key, MAX_DEPTH, Map, Node, Origin, Source, Value};
use crate::problem::{Path, Problem, Trail, tell};
use crate::secret::leads_to_secret;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options};
use std::borrow::Cow;

/// What a copied value counts for, without its text.
const NODE_BYTES: usize = 64;

/// Why a text gives no document.
#[derive(Debug)]
pub(super) enum Failure {
    /// It is not YAML.
    Syntax(Problem),
    /// It is YAML, and says something that cannot be read.
    Value(Vec<Problem>),
}

/// Reads a text that is one YAML document.
pub(super) fn read(text: &str, source: Source) -> Result<Document<'_>, Failure> {
    let pieces = compose(text).map_err(|error| Failure::Syntax(error.into_problem(source)))?;
    let mut builder = Builder {
        pieces: &pieces,
        source,
        in_copy: false,
        copied_bytes: 0,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    match builder.node(0, 0, &Trail::ROOT) {
        Err(problem) => Err(Failure::Value(vec![*problem])),
        Ok(root) if builder.problems.is_empty() => Ok(Document { root, warnings: builder.warnings }),
        Ok(_) => Err(Failure::Value(builder.problems)),
    }
}

/// A part of the document; what it holds follows it.
#[derive(Debug)]
struct Piece<'a> {
    body: Body<'a>,
    /// Byte offset of its first character.
    offset: usize,
    /// The position of the piece after it and all it holds.
    end: usize,
    /// The tag that cannot be read, where it has one.
    refused: Option<Refused<'a>>,
}

#[derive(Debug)]
enum Body<'a> {
    Scalar(Kind, Cow<'a, str>),
    List,
    /// Keys and values in turn.
    Map,
    /// The position of the piece it stands for.
    Alias(usize),
}

/// A tag whose value cannot be given.
#[derive(Clone, Copy, Debug)]
enum Refused<'a> {
    Binary,
    Set,
    Pairs,
    /// A standard tag on a node of another shape, as written.
    Misplaced(&'a str),
    /// Any other tag, as written.
    Unknown(&'a str),
}

/// An error that ends the reading: its place, what it says, its cure.
#[derive(Debug)]
struct Syntax {
    code: &'static str,
    offset: usize,
    message: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
}

impl Syntax {
    fn new(offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: "invalid-yaml", offset, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn into_problem(self, source: Source) -> Problem {
        let Self { code, offset, message, help } = self;
        let problem = Problem::new(code, Path::root(), message).origin(Origin::new(source, offset));
        match help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

/// The document's pieces, the root first.
fn compose(text: &str) -> Result<Vec<Piece<'_>>, Syntax> {
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
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| syntax(text, &error))?;
        composer.take(event, span)?;
    }
    let mut pieces = composer.pieces;
    if pieces.is_empty() {
        pieces.push(Piece { body: Body::Scalar(Kind::Null, Cow::Borrowed("")), offset: 0, end: 1, refused: None });
    }
    Ok(pieces)
}

/// Refuses the characters `PyYAML` refuses, and those it takes for line breaks where YAML 1.2 does not.
fn check_characters(text: &str) -> Result<(), Syntax> {
    // What such characters, and a few others, start with.
    let suspicious = |byte: u8| matches!(byte, 0..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xE2 | 0xEF);
    for (offset, _) in text.bytes().enumerate().filter(|(_, byte)| suspicious(*byte)) {
        let Some(c) = text.get(offset..).and_then(|rest| rest.chars().next()) else { continue };
        match c {
            '\u{85}' | '\u{2028}' | '\u{2029}' => {
                return Err(Syntax::new(
                    offset,
                    format!("the character U+{:04X} is a line break in YAML 1.1", u32::from(c)),
                )
                .help(format!("write it as an escape in double quotes: \"\\u{:04X}\"", u32::from(c))));
            }
            // A byte order mark may stand first; PyYAML takes any other for text, other readers drop it.
            '\u{feff}' if offset == 0 => {}
            '\0'..'\u{20}' | '\u{7f}'..'\u{a0}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(Syntax::new(offset, format!("the character U+{:04X} may not stand in YAML", u32::from(c)))
                    .help(format!(
                        "remove it, or write it as an escape in double quotes: \"\\u{:04X}\"",
                        u32::from(c)
                    )));
            }
            _ => {}
        }
    }
    Ok(())
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
                    return Err(Syntax::new(offset, "a second document starts here, where one is expected")
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
                self.push(Body::Scalar(kind, text), offset, refused);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.enter(Body::List, style, anchor, tag.as_deref(), span)?;
            }
            Event::MappingStart(style, anchor, tag) => self.enter(Body::Map, style, anchor, tag.as_deref(), span)?,
            Event::SequenceEnd | Event::MappingEnd => {
                // Whatever is in brackets is in brackets wholly.
                self.flow = self.flow.saturating_sub(1);
                let end = self.pieces.len();
                if let Some(piece) = self.open.pop().and_then(|at| self.pieces.get_mut(at)) {
                    piece.end = end;
                }
            }
            Event::Alias(anchor) => {
                let target = anchor.checked_sub(1).and_then(|at| self.anchors.get(at)).copied().unwrap_or_default();
                self.push(Body::Alias(target), offset, None);
            }
            Event::Anchor(_, name) => {
                if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
                    return Err(Syntax::new(
                        offset,
                        format!("the anchor {name:?} has characters YAML 1.1 does not allow"),
                    )
                    .help("use letters, digits, `-` and `_`"));
                }
                if self.names.get(&*name).is_some() {
                    return Err(Syntax::new(offset, format!("the anchor {name:?} stands twice"))
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

    fn push(&mut self, body: Body<'a>, offset: usize, refused: Option<Refused<'a>>) {
        let end = self.pieces.len().saturating_add(1);
        self.pieces.push(Piece { body, offset, end, refused });
    }

    fn enter(
        &mut self,
        body: Body<'a>,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Syntax> {
        let offset = span.start.byte_offset().unwrap_or_default();
        if self.flow > 0 || style == StructureStyle::Flow {
            self.flow = self.flow.saturating_add(1);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(nested_too_deep(offset));
        }
        self.anchor(anchor);
        let refused = tag.and_then(|tag| self.collection_tag(tag, &body, span));
        self.open.push(self.pieces.len());
        self.push(body, offset, refused);
        Ok(())
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
            _ => (Kind::String, Some(Refused::Unknown(self.written(span)))),
        }
    }

    fn collection_tag(&self, tag: &Tag, body: &Body<'_>, span: Span) -> Option<Refused<'a>> {
        match (standard(tag).as_deref(), body) {
            (Some("seq"), Body::List) | (Some("map"), Body::Map) => None,
            (Some("set"), Body::Map) => Some(Refused::Set),
            (Some("omap" | "pairs"), Body::List) => Some(Refused::Pairs),
            (
                Some(
                    "str" | "null" | "bool" | "int" | "float" | "timestamp" | "merge" | "value" | "binary" | "seq"
                    | "map" | "set" | "omap" | "pairs",
                ),
                _,
            ) => Some(Refused::Misplaced(self.written(span))),
            _ => Some(Refused::Unknown(self.written(span))),
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
                Err(Syntax::new(start, "the text of this block scalar is not indented").help("indent it"))
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
            Event::Scalar(_, ScalarStyle::Plain, ..) => self.text.get(start..end).and_then(|token| token.find('\t')),
            _ => None,
        };
        let tab = tab_in_gap(gap).map(|at| seen.saturating_add(at)).or(in_plain.map(|at| start.saturating_add(at)));
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

fn misplaced_tab(offset: usize) -> Syntax {
    Syntax::new(offset, "a tab stands where YAML 1.1 allows spaces only").help("use spaces")
}

fn nested_too_deep(offset: usize) -> Syntax {
    Syntax {
        code: "too-deep",
        offset,
        message: Cow::Owned(format!("lists and mappings are nested deeper than {MAX_DEPTH} levels")),
        help: None,
    }
}

/// The parser's error in our words.
fn syntax(text: &str, error: &ScanError) -> Syntax {
    let offset = error.marker().byte_offset().unwrap_or_default();
    let problem = Syntax::new(offset, format!("this is not YAML: {}", error.kind()));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => nested_too_deep(offset),
        ErrorKind::UnknownAnchor => Syntax::new(offset, "an alias names an anchor that does not stand before it")
            .help("define the anchor first (`&name`), or quote the text if it is no alias"),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => {
            // The parser may have passed it.
            let tab = text.get(..offset).map_or(offset, |before| before.trim_end_matches('\t').len());
            misplaced_tab(tab)
        }
        ErrorKind::UnexpectedCharacter { .. } => problem.help("quote text that starts with this character"),
        ErrorKind::MappingValueNotAllowed => problem.help("quote text that holds `: `, and check the indentation"),
        _ => problem,
    }
}

/// Builds values from pieces. A piece is built once where it stands, and again for every alias of it.
struct Builder<'t, 'a> {
    pieces: &'t [Piece<'a>],
    source: Source,
    /// Whether an alias is being followed; problems of what it copies are told where that stands.
    in_copy: bool,
    copied_bytes: usize,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// A problem that ends the building.
type Fatal = Box<Problem>;

impl<'t, 'a> Builder<'t, 'a> {
    fn node(&mut self, at: usize, depth: usize, trail: &Trail<'_>) -> Result<Node<'a>, Fatal> {
        let origin = self.origin(at);
        let Some(piece) = self.visit(at, trail)? else { return Ok(Node::new(Value::Null, origin)) };
        let value = match &piece.body {
            Body::Alias(target) => {
                let copy = self.copy(at, *target, trail, |builder| builder.node(*target, depth, trail))?;
                return Ok(copy.unwrap_or(Node::new(Value::Null, origin)));
            }
            Body::Scalar(kind, text) => match scalar::value(*kind, text) {
                Ok(value) => value,
                Err(problem) => {
                    self.tell(at, trail, || problem);
                    Value::Null
                }
            },
            Body::List | Body::Map if depth >= MAX_DEPTH => {
                return Err(Box::new(too_deep(trail.under(&Path::root())).origin(origin)));
            }
            Body::List => {
                let mut items = Vec::new();
                for (position, item) in children(self.pieces, at).enumerate() {
                    items.push(self.node(item, depth.saturating_add(1), &trail.index(position))?);
                }
                Value::List(items)
            }
            Body::Map => Value::Map(self.map(at, depth.saturating_add(1), trail)?),
        };
        Ok(Node::new(value, origin))
    }

    fn map(&mut self, at: usize, depth: usize, trail: &Trail<'_>) -> Result<Map<'a>, Fatal> {
        let pieces = self.pieces;
        let mut merged = Vec::new();
        let mut entries = Vec::new();
        let mut keys = Vec::new();
        let mut children = children(pieces, at);
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            let (is_merge, name) = match target(pieces, key).map(|piece| &piece.body) {
                Some(Body::Scalar(kind, text)) => (*kind == Kind::Merge, text.as_ref()),
                _ => (false, "?"),
            };
            let trail = trail.key(name);
            if is_merge {
                self.merge(value, depth, &trail, &mut merged)?;
                continue;
            }
            let key_offset = self.origin(key);
            let key = self.key(key, &trail)?;
            let node = self.node(value, depth, &trail)?;
            if let Some(key) = key {
                entries.push((key, node));
                keys.push(key_offset);
            }
        }
        for (repeat, key) in unique::make_unique(&mut entries) {
            if let (false, Some(origin)) = (self.in_copy, keys.get(repeat)) {
                tell(&mut self.warnings, || duplicate_key(&trail.under(&Path::root()), &key.text, *origin));
            }
        }
        if !merged.is_empty() {
            merged.append(&mut entries);
            unique::make_unique(&mut merged);
            entries = merged;
        }
        Ok(Map::from_unique(entries))
    }

    /// Adds what `<<` gives: of a list of mappings the first counts most, of several `<<` the last.
    fn merge(
        &mut self,
        at: usize,
        depth: usize,
        trail: &Trail<'_>,
        merged: &mut Vec<(Key<'a>, Node<'a>)>,
    ) -> Result<(), Fatal> {
        let pieces = self.pieces;
        if !is_mergeable(pieces, at) {
            self.tell(at, trail, unmergeable);
            return Ok(());
        }
        match pieces.get(at).map(|piece| &piece.body) {
            Some(Body::Alias(target)) => {
                self.copy(at, *target, trail, |builder| builder.merge(*target, depth, trail, merged))?;
            }
            Some(Body::List) => {
                let items: Vec<usize> = children(pieces, at).collect();
                for (position, item) in items.into_iter().enumerate().rev() {
                    self.merge(item, depth, &trail.index(position), merged)?;
                }
            }
            _ => {
                if let Value::Map(mut map) = self.node(at, depth, trail)?.value {
                    // Each is compared with all others, at every level of mappings that merge one another.
                    if self.in_copy {
                        self.count_copied(map.len().saturating_mul(NODE_BYTES))?;
                    }
                    merged.append(map.entries_mut());
                }
            }
        }
        Ok(())
    }

    fn key(&mut self, at: usize, trail: &Trail<'_>) -> Result<Option<Key<'a>>, Fatal> {
        let Some(piece) = self.visit(at, trail)? else { return Ok(None) };
        let key =
            match &piece.body {
                Body::Alias(target) => {
                    return Ok(self.copy(at, *target, trail, |builder| builder.key(*target, trail))?.flatten());
                }
                Body::Scalar(kind, text) => scalar::key(*kind, text),
                Body::List => Err(unusable_key("list").help("write the key as one text")),
                Body::Map => Err(unusable_key("mapping")
                    .help("write the key as one text; quote it where it is a template's `{{ … }}`")),
            };
        Ok(key.map_err(|problem| self.tell(at, trail, || problem)).ok())
    }

    fn count_copied(&mut self, bytes: usize) -> Result<(), Fatal> {
        self.copied_bytes = self.copied_bytes.saturating_add(bytes);
        if self.copied_bytes > MAX_ALIASED_BYTES {
            let limit = MAX_ALIASED_BYTES / 1024 / 1024;
            let message = format!("aliases and merge keys make copies of more than {limit} MiB");
            return Err(Box::new(Problem::new("too-large", Path::root(), message)));
        }
        Ok(())
    }

    /// Looks at a piece that is to be built: counts it where it is a copy, tells what is wrong with its tag.
    fn visit(&mut self, at: usize, trail: &Trail<'_>) -> Result<Option<&'t Piece<'a>>, Fatal> {
        let Some(piece) = self.pieces.get(at) else { return Ok(None) };
        if self.in_copy {
            let text = if let Body::Scalar(_, text) = &piece.body { text.len() } else { 0 };
            self.count_copied(text.saturating_add(NODE_BYTES))?;
        }
        if let Some(refused) = piece.refused {
            self.tell(at, trail, || refused.problem());
        }
        Ok(Some(piece))
    }

    /// Builds what an alias stands for; nothing where that would not end.
    fn copy<T>(
        &mut self,
        alias: usize,
        target: usize,
        trail: &Trail<'_>,
        build: impl FnOnce(&mut Self) -> Result<T, Fatal>,
    ) -> Result<Option<T>, Fatal> {
        if self.pieces.get(target).is_some_and(|piece| alias < piece.end) {
            self.tell(alias, trail, || {
                let message = "an alias stands inside the value it names, which would never end";
                Problem::new("cyclic-alias", Path::root(), message).help("remove the alias, or move the anchor")
            });
            return Ok(None);
        }
        if self.in_copy {
            return build(self).map(Some);
        }
        self.in_copy = true;
        let copy = build(self);
        self.in_copy = false;
        // What ends the copying is told where it began.
        copy.map(Some).map_err(|problem| {
            Box::new(Problem { path: trail.under(&Path::root()), ..*problem }.origin(self.origin(alias)))
        })
    }

    /// Adds a problem at a piece, unless it is told already.
    fn tell(&mut self, at: usize, trail: &Trail<'_>, problem: impl FnOnce() -> Problem) {
        if !self.in_copy {
            let origin = self.origin(at);
            let text = match self.pieces.get(at).map(|piece| &piece.body) {
                Some(Body::Scalar(_, text)) => Some(text),
                _ => None,
            };
            tell(&mut self.problems, || {
                let mut problem = Problem { path: trail.under(&Path::root()), ..problem() }.origin(origin);
                if let Some(text) = text.filter(|_| leads_to_secret(&problem.path)) {
                    problem.hide(text);
                }
                problem
            });
        }
    }

    fn origin(&self, at: usize) -> Origin {
        Origin::new(self.source, self.pieces.get(at).map_or(0, |piece| piece.offset))
    }
}

impl Refused<'_> {
    fn problem(self) -> Problem {
        let unsupported =
            |message: &str, help: &str| Problem::new("unsupported-value", Path::root(), message).help(help);
        match self {
            Self::Binary => {
                unsupported("!!binary gives bytes, which JSON cannot say", "write the text itself as a string")
            }
            Self::Set => unsupported("!!set gives a set, which JSON cannot say", "write a list"),
            Self::Pairs => unsupported(
                "this tag gives a list of pairs, which JSON cannot say",
                "write a mapping: its order is kept",
            ),
            Self::Misplaced(tag) => {
                Problem::new("invalid-yaml", Path::root(), format!("the tag {tag} does not fit what follows it"))
                    .help("remove the tag")
            }
            Self::Unknown(tag) => {
                Problem::new("invalid-yaml", Path::root(), format!("the tag {tag} has no meaning here"))
                    .help("remove it, or quote the text if it is no tag")
            }
        }
    }
}

fn unmergeable() -> Problem {
    Problem::new("invalid-yaml", Path::root(), "`<<` can merge mappings only")
        .help("give it a mapping or a list of mappings; quote it where the text itself is meant: \"<<\"")
}

fn unusable_key(what: &str) -> Problem {
    Problem::new("invalid-yaml", Path::root(), format!("a {what} cannot be a key"))
}

fn target<'t, 'a>(pieces: &'t [Piece<'a>], at: usize) -> Option<&'t Piece<'a>> {
    match pieces.get(at)? {
        Piece { body: Body::Alias(target), .. } => pieces.get(*target),
        piece => Some(piece),
    }
}

/// Whether `<<` can merge a piece: a mapping, or a list of mappings.
fn is_mergeable(pieces: &[Piece<'_>], at: usize) -> bool {
    let is_map = |at| matches!(target(pieces, at), Some(Piece { body: Body::Map, .. }));
    let at = match pieces.get(at) {
        Some(Piece { body: Body::Alias(target), .. }) => *target,
        _ => at,
    };
    let is_list = matches!(pieces.get(at), Some(Piece { body: Body::List, .. }));
    is_map(at) || (is_list && children(pieces, at).all(is_map))
}

/// The pieces directly in a list or mapping.
fn children<'t>(pieces: &'t [Piece<'_>], at: usize) -> impl Iterator<Item = usize> + use<'t> {
    let end = pieces.get(at).map_or(0, |piece| piece.end);
    let first = Some(at.saturating_add(1)).filter(|first| *first < end);
    std::iter::successors(first, move |child| pieces.get(*child).map(|piece| piece.end).filter(|next| *next < end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read_yaml;
    use crate::output::json;
    use crate::problem::MAX_PROBLEMS;

    fn value(text: &str) -> String {
        match read_yaml(text, Source::DeploymentTemplate) {
            Ok(document) => json(&document.root),
            Err(problems) => panic!("{text:?}: {problems:?}"),
        }
    }

    /// Code, path, offset of every problem.
    fn problems(text: &str) -> Vec<(&'static str, String, u32)> {
        let problems = read_yaml(text, Source::DeploymentTemplate).unwrap_err();
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.path.to_string(), problem.origin.unwrap().offset))
            .collect()
    }

    #[test]
    fn documents_are_read() {
        for (text, expected) in [
            ("", "null"),
            ("# nothing", "null"),
            ("---\n...\n", "null"),
            ("%YAML 1.2\n---\na", r#""a""#),
            ("\u{feff}a: 1", r#"{"a":1}"#),
            ("a: 1\r\nb: [x, {c: d}]\r\n", r#"{"a":1,"b":["x",{"c":"d"}]}"#),
            ("{a:1}", r#"{"a:1":null}"#),
            (r#"{"a":1}"#, r#"{"a":1}"#),
            (r#""\ud83d\ude00\/""#, r#""😀/""#),
            ("a: |\n  x\n\n   y\n", r#"{"a":"x\n\n y\n"}"#),
            ("a: |\n  x", r#"{"a":"x"}"#),
            ("a: >-\n  x\n  y\n", r#"{"a":"x y"}"#),
            ("a: \"x\ty\"", r#"{"a":"x\ty"}"#),
            ("a: |\n x\ty", r#"{"a":"x\ty"}"#),
            ("a: 1 #\tx", r#"{"a":1}"#),
            ("1: a\n1.5: b\ntrue: c\n~: d", r#"{"1":"c","1.5":"b","null":"d"}"#),
            ("=: 1", r#"{"=":1}"#),
            ("[!!str 5, !!int '5', !!float 5, !!bool yEs, !!null x, !!str ]", r#"["5",5,5.0,true,null,""]"#),
            ("!<tag:yaml.org,2002:str> 5", r#""5""#),
            ("!!map {a: !!seq [b]}", r#"{"a":["b"]}"#),
        ] {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }

    #[test]
    fn merge_keys_come_first_and_count_least() {
        for (text, expected) in [
            ("{a: 2, <<: {a: 1, c: 3}, d: 4}", r#"{"a":2,"c":3,"d":4}"#),
            ("{<<: [{a: 1}, {a: 2, b: 3}]}", r#"{"a":1,"b":3}"#),
            ("{<<: {a: 1}, <<: {a: 2, b: 3}}", r#"{"a":2,"b":3}"#),
            ("{<<: [], <<: {}}", "{}"),
            ("{'<<': {a: 1}}", r#"{"<<":{"a":1}}"#),
            (
                "a: &a {b: 1}\nc: &c {<<: *a, d: 2}\ne: {<<: [*a, *c], b: 3}",
                r#"{"a":{"b":1},"c":{"b":1,"d":2},"e":{"b":3,"d":2}}"#,
            ),
            ("a: &m <<\nb: {*m : {c: 1}}", ""),
        ] {
            // `<<` as a value is no value, even where an alias makes it a key elsewhere.
            if expected.is_empty() {
                assert_eq!(problems(text), [("invalid-yaml", "a".to_owned(), 6)]);
            } else {
                assert_eq!(value(text), expected, "{text}");
            }
        }
    }

    #[test]
    fn aliases_copy_values_and_keep_where_they_were_written() {
        let document = read_yaml("a: &x {b: [1]}\nc: *x\n", Source::DeploymentTemplate).unwrap();
        assert_eq!(json(&document.root), r#"{"a":{"b":[1]},"c":{"b":[1]}}"#);
        let place = |keys: &[&str]| document.root.at(keys).unwrap().origin.offset;
        assert_eq!((place(&["a"]), place(&["c"]), place(&["c", "b"])), (6, 6, 10));
    }

    #[test]
    fn repeated_keys_are_warnings_where_they_stand() {
        let document = read_yaml("a: &x {b: 1, b: 2}\nc: *x\nd:\n- {<<: *x, b: 3}\na: 5\n", Source::Context).unwrap();
        assert_eq!(json(&document.root), r#"{"a":5,"c":{"b":2},"d":[{"b":3}]}"#);
        let warnings: Vec<_> =
            document.warnings.iter().map(|w| (w.code, w.path.to_string(), w.origin.unwrap().offset)).collect();
        assert_eq!(warnings, [("duplicate-key", "a.b".to_owned(), 13), ("duplicate-key", "a".to_owned(), 45)]);
    }

    #[test]
    fn all_values_that_cannot_be_read_are_told() {
        let text = "a: [.inf, {b: 2024-13-01}]\n\
                    ? [k]\n: v\n\
                    {{ x }}: 1\n\
                    2024-01-01: date\n\
                    c: !foo 1\n\
                    d: !!binary aGk=\n\
                    e: !!set {f}\n\
                    g: &g [*g]\n\
                    h: {<<: 5}\n\
                    i: [=, <<]\n\
                    j: [!!int x, ! 5]\n";
        let found = problems(text);
        let told: Vec<_> = found.iter().map(|(code, path, _)| format!("{code} {path}")).collect();
        assert_eq!(
            told,
            [
                "unsupported-value a[0]",
                "invalid-yaml a[1].b",
                "invalid-yaml [\"?\"]",
                "invalid-yaml [\"?\"]",
                "unsupported-value 2024-01-01",
                "invalid-yaml c",
                "unsupported-value d",
                "unsupported-value e",
                "cyclic-alias g[0]",
                "invalid-yaml h[\"<<\"]",
                "invalid-yaml i[0]",
                "invalid-yaml i[1]",
                "invalid-yaml j[0]",
                "invalid-yaml j[1]",
            ]
        );
        assert_eq!(found[1].2, 14);
    }

    #[test]
    fn a_problem_of_an_anchored_value_is_told_once() {
        assert_eq!(problems("a: &x [.inf]\nb: *x\nc: [*x, *x]"), [("unsupported-value", "a[0]".to_owned(), 7)]);
        assert_eq!(problems("a: &x [1]\nb: {<<: *x}"), [("invalid-yaml", "b[\"<<\"]".to_owned(), 18)]);
    }

    #[test]
    fn syntax_errors_have_their_place() {
        for (text, offset) in [
            ("v:\ta", 2),
            ("v: \ta", 3),
            ("v: a\t# c", 4),
            ("\tk: v", 0),
            ("v:\n\t- a", 3),
            ("v: a\tb", 4),
            ("a: |\t\n x", 4),
            ("|\t\n x", 1),
            ("a: 1\n\t\nb: 2", 5),
            ("a: *x", 3),
            ("- &a.b x", 2),
            ("- &a 1\n- &a 2", 9),
            ("a\n---\nb", 2),
            ("[?a]", 1),
            ("[!!str :a]", 7),
            ("|\n#", 2),
            ("a\u{1}b", 1),
            ("a\u{2028}b", 1),
            ("a: \u{feff}b", 3),
            ("a: @x", 3),
            ("a: b: c", 4),
        ] {
            assert_eq!(problems(text), [("invalid-yaml", String::new(), offset)], "{text:?}");
        }
        for text in [
            "'a",
            "\"a",
            "[a",
            "{a",
            "a: 'b' c",
            "\"\\q\"",
            "\"\\ud83d\"",
            "[a, , b]",
            "%YAML 2.0\n---\na",
            "!e!x a",
            "a: b\n  c: d",
        ] {
            assert_eq!(problems(text)[0].0, "invalid-yaml", "{text:?}");
        }
    }

    #[test]
    fn limits_are_told() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read_yaml(&nested(MAX_DEPTH), Source::Context).is_ok());
        assert_eq!(problems(&nested(MAX_DEPTH + 1))[0].0, "too-deep");
        assert_eq!(problems(&"- ".repeat(100_000))[0].0, "too-deep");
        assert_eq!(problems(&"? ".repeat(100_000))[0].0, "too-deep");
        assert_eq!(problems(&"{a: ".repeat(100_000))[0].0, "too-deep");

        // Aliases can nest what is not nested in the text.
        let tower = |inside: &str| format!("{}{inside}{}", "[".repeat(100), "]".repeat(100));
        let mut towers = vec!["- &a0 x".to_owned()];
        towers.extend((1..6).map(|level| format!("- &a{level} {}", tower(&format!("*a{}", level - 1)))));
        let towers = towers.join("\n");
        // The last one stands in the list and has 100 lists of its own around the copy of 400.
        let (code, path, offset) = problems(&towers).remove(0);
        assert_eq!((code, path), ("too-deep", format!("[5]{}", "[0]".repeat(100))));
        assert_eq!(towers.get(offset as usize..).map(|rest| rest.starts_with("*a4")), Some(true));

        let bomb = |inside: &str| {
            let copies = |level: usize| vec![format!("*a{level}"); 10].join(", ");
            let levels = (1..20).map(|level| format!("- &a{level} [{}]", copies(level - 1)));
            std::iter::once(format!("- &a0 {inside}")).chain(levels).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(problems(&bomb("[x]"))[0].0, "too-large");
        assert_eq!(problems(&bomb(&"x".repeat(1_000_000)))[0].0, "too-large");

        let many = "- .inf\n".repeat(MAX_PROBLEMS * 3);
        assert_eq!(problems(&many).len(), MAX_PROBLEMS + 1);
        let repeated = "a: 1\n".repeat(MAX_PROBLEMS * 3);
        assert_eq!(read_yaml(&repeated, Source::Context).unwrap().warnings.len(), MAX_PROBLEMS + 1);
    }
}
