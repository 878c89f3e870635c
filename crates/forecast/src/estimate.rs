//! The forecast: payments grouped, a sample of them worked by the plan, intervals drawn.

use std::collections::{BTreeMap, HashMap};

use domain::{decline::Class, rules::Rules, time::Timestamp};
use recovery::Model;
use serde::Serialize;

use crate::{
    account::Tally,
    calibration::{self, Shift},
    cell::amount::Written,
    draw::{self, Worked},
    episode::{Episode, Episodes, Fate},
    group::{Group, Range, Sum},
    history::History,
    outlook::{Brain, Outlook, Way},
    row::Row,
    shape::Week,
};

/// How to estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// How long a payment may be worked, days.
    pub window_days: u16,
    /// Attempts of ours per payment at most.
    pub attempts_max: u32,
    /// The merchant's country, ISO 3166-1 alpha-2: decides which network limits bind.
    pub merchant_country: String,
    /// Open payments that the plan works one by one; of more a regular sample stands for all.
    pub sample_max: usize,
    /// Worlds that are drawn for the intervals.
    pub draws: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, window_days: 21, attempts_max: 8, merchant_country: "US".to_owned(), sample_max: 20_000, draws: 1_000 }
    }
}

/// How the file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What became of each line.
    pub lines: Tally,
    /// Amounts were read as this.
    pub amounts: Written,
    /// Why, in words.
    pub amounts_why: &'static str,
    /// The first attempt, ISO 8601.
    pub from: String,
    /// The last attempt, ISO 8601.
    pub to: String,
    /// Attempts that were approved.
    pub approved: u64,
    /// Attempts that were declined.
    pub declined: u64,
}

/// How the model did against the merchant's own retries of a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibrated {
    /// The class.
    pub class: Class,
    /// Own retries that the rules would have allowed.
    pub retries: u32,
    /// How many of them the model expected to succeed.
    pub expected: f64,
    /// How many did.
    pub succeeded: u32,
    /// What the model's odds are multiplied with, as a result.
    pub odds_factor: f64,
}

/// What would have been recovered in one currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// ISO 4217.
    pub currency: String,
    /// Its sign.
    pub sign: String,
    /// Decimals of its major unit.
    pub decimals: u32,
    /// Merchant-initiated payments: retried by plan.
    pub mit: Group,
    /// Payments with the customer present: one attempt while they wait. A separate, cautious figure.
    pub cit: Group,
    /// Merchant-initiated payments by decline class.
    pub classes: Vec<Group>,
    /// By country of the card's issuer.
    pub countries: Vec<Group>,
    /// By site.
    pub sites: Vec<Group>,
    /// By month of the decline.
    pub months: Vec<Group>,
    /// Share of the amount left to work that is recovered by day 0, 1, 2 … after the last decline.
    pub days: Vec<Range>,
}

/// Everything a report shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// How the file was read.
    pub reading: Reading,
    /// How it was estimated.
    pub options: Options,
    /// The retry model.
    pub model_version: String,
    /// The network rules.
    pub rules_version: String,
    /// By currency, the largest (by declined payments) first.
    pub currencies: Vec<Estimate>,
    /// The model against the merchant's own retries.
    pub calibration: Vec<Calibrated>,
    /// Open payments that were worked one by one.
    pub worked: usize,
    /// Open payments in all.
    pub open: usize,
    /// Attempts by weekday and hour.
    pub week: Week,
}

/// Groups of a breakdown that stand alone; the smaller ones are put together.
const GROUPS_MAX: usize = 12;
/// Currencies that are estimated; more are counted as lines only.
const CURRENCIES_MAX: usize = 12;
/// What is put together.
const OTHERS: &str = "others";

