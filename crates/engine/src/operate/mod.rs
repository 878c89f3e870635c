//! What the operator looks at and does by hand: orders whose result is unknown, and the rules in force. Everything here is the
//! operator's alone.

mod rules;
mod unsettled;

pub use rules::{RuleFile, RuleRows};
pub use unsettled::Unsettled;

use domain::client::Role;

use crate::{Error, Principal, Result};

/// Fails for everybody but the operator.
fn only_operators(principal: &Principal) -> Result<()> {
    if principal.role == Role::Operator { Ok(()) } else { Err(Error::RoleMissing) }
}
