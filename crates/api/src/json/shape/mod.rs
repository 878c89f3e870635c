//! Shapes of requests: what the loose reader beside this accepts, said so that a schema can be made of it.
//!
//! ```ignore
//! object("CaptureRequest", "What to capture.")
//!     .required("orderId", guid().about("Order session key"))
//!     .required("amount", integer().at_least(1).about("Cents"))
//!     .optional("note", text(255))
//! ```
//!
//! The document tells the truth about loose types: a text may come as a number, a number as a numeric text, `null` and
//! blank count as absent for optional members.

mod render;

pub use render::{Mode, Shapes};

use serde_json::Value;

/// The type of a member, and what is said of it.
#[derive(Debug, Clone)]
pub struct Shape {
    kind: Kind,
    about: &'static str,
    /// What is said where a named shape is used, beside what is said of it.
    note: &'static str,
    default: Option<Value>,
    example: Option<Value>,
    forgiving: bool,
}

#[derive(Debug, Clone)]
enum Kind {
    Text { max: usize },
    Integer { least: Option<i64>, most: Option<i64> },
    Number { least: Option<f64> },
    Boolean,
    Guid,
    DateTime,
    Word(&'static [&'static str]),
    Pattern { pattern: &'static str, max: usize },
    List { items: Box<Shape>, max: usize },
    Map(Box<Shape>),
    Object { name: &'static str, members: Vec<Member> },
    Either { name: &'static str, shapes: Vec<Shape> },
    File,
    Any,
}

#[derive(Debug, Clone)]
struct Member {
    name: &'static str,
    shape: Shape,
    required: bool,
}

const fn of(kind: Kind) -> Shape {
    Shape { kind, about: "", note: "", default: None, example: None, forgiving: false }
}

/// Text of at most `max` characters.
pub const fn text(max: usize) -> Shape {
    of(Kind::Text { max })
}

/// A whole number.
pub const fn integer() -> Shape {
    of(Kind::Integer { least: None, most: None })
}

/// A decimal number.
pub const fn number() -> Shape {
    of(Kind::Number { least: None })
}

/// A truth value.
pub const fn boolean() -> Shape {
    of(Kind::Boolean)
}

/// A GUID.
pub const fn guid() -> Shape {
    of(Kind::Guid)
}

/// An instant or a day.
pub const fn date_time() -> Shape {
    of(Kind::DateTime)
}

/// One word of a list, in any case.
pub const fn word(words: &'static [&'static str]) -> Shape {
    of(Kind::Word(words))
}

/// Text that a regular expression (of JSON Schema) describes.
pub const fn pattern(pattern: &'static str, max: usize) -> Shape {
    of(Kind::Pattern { pattern, max })
}

/// Three letters of ISO 4217, in any case.
pub const fn currency() -> Shape {
    of(Kind::Pattern { pattern: "^[A-Za-z]{3}$", max: 3 })
}

/// At most `max` items.
pub fn list(items: Shape, max: usize) -> Shape {
    of(Kind::List { items: Box::new(items), max })
}

/// An object with names of the caller's own.
pub fn map(values: Shape) -> Shape {
    of(Kind::Map(Box::new(values)))
}

/// An object; `name` is its name in the document, unique there. Unknown members are always allowed.
pub const fn object(name: &'static str, about: &'static str) -> Shape {
    Shape { kind: Kind::Object { name, members: Vec::new() }, about, note: "", default: None, example: None, forgiving: false }
}

/// One of several shapes.
pub const fn either(name: &'static str, about: &'static str, shapes: Vec<Shape>) -> Shape {
    Shape { kind: Kind::Either { name, shapes }, about, note: "", default: None, example: None, forgiving: false }
}

/// Bytes of an uploaded file.
pub const fn file() -> Shape {
    of(Kind::File)
}

/// Anything.
pub const fn any() -> Shape {
    of(Kind::Any)
}

impl Shape {
    /// What it means, with its rules; of a named shape, what it means where it is used.
    #[must_use]
    pub const fn about(mut self, about: &'static str) -> Self {
        match self.kind {
            Kind::Object { .. } | Kind::Either { .. } => self.note = about,
            _ => self.about = about,
        }
        self
    }

    /// What counts when it is absent.
    #[must_use]
    pub fn default(mut self, value: Value) -> Self {
        self.default = Some(value);
        self
    }

    /// An example value.
    #[must_use]
    pub fn example(mut self, value: impl Into<Value>) -> Self {
        self.example = Some(value.into());
        self
    }

    /// A value that cannot be used counts as absent instead of being refused.
    #[must_use]
    pub const fn forgiving(mut self) -> Self {
        self.forgiving = true;
        self
    }

    /// The least number that is taken.
    #[must_use]
    pub fn at_least(mut self, number: i64) -> Self {
        match &mut self.kind {
            Kind::Integer { least, .. } => *least = Some(number),
            Kind::Number { least } => *least = Some(number as f64),
            _ => {}
        }
        self
    }

    /// The greatest number that is taken.
    #[must_use]
    pub fn at_most(mut self, number: i64) -> Self {
        if let Kind::Integer { most, .. } = &mut self.kind {
            *most = Some(number);
        }
        self
    }

    /// A member that must be there.
    #[must_use]
    pub fn required(self, name: &'static str, shape: Shape) -> Self {
        self.member(name, shape, true)
    }

    /// A member that may be there.
    #[must_use]
    pub fn optional(self, name: &'static str, shape: Shape) -> Self {
        self.member(name, shape, false)
    }

    /// Members as another object has them, all of them optional: for PATCH.
    #[must_use]
    pub fn all_optional(mut self) -> Self {
        if let Kind::Object { members, .. } = &mut self.kind {
            for member in members.iter_mut() {
                member.required = false;
            }
        }
        self
    }

    /// The same members under another name.
    #[must_use]
    pub fn named(mut self, of: &'static str) -> Self {
        if let Kind::Object { name, .. } | Kind::Either { name, .. } = &mut self.kind {
            *name = of;
        }
        self
    }

    /// Whether an empty body would be refused.
    pub fn needs_something(&self) -> bool {
        match &self.kind {
            Kind::Object { members, .. } => members.iter().any(|member| member.required),
            Kind::Either { shapes, .. } => shapes.iter().all(Self::needs_something),
            _ => true,
        }
    }

    fn member(mut self, name: &'static str, shape: Shape, required: bool) -> Self {
        if let Kind::Object { members, .. } = &mut self.kind {
            members.push(Member { name, shape, required });
        }
        self
    }
}
