//! Cards into the vault, as the shop's own pages send them.

use serde_json::json;

use super::{Play, Player};
use crate::demo::{client::Trouble, shop::Customer};

const PATH: &str = "/v1/tokenize";

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
        let query = format!("mid={}&environment={}", self.shop.mid, self.shop.tokenization_key);
        let body = json!({"payment_method": {"credit_card": {
            "number": customer.card.reveal(), "month": customer.expiry.month, "year": customer.expiry.year, "verification_value": cvv,
            "first_name": customer.first_name, "last_name": customer.last_name,
        }}});
        let reply = self.client.post_with(PATH, &query, &body).await?;
        let token = reply["transaction"]["payment_method"]["token"].as_str();
        token.map(str::to_owned).ok_or_else(|| Trouble::unexpected(PATH, "no token in the answer"))
    }
}
