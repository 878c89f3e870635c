use std::collections::BTreeMap;

use super::*;
use crate::time::HOUR;

fn day(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}T12:00:00Z")).unwrap()
}

fn today() -> Timestamp {
    day("2026-11-20")
}

fn class(code: &str, mac: Option<&str>, network: Network, region: Region) -> Class {
    Rules::builtin().classify(&Answer::iso(code, mac), network, region, today()).class
}

/// The contract's own table, column "ISO codes", read as it stands.
const CONTRACT: [(Class, &str); 11] = [
    (Class::Nsf, "51"),
    (Class::Limit, "61 65 75 N3 N4"),
    (Class::Tech, "06 09 19 20 21 22 23 24 25 26 27 28 29 68 80 86 88 90 91 92 94 96 1Z N0 Z1 Z3"),
    (Class::Fraud, "59 62 63 83"),
    (Class::Generic, "01 02 05 39 42 44 52 53 71 72 5C 9G"),
    (Class::DataFix, "55 89 N7 6P Q1"),
    (Class::Lifecycle, "14 54 56 79"),
    (Class::Sca, "1A"),
    (Class::Config, "03 13 30 31 40 58 60 66 81 84 B1 B2 N8"),
    (Class::StopCard, "04 07 12 15 33 34 35 36 37 38 41 43 46 57 64 67 76 77 93 N5 R3"),
    (Class::StopMandate, "R0 R1"),
];

#[test]
fn the_contracts_table_holds_for_every_network_and_region() {
    for (expected, codes) in CONTRACT {
        for code in codes.split(' ') {
            for network in Network::ALL.iter().copied() {
                for region in Region::ALL.iter().copied() {
                    let europe = matches!(region, Region::Eea | Region::Uk);
                    let expected = if code == "65" && network == Network::Mastercard && europe { Class::Sca } else { expected };
                    assert_eq!(class(code, None, network, region), expected, "{code} {network} {region}");
                }
            }
        }
    }
}

#[test]
fn codes_that_mean_another_thing_on_another_network() {
    for (code, network, expected) in [
        ("70", Network::Visa, Class::DataFix),
        ("70", Network::Mastercard, Class::Generic),
        ("82", Network::Visa, Class::DataFix),
        ("82", Network::Mastercard, Class::Generic),
        ("78", Network::Visa, Class::Generic),
        ("78", Network::Mastercard, Class::Lifecycle),
        ("78", Network::Amex, Class::Generic),
        ("ZZ", Network::Visa, Class::Generic),
    ] {
        assert_eq!(class(code, None, network, Region::Us), expected, "{code} {network}");
    }
}

#[test]
fn advice_outranks_the_code_as_the_table_brackets_it() {
    for (mac, code, expected, wait_hours) in [
        ("01", "51", Class::Lifecycle, None),
        ("02", "51", Class::Generic, Some(72)),
        ("03", "51", Class::StopCard, None),
        ("04", "88", Class::Tech, None),
        ("05", "05", Class::DataFix, None),
        ("21", "05", Class::StopMandate, None),
        ("22", "05", Class::Config, None),
        ("24", "51", Class::Nsf, Some(1)),
        ("25", "51", Class::Nsf, Some(24)),
        ("26", "51", Class::Nsf, Some(48)),
        ("27", "51", Class::Nsf, Some(96)),
        ("28", "51", Class::Nsf, Some(144)),
        ("29", "51", Class::Nsf, Some(192)),
        ("30", "51", Class::Nsf, Some(240)),
        ("40", "51", Class::Nsf, None),
        ("41", "51", Class::Nsf, None),
        ("42", "51", Class::StopCard, None),
        ("43", "05", Class::Generic, None),
        ("99", "51", Class::Nsf, None),
        ("3", "51", Class::StopCard, None),
        ("xx", "51", Class::Nsf, None),
    ] {
        let answer = Answer::iso(code, Some(mac));
        let classified = Rules::builtin().classify(&answer, Network::Mastercard, Region::Us, today());
        assert_eq!(classified.class, expected, "{mac}+{code}");
        assert_eq!(classified.advice.and_then(|advice| advice.min_wait), wait_hours.map(|hours| HOUR * hours), "{mac}+{code}");
    }
}

