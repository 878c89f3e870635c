use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::{Calibration, Isotonic, Platt, sigmoid};

/// Scores that are twice too sure and one too high.
fn skewed(seed: u64) -> Vec<(f64, bool)> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    (0..20_000)
        .map(|_| {
            let truth: f64 = chance.random_range(-5.0..2.0);
            (2.0 * truth + 1.0, chance.random_bool(sigmoid(truth)))
        })
        .collect()
}

fn worst_gap(calibration: &Calibration) -> f64 {
    (-50..20)
        .map(|tenth| f64::from(tenth) / 10.0)
        .map(|truth| (calibration.probability(2.0 * truth + 1.0) - sigmoid(truth)).abs())
        .fold(0.0, f64::max)
}

#[test]
fn platt_finds_the_line() {
    let line = Platt::fit(&skewed(1)).unwrap();
    assert!((line.slope - 0.5).abs() < 0.03 && (line.shift + 0.5).abs() < 0.06, "{line:?}");
    assert!(worst_gap(&Calibration::Platt(line)) < 0.02);
}

#[test]
fn isotonic_finds_the_curve() {
    let raw = worst_gap(&Calibration::None);
    let fitted = worst_gap(&Calibration::Isotonic(Isotonic::fit(&skewed(2)).unwrap()));
    assert!(fitted < 0.08 && fitted < raw / 2.0, "{fitted} against {raw}");
}

#[test]
fn a_perfect_separation_stays_finite() {
    let line = Platt::fit(&[(-1.0, false), (-0.5, false), (0.5, true), (1.0, true)]).unwrap();
    assert!(line.slope.is_finite() && line.probability(1.0) < 1.0);
}

#[test]
fn one_outcome_alone_is_no_line() {
    assert_eq!(Platt::fit(&[(1.0, true), (2.0, true)]), None);
    assert_eq!(Platt::fit(&[]), None);
    assert_eq!(Isotonic::fit(&[]), None);
    assert_eq!(Isotonic::fit(&[(f64::NAN, true)]), None);
}

proptest! {
    #[test]
    fn isotonic_never_falls_and_keeps_the_sum(
        scored in proptest::collection::vec((-4.0_f64..4.0, any::<bool>()), 1..60)
    ) {
        let curve = Isotonic::fit(&scored).unwrap();
        let values: Vec<f64> = (-50..50).map(|tenth| curve.probability(f64::from(tenth) / 10.0)).collect();
        prop_assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
        prop_assert!(values.is_sorted());
    }

    #[test]
    fn platt_never_falls(scored in proptest::collection::vec((-4.0_f64..4.0, any::<bool>()), 2..60)) {
        if let Some(line) = Platt::fit(&scored) {
            prop_assert!(line.slope >= 0.0);
            prop_assert!((0.0..=1.0).contains(&line.probability(scored[0].0)));
        }
    }
}
