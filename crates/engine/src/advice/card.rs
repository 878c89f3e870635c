//! The card of an advice: a token of the vault, or what the caller tells of it. A card number is refused: nobody here
//! charges it.

use domain::{
    advice::Card,
    card::{CardKey, Funding},
    environment::Environment,
    fault::Faults,
    id::{AdviceId, Mid},
    intake::Credential,
    payment::{Method, Payment},
    time::Timestamp,
    token,
};

use crate::{Engine, Result, transmit::network_of};

/// Whose card is looked for, and for what.
pub(super) struct Bearer<'a> {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// The advice.
    pub advice: AdviceId,
    /// The payment that it is for.
    pub payment: &'a Payment,
    /// Now, by the merchant's clock.
    pub now: Timestamp,
}

impl Engine {
    /// The card that a request names, or the one vaulted for this order, payer or subscription; its faults otherwise.
    pub(super) async fn advised_card(
        &self,
        bearer: &Bearer<'_>,
        method: &Method,
        credential: Option<&Credential>,
        given: bool,
        faults: &mut Faults,
    ) -> Result<Option<Card>> {
        const PATH: &str = "PaymentMethod.CardNumber";
        match credential {
            Some(Credential::Number(_)) => {
                faults.add(PATH, "Card numbers are not accepted; send a token.");
                Ok(None)
            }
            Some(Credential::Token(token)) => match self.card_of(bearer.mid, bearer.environment, *token).await? {
                Some(card) => Ok(Some(vaulted(bearer, &card, method))),
                None => {
                    faults.add(PATH, "The payment method token is unknown.");
                    Ok(None)
                }
            },
            None if faults.has(PATH) => Ok(None),
            None if is_described(method) => self.described(bearer, method, faults),
            None => self.remembered_card(bearer, method, given, faults).await,
        }
    }

    /// All that is needed to tell a card from others and to find its copies.
    fn described(&self, bearer: &Bearer<'_>, method: &Method, faults: &mut Faults) -> Result<Option<Card>> {
        for (path, is_missing) in [
            ("PaymentMethod.CardFingerprint", method.card_fingerprint.is_none()),
            ("PaymentMethod.CardBinNumber", method.card_bin_number.is_none()),
            ("PaymentMethod.CardLast4Digits", method.card_last4_digits.is_none()),
            ("PaymentMethod.ExpirationMonth", method.expiration_month.is_none()),
            ("PaymentMethod.ExpirationYear", method.expiration_year.is_none()),
        ] {
            if is_missing {
                faults.required(path);
            }
        }
        let (Some(bin), Some(last4)) = (&method.card_bin_number, &method.card_last4_digits) else { return Ok(None) };
        for (path, text, digits) in [("PaymentMethod.CardBinNumber", bin, 5..=8), ("PaymentMethod.CardLast4Digits", last4, 4..=4)]
        {
            if !(digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())) {
                faults.invalid(path);
            }
        }
        let (month, year) = (method.expiration_month, method.expiration_year);
        let key = self.vault.weak_key(bearer.mid, bearer.environment, bin, last4, month, year)?;
        let told = Payment { method: method.clone(), ..bearer.payment.clone() };
        Ok(Some(Card {
            token: None,
            key,
            weak_key: key,
            network: network_of(&told),
            funding: method.card_type.as_deref().and_then(Funding::parse).unwrap_or(Funding::Unknown),
            bin: bin.clone(),
            last4: last4.clone(),
            fingerprint: method.card_fingerprint.clone(),
            issuer_country: country(method),
            since: bearer.now,
        }))
    }

    async fn remembered_card(
        &self,
        bearer: &Bearer<'_>,
        method: &Method,
        given: bool,
        faults: &mut Faults,
    ) -> Result<Option<Card>> {
        let payment = bearer.payment;
        let subscription = payment.subscription.as_ref().and_then(|subscription| subscription.subscription_id.as_deref());
        let payer = payment.payer.id.as_deref();
        let known =
            self.store.order_with_credential_of(bearer.mid, bearer.environment, &payment.order_id, payer, subscription).await?;
        let token = known.as_ref().and_then(|order| order.credential()).map(|credential| credential.token);
        let card = match token {
            Some(token) => self.card_of(bearer.mid, bearer.environment, token).await?,
            None => None,
        };
        if card.is_none() {
            faults.required(if given { "PaymentMethod.CardNumber" } else { "PaymentMethod" });
        }
        Ok(card.map(|card| vaulted(bearer, &card, method)))
    }
}

/// Something that names a card was told.
const fn is_described(method: &Method) -> bool {
    method.card_fingerprint.is_some() || method.card_bin_number.is_some() || method.card_last4_digits.is_some()
}

/// A vaulted card. Those of the sandbox are test cards that stand for another customer each time: as for orders, their
/// attempts count for this advice alone, beside what was transmitted on the card itself.
fn vaulted(bearer: &Bearer<'_>, card: &token::Card, method: &Method) -> Card {
    let (key, weak_key) = match bearer.environment {
        Environment::Sandbox => (CardKey(bearer.advice.bytes()), card.key),
        Environment::Production => (card.key, card.weak_key),
    };
    Card {
        token: Some(card.id),
        key,
        weak_key,
        network: card.network,
        funding: card.funding,
        bin: card.bin.clone(),
        last4: card.last4.clone(),
        fingerprint: Some(card.fingerprint.clone()),
        issuer_country: country(method),
        since: bearer.now,
    }
}

/// ISO 3166 alpha-2 of the issuer, when it was sent in that form.
fn country(method: &Method) -> Option<String> {
    let country = method.card_country.as_deref().map(str::trim)?;
    (country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic())).then(|| country.to_ascii_uppercase())
}
