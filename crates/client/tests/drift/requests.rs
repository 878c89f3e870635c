//! Requests with everything in them: a member that the client learns must be added here too.

use client::{
    Acceptor, AdditionalField, AdvicePolicy, AdviceRequest, AdvisedAttempt, CardDraft, EarlierAttempt, Evaluate, OrderItem,
    OrderQuery, OutcomeReport, Party, Payer, PaymentMethod, Record, ReportQuery, SiteDraft, SiteUiDraft, Subscription,
    ThreeDSecure, Transaction, TransactionOutcome,
};
use serde_json::{Map, json};

/// An id.
pub const GUID: &str = "0193a1f0-0000-7000-8000-000000000001";
/// A moment.
pub const AT: &str = "2026-11-20T10:15:30Z";

/// Any text.
#[expect(clippy::unnecessary_wraps, reason = "members of requests are optional")]
pub fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn transaction() -> Transaction {
    Transaction {
        id: "tx-1".into(),
        amount: 1999,
        currency: "USD".into(),
        response_code: text("51"),
        response_code_source: text("nmi"),
        avs_result_code: text("NA"),
        cvv_result_code: text("NA"),
        cavv_result_code: text("NA"),
        timestamp_utc: text(AT),
        timezone_utc_offset: Some(-300),
        transaction_type: text("Sale"),
        response_description: text("declined"),
        response_status: text("Declined"),
        response_sub_status: text("x"),
        processor_name: text("own"),
        dynamic_descriptor: text("SHOP"),
        card_not_present: Some(true),
        merchant_advice_code: text("02"),
        network_response_code: text("51"),
        network: text("visa"),
        network_transaction_id: text("n-1"),
    }
}

pub fn method() -> PaymentMethod {
    PaymentMethod {
        card_number: Some(GUID.into()),
        token: Some(true),
        verification_value: Some("123".into()),
        expiration_month: Some(12),
        expiration_year: Some(2031),
        holder_name: text("Ada Byron"),
        card_type: text("CREDIT"),
        card_brand: text("visa"),
        card_country: text("US"),
        card_issuer: text("Bank"),
        card_level: text("classic"),
        card_fingerprint: text("f"),
        card_bin_number: text("411111"),
        card_last4_digits: text("1111"),
    }
}

/// Copies have no place for a CVV or a statement that the number is a token.
pub fn copied_method() -> PaymentMethod {
    PaymentMethod { token: None, verification_value: None, ..method() }
}

pub fn party() -> Party {
    Party {
        first_name: text("Ada"),
        last_name: text("Byron"),
        phone: text("+1 555 0100"),
        country: text("US"),
        country_code: text("US"),
        address_line1: text("12 Analytical Row"),
        address_line2: text("x"),
        city: text("New York"),
        state: text("NY"),
        zipcode: text("10001"),
    }
}

fn payer() -> Payer {
    Payer { id: text("p-1"), email: text("ada@example.com"), phone: text("1"), birthdate: text("1990-12-10") }
}

fn items() -> Vec<OrderItem> {
    vec![OrderItem {
        sku: text("s"),
        name: text("n"),
        description: text("d"),
        amount: Some(1),
        discount_amount: Some(1),
        discount_type: text("t"),
        tax: Some(1),
        quantity: Some(1),
    }]
}

fn subscription() -> Subscription {
    Subscription {
        subscription_id: text("s-1"),
        interval: text("monthly"),
        price: text("1999"),
        currency: text("USD"),
        payment_number: text("4"),
        total_payments: text("12"),
    }
}

fn acceptor() -> Acceptor {
    Acceptor { name: text("Shop"), id: text("1"), mcc: text("5968"), country: text("US") }
}

fn three_d_secure() -> ThreeDSecure {
    ThreeDSecure {
        three_ds_version: text("2.2.0"),
        ecommerce_indicator: text("05"),
        authentication_value: Some("AAAB".into()),
        directory_server_transaction_id: text(GUID),
        xid: text("x"),
        authentication_value_algorithm: text("3"),
        directory_response_status: text("Y"),
        authentication_response_status: text("Y"),
        enrolled: text("Y"),
    }
}

fn further() -> Vec<AdditionalField> {
    vec![AdditionalField { key: "k".into(), value: "v".into() }]
}

fn device() -> Map<String, serde_json::Value> {
    Map::from_iter([("screen".to_owned(), json!([1920, 1080]))])
}

pub fn evaluate() -> Evaluate {
    Evaluate {
        order_id: "INV-1".into(),
        idempotency_key: "k-1".into(),
        transaction: transaction(),
        mid: text(GUID),
        site_id: text(GUID),
        site_url: text("https://shop.example"),
        is_declined: Some(true),
        transaction_type: text("PURCHASE"),
        is_mit: Some(true),
        is_recurring: Some(true),
        order_source: text("subscription"),
        expiry_date_utc: text(AT),
        customer_ip: text("192.0.2.1"),
        sense_key: text(GUID),
        correlation_id: text("c"),
        payer: Some(payer()),
        payment_method: Some(method()),
        billing_information: Some(party()),
        shipping_information: Some(party()),
        order_items: Some(items()),
        subscription: Some(subscription()),
        merchant: Some(acceptor()),
        three_d_secure: Some(three_d_secure()),
        device_details: Some(device()),
        additional_fields: Some(further()),
    }
}

