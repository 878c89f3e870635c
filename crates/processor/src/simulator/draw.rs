//! Chance that is no chance: every draw is a pure function of the seed and of what it is drawn for.

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};

/// A keyed hash of a card number or token. It tells cards apart and cannot be turned back without the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CardHash(pub [u8; 16]);

/// What a draw is for, so that draws for different things are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum For {
    Card = 1,
    Token,
    Transaction,
    Population,
    Issuer,
    IssuerOutage,
    CardLife,
    CardFunds,
    PayEvent,
    Hold,
    CountLimit,
    MonthLimit,
    Policy,
    Mood,
    Decline,
    Updater,
    PayDay,
    Interruption,
    Balance,
}

/// Draws for one thing, told apart by two numbers.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn new(seed: u64, what: For, a: u64, b: u64) -> Self {
        let mut key = [0; 32];
        for (chunk, word) in key.chunks_exact_mut(8).zip([seed, what as u64, a, b]) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in 0..1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// True with that probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform between two bounds.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Exponential with that mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Log-normal with that median; `sigma` is the standard deviation of the logarithm.
    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        median * (sigma * radius * (std::f64::consts::TAU * self.unit()).cos()).exp()
    }

    /// One of the values, by weight.
    pub(crate) fn pick<T: Copy>(&mut self, weighted: &[(f64, T)], otherwise: T) -> T {
        let mut rest = self.unit() * weighted.iter().map(|(weight, _)| weight).sum::<f64>();
        for (weight, value) in weighted {
            rest -= weight;
            if rest < 0.0 {
                return *value;
            }
        }
        otherwise
    }

    /// Any number.
    pub(crate) fn word(&mut self) -> u64 {
        self.0.random()
    }

    fn hash(&mut self) -> CardHash {
        CardHash(self.0.random())
    }
}

impl CardHash {
    /// Of a card number; digits fit one word.
    pub(crate) fn of_number(seed: u64, digits: &str) -> Self {
        Draw::new(seed, For::Card, digits.parse().unwrap_or(u64::MAX), digits.len() as u64).hash()
    }

    /// Of a token.
    pub(crate) fn of_token(seed: u64, token: &str) -> Self {
        let (high, low) = fnv(token);
        Draw::new(seed, For::Token, high, low).hash()
    }

    /// The first half, for further draws about this card.
    pub(crate) fn word(self) -> u64 {
        self.0.first_chunk().map_or(0, |half| u64::from_le_bytes(*half))
    }
}

/// FNV-1a, 128 bit (the published offset and prime).
fn fnv(text: &str) -> (u64, u64) {
    let hash = text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    ((hash >> 64) as u64, hash as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_differ_by_purpose() {
        let draw = |seed, what, a| Draw::new(seed, what, a, 0).word();
        assert_eq!(draw(1, For::Hold, 7), draw(1, For::Hold, 7));
        assert_ne!(draw(1, For::Hold, 7), draw(1, For::Mood, 7));
        assert_ne!(draw(1, For::Hold, 7), draw(2, For::Hold, 7));
        assert_ne!(CardHash::of_number(1, "4111111111111111"), CardHash::of_number(2, "4111111111111111"));
        assert_ne!(CardHash::of_token(1, "a"), CardHash::of_token(1, "b"));
    }

    #[test]
    fn draws_have_their_distributions() {
        let mean = |mut of: Box<dyn FnMut(&mut Draw) -> f64>| {
            (0..20_000).map(|i| of(&mut Draw::new(3, For::Hold, i, 0))).sum::<f64>() / 20_000.0
        };
        assert!((mean(Box::new(Draw::unit)) - 0.5).abs() < 0.01);
        assert!((mean(Box::new(|draw| draw.exponential(4.0))) - 4.0).abs() < 0.15);
        assert!((mean(Box::new(|draw| draw.log_normal(10.0, 0.5).ln())) - 10f64.ln()).abs() < 0.02);
        assert!((mean(Box::new(|draw| draw.pick(&[(1.0, 1.0), (3.0, 0.0)], 9.0))) - 0.25).abs() < 0.01);
    }
}
