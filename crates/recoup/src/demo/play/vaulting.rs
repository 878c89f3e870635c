//! Cards into the vault, as the shop's own pages send them.

use client::CardDraft;

use super::{Play, Player};
use crate::demo::{shop::Customer, trouble::Trouble};

impl Player<'_> {
    /// Vaults the cards of all customers; their tokens in the same order.
    pub(super) async fn vault_all(&self, customers: &[Customer]) -> Result<Vec<String>, Trouble> {
        let requests = customers.iter().map(async |customer| {
            let token = self.vault(customer, None).await;
            self.progress.update(|standing| standing.vaulted += 1);
            token
        });
        Play::all(requests).await.into_iter().collect()
    }

    /// Vaults one card; its token.
    pub(super) async fn vault(&self, customer: &Customer, cvv: Option<&str>) -> Result<String, Trouble> {
        let card = CardDraft {
            number: customer.card.reveal().into(),
            month: Some(customer.expiry.month),
            year: Some(customer.expiry.year),
            verification_value: cvv.map(Into::into),
            first_name: Some(customer.first_name.to_owned()),
            last_name: Some(customer.last_name.to_owned()),
            full_name: None,
        };
        let vaulted = self.client.tokenize_with_key(&self.shop.mid.to_string(), &self.shop.tokenization_key, &card).await?;
        Ok(vaulted.token().to_owned())
    }
}
