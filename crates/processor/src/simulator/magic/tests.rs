use domain::{card::Pan, order::ChallengeField, settings::Simulator};

use super::{Facts, FirstAnswer, chargeback_after_days, first_answer, is_test_card};

fn facts(number: &str) -> Facts<'_> {
    Facts { is_mit: false, phone: None, number: Some(number), has_cvv: true, mode: Simulator::Magic }
}

fn challenge(field: ChallengeField) -> FirstAnswer {
    FirstAnswer::Challenge { fields: vec![field] }
}

fn scenario(code: &str, advice: Option<&str>) -> FirstAnswer {
    FirstAnswer::Scenario { response_code: (!code.is_empty()).then(|| code.to_owned()), advice_code: advice.map(str::to_owned) }
}

#[test]
fn the_first_match_wins() {
    let nsf = "4000001000510016";
    for (facts, expected) in [
        (Facts { phone: Some("998888"), ..facts("4242424242424242") }, FirstAnswer::Approve),
        (Facts { phone: Some("998888"), is_mit: true, ..facts(nsf) }, FirstAnswer::Approve),
        (Facts { phone: Some("+99.2001a"), ..facts(nsf) }, challenge(ChallengeField::Cvv)),
        (Facts { phone: Some("x +99.2001B"), number: None, ..facts(nsf) }, challenge(ChallengeField::BillingAddress)),
        (Facts { phone: Some("+99.2001a"), is_mit: true, ..facts(nsf) }, scenario("51", None)),
        (Facts { phone: Some("1998888"), ..facts(nsf) }, scenario("51", None)),
        (Facts { mode: Simulator::Issuer, ..facts(nsf) }, scenario("", None)),
        (facts("4000002760003184"), FirstAnswer::Approve),
        (facts("4111111111111111"), FirstAnswer::Approve),
        (Facts { has_cvv: false, ..facts("4111111111111111") }, FirstAnswer::DeclineNotEligible),
        (Facts { has_cvv: false, ..facts("4012888888881881") }, FirstAnswer::DeclineNotEligible),
        (Facts { has_cvv: false, is_mit: true, ..facts("4111111111111111") }, FirstAnswer::Approve),
        (Facts { has_cvv: false, ..facts("5555555555554444") }, FirstAnswer::Approve),
        (facts("2223003122003222"), FirstAnswer::Approve),
        (facts("378282246310005"), FirstAnswer::Approve),
        (facts("6011111111111117"), FirstAnswer::Approve),
        (facts("4000300011112220"), FirstAnswer::DeclineNotRescued),
        (facts("4242424242424242"), FirstAnswer::SandboxCard),
        (facts("4000002000000008"), FirstAnswer::SandboxCard),
        (Facts { mode: Simulator::Issuer, ..facts("4000002000000008") }, FirstAnswer::Issuer),
        (Facts { mode: Simulator::Issuer, ..facts("4242424242424242") }, FirstAnswer::SandboxCard),
        (Facts { mode: Simulator::Issuer, ..facts("4000300011112220") }, FirstAnswer::DeclineNotRescued),
        (Facts { mode: Simulator::Issuer, number: None, ..facts("") }, FirstAnswer::Issuer),
        (Facts { number: None, ..facts("") }, FirstAnswer::SandboxCard),
    ] {
        assert_eq!(first_answer(&facts), expected, "{facts:?}");
    }
}

