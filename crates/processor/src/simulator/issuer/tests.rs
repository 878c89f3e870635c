//! The simulated world, measured: is it the one that the sources describe?

use std::collections::BTreeMap;

use domain::{
    card::{Network, Pan},
    money::{Currency, Money},
    time::{DAY, HOUR, Timestamp},
};

use super::{DOMESTIC, History, Presented, first_decline, judge::judge, obstacle};
use crate::simulator::{draw::CardHash, history::Earlier, issuer::life::Life, judgement::Telling};

const SEED: u64 = 11;
const CARDHOLDERS: u64 = 12_000;

fn cards() -> impl Iterator<Item = (u64, Pan)> {
    (0..CARDHOLDERS).map(|n| (n, super::card(SEED, n).expect("a Luhn digit fits")))
}

/// Rebills spread evenly over 84 days, 9.99 to 59.99.
fn rebill(n: u64, number: &Pan) -> Presented {
    let at = Timestamp::parse("2026-09-01T09:00:00Z").expect("a time") + DAY * (n % 84) as u32 + HOUR * (n % 17) as u32;
    let amount = Money::new(999 + (n % 6) as i64 * 1_000, Currency::USD);
    Presented::rebill(&DOMESTIC, SEED, number.reveal(), None, amount, at)
}

fn declined(n: u64, number: &Pan) -> Option<(String, Option<String>)> {
    let judgement = judge(&rebill(n, number), &History::default());
    (!judgement.approved).then_some((judgement.code, judgement.advice))
}

fn is_short(presented: &Presented) -> bool {
    presented.funds().available_cents(presented) < presented.cents
}

#[test]
fn the_decline_mix_is_the_published_one() {
    let mut by_kind: BTreeMap<&str, f64> = BTreeMap::new();
    let (mut declines, mut short_05) = (0.0, 0.0);
    for (n, number) in cards() {
        let Some((code, advice)) = declined(n, &number) else { continue };
        declines += 1.0;
        let kind = match (code.as_str(), advice.as_deref()) {
            (_, Some("21")) | ("R0" | "R1", _) => "revoked",
            ("51", _) => "funds",
            ("05", _) => "generic",
            ("61" | "65", _) => "limit",
            ("59" | "63" | "83", _) => "fraud",
            ("14" | "54" | "79", _) => "lifecycle",
            ("04" | "41" | "43" | "46", _) => "stop",
            ("57" | "62" | "5C" | "9G", _) => "policy",
            _ => "technical",
        };
        *by_kind.entry(kind).or_default() += 1.0;
        short_05 += f64::from(u8::from(kind == "generic" && is_short(&rebill(n, &number))));
    }
    let rate = declines / CARDHOLDERS as f64;
    assert!((0.15..0.24).contains(&rate), "declined {rate}");
    let share = |kind: &str| by_kind.get(kind).copied().unwrap_or_default() / declines;
    for (kind, low, high) in [
        ("funds", 0.33, 0.47),
        ("generic", 0.20, 0.34),
        ("limit", 0.04, 0.10),
        ("fraud", 0.03, 0.09),
        ("lifecycle", 0.08, 0.16),
        ("stop", 0.015, 0.055),
        ("policy", 0.015, 0.055),
        ("technical", 0.01, 0.04),
        ("revoked", 0.003, 0.02),
    ] {
        assert!((low..high).contains(&share(kind)), "{kind}: {:.3} of {by_kind:?}", share(kind));
    }
    let hidden = short_05 / by_kind["generic"];
    assert!((0.38..0.62).contains(&hidden), "about half of 05 are missing funds: {hidden}");
}

#[test]
fn money_comes_back_with_time_and_with_advice() {
    let (mut cases, mut after_an_hour, mut after_days, mut after_advice, mut advised) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (n, number) in cards() {
        let now = rebill(n, &number);
        let Some((code, advice)) = declined(n, &number) else { continue };
        if code != "51" {
            continue;
        }
        let short_after = |wait| {
            let at = now.at + wait;
            is_short(&Presented { at, local: at.civil_at(now.offset_minutes), ..now.clone() })
        };
        let count = |short: bool| f64::from(u8::from(!short));
        cases += 1.0;
        after_an_hour += count(short_after(HOUR));
        after_days += count((1..=10).all(|days| short_after(DAY * days)));
        if let Some(mac @ 24..=30) = advice.as_deref().and_then(|advice| advice.parse::<usize>().ok()) {
            let days = [0.05, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0][mac - 24];
            advised += 1.0;
            after_advice += count(short_after(DAY.mul_f64(days)));
        }
    }
    assert!(after_an_hour / cases < 0.05, "knocking at once: {}", after_an_hour / cases);
    assert!((0.7..0.99).contains(&(after_days / cases)), "within ten days, somewhen: {}", after_days / cases);
    let advice = after_advice / advised;
    assert!((0.35..0.75).contains(&advice), "advice is wrong half of the time: {advice}");
}

