use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

use super::train::inside::own_predictions;
use super::{BrokenForest, Direction, Forest, Options, Stopping, TrainError, train};

const COLUMNS: usize = 6;

/// Rows whose answer depends on three columns; one in nine values is missing, the last column is constant.
fn world(seed: u64, count: usize) -> (Vec<f32>, Vec<f32>) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    for _ in 0..count {
        let mut row = [0.0_f32; COLUMNS];
        for value in &mut row[..COLUMNS - 1] {
            *value = if chance.random_bool(1.0 / 9.0) { f32::NAN } else { chance.random_range(-3.0..3.0) };
        }
        let known = |value: f32| if value.is_nan() { 0.4 } else { value };
        let odds = f64::from(known(row[0]) * 1.5 - known(row[1]).powi(2) * 0.5 + known(row[2]).signum());
        labels.push(f32::from(chance.random_bool(1.0 / (1.0 + (-odds).exp()))));
        rows.extend(row);
    }
    (rows, labels)
}

fn options() -> Options {
    Options { trees: 30, depth: 4, rate: 0.2, min_child: 1.0, l2: 1.0, seed: 7, columns: 0.8, ..Options::default() }
}

fn grown() -> (Forest, Vec<f32>) {
    let (rows, labels) = world(1, 3000);
    (train(&rows, COLUMNS, &labels, None, &options()).unwrap(), rows)
}

fn log_loss(forest: &Forest, rows: &[f32], labels: &[f32]) -> f64 {
    let loss = |(row, label): (&[f32], &f32)| {
        let odds = forest.predict(row);
        (1.0 + (if *label > 0.5 { -odds } else { odds }).exp()).ln()
    };
    rows.chunks(COLUMNS).zip(labels).map(loss).sum::<f64>() / labels.len() as f64
}

#[test]
fn scores_as_the_library_does() {
    let (rows, labels) = world(1, 3000);
    let forest = train(&rows, COLUMNS, &labels, None, &options()).unwrap();
    let own = own_predictions(&rows, COLUMNS, &labels, &options()).unwrap();
    for (row, expected) in rows.chunks(COLUMNS).zip(own) {
        assert!((forest.predict(row) - expected).abs() < 1e-6);
    }
}

#[test]
fn learns_what_is_there() {
    let (forest, _) = grown();
    let (rows, labels) = world(2, 2000);
    let loss = log_loss(&forest, &rows, &labels);
    let share = f64::from(labels.iter().sum::<f32>()) / labels.len() as f64;
    let ignorance = -share * share.ln() - (1.0 - share) * (1.0 - share).ln();
    assert!(loss < ignorance * 0.8, "{loss} against {ignorance}");
}

#[test]
fn is_the_same_by_seed_and_another_by_another() {
    let (rows, labels) = world(1, 1000);
    let with = |seed| train(&rows, COLUMNS, &labels, None, &Options { seed, ..options() }).unwrap().to_bytes();
    assert_eq!(with(7), with(7));
    assert_ne!(with(7), with(8));
}

#[test]
fn survives_a_round_trip() {
    let (forest, _) = grown();
    assert_eq!(Forest::from_bytes(&forest.to_bytes()).unwrap(), forest);
    let json = serde_json::to_string(&forest).unwrap();
    assert_eq!(serde_json::from_str::<Forest>(&json).unwrap(), forest);
}

#[test]
fn contributions_add_up_to_the_score() {
    let (forest, rows) = grown();
    for row in rows.chunks(COLUMNS).take(200) {
        let sum = forest.expected() + forest.contributions(row).iter().sum::<f64>();
        assert!((sum - forest.predict(row)).abs() < 1e-6);
    }
}

#[test]
fn constant_columns_and_missing_ends_of_rows_do_no_harm() {
    let (forest, rows) = grown();
    assert!(forest.contributions(&rows[..COLUMNS])[COLUMNS - 1].abs() < f64::EPSILON);
    let all_missing = [f32::NAN; COLUMNS];
    assert_eq!(forest.predict(&[]).to_bits(), forest.predict(&all_missing).to_bits());
    assert!(forest.predict(&[f32::INFINITY; COLUMNS]).is_finite());
}

#[test]
fn a_rising_column_never_lowers_the_score() {
    let (rows, labels) = world(3, 2000);
    let rising = Options { monotone: vec![(0, Direction::Rising), (1, Direction::Falling)], ..options() };
    let forest = train(&rows, COLUMNS, &labels, None, &rising).unwrap();
    for row in rows.chunks(COLUMNS).take(100) {
        let scores = |column: usize| {
            let mut row = row.to_vec();
            (-30..30)
                .map(|tenth| {
                    row[column] = tenth as f32 / 10.0;
                    forest.predict(&row)
                })
                .collect::<Vec<_>>()
        };
        assert!(scores(0).is_sorted_by(|before, after| *before <= after + 1e-9));
        assert!(scores(1).is_sorted_by(|before, after| *before >= after - 1e-9));
    }
}

