//! Network fees, found by walking the ledger of each card in the order of time.
//!
//! *Incurred*: an attempt was made beyond a limit of the network, whoever made it. *Avoided*: after a decline of an
//! order that Recoup had, a retry at once would have been beyond a limit, and none was made there. *Predicted* is both
//! together: what the fees would have been, had every such decline been retried at once. Where a network counts the
//! declines on all cards of a merchant, those beyond the limit are incurred.

use std::{
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use super::{Ask, Cell, Dimension, MEASURES, Part, dimensions};
use crate::{
    bounds::LEDGER_ROWS_MAX,
    card::{CardKey, Network},
    channel::Channel,
    environment::Environment,
    id::SiteId,
    ledger::{Entry, Outcome},
    limits::{self, Planned},
    money::Currency,
    rules::{Fee, Limit, Reach, Region, Rules, Window},
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
    bounds: HashMap<(Network, i64), Rc<Bound<'r>>>,
    card: Option<CardKey>,
    window: VecDeque<Entry>,
    /// A decline of this card has set off a stop.
    stopped: bool,
    /// What a retry after the last decline would have cost, not yet known to be avoided.
    pending: Vec<Due<'r>>,
    /// Declines that count for a volume of the merchant, on all cards, as they were met.
    volumes: HashMap<&'r str, Vec<Counted>>,
    /// Sums so far, millionths: what is rounded off one attempt is carried to the next, so that rows add up exactly
    /// whatever they are grouped by.
    carried: HashMap<(Currency, bool), u64>,
}

/// The limits of a network on a day.
struct Bound<'r> {
    limits: Vec<&'r Limit>,
    volumes: Vec<&'r Limit>,
    /// The fees that are charged beyond them, each once.
    fees: Vec<&'r str>,
    /// With fewer attempts than this no counter is used up.
    least: usize,
}

struct Due<'r> {
    rule: &'r str,
    fee: &'r Fee,
    cell: (i64, Made),
}

/// A decline that counts for a volume; the cell only when the report is about it.
struct Counted {
    at: Timestamp,
    made: Option<Box<Made>>,
}

impl<'r> FeeWalk<'r> {
    /// A walk for a merchant of a country.
    pub fn new(rules: &'r Rules, ask: Ask, merchant_country: String) -> Self {
        let by = dimensions(ask.name, &ask.keys);
        Self {
            rules,
            ask,
            merchant_country,
            by,
            bounds: HashMap::new(),
            card: None,
            window: VecDeque::new(),
            stopped: false,
            pending: vec![],
            volumes: HashMap::new(),
            carried: HashMap::new(),
        }
    }

    /// Takes the next row; gives the cells that are known by now.
    pub fn take(&mut self, made: &Made) -> Vec<Cell> {
        let mut cells = vec![];
        if self.card != Some(made.entry.card) {
            cells = self.end_card();
            self.card = Some(made.entry.card);
            self.window.clear();
            self.stopped = false;
        }
        if made.entry.outcome == Outcome::Released {
            return cells;
        }
        let bound = self.bound(made.entry.network, made.entry.at);
        let over = self.beyond(&bound, &made.entry, made.entry.at);
        for due in std::mem::take(&mut self.pending) {
            if !over.contains(&due.rule) {
                cells.extend(self.avoided(&due));
            }
        }
        let counts = self.counts(made);
        if counts {
            cells.extend(self.incurred(made, &bound, &over));
        }
        self.remember(made, &bound, counts);
        if made.entry.outcome == Outcome::Declined && made.entry.order.is_some() && counts {
            let retry_at = Timestamp::from_micros(made.entry.at.micros() + 1);
            let next = self.beyond(&bound, &made.entry, retry_at);
            let due = next.into_iter().filter_map(|rule| Some((self.fee(rule, made)?, rule)));
            let day = day(made.entry.at);
            self.pending = due.map(|(fee, rule)| Due { rule, fee, cell: (day, made.clone()) }).collect();
        }
        cells
    }

