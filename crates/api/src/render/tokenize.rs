//! `/tokenize` in snake case (`wire-api` §3).

use domain::{time::Timestamp, token::Card};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Envelope, Iso7};

/// The whole reply.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TokenizeReply")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    transaction: Transaction<'a>,
    card_bin_info: Option<()>,
    #[serde(flatten)]
    envelope: Envelope<'a>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TokenizeTransaction")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct Transaction<'a> {
    on_test_gateway: bool,
    created_at: Iso7,
    updated_at: Iso7,
    succeeded: bool,
    state: &'static str,
    token: String,
    transaction_type: &'static str,
    order_id: Option<()>,
    ip: Option<()>,
    description: Option<()>,
    email: Option<()>,
    merchant_name_descriptor: Option<()>,
    merchant_location_descriptor: Option<()>,
    gateway_specific_fields: Option<()>,
    gateway_specific_response_fields: Option<()>,
    gateway_transaction_id: Option<()>,
    gateway_latency_ms: Option<()>,
    amount: u8,
    currency_code: Option<()>,
    retain_on_success: bool,
    payment_method_added: bool,
    message_key: &'static str,
    message: &'static str,
    response: Option<()>,
    payment_method: Method<'a>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TokenizedCard")]
struct Method<'a> {
    token: String,
    created_at: Iso7,
    updated_at: Iso7,
    email: Option<&'a str>,
    data: Option<()>,
    storage_state: &'static str,
    test: bool,
    metadata: Option<()>,
    last_four_digits: &'a str,
    first_six_digits: &'a str,
    card_type: &'static str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    month: Option<u8>,
    year: Option<u16>,
    address1: Option<&'a str>,
    address2: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'a str>,
    zip: Option<&'a str>,
    country: Option<&'a str>,
    phone_number: Option<&'a str>,
    company: Option<&'a str>,
    full_name: Option<String>,
    payment_method_type: &'static str,
    errors: [(); 0],
    fingerprint: &'a str,
    verification_value: Option<()>,
    number: Option<()>,
}

/// What the request told beside the card, echoed and not kept.
#[derive(Default)]
pub struct Echo {
    /// Address members of the older form.
    pub address: domain::address::Address,
    /// Company of the older form.
    pub company: Option<String>,
}

/// The reply for a vaulted card. `transaction` is the id of the call itself.
pub fn body<'a>(card: &'a Card, echo: &'a Echo, transaction: String, at: Timestamp) -> Body<'a> {
    let test = card.environment == domain::environment::Environment::Sandbox;
    Body {
        transaction: Transaction {
            on_test_gateway: test,
            created_at: Iso7(at),
            updated_at: Iso7(at),
            succeeded: true,
            state: "succeeded",
            token: transaction,
            transaction_type: "AddPaymentMethod",
            order_id: None,
            ip: None,
            description: None,
            email: None,
            merchant_name_descriptor: None,
            merchant_location_descriptor: None,
            gateway_specific_fields: None,
            gateway_specific_response_fields: None,
            gateway_transaction_id: None,
            gateway_latency_ms: None,
            amount: 0,
            currency_code: None,
            retain_on_success: false,
            payment_method_added: false,
            message_key: "messages.transaction_succeeded",
            message: "Succeeded!",
            response: None,
            payment_method: method(card, echo, test),
        },
        card_bin_info: None,
        envelope: Envelope::success(None),
    }
}

fn method<'a>(card: &'a Card, echo: &'a Echo, test: bool) -> Method<'a> {
    let address = &echo.address;
    Method {
        token: card.id.to_string(),
        created_at: Iso7(card.created_at),
        updated_at: Iso7(card.created_at),
        email: card.email.as_deref(),
        data: None,
        storage_state: "cached",
        test,
        metadata: None,
        last_four_digits: &card.last4,
        first_six_digits: &card.bin,
        card_type: card.network.card_type(),
        first_name: card.first_name.as_deref(),
        last_name: card.last_name.as_deref(),
        month: card.exp_month,
        year: card.exp_year,
        address1: address.address_line1.as_deref(),
        address2: address.address_line2.as_deref(),
        city: address.city.as_deref(),
        state: address.state.as_deref(),
        zip: address.zipcode.as_deref(),
        country: address.country.as_deref(),
        phone_number: address.phone.as_deref(),
        company: echo.company.as_deref(),
        full_name: full_name(card),
        payment_method_type: "credit_card",
        errors: [],
        fingerprint: &card.fingerprint,
        verification_value: None,
        number: None,
    }
}

fn full_name(card: &Card) -> Option<String> {
    card.full_name.clone().or_else(|| {
        let parts: Vec<&str> = [card.first_name.as_deref(), card.last_name.as_deref()].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })
}

#[cfg(test)]
mod tests {
    use domain::{
        card::{CardKey, Funding, Network},
        environment::Environment,
        id::{DataKeyId, Mid, TokenId},
        token::Sealed,
    };

    use super::*;

    #[test]
    fn every_member_in_the_contracts_order() {
        let at = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        let card = Card {
            id: TokenId::from_bytes([0x11; 16]),
            mid: Mid::from_bytes([2; 16]),
            environment: Environment::Sandbox,
            version: 1,
            credential_version: 1,
            network: Network::Mastercard,
            funding: Funding::Unknown,
            bin: "55555555".into(),
            last4: "4444".into(),
            exp_month: Some(2),
            exp_year: Some(2029),
            first_name: Some("Ada".into()),
            last_name: Some("Byron".into()),
            full_name: None,
            email: None,
            sense_key: None,
            fingerprint: "fp".into(),
            key: CardKey([0; 16]),
            weak_key: CardKey([0; 16]),
            updater_allowed: true,
            is_reference: false,
            number: Sealed { key: DataKeyId::from_bytes([3; 16]), bytes: vec![] },
            created_at: at,
            last_used_at: at,
        };
        let echo = Echo { company: Some("ACME".into()), ..Echo::default() };
        insta::assert_json_snapshot!(body(&card, &echo, "tx-1".into(), at));
    }
}
