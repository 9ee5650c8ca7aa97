//! Labels and annotations, in little memory: those of every object of every pipeline are known.

use std::collections::BTreeMap;

/// Texts by key, in the keys' order. A tree takes four times as much for as few as objects have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts(Box<[(Box<str>, Box<str>)]>);

impl Texts {
    /// The text of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let place = self.0.binary_search_by(|(known, _)| known.as_ref().cmp(key)).ok()?;
        self.0.get(place).map(|(_, text)| text.as_ref())
    }

    /// Whether it has all of these.
    pub(crate) fn has(&self, wanted: &BTreeMap<String, String>) -> bool {
        wanted.iter().all(|(key, text)| self.get(key) == Some(text))
    }
}

impl From<BTreeMap<String, String>> for Texts {
    fn from(texts: BTreeMap<String, String>) -> Self {
        Self(texts.into_iter().map(|(key, text)| (key.into(), text.into())).collect())
    }
}

#[cfg(test)]
impl Texts {
    /// Changes them as tests want it.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut BTreeMap<String, String>)) {
        let mut texts =
            self.0.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect();
        change(&mut texts);
        *self = texts.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_key() {
        let of = |keys: &[&str]| {
            keys.iter()
                .map(|key| ((*key).to_owned(), format!("of {key}")))
                .collect::<BTreeMap<_, _>>()
        };
        let texts = Texts::from(of(&["b", "a", "c"]));
        assert_eq!(texts.get("c"), Some("of c"));
        assert_eq!(texts.get("d"), None);
        assert!(texts.has(&of(&[])) && texts.has(&of(&["a", "c"])));
        assert!(!texts.has(&of(&["a", "d"])) && !Texts::default().has(&of(&["a"])));
    }
}