#[test]
fn stops_when_the_judging_rows_gain_nothing_more() {
    let (rows, labels) = world(4, 600);
    let eager = Options { trees: 400, rate: 0.5, depth: 6, stopping: None, ..options() };
    let careful = Options { stopping: Some(Stopping { share: 0.25, patience: 10 }), ..eager.clone() };
    let (eager, careful) = [eager, careful].map(|options| train(&rows, COLUMNS, &labels, None, &options).unwrap()).into();
    assert!(careful.trees() < 100 && eager.trees() == 400);
    let (rows, labels) = world(5, 2000);
    assert!(log_loss(&careful, &rows, &labels) < log_loss(&eager, &rows, &labels));
}

#[test]
fn rows_without_weight_teach_nothing() {
    let (rows, labels) = world(1, 1000);
    let weights: Vec<f32> = (0..1000).map(|row| f32::from(row < 600)).collect();
    let weighted = train(&rows, COLUMNS, &labels, Some(&weights), &options()).unwrap();
    let fewer = train(&rows[..600 * COLUMNS], COLUMNS, &labels[..600], None, &options()).unwrap();
    assert_eq!(weighted, fewer);
}

#[test]
fn the_mean_of_forests_is_the_mean_of_their_scores() {
    let (rows, labels) = world(1, 1000);
    let forests = [1, 2, 3].map(|seed| train(&rows, COLUMNS, &labels, None, &Options { seed, ..options() }).unwrap());
    let mean = Forest::mean(&forests).unwrap();
    for row in rows.chunks(COLUMNS).take(100) {
        let expected = forests.iter().map(|forest| forest.predict(row)).sum::<f64>() / 3.0;
        assert!((mean.predict(row) - expected).abs() < 1e-5);
    }
    assert_eq!(Forest::from_bytes(&mean.to_bytes()).unwrap(), mean);
    assert!(Forest::mean(&[]).is_none());
}

#[test]
fn says_why_there_is_nothing_to_grow() {
    let (rows, labels) = world(1, 100);
    let try_with = |rows: &[f32], labels: &[f32], weights: Option<&[f32]>, options: &Options| {
        train(rows, COLUMNS, labels, weights, options).unwrap_err()
    };
    assert_eq!(try_with(&rows[1..], &labels, None, &options()), TrainError::Shape);
    assert_eq!(try_with(&rows, &labels, Some(&[1.0]), &options()), TrainError::Shape);
    assert_eq!(try_with(&[], &[], None, &options()), TrainError::NothingToLearn);
    assert_eq!(try_with(&rows, &[1.0; 100], None, &options()), TrainError::NothingToLearn);
    assert_eq!(try_with(&[0.5; 100 * COLUMNS], &labels, None, &options()), TrainError::NothingToLearn);
    assert_eq!(try_with(&rows, &[f32::NAN; 100], None, &options()), TrainError::Values);
    assert_eq!(try_with(&rows, &labels, Some(&[-1.0; 100]), &options()), TrainError::Values);
    assert_eq!(try_with(&rows, &labels, None, &Options { rate: 0.0, ..options() }), TrainError::Option("rate"));
    let beyond = Options { monotone: vec![(COLUMNS, Direction::Rising)], ..options() };
    assert_eq!(try_with(&rows, &labels, None, &beyond), TrainError::Option("monotone"));
}

#[test]
fn every_changed_byte_is_noticed() {
    let (rows, labels) = world(1, 300);
    let bytes = train(&rows, COLUMNS, &labels, None, &Options { trees: 2, ..options() }).unwrap().to_bytes();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x10;
        assert!(Forest::from_bytes(&changed).is_err(), "byte {place}");
        assert!(Forest::from_bytes(&bytes[..place]).is_err(), "cut at {place}");
    }
    assert_eq!(Forest::from_bytes(b"RCFT\x09"), Err(BrokenForest::UnknownVersion(9)));
    assert_eq!(Forest::from_bytes(b"{}"), Err(BrokenForest::NotAForest));
}

#[test]
fn a_forest_that_would_never_end_is_refused() {
    let json = r#"{"columns":1,"base":0.0,"roots":[0],"nodes":[
        {"column":0,"missing_right":false,"threshold":1.0,"left":0,"value":0.0},
        {"column":65535,"missing_right":false,"threshold":0.0,"left":0,"value":1.0}]}"#;
    assert!(serde_json::from_str::<Forest>(json).is_err());
}

proptest! {
    #[test]
    fn garbage_never_panics(garbage in proptest::collection::vec(any::<u8>(), 0..400), seed in any::<u64>()) {
        let mut framed = b"RCFT\x01".to_vec();
        framed.extend(&garbage);
        prop_assert!(Forest::from_bytes(&garbage).is_err());
        prop_assert!(Forest::from_bytes(&framed).is_err());
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut noise = vec![0; 200];
        chance.fill_bytes(&mut noise);
        prop_assert!(Forest::from_bytes(&noise).is_err());
    }
}
