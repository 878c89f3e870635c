//! Who pays: from the billing address first, then the shipping address.

use domain::payment::Payment;
use schemars::JsonSchema;
use serde::Serialize;

/// Name, e-mail, phone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderNames")]
#[serde(rename_all = "camelCase")]
pub struct Names<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: Option<&'a str>,
    secondary_email: Option<&'a str>,
    phone: Option<&'a str>,
    payer_id: Option<&'a str>,
}

impl<'a> Names<'a> {
    /// The payer of a payment.
    pub fn of(payment: &'a Payment) -> Self {
        let places = [payment.billing.as_ref(), payment.shipping.as_ref()];
        let first = |member: fn(&domain::address::Address) -> Option<&str>| places.into_iter().flatten().find_map(member);
        Self {
            first_name: first(|address| address.first_name.as_deref()),
            last_name: first(|address| address.last_name.as_deref()),
            email: payment.payer.email.as_deref(),
            secondary_email: None,
            phone: payment.payer.phone.as_deref().or_else(|| first(|address| address.phone.as_deref())),
            payer_id: payment.payer.id.as_deref(),
        }
    }
}
