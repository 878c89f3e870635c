//! Bodies of the shop's requests.

use domain::{card::Funding, time::Timestamp};
use processor::simulator::issuer::{self, Decline};
use serde_json::{Value, json};

use crate::demo::{shop::Customer, tenants::Shop};

/// One charge at the shop's own processor, as it is told to Recoup.
pub struct Charge<'a> {
    /// The shop.
    pub shop: &'a Shop,
    /// Whose.
    pub customer: &'a Customer,
    /// The card's token.
    pub token: &'a str,
    /// The shop's order id.
    pub order_id: String,
    /// Number of the payment within the subscription.
    pub number: u32,
    /// When, UTC, virtual.
    pub at: Timestamp,
    /// How it was declined.
    pub decline: Option<&'a Decline>,
    /// The customer is there.
    pub is_present: bool,
}

impl Charge<'_> {
    /// For `/v1/transmit`.
    pub fn transmitted(&self) -> Value {
        json!({
            "mid": self.shop.mid, "siteId": self.site(), "orderId": self.order_id, "isDeclined": self.decline.is_some(),
            "isMIT": !self.is_present, "isRecurring": !self.is_present, "orderSource": self.source(),
            "transaction": self.transaction(), "payer": self.payer(), "subscription": self.subscription(),
            "paymentMethod": self.method(),
        })
    }

    /// For `/v1/evaluate`; each try has a key of its own.
    pub fn evaluated(&self, attempt: &str) -> Value {
        let (first, last) = (self.customer.first_name, self.customer.last_name);
        json!({
            "mid": self.shop.mid, "siteId": self.site(), "orderId": self.order_id, "isDeclined": true,
            "idempotencyKey": format!("{}-{attempt}", self.order_id), "isMIT": !self.is_present, "isRecurring": !self.is_present,
            "orderSource": self.source(), "transaction": self.transaction(), "payer": self.payer(),
            "billingInformation": {"firstName": first, "lastName": last, "countryCode": "US", "zipcode": "10001"},
            "paymentMethod": self.method(), "subscription": self.subscription(),
        })
    }

    fn transaction(&self) -> Value {
        let (code, advice) = match self.decline {
            Some(decline) => (decline.response_code.as_str(), decline.advice_code.as_deref()),
            None => ("00", None),
        };
        let descriptor = if self.customer.plan.site == 0 { "MORNING PRESS" } else { "GARDEN BOX" };
        json!({
            "id": format!("T-{}", self.order_id), "amount": self.customer.plan.cents, "currency": "USD", "responseCode": code,
            "responseCodeSource": "iso8583", "merchantAdviceCode": advice, "avsResultCode": "NA", "cvvResultCode": "NA",
            "cavvResultCode": "NA", "timestampUtc": self.at.iso6(), "timezoneUtcOffset": self.customer.offset_minutes,
            "transactionType": "Sale", "processorName": "Shop's own", "dynamicDescriptor": descriptor,
            "responseStatus": if self.decline.is_some() { "Declined" } else { "Approved" },
        })
    }

    fn payer(&self) -> Value {
        json!({"id": self.customer.id, "email": format!("{}@example.com", self.customer.id.to_ascii_lowercase())})
    }

    fn subscription(&self) -> Value {
        let plan = self.customer.plan;
        json!({
            "subscriptionId": format!("S-{}", self.customer.id), "interval": format!("P{}D", plan.every_days),
            "price": plan.cents.to_string(), "currency": "USD", "paymentNumber": self.number.to_string(),
        })
    }

    fn method(&self) -> Value {
        let card_type = match issuer::funding(&self.customer.card) {
            Funding::Debit => "DEBIT",
            _ => "CREDIT",
        };
        json!({
            "Token": true, "cardNumber": self.token, "cardType": card_type, "expirationMonth": self.customer.expiry.month,
            "expirationYear": self.customer.expiry.year, "cardCountry": "US",
            "holderName": format!("{} {}", self.customer.first_name, self.customer.last_name),
        })
    }

    fn site(&self) -> domain::id::SiteId {
        self.shop.sites[self.customer.plan.site]
    }

    fn source(&self) -> &'static str {
        if self.is_present { "ecommerce" } else { "subscription" }
    }
}
