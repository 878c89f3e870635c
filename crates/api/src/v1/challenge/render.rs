//! A challenge as replies have it.

use domain::order::ChallengeField;
use engine::challenge::Look;
use schemars::JsonSchema;
use serde::Serialize;

/// Words of `state`.
pub const STATES: &[&str] = &["presented", "attempted", "passed", "failed", "expired"];

/// What the customer may know.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Challenge")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    /// `presented attempted passed failed expired`.
    state: &'static str,
    /// What to correct: `cvv billingAddress cardExpiry threeDS`.
    fields: Vec<&'static str>,
    /// Who sells.
    merchant_name: &'a str,
    /// Cents.
    amount: i64,
    /// ISO 4217.
    currency: String,
    /// `visa`, `mastercard`, …
    card_brand: Option<&'static str>,
    /// The card's last four digits.
    card_last4_digits: Option<&'a str>,
    /// Tries left.
    attempts_left: u8,
    /// When it ends.
    expires_utc: String,
    /// How the 3-D Secure step is made: `simulated` in the sandbox, `merchant` where the shop's own server does it; null
    /// when it is not asked for.
    step_up: Option<&'static str>,
    /// Where to go after a payment.
    success_url: Option<&'a str>,
    /// Where to go without one.
    fail_url: Option<&'a str>,
}

/// The answer was taken.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChallengeTaken")]
pub struct Taken {
    /// `attempted`.
    pub state: &'static str,
}

/// Renders a challenge.
pub fn body<'a>(look: &'a Look, success_url: Option<&'a str>, fail_url: Option<&'a str>) -> Body<'a> {
    let (order, challenge) = (&look.order, &look.challenge);
    let card = order.credential();
    let steps_up = challenge.fields.contains(&ChallengeField::ThreeDs);
    Body {
        state: challenge.state.as_str(),
        fields: challenge.fields.iter().map(|field| field.as_str()).collect(),
        merchant_name: &look.tenant.merchant.name,
        amount: order.amount.minor,
        currency: order.amount.currency.to_string(),
        card_brand: card.map(|card| card.network.as_str()),
        card_last4_digits: card.map(|card| card.last4.as_str()),
        attempts_left: challenge.attempts_left,
        expires_utc: challenge.expires_at.iso6(),
        step_up: steps_up.then(|| if look.simulates_bank() { "simulated" } else { "merchant" }),
        success_url,
        fail_url,
    }
}