/// Every card of `wire-api` §14.3 with what stands for the merchant's decline, and what a present customer is asked.
const CARDS: &[(&str, &str, Option<ChallengeField>)] = &[
    ("4000001000510016 4000001000510024 4000001000510032 4000001000510008", "51", None),
    ("4000001000050013 4000001000050021 4000001000050005", "05", None),
    ("4000001000610014", "61", None),
    ("4000001000650028", "65", None),
    ("4000001000590018", "59", None),
    ("4000001000620005", "62", None),
    ("4000001000540005", "54", None),
    ("4000001000140004", "14", None),
    ("4000001000410001", "41", None),
    ("4000001000430009", "43", None),
    ("4000001000040006", "04", None),
    ("4000001000460006", "46", None),
    ("4000001000570002", "57", None),
    ("4000001000910018", "91", None),
    ("4000001000960021", "96", None),
    ("4000001091010017 4000001091010009", "1A", Some(ChallengeField::ThreeDs)),
    ("4000001091020008", "5C", None),
    ("4000001091030015", "9G", None),
    ("4000001091040014 4000001091040006", "N7", Some(ChallengeField::Cvv)),
    ("4000001091050005", "R0", None),
    ("4000001091060004", "R1", None),
    ("4000001091070003", "R3", None),
    ("5555551002510014", "51/02", None),
    ("5555551003050002", "05/03", None),
    ("5555551021050000", "05/21", None),
    ("5555551001790005", "79/01", None),
    ("5555551001830017", "83/01", None),
    ("5555551004880019", "88/04", None),
    ("5555551024510018", "51/24", None),
    ("5555551025510017", "51/25", None),
    ("5555551026510016", "51/26", None),
    ("5555551027510015", "51/27", None),
    ("5555551028510014", "51/28", None),
    ("5555551029510013", "51/29", None),
    ("5555551030510010", "51/30", None),
    ("5555551040510000", "51/40", None),
    ("5555551041510009", "51/41", None),
    ("5555551000650010", "65", Some(ChallengeField::ThreeDs)),
    ("4000001095010013 4000001095020020 4000001095030003 4000001095040507", "", None),
    ("4000001095050027", "91", None),
    ("4000001095060109 4000001095070017 4000001095080016 4000001095091203", "", None),
    ("4000001095100012", "", Some(ChallengeField::Cvv)),
    ("4000001095110011", "", Some(ChallengeField::BillingAddress)),
    ("4000001095120010", "", Some(ChallengeField::CardExpiry)),
    ("4000001095130019", "", Some(ChallengeField::ThreeDs)),
    ("4000001095140018 4000001095150009", "14", None),
    ("4000001095160008", "51", None),
    ("4000001095170015", "94", None),
];

#[test]
fn every_card_of_the_table_is_right_and_classified() {
    for (numbers, code, asked) in CARDS {
        let (code, advice) = code.split_once('/').map_or((*code, None), |(code, advice)| (code, Some(advice)));
        for number in numbers.split(' ') {
            assert!(Pan::parse(number).is_some() && is_test_card(number), "{number}");
            let present = first_answer(&facts(number));
            assert_eq!(present, asked.map_or_else(|| scenario(code, advice), challenge), "{number}");
            let absent = first_answer(&Facts { is_mit: true, ..facts(number) });
            assert_eq!(absent, scenario(code, advice), "{number}");
        }
    }
}

#[test]
fn only_scenario_9506_is_charged_back() {
    assert_eq!(chargeback_after_days("4000001095060109"), Some(10));
    assert_eq!(chargeback_after_days("4000001095070017"), None);
    assert_eq!(chargeback_after_days("4111111111111111"), None);
}

#[test]
fn real_numbers_are_no_test_cards() {
    for (number, is_test) in [
        ("4000002000000008", true),
        ("4000002000000009", false),
        ("4242424242424242", false),
        ("5555555555554444", true),
        ("4000010000000001", false),
        ("400000100051001", false),
        ("", false),
        ("４０００００", false),
    ] {
        assert_eq!(is_test_card(number), is_test, "{number}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_upsets_the_tables(number in "\\PC{0,24}", phone in "\\PC{0,24}", is_mit: bool, has_cvv: bool) {
        let facts = Facts { is_mit, phone: Some(&phone), number: Some(&number), has_cvv, mode: Simulator::Magic };
        let _ = (first_answer(&facts), is_test_card(&number), chargeback_after_days(&number));
    }
}
