//! The body of an event: compact JSON, PascalCase, eight members in the contract's order (`wire-api` §7.2).

use domain::{advice::Advice, environment::Environment, event::Kind, order::Order, time::Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An event's body.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Payload {
    event: &'static str,
    time_stamp: String,
    event_data: Value,
    external_order_id: Option<String>,
    order_id: Option<String>,
    confirmation_id: Option<String>,
    is_test_mode: bool,
    is_resent: bool,
}

impl Payload {
    /// An event of an order: the members every such event holds, then its own.
    pub fn of_order(kind: Kind, order: &Order, sequence: u32, at: Timestamp, own: Value) -> Self {
        let mut data = Map::new();
        data.insert("Sequence".into(), json!(sequence));
        data.insert("Mid".into(), json!(order.mid));
        data.insert("SiteId".into(), json!(order.site));
        data.insert("Channel".into(), json!(order.channel));
        data.insert("Status".into(), json!(order.state.code().status_name()));
        data.insert("StatusReason".into(), json!(order.reason));
        data.insert("Amount".into(), json!(order.amount.minor));
        data.insert("Currency".into(), json!(order.amount.currency));
        if let Value::Object(own) = own {
            data.extend(own);
        }
        Self {
            event: kind.as_str(),
            time_stamp: at.iso6(),
            event_data: Value::Object(data),
            external_order_id: Some(order.payment.order_id.clone()),
            order_id: Some(order.id.to_string()),
            confirmation_id: Some(order.confirmation.clone()),
            is_test_mode: order.is_test(),
            is_resent: false,
        }
    }

    /// An event of an advice: the members of an order's events, and the advice's id where an order has its own.
    pub fn of_advice(kind: Kind, advice: &Advice, sequence: u32, at: Timestamp, own: Value) -> Self {
        let mut data = Map::new();
        data.insert("Sequence".into(), json!(sequence));
        data.insert("Mid".into(), json!(advice.mid));
        data.insert("SiteId".into(), json!(advice.site));
        data.insert("Channel".into(), json!(advice.channel));
        data.insert("Status".into(), json!(advice.state.code()));
        data.insert("StatusReason".into(), json!(advice.state.reason()));
        data.insert("Amount".into(), json!(advice.amount.minor));
        data.insert("Currency".into(), json!(advice.amount.currency));
        if let Value::Object(own) = own {
            data.extend(own);
        }
        Self {
            event: kind.as_str(),
            time_stamp: at.iso6(),
            event_data: Value::Object(data),
            external_order_id: Some(advice.payment.order_id.clone()),
            order_id: Some(advice.id.to_string()),
            confirmation_id: None,
            is_test_mode: advice.environment == Environment::Sandbox,
            is_resent: false,
        }
    }

    /// An event that belongs to no order.
    pub fn plain(kind: Kind, at: Timestamp, is_test_mode: bool, data: Value) -> Self {
        Self {
            event: kind.as_str(),
            time_stamp: at.iso6(),
            event_data: data,
            external_order_id: None,
            order_id: None,
            confirmation_id: None,
            is_test_mode,
            is_resent: false,
        }
    }

    /// Compact JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The same body as sent again: the last member says so.
pub fn resent(payload: &str) -> String {
    match payload.strip_suffix("\"IsResent\":false}") {
        Some(head) => format!("{head}\"IsResent\":true}}"),
        None => payload.to_owned(),
    }
}
