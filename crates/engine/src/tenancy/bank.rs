//! A merchant's bank account: its numbers come in, are sealed, and never go out again.

use domain::{
    fault::Faults,
    id::Mid,
    profile::{BankAccount, masked},
};
use serde::{Deserialize, Serialize};
use vault::Context;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Engine, Error, Result};

/// Characters of an account or routing number.
const NUMBER_CHARS: std::ops::RangeInclusive<usize> = 4..=34;

/// What a caller says of a bank account; absent members keep. It does not print.
#[derive(Clone, Default)]
pub struct BankDraft {
    /// The bank.
    pub bank_name: Option<String>,
    /// Kind of account.
    pub dda_type: Option<String>,
    /// Account number.
    pub account_number: Option<Zeroizing<String>>,
    /// Routing number.
    pub routing_number: Option<Zeroizing<String>>,
}

#[derive(Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Numbers {
    account: Option<String>,
    routing: Option<String>,
}

impl BankDraft {
    /// Adds a fault for each number that cannot be one. Spaces and hyphens are dropped when it is kept.
    pub fn check(&self, parent: &str, faults: &mut Faults) {
        for (name, number) in [("AccountNumber", &self.account_number), ("RoutingNumber", &self.routing_number)] {
            let plain = number.as_ref().map(|number| plain(number));
            let lawful = |text: &str| NUMBER_CHARS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
            if plain.is_some_and(|text| !lawful(&text)) {
                faults.invalid(&format!("{parent}{name}"));
            }
        }
    }
}

impl Engine {
    /// The account after a change.
    pub(crate) fn amend_bank(&self, mid: Mid, before: Option<&BankAccount>, draft: &BankDraft) -> Result<BankAccount> {
        let mut bank = before.cloned().unwrap_or(BankAccount {
            bank_name: None,
            dda_type: None,
            sealed: None,
            masked_account: None,
            masked_routing: None,
        });
        bank.bank_name = draft.bank_name.clone().or(bank.bank_name);
        bank.dda_type = draft.dda_type.clone().or(bank.dda_type);
        if draft.account_number.is_none() && draft.routing_number.is_none() {
            return Ok(bank);
        }
        let row = mid.bytes();
        let mut numbers = match &bank.sealed {
            Some(sealed) => self.open_bank(&row, sealed)?,
            None => Numbers::default(),
        };
        if let Some(number) = &draft.account_number {
            let number = plain(number);
            bank.masked_account = Some(masked(&number));
            numbers.account = Some(number.to_string());
        }
        if let Some(number) = &draft.routing_number {
            let number = plain(number);
            bank.masked_routing = Some(masked(&number));
            numbers.routing = Some(number.to_string());
        }
        let text = serde_json::to_vec(&numbers).map_err(|_| unreadable())?;
        bank.sealed = Some(self.vault.seal_value(context(&row), &Zeroizing::new(text))?);
        Ok(bank)
    }

    fn open_bank(&self, row: &[u8], sealed: &[u8]) -> Result<Numbers> {
        let opened = self.vault.open_value(context(row), sealed)?;
        serde_json::from_slice(&opened).map_err(|_| unreadable())
    }
}

/// Where the numbers of a merchant are sealed for.
pub const fn context(row: &[u8]) -> Context<'_> {
    Context { table: "merchants", row, column: "bank" }
}

fn plain(number: &str) -> Zeroizing<String> {
    Zeroizing::new(number.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect())
}

fn unreadable() -> Error {
    Error::Internal("a bank account cannot be read".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_cannot_be_are_named() {
        for (account, routing, wrong) in [
            (Some("DE89 3704-0044 0532 0130 00"), Some("021000021"), vec![]),
            (Some("123"), None, vec!["Bank.AccountNumber"]),
            (Some("12345678"), Some("0210'0021"), vec!["Bank.RoutingNumber"]),
            (None, None, vec![]),
        ] {
            let number = |text: Option<&str>| text.map(|text| Zeroizing::new(text.to_owned()));
            let draft = BankDraft { account_number: number(account), routing_number: number(routing), ..BankDraft::default() };
            let mut faults = Faults::new();
            draft.check("Bank.", &mut faults);
            assert_eq!(faults.iter().map(|(path, _)| path).collect::<Vec<_>>(), wrong);
        }
    }
}
