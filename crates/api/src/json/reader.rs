//! Typed getters over one object of a request that add every fault under its PascalCase path.

use std::{borrow::Cow, fmt::Write as _};

use domain::{fault::Faults, intake::When, time::Timestamp};

use super::{
    Node, Object, Read, integer_of,
    loose::{boolean_of, text_of},
};

/// Reads the members of one object.
pub struct Reader<'n, 'f> {
    members: Option<&'n Object<'n>>,
    parent: &'static str,
    index: Option<usize>,
    lenient: bool,
    faults: &'f mut Faults,
}

impl<'n, 'f> Reader<'n, 'f> {
    /// A reader of a request's top level.
    pub const fn new(node: &'n Node<'n>, faults: &'f mut Faults) -> Self {
        Self { members: node.object(), parent: "", index: None, lenient: false, faults }
    }

    /// From here on unreadable optional members count as absent (`/transmit` is a copy, not a form to fill in).
    #[must_use]
    pub const fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Where faults go.
    pub const fn faults(&mut self) -> &mut Faults {
        self.faults
    }

    /// The full path of a member.
    pub fn path(&self, name: &str) -> String {
        let mut path = String::with_capacity(self.parent.len() + name.len() + 8);
        path.push_str(self.parent);
        if let Some(index) = self.index {
            let _ = write!(path, "[{index}]");
        }
        if !path.is_empty() {
            path.push('.');
        }
        let mut letters = name.chars();
        path.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        path.push_str(letters.as_str());
        path
    }

    /// A member; `null` is absent.
    pub fn get(&self, name: &str) -> Option<&'n Node<'n>> {
        self.members?.get(name)
    }

    /// Whether a member is there and says `null`.
    pub fn is_null(&self, name: &str) -> bool {
        matches!(self.members.and_then(|members| members.get_or_null(name)), Some(Node::Null))
    }

    /// Adds "is required".
    pub fn required(&mut self, name: &str) {
        let path = self.path(name);
        self.faults.required(&path);
    }

    /// Adds "is invalid".
    pub fn invalid(&mut self, name: &str) {
        let path = self.path(name);
        self.faults.invalid(&path);
    }

    /// Text of at most `max` characters; blank is absent.
    pub fn text(&mut self, name: &str, max: usize) -> Option<String> {
        self.cow(name, max).map(Cow::into_owned)
    }

