use std::{sync::OnceLock, time::Duration};

use domain::time::{DAY, HOUR, Timestamp};
use proptest::prelude::*;

use super::*;

const START: Timestamp = Timestamp::from_secs(1_780_000_000 / 86_400 * 86_400);
const DELAY: Duration = Duration::from_hours(7 * 24);

fn subject(kind: Kind, key: u8) -> Subject {
    Subject { kind, key: [key; 16] }
}

fn paid(at: Timestamp, hundredths: i64, card: u8, terminal: u8) -> Transaction {
    let subjects = vec![subject(Kind::Card, card), subject(Kind::Terminal, terminal)];
    Transaction { at, hundredths, declined: false, subjects }
}

/// A card that pays about 50 once a day for two months.
fn steady() -> Book {
    let mut book = Book::new();
    (0..60).for_each(|day| book.observe(&paid(START + DAY * day + HOUR * 12, 4_000 + i64::from(day % 5) * 500, 1, 1)));
    book
}

fn seen_by(book: &Book, transaction: &Transaction) -> Features {
    features(transaction, &book.seen(transaction), DELAY)
}

#[test]
fn names_are_unique_and_as_many_as_values() {
    let mut sorted = names().to_vec();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), names().len());
    let transaction = paid(START, 1, 1, 1);
    assert_eq!(seen_by(&Book::new(), &transaction).values().len(), names().len());
    assert_eq!(seen_by(&steady(), &transaction).values().len(), names().len());
}

#[test]
fn distance_is_measured_from_the_cards_own_habits() {
    let book = steady();
    let noon = START + DAY * 60_u32 + HOUR * 12;
    let usual = seen_by(&book, &paid(noon, 5_000, 1, 1));
    let wild = seen_by(&book, &paid(noon + HOUR * 14, 90_000, 1, 1));
    assert!((usual.get("card.times_mean") - 1.0).abs() < 0.05);
    assert!(wild.get("card.times_mean") > 17.0 && wild.get("card.deviations") > 50.0);
    assert!(wild.get("card.share_above") < 0.02 && usual.get("card.share_above") > 0.3);
    assert!(wild.get("card.hour_share") < 0.05 && usual.get("card.hour_share") > 0.8);
    assert!((usual.get("card.count_7d") - 6.0).abs() < f32::EPSILON);
    assert!(usual.get("email.count_7d").is_nan());
}

#[test]
fn a_fraud_counts_from_when_it_is_known_and_good_payments_when_they_are_old_enough() {
    let mut book = steady();
    let now = START + DAY * 60_u32;
    let at = paid(now, 5_000, 2, 1);
    let before = seen_by(&book, &at);
    assert!(before.get("terminal.last_fraud_days").is_nan());
    let fraud = paid(now - DAY * 20_u32 + HOUR, 5_000, 1, 1);
    book.fraud(&fraud);
    let after = seen_by(&book, &at);
    assert!((after.get("terminal.last_fraud_days") - 20.0).abs() < f32::EPSILON);
    assert!((after.get("terminal.run_plain") - 1.0).abs() < f32::EPSILON);
    assert!(after.get("terminal.fraud_rate_30d") > before.get("terminal.fraud_rate_30d"));
    // Of the twenty days since, seven are too fresh to be called good.
    assert!((after.get("terminal.good_since_fraud") - 12.0).abs() < 1.5, "{}", after.get("terminal.good_since_fraud"));
}

#[test]
fn frauds_are_no_habit() {
    let mut book = steady();
    let stolen = paid(START + DAY * 59_u32, 500_000, 1, 1);
    book.observe(&stolen);
    book.fraud(&stolen);
    let usual = seen_by(&book, &paid(START + DAY * 60_u32, 5_000, 1, 1));
    assert!((usual.get("card.times_mean") - 1.0).abs() < 0.05);
    assert!((usual.get("card.run_plain")).abs() < f32::EPSILON, "an amount of its own kind blames the card");
}

#[test]
fn rules_tell_the_wild_from_the_usual_and_say_why() {
    let book = steady();
    let noon = START + DAY * 60_u32 + HOUR * 12;
    let usual = Scorer::Rules.score(&seen_by(&book, &paid(noon, 5_000, 1, 1)));
    let wild = Scorer::Rules.score(&seen_by(&book, &paid(noon, 90_000, 1, 1)));
    assert!(wild.probability > usual.probability * 3.0);
    assert_eq!(wild.reasons[0].feature, "card.times_p98");
    assert!(wild.reasons[0].text.contains("times what this card usually pays"));
    assert!(!wild.learnt && wild.model_version == RULES_VERSION);
    let unknown = Scorer::Rules.score(&seen_by(&Book::new(), &paid(noon, 5_000, 9, 9)));
    assert!(unknown.reasons.is_empty() && (unknown.probability - 0.002).abs() < 1e-9);
}

