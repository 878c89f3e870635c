use serde_json::{Value, json};

use super::*;
use crate::json::parse;

fn sound() -> Value {
    json!({
        "orderId": "INV-1", "idempotencyKey": "k", "isMIT": true,
        "transaction": {
            "id": "t", "amount": 1999, "currency": "USD", "responseCode": "51", "responseCodeSource": "nmi",
            "avsResultCode": "NA", "cvvResultCode": "NA", "cavvResultCode": "NA",
        },
        "paymentMethod": {"cardNumber": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c"},
    })
}

fn with(policy: Value) -> Value {
    let mut body = sound();
    body["policy"] = policy;
    body
}

fn reading(body: &Value) -> (Request, Vec<String>) {
    let text = body.to_string();
    let (input, faults) = read(&parse(text.as_bytes()).unwrap(), None, [0; 32]);
    (input, faults.iter().map(|(path, message)| format!("{path}: {message}")).collect())
}

fn reporting(body: &Value) -> (Attempt, Vec<String>) {
    let text = body.to_string();
    let (input, faults) = attempt(&parse(text.as_bytes()).unwrap(), None, [0; 32]);
    (input, faults.iter().map(|(path, message)| format!("{path}: {message}")).collect())
}

#[test]
fn the_members_of_evaluate_are_required() {
    let (_, faults) = reading(&json!({}));
    assert_eq!(
        faults,
        [
            "IdempotencyKey: The IdempotencyKey field is required.",
            "OrderId: Merchant's orderId is required",
            "Transaction: The Transaction field is required.",
        ]
    );
    let (input, faults) = reading(&sound());
    assert!(faults.is_empty() && input.is_declined && input.wishes.max_attempts.is_none() && input.wishes.routes.is_empty());
}

#[test]
fn a_policy_is_read_loosely() {
    let (input, faults) = reading(&with(json!({
        "DEADLINEUTC": "2026-12-11T00:00:00Z", "maxAttempts": "20", "minIntervalMinutes": 90, "allowedLocalHours": "22:00-06:00",
        "allowPartial": "1", "routes": ["acq-1", "", "acq-2", "acq-1", null, 7], "leadSeconds": 0,
    })));
    assert!(faults.is_empty(), "{faults:?}");
    let wishes = input.wishes;
    assert!(matches!(wishes.deadline, When::At(_)) && wishes.allow_partial);
    assert_eq!((wishes.max_attempts, wishes.min_interval_minutes, wishes.lead_secs), (Some(20), Some(90), Some(0)));
    assert_eq!(wishes.local_hours.map(Hours::minutes), Some((1320, 360)));
    assert_eq!(wishes.routes, ["acq-1", "acq-2", "7"]);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let long = "r".repeat(256);
    for (policy, fault) in [
        (json!({"maxAttempts": 0}), "Policy.MaxAttempts: The field MaxAttempts is invalid."),
        (json!({"maxAttempts": 21}), "Policy.MaxAttempts: The field MaxAttempts is invalid."),
        (json!({"maxAttempts": 2.5}), "Policy.MaxAttempts: The field MaxAttempts is invalid."),
        (json!({"minIntervalMinutes": -1}), "Policy.MinIntervalMinutes: The field MinIntervalMinutes is invalid."),
        (json!({"minIntervalMinutes": 86_401}), "Policy.MinIntervalMinutes: The field MinIntervalMinutes is invalid."),
        (json!({"leadSeconds": 86_401}), "Policy.LeadSeconds: The field LeadSeconds is invalid."),
        (json!({"allowedLocalHours": "8-22"}), "Policy.AllowedLocalHours: The field AllowedLocalHours is invalid."),
        (json!({"allowedLocalHours": "08:00-08:00"}), "Policy.AllowedLocalHours: The field AllowedLocalHours is invalid."),
        (json!({"allowPartial": "perhaps"}), "Policy.AllowPartial: The field AllowPartial is invalid."),
        (json!({"routes": "acq-1"}), "Policy.Routes: The field Routes is invalid."),
        (json!({"routes": [{}]}), "Policy.Routes[0]: The field Routes[0] is invalid."),
        (json!({"routes": [long]}), "Policy.Routes[0]: The field Routes[0] must be a string with a maximum length of 255."),
        (json!({"routes": vec!["x"; 21]}), "Policy.Routes: The field Routes has more than 20 items."),
        (json!("eager"), "Policy: The field Policy is invalid."),
    ] {
        assert_eq!(reading(&with(policy.clone())).1, [fault], "{policy}");
    }
}

#[test]
fn a_declined_attempt_says_with_what_code() {
    assert_eq!(
        reporting(&json!({})).1,
        [
            "Approved: The Approved field is required.",
            "IdempotencyKey: The IdempotencyKey field is required.",
            "Transaction: The Transaction field is required.",
        ]
    );
    let body =
        |approved: Value, transaction: Value| json!({"idempotencyKey": "k", "approved": approved, "transaction": transaction});
    let plain = json!({"id": "t", "amount": 1999, "currency": "USD"});
    assert_eq!(
        reporting(&body(json!(false), plain.clone())).1,
        ["Transaction.ResponseCode: The ResponseCode field is required."]
    );
    assert!(reporting(&body(json!(true), plain.clone())).1.is_empty());
    assert!(
        reporting(&body(json!("0"), json!({"id": "t", "amount": "1999", "currency": "usd", "responseCode": 51}))).1.is_empty()
    );
    assert_eq!(
        reporting(&body(json!(true), json!({"id": "t", "amount": 0, "currency": "USD"}))).1,
        ["Transaction.Amount: The field Amount must be a positive integer."]
    );
    assert_eq!(
        reporting(&body(json!("maybe"), json!({}))).1,
        [
            "Approved: The field Approved is invalid.",
            "Transaction.Amount: The Amount field is required.",
            "Transaction.Currency: The Currency field is required.",
            "Transaction.Id: The Id field is required.",
        ]
    );
}

proptest::proptest! {
    #[test]
    fn any_policy_is_read_or_refused(
        text in "\\{(\"(maxAttempts|minIntervalMinutes|leadSeconds|allowedLocalHours|routes|allowPartial|deadlineUtc)\":(-?[0-9]{1,12}(\\.[0-9])?|\"[0-9:\\- TZ]{0,24}\"|\\[(\"[a-z]{0,3}\",)?null\\]|true|null|\\{\\}),){0,5}\"x\":1\\}"
    ) {
        let body = format!("{{\"policy\":{text}}}");
        if let Ok(node) = parse(body.as_bytes()) {
            let (input, faults) = read(&node, Some("k"), [0; 32]);
            let wishes = input.wishes;
            proptest::prop_assert!(wishes.max_attempts.is_none_or(|n| (1..=Policy::ATTEMPTS_MAX).contains(&n)));
            proptest::prop_assert!(wishes.min_interval_minutes.is_none_or(|n| n <= Policy::MIN_INTERVAL_MINUTES_MAX));
            proptest::prop_assert!(wishes.lead_secs.is_none_or(|n| n <= Policy::LEAD_SECS_MAX));
            proptest::prop_assert!(wishes.routes.len() <= Policy::ROUTES_MAX);
            // A member that was not understood is told, never passed over.
            let told = |path: &str| faults.iter().any(|(known, _)| known == path);
            let given = |name: &str| matches!(&node, Node::Object(members) if matches!(members.get("policy"),
                Some(Node::Object(policy)) if policy.get(name).is_some_and(|member| !member.is_blank())));
            proptest::prop_assert!(wishes.local_hours.is_some() || !given("allowedLocalHours") || told("Policy.AllowedLocalHours"));
            proptest::prop_assert!(wishes.max_attempts.is_some() || !given("maxAttempts") || told("Policy.MaxAttempts"));
        }
    }

    #[test]
    fn no_body_makes_it_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9. -]{0,200}") {
        if let Ok(node) = parse(text.as_bytes()) {
            let _ = (read(&node, None, [0; 32]), attempt(&node, None, [0; 32]));
        }
    }
}
