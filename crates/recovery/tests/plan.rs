//! What the plan does with each class, code, advice and limit.

mod support;

use std::time::Duration;

use domain::{
    card::Network,
    decline::{Class, Reason},
    ledger::{Initiator, Origin, Outcome},
    rules::Rules,
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use recoup_recovery::{Action, Case, Model, Observed, Plan, Updater, ladder, plan};
use support::{at, case, declined, entry, start};

fn decide(case: &Case<'_>) -> Plan {
    plan(case, Rules::builtin(), Model::builtin())
}

fn stop(reason: Reason) -> Action {
    Action::Stop { reason }
}

/// When the plan attempts; a panic names the case otherwise.
fn when(plan: &Plan, name: &str) -> Timestamp {
    match plan.action {
        Action::Attempt { at } => at,
        other => panic!("{name}: {other:?}"),
    }
}

fn original(code: &str, mac: Option<&str>) -> [Observed; 1] {
    [declined(start(), code, mac, Origin::Evaluated)]
}

#[test]
fn each_class_waits_as_its_policy_says() {
    for (code, mac, network, min, max) in [
        ("51", None, Network::Visa, DAY, DAY * 14),
        ("61", None, Network::Visa, HOUR * 14, DAY * 14),
        ("65", None, Network::Visa, HOUR * 14, DAY * 14),
        ("N4", None, Network::Visa, HOUR * 14, DAY * 14),
        ("96", None, Network::Visa, MINUTE * 15, HOUR),
        ("91", None, Network::Visa, MINUTE * 15, HOUR),
        ("88", Some("04"), Network::Mastercard, MINUTE * 15, HOUR),
        ("59", None, Network::Visa, HOUR * 72, HOUR * 96),
        ("83", None, Network::Mastercard, HOUR * 72, HOUR * 96),
        ("62", None, Network::Visa, HOUR * 72, HOUR * 97),
        ("05", None, Network::Visa, HOUR * 24, HOUR * 72),
        ("??", None, Network::Visa, HOUR * 24, HOUR * 72),
        ("05", Some("02"), Network::Mastercard, HOUR * 72, HOUR * 96),
        ("9G", None, Network::Visa, HOUR * 72, HOUR * 96),
        ("1A", None, Network::Visa, Duration::ZERO, MINUTE * 15),
    ] {
        for seed in 0..25 {
            let observed = original(code, mac);
            let planned = decide(&Case { network, seed, ..case(&observed) });
            let wait = when(&planned, code).since(start());
            assert!(wait >= min && wait <= max, "{code} {mac:?}: {wait:?}");
            assert!(planned.probability > 0.0 && planned.probability < 1.0, "{code}");
            assert!(planned.candidates.iter().any(|candidate| candidate.at == when(&planned, code)));
        }
    }
}

#[test]
fn advice_24_to_30_are_floors_of_a_pay_plan() {
    for (mac, hours) in [("24", 1), ("25", 24), ("26", 48), ("27", 96), ("28", 144), ("29", 192), ("30", 240)] {
        let observed = original("51", Some(mac));
        let normal = decide(&Case { network: Network::Mastercard, ..case(&observed) });
        assert_eq!(normal.not_before, start() + HOUR * hours, "{mac}");
        assert!(when(&normal, mac) >= start() + HOUR * hours, "{mac}");
        assert!(normal.bound_by.contains(&format!("mac.{mac}")), "{mac}: {:?}", normal.bound_by);
        // The sandbox's early attempt waits for the advice, and not longer.
        let first = Case { network: Network::Mastercard, first_at: Some(start() + Duration::from_secs(5)), ..case(&observed) };
        let early = when(&decide(&first), mac).since(start());
        assert!(early >= HOUR * hours && early <= HOUR * hours + MINUTE * 5, "{mac}: {early:?}");
    }
}

#[test]
fn the_sandboxes_first_attempt_is_early_unless_a_rule_forbids_it() {
    let five = start() + Duration::from_secs(5);
    for (code, mac, network, earliest, latest) in [
        ("51", None, Network::Visa, five, five),
        ("05", None, Network::Amex, five, five),
        ("59", None, Network::Visa, five, five),
        ("96", None, Network::Visa, five, five),
        ("1A", None, Network::Visa, five, five),
        ("61", None, Network::Visa, at("2026-11-21T05:00:00Z"), at("2026-11-21T05:05:00Z")),
        ("9G", None, Network::Visa, start() + HOUR * 72, start() + HOUR * 72 + MINUTE * 5),
        ("51", Some("02"), Network::Mastercard, start() + HOUR * 72, start() + HOUR * 72 + MINUTE * 5),
    ] {
        let observed = original(code, mac);
        let ledger = [domain::ledger::Entry { origin: Origin::Evaluated, ..entry(start(), network) }];
        let first = Case { network, ledger: &ledger, first_at: Some(five), ..case(&observed) };
        let found = when(&decide(&first), code);
        assert!(found >= earliest && found <= latest, "{code} {mac:?}: {found}");
        // Only the first attempt: with one behind it, the policy decides.
        let later = Case { own_attempts: 1, ..first };
        assert!(when(&decide(&later), code) > five + MINUTE, "{code}");
    }
}

#[test]
fn classes_that_end_or_ask() {
    let tried = Updater::Tried { found: false };
    for (code, mac, network, updater, expected) in [
        ("R0", None, Network::Visa, Updater::Untried, stop(Reason::HardDecline)),
        ("R1", None, Network::Visa, Updater::Untried, stop(Reason::HardDecline)),
        ("R3", None, Network::Visa, Updater::Untried, stop(Reason::HardDecline)),
        ("51", Some("21"), Network::Mastercard, Updater::Untried, stop(Reason::HardDecline)),
        ("51", Some("03"), Network::Mastercard, Updater::Untried, stop(Reason::HardDecline)),
        ("51", Some("42"), Network::Mastercard, Updater::Untried, stop(Reason::HardDecline)),
        ("04", None, Network::Visa, Updater::Untried, stop(Reason::HardDecline)),
        ("57", None, Network::Visa, Updater::Untried, stop(Reason::HardDecline)),
        ("41", None, Network::Visa, Updater::Untried, Action::AskUpdater),
        ("43", None, Network::Visa, Updater::NotOffered, stop(Reason::HardDecline)),
        ("46", None, Network::Visa, tried, stop(Reason::HardDecline)),
        ("03", None, Network::Visa, Updater::Untried, stop(Reason::Configuration)),
        ("05", Some("22"), Network::Mastercard, Updater::Untried, stop(Reason::Configuration)),
        ("54", None, Network::Visa, Updater::Untried, Action::AskUpdater),
        ("54", None, Network::Visa, tried, Action::AskCustomer),
        ("14", None, Network::Visa, Updater::NotOffered, Action::AskCustomer),
        ("79", Some("01"), Network::Mastercard, Updater::Untried, Action::AskUpdater),
        ("83", Some("01"), Network::Mastercard, tried, Action::AskCustomer),
        ("N7", None, Network::Visa, Updater::NotOffered, Action::AskCustomer),
        ("05", Some("05"), Network::Mastercard, tried, Action::AskCustomer),
        ("51", Some("40"), Network::Mastercard, Updater::Untried, Action::AskCustomer),
        ("51", Some("41"), Network::Mastercard, Updater::Untried, Action::AskCustomer),
    ] {
        let observed = original(code, mac);
        let first_at = Some(start() + MINUTE);
        assert_eq!(decide(&Case { network, updater, first_at, ..case(&observed) }).action, expected, "{code} {mac:?}");
    }
    let observed = original("51", None);
    assert_eq!(decide(&Case { initiator: Initiator::Cit, ..case(&observed) }).action, stop(Reason::NotRescued));
}

#[test]
fn new_account_data_are_tried_once_and_at_once() {
    for (code, mac, network) in
        [("54", None, Network::Visa), ("41", None, Network::Visa), ("79", Some("01"), Network::Mastercard)]
    {
        let now = start() + HOUR;
        let renewed = |observed| Case {
            now,
            network,
            updater: Updater::Tried { found: true },
            credential_changed_at: Some(start() + MINUTE),
            credential_version: 2,
            ..case(observed)
        };
        let first = original(code, mac);
        let attempt = when(&decide(&renewed(&first)), code);
        assert!(attempt >= now && attempt <= now + MINUTE * 10, "{code}: {attempt}");
        let again = [first[0].clone(), declined(start() + MINUTE * 30, code, mac, Origin::Own)];
        let expected = if code == "41" { stop(Reason::HardDecline) } else { Action::AskCustomer };
        assert_eq!(decide(&renewed(&again)).action, expected, "{code}");
    }
    let revoked = original("R1", None);
    let renewed = Case { credential_changed_at: Some(start() + MINUTE), ..case(&revoked) };
    assert_eq!(decide(&renewed).action, stop(Reason::HardDecline));
}

#[test]
fn a_stop_seen_earlier_is_not_forgotten() {
    let observed = [declined(start(), "R1", None, Origin::Transmitted), declined(start() + HOUR, "51", None, Origin::Evaluated)];
    assert_eq!(decide(&Case { now: start() + HOUR, ..case(&observed) }).action, stop(Reason::HardDecline));
}

#[test]
fn classes_use_up() {
    for (code, most, reason) in [
        ("59", 3, Reason::NotRescued),
        ("5C", 1, Reason::NotRescued),
        ("39", 1, Reason::NotRescued),
        ("1A", 1, Reason::CustomerAction),
        ("96", 6, Reason::NotRescued),
        ("61", 8, Reason::NotRescued),
    ] {
        let mut observed = original(code, None).to_vec();
        for n in 1..=most {
            let now = start() + HOUR * n;
            let open = decide(&Case { now, expires_at: start() + DAY * 60, max_attempts: 20, ..case(&observed) });
            assert!(matches!(open.action, Action::Attempt { .. }), "{code} after {} of {most}: {:?}", n - 1, open.action);
            observed.push(declined(now, code, None, Origin::Own));
        }
        let now = start() + HOUR * (most + 1);
        assert_eq!(decide(&Case { now, max_attempts: 20, ..case(&observed) }).action, stop(reason), "{code}");
    }
    let observed = original("51", None);
    assert_eq!(decide(&Case { own_attempts: 8, ..case(&observed) }).action, stop(Reason::NotRescued));
}

#[test]
fn technical_retries_back_off_to_a_day() {
    let mut observed = original("96", None).to_vec();
    let mut now = start();
    for (min, max) in [(900, 3_600), (5_400, 9_300), (10_800, 18_300), (21_600, 36_300), (43_200, 72_300), (64_800, 108_300)] {
        let next = when(&decide(&Case { now, ..case(&observed) }), "96");
        let wait = next.since(now).as_secs();
        assert!(wait >= min && wait <= max, "{wait} of {min}..{max}");
        now = next;
        observed.push(declined(now, "96", None, Origin::Own));
    }
}

#[test]
fn ambiguous_answers_ask_for_a_look_up() {
    for (code, lookup) in [("09", true), ("68", true), ("94", true), ("91", false)] {
        assert_eq!(decide(&case(&original(code, None))).lookup_first, lookup, "{code}");
    }
}

#[test]
fn money_is_awaited_until_it_is_posted_on_a_pay_day() {
    for (country, offset, days) in
        [("US", -300, &["2026-11-27", "2026-12-01", "2026-12-04"][..]), ("GB", 0, &["2026-11-30"]), ("BR", -180, &["2026-12-07"])]
    {
        for seed in 0..20 {
            let observed = original("51", None);
            let decided = decide(&Case { issuer_country: Some(country), offset_minutes: Some(offset), seed, ..case(&observed) });
            let hour = when(&decided, country).civil_at(offset).hour();
            assert!(
                (8..=13).contains(&hour),
                "{country} {hour}: what is credited overnight or in the morning is there, little is spent"
            );
            let wanted = decided.candidates.iter().filter(|candidate| candidate.wanted);
            let wanted: Vec<String> = wanted.map(|candidate| candidate.at.civil_at(offset).date().to_string()).collect();
            assert!(days.iter().any(|day| wanted.iter().any(|date| date == day)), "{country}: {wanted:?}");
        }
    }
}

#[test]
fn the_networks_limits_bind() {
    let observed = original("51", None);
    // Visa: 15 of our headroom used, all within the last days: nothing before they leave the window.
    let used: Vec<_> = (0..15).map(|n| entry(start() - HOUR * (20 - n), Network::Visa)).collect();
    let closed = decide(&Case { ledger: &used, ..case(&observed) });
    assert_eq!(closed.action, stop(Reason::LimitReached));
    assert!(closed.bound_by.contains(&"visa.m30".to_owned()), "{:?}", closed.bound_by);
    // A longer period reaches past the window.
    let open = decide(&Case { ledger: &used, expires_at: start() + DAY * 45, ..case(&observed) });
    assert!(when(&open, "visa.m30") >= start() - HOUR * 20 + DAY * 30);
    // An approval starts anew.
    let mut reset = used.clone();
    reset.push(domain::ledger::Entry { outcome: Outcome::Approved, ..entry(start() - HOUR, Network::Visa) });
    assert!(matches!(decide(&Case { ledger: &reset, ..case(&observed) }).action, Action::Attempt { .. }));
    // Mastercard: seven in a day push a technical retry a day on.
    let day: Vec<_> = (0..7).map(|n| entry(start() - MINUTE * (10 - n), Network::Mastercard)).collect();
    let technical = original("96", None);
    let pushed = decide(&Case { ledger: &day, network: Network::Mastercard, ..case(&technical) });
    assert!(when(&pushed, "mc.h24") >= start() - MINUTE * 10 + DAY);
    assert!(pushed.bound_by.contains(&"mc.h24".to_owned()));
    // A never-approve decline in the merchant's own history.
    let dead = [domain::ledger::Entry { response_code: Some("04".to_owned()), ..entry(start() - DAY, Network::Visa) }];
    assert_eq!(decide(&Case { ledger: &dead, ..case(&observed) }).action, stop(Reason::HardDecline));
    let advised = [domain::ledger::Entry { advice_code: Some("21".to_owned()), ..entry(start() - DAY, Network::Mastercard) }];
    let mandate = Case { ledger: &advised, network: Network::Mastercard, ..case(&observed) };
    assert_eq!(decide(&mandate).action, stop(Reason::HardDecline));
}

#[test]
fn nothing_is_planned_at_or_after_the_end() {
    let observed = original("51", Some("30"));
    let short = Case { network: Network::Mastercard, expires_at: start() + DAY * 10, ..case(&observed) };
    assert_eq!(decide(&short).action, Action::LetExpire);
    let over = Case { now: start() + DAY * 21, ..case(&observed) };
    assert_eq!(decide(&over).action, Action::LetExpire);
}

#[test]
fn a_partial_approval_leaves_a_rest_to_be_paid() {
    let mut observed = original("05", None).to_vec();
    observed.push(Observed { approved: true, ..declined(start() + HOUR, "10", None, Origin::Own) });
    let rest = decide(&Case { now: start() + HOUR, ..case(&observed) });
    assert_eq!((rest.class, matches!(rest.action, Action::Attempt { .. })), (Class::Nsf, true));
    observed[1].answer.response_code = "00".to_owned();
    assert_eq!(decide(&Case { now: start() + HOUR, ..case(&observed) }).action, stop(Reason::NotDeclined));
}

#[test]
fn the_ladder_climbs_one_three_five_seven_and_keeps_the_rules() {
    let mut observed = original("51", None).to_vec();
    for days in [1, 3, 5, 7] {
        let now = observed.last().map_or(start(), |last| last.at);
        let rung = ladder(&Case { now, ..case(&observed) }, Rules::builtin());
        assert_eq!(rung.action, Action::Attempt { at: start() + DAY * days });
        observed.push(declined(start() + DAY * days, "51", None, Origin::Own));
    }
    let spent = Case { now: start() + DAY * 7, ..case(&observed) };
    assert_eq!(ladder(&spent, Rules::builtin()).action, Action::LetExpire);
    let forbidden = original("57", None);
    assert_eq!(ladder(&case(&forbidden), Rules::builtin()).action, stop(Reason::HardDecline));
    let advised = original("51", Some("29"));
    let floored = ladder(&Case { network: Network::Mastercard, ..case(&advised) }, Rules::builtin());
    assert_eq!(floored.action, Action::Attempt { at: start() + DAY * 8 });
}

#[test]
fn a_plan_is_written_as_the_explanation_wants_it() {
    let observed = original("51", None);
    let json = serde_json::to_value(decide(&case(&observed))).unwrap();
    assert_eq!(json["class"], "NSF");
    assert_eq!(json["action"]["action"], "attempt");
    assert_eq!(json["rulesVersion"], Rules::builtin().version());
    assert_eq!(json["classifiedBy"][0], "code.51");
    assert_eq!(json["limits"][0]["id"], "visa.m30");
    assert!(json["candidates"].as_array().is_some_and(|all| !all.is_empty()));
}
