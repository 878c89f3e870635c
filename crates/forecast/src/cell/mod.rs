//! What stands in single cells.

pub mod amount;
pub mod card_number;
pub mod moment;
pub mod word;
