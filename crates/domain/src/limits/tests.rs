use std::time::Duration;

use uuid::Uuid;

use super::*;
use crate::{
    card::CardKey,
    environment::Environment,
    id::Mid,
    ledger::{Origin, Outcome},
    money::Currency,
    time::{DAY, HOUR, MINUTE},
};

fn start() -> Timestamp {
    Timestamp::parse("2026-11-01T12:00:00Z").unwrap()
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn entry(at: Timestamp) -> Entry {
    Entry {
        mid: Mid(Uuid::nil()),
        environment: Environment::Sandbox,
        card: CardKey([0; 16]),
        at,
        id: Uuid::nil(),
        origin: Origin::Own,
        initiator: Initiator::Mit,
        amount: usd(1999),
        network: Network::Visa,
        outcome: Outcome::Declined,
        response_code: Some("05".to_owned()),
        advice_code: None,
        order: None,
    }
}

/// `n` declines, one every `gap`, the first at `start`.
fn declines(n: u32, gap: Duration) -> Vec<Entry> {
    (0..n).map(|i| entry(start() + gap * i)).collect()
}

fn planned(network: Network, at: Timestamp) -> Planned<'static> {
    Planned { at, network, initiator: Initiator::Mit, amount: usd(1999), merchant_country: "US", credential_changed_at: None }
}

fn verdict(entries: &[Entry], planned: &Planned<'_>) -> Verdict {
    check(Rules::builtin(), entries, planned)
}

fn not_before(at: Timestamp, rule: &str) -> Permit {
    Permit::NotBefore { at, rule: rule.to_owned() }
}

fn never(rule: &str) -> Permit {
    Permit::Never { rule: rule.to_owned(), reason: Reason::HardDecline }
}

fn used(verdict: &Verdict, id: &str) -> u32 {
    verdict.rules.iter().find(|usage| usage.id == id).map_or(u32::MAX, |usage| usage.used)
}

/// One row per limit: declines already made, how far apart, the day; what the network and what planning allow
/// one minute after the last.
#[test]
fn at_each_limit_one_below_and_after_the_window() {
    let hour = HOUR;
    for (network, country, rule, n, gap, lawful_after, planned_after) in [
        // Visa: 20 in 30 days on card and amount, 15 kept.
        (Network::Visa, "US", "visa.m30", 14, hour, None, None),
        (Network::Visa, "US", "visa.m30", 15, hour, None, Some(DAY * 30)),
        (Network::Visa, "US", "visa.m30", 19, hour, None, Some(DAY * 30 + hour * 4)),
        (Network::Visa, "US", "visa.m30", 20, hour, Some(DAY * 30), Some(DAY * 30 + hour * 5)),
        (Network::Visa, "US", "visa.m30", 21, hour, Some(DAY * 30 + hour), Some(DAY * 30 + hour * 6)),
        // Mastercard: 10 in 24 hours, any amount, 7 kept; 7 and 5 in Brazil.
        (Network::Mastercard, "US", "mc.h24", 6, MINUTE, None, None),
        (Network::Mastercard, "US", "mc.h24", 7, MINUTE, None, Some(DAY)),
        (Network::Mastercard, "US", "mc.h24", 9, MINUTE, None, Some(DAY + MINUTE * 2)),
        (Network::Mastercard, "US", "mc.h24", 10, MINUTE, Some(DAY), Some(DAY + MINUTE * 3)),
        (Network::Mastercard, "US", "mc.h24", 11, MINUTE, Some(DAY + MINUTE), Some(DAY + MINUTE * 4)),
        (Network::Mastercard, "BR", "mc.h24", 6, MINUTE, None, Some(DAY + MINUTE)),
        (Network::Mastercard, "BR", "mc.h24", 7, MINUTE, Some(DAY), Some(DAY + MINUTE * 2)),
        // Mastercard: 35 in 30 days, 25 kept (far enough apart to stay below the day's limit).
        (Network::Mastercard, "US", "mc.m30", 24, hour * 12, None, None),
        (Network::Mastercard, "US", "mc.m30", 25, hour * 12, None, Some(DAY * 30)),
        (Network::Mastercard, "US", "mc.m30", 34, hour * 12, None, Some(DAY * 30 + hour * 12 * 9)),
        (Network::Mastercard, "US", "mc.m30", 35, hour * 12, Some(DAY * 30), Some(DAY * 30 + hour * 12 * 10)),
        // Networks without published limits: ten in 30 days, and one a day for plans only.
        (Network::Amex, "US", "amex.m30", 9, hour * 25, None, Some(hour * 25 * 8 + DAY)),
        (Network::Discover, "US", "discover.m30", 10, hour * 25, Some(DAY * 30), Some(DAY * 30)),
        (Network::Jcb, "JP", "jcb.h24", 1, hour, None, Some(DAY)),
        (Network::Unionpay, "CN", "unionpay.h24", 1, hour, None, Some(DAY)),
        (Network::Other, "", "other.m30", 11, hour * 25, Some(DAY * 30 + hour * 25), Some(DAY * 30 + hour * 25)),
    ] {
        let entries = declines(n, gap);
        let now = entries[n as usize - 1].at + MINUTE;
        let case = format!("{network} {country} {rule} {n}");
        let probe = |at| verdict(&entries, &Planned { merchant_country: country, ..planned(network, at) });
        let found = probe(now);
        assert_eq!(used(&found, rule), n, "{case}");
        let at = |after: Option<Duration>| after.map_or(Permit::Allowed, |after| not_before(start() + after, rule));
        let day_rule = format!("{network}.h24");
        let planned_rule = if network == Network::Amex { &day_rule } else { rule };
        let planned_at = planned_after.map_or(Permit::Allowed, |after| not_before(start() + after, planned_rule));
        assert_eq!((found.lawful, found.planned), (at(lawful_after), planned_at), "{case}");
        // The moment named is the first that is lawful: not a microsecond earlier.
        if let Some(after) = lawful_after {
            assert_ne!(probe(start() + after - Duration::from_micros(1)).lawful, Permit::Allowed, "{case}");
            assert_eq!(probe(start() + after).lawful, Permit::Allowed, "{case}");
        }
        if let Some(after) = planned_after {
            assert_eq!(probe(start() + after).planned, Permit::Allowed, "{case}");
        }
    }
}

