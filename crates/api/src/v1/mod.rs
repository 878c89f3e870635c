//! One folder per resource, one file per verb.

pub mod evaluate;
