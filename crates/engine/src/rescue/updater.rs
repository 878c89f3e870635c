//! The account updater: newer data for a card that the issuer replaced.

use std::time::Duration;

use domain::{card::Pan, change::Write, event::Kind, order::Order, time::Timestamp};
use processor::{UpdateAccount, UpdateStatus, UpdatedCard};
use serde_json::json;

use crate::{
    Engine, Result,
    commit::Change,
    vaulting::{counted_per_order, credential},
};

impl Engine {
    /// Asks the updater for the card in use and takes what it gives. True when the card has new data. Asking is
    /// harmless to repeat, so nothing is reserved for it.
    pub(crate) async fn ask_updater(&self, change: &mut Change<'_>) -> Result<bool> {
        change.order.updater_asked = true;
        let Some(chosen) = self.route(&change.order).await? else { return Ok(false) };
        let Some(question) = self.updater_question(&change.order, change.now, chosen.offers().reveal_card).await? else {
            return Ok(false);
        };
        let answer = match chosen.client.update_account(&question).await {
            Ok(answer) => answer,
            Err(failure) => {
                tracing::warn!(order = %change.order.id, %failure, "the account updater did not answer");
                return Ok(false);
            }
        };
        match answer.status {
            UpdateStatus::Updated => {
                let updated = UpdatedCard {
                    exp_month: answer.exp_month,
                    exp_year: answer.exp_year,
                    last4: answer.last4,
                    number: answer.number,
                    credential_version: answer.credential_version,
                };
                self.take_update(change, &updated).await
            }
            UpdateStatus::Closed | UpdateStatus::Contact => {
                Self::tell_credential(change, Kind::CredentialFailed);
                Ok(false)
            }
            UpdateStatus::Unknown => Ok(false),
        }
    }

    /// Takes new card data into the vault and the order. False when they are not newer.
    pub(crate) async fn take_update(&self, change: &mut Change<'_>, updated: &UpdatedCard) -> Result<bool> {
        let Some(current) = change.order.credential() else { return Ok(false) };
        if updated.credential_version <= current.version {
            return Ok(false);
        }
        let (token, country) = (current.token, current.issuer_country.clone());
        let Some(card) = self.store.card(token).await? else { return Ok(false) };
        let from = self.key_of(card.number.key).await?;
        let to = self.data_key(card.mid, card.environment).await?;
        let update = vault::Update { number: updated.number.as_ref(), exp_month: updated.exp_month, exp_year: updated.exp_year };
        let mut renewed = self.vault.updated(&card, &from, &to, &update)?;
        renewed.version = card.version + 1;
        // Newer than every answer to the old data, also where a test clock stands still.
        let answered_at = change.order.seen.iter().map(|seen| seen.at).max();
        let since = answered_at.map_or(change.now, |at| change.now.max(at + Duration::from_micros(1)));
        let mut used = credential(&renewed, country, since);
        if change.order.first_attempt_at.is_some() {
            used = counted_per_order(used, change.order.id);
        }
        used.version = updated.credential_version;
        change.set.push(Write::UpdateCard(Box::new(renewed)));
        if let Some(last) = change.order.credentials.last_mut() {
            *last = used;
        }
        Self::tell_credential(change, Kind::CredentialUpdated);
        Ok(true)
    }

    async fn updater_question(&self, order: &Order, at: Timestamp, reveal: bool) -> Result<Option<UpdateAccount>> {
        let Some(used) = order.credential() else { return Ok(None) };
        let Some(card) = self.store.card(used.token).await?.filter(|card| card.updater_allowed) else { return Ok(None) };
        let number: Option<Pan> = if reveal && !card.is_reference { Some(self.open_number(&card).await?) } else { None };
        Ok(Some(UpdateAccount {
            token: self.name_of_card(used.token, card.is_reference).await?,
            network: used.network,
            number,
            expiry: card.expiry(),
            credential_version: used.version,
            at,
        }))
    }

    fn tell_credential(change: &mut Change<'_>, kind: Kind) {
        let Some(card) = change.order.credential() else { return };
        let data = json!({
            "Source": "updater",
            "CardLast4Digits": card.last4,
            "ExpirationMonth": card.exp_month,
            "ExpirationYear": card.exp_year,
        });
        change.tell(kind, data);
    }
}
