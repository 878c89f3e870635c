//! From a file to its forecast: what is counted, what is subtracted, and that the estimate behaves.

use std::fmt::Write as _;

use domain::rules::Rules;
use proptest::prelude::*;
use recoup_forecast::{Assume, Error, Forecast, History, Missing, Options, Skip, Written, forecast, page, read};
use recovery::Model;

const SMALL: &str = include_str!("small.csv");
const HEADER: &str = "date,order,customer,amount,currency,code,mit";

fn taken(text: &str) -> History {
    read(text.as_bytes(), Assume::default(), Rules::builtin(), |_| {}).unwrap()
}

fn estimated(text: &str, options: &Options) -> Forecast {
    forecast(&taken(text), options, Rules::builtin(), Model::builtin(), |_, _| {})
}

fn quick() -> Options {
    Options { draws: 200, ..Options::default() }
}

/// Declined rebills, each on a card of its own, and one approval long after, so that all of them had their time.
fn declines(count: usize, code: &str, cents: u32) -> String {
    let mut text = format!("{HEADER}\n");
    for n in 0..count {
        let _ =
            writeln!(text, "2026-03-{:02}T10:00:00Z,o{n},c{n},{}.{:02},USD,{code},true", n % 28 + 1, cents / 100, cents % 100);
    }
    text + "2026-09-01T10:00:00Z,last,last,10.00,USD,00,true\n"
}

#[test]
fn every_line_of_the_small_file_is_accounted_for() {
    let history = taken(SMALL);
    let tally = history.tally();
    assert_eq!((tally.total, tally.good, tally.bad, tally.skipped()), (16, 12, 1, 3));
    for why in [Skip::NotACharge, Skip::Zero, Skip::CardNumber] {
        assert_eq!(tally.skipped.get(&why), Some(&1), "{why}");
    }
    assert_eq!((tally.named[0].line, tally.named[0].column.as_str()), (14, "Transaction_Timestamp"));
    assert_eq!(history.written(), Written::Major);
}

#[test]
fn what_the_merchant_collected_and_what_is_hard_is_subtracted() {
    let found = estimated(SMALL, &quick());
    let usd = &found.currencies[0];
    let counts = [usd.mit.declined, usd.mit.collected, usd.mit.never, usd.mit.customer, usd.mit.open]
        .map(|sum| (sum.count, sum.amount_minor));
    // o1 and its retry are one payment; o2 and o6 (paid as o7) were collected; o3 is lost, o4 expired; o1 and o13 are left.
    assert_eq!((usd.currency.as_str(), counts), ("USD", [(6, 14_798), (2, 5_400), (1, 4_900), (1, 999), (2, 3_499)]));
    assert!(usd.mit.recovered_minor.high <= 3_499.0 && usd.mit.recovered_minor.mid > 0.0, "{:?}", usd.mit.recovered_minor);
    assert_eq!((usd.cit.declined.count, usd.cit.open.count), (1, 1));
    assert_eq!(found.currencies[1].currency, "EUR");
}

#[test]
fn the_same_file_and_seed_give_the_same_page_and_another_seed_another() {
    let text = declines(60, "51", 1999);
    let html = |seed: u64| page(&estimated(&text, &Options { seed, ..quick() })).html();
    assert_eq!(html(1), html(1));
    assert_ne!(html(1), html(2));
}

#[test]
fn a_bigger_opportunity_gives_a_larger_estimate() {
    let mid = |text: &str| estimated(text, &quick()).currencies[0].mit.recovered_minor;
    let (small, more, dearer) = (mid(&declines(40, "51", 1999)), mid(&declines(120, "51", 1999)), mid(&declines(40, "51", 3998)));
    assert!(more.mid > small.mid * 2.0 && dearer.mid > small.mid * 1.5, "{small:?} {more:?} {dearer:?}");
    assert!(mid(&declines(40, "41", 1999)).high.abs() < f64::EPSILON, "hard declines are worth nothing");
}

#[test]
fn intervals_hold_their_middle_and_never_more_than_there_is() {
    for code in ["51", "05", "61", "59", "91", "54", "zz"] {
        let found = estimated(&declines(30, code, 2500), &quick());
        let mit = &found.currencies[0].mit;
        let range = mit.recovered_minor;
        assert!(0.0 <= range.low && range.low <= range.mid && range.mid <= range.high, "{code} {range:?}");
        assert!(range.high <= mit.open.amount_minor as f64, "{code} {range:?}");
        assert!(found.currencies[0].days.windows(2).all(|pair| pair[0].mid <= pair[1].mid + 1e-9), "{code}");
    }
}

