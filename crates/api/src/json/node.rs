//! A JSON value that borrows from the request's bytes. It may hold a card number: it neither prints nor serialises.

use std::borrow::Cow;

/// One JSON value.
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction that fits.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text; borrowed when it holds no escapes.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// Members of an object in the order they came, repeats included.
#[derive(Default)]
pub struct Object<'a>(pub(super) Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Object<'a> {
    /// A member by its name, ASCII case ignored; the last of repeated ones. `null` equals absent.
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.get_or_null(name).filter(|node| !matches!(node, Node::Null))
    }

    /// Like [`Self::get`], but tells `null` from absent.
    pub fn get_or_null(&self, name: &str) -> Option<&Node<'a>> {
        self.0.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, node)| node)
    }

    /// Every member in the order it came.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Node<'a>)> {
        self.0.iter().map(|(key, node)| (&**key, node))
    }

    /// Whether no member has a value.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, node)| matches!(node, Node::Null))
    }
}

impl<'a> Node<'a> {
    /// The object, if it is one.
    pub const fn object(&self) -> Option<&Object<'a>> {
        match self {
            Node::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether a sender means "nothing" by it: `""`, `[]` (an empty map in some languages), `{}`.
    pub fn is_blank(&self) -> bool {
        match self {
            Node::Null => true,
            Node::Text(text) => text.trim().is_empty(),
            Node::List(items) => items.is_empty(),
            Node::Object(object) => object.is_empty(),
            Node::Bool(_) | Node::Integer(_) | Node::Float(_) => false,
        }
    }
}
