//! Request bodies: a borrowed tree, loose typed getters that name every fault, and the canonical form that
//! idempotency compares.

mod canonical;
mod loose;
mod merge;
mod node;
mod parse;
mod reader;
mod write;

pub mod shape;

pub use canonical::canonical;
pub use loose::{Read, boolean_of, integer_of, text_of};
pub use merge::merge;
pub use node::{Node, Object};
pub use parse::{NotJson, parse};
pub use reader::Reader;
pub use write::compact;
