//! A customer with a card on file and a plan.

use domain::card::{Expiry, Pan};
use processor::simulator::issuer;
use rand::{RngExt as _, rngs::ChaCha8Rng};

use super::{STEPS_PER_DAY, World};

/// What a subscription costs, and how often.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub name: &'static str,
    /// Cents, USD.
    pub cents: i64,
    /// Days from one rebill to the next.
    pub every_days: u32,
    /// Which of the shop's two sites sells it.
    pub site: usize,
    /// Customers that have it, of a hundred.
    share: u32,
}

/// What the shop sells.
pub const PLANS: [Plan; 6] = [
    Plan { name: "Press digital", cents: 999, every_days: 30, site: 0, share: 26 },
    Plan { name: "Press weekend", cents: 1_999, every_days: 30, site: 0, share: 24 },
    Plan { name: "Press family", cents: 3_499, every_days: 30, site: 0, share: 16 },
    Plan { name: "Garden club", cents: 5_900, every_days: 30, site: 1, share: 14 },
    Plan { name: "Garden fortnight", cents: 4_450, every_days: 14, site: 1, share: 12 },
    Plan { name: "Garden weekly", cents: 2_490, every_days: 7, site: 1, share: 8 },
];

const FIRST_NAMES: [&str; 12] =
    ["Ada", "Ben", "Carla", "Daniel", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Luis"];
const LAST_NAMES: [&str; 12] =
    ["Adler", "Brooks", "Costa", "Doyle", "Evans", "Fischer", "Garcia", "Hughes", "Ivanov", "Jansen", "Kim", "Lopez"];

/// Somebody with a card.
pub struct Customer {
    /// The shop's own number.
    pub id: String,
    /// The card, one of the simulated issuers' test cards.
    pub card: Pan,
    /// Its expiry, in the future.
    pub expiry: Expiry,
    /// Given name.
    pub first_name: &'static str,
    /// Family name.
    pub last_name: &'static str,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
    /// What they pay for.
    pub plan: &'static Plan,
    /// The step of their first rebill.
    pub first_step: u32,
}

impl Customer {
    /// The n-th customer; `None` never in practice (no Luhn digit fits).
    pub fn drawn(world: &World, n: u32, rng: &mut ChaCha8Rng) -> Option<Self> {
        let card = issuer::card(world.seed, u64::from(n))?;
        Some(Self::with_card(world, format!("C{n:06}"), card, rng))
    }

    /// A customer with a given card.
    pub fn with_card(world: &World, id: String, card: Pan, rng: &mut ChaCha8Rng) -> Self {
        let plan = plan(rng);
        let year = world.start.civil_at(0).year() as u16 + rng.random_range(1..5u16);
        Self {
            id,
            expiry: Expiry { month: rng.random_range(1..=12), year },
            first_name: FIRST_NAMES[rng.random_range(0..FIRST_NAMES.len())],
            last_name: LAST_NAMES[rng.random_range(0..LAST_NAMES.len())],
            offset_minutes: issuer::offset_minutes(world.seed, &card),
            plan,
            first_step: rng.random_range(0..plan.every_days * STEPS_PER_DAY),
            card,
        }
    }
}

fn plan(rng: &mut ChaCha8Rng) -> &'static Plan {
    let mut drawn = rng.random_range(0..100u32);
    for plan in &PLANS {
        match drawn.checked_sub(plan.share) {
            Some(rest) => drawn = rest,
            None => return plan,
        }
    }
    &PLANS[0]
}

#[cfg(test)]
mod tests {
    use super::PLANS;

    #[test]
    fn the_shares_are_all_customers() {
        assert_eq!(PLANS.iter().map(|plan| plan.share).sum::<u32>(), 100);
    }
}
