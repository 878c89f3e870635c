//! One issuer's habits, drawn once for its first eight digits (ISO/IEC 7812-1:2017 issuer numbers).

use jiff::civil::DateTime;

use super::{
    country::Country,
    world::{Velocity, World},
};
use crate::simulator::draw::{Draw, For};

/// How an issuer behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Habits {
    /// Key for further draws about this issuer.
    pub key: u64,
    /// Where it and its customers are.
    pub country: &'static Country,
    /// Its customers' minutes east of UTC.
    pub offset_minutes: i32,
    /// How often missing funds are told as 05.
    pub says_05: f64,
    /// Days by which pay is credited early.
    pub early_days: i64,
    /// Local hour at which it posts pay.
    pub posts_at_hour: f64,
    pub hold_half_life_hours: f64,
    pub declines_per_day_max: usize,
    pub block_hours: f64,
    pub declines_per_week_max: usize,
    pub week_block_days: f64,
    /// Local hour and weekday (0 is Monday) of most refusals without reason, and their swing.
    pub strict_hour: f64,
    pub hour_swing: f64,
    pub strict_weekday: f64,
    pub weekday_swing: f64,
}

impl Habits {
    pub(crate) fn of(world: &'static World, seed: u64, bin: &str) -> Self {
        let key = bin.get(..8).unwrap_or(bin).parse().unwrap_or(0);
        let mut draw = Draw::new(seed, For::Issuer, key, 0);
        let World { issuer, hold, pay, velocity, .. } = world;
        let country = draw.pick(world.countries, world.countries[0].1);
        let evasive = draw.chance(issuer.evasive);
        let at_midnight = draw.chance(pay.posted_at_midnight);
        let morning = within(&mut draw, pay.posting_hours);
        let Velocity { declines_per_day_max, block_hours, declines_per_week_max, week_block_days, .. } = *velocity;
        Self {
            key,
            country,
            offset_minutes: draw.pick(country.offsets_minutes, 0),
            says_05: if evasive { issuer.evasive_says_05 } else { issuer.honest_says_05 },
            early_days: if draw.chance(issuer.early_credit) { issuer.early_credit_days } else { 0 },
            posts_at_hour: if at_midnight { 0.01 } else { morning },
            hold_half_life_hours: within(&mut draw, hold.half_life_hours),
            declines_per_day_max: within(&mut draw, declines_per_day_max) as usize,
            block_hours: within(&mut draw, block_hours),
            declines_per_week_max: within(&mut draw, declines_per_week_max) as usize,
            week_block_days: within(&mut draw, week_block_days),
            strict_hour: draw.between(0.0, 24.0),
            hour_swing: within(&mut draw, issuer.hour_swing),
            strict_weekday: draw.between(0.0, 7.0),
            weekday_swing: within(&mut draw, issuer.weekday_swing),
        }
    }

    /// Chance of a refusal without reason at a local time.
    pub(crate) fn mood(&self, world: &World, local: &DateTime) -> f64 {
        let wave = |at: f64, peak: f64, period: f64| ((at - peak) / period * std::f64::consts::TAU).cos();
        let hour = f64::from(local.hour()) + f64::from(local.minute()) / 60.0;
        let weekday = f64::from(local.weekday().to_monday_zero_offset()) + hour / 24.0;
        let by_hour = 1.0 + self.hour_swing * wave(hour, self.strict_hour, 24.0);
        let by_weekday = 1.0 + self.weekday_swing * wave(weekday, self.strict_weekday, 7.0);
        world.issuer.mood * by_hour * by_weekday
    }
}

fn within(draw: &mut Draw, (low, high): (f64, f64)) -> f64 {
    draw.between(low, high)
}