#[test]
fn a_loss_is_weighed_against_the_margin() {
    let score = |probability| Score { probability, reasons: vec![], model_version: String::new(), learnt: true };
    assert!((score(0.1).expected_loss(100.0, 20.0) - 12.0).abs() < 1e-9);
    assert!(score(0.5).outweighs(100.0, 0.3, 20.0));
    assert!(!score(0.01).outweighs(100.0, 0.3, 20.0));
}

#[test]
fn a_profile_stays_small() {
    let mut profile = Profile::default();
    for minute in 0..200_000_i64 {
        let at = Timestamp::from_micros(START.micros() + minute * 60_000_000 * 3);
        profile.observe(&paid(at, 1 + (minute * 7_919) % 1_000_000, 1, 1), Kind::Card);
    }
    assert!(profile.to_bytes().len() < 6_000, "{}", profile.to_bytes().len());
    let one = &mut Profile::default();
    one.observe(&paid(START, 5_000, 1, 1), Kind::Card);
    assert!(one.to_bytes().len() < 80, "{}", one.to_bytes().len());
}

fn small_world(seed: u64) -> Vec<(Transaction, bool)> {
    let world = World {
        cards: 250,
        terminals: 250,
        days: 65,
        radius: 12.0,
        bad_terminals: (1, 21),
        bad_cards: (1, 14),
        ..World::new(seed)
    };
    world.payments(START).iter().map(|made| (made.transaction(), made.fraud)).collect()
}

fn quick() -> Options {
    let mut options = Options::new("test", 1);
    options.forest.trees = 30;
    options.forest.rate = 0.2;
    options.parts = 3;
    options
}

const SPLIT: Split = Split {
    train_start: Timestamp::from_micros(START.micros() + 30 * 86_400_000_000),
    train_days: 14,
    delay_days: 7,
    test_days: 14,
};

/// One past and what came out of it, for the tests that only look.
fn tested() -> &'static (Vec<(Transaction, bool)>, Backtest) {
    static TESTED: OnceLock<(Vec<(Transaction, bool)>, Backtest)> = OnceLock::new();
    TESTED.get_or_init(|| {
        let past = small_world(3);
        let tested = backtest(&past, &SPLIT, &quick()).unwrap();
        (past, tested)
    })
}

#[test]
fn learning_beats_rules_on_a_past_it_has_not_seen() {
    let (_, tested) = tested();
    let (learnt, rules) = (tested.all, tested.rules);
    assert_eq!(learnt.payments, tested.outcomes.len());
    assert!(tested.unknown_cards.payments < learnt.payments);
    assert!(learnt.auc_roc.unwrap() > rules.auc_roc.unwrap() + 0.02, "{learnt:?} {rules:?}");
    assert!(learnt.average_precision.unwrap() > rules.average_precision.unwrap() + 0.2, "{learnt:?} {rules:?}");
    // Calibrated: of all payments about as many are fraud as were said to be.
    let said: f64 = tested.outcomes.iter().map(|outcome| outcome.probability).sum();
    assert!((0.6..1.6).contains(&(said / learnt.frauds as f64)), "{said} said, {} happened", learnt.frauds);
}

#[test]
fn a_backtest_is_the_same_whatever_the_order_of_its_input() {
    let (past, forward) = tested();
    let mut past = past.clone();
    past.reverse();
    let backward = backtest(&past, &SPLIT, &quick()).unwrap();
    assert_eq!(forward.all, backward.all);
    assert_eq!(forward.model, backward.model);
}

#[test]
fn a_label_from_after_the_delay_changes_nothing_before() {
    let (past, tested) = tested();
    let mut changed = past.clone();
    let boundary = SPLIT.test_end() - DAY * SPLIT.delay_days;
    // Frauds that become known after the test period are forgotten: what was said must be the same.
    for (transaction, fraud) in &mut changed {
        *fraud = *fraud && transaction.at < boundary;
    }
    let said = |tested: &Backtest| tested.outcomes.iter().map(|outcome| outcome.probability.to_bits()).collect::<Vec<_>>();
    assert!(*past != changed);
    assert_eq!(said(tested), said(&backtest(&changed, &SPLIT, &quick()).unwrap()));
}