#[test]
fn visa_had_fifteen_and_one_counter_until_may_2025() {
    let first = Timestamp::parse("2025-05-01T00:00:00Z").unwrap();
    let mut entries: Vec<Entry> = (0..15).map(|i| entry(first + HOUR * i)).collect();
    entries[14].initiator = Initiator::Cit;
    let at = |day: &str| verdict(&entries, &planned(Network::Visa, Timestamp::parse(day).unwrap()));
    assert_eq!(at("2025-05-24T12:00:00Z").lawful, not_before(first + DAY * 30, "visa.m30"));
    let after = at("2025-05-25T12:00:00Z");
    assert_eq!((after.lawful.clone(), used(&after, "visa.m30")), (Permit::Allowed, 14));
    assert_eq!(after.rules[0].version, "2025-05-25");
}

#[test]
fn visa_counts_cit_and_mit_apart_mastercard_together() {
    let mut entries = declines(20, HOUR);
    entries.iter_mut().take(12).for_each(|entry| entry.initiator = Initiator::Cit);
    let now = start() + DAY;
    for (network, rule, initiator, expected) in [
        (Network::Visa, "visa.m30", Initiator::Mit, 8),
        (Network::Visa, "visa.m30", Initiator::Cit, 12),
        (Network::Mastercard, "mc.m30", Initiator::Mit, 20),
        (Network::Mastercard, "mc.h24", Initiator::Cit, 19),
    ] {
        let found = verdict(&entries, &Planned { initiator, ..planned(network, now) });
        assert_eq!(used(&found, rule), expected, "{rule} {initiator}");
    }
}

#[test]
fn other_amounts_count_only_where_the_rule_says_any_amount() {
    let mut entries = declines(10, MINUTE);
    entries.iter_mut().take(4).for_each(|entry| entry.amount = usd(500));
    entries[9].amount = Money::new(1999, Currency::parse("EUR").unwrap());
    let now = start() + HOUR;
    for (network, rule, expected) in [
        (Network::Visa, "visa.m30", 5),
        (Network::Mastercard, "mc.m30", 5),
        (Network::Mastercard, "mc.h24", 10),
        (Network::Amex, "amex.m30", 10),
    ] {
        assert_eq!(used(&verdict(&entries, &planned(network, now)), rule), expected, "{rule}");
    }
}

