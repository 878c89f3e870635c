//! Bodies of the shop's requests.

use client::{Evaluate, Party, Payer, PaymentMethod, Record, Subscription, Transaction};
use domain::{card::Funding, time::Timestamp};
use processor::simulator::issuer::{self, Decline};

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
    pub fn transmitted(&self) -> Record {
        Record {
            order_id: self.order_id.clone(),
            is_declined: self.decline.is_some(),
            transaction: self.transaction(),
            mid: Some(self.shop.mid.to_string()),
            site_id: Some(self.site()),
            is_mit: Some(!self.is_present),
            is_recurring: Some(!self.is_present),
            order_source: Some(self.source()),
            payer: Some(self.payer()),
            payment_method: Some(self.method()),
            subscription: Some(self.subscription()),
            ..Record::default()
        }
    }

    /// For `/v1/evaluate`; each try has a key of its own.
    pub fn evaluated(&self, attempt: &str) -> Evaluate {
        Evaluate {
            order_id: self.order_id.clone(),
            idempotency_key: format!("{}-{attempt}", self.order_id),
            transaction: self.transaction(),
            mid: Some(self.shop.mid.to_string()),
            site_id: Some(self.site()),
            is_declined: Some(true),
            is_mit: Some(!self.is_present),
            is_recurring: Some(!self.is_present),
            order_source: Some(self.source()),
            payer: Some(self.payer()),
            payment_method: Some(self.method()),
            billing_information: Some(self.bill()),
            subscription: Some(self.subscription()),
            ..Evaluate::default()
        }
    }

    fn transaction(&self) -> Transaction {
        let (code, advice) = match self.decline {
            Some(decline) => (decline.response_code.as_str(), decline.advice_code.clone()),
            None => ("00", None),
        };
        let descriptor = if self.customer.plan.site == 0 { "MORNING PRESS" } else { "GARDEN BOX" };
        let status = if self.decline.is_some() { "Declined" } else { "Approved" };
        Transaction {
            id: format!("T-{}", self.order_id),
            amount: self.customer.plan.cents,
            currency: "USD".to_owned(),
            response_code: text(code),
            response_code_source: text("iso8583"),
            merchant_advice_code: advice,
            timestamp_utc: Some(self.at.iso6()),
            timezone_utc_offset: Some(self.customer.offset_minutes),
            transaction_type: text("Sale"),
            processor_name: text("Shop's own"),
            dynamic_descriptor: text(descriptor),
            response_status: text(status),
            ..Transaction::without_checks()
        }
    }

    fn payer(&self) -> Payer {
        let email = format!("{}@example.com", self.customer.id.to_ascii_lowercase());
        Payer { id: Some(self.customer.id.clone()), email: Some(email), ..Payer::default() }
    }

    fn bill(&self) -> Party {
        Party {
            first_name: text(self.customer.first_name),
            last_name: text(self.customer.last_name),
            country_code: text("US"),
            zipcode: text("10001"),
            ..Party::default()
        }
    }

    fn subscription(&self) -> Subscription {
        let plan = self.customer.plan;
        Subscription {
            subscription_id: Some(format!("S-{}", self.customer.id)),
            interval: Some(format!("P{}D", plan.every_days)),
            price: Some(plan.cents.to_string()),
            currency: text("USD"),
            payment_number: Some(self.number.to_string()),
            total_payments: None,
        }
    }

    fn method(&self) -> PaymentMethod {
        let card_type = match issuer::funding(&self.customer.card) {
            Funding::Debit => "DEBIT",
            _ => "CREDIT",
        };
        PaymentMethod {
            token: Some(true),
            card_number: Some(self.token.into()),
            card_type: text(card_type),
            expiration_month: Some(self.customer.expiry.month),
            expiration_year: Some(self.customer.expiry.year),
            card_country: text("US"),
            holder_name: Some(format!("{} {}", self.customer.first_name, self.customer.last_name)),
            ..PaymentMethod::default()
        }
    }

    fn site(&self) -> String {
        self.shop.sites[self.customer.plan.site].to_string()
    }

    fn source(&self) -> String {
        if self.is_present { "ecommerce" } else { "subscription" }.to_owned()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "members of bodies are optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}