pub fn advice() -> AdviceRequest {
    AdviceRequest {
        order_id: "INV-1".into(),
        idempotency_key: "k-1".into(),
        transaction: transaction(),
        mid: text(GUID),
        site_id: text(GUID),
        site_url: text("https://shop.example"),
        is_declined: Some(true),
        is_mit: Some(true),
        is_recurring: Some(true),
        order_source: text("subscription"),
        expiry_date_utc: text(AT),
        customer_ip: text("192.0.2.1"),
        sense_key: text(GUID),
        correlation_id: text("c"),
        payer: Some(payer()),
        payment_method: Some(told_method()),
        billing_information: Some(party()),
        shipping_information: Some(party()),
        order_items: Some(items()),
        subscription: Some(subscription()),
        merchant: Some(acceptor()),
        three_d_secure: Some(three_d_secure()),
        device_details: Some(device()),
        additional_fields: Some(further()),
        attempts: Some(vec![EarlierAttempt {
            timestamp_utc: AT.into(),
            transaction_id: text("tx-0"),
            amount: Some(1999),
            currency: text("USD"),
            response_code: text("51"),
            response_code_source: text("nmi"),
            merchant_advice_code: text("24"),
            approved: Some(false),
            initiator: text("MIT"),
        }]),
        policy: Some(AdvicePolicy {
            deadline_utc: text(AT),
            max_attempts: Some(8),
            min_interval_minutes: Some(60),
            allowed_local_hours: text("08:00-22:00"),
            allow_partial: Some(true),
            routes: Some(vec!["acq-1".into()]),
            lead_seconds: Some(60),
        }),
    }
}

pub fn advised_attempt() -> AdvisedAttempt {
    AdvisedAttempt {
        idempotency_key: "k-2".into(),
        approved: false,
        transaction: transaction(),
        route: text("acq-1"),
        payment_method: Some(told_method()),
    }
}

/// Advice has no place for a CVV.
fn told_method() -> PaymentMethod {
    PaymentMethod { verification_value: None, ..method() }
}

pub fn record() -> Record {
    Record {
        order_id: "INV-1".into(),
        is_declined: true,
        transaction: transaction(),
        mid: text(GUID),
        site_id: text(GUID),
        site_url: text("https://shop.example"),
        sequence_number: Some(1),
        is_mit: Some(true),
        is_recurring: Some(true),
        order_source: text("subscription"),
        customer_ip: text("192.0.2.1"),
        sense_key: text(GUID),
        correlation_id: text("c"),
        payer: Some(payer()),
        payment_method: Some(copied_method()),
        billing_information: Some(party()),
        shipping_information: Some(party()),
        order_items: Some(items()),
        subscription: Some(subscription()),
        merchant: Some(acceptor()),
        three_d_secure: Some(three_d_secure()),
        device_details: Some(device()),
        additional_fields: Some(further()),
    }
}

pub fn card() -> CardDraft {
    CardDraft {
        number: "4111111111111111".into(),
        month: Some(12),
        year: Some(2031),
        verification_value: Some("123".into()),
        first_name: text("Ada"),
        last_name: text("Byron"),
        full_name: text("Ada Byron"),
    }
}

pub fn outcome() -> OutcomeReport {
    OutcomeReport {
        outcome: TransactionOutcome::Refunded,
        amount: Some(1),
        currency: text("USD"),
        occurred_at_utc: text(AT),
        response_code: text("00"),
        response_code_source: text("nmi"),
        merchant_advice_code: text("02"),
        reference: text("r"),
        reason: text("x"),
    }
}

pub fn orders() -> OrderQuery {
    OrderQuery {
        query: text("ada"),
        status: Some(vec![4, 7]),
        from: text(AT),
        to: text(AT),
        mid: text(GUID),
        site_id: text(GUID),
        channel: text("mit"),
        is_mit: Some(true),
        is_test_mode: Some(true),
        external_order_id: text("INV-1"),
        chargeback: Some(false),
        site_resolved: Some(true),
        order_by: text("amount"),
        sort: text("asc"),
        page_number: Some(1),
        page_size: Some(10),
    }
}

pub fn report() -> ReportQuery {
    ReportQuery {
        from: AT.into(),
        to: AT.into(),
        mid: text(GUID),
        site_id: text(GUID),
        channel: text("mit"),
        currency: text("USD"),
        interval: text("week"),
        group_by: Some(vec!["site".into(), "channel".into()]),
        include_test: Some(true),
    }
}

pub fn site() -> SiteDraft {
    SiteDraft {
        name: "Shop".into(),
        id: text(GUID),
        mid: text(GUID),
        urls: Some(vec!["https://shop.example".into()]),
        descriptors: Some(vec!["SHOP".into()]),
        mcc: text("5968"),
        is_default: Some(true),
        allowed_origins: Some(vec!["https://shop.example".into()]),
        ui: Some(SiteUiDraft {
            logo_url: text("https://shop.example/logo.svg"),
            primary_color: text("#112233"),
            text_color: text("#112233"),
            locale: text("en"),
            success_url: text("https://shop.example/thanks"),
            fail_url: text("https://shop.example/sorry"),
        }),
    }
}