#[test]
fn every_origin_counts_pending_counts_released_does_not() {
    let mut entries = declines(6, MINUTE);
    entries[0].origin = Origin::Transmitted;
    entries[1].origin = Origin::Evaluated;
    entries[2].outcome = Outcome::Pending;
    entries[3].outcome = Outcome::Released;
    let found = verdict(&entries, &planned(Network::Mastercard, start() + HOUR));
    assert_eq!((used(&found, "mc.h24"), used(&found, "mc.m30")), (5, 5));
}

#[test]
fn the_merchants_own_attempts_can_use_the_limit_up() {
    let mut entries = declines(20, HOUR);
    for entry in &mut entries {
        entry.origin = Origin::Transmitted;
    }
    assert_eq!(verdict(&entries, &planned(Network::Visa, start() + DAY)).lawful, not_before(start() + DAY * 30, "visa.m30"));
}

#[test]
fn an_approval_of_the_same_kind_starts_anew() {
    for (network, rule, amount, initiator, left) in [
        (Network::Visa, "visa.m30", 1999, Initiator::Mit, 5),
        (Network::Visa, "visa.m30", 500, Initiator::Mit, 20),
        (Network::Visa, "visa.m30", 1999, Initiator::Cit, 20),
        (Network::Mastercard, "mc.m30", 1999, Initiator::Cit, 5),
        (Network::Mastercard, "mc.m30", 500, Initiator::Mit, 20),
        (Network::Mastercard, "mc.h24", 500, Initiator::Cit, 5),
    ] {
        let mut entries = declines(20, MINUTE);
        let approval = Entry { outcome: Outcome::Approved, amount: usd(amount), initiator, ..entry(start() + MINUTE * 14) };
        entries.insert(0, approval);
        let found = verdict(&entries, &planned(network, start() + HOUR));
        assert_eq!(used(&found, rule), left, "{rule} {amount} {initiator}");
    }
}

#[test]
fn elo_counts_the_calendar_month_in_brasilia() {
    let last_of_month = Timestamp::parse("2026-12-01T02:59:59Z").unwrap();
    let next_month = Timestamp::parse("2026-12-01T03:00:00Z").unwrap();
    let entries = declines(15, HOUR);
    let probe = |at| verdict(&entries, &Planned { merchant_country: "BR", ..planned(Network::Elo, at) });
    assert_eq!(probe(last_of_month).lawful, not_before(next_month, "elo.month"));
    assert_eq!((probe(next_month).lawful, probe(next_month).planned), (Permit::Allowed, Permit::Allowed));
    assert_eq!(
        verdict(&entries[..12], &Planned { merchant_country: "BR", ..planned(Network::Elo, last_of_month) }).lawful,
        Permit::Allowed
    );
}

#[test]
fn never_approve_codes_stop_the_card_for_any_amount() {
    for code in ["04", "07", "12", "14", "15", "41", "43", "46", "57", "R0", "R1", "R3"] {
        for (network, rule) in [(Network::Visa, "visa.cat1"), (Network::Amex, "amex.cat1"), (Network::Other, "other.cat1")] {
            let entries = [Entry { response_code: Some(code.to_owned()), amount: usd(1), ..entry(start()) }];
            let found = verdict(&entries, &planned(network, start() + DAY * 365));
            assert_eq!((found.lawful.clone(), found.planned.clone()), (never(rule), never(rule)), "{code} {network}");
            assert_eq!(found.rules.iter().find(|usage| usage.id == rule).map(|usage| usage.effect), Some(Effect::Forbid));
            let changed = Planned { credential_changed_at: Some(start() + HOUR), ..planned(network, start() + DAY) };
            let lifts = matches!(code, "14" | "41" | "43" | "46");
            assert_eq!(verdict(&entries, &changed).lawful == Permit::Allowed, lifts, "{code} with new data");
        }
    }
    for code in ["51", "05", "62", "03", "91", "ZZ"] {
        let entries = [Entry { response_code: Some(code.to_owned()), ..entry(start()) }];
        assert_eq!(verdict(&entries, &planned(Network::Visa, start() + MINUTE)).lawful, Permit::Allowed, "{code}");
    }
}

#[test]
fn a_never_approve_code_before_its_recategorisation_still_stops() {
    let then = Timestamp::parse("2021-04-20T00:00:00Z").unwrap();
    let at = |day: &str| [Entry { response_code: Some("93".to_owned()), ..entry(Timestamp::parse(day).unwrap()) }];
    assert_eq!(verdict(&at("2021-04-16T00:00:00Z"), &planned(Network::Visa, then)).lawful, never("visa.cat1"));
    assert_eq!(verdict(&at("2021-04-17T00:00:00Z"), &planned(Network::Visa, then)).lawful, Permit::Allowed);
}

