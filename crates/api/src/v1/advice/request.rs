//! Reading the requests of `/v1/advice`.

use domain::{
    advice::{Hours, Policy},
    bounds::ID_CHARS_MAX,
    fault::Faults,
    intake::When,
};
use engine::advice::{Attempt, Request, Wishes};

use crate::{
    json::{Node, Read, Reader, integer_of, text_of},
    read::{self, Amounts},
};

/// Reads `POST /v1/advice`. Faults that need the merchant's state are added by the use case, so that all are told at once.
pub fn read(node: &Node<'_>, key: Option<&str>, payload_hash: [u8; 32]) -> (Request, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let key = read::idempotency_key(&mut reader, key);
    // A CVV is of no use here: it is dropped with what else was read of the card.
    let card = read::method(&mut reader);
    let payment = read::payment(&mut reader, Amounts::Due, card.method);
    let input = Request {
        mid: read::mid(&mut reader),
        key,
        payload_hash,
        is_declined: reader.boolean("isDeclined").unwrap_or(true),
        expires: reader.when("expiryDateUtc"),
        method_given: card.given,
        credential: card.credential,
        attempts: read::prior_attempts(&mut reader, &payment),
        wishes: wishes(&mut reader),
        payment: Box::new(payment),
    };
    (input, faults)
}

/// Reads `POST /v1/advice/{id}/attempts`.
pub fn attempt(node: &Node<'_>, key: Option<&str>, payload_hash: [u8; 32]) -> (Attempt, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let key = read::idempotency_key(&mut reader, key);
    let approved = reader.required_boolean("approved");
    let card = read::method(&mut reader);
    let transaction = read::transaction(&mut reader, Amounts::Any);
    let has_faults = ["Transaction", "Transaction.Amount"].iter().any(|path| reader.faults().has(path));
    if !has_faults && transaction.amount.minor <= 0 {
        reader.faults().add("Transaction.Amount", "The field Amount must be a positive integer.");
    }
    if approved == Some(false) && transaction.response_code.is_none() && !reader.faults().has("Transaction") {
        reader.faults().required("Transaction.ResponseCode");
    }
    let input = Attempt {
        key,
        payload_hash,
        approved: approved.unwrap_or_default(),
        transaction,
        route: reader.text("route", ID_CHARS_MAX),
        card: card.given.then_some((card.method, card.credential)),
    };
    (input, faults)
}

/// Reads `policy`. A part of it that cannot be read is a fault: advice that breaks its caller's bounds is worse than none.
fn wishes(reader: &mut Reader<'_, '_>) -> Wishes {
    let Some(mut policy) = reader.object("policy", "Policy") else {
        return Wishes {
            deadline: When::Absent,
            max_attempts: None,
            min_interval_minutes: None,
            local_hours: None,
            allow_partial: false,
            routes: vec![],
            lead_secs: None,
        };
    };
    Wishes {
        deadline: policy.when("deadlineUtc"),
        max_attempts: within(&mut policy, "maxAttempts", 1, Policy::ATTEMPTS_MAX),
        min_interval_minutes: within(&mut policy, "minIntervalMinutes", 0, Policy::MIN_INTERVAL_MINUTES_MAX),
        local_hours: policy.parsed("allowedLocalHours", Hours::parse),
        allow_partial: policy.boolean("allowPartial").unwrap_or(false),
        routes: routes(&mut policy),
        lead_secs: within(&mut policy, "leadSeconds", 0, Policy::LEAD_SECS_MAX),
    }
}

fn within(reader: &mut Reader<'_, '_>, name: &str, least: u32, most: u32) -> Option<u32> {
    let lawful = |number: i64| u32::try_from(number).ok().filter(|number| (least..=most).contains(number));
    let read = integer_of(reader.get(name)).then(lawful);
    reader.known(name, read)
}

/// Names of the caller's own, each once; blank ones are dropped.
fn routes(reader: &mut Reader<'_, '_>) -> Vec<String> {
    let items = match reader.get("routes") {
        None => return vec![],
        Some(Node::List(items)) => items,
        Some(node) => {
            if !node.is_blank() {
                reader.invalid("routes");
            }
            return vec![];
        }
    };
    if items.len() > Policy::ROUTES_MAX {
        let path = reader.path("routes");
        reader.faults().too_many(&path, Policy::ROUTES_MAX);
        return vec![];
    }
    let mut routes: Vec<String> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let path = format!("{}[{index}]", reader.path("routes"));
        match text_of(Some(item)) {
            Read::Is(text) if text.chars().count() > ID_CHARS_MAX => reader.faults().too_long(&path, ID_CHARS_MAX),
            Read::Is(text) if !routes.iter().any(|known| *known == text) => routes.push(text.into_owned()),
            Read::Is(_) | Read::Absent => {}
            Read::Unreadable => reader.faults().invalid(&path),
        }
    }
    routes
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
