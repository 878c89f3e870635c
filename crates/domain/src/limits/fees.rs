//! What the networks would charge for an attempt.

use super::{Planned, check};
use crate::{
    ledger::Entry,
    rules::{Fee, Reach, Region, Rules},
};

/// The fees of every limit that an attempt would be beyond, each once. An issuer whose country is not known is taken to be
/// the merchant's neighbour, and where only the fee of the other reach is published, that one is taken.
pub fn fees<'r>(rules: &'r Rules, entries: &[Entry], planned: &Planned<'_>, issuer_country: Option<&str>) -> Vec<&'r Fee> {
    let limits = rules.limits(planned.network, planned.merchant_country, planned.at);
    let mut found: Vec<&Fee> = vec![];
    for usage in check(rules, entries, planned).rules.iter().filter(|usage| usage.is_beyond()) {
        let Some(limit) = limits.iter().find(|limit| limit.id == usage.id) else { continue };
        let fee = of_rule(rules, &limit.fee, planned, issuer_country);
        found.extend(fee.filter(|fee| !found.contains(fee)));
    }
    found
}

fn of_rule<'r>(rules: &'r Rules, rule: &str, planned: &Planned<'_>, issuer_country: Option<&str>) -> Option<&'r Fee> {
    let region = Region::of_country(planned.merchant_country);
    let abroad = issuer_country.is_some_and(|country| Region::of_country(country) != region);
    let (reach, other) = if abroad { (Reach::CrossBorder, Reach::Domestic) } else { (Reach::Domestic, Reach::CrossBorder) };
    let find = |reach| rules.fee(rule, region, reach, planned.at);
    find(reach).or_else(|| find(other).filter(|_| issuer_country.is_none()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        card::{CardKey, Network},
        environment::Environment,
        id::Mid,
        ledger::{Initiator, Origin, Outcome},
        money::{Currency, Money},
        time::{HOUR, Timestamp},
    };

    fn declines(n: u32, network: Network, code: &str) -> Vec<Entry> {
        let entry = |i| Entry {
            mid: Mid(Uuid::nil()),
            environment: Environment::Sandbox,
            card: CardKey([0; 16]),
            at: Timestamp::parse("2026-11-01T00:00:00Z").unwrap() + HOUR * i,
            id: Uuid::nil(),
            origin: Origin::Transmitted,
            initiator: Initiator::Mit,
            amount: Money::new(1999, Currency::USD),
            network,
            outcome: Outcome::Declined,
            response_code: Some(code.to_owned()),
            advice_code: None,
            order: None,
        };
        (0..n).map(entry).collect()
    }

    #[test]
    fn an_attempt_costs_what_the_limits_it_passes_cost_on_its_day_at_its_place() {
        for (n, network, code, merchant, issuer, day, expected) in [
            (19, Network::Visa, "51", "US", Some("US"), "2026-11-02", None),
            (20, Network::Visa, "51", "US", Some("US"), "2026-11-02", Some(("visa.m30", 100_000))),
            (20, Network::Visa, "51", "US", Some("DE"), "2026-11-02", Some(("visa.m30", 250_000))),
            (20, Network::Visa, "51", "DE", Some("US"), "2026-11-02", Some(("visa.m30", 250_000))),
            (20, Network::Visa, "51", "DE", Some("FR"), "2026-11-02", None),
            (20, Network::Visa, "51", "DE", None, "2026-11-02", Some(("visa.m30", 250_000))),
            (20, Network::Visa, "51", "US", Some("US"), "2026-12-05", None),
            (1, Network::Visa, "04", "BR", Some("BR"), "2026-11-02", Some(("visa.cat1", 100_000))),
            (10, Network::Mastercard, "51", "US", Some("US"), "2026-11-01T10:00:00Z", Some(("mc.excess", 500_000))),
            (9, Network::Mastercard, "51", "US", Some("US"), "2026-11-01T10:00:00Z", None),
            (7, Network::Mastercard, "51", "BR", Some("BR"), "2026-11-01T10:00:00Z", Some(("mc.excess", 2_000_000))),
            (10, Network::Amex, "51", "US", Some("US"), "2026-11-02", None),
        ] {
            let planned = Planned {
                at: Timestamp::first_of(day).unwrap(),
                network,
                initiator: Initiator::Mit,
                amount: Money::new(1999, Currency::USD),
                merchant_country: merchant,
                credential_changed_at: None,
            };
            let found = fees(Rules::builtin(), &declines(n, network, code), &planned, issuer);
            let found: Vec<_> = found.iter().map(|fee| (fee.rule.as_str(), fee.amount_micros)).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{network} {n} {merchant} {issuer:?} {day}");
        }
    }
}