    /// The cells of the last card, and of what is counted on all cards together.
    pub fn finish(&mut self) -> Vec<Cell> {
        let mut cells = self.end_card();
        for (rule, mut counted) in std::mem::take(&mut self.volumes) {
            counted.sort_by_key(|counted| counted.at);
            cells.extend(self.volume(rule, &counted));
        }
        cells
    }

    fn end_card(&mut self) -> Vec<Cell> {
        let pending = std::mem::take(&mut self.pending);
        pending.iter().filter_map(|due| self.avoided(due)).collect()
    }

    /// The limits of a network on the day of an attempt; looked up once a day, for there are many attempts a day.
    fn bound(&mut self, network: Network, at: Timestamp) -> Rc<Bound<'r>> {
        let (rules, country) = (self.rules, &self.merchant_country);
        let bound = self.bounds.entry((network, day(at))).or_insert_with(|| {
            let limits = rules.limits(network, country, at);
            let mut fees: Vec<&str> = limits.iter().map(|limit| limit.fee.as_str()).collect();
            fees.dedup();
            let least = limits.iter().filter_map(|limit| limit.limit).min().map_or(usize::MAX, |least| least as usize);
            Rc::new(Bound { volumes: rules.volumes(network, country, at), limits, fees, least })
        });
        bound.clone()
    }

    /// Keeps an attempt for those that come after it.
    fn remember(&mut self, made: &Made, bound: &Bound<'r>, counts: bool) {
        let entry = &made.entry;
        let sets_off = |limit: &Limit| {
            let codes = (entry.response_code.as_deref(), entry.advice_code.as_deref());
            entry.outcome == Outcome::Declined
                && limit
                    .trigger
                    .as_ref()
                    .is_some_and(|trigger| trigger.set_off_by(self.rules, codes.0, codes.1, entry.at).is_some())
        };
        self.stopped |= bound.limits.iter().any(|limit| sets_off(limit));
        for limit in bound.volumes.iter().filter(|limit| sets_off(limit)) {
            let counted = Counted { at: entry.at, made: counts.then(|| Box::new(made.clone())) };
            self.volumes.entry(&limit.id).or_default().push(counted);
        }
        if self.window.len() >= LEDGER_ROWS_MAX {
            self.window.pop_front();
        }
        self.window.push_back(entry.clone());
    }

    /// The fees of the rules that an attempt at a moment is beyond.
    fn beyond(&mut self, bound: &Bound<'r>, entry: &Entry, at: Timestamp) -> Vec<&'r str> {
        // Most cards are far from every limit, and reports are about all of them.
        if self.window.len() < bound.least && !self.stopped {
            return vec![];
        }
        let planned = Planned {
            at,
            network: entry.network,
            initiator: entry.initiator,
            amount: entry.amount,
            merchant_country: &self.merchant_country,
            credential_changed_at: None,
        };
        let used = limits::check(self.rules, self.window.make_contiguous(), &planned).rules;
        let over = used.iter().filter(|usage| usage.is_beyond());
        let mut fees: Vec<&str> = vec![];
        for usage in over {
            let limit = bound.limits.iter().find(|limit| limit.id == usage.id);
            fees.extend(limit.map(|limit| limit.fee.as_str()).filter(|fee| !fees.contains(fee)));
        }
        fees
    }

    /// Declines of a kind on all cards of the merchant: each beyond the limit of the window before it costs.
    fn volume(&mut self, rule: &'r str, counted: &[Counted]) -> Vec<Cell> {
        let mut cells = vec![];
        let mut oldest = 0;
        for (place, one) in counted.iter().enumerate() {
            let Some(made) = &one.made else { continue };
            let bound = self.bound(made.entry.network, one.at);
            let Some(limit) = bound.volumes.iter().find(|limit| limit.id == rule) else { continue };
            while oldest < place && matches!(limit.window, Window::Rolling(span) if counted[oldest].at + span <= one.at) {
                oldest += 1;
            }
            let is_over = limit.limit.is_some_and(|most| place - oldest >= most as usize);
            let fee = self.fee(&limit.fee, made);
            let minor = fee.filter(|_| is_over).map_or(0, |fee| self.minor(fee, false));
            cells.extend(self.cell(day(one.at), made, rule, fee.map(|fee| fee.currency), [1, minor, 0, 0, 0, 0]));
        }
        cells
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

    fn incurred(&mut self, made: &Made, bound: &Bound<'r>, over: &[&'r str]) -> Vec<Cell> {
        let mut cells = vec![];
        for rule in &bound.fees {
            let fee = self.fee(rule, made);
            let minor = fee.filter(|_| over.contains(rule)).map_or(0, |fee| self.minor(fee, false));
            cells.extend(self.cell(day(made.entry.at), made, rule, fee.map(|fee| fee.currency), [1, minor, 0, 0, 0, 0]));
        }
        if let Some(fee) = self.fee_of_answer(made) {
            let minor = self.minor(fee, false);
            cells.extend(self.cell(day(made.entry.at), made, &fee.rule, Some(fee.currency), [1, minor, 0, 0, 0, 0]));
        }
        cells
    }

    fn avoided(&mut self, due: &Due<'r>) -> Option<Cell> {
        let minor = self.minor(due.fee, true);
        let (day, made) = &due.cell;
        self.cell(*day, made, due.rule, Some(due.fee.currency), [0, 0, minor, 0, 0, 0])
    }

    fn fee_of_answer(&self, made: &Made) -> Option<&'r Fee> {
        let entry = &made.entry;
        let codes = (entry.response_code.as_deref(), entry.advice_code.as_deref());
        if codes.1.is_none() && codes.0.is_none() {
            return None;
        }
        let (region, reach, _) = self.place(made);
        self.rules.fee_of_answer(entry.network, region, reach, codes, entry.at)
    }

    /// The merchant's region, whether the issuer is in it, and whether that is known.
    fn place(&self, made: &Made) -> (Region, Reach, bool) {
        let region = Region::of_country(&self.merchant_country);
        let abroad = made.issuer_country.as_ref().is_some_and(|country| Region::of_country(country) != region);
        (region, if abroad { Reach::CrossBorder } else { Reach::Domestic }, made.issuer_country.is_some())
    }

    fn fee(&self, rule: &str, made: &Made) -> Option<&'r Fee> {
        let (region, reach, is_known) = self.place(made);
        let other = if reach == Reach::Domestic { Reach::CrossBorder } else { Reach::Domestic };
        let find = |reach| self.rules.fee(rule, region, reach, made.entry.at);
        find(reach).or_else(|| find(other).filter(|_| !is_known))
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
        rules::Files,
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

    #[test]
    fn declines_for_wrong_data_are_counted_on_all_cards_of_the_merchant() {
        let text = Files::builtin().text("network_limits.csv").unwrap().replace("P30D,,25000,20000", "P30D,,3,2");
        let fee = "visa.cat3,visa,US,*,USD,0.10,,,OURS: a price for this test,,";
        let fees = format!("{}{fee}\n", Files::builtin().text("fees.csv").unwrap());
        let rules = Files::builtin().with("network_limits.csv", text).with("fees.csv", fees).rules().unwrap();
        let mut walk = FeeWalk::new(&rules, fees_ask(), "US".into());
        // Cards are walked one after the other, the newest first: the count goes by time all the same.
        let codes = ["54", "14", "N7", "54", "82", "51"];
        let rows = (0..6u8).rev().map(|n| {
            let mut made = made(u32::from(n), Network::Visa, codes[n as usize], None, true);
            made.entry.card = CardKey([100 - n; 16]);
            made
        });
        let mut cells: Vec<Cell> = rows.flat_map(|made| walk.take(&made)).collect();
        cells.extend(walk.finish());
        let of_rule: Vec<[i64; MEASURES]> =
            cells.iter().filter(|cell| cell.parts[2] == Part::Text("visa.cat3".into())).map(|cell| cell.measures).collect();
        let incurred: Vec<i64> = of_rule.iter().map(|measures| measures[1]).collect();
        assert_eq!(incurred, [0, 0, 0, 10, 10], "five of category 3 (14 counts), the fourth and fifth beyond it");
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
