//! Network fees, found by walking the ledger of each card in the order of time.
//!
//! *Incurred*: an attempt was made beyond a limit of the network, whoever made it. *Avoided*: after a decline of an
//! order that Recoup had, a retry at once would have been beyond a limit, and none was made there. *Predicted* is both
//! together: what the fees would have been, had every such decline been retried at once.

use std::collections::HashMap;

use super::{Ask, Cell, Dimension, MEASURES, Part, dimensions};
use crate::{
    bounds::LEDGER_ROWS_MAX,
    card::{CardKey, Network},
    channel::Channel,
    environment::Environment,
    id::SiteId,
    ledger::{Entry, Outcome},
    limits::{self, Effect, Planned, Usage},
    money::Currency,
    rules::{Fee, Reach, Region, Rules},
    time::Timestamp,
};

/// What a millionth of the major unit is to a currency without decimals.
const MICROS_PER_MAJOR: u32 = 6;

/// A ledger row, with what its order says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The row.
    pub entry: Entry,
    /// Site of its order.
    pub site: Option<SiteId>,
    /// Channel of its order.
    pub channel: Option<Channel>,
    /// Descriptor of its order.
    pub descriptor: Option<String>,
    /// Country of the card's issuer, as its order knows it.
    pub issuer_country: Option<String>,
    /// Whether its order ran on the sandbox processor; none: it belongs to no order.
    pub is_test: Option<bool>,
}

/// A walk over the ledger of one merchant, card by card, each in the order of time.
pub struct FeeWalk<'r> {
    rules: &'r Rules,
    ask: Ask,
    merchant_country: String,
    by: Vec<Dimension>,
    card: Option<CardKey>,
    window: Vec<Entry>,
    /// What a retry after the last decline would have cost, not yet known to be avoided.
    pending: Vec<Due>,
    /// Sums so far, millionths: what is rounded off one attempt is carried to the next, so that rows add up exactly
    /// whatever they are grouped by.
    carried: HashMap<(Currency, bool), u64>,
}

struct Due {
    rule: String,
    fee: Fee,
    cell: (i64, Made),
}

impl<'r> FeeWalk<'r> {
    /// A walk for a merchant of a country.
    pub fn new(rules: &'r Rules, ask: Ask, merchant_country: String) -> Self {
        let by = dimensions(ask.name, &ask.keys);
        Self { rules, ask, merchant_country, by, card: None, window: vec![], pending: vec![], carried: HashMap::new() }
    }

    /// Takes the next row; gives the cells that are known by now.
    pub fn take(&mut self, made: &Made) -> Vec<Cell> {
        let mut cells = vec![];
        if self.card != Some(made.entry.card) {
            cells = self.finish();
            self.card = Some(made.entry.card);
            self.window.clear();
        }
        if made.entry.outcome == Outcome::Released {
            return cells;
        }
        let beyond = self.beyond(&made.entry, made.entry.at);
        let charged: Vec<String> = beyond.iter().filter(|(_, over)| *over).map(|(rule, _)| rule.clone()).collect();
        for due in std::mem::take(&mut self.pending) {
            if !charged.contains(&due.rule) {
                cells.extend(self.avoided(due));
            }
        }
        if self.counts(made) {
            cells.extend(self.incurred(made, &beyond));
        }
        if self.window.len() >= LEDGER_ROWS_MAX {
            self.window.remove(0);
        }
        self.window.push(made.entry.clone());
        if made.entry.outcome == Outcome::Declined && made.entry.order.is_some() && self.counts(made) {
            let retry_at = Timestamp::from_micros(made.entry.at.micros() + 1);
            let next = self.beyond(&made.entry, retry_at).into_iter().filter(|(_, over)| *over);
            let due: Vec<_> = next.filter_map(|(rule, _)| Some((self.fee(&rule, made)?.clone(), rule))).collect();
            let day = day(made.entry.at);
            self.pending = due.into_iter().map(|(fee, rule)| Due { rule, fee, cell: (day, made.clone()) }).collect();
        }
        cells
    }

    /// The cells of the last card.
    pub fn finish(&mut self) -> Vec<Cell> {
        let pending = std::mem::take(&mut self.pending);
        pending.into_iter().filter_map(|due| self.avoided(due)).collect()
    }

    /// Every rule that this attempt counts for, and whether it is beyond it.
    fn beyond(&self, entry: &Entry, at: Timestamp) -> Vec<(String, bool)> {
        let planned = Planned {
            at,
            network: entry.network,
            initiator: entry.initiator,
            amount: entry.amount,
            merchant_country: &self.merchant_country,
            credential_changed_at: None,
        };
        let mut found: Vec<(String, bool)> = vec![];
        for usage in limits::check(self.rules, &self.window, &planned).rules {
            let rule = fee_rule(&usage.id);
            match found.iter_mut().find(|(known, _)| known == rule) {
                Some((_, over)) => *over |= is_beyond(&usage),
                None => found.push((rule.to_owned(), is_beyond(&usage))),
            }
        }
        found
    }