#[test]
fn mastercard_advice_stops_for_thirty_days() {
    for (advice, stops, lifted_by_new_data) in [
        ("03", true, true),
        ("3", true, true),
        ("21", true, false),
        ("02", false, false),
        ("01", false, false),
        ("24", false, false),
    ] {
        let entries = [Entry { advice_code: Some(advice.to_owned()), amount: usd(7), ..entry(start()) }];
        let probe = |at| verdict(&entries, &planned(Network::Mastercard, at)).lawful;
        let stop = not_before(start() + DAY * 30, "mc.mac_stop");
        assert_eq!(probe(start() + DAY), if stops { stop } else { Permit::Allowed }, "{advice}");
        assert_eq!(probe(start() + DAY * 30), Permit::Allowed, "{advice}");
        let changed = Planned { credential_changed_at: Some(start() + HOUR), ..planned(Network::Mastercard, start() + DAY) };
        assert_eq!(verdict(&entries, &changed).lawful == Permit::Allowed, !stops || lifted_by_new_data, "{advice}");
    }
}

#[test]
fn an_approval_lifts_a_never_approve_stop_but_not_an_advice_stop() {
    let approval = Entry { outcome: Outcome::Approved, ..entry(start() + HOUR) };
    let closed = Entry { response_code: Some("57".to_owned()), ..entry(start()) };
    let advised = Entry { advice_code: Some("21".to_owned()), ..entry(start()) };
    let at = start() + DAY;
    assert_eq!(verdict(&[closed, approval.clone()], &planned(Network::Visa, at)).lawful, Permit::Allowed);
    assert_eq!(
        verdict(&[advised, approval], &planned(Network::Mastercard, at)).lawful,
        not_before(start() + DAY * 30, "mc.mac_stop")
    );
}

#[test]
fn a_usage_reads_like_the_explanation_wants_it() {
    let found = verdict(&declines(3, DAY), &planned(Network::Visa, start() + DAY * 3));
    let json = serde_json::to_value(&found.rules[0]).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"id": "visa.m30", "version": "2025-05-25", "network": "visa", "window": "P30D", "limit": 20,
            "headroomLimit": 15, "used": 3, "resetsAtUtc": (start() + DAY * 30).micros(), "effect": "cap",
            "source": "https://docs.cielo.com.br/ecommerce-cielo-en/changelog/new-limit-for-visa-retries-starting-may-25-2025"})
    );
}

proptest::proptest! {
    /// The moment a verdict names is lawful, and planning never allows what the network forbids.
    #[test]
    fn verdicts_keep_their_word(
        network in 0..Network::ALL.len(),
        steps in proptest::collection::vec((0u32..200_000, 0..4usize, 0..2usize, 0..3usize, 0..6usize), 0..60),
        wait_secs in 0u32..3_000_000,
    ) {
        let codes = ["05", "51", "41", "14", "", "\u{fffd}x"];
        let mut at = start();
        let entries: Vec<Entry> = steps.iter().map(|(gap, outcome, initiator, amount, code)| {
            at = at + Duration::from_secs(u64::from(*gap));
            Entry {
                outcome: Outcome::ALL[*outcome], initiator: Initiator::ALL[*initiator], amount: usd(*amount as i64),
                response_code: Some(codes[*code].to_owned()), advice_code: (*gap % 50 == 0).then(|| "21".to_owned()), ..entry(at)
            }
        }).collect();
        let plan = Planned { amount: usd(1), ..planned(Network::ALL[network], at + Duration::from_secs(u64::from(wait_secs))) };
        let found = verdict(&entries, &plan);
        if found.planned == Permit::Allowed {
            proptest::prop_assert_eq!(&found.lawful, &Permit::Allowed);
        }
        for (permit, lawful) in [(&found.lawful, true), (&found.planned, false)] {
            if let Permit::NotBefore { at, .. } = permit {
                proptest::prop_assert!(*at > plan.at);
                let later = verdict(&entries, &Planned { at: *at, ..plan });
                let held = if lawful { later.lawful } else { later.planned };
                proptest::prop_assert_eq!(held, Permit::Allowed);
            }
        }
    }
}
