//! From origins to lines and columns, and from cures to changes of the text.

use super::fields::Field;
use super::places::Places;
use super::repair::{self, Change};
use crate::problem::{Edit, Fix, Place, Position, Problem};
use crate::read::Positions;
use crate::value::{Origin, Source};

/// Gives every problem whose origin is known its place in the text that holds it, and the fix where it has one.
pub(super) fn locate(problems: &mut [Problem], texts: &[(Source, &str)], places: &Places) {
    for (source, text) in texts {
        let mut located: Vec<(&mut Problem, Origin, Option<Change>)> = Vec::new();
        for problem in problems.iter_mut() {
            let Some(origin) = problem.origin.filter(|origin| origin.source == *source) else {
                continue;
            };

            let entry = places.get(origin).and_then(|place| place.entry);
            let change =
                problem.cure.take().and_then(|cure| repair::change(&cure, origin, entry, text));
            located.push((problem, visible(origin, text), change));
        }
        if located.is_empty() {
            continue;
        }

        let offsets = located.iter().flat_map(|(_, origin, change)| {
            let edits = change.iter().flat_map(|change| &change.edits);
            [origin.offset, origin.end]
                .into_iter()
                .chain(edits.flat_map(|(start, end, _)| [*start, *end]))
        });
        let positions = Positions::of(text, offsets.collect());

        for (problem, origin, change) in located {
            let at = |offset| {
                let (line, column) = positions.get(offset);
                Position { line, column }
            };
            let field = Field::of_source(*source).map(|field| field.name);
            problem.place = Some(Box::new(Place {
                source: field,
                start: at(origin.offset),
                end: at(origin.end),
            }));
            problem.fix = change.map(|Change { title, edits }| {
                let edit = |(start, end, text)| Edit { start: at(start), end: at(end), text };
                Box::new(Fix { title, edits: edits.into_iter().map(edit).collect() })
            });
        }
    }
}

/// An origin of at least one character, where the line has one there.
fn visible(origin: Origin, text: &str) -> Origin {
    if origin.end > origin.offset {
        return origin;
    }

    let rest = text.get(origin.offset as usize..).unwrap_or_default();
    let length =
        rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    Origin {
        end: origin.offset.saturating_add(u32::try_from(length).unwrap_or_default()),
        ..origin
    }
}
