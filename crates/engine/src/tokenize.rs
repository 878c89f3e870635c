//! `POST /v1/tokenize`: a card into the vault.

use aws_lc_rs::digest;
use domain::{
    change::{ChangeSet, Write},
    client::KeyKind,
    environment::Environment,
    fault::Faults,
    id::{Mid, TokenId},
    intake::Tokenize,
    mark::Mark,
    time::Timestamp,
    timer,
    token::Card,
};
use processor::simulator::magic;
use vault::Holder;

use crate::{AuthError, Engine, Error, Principal, Result, hash::hex, vaulting::Sealing};

/// A vaulted card.
#[derive(Debug, Clone)]
pub struct Vaulted {
    /// Its row; shows no digits when printed.
    pub card: Card,
    /// When, UTC.
    pub at: Timestamp,
}

impl Engine {
    /// The merchant and environment that a tokenization key stands for.
    pub async fn tokenization_tenant(&self, mid: &str, key: &str) -> Result<(Mid, Environment)> {
        let refused = || Error::Unauthorized(AuthError::Invalid);
        let mid = Mid::parse(mid).ok_or_else(refused)?;
        let check = tokenization_check(key);
        let found = self.tenants.tokenization_key(&check).await?;
        let now = self.clock.now();
        let key = found.filter(|key| key.kind == KeyKind::Tokenization && key.mid == Some(mid) && key.is_live(now));
        key.map(|key| (mid, key.environment)).ok_or_else(refused)
    }

    /// The merchant and environment of a bearer's card.
    pub async fn bearer_tenant(&self, principal: &Principal, mid: Option<Mid>) -> Result<(Mid, Environment)> {
        principal.require("tokenize")?;
        let mut faults = Faults::new();
        let mid = self.merchant_for(principal, mid, &mut faults).await?;
        mid.map(|mid| (mid, principal.environment)).ok_or(Error::Invalid(faults))
    }

    /// Vaults a card; durable when it answers.
    pub async fn tokenize(
        &self,
        mid: Mid,
        environment: Environment,
        input: Option<Tokenize>,
        mut faults: Faults,
    ) -> Result<Vaulted> {
        self.admit()?;
        if environment == Environment::Sandbox && input.as_ref().is_some_and(|input| !magic::is_test_card(input.number.reveal()))
        {
            faults.add("PaymentMethod.CreditCard.Number", "Only test card numbers are accepted in the sandbox.");
        }
        let Some(input) = input.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let vaulted = self.seal_card(mid, environment, sealing(&input)).await?;
        let mut set = ChangeSet::new().with(Write::InsertCard(Box::new(vaulted.card.clone())));
        if let Some(cvv) = vaulted.cvv {
            set.push(Self::cvv_timer(cvv.token, mid, environment, cvv.expires_at));
            set.push(Write::PutCvv(cvv));
        }
        self.store.apply(set).await?;
        metrics::counter!("recoup_cards_vaulted_total").increment(1);
        self.note_mark(mid, environment, Mark::Tokenize);
        Ok(Vaulted { at: vaulted.card.created_at, card: vaulted.card })
    }

    /// Deletes a card of the caller's merchant.
    pub async fn delete_token(&self, principal: &Principal, id: TokenId) -> Result<()> {
        principal.require("tokenize")?;
        self.admit()?;
        let card = self.store.card(id).await?.ok_or(Error::NotFound)?;
        if !self.sees(principal, card.mid, card.environment).await {
            return Err(Error::NotFound);
        }
        let set = ChangeSet::new().with(Write::WipeCvv { token: id }).with(Write::DeleteCard { mid: card.mid, id });
        self.store.apply(set).await?;
        Ok(())
    }

    /// Wipes a CVV when its time is over: in real time, whatever the merchant's test clock says (the store sees to that).
    pub(crate) fn cvv_timer(token: TokenId, mid: Mid, environment: Environment, due: Timestamp) -> Write {
        Write::SetTimer(timer::Timer { kind: timer::Kind::Cvv, subject: token.0, mid, environment, due, tries: 0 })
    }
}

/// What a tokenization key is found by.
pub fn tokenization_check(key: &str) -> String {
    let hash = digest::digest(&digest::SHA256, key.trim().as_bytes());
    hex(hash.as_ref())
}

fn sealing(input: &Tokenize) -> Sealing<'_> {
    Sealing {
        number: &input.number,
        cvv: input.cvv.as_ref(),
        exp_month: input.exp_month,
        exp_year: input.exp_year,
        holder: Holder {
            first_name: input.first_name.clone(),
            last_name: input.last_name.clone(),
            full_name: input.full_name.clone(),
            email: input.email.clone(),
            sense_key: input.sense_key.clone(),
        },
        updater_allowed: input.updater_allowed,
    }
}
