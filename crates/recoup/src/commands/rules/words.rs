//! Words for what the rules say: a support agent reads them.

use std::time::Duration;

use domain::{
    decline::{Class, Reason},
    rules::{Action, Fee, Floor, Kind, Limit, Scope, Wait, Window},
};

/// What a class stands for.
pub const fn class(class: Class) -> &'static str {
    match class {
        Class::Nsf => "the account lacks the money now; it may have it later",
        Class::Limit => "a limit of the card is used up; it is renewed with the issuer's next day",
        Class::Tech => "something technical failed on the way; the card itself is not at fault",
        Class::Fraud => "the issuer suspects fraud",
        Class::Generic => "the issuer does not say why; about half of these lack the money",
        Class::DataFix => "data of the payment are wrong; the same data will fail again",
        Class::Lifecycle => "the card was replaced, has expired or is closed",
        Class::Sca => "the issuer wants the customer authenticated",
        Class::Config => "the merchant's set-up is wrong; no retry helps",
        Class::StopCard => "this card must not be charged again by this merchant",
        Class::StopMandate => "the customer has revoked the mandate",
    }
}

/// What a Visa category stands for.
pub const fn category(category: u8) -> &'static str {
    match category {
        1 => "the issuer will never approve",
        2 => "the issuer cannot approve now",
        3 => "the data must be fixed first",
        _ => "generic",
    }
}

/// What an advice asks for.
pub const fn advice(action: Action) -> &'static str {
    match action {
        Action::UpdateCredential => "get newer account data, then retry",
        Action::RetryLater => "retry later",
        Action::StopCard => "do not retry this card",
        Action::ChangeToken => "retry with the card number or with sound token data",
        Action::FixData => "fix the data",
        Action::StopMandate => "stop: the customer has cancelled",
        Action::FixConfiguration => "fix the merchant's set-up",
        Action::OtherCard => "ask for another card; this one will not be refilled",
        Action::SingleUse => "ask for another card; this number works once",
        Action::Flag => "a remark about the card, nothing to do",
    }
}

/// How an order ends.
pub const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::HardDecline => "the network or the issuer forbids any retry",
        Reason::LimitReached => "a network's retry limit is used up",
        Reason::CustomerAction => "only the customer can help",
        Reason::Configuration => "the merchant's set-up caused the decline",
        Reason::DataMissing => "there are no usable card data",
        Reason::NotDeclined => "it is paid",
        _ => "nothing more can be done",
    }
}

/// A span.
pub fn span(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    let many = |n: u64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    match minutes {
        m if m > 1_440 && m.is_multiple_of(1_440) => many(m / 1_440, "day"),
        m if m >= 60 && m.is_multiple_of(60) => many(m / 60, "hour"),
        m => many(m, "minute"),
    }
}

/// The earliest retry.
pub fn floor(floor: Floor) -> String {
    match floor {
        Floor::After(wait) => format!("not before {} have passed", span(wait)),
        Floor::NextLocalDay => "not on the same day of the issuer's time zone".to_owned(),
    }
}

/// Our own waits.
pub fn wait(wait: &Wait) -> String {
    let bounds = |min: Option<Duration>, max: Option<Duration>| match (min, max) {
        (Some(min), Some(max)) => format!("{} to {}", span(min), span(max)),
        (Some(min), None) => format!("at least {}", span(min)),
        (None, Some(max)) => format!("at most {}", span(max)),
        (None, None) => "as the plan finds best".to_owned(),
    };
    match wait.retries_max {
        0 => "never retried".to_owned(),
        1 => format!("retried once, after {}", bounds(wait.first_min, wait.first_max)),
        most => format!(
            "at most {most} retries: the first after {}, later ones after {}",
            bounds(wait.first_min, wait.first_max),
            bounds(wait.next_min, wait.next_max)
        ),
    }
}

/// A limit.
pub fn limit(limit: &Limit) -> String {
    let window = match limit.window {
        Window::Rolling(window) => format!("in {}", span(window)),
        Window::Month { .. } => "in a calendar month".to_owned(),
        Window::Forever => "for good".to_owned(),
    };
    let scope = match limit.scope {
        Scope::Card => "on the card at this merchant, any amount",
        Scope::CardAmount => "on the card at this merchant with the same amount",
        Scope::Merchant => "on all cards of the merchant",
    };
    let apart = if limit.initiators_apart { ", customer- and merchant-initiated counted apart" } else { "" };
    let kept = match (limit.limit, limit.headroom) {
        (Some(most), Some(kept)) if limit.kind == Kind::Volume => {
            format!("{most} declines {window} {scope} (warned of from {kept})")
        }
        (Some(most), Some(kept)) if kept < most => {
            format!("{most} declined attempts {window} {scope}{apart}; plans keep below {kept}")
        }
        (Some(most), _) => format!("{most} declined attempts {window} {scope}{apart}"),
        (None, Some(kept)) => format!("the network publishes none; plans keep below {kept} {window} {scope}"),
        (None, None) => format!("no attempt {window} {scope} after such a decline"),
    };
    format!("{kept} ({})", limit.meaning)
}

/// A fee.
pub fn fee(fee: &Fee) -> String {
    format!("{} {} ({})", fee.currency.as_str(), amount(fee.amount_micros), fee.meaning)
}

/// Millionths of a major unit, with as many decimals as they need, at least two.
fn amount(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    let least = text.len() - 4;
    let trimmed = text.trim_end_matches('0');
    if trimmed.len() < least { text[..least].to_owned() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_amounts_read_well() {
        let spans = [(60, "1 minute"), (3_600, "1 hour"), (86_400, "24 hours"), (30 * 86_400, "30 days"), (5_400, "90 minutes")];
        for (secs, text) in spans {
            assert_eq!(span(Duration::from_secs(secs)), text);
        }
        for (micros, text) in [(100_000, "0.10"), (550_000, "0.55"), (4_000, "0.004"), (2_000_000, "2.00"), (45_000, "0.045")] {
            assert_eq!(amount(micros), text);
        }
    }
}
