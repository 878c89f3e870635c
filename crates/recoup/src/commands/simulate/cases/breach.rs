//! A second pair of eyes: attempts held against the networks' limits by arithmetic of its own. It knows neither the rules
//! of `rules/` nor how the engine counts, so that a fault there shows here. Figures and sources: domain rules §1.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    card::Network,
    time::{DAY, HOUR, Timestamp},
};
use serde::Serialize;

use super::result::Outcome;

/// Cases that are named for each kind of breach.
const NAMED_MAX: usize = 10;

/// A kind of breach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breach {
    /// How often.
    pub count: usize,
    /// Some of the cases.
    pub cases: Vec<String>,
}

/// Everything found, by kind.
pub type Breaches = BTreeMap<&'static str, Breach>;

/// Looks through all attempts.
pub fn find(outcomes: &[Outcome<'_>], attempts_max: u32) -> Breaches {
    let mut found = Breaches::new();
    for outcome in outcomes {
        for kind in of(outcome, attempts_max) {
            let breach = found.entry(kind).or_default();
            breach.count += 1;
            if breach.cases.len() < NAMED_MAX {
                breach.cases.push(outcome.case.id.clone());
            }
        }
    }
    found
}

/// An attempt on the card as the network saw it.
struct Seen<'a> {
    at: Timestamp,
    approved: bool,
    code: &'a str,
    advice: Option<&'a str>,
}

fn of(outcome: &Outcome<'_>, attempts_max: u32) -> Vec<&'static str> {
    let case = outcome.case;
    let mut kinds = vec![];
    let mut seen: Vec<Seen<'_>> = case
        .history
        .iter()
        .map(|earlier| Seen {
            at: earlier.at,
            approved: earlier.approved,
            code: earlier.response_code.as_deref().unwrap_or(""),
            advice: earlier.advice_code.as_deref(),
        })
        .collect();
    let advice = case.answer.advice_code.as_deref();
    seen.push(Seen { at: case.failed_at, approved: false, code: &case.answer.response_code, advice });
    if outcome.made.len() > attempts_max as usize {
        kinds.push("more attempts than allowed");
    }
    for made in &outcome.made {
        if made.at < case.failed_at || made.at >= case.ends_at {
            kinds.push("outside the rescue period");
        }
        let ours = seen.iter().skip(case.history.len());
        if ours.clone().any(|seen| seen.approved) {
            kinds.push("charged again after an approval");
        }
        // An approval starts the counters anew.
        let since_approval = seen.iter().rposition(|seen| seen.approved).map_or(0, |place| place + 1);
        let declines = &seen[since_approval..];
        let within = |span: Duration| declines.iter().filter(|seen| made.at.since(seen.at) < span).count();
        let stopped = |codes: &[&str]| ours.clone().any(|seen| !seen.approved && codes.contains(&seen.code));
        match case.network {
            Network::Visa => {
                if stopped(&["04", "07", "12", "14", "15", "41", "43", "46", "R0", "R1", "R3"]) {
                    kinds.push("visa: retried a category 1 decline");
                }
                if within(DAY * 30) > 20 {
                    kinds.push("visa: more than 20 retries in 30 days");
                }
            }
            Network::Mastercard => {
                let brazil = case.merchant_country == "BR";
                if within(DAY) >= if brazil { 7 } else { 10 } {
                    kinds.push("mastercard: too many declines in 24 hours");
                }
                if within(DAY * 30) >= 35 {
                    kinds.push("mastercard: too many declines in 30 days");
                }
                if ours.clone().any(|seen| matches!(seen.advice, Some("03" | "21")) && made.at.since(seen.at) < DAY * 30) {
                    kinds.push("mastercard: retried after advice 03 or 21");
                }
                if ours
                    .clone()
                    .last()
                    .and_then(|seen| Some((seen, wait(seen.advice?)?)))
                    .is_some_and(|(seen, wait)| made.at < seen.at + wait)
                {
                    kinds.push("mastercard: sooner than advised");
                }
            }
            Network::Elo if within(DAY * 30) > 15 => kinds.push("elo: more than 15 retries in a month"),
            _ => {}
        }
        seen.push(Seen {
            at: made.at,
            approved: made.approved,
            code: made.response_code.as_deref().unwrap_or(""),
            advice: made.merchant_advice_code.as_deref(),
        });
    }
    kinds
}

/// The wait that an advice code asks for.
fn wait(advice: &str) -> Option<Duration> {
    Some(match advice {
        "02" => HOUR * 72,
        "24" => HOUR,
        "25" => DAY,
        "26" => DAY * 2,
        "27" => DAY * 4,
        "28" => DAY * 6,
        "29" => DAY * 8,
        "30" => DAY * 10,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use domain::decline::Class;

    use super::*;
    use crate::commands::simulate::cases::{case::Case, read, result::Made};

    fn case(brand: &str, code: &str, advice: Option<&str>) -> Case {
        let line = serde_json::json!({
            "case_id": "c", "token": "t", "brand": brand, "amount": 10, "currency": "USD", "failed_at": "2026-07-01T00:00:00Z",
            "response_code": code, "merchant_advice_code": advice,
        });
        read::line(line.to_string().as_bytes(), 1).unwrap()
    }

    fn kinds(case: &Case, hours: &[u32], answers: &[(bool, &str)]) -> Vec<&'static str> {
        let made = hours.iter().zip(answers).map(|(hours, (approved, code))| Made {
            case_id: "c".into(),
            attempt: 1,
            time: String::new(),
            approved: *approved,
            response_code: Some((*code).to_owned()),
            merchant_advice_code: None,
            at: case.failed_at + HOUR * *hours,
        });
        of(&Outcome { case, class: Class::Nsf, made: made.collect(), recovered_at: None, closed: true }, 8)
    }

    #[test]
    fn lawful_attempts_breach_nothing() {
        assert!(kinds(&case("visa", "51", None), &[24, 72], &[(false, "51"), (true, "00")]).is_empty());
        assert!(kinds(&case("mastercard", "51", Some("25")), &[24], &[(true, "00")]).is_empty());
    }

    #[test]
    fn each_limit_is_seen() {
        let one = |case: &Case, hours: &[u32]| kinds(case, hours, &vec![(false, "51"); hours.len()]);
        assert_eq!(one(&case("visa", "14", None), &[24]), ["visa: retried a category 1 decline"]);
        assert_eq!(one(&case("mastercard", "51", Some("27")), &[95]), ["mastercard: sooner than advised"]);
        assert!(one(&case("mastercard", "05", Some("03")), &[100]).contains(&"mastercard: retried after advice 03 or 21"));
        assert!(one(&case("visa", "51", None), &[22 * 24]).contains(&"outside the rescue period"));
        let often: Vec<u32> = (1..=10).collect();
        let found = one(&case("mastercard", "51", None), &often);
        assert!(found.contains(&"mastercard: too many declines in 24 hours") && found.contains(&"more attempts than allowed"));
        let twice = kinds(&case("visa", "51", None), &[24, 48], &[(true, "00"), (true, "00")]);
        assert_eq!(twice, ["charged again after an approval"]);
        let many: Vec<u32> = (1..=21).map(|n| n * 20).collect();
        assert!(one(&case("visa", "51", None), &many).contains(&"visa: more than 20 retries in 30 days"));
    }
}