#[test]
fn a_larger_amount_is_short_more_often() {
    let short = |minor| {
        let presented = |n, number: &Pan| Presented { cents: minor, ..rebill(n, number) };
        cards().take(4_000).filter(|(n, number)| is_short(&presented(*n, number))).count()
    };
    assert!(short(500.0) < short(2_500.0) && short(2_500.0) < short(15_000.0));
}

#[test]
fn waiting_never_heals_a_dead_card() {
    for (n, number) in cards() {
        let now = rebill(n, &number);
        let life = Life::of(SEED, now.card, now.at);
        if life != Life::Good {
            let later = Life::of(SEED, now.card, now.at + DAY * 60);
            assert!(later == life || matches!(later, Life::Dead(_)), "{life:?} then {later:?}");
        }
    }
}

#[test]
fn knocking_is_punished() {
    let (n, number) = cards().find(|(n, number)| declined(*n, number).is_none()).expect("somebody is approved");
    let presented = rebill(n, &number);
    let knock = |minutes_ago: u64| Earlier {
        at: presented.at - HOUR.mul_f64(minutes_ago as f64 / 60.0),
        approved: false,
        standing_minor: 0,
        asked_minor: 1_000,
        code: "05".to_owned(),
        advice: None,
        telling: Telling::Plain,
        credential_version: 1,
        sends: 1,
    };
    let knocked = |times: u64| History::new(Timestamp::EPOCH, (0..times).rev().map(|i| knock(10 + i * 10)).collect());
    assert!(!obstacle::is_blocked(&presented, &knocked(2)));
    assert!(obstacle::is_blocked(&presented, &knocked(8)));
    assert!(!judge(&presented, &knocked(8)).approved);
    let days_later = Presented { at: presented.at + DAY * 12, ..presented.clone() };
    assert!(!obstacle::is_blocked(&days_later, &knocked(8)), "a block ends");
    assert!(obstacle::fatigue(&presented, &knocked(4)) > obstacle::fatigue(&presented, &knocked(1)));
}

#[test]
fn advice_codes_are_mastercards_alone() {
    let (mut with_advice, mut mastercards) = (0, 0);
    for (n, number) in cards() {
        let Some((_, advice)) = declined(n, &number) else { continue };
        let is_mastercard = Network::of_bin(number.reveal()) == Network::Mastercard;
        mastercards += u32::from(is_mastercard);
        with_advice += u32::from(advice.is_some());
        assert!(advice.is_none() || is_mastercard);
    }
    assert!(with_advice > mastercards / 5 && with_advice < mastercards);
}

#[test]
fn the_merchants_processor_and_the_rescue_meet_the_same_account() {
    let (n, number) =
        cards().find(|(n, number)| declined(*n, number).is_some_and(|(code, _)| code == "41")).expect("a lost card");
    let presented = rebill(n, &number);
    let amount = Money::new(presented.cents as i64, Currency::USD);
    let decline = first_decline(SEED, &number, None, amount, presented.at).expect("still lost");
    assert_eq!(decline.response_code, "41");
    assert_eq!(presented.card, CardHash::of_number(SEED, number.reveal()));
}

#[test]
fn a_replacement_card_belongs_to_the_same_account() {
    for (_, number) in cards().take(50) {
        let replacement = super::life::replacement(&number).expect("a Luhn digit fits");
        assert_ne!(replacement, number);
        let at = Timestamp::from_secs(1_800_000_000);
        let presented =
            |number: &Pan| Presented::rebill(&DOMESTIC, SEED, number.reveal(), None, Money::new(999, Currency::USD), at);
        assert_eq!(presented(&number).account, presented(&replacement).account);
        assert_ne!(presented(&number).card, presented(&replacement).card);
    }
}
