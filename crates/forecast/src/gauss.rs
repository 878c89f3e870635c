//! Normal variates from a seeded source.

use rand::{RngExt as _, rngs::ChaCha8Rng};

/// A standard normal variate (Box and Muller 1958).
pub fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius: f64 = 1.0 - rng.random::<f64>();
    let angle: f64 = rng.random::<f64>() * std::f64::consts::TAU;
    (-2.0 * radius.ln()).sqrt() * angle.cos()
}

/// The odds of a chance, as their logarithm; finite for every chance.
pub fn logit(chance: f64) -> f64 {
    const LEAST: f64 = 1e-6;
    let chance = if chance.is_finite() { chance.clamp(LEAST, 1.0 - LEAST) } else { LEAST };
    (chance / (1.0 - chance)).ln()
}

/// The chance behind the logarithm of odds.
pub fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}