    fn counts(&self, made: &Made) -> bool {
        let ask = &self.ask;
        let is_test = made.is_test.unwrap_or(made.entry.environment == Environment::Sandbox);
        made.entry.at >= ask.from
            && made.entry.at <= ask.to
            && (ask.include_test || !is_test)
            && ask.site.is_none_or(|site| made.site == Some(site))
            && ask.channel.is_none_or(|channel| made.channel == Some(channel))
    }

    fn incurred(&mut self, made: &Made, beyond: &[(String, bool)]) -> Vec<Cell> {
        let optimizer = advised(made).then(|| ("mc.optimizer".to_owned(), true));
        let mut cells = vec![];
        for (rule, over) in beyond.iter().cloned().chain(optimizer) {
            let fee = self.fee(&rule, made).cloned();
            let minor = fee.as_ref().filter(|_| over).map_or(0, |fee| self.minor(fee, false));
            cells.extend(self.cell(day(made.entry.at), made, &rule, fee.map(|fee| fee.currency), [1, minor, 0, 0, 0, 0]));
        }
        cells
    }

    fn avoided(&mut self, due: Due) -> Option<Cell> {
        let minor = self.minor(&due.fee, true);
        let (day, made) = due.cell;
        self.cell(day, &made, &due.rule, Some(due.fee.currency), [0, 0, minor, 0, 0, 0])
    }

    fn fee(&self, rule: &str, made: &Made) -> Option<&'r Fee> {
        let region = Region::of_country(&self.merchant_country);
        let abroad = made.issuer_country.as_ref().is_some_and(|country| Region::of_country(country) != region);
        let reach = if abroad { Reach::CrossBorder } else { Reach::Domestic };
        let other = if abroad { Reach::Domestic } else { Reach::CrossBorder };
        let find = |reach| self.rules.fee(rule, region, reach, made.entry.at);
        find(reach).or_else(|| find(other).filter(|_| made.issuer_country.is_none()))
    }

    /// The fee in whole minor units, with what earlier ones left over.
    fn minor(&mut self, fee: &Fee, is_avoided: bool) -> i64 {
        let unit = 10u64.pow(MICROS_PER_MAJOR.saturating_sub(fee.currency.decimals()));
        let sum = self.carried.entry((fee.currency, is_avoided)).or_insert(0);
        let before = *sum / unit;
        *sum += fee.amount_micros;
        i64::try_from(*sum / unit - before).unwrap_or(i64::MAX)
    }

    fn cell(&self, day: i64, made: &Made, rule: &str, currency: Option<Currency>, measures: [i64; MEASURES]) -> Option<Cell> {
        if self.ask.currency.is_some_and(|wanted| currency != Some(wanted)) {
            return None;
        }
        let text = |text: Option<String>| text.map_or(Part::None, Part::Text);
        let parts = self.by.iter().map(|dimension| match dimension {
            Dimension::Site => text(made.site.map(|site| site.to_string())),
            Dimension::Channel => text(made.channel.map(|channel| channel.as_str().to_owned())),
            Dimension::Currency => text(currency.map(|currency| currency.as_str().to_owned())),
            Dimension::Descriptor => text(made.descriptor.clone()),
            Dimension::Network => text(Some(made.entry.network.as_str().to_owned())),
            Dimension::Rule => text(Some(rule.to_owned())),
            _ => Part::None,
        });
        Some(Cell { day, parts: parts.collect(), measures, spread: None })
    }
}

/// The rule that a fee is charged under.
fn fee_rule(limit: &str) -> &str {
    match limit {
        "mc.h24" | "mc.m30" => "mc.excess",
        other => other,
    }
}

/// Beyond the network's own limit; what only our headroom bounds costs nothing.
fn is_beyond(usage: &Usage) -> bool {
    match (usage.limit, usage.headroom_limit) {
        (Some(limit), _) => usage.used >= limit,
        (None, None) => usage.effect != Effect::Cap,
        (None, Some(_)) => false,
    }
}

/// Mastercard charges for the advice 24 to 30 it gives.
fn advised(made: &Made) -> bool {
    let advice = made.entry.advice_code.as_deref().and_then(|code| code.parse::<u8>().ok());
    made.entry.network == Network::Mastercard && advice.is_some_and(|code| (24..=30).contains(&code))
}

