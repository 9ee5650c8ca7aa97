//! Pieces to values: aliases are followed backwards, and what they copy is counted.

use super::compose::{Body, Piece, Refused};
use crate::problem::{Code, HIDDEN, Problem, Problems, may_hold_secret, shown_path};
use crate::read::document::{Document, MAX_ALIASED_BYTES, duplicate_key, too_deep};
use crate::read::scalar::{self, Kind};
use crate::read::unique;
use crate::value::{Key, MAX_DEPTH, Map, Node, Origin, Path, Source, Trail, Value};

/// What a copied value counts for, without its text.
const NODE_BYTES: usize = 64;

/// Builds the document of its pieces.
pub(super) fn build<'a>(
    pieces: &[Piece<'a>],
    source: Source,
) -> Result<Document<'a>, Vec<Problem>> {
    let mut builder = Builder {
        pieces,
        source,
        in_copy: false,
        copied_bytes: 0,
        problems: Problems::default(),
        warnings: Problems::default(),
    };

    match builder.node(0, 0, &Trail::ROOT) {
        Err(problem) => Err(vec![*problem]),
        Ok(root) if builder.problems.is_empty() => {
            Ok(Document { root, warnings: builder.warnings.into_list() })
        }
        Ok(_) => Err(builder.problems.into_list()),
    }
}

/// Builds values from pieces. A piece is built once where it stands, and again for every alias of it.
struct Builder<'t, 'a> {
    pieces: &'t [Piece<'a>],
    source: Source,
    /// Whether an alias is being followed; problems of what it copies are told where that stands.
    in_copy: bool,
    copied_bytes: usize,
    problems: Problems,
    warnings: Problems,
}

/// A problem that ends the building.
type Fatal = Box<Problem>;

