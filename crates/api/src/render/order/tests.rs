use std::collections::BTreeMap;

use domain::{
    decline::{Class, Reason},
    id::Mid,
    order::{Actor, ChallengeField, Code, State},
    settings::StatusNames,
    time::{HOUR, Timestamp},
};
use serde_json::Value;
use testkit::Ids;

use super::*;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T10:15:30Z").unwrap()
}

struct Case {
    order: Order,
    attempts: Vec<Attempt>,
    refunds: Vec<Refund>,
}

fn case() -> Case {
    let ids = Ids::new();
    let mut order = testkit::order(&ids, Mid::from_bytes([2; 16]), "INV-1001", now());
    order.credentials = vec![testkit::credential(&ids, now())];
    let attempt = testkit::attempt(&ids, &order, 1, now());
    let mut refund = testkit::refund(&ids, &order, attempt.id, now());
    refund.message = Some("sorry".into());
    Case { attempts: vec![attempt], refunds: vec![refund], order }
}

fn shown(case: &Case, whole: bool, names: StatusNames) -> Shown<'_> {
    Shown {
        order: &case.order,
        site_name: Some("Main"),
        attempts: whole.then_some(case.attempts.as_slice()),
        refunds: &case.refunds,
        chargebacks: &[],
        names,
        original_class: Class::Nsf,
        attempts_remaining: Some(11),
        properties: BTreeMap::from([("channel".to_owned(), "mit".to_owned())]),
    }
}

fn value(case: &Case, whole: bool) -> Value {
    serde_json::to_value(body(shown(case, whole, StatusNames::Word))).unwrap()
}

#[test]
fn the_whole_object() {
    let case = case();
    insta::assert_json_snapshot!(body(shown(&case, true, StatusNames::Word)));
}

#[test]
fn every_documented_member_is_there_and_a_list_leaves_out_three() {
    const MEMBERS: &str = "id correlationId referenceNumber confirmationId status statusName statusText statusReason engineState
        externalOrderId mid siteId siteName siteResolved descriptor channel orderSource orderSourceText isMIT isRecurring mitMode
        isTestMode transactionType orderPlacedDate createdOn updatedOn completedOn expiryDate nextAttemptUtc captureBeforeUtc
        amount amountAuthorized amountCaptured amountRefunded amountRefundable amountRemaining currencyCode currencySymbol
        firstName lastName email secondaryEmail phone payerId billingAddress shippingAddress paymentMethod subscription
        orderItems additionalFields originalTransaction attempts refunds isChargeback chargebacks decision challenge
        customProperties";
    let case = case();
    let (whole, listed) = (value(&case, true), value(&case, false));
    for member in MEMBERS.split_whitespace() {
        assert!(whole.get(member).is_some(), "{member}");
        let left_out = matches!(member, "orderItems" | "decision");
        assert_eq!(listed.get(member).is_none(), left_out, "{member}");
    }
    assert_eq!(whole.as_object().unwrap().len(), MEMBERS.split_whitespace().count());
    assert!(whole["attempts"].get("items").is_some() && listed["attempts"].get("items").is_none());
}

#[test]
fn states_show_their_own_times_and_words() {
    let mut case = case();
    let later = now() + HOUR;
    for (state, next, capture, name) in [
        (State::Scheduled { at: later }, true, false, "PROCESSING"),
        (State::Received, false, false, "SUBMITTED"),
        (
            State::Authorized { attempt: case.attempts[0].id, capture_before: later, capturing: false },
            false,
            true,
            "CAPTUREREQUIRED",
        ),
        (State::Cancelled { reason: Reason::PaidElsewhere, by: Actor::Merchant }, false, false, "CANCELLED"),
    ] {
        case.order.state = state;
        let shown = value(&case, true);
        assert_eq!((shown["nextAttemptUtc"].is_string(), shown["captureBeforeUtc"].is_string()), (next, capture), "{name}");
        assert_eq!(shown["statusName"], name);
    }
    case.order.state = State::Challenged { fields: vec![ChallengeField::Cvv], attempts_left: 3, expires_at: later };
    let shown = value(&case, true);
    assert_eq!(shown["challenge"]["fields"], serde_json::json!(["cvv"]));
    assert_eq!(shown["challenge"]["url"], format!("/challenge/{}", case.order.id));
    assert_eq!(case.order.state.code(), Code::Challenged);
}

#[test]
fn status_names_follow_the_setting() {
    let mut case = case();
    case.order.state = State::Recovered;
    let shown = serde_json::to_value(body(shown(&case, true, StatusNames::Order))).unwrap();
    assert_eq!(shown["statusName"], "COMPLETED");
    assert_eq!(value(&case, true)["statusName"], "APPROVED");
}

#[test]
fn lists_read_as_csv_with_equal_columns() {
    let (mut first, second) = (case(), case());
    first.order.payment.billing = Some(domain::address::Address::default());
    let rows = crate::render::csv::rows(&[
        body(shown(&first, false, StatusNames::Word)),
        body(shown(&second, false, StatusNames::Word)),
    ]);
    let columns: Vec<usize> = rows.lines().map(|line| line.split(',').count()).collect();
    assert_eq!((columns.len(), columns[0] == columns[1], columns[1] == columns[2]), (3, true, true), "{rows}");
    assert!(rows.starts_with("id,correlationId,referenceNumber,confirmationId,status,"));
}

#[test]
fn every_flat_member_is_a_column() {
    const NESTED: [&str; 5] = ["billingAddress", "shippingAddress", "subscription", "challenge", "decision"];
    let case = case();
    let text = serde_json::to_vec(&body(shown(&case, false, StatusNames::Word))).unwrap();
    let node = crate::json::parse(&text).unwrap();
    let flat = node.object().unwrap().members().filter(|(name, node)| {
        !NESTED.contains(name) && !matches!(node, crate::json::Node::List(_) | crate::json::Node::Object(_))
    });
    let flat: Vec<&str> = flat.map(|(name, _)| name).collect();
    assert_eq!(flat, <super::Body<'_> as crate::render::csv::Tabular>::COLUMNS);
    assert_eq!(crate::render::csv::rows::<super::Body<'_>>(&[]), format!("{}\r\n", flat.join(",")));
}