/// Makes the forecast. `progress` is told how many of the payments to work are done.
pub fn forecast(
    history: &History,
    options: &Options,
    rules: &Rules,
    model: &Model,
    progress: impl FnMut(usize, usize),
) -> Forecast {
    let episodes = Episodes::of(history, i64::from(options.window_days) * 86_400);
    let brain = Brain { history, episodes: &episodes, rules, model, options };
    let shifts = calibration::calibrate(&brain);
    let book = Book::of(&brain, progress);
    Forecast {
        reading: reading(history),
        options: options.clone(),
        model_version: model.version.clone(),
        rules_version: rules.version().to_owned(),
        currencies: book.currencies(&shifts),
        calibration: shifts.iter().map(|(class, shift)| Calibrated::of(*class, shift)).collect(),
        worked: book.outlooks.len(),
        open: book.open,
        week: Week::of(history),
    }
}

impl Calibrated {
    fn of(class: Class, shift: &Shift) -> Self {
        let Shift { retries, expected, succeeded, mean, .. } = *shift;
        Self { class, retries, expected, succeeded, odds_factor: mean.exp() }
    }
}

fn reading(history: &History) -> Reading {
    let iso = |at: Option<i64>| at.map_or_else(String::new, |at| Timestamp::from_secs(at).iso6()[..19].to_owned() + "Z");
    let approved = history.rows.iter().filter(|row| row.approved).count() as u64;
    Reading {
        lines: history.tally.clone(),
        amounts: history.written,
        amounts_why: history.written_why,
        from: iso(history.rows.iter().map(|row| row.at).min()),
        to: iso(history.rows.iter().map(|row| row.at).max()),
        approved,
        declined: history.rows.len() as u64 - approved,
    }
}

/// Declined payments with what is expected of those that were worked.
struct Book<'a> {
    brain: &'a Brain<'a>,
    /// By place in the episodes' list.
    outlooks: HashMap<usize, Outlook>,
    open: usize,
    /// Each worked payment stands for this many.
    weight: f64,
    /// Share that the merchant collects by itself, by class: what the file does not show yet.
    own_rate: BTreeMap<(bool, Class), f64>,
}

/// A way to part payments.
type Part<'p> = (usize, &'p dyn Fn(&Row, Class) -> String);

impl<'a> Book<'a> {
    fn of(brain: &'a Brain<'a>, mut progress: impl FnMut(usize, usize)) -> Self {
        let all = &brain.episodes.list;
        let open: Vec<usize> = (0..all.len()).filter(|at| all[*at].fate != Fate::Collected).collect();
        let step = open.len().div_ceil(brain.options.sample_max.max(1)).max(1);
        let chosen: Vec<usize> = open.iter().copied().skip(brain.options.seed as usize % step).step_by(step).collect();
        let mut outlooks = HashMap::with_capacity(chosen.len());
        for (done, at) in chosen.iter().enumerate() {
            outlooks.insert(*at, brain.outlook(&all[*at]));
            if done % 64 == 0 {
                progress(done, chosen.len());
            }
        }
        progress(chosen.len(), chosen.len());
        let weight = if chosen.is_empty() { 1.0 } else { open.len() as f64 / chosen.len() as f64 };
        Self { brain, outlooks, open: open.len(), weight, own_rate: own_rate(brain) }
    }

    fn currencies(&self, shifts: &BTreeMap<Class, Shift>) -> Vec<Estimate> {
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for episode in &self.brain.episodes.list {
            *counts.entry(self.first(episode).currency).or_default() += 1;
        }
        let mut order: Vec<(usize, u16)> = counts.into_iter().map(|(currency, count)| (count, currency)).collect();
        order.sort_by_key(|(count, currency)| (std::cmp::Reverse(*count), *currency));
        order.into_iter().take(CURRENCIES_MAX).map(|(_, currency)| self.estimate(currency, shifts)).collect()
    }