#[test]
fn the_networks_code_outranks_the_senders() {
    let answer = Answer {
        response_code: "202".to_owned(),
        source: Some("NMI".to_owned()),
        network_response_code: Some("41".to_owned()),
        ..Answer::default()
    };
    let classified = Rules::builtin().classify(&answer, Network::Visa, Region::Us, today());
    assert_eq!((classified.class, classified.iso_code.as_deref()), (Class::StopCard, Some("41")));
    assert_eq!(classified.rules, ["code.41", "visa.category.1"]);

    let empty = Answer { network_response_code: Some("  ".to_owned()), ..answer };
    assert_eq!(Rules::builtin().classify(&empty, Network::Visa, Region::Us, today()).iso_code.as_deref(), Some("51"));
}

#[test]
fn senders_codes_are_translated_by_their_vocabulary() {
    for (source, code, iso, expected) in [
        (Some("nmi"), "202", Some("51"), Class::Nsf),
        (Some("NMI "), "203", Some("61"), Class::Limit),
        (Some("nmi"), "51", Some("51"), Class::Nsf),
        (Some("stripe"), "insufficient_funds", Some("51"), Class::Nsf),
        (Some("Stripe"), "Authentication_Required", Some("1A"), Class::Sca),
        (Some("braintree"), "2044", Some("01"), Class::Generic),
        (Some("braintree"), "2003", Some("65"), Class::Limit),
        (Some("adyen"), "12", Some("51"), Class::Nsf),
        (Some("adyen"), "51", None, Class::Generic),
        (Some("Authorize.Net"), "4", Some("04"), Class::StopCard),
        (Some("authorize_net"), "252", None, Class::Generic),
        (Some("checkout.com"), "20154", Some("1A"), Class::Sca),
        (Some("cybersource"), "204", Some("51"), Class::Nsf),
        (Some("CyberSource"), "expired_card", Some("54"), Class::Lifecycle),
        (Some("worldpay"), "33", Some("54"), Class::Lifecycle),
        (Some("worldpay"), "5", Some("05"), Class::Generic),
        (Some("my own gateway"), "51", Some("51"), Class::Nsf),
        (Some("my own gateway"), "n7", Some("N7"), Class::DataFix),
        (Some(""), "51", Some("51"), Class::Nsf),
        (None, "51", Some("51"), Class::Nsf),
        (None, "insufficient_funds", None, Class::Generic),
        (None, "", None, Class::Generic),
        (None, "5", None, Class::Generic),
    ] {
        let answer = Answer { response_code: code.to_owned(), source: source.map(str::to_owned), ..Answer::default() };
        let classified = Rules::builtin().classify(&answer, Network::Mastercard, Region::Eea, today());
        assert_eq!((classified.iso_code.as_deref(), classified.class), (iso, expected), "{source:?} {code}");
    }
}

#[test]
fn a_processors_code_can_carry_advice() {
    let answer = |code: &str| Answer { response_code: code.to_owned(), source: Some("nmi".to_owned()), ..Answer::default() };
    let classified = Rules::builtin().classify(&answer("264"), Network::Mastercard, Region::Us, today());
    assert_eq!(classified.rules, ["mac.02", "processor.nmi.264", "code.05"]);
    assert_eq!(classified.floors().collect::<Vec<_>>(), [(Floor::After(HOUR * 72), "mac.02".to_owned())]);
}

#[test]
fn every_known_processor_tells_money_from_dead_cards() {
    let mut classes: BTreeMap<&str, Vec<Class>> = BTreeMap::new();
    for (source, codes) in [
        ("nmi", ["202", "250"]),
        ("stripe", ["insufficient_funds", "stolen_card"]),
        ("braintree", ["2001", "2047"]),
        ("adyen", ["12", "23"]),
        ("authorizenet", ["2", "4"]),
        ("checkout", ["20051", "30043"]),
        ("cybersource", ["204", "205"]),
        ("worldpay", ["51", "43"]),
        ("accel", ["116", "208"]),
        ("star", ["116", "209"]),
    ] {
        for code in codes {
            let answer = Answer { response_code: code.to_owned(), source: Some(source.to_owned()), ..Answer::default() };
            let class = Rules::builtin().classify(&answer, Network::Visa, Region::Us, today()).class;
            classes.entry(source).or_default().push(class);
        }
    }
    for (source, found) in classes {
        // Authorize.Net has no code for missing funds: "declined" is all it says.
        let money = if source == "authorizenet" { Class::Generic } else { Class::Nsf };
        assert_eq!(found, [money, Class::StopCard], "{source}");
    }
}

