//! The cards that evaluations use: many, because attempts on one card wait for each other and count together.

use std::{net::SocketAddr, rc::Rc};

use super::{bench::Bench, body};
use crate::load::work::Requests;

impl Bench {
    /// Vaults the cards, once.
    pub async fn vault_cards(&mut self, address: SocketAddr) -> anyhow::Result<()> {
        if !self.cards.is_empty() {
            return Ok(());
        }
        let count = u64::from(self.options.cards);
        self.say(&format!("vaulting {count} cards"));
        let work = Requests::post("/v1/tokenize", Some(&self.bearer), self.template(body::CARD), "Succeeded!");
        let pointer = "/transaction/payment_method/token";
        let tokens = self.collect(address, work, pointer, count, usize::from(self.options.connections)).await?;
        self.cards = Rc::new(tokens);
        Ok(())
    }
}