const fn day(at: Timestamp) -> i64 {
    at.micros().div_euclid(86_400_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{Mid, OrderId},
        ledger::{Initiator, Origin},
        money::Money,
        report::{Interval, Name},
        time::DAY,
    };

    const NOW: i64 = 1_795_000_000;

    fn made(n: u32, network: Network, code: &str, advice: Option<&str>, order: bool) -> Made {
        Made {
            entry: Entry {
                mid: Mid::from_bytes([1; 16]),
                environment: Environment::Production,
                card: CardKey([7; 16]),
                at: Timestamp::from_secs(NOW) + DAY * n / 4,
                id: uuid::Uuid::from_u128(n.into()),
                origin: Origin::Own,
                initiator: Initiator::Mit,
                amount: Money::new(1_000, Currency::USD),
                network,
                outcome: Outcome::Declined,
                response_code: Some(code.into()),
                advice_code: advice.map(str::to_owned),
                order: order.then(|| OrderId::from_bytes([2; 16])),
            },
            site: None,
            channel: None,
            descriptor: None,
            issuer_country: Some("US".into()),
            is_test: Some(false),
        }
    }

    fn fees(rows: Vec<Made>) -> HashMap<(String, String), [i64; 3]> {
        let mut walk = FeeWalk::new(Rules::builtin(), fees_ask(), "US".into());
        let mut cells: Vec<Cell> = rows.into_iter().flat_map(|made| walk.take(&made)).collect();
        cells.extend(walk.finish());
        let mut sums = HashMap::new();
        for cell in cells {
            let [Part::Text(currency), _, Part::Text(rule)] = &cell.parts[..] else { continue };
            let sum = sums.entry((rule.clone(), currency.clone())).or_insert([0; 3]);
            for (total, more) in sum.iter_mut().zip(cell.measures) {
                *total += more;
            }
        }
        sums
    }

    fn of(sums: &HashMap<(String, String), [i64; 3]>, rule: &str) -> [i64; 3] {
        sums.get(&(rule.to_owned(), "USD".to_owned())).copied().unwrap_or_default()
    }

    #[test]
    fn attempts_within_the_limit_cost_nothing() {
        let sums = fees((0..10).map(|n| made(n, Network::Visa, "51", None, true)).collect());
        assert_eq!(of(&sums, "visa.m30"), [10, 0, 0]);
    }

    #[test]
    fn attempts_beyond_the_limit_cost_and_the_one_not_made_is_avoided() {
        let limit = Rules::builtin()
            .limits(Network::Visa, "US", Timestamp::from_secs(NOW))
            .into_iter()
            .find(|limit| limit.id == "visa.m30")
            .and_then(|limit| limit.limit)
            .unwrap();
        let sums = fees((0..limit + 2).map(|n| made(n, Network::Visa, "51", None, true)).collect());
        assert_eq!(of(&sums, "visa.m30"), [i64::from(limit) + 2, 2 * 10, 10]);
        let unasked = fees((0..limit + 2).map(|n| made(n, Network::Visa, "51", None, false)).collect());
        assert_eq!(of(&unasked, "visa.m30"), [i64::from(limit) + 2, 2 * 10, 0], "what the merchant did not ask us is not ours");
    }

    #[test]
    fn a_never_approve_decline_that_is_not_retried_is_avoided() {
        let sums = fees(vec![made(0, Network::Visa, "04", None, true)]);
        assert_eq!(of(&sums, "visa.cat1"), [1, 0, 10]);
        let again = fees(vec![made(0, Network::Visa, "04", None, true), made(1, Network::Visa, "04", None, true)]);
        assert_eq!(of(&again, "visa.cat1"), [2, 10, 10], "one was made, the next was not");
    }

    #[test]
    fn fractions_of_a_cent_are_carried_on() {
        let stop = fees((0..3).map(|n| made(n, Network::Mastercard, "51", Some("24"), true)).collect());
        assert_eq!(of(&stop, "mc.optimizer"), [3, 6, 0], "0.02 USD each");
        let mut walk = FeeWalk::new(Rules::builtin(), fees_ask(), "DE".into());
        let cells: Vec<Cell> = (0..5).flat_map(|n| walk.take(&made(n, Network::Mastercard, "51", Some("24"), true))).collect();
        let euro: i64 =
            cells.iter().filter(|cell| cell.parts[2] == Part::Text("mc.optimizer".into())).map(|cell| cell.measures[1]).sum();
        assert_eq!(euro, 2, "five times 0.4 cents");
    }

    fn fees_ask() -> Ask {
        Ask {
            name: Name::Fees,
            from: Timestamp::EPOCH,
            to: Timestamp::FAR_FUTURE,
            interval: Interval::None,
            keys: vec![],
            site: None,
            channel: None,
            currency: None,
            include_test: true,
        }
    }
}