#[test]
fn approvals_and_ambiguous_answers_are_told() {
    for (code, approved, lookup_first) in [
        ("00", true, false),
        ("08", true, false),
        ("10", true, false),
        ("11", true, false),
        ("16", true, false),
        ("85", true, false),
        ("87", true, false),
        ("09", false, true),
        ("68", false, true),
        ("94", false, true),
        ("91", false, false),
        ("05", false, false),
    ] {
        let classified = Rules::builtin().classify(&Answer::iso(code, None), Network::Visa, Region::Us, today());
        assert_eq!((classified.approved, classified.lookup_first), (approved, lookup_first), "{code}");
    }
    let approved_with_remark =
        Rules::builtin().classify(&Answer::iso("00", Some("01")), Network::Mastercard, Region::Us, today());
    assert!(approved_with_remark.approved);
}

#[test]
fn floors_of_codes() {
    for (code, floor) in [
        ("9G", Some(Floor::After(HOUR * 72))),
        ("62", Some(Floor::After(HOUR * 72))),
        ("72", Some(Floor::After(HOUR * 24))),
        ("61", Some(Floor::NextLocalDay)),
        ("65", Some(Floor::NextLocalDay)),
        ("75", Some(Floor::NextLocalDay)),
        ("51", None),
        ("59", None),
    ] {
        let classified = Rules::builtin().classify(&Answer::iso(code, None), Network::Visa, Region::Us, today());
        assert_eq!(classified.floor, floor, "{code}");
        assert_eq!(classified.floors().next().map(|(_, rule)| rule), floor.map(|_| format!("code.{code}")));
    }
}

#[test]
fn visa_categories_change_with_the_day() {
    for (code, on, category) in [
        ("03", "2021-04-16", 1),
        ("03", "2021-04-17", 2),
        ("62", "2020-01-01", 1),
        ("78", "2026-11-20", 2),
        ("93", "2021-04-17", 2),
        ("5C", "2025-04-10", 4),
        ("5C", "2025-04-11", 2),
        ("9G", "2025-04-11", 2),
        ("83", "2026-10-24", 4),
        ("83", "2026-10-25", 2),
        ("57", "2026-10-24", 1),
        ("57", "2026-10-25", 1),
        ("14", "2026-11-20", 1),
        ("51", "2026-11-20", 2),
        ("N7", "2026-11-20", 3),
        ("05", "2026-11-20", 4),
    ] {
        let classified = Rules::builtin().classify(&Answer::iso(code, None), Network::Visa, Region::Us, day(on));
        assert_eq!(classified.visa_category, Some(category), "{code} {on}");
    }
    let other = Rules::builtin().classify(&Answer::iso("51", None), Network::Mastercard, Region::Us, today());
    assert_eq!(other.visa_category, None);
}

#[test]
fn a_security_decline_with_newer_data_asks_for_step_up() {
    let classify = |mac| Rules::builtin().classify(&Answer::iso("83", mac), Network::Mastercard, Region::Us, today());
    assert!(classify(Some("01")).asks_for_step_up() && classify(Some("01")).class == Class::Lifecycle);
    assert!(!classify(None).asks_for_step_up());
}

proptest::proptest! {
    #[test]
    fn no_answer_panics(
        code in "\\PC{0,12}",
        source in proptest::option::of("\\PC{0,80}"),
        mac in proptest::option::of("\\PC{0,4}"),
        iso in proptest::option::of("\\PC{0,4}"),
        network in 0..Network::ALL.len(),
        region in 0..Region::ALL.len(),
        at in proptest::num::i64::ANY,
    ) {
        let answer = Answer { response_code: code, source, advice_code: mac, network_response_code: iso };
        let (network, region) = (Network::ALL[network], Region::ALL[region]);
        let classified = Rules::builtin().classify(&answer, network, region, Timestamp::from_micros(at));
        let _ = classified.floors().count();
    }
}