    fn estimate(&self, currency: u16, shifts: &BTreeMap<Class, Shift>) -> Estimate {
        let history = self.brain.history;
        let mut ledger = Groups::default();
        let channel = |row: &Row, _: Class| if row.mit { "MIT" } else { "CIT" }.to_owned();
        let class = |_: &Row, class: Class| class.as_str().to_owned();
        let country = |row: &Row, _: Class| match history.countries.text(row.country) {
            "??" => "not told".to_owned(),
            known => known.to_owned(),
        };
        let site = |row: &Row, _: Class| history.sites.text(row.site).to_owned();
        let month = |row: &Row, _: Class| Timestamp::from_secs(row.at).iso6()[..7].to_owned();
        let parts: [Part<'_>; 5] = [(0, &channel), (1, &class), (2, &country), (3, &site), (4, &month)];
        let mut worked = Vec::new();
        for (at, episode) in self.brain.episodes.list.iter().enumerate() {
            let row = self.first(episode);
            if row.currency == currency {
                self.enter(at, episode, row, &parts, &mut ledger, &mut worked);
            }
        }
        let drawn = draw::draw(&worked, ledger.list.len(), shifts, self.brain.options);
        ledger.settle(drawn.groups);
        let money = history.currencies[usize::from(currency)];
        let mut by = ledger.by_part();
        let mut channels = by.remove(&0).unwrap_or_default();
        let mut take = |name: &str| {
            let found = channels.iter().position(|group| group.name == name).map(|at| channels.swap_remove(at));
            found.unwrap_or_else(|| Group { name: name.to_owned(), ..Group::default() })
        };
        let mut largest = |part: usize| fold(by.remove(&part).unwrap_or_default());
        let (classes, countries, sites) = (largest(1), largest(2), largest(3));
        let mut months = by.remove(&4).unwrap_or_default();
        months.sort_by(|a, b| a.name.cmp(&b.name));
        Estimate {
            currency: money.as_str().to_owned(),
            sign: money.symbol(),
            decimals: money.decimals(),
            mit: take("MIT"),
            cit: take("CIT"),
            classes,
            countries,
            sites,
            months,
            days: drawn.days,
        }
    }

    /// Enters a payment into its groups, and among the worked ones when it was worked. Breakdowns are of
    /// merchant-initiated payments only.
    fn enter(&self, at: usize, episode: &Episode, row: &Row, parts: &[Part<'_>], ledger: &mut Groups, worked: &mut Vec<Worked>) {
        let class = self.outlooks.get(&at).map_or_else(|| self.brain.class(episode), |outlook| outlook.class);
        let parts = if row.mit { parts } else { &parts[..1] };
        let places: Vec<usize> = parts.iter().map(|(part, name)| ledger.place(*part, name(row, class))).collect();
        for place in &places {
            let group = &mut ledger.list[*place].1;
            group.declined.add(row.amount);
            if episode.fate == Fate::Collected {
                group.collected.add(row.amount);
            }
        }
        if episode.fate == Fate::Collected {
            return;
        }
        // What was not worked itself is of the kind that its class mostly is.
        let way = self.outlooks.get(&at).map_or_else(|| ledger.usual(row.mit, class), |outlook| outlook.way);
        if self.outlooks.contains_key(&at) {
            ledger.learn(row.mit, class, way);
        }
        for place in &places {
            let group = &mut ledger.list[*place].1;
            match way {
                Way::Work => group.open.add(row.amount),
                Way::Customer => group.customer.add(row.amount),
                Way::Never => group.never.add(row.amount),
            }
        }
        if let Some(outlook) = self.outlooks.get(&at).filter(|outlook| outlook.chance() > 0.0) {
            let own =
                if episode.fate == Fate::Unseen { self.own_rate.get(&(row.mit, class)).copied().unwrap_or(0.5) } else { 0.0 };
            worked.push(Worked {
                class,
                mit: row.mit,
                amount: row.amount as f64,
                chance: outlook.chance(),
                weight: self.weight,
                still_open: 1.0 - own,
                by_day: (0..=self.brain.options.window_days).map(|day| outlook.by(f64::from(day)) as f32).collect(),
                groups: places,
            });
        }
    }

    fn first(&self, episode: &Episode) -> &Row {
        &self.brain.history.rows[self.brain.episodes.declines(episode)[0] as usize]
    }
}

/// The share that the merchant collected itself, by class, among payments whose time was over; one in two and no data
/// before any.
fn own_rate(brain: &Brain<'_>) -> BTreeMap<(bool, Class), f64> {
    let mut counts: BTreeMap<(bool, Class), (f64, f64)> = BTreeMap::new();
    for episode in brain.episodes.list.iter().filter(|episode| episode.fate != Fate::Unseen) {
        let mit = brain.history.rows[brain.episodes.declines(episode)[0] as usize].mit;
        let (all, own) = counts.entry((mit, brain.class(episode))).or_insert((1.0, 0.5));
        *all += 1.0;
        *own += f64::from(u8::from(episode.fate == Fate::Collected));
    }
    counts.into_iter().map(|(key, (all, own))| (key, own / all)).collect()
}

/// Groups of all breakdowns, found by part and name.
#[derive(Default)]
struct Groups {
    list: Vec<(usize, Group)>,
    places: HashMap<(usize, String), usize>,
    ways: HashMap<(bool, Class), [u32; 3]>,
}

impl Groups {
    fn place(&mut self, part: usize, name: String) -> usize {
        *self.places.entry((part, name)).or_insert_with_key(|(part, name)| {
            self.list.push((*part, Group { name: name.clone(), ..Group::default() }));
            self.list.len() - 1
        })
    }

    fn learn(&mut self, mit: bool, class: Class, way: Way) {
        self.ways.entry((mit, class)).or_default()[way as usize] += 1;
    }

    fn usual(&self, mit: bool, class: Class) -> Way {
        let counts = self.ways.get(&(mit, class)).copied().unwrap_or_default();
        let most = (0..3).max_by_key(|way| (counts[*way], std::cmp::Reverse(*way))).unwrap_or_default();
        [Way::Work, Way::Customer, Way::Never][most]
    }

    fn settle(&mut self, drawn: Vec<(Range, Range)>) {
        for ((_, group), (amount, count)) in self.list.iter_mut().zip(drawn) {
            // A sample's weight may carry an upper end beyond all that there is.
            let within = |range: Range, most: f64| Range {
                low: range.low.min(most),
                mid: range.mid.min(most),
                high: range.high.min(most),
            };
            group.recovered_minor = within(amount, group.open.amount_minor as f64).rounded();
            group.recovered_count = within(count, group.open.count as f64).rounded();
        }
    }

    fn by_part(self) -> BTreeMap<usize, Vec<Group>> {
        let mut out: BTreeMap<usize, Vec<Group>> = BTreeMap::new();
        for (part, group) in self.list {
            out.entry(part).or_default().push(group);
        }
        out
    }
}

/// The largest groups by declined amount, then all others in one.
fn fold(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by(|a, b| b.declined.amount_minor.cmp(&a.declined.amount_minor).then_with(|| a.name.cmp(&b.name)));
    if groups.len() <= GROUPS_MAX {
        return groups;
    }
    let rest = groups.split_off(GROUPS_MAX - 1);
    let mut others = Group { name: OTHERS.to_owned(), ..Group::default() };
    for group in &rest {
        for (to, from) in [
            (&mut others.declined, group.declined),
            (&mut others.collected, group.collected),
            (&mut others.never, group.never),
            (&mut others.customer, group.customer),
            (&mut others.open, group.open),
        ] {
            add(to, from);
        }
        others.recovered_minor = sum(others.recovered_minor, group.recovered_minor);
        others.recovered_count = sum(others.recovered_count, group.recovered_count);
    }
    groups.push(others);
    groups
}

const fn add(to: &mut Sum, from: Sum) {
    to.count += from.count;
    to.amount_minor = to.amount_minor.saturating_add(from.amount_minor);
}

/// Ends are added as if all groups moved together: rather too wide.
fn sum(a: Range, b: Range) -> Range {
    Range { low: a.low + b.low, mid: a.mid + b.mid, high: a.high + b.high }
}