#[test]
fn own_retries_that_fail_lower_the_estimate() {
    let rows = |won: bool| {
        let mut text = format!("{HEADER}\n");
        for n in 0..120 {
            let code = if won && n % 2 == 0 { "00" } else { "51" };
            let _ = writeln!(
                text,
                "2026-03-01T10:00:00Z,o{n},c{n},20.00,USD,51,true\n2026-03-06T10:00:00Z,o{n},c{n},20.00,USD,{code},true"
            );
        }
        text + "2026-09-01T10:00:00Z,last,last,10.00,USD,00,true\n"
    };
    let share = |won: bool| estimated(&rows(won), &quick()).currencies[0].mit.share_of_open().mid;
    assert!(share(false) < share(true) * 0.8, "{} {}", share(false), share(true));
}

#[test]
fn a_file_without_what_is_needed_says_what_is_missing() {
    for (text, missing) in [
        ("order,amount,currency,code,mit\n", Missing::Time),
        ("date,currency,code,mit\n", Missing::Amount),
        ("date,amount,currency,mit\n", Missing::Answer),
        ("date,amount,code,mit\n", Missing::Currency),
        ("date,amount,currency,code\n", Missing::Initiator),
    ] {
        match read(text.as_bytes(), Assume::default(), Rules::builtin(), |_| {}) {
            Err(Error::Missing(found)) => assert_eq!(found, missing),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(matches!(read(&b""[..], Assume::default(), Rules::builtin(), |_| {}), Err(Error::Empty)));
}

#[test]
fn whole_amounts_are_cents_unless_told_otherwise() {
    let text = format!("{HEADER}\n2026-03-01T10:00:00Z,o,c,1999,USD,51,true\n");
    assert_eq!(taken(&text).written(), Written::Minor);
    let assume = Assume { written: Some(Written::Major), ..Assume::default() };
    let told = read(text.as_bytes(), assume, Rules::builtin(), |_| {}).unwrap();
    assert_eq!(told.written(), Written::Major);
}

#[test]
fn no_card_number_and_no_payer_reaches_the_page() {
    let html = page(&estimated(SMALL, &quick())).html();
    for secret in ["4111 1111", "4111111111111111", "411111", "p13", "o13"] {
        assert!(!html.contains(secret), "{secret}");
    }
    assert!(html.contains("looks like a card number"));
}

#[test]
fn a_file_without_declines_makes_a_page() {
    let text = format!("{HEADER}\n2026-03-01T10:00:00Z,o,c,19.99,USD,00,true\n");
    assert!(page(&estimated(&text, &quick())).html().contains("nothing to recover"));
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "2026-0[1-9]-[0-2][1-9]",
        "[0-9]{1,4}(\\.[0-9]{0,3})?",
        "USD|JPY|EUR|XX",
        "51|05|00|41|approved",
        "true|false|maybe",
        "[0-9 -]{0,24}",
        "[^\\r\\n\",]{0,20}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_bytes_nothing_panics_and_every_line_is_accounted_for(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut text = format!("{HEADER}\n").into_bytes();
        text.extend(bytes);
        if let Ok(history) = read(&text[..], Assume::default(), Rules::builtin(), |_| {}) {
            let tally = history.tally();
            prop_assert_eq!(tally.total, tally.good + tally.bad + tally.skipped());
        }
    }

    #[test]
    fn lines_of_any_cells_are_counted_once(lines in proptest::collection::vec(proptest::collection::vec(cell(), 7), 1..30)) {
        let body: String = lines.iter().flat_map(|cells| ["\"".to_owned(), cells.join("\",\""), "\"\n".to_owned()]).collect();
        let sound = "2026-03-01,o,c,19.99,USD,51,true\n";
        let text = format!("{HEADER}\n{body}{sound}");
        let history = read(text.as_bytes(), Assume::default(), Rules::builtin(), |_| {}).unwrap();
        let tally = history.tally();
        prop_assert_eq!(tally.total, lines.len() as u64 + 1);
        prop_assert_eq!(tally.total, tally.good + tally.bad + tally.skipped());
        prop_assert!(tally.good >= 1);
    }
}
