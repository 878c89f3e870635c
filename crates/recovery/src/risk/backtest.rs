//! What the live system would have said of a past: the same profiles, features and learning, event by event.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use domain::time::{DAY, Timestamp};

use super::{
    book::Book,
    days::day,
    features::{Features, features},
    metrics::{Metrics, Scored, metrics},
    model::Model,
    score::Scorer,
    subject::Kind,
    train::{Labelled, Options, TrainError, train},
    transaction::Transaction,
};

/// Which part of the past teaches and which judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// Begin of the part that is learnt from.
    pub train_start: Timestamp,
    /// How many days are learnt from.
    pub train_days: u32,
    /// Days until a fraud is known, and between learning and judging.
    pub delay_days: u32,
    /// How many days are judged.
    pub test_days: u32,
}

impl Split {
    /// End of learning.
    fn train_end(&self) -> Timestamp {
        self.train_start + DAY * self.train_days
    }

    /// Begin of judging.
    pub fn test_start(&self) -> Timestamp {
        self.train_end() + DAY * self.delay_days
    }

    /// End of judging.
    pub fn test_end(&self) -> Timestamp {
        self.test_start() + DAY * self.test_days
    }

    fn teaches(&self, at: Timestamp) -> bool {
        at >= self.train_start && at < self.train_end()
    }

    fn judges(&self, at: Timestamp) -> bool {
        at >= self.test_start() && at < self.test_end()
    }
}

/// What was said of one payment of the test period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Its place in the input.
    pub place: usize,
    /// By the learnt model.
    pub probability: f64,
    /// By rules and priors.
    pub by_rules: f64,
    /// Whether the card was known to be defrauded since learning began.
    pub known_card: bool,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The model.
    pub model: Model,
    /// Every payment of the test period, in order of time.
    pub outcomes: Vec<Outcome>,
    /// The model on all of them.
    pub all: Metrics,
    /// The model on cards that were not yet known to be defrauded: the handbook's test set.
    pub unknown_cards: Metrics,
    /// Rules and priors on all of them.
    pub rules: Metrics,
}

/// Runs over payments of the past (in any order; `true` marks frauds). A fraud is known `delay_days` after it happened.
pub fn backtest(past: &[(Transaction, bool)], split: &Split, options: &Options) -> Result<Backtest, TrainError> {
    let Replayed { taught, judged } = replay(past, split);
    let model = train(&taught, options)?;
    drop(taught);
    let outcomes: Vec<Outcome> = judged
        .iter()
        .map(|judged| Outcome {
            place: judged.place,
            probability: model.probability(&judged.features),
            by_rules: Scorer::Rules.probability(&judged.features),
            known_card: judged.known_card,
        })
        .collect();
    let of = |probability: fn(&Outcome) -> f64, which: fn(&Outcome) -> bool| {
        let scored = outcomes.iter().filter(|outcome| which(outcome)).map(|outcome| {
            let (transaction, fraud) = &past[outcome.place];
            Scored {
                day: day(transaction.at.micros()),
                card: card(transaction),
                probability: probability(outcome),
                fraud: *fraud,
            }
        });
        metrics(&scored.collect::<Vec<_>>())
    };
    Ok(Backtest {
        all: of(|outcome| outcome.probability, |_| true),
        unknown_cards: of(|outcome| outcome.probability, |outcome| !outcome.known_card),
        rules: of(|outcome| outcome.by_rules, |_| true),
        model,
        outcomes,
    })
}

/// A payment of the test period as it looked.
struct Judged {
    place: usize,
    features: Features,
    known_card: bool,
}

/// Both periods as they looked when they happened.
struct Replayed {
    taught: Vec<Labelled>,
    judged: Vec<Judged>,
}

fn replay(past: &[(Transaction, bool)], split: &Split) -> Replayed {
    let delay = DAY * split.delay_days;
    let mut order: Vec<usize> = (0..past.len()).collect();
    // What happened at the same moment stands in an order of its own, not in that of the file.
    let rank = |place: usize| {
        let (transaction, fraud) = &past[place];
        (transaction.at, &transaction.subjects, transaction.hundredths, *fraud)
    };
    order.sort_by(|&one, &other| rank(one).cmp(&rank(other)));
    let mut book = Book::new();
    let mut awaited: VecDeque<(Timestamp, usize)> = VecDeque::new();
    let known_before = known_cards(past, split);
    let mut replayed = Replayed { taught: Vec::new(), judged: Vec::new() };
    for place in order {
        let (transaction, fraud) = &past[place];
        if transaction.at >= split.test_end() {
            break;
        }
        while let Some((due, known)) = awaited.front().copied()
            && due <= transaction.at
        {
            awaited.pop_front();
            book.fraud(&past[known].0);
        }
        if split.teaches(transaction.at) {
            let features = features(transaction, &book.seen(transaction), delay);
            replayed.taught.push(Labelled { features, fraud: *fraud, group: card(transaction) });
        } else if split.judges(transaction.at) {
            let features = features(transaction, &book.seen(transaction), delay);
            let known_card = known_before(transaction);
            replayed.judged.push(Judged { place, features, known_card });
        }
        book.observe(transaction);
        if *fraud {
            awaited.push_back((transaction.at + delay, place));
        }
    }
    replayed
}

/// Which cards the handbook leaves out of its test set: those defrauded while learning, and each day those whose fraud
/// became known since.
fn known_cards<'a>(past: &'a [(Transaction, bool)], split: &Split) -> impl Fn(&Transaction) -> bool + use<'a> {
    let delay: Duration = DAY * (split.delay_days + 1);
    let (start, end) = (split.train_start, split.train_end());
    let frauds = || past.iter().filter(|(_, fraud)| *fraud).map(|(transaction, _)| transaction);
    let while_learning: HashSet<u64> = frauds().filter(|it| it.at >= start && it.at < end).map(card).collect();
    let mut since: HashMap<u64, u32> = HashMap::new();
    for fraud in frauds().filter(|it| it.at >= start && !while_learning.contains(&card(it))) {
        let known_on = day((fraud.at + delay).micros());
        since.entry(card(fraud)).and_modify(|first| *first = known_on.min(*first)).or_insert(known_on);
    }
    move |transaction| {
        let card = card(transaction);
        let today = day(transaction.at.micros());
        while_learning.contains(&card) || since.get(&card).is_some_and(|known_on| *known_on <= today)
    }
}

/// A number for the card.
fn card(transaction: &Transaction) -> u64 {
    let key = transaction.subject(Kind::Card).map_or([0; 16], |card| card.key);
    u64::from_le_bytes(key[..8].try_into().unwrap_or_default())
}
