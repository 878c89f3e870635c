//! Cards that are vaulted elsewhere: Recoup keeps the reference that their processor knows them by.

use domain::{
    bounds::ID_CHARS_MAX,
    card::{Funding, Network},
    change::{ChangeSet, Write},
    fault::Faults,
    id::{Mid, TokenId},
    token::Card,
};
use vault::NewReference;

use crate::{Engine, Error, Principal, Result};

/// What is told of a card that is vaulted elsewhere. `Debug` does not show the reference.
#[derive(Clone)]
pub struct Reference {
    /// The reference that goes to the processor in place of our token.
    pub reference: String,
    /// Network.
    pub network: Network,
    /// Funding.
    pub funding: Funding,
    /// Its first six to eight digits.
    pub bin: String,
    /// Its last four digits; empty: not told.
    pub last4: String,
    /// 1–12.
    pub exp_month: Option<u8>,
    /// Four digits.
    pub exp_year: Option<u16>,
    /// Whether the processor may be asked for an account update.
    pub updater_allowed: bool,
}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reference").field("network", &self.network).finish_non_exhaustive()
    }
}

impl Engine {
    /// Keeps a reference for the caller's merchant; from then on its token names the card, as one of the vault's own
    /// would. Durable when it answers. Nothing of another merchant or environment ever meets it.
    ///
    /// # Errors
    /// The scope, the merchant, or members that are missing or too long.
    pub async fn hold_reference(&self, principal: &Principal, mid: Option<Mid>, input: &Reference) -> Result<Card> {
        principal.require("tokenize")?;
        self.admit()?;
        let mut faults = Faults::new();
        check(input, &mut faults);
        let mid = self.merchant_for(principal, mid, &mut faults).await?;
        let Some(mid) = mid.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let key = self.data_key(mid, principal.environment).await?;
        let now = self.clock.now();
        let new = NewReference {
            id: TokenId::at(now, self.random.bytes()),
            reference: &input.reference,
            network: input.network,
            funding: input.funding,
            bin: &input.bin,
            last4: &input.last4,
            exp_month: input.exp_month,
            exp_year: input.exp_year,
            updater_allowed: input.updater_allowed,
        };
        let card = self.vault.hold(&key, &new, now)?;
        self.store.apply(ChangeSet::new().with(Write::InsertCard(Box::new(card.clone())))).await?;
        Ok(card)
    }

    /// What a processor knows a card by: our token, or the reference of a card that is vaulted elsewhere.
    pub(crate) async fn name_of_card(&self, token: TokenId, is_reference: bool) -> Result<String> {
        if !is_reference {
            return Ok(token.to_string());
        }
        let card = self.store.card(token).await?.ok_or_else(|| Error::Internal("a referenced card is gone".into()))?;
        let key = self.key_of(card.number.key).await?;
        Ok(self.vault.open_reference(&key, &card)?.to_string())
    }
}

fn check(input: &Reference, faults: &mut Faults) {
    if input.reference.is_empty() {
        faults.required("Reference");
    } else if input.reference.chars().count() > ID_CHARS_MAX {
        faults.invalid("Reference");
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !matches!(input.bin.len(), 6..=8) || !digits(&input.bin) {
        faults.invalid("CardBinNumber");
    }
    if !matches!(input.last4.len(), 0 | 4) || !digits(&input.last4) {
        faults.invalid("CardLast4Digits");
    }
}

#[cfg(test)]
mod tests;