    /// Like [`Self::text`], without a copy where none is needed.
    pub fn cow(&mut self, name: &str, max: usize) -> Option<Cow<'n, str>> {
        match text_of(self.get(name)) {
            Read::Is(text) if text.len() > max && text.chars().count() > max => {
                let path = self.path(name);
                self.faults.too_long(&path, max);
                None
            }
            read => self.known(name, read),
        }
    }

    /// Text that must be there.
    pub fn required_text(&mut self, name: &str, max: usize) -> Option<String> {
        let read = text_of(self.get(name));
        match read {
            Read::Absent => self.required(name),
            Read::Unreadable => self.invalid(name),
            Read::Is(_) => return self.text(name, max),
        }
        None
    }

    /// Text where an unusable value counts as absent.
    pub fn usable(&self, name: &str, max: usize) -> Option<String> {
        match text_of(self.get(name)) {
            Read::Is(text) if text.chars().count() <= max => Some(text.into_owned()),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let read = integer_of(self.get(name));
        self.known(name, read)
    }

    /// A truth value.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let read = boolean_of(self.get(name));
        self.known(name, read)
    }

    /// A truth value that must be there.
    pub fn required_boolean(&mut self, name: &str) -> Option<bool> {
        let read = boolean_of(self.get(name));
        self.present(name, read)
    }

    /// A whole number that must be there.
    pub fn required_integer(&mut self, name: &str) -> Option<i64> {
        let read = integer_of(self.get(name));
        self.present(name, read)
    }

    /// A text that a function understands: an id, a word of a list, a currency.
    pub fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let read = text_of(self.get(name)).then(|text| parse(&text));
        self.known(name, read)
    }

    /// A text that a function understands and that must be there.
    pub fn required_parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let read = text_of(self.get(name)).then(|text| parse(&text));
        self.present(name, read)
    }

    /// A date-time; `""` is unreadable here.
    pub fn when(&self, name: &str) -> When {
        match self.get(name) {
            None => When::Absent,
            Some(Node::Text(text)) => Timestamp::parse(text).map_or(When::Unreadable, When::At),
            Some(_) => When::Unreadable,
        }
    }

    /// An object that must be there; `parent` is its path.
    pub fn required_object(&mut self, name: &str, parent: &'static str) -> Option<Reader<'n, '_>> {
        if self.get(name).is_none() {
            self.required(name);
            return None;
        }
        match self.get(name) {
            Some(Node::Object(members)) => Some(self.inner(Some(members), parent, None)),
            _ => {
                self.invalid(name);
                None
            }
        }
    }

    /// An object that may be absent or blank; `parent` is its path.
    pub fn object(&mut self, name: &str, parent: &'static str) -> Option<Reader<'n, '_>> {
        match self.get(name)? {
            Node::Object(members) if members.is_empty() => None,
            Node::Object(members) => Some(self.inner(Some(members), parent, None)),
            node => {
                if !node.is_blank() && !self.lenient {
                    self.invalid(name);
                }
                None
            }
        }
    }

    /// The items of a list of at most `max`, each read by a function; items it gives nothing for are left out.
    pub fn list<T>(
        &mut self,
        name: &str,
        parent: &'static str,
        max: usize,
        mut read: impl FnMut(&mut Reader<'n, '_>) -> Option<T>,
    ) -> Vec<T> {
        let items = match self.get(name) {
            Some(Node::List(items)) => items,
            None => return vec![],
            Some(node) => {
                if !node.is_blank() && !self.lenient {
                    self.invalid(name);
                }
                return vec![];
            }
        };
        if items.len() > max {
            let path = self.path(name);
            self.faults.too_many(&path, max);
            return vec![];
        }
        items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| match item {
                Node::Object(members) => read(&mut self.inner(Some(members), parent, Some(index))),
                Node::Null => None,
                _ if self.lenient => None,
                _ => {
                    self.faults.add(format!("{parent}[{index}]"), format!("The field {parent}[{index}] is invalid."));
                    None
                }
            })
            .collect()
    }

    fn present<T>(&mut self, name: &str, read: Read<T>) -> Option<T> {
        match read {
            Read::Is(value) => return Some(value),
            Read::Absent => self.required(name),
            Read::Unreadable => self.invalid(name),
        }
        None
    }

    fn inner(&mut self, members: Option<&'n Object<'n>>, parent: &'static str, index: Option<usize>) -> Reader<'n, '_> {
        Reader { members, parent, index, lenient: self.lenient, faults: self.faults }
    }

    /// What was read; unreadable adds a fault, except in lenient requests.
    pub fn known<T>(&mut self, name: &str, read: Read<T>) -> Option<T> {
        match read {
            Read::Is(value) => Some(value),
            Read::Absent => None,
            Read::Unreadable => {
                if !self.lenient {
                    self.invalid(name);
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn faults_name_the_full_path() {
        let node = parse(br#"{"a":[],"flag":"x","inner":{"text":"abc","list":[1,{"n":1.5}]},"o":7,"when":""}"#).unwrap();
        let mut faults = Faults::new();
        let mut reader = Reader::new(&node, &mut faults);
        assert_eq!(reader.text("a", 9), None);
        assert_eq!(reader.boolean("flag"), None);
        assert!(reader.object("o", "O").is_none());
        assert_eq!((reader.when("when"), reader.when("none")), (When::Unreadable, When::Absent));
        let mut inner = reader.object("inner", "Inner").unwrap();
        assert_eq!(inner.text("text", 2), None);
        inner.required_text("missing", 9);
        inner.list("list", "List", 9, |item| item.integer("n"));
        let seen: Vec<_> = faults.iter().collect();
        assert_eq!(
            seen,
            [
                ("A", "The field A is invalid."),
                ("Flag", "The field Flag is invalid."),
                ("Inner.Missing", "The Missing field is required."),
                ("Inner.Text", "The field Text must be a string with a maximum length of 2."),
                ("List[0]", "The field List[0] is invalid."),
                ("List[1].N", "The field N is invalid."),
                ("O", "The field O is invalid."),
            ]
        );
    }

    #[test]
    fn lenient_readers_drop_what_they_cannot_read() {
        let node = parse(br#"{"flag":"x","o":7,"long":"abc","l":5}"#).unwrap();
        let mut faults = Faults::new();
        let mut reader = Reader::new(&node, &mut faults).lenient();
        assert!(reader.boolean("flag").is_none() && reader.object("o", "O").is_none());
        assert!(reader.list("l", "L", 3, |_| Some(())).is_empty());
        assert_eq!(reader.text("long", 2), None);
        assert_eq!(faults.iter().map(|(path, _)| path).collect::<Vec<_>>(), ["Long"]);
    }
}
