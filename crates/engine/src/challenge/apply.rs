//! The customer's data, put into the order, the card and the vault. Number, amount and merchant stay as they are.

use std::time::Duration;

use domain::{address::Address, card::Network, change::Write, event::Kind, order::Order, payment::ThreeDSecure, time::Timestamp};
use serde_json::json;

use super::{Answer, StepUp};
use crate::{
    Engine, Error, Result,
    commit::Change,
    vaulting::{counted_per_order, credential},
};

impl Engine {
    pub(super) async fn put_answer(&self, change: &mut Change<'_>, answer: &Answer) -> Result<()> {
        if let Some(given) = &answer.billing {
            merge(change.order.payment.billing.get_or_insert_default(), given);
        }
        match &answer.step_up {
            Some(StepUp::Simulated(_)) => change.order.payment.three_d_secure = Some(self.simulated(&change.order)),
            Some(StepUp::Authenticated(data)) => change.order.payment.three_d_secure = Some((**data).clone()),
            None => {}
        }
        if let Some(expiry) = answer.expiry {
            self.put_expiry(change, expiry).await?;
        }
        let Some((cvv, token)) = answer.cvv.as_ref().zip(change.order.credential().map(|card| card.token)) else { return Ok(()) };
        let (mid, environment) = (change.order.mid, change.order.environment);
        let key = self.data_key(mid, environment).await?;
        let sealed = self.vault.seal_cvv(&key, token, cvv, self.clock.now())?;
        change.set.push(Self::cvv_timer(token, mid, environment, sealed.expires_at));
        change.set.push(Write::PutCvv(sealed));
        Ok(())
    }

    /// The same number with another expiry.
    async fn put_expiry(&self, change: &mut Change<'_>, (month, year): (u8, u16)) -> Result<()> {
        let Some(used) = change.order.credential().cloned() else { return Ok(()) };
        if (used.exp_month, used.exp_year) == (Some(month), Some(year)) {
            return Ok(());
        }
        let card = self.store.card(used.token).await?.ok_or(Error::NotFound)?;
        let (from, to) = (self.key_of(card.number.key).await?, self.data_key(card.mid, card.environment).await?);
        let update = vault::Update { number: None, exp_month: Some(month), exp_year: Some(year) };
        let mut renewed = self.vault.updated(&card, &from, &to, &update)?;
        renewed.version = card.version + 1;
        let mut next = credential(&renewed, used.issuer_country.clone(), newer(&change.order, change.now));
        next.version = next.version.max(used.version + 1);
        if change.order.first_attempt_at.is_some() {
            next = counted_per_order(next, change.order.id);
        }
        change.set.push(Write::UpdateCard(Box::new(renewed)));
        let data = json!({"Source": "customer", "CardLast4Digits": next.last4, "ExpirationMonth": month, "ExpirationYear": year});
        if let Some(last) = change.order.credentials.last_mut() {
            *last = next;
        }
        change.tell(Kind::CredentialUpdated, data);
        Ok(())
    }

    /// Authentication data as an issuer's server would give them, for simulated issuers.
    fn simulated(&self, order: &Order) -> ThreeDSecure {
        let network = order.credential().map_or(Network::Other, |card| card.network);
        let eci = if network == Network::Mastercard { "02" } else { "05" };
        let transaction = uuid::Builder::from_random_bytes(self.random.bytes()).into_uuid();
        ThreeDSecure {
            three_ds_version: Some("2.2.0".into()),
            ecommerce_indicator: Some(eci.into()),
            authentication_value: Some(crate::hash::hex(&self.random.bytes::<20>())),
            directory_server_transaction_id: Some(transaction.to_string()),
            authentication_response_status: Some("Y".into()),
            ..ThreeDSecure::default()
        }
    }
}

/// Newer than every answer to the old data, also where a test clock stands still.
fn newer(order: &Order, now: Timestamp) -> Timestamp {
    let answered_at = order.seen.iter().map(|seen| seen.at).max();
    answered_at.map_or(now, |at| now.max(at + Duration::from_micros(1)))
}

/// Parts that are given replace.
fn merge(known: &mut Address, given: &Address) {
    let parts = [
        (&mut known.first_name, &given.first_name),
        (&mut known.last_name, &given.last_name),
        (&mut known.phone, &given.phone),
        (&mut known.address_line1, &given.address_line1),
        (&mut known.address_line2, &given.address_line2),
        (&mut known.city, &given.city),
        (&mut known.state, &given.state),
        (&mut known.zipcode, &given.zipcode),
        (&mut known.country, &given.country),
        (&mut known.country_code, &given.country_code),
    ];
    for (known, given) in parts {
        if given.is_some() {
            known.clone_from(given);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_stays() {
        let mut known = Address { city: Some("Ghent".into()), zipcode: Some("9000".into()), ..Address::default() };
        merge(&mut known, &Address { zipcode: Some("10001".into()), ..Address::default() });
        assert_eq!((known.city.as_deref(), known.zipcode.as_deref()), (Some("Ghent"), Some("10001")));
    }
}