impl<'t, 'a> Builder<'t, 'a> {
    fn node(&mut self, at: usize, depth: usize, trail: &Trail<'_>) -> Result<Node<'a>, Fatal> {
        let origin = self.origin(at);
        let Some(piece) = self.visit(at, trail)? else { return Ok(Node::new(Value::Null, origin)) };
        if depth >= MAX_DEPTH && !matches!(piece.body, Body::Scalar(..)) {
            return Err(Box::new(too_deep(trail.path()).origin(origin)));
        }

        let value = match &piece.body {
            Body::Alias(target) => {
                // Following it takes some of the stack, as a list does.
                let depth = depth.saturating_add(1);
                let copy =
                    self.copy(at, *target, trail, |builder| builder.node(*target, depth, trail))?;
                return Ok(copy.unwrap_or(Node::new(Value::Null, origin)));
            }
            Body::Scalar(kind, text) => match scalar::value(*kind, text) {
                Ok(value) => value,
                Err(unreadable) => {
                    self.report(at, trail, |path, text| unreadable.problem(path, text));
                    Value::Null
                }
            },
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
        let mut children = children(pieces, at);
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            let (is_merge, name) = match target(pieces, key).map(|piece| &piece.body) {
                Some(Body::Scalar(kind, text)) => (*kind == Kind::Merge, text.as_ref()),
                _ => (false, "?"),
            };
            let around = trail;
            let trail = trail.key(name);
            if is_merge {
                self.merge(value, depth, &trail, &mut merged)?;
                continue;
            }
            let key = self.key(key, around, &trail)?;
            let node = self.node(value, depth, &trail)?;
            if let Some(key) = key {
                entries.push((key, node));
            }
        }
        for repeat in unique::make_unique(&mut entries) {
            if !self.in_copy {
                self.warnings.add_with(|| duplicate_key(&trail.path(), &repeat));
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
        if depth >= MAX_DEPTH {
            return Err(Box::new(too_deep(trail.path()).origin(self.origin(at))));
        }
        if !is_mergeable(pieces, at) {
            self.report(at, trail, |path, _| unmergeable(path));
            return Ok(());
        }
        match pieces.get(at).map(|piece| &piece.body) {
            Some(Body::Alias(target)) => {
                let depth = depth.saturating_add(1);
                self.copy(at, *target, trail, |builder| {
                    builder.merge(*target, depth, trail, merged)
                })?;
            }
            Some(Body::List) => {
                let depth = depth.saturating_add(1);
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

    /// Builds a key of the mapping `around` it.
    fn key(
        &mut self,
        at: usize,
        around: &Trail<'_>,
        trail: &Trail<'_>,
    ) -> Result<Option<Key<'a>>, Fatal> {
        // What has a tag may be a secret that nobody quoted, and no key: the problem names the mapping.
        let Some(piece) = self.visit(at, around)? else { return Ok(None) };
        let unusable = match &piece.body {
            Body::Alias(target) => {
                return Ok(self
                    .copy(at, *target, trail, |builder| builder.key(*target, around, trail))?
                    .flatten());
            }
            Body::Scalar(kind, text) => match scalar::key(*kind, text, self.origin(at)) {
                Ok(key) => return Ok(Some(key)),
                Err(unreadable) => {
                    self.report(at, trail, |path, text| unreadable.problem(path, text));
                    return Ok(None);
                }
            },
            Body::List => ("list", "write the key as one text"),
            Body::Map => (
                "mapping",
                "write the key as one text; quote it where it is a template's `{{ … }}`",
            ),
        };

        let (what, help) = unusable;
        self.report(at, trail, |path, _| {
            Problem::new(Code::InvalidYaml, path, format!("a {what} cannot be a key")).help(help)
        });
        Ok(None)
    }

    fn count_copied(&mut self, bytes: usize) -> Result<(), Fatal> {
        self.copied_bytes = self.copied_bytes.saturating_add(bytes);
        if self.copied_bytes > MAX_ALIASED_BYTES {
            let limit = MAX_ALIASED_BYTES / 1024 / 1024;
            let message = format!("aliases and merge keys make copies of more than {limit} MiB");
            let problem = Problem::new(Code::TooLarge, Path::root(), message);
            return Err(Box::new(problem.help("write the values out, or repeat less")));
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
            self.report(at, trail, |path, text| refused.problem(&path, text.is_some()));
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
            self.report(alias, trail, |path, _| {
                let message = "an alias stands inside the value it names, which would never end";
                Problem::new(Code::CyclicAlias, path, message)
                    .help("remove the alias, or move the anchor")
            });
            return Ok(None);
        }
        if self.in_copy {
            return build(self).map(Some);
        }
        self.in_copy = true;
        let copy = build(self);
        self.in_copy = false;
        // What ends the copying is reported where it began.
        copy.map(Some).map_err(|problem| {
            Box::new(Problem { path: trail.path(), ..*problem }.origin(self.origin(alias)))
        })
    }

    /// Adds a problem at a piece, unless it was reported where an alias copies it from. It is made of the path and,
    /// where it is no secret, of the text that stands there.
    fn report(
        &mut self,
        at: usize,
        trail: &Trail<'_>,
        problem: impl FnOnce(Path, Option<&str>) -> Problem,
    ) {
        if self.in_copy {
            return;
        }

        let origin = self.origin(at);
        let text = match self.pieces.get(at).map(|piece| &piece.body) {
            Some(Body::Scalar(_, text)) => text,
            _ => "",
        };
        self.problems.add_with(|| {
            let text = Some(text).filter(|_| !may_hold_secret(trail));
            problem(shown_path(trail), text).origin(origin)
        });
    }

    fn origin(&self, at: usize) -> Origin {
        let (start, end) =
            self.pieces.get(at).map_or((0, 0), |piece| (piece.offset, piece.text_end));
        Origin::new(self.source, start, end)
    }
}

impl Refused<'_> {
    /// The problem of a tag. It is shown where it cannot be a secret that begins like one.
    fn problem(self, path: &Path, is_shown: bool) -> Problem {
        let shown = |tag| if is_shown { tag } else { HIDDEN };
        let new = |code, message: &str| Problem::new(code, path.clone(), message);

        match self {
            Self::Binary => new(Code::NotJson, "!!binary gives bytes, which JSON cannot say")
                .help("write the text itself as a string"),
            Self::Set => {
                new(Code::NotJson, "!!set gives a set, which JSON cannot say").help("write a list")
            }
            Self::Pairs => {
                new(Code::NotJson, "this tag gives a list of pairs, which JSON cannot say")
                    .help("write a mapping: its order is kept")
            }
            Self::Misplaced(tag) => new(
                Code::InvalidYaml,
                &format!("the tag {} does not fit what follows it", shown(tag)),
            )
            .help("remove the tag"),
            // It may be a password that nobody quoted.
            Self::Unknown => new(Code::InvalidYaml, "a tag has no meaning here")
                .help("remove it, or quote the text if it is no tag"),
        }
    }
}

fn unmergeable(path: Path) -> Problem {
    Problem::new(Code::InvalidYaml, path, "`<<` can merge mappings only").help(
        "give it a mapping or a list of mappings; quote it where the text itself is meant: \"<<\"",
    )
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
    std::iter::successors(first, move |child| {
        pieces.get(*child).map(|piece| piece.end).filter(|next| *next < end)
    })
}
