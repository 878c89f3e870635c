//! One issuer's habits, drawn once for its first eight digits (ISO/IEC 7812-1:2017 issuer numbers).

use super::parameters::{hold, issuer, velocity};
use crate::simulator::draw::{Draw, For};

/// How an issuer behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Habits {
    /// Key for further draws about this issuer.
    pub key: u64,
    /// Its customers' minutes east of UTC, when a request does not tell.
    pub offset_minutes: i32,
    /// How often missing funds are told as 05.
    pub says_05: f64,
    /// Days by which pay is credited early.
    pub early_days: i64,
    pub hold_mean_hours: f64,
    pub declines_per_day_max: usize,
    pub block_hours: f64,
    /// Local hour of most refusals without reason, and their swing.
    pub strict_hour: f64,
    pub swing: f64,
}

impl Habits {
    pub(crate) fn of(seed: u64, bin: &str) -> Self {
        let key = bin.get(..8).unwrap_or(bin).parse().unwrap_or(0);
        let mut draw = Draw::new(seed, For::Issuer, key, 0);
        let evasive = draw.chance(issuer::EVASIVE);
        Self {
            key,
            offset_minutes: draw.pick(&issuer::OFFSETS_MINUTES, -300),
            says_05: if evasive { issuer::EVASIVE_SAYS_05 } else { issuer::HONEST_SAYS_05 },
            early_days: if draw.chance(issuer::EARLY_CREDIT) { issuer::EARLY_CREDIT_DAYS } else { 0 },
            hold_mean_hours: within(&mut draw, hold::MEAN_HOURS),
            declines_per_day_max: within(&mut draw, velocity::DECLINES_PER_DAY_MAX) as usize,
            block_hours: within(&mut draw, velocity::BLOCK_HOURS),
            strict_hour: draw.between(0.0, 24.0),
            swing: within(&mut draw, issuer::MOOD_SWING),
        }
    }

    /// Chance of a refusal without reason at a local hour.
    pub(crate) fn mood(&self, local_hour: f64) -> f64 {
        let angle = (local_hour - self.strict_hour) / 24.0 * std::f64::consts::TAU;
        issuer::MOOD * (1.0 + self.swing * angle.cos())
    }
}

fn within(draw: &mut Draw, (low, high): (f64, f64)) -> f64 {
    draw.between(low, high)
}
