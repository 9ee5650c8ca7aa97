//! Places in a document.

use super::{Map, Node};
use std::fmt;

/// The longest key that a path shows whole: a domain, `/` and a name, with room.
const LONGEST_KEY: usize = 400;

/// A place in a document: keys and list positions from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a mapping, by key.
    Key(String),
    /// Into a list, by position from 0.
    Index(usize),
}

impl Step {
    /// The key, where it is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }
}

impl Path {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// A key of the root.
    pub fn field(key: &str) -> Self {
        Self::root().key(key)
    }

    /// This place's value under a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.push(Step::Key(key.to_owned()));
        path
    }

    /// This list's item.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.push(Step::Index(index));
        path
    }

    /// One step deeper.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// One step back.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// This place, then another path from here.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self(self.0.iter().chain(&below.0).cloned().collect())
    }

    /// Whether this place is another one or below it.
    pub fn starts_with(&self, above: &Self) -> bool {
        self.0.starts_with(&above.0)
    }

    /// How many bytes it takes, about.
    pub(crate) fn size(&self) -> usize {
        self.0
            .iter()
            .map(|step| size_of::<Step>().saturating_add(step.key().map_or(0, str::len)))
            .fold(0, usize::saturating_add)
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// `a.b[1].c`; a key that would read as something else stands in brackets: `labels["app.kubernetes.io/name"]`. A key that
/// is longer than any that Kubernetes takes ends with `…`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_plain(key) && key.len() <= LONGEST_KEY => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(key)?;
                }
                Step::Key(key) => match key.char_indices().nth(LONGEST_KEY) {
                    Some((end, _)) => write!(f, "[{:?}…]", key.get(..end).unwrap_or_default())?,
                    None => write!(f, "[{key:?}]")?,
                },
            }
        }
        Ok(())
    }
}

/// A place while walking there: costs nothing until a problem needs its [`Path`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trail<'t> {
    parent: Option<&'t Trail<'t>>,
    step: Option<TrailStep<'t>>,
    /// The text under `name` beside the last key, where that key is `value` and there is one: what the value is of.
    name_beside: Option<&'t str>,
}

#[derive(Clone, Copy, Debug)]
enum TrailStep<'t> {
    Key(&'t str),
    Index(usize),
}

impl<'t> Trail<'t> {
    /// The root.
    pub(crate) const ROOT: Self = Self { parent: None, step: None, name_beside: None };

    /// Into a mapping, by key.
    pub(crate) fn key(&'t self, key: &'t str) -> Self {
        Self { parent: Some(self), step: Some(TrailStep::Key(key)), name_beside: None }
    }

    /// Into a mapping, by key, knowing what stands beside it.
    pub(crate) fn entry(&'t self, map: &'t Map<'_>, key: &'t str) -> Self {
        let name = if key == "value" { map.get("name").and_then(Node::as_str) } else { None };
        Self { name_beside: name, ..self.key(key) }
    }

    /// Into a list, by position.
    pub(crate) fn index(&'t self, index: usize) -> Self {
        Self { parent: Some(self), step: Some(TrailStep::Index(index)), name_beside: None }
    }

    /// The way so far, from the root.
    pub(crate) fn path(&self) -> Path {
        self.under(&Path::root())
    }

    /// The key that leads to this place, where it is no item of a list.
    pub(crate) fn last_key(&self) -> Option<&'t str> {
        match self.step {
            Some(TrailStep::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The name of the thing whose value this is, where it is known: `value` beside `name`.
    pub(crate) fn name_of_value(&self) -> Option<&'t str> {
        self.name_beside
    }

    /// The keys on the way, the last one first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'t str> {
        std::iter::successors(Some(*self), |trail| trail.parent.copied())
            .filter_map(|trail| trail.last_key())
    }

    /// The way so far, below another path.
    pub(crate) fn under(&self, root: &Path) -> Path {
        let mut path = self.parent.map_or_else(|| root.clone(), |parent| parent.under(root));
        match self.step {
            Some(TrailStep::Key(key)) => path.push(Step::Key(key.to_owned())),
            Some(TrailStep::Index(index)) => path.push(Step::Index(index)),
            None => {}
        }
        path
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-' || c == '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_a_person_writes_them() {
        let path =
            Path::field("deployment_template").key("spec").key("containers").index(1).key("image");
        assert_eq!(path.to_string(), "deployment_template.spec.containers[1].image");
        assert_eq!(
            Path::field("labels").key("app.kubernetes.io/name").to_string(),
            r#"labels["app.kubernetes.io/name"]"#
        );
        assert_eq!(Path::root().to_string(), "");
    }
}