#[test]
fn a_model_survives_its_bytes_and_gives_reasons() {
    let (past, tested) = tested();
    let bytes = tested.model.to_bytes();
    assert_eq!(Model::from_bytes(&bytes).unwrap(), tested.model);
    for place in (0..bytes.len()).step_by(997) {
        assert!(Model::from_bytes(&bytes[..place]).is_err());
    }
    let riskiest = tested.outcomes.iter().max_by(|one, other| one.probability.total_cmp(&other.probability)).unwrap().place;
    let mut book = Book::new();
    past.iter().filter(|(it, _)| it.at < past[riskiest].0.at).for_each(|(it, _)| book.observe(it));
    let score = Scorer::Learnt(&tested.model).score(&seen_by(&book, &past[riskiest].0));
    assert!(score.learnt && score.model_version == "test");
    assert!(!score.reasons.is_empty() && score.reasons.iter().all(|reason| !reason.text.is_empty()));
}

#[test]
fn too_few_frauds_teach_nothing() {
    let none: Vec<(Transaction, bool)> = small_world(3).into_iter().map(|(it, _)| (it, false)).collect();
    assert_eq!(backtest(&none, &SPLIT, &quick()).unwrap_err(), TrainError::TooFewFrauds { known: 0 });
}

fn event() -> impl Strategy<Value = Transaction> {
    (0..400_i64, 0..2_000_000_i64, any::<bool>(), 0..4_u8, 0..4_u8, 0..86_400_i64).prop_map(
        |(day, hundredths, declined, card, terminal, second)| {
            let at = Timestamp::from_micros(START.micros() + (day * 86_400 + second) * 1_000_000);
            Transaction { declined, ..paid(at, hundredths, card, terminal) }
        },
    )
}

proptest! {
    #[test]
    fn the_order_of_events_leaves_no_trace(
        events in proptest::collection::vec(event(), 0..120),
        keys in proptest::collection::vec(any::<u32>(), 120)
    ) {
        let mut shuffled: Vec<(u32, Transaction)> = keys.into_iter().zip(events.iter().cloned()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let (mut one, mut other) = (Book::new(), Book::new());
        for event in &events {
            one.observe(event);
        }
        for (_, event) in &shuffled {
            other.observe(event);
        }
        prop_assert_eq!(&one, &other);
        // Frauds of what is known, too.
        let mut profiles = [Profile::default(), Profile::default()];
        for event in &events {
            profiles[0].observe(event, Kind::Card);
        }
        profiles[1] = profiles[0].clone();
        events.iter().take(40).for_each(|event| profiles[0].fraud(event, Kind::Card, true));
        events.iter().take(40).rev().for_each(|event| profiles[1].fraud(event, Kind::Card, true));
        prop_assert_eq!(&profiles[0], &profiles[1]);
    }

    #[test]
    fn profiles_survive_their_bytes(events in proptest::collection::vec(event(), 0..80), frauds in 0..20_usize) {
        let mut profile = Profile::default();
        for event in &events {
            profile.observe(event, Kind::Card);
        }
        events.iter().take(frauds).for_each(|event| profile.fraud(event, Kind::Card, false));
        let bytes = profile.to_bytes();
        prop_assert_eq!(Profile::from_bytes(&bytes).unwrap(), profile);
        prop_assert!(Profile::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn garbage_is_no_profile_and_no_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Profile::from_bytes(&bytes);
        bytes.insert(0, 1);
        if let Ok(profile) = Profile::from_bytes(&bytes) {
            let transaction = paid(START, 100, 1, 1);
            let mut book = Book::new();
            book.put(subject(Kind::Card, 1), profile);
            book.observe(&transaction);
            let _ = Scorer::Rules.score(&seen_by(&book, &transaction));
        }
        prop_assert!(Profile::from_bytes(&[]).is_err());
    }

    #[test]
    fn scores_are_probabilities(events in proptest::collection::vec(event(), 0..60), last in event()) {
        let mut book = Book::new();
        for event in &events {
            book.observe(event);
        }
        events.iter().step_by(3).for_each(|event| book.fraud(event));
        let score = Scorer::Rules.score(&seen_by(&book, &last));
        prop_assert!((0.0..=1.0).contains(&score.probability));
    }
}
