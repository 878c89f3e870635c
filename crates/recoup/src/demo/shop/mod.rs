//! The subscription shop: who its customers are, what it charges when, and what its own processor's issuers answer.
//! Pure: the same seed, start and size give the same business.

mod customer;
mod rebill;
mod visitor;

use domain::time::{DAY, Timestamp};
use rand::{SeedableRng as _, rngs::ChaCha8Rng};

pub use self::{
    customer::Customer,
    rebill::Rebill,
    visitor::{Card, Visitor},
};

/// Virtual days with new business: five weeks.
pub const BUSINESS_DAYS: u32 = 35;
/// The shop works its books this often a day.
pub const STEPS_PER_DAY: u32 = 8;

/// What decides a business.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Of the customers and the simulated issuers.
    pub seed: u64,
    /// Its first moment, UTC, virtual.
    pub start: Timestamp,
    /// Customers at the start.
    pub subscribers: u32,
}

impl World {
    /// The instant of a step.
    pub fn at(&self, step: u32) -> Timestamp {
        self.start + DAY * step / STEPS_PER_DAY
    }

    /// Part of every order id: runs on one data folder start on different virtual days.
    pub fn tag(&self) -> String {
        self.start.iso6()[..10].replace('-', "")
    }
}

/// All that the shop is going to do.
pub struct Business {
    /// Its customers at the start.
    pub customers: Vec<Customer>,
    /// Every rebill, in the order of time. A customer whose rebill is declined is not billed again: the rescue has
    /// the invoice.
    pub rebills: Vec<Rebill>,
    /// Everybody who signs up, in the order of time.
    pub visitors: Vec<Visitor>,
}

impl Business {
    /// The business of a world.
    pub fn of(world: &World) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(world.seed);
        let customers: Vec<Customer> = (0..world.subscribers).filter_map(|n| Customer::drawn(world, n, &mut rng)).collect();
        let mut rebills: Vec<Rebill> =
            customers.iter().enumerate().flat_map(|(index, customer)| rebill::of(world, index, customer)).collect();
        rebills.sort_by_key(|rebill| (rebill.step, rebill.customer));
        Self { rebills, visitors: visitor::all(world, &mut rng), customers }
    }

    /// The rebills of a step.
    pub fn rebills_at(&self, step: u32) -> &[Rebill] {
        let from = self.rebills.partition_point(|rebill| rebill.step < step);
        let to = self.rebills.partition_point(|rebill| rebill.step <= step);
        &self.rebills[from..to]
    }

    /// Who signs up in a step.
    pub fn visitors_at(&self, step: u32) -> &[Visitor] {
        let from = self.visitors.partition_point(|visitor| visitor.step < step);
        let to = self.visitors.partition_point(|visitor| visitor.step <= step);
        &self.visitors[from..to]
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn world(seed: u64, subscribers: u32) -> World {
        World { seed, start: Timestamp::parse("2026-11-23T00:00:00Z").unwrap(), subscribers }
    }

    /// Everything that would be sent, as text.
    fn told(business: &Business) -> Vec<String> {
        let customers = business.customers.iter().map(|c| {
            let (id, card) = (&c.id, c.card.reveal());
            format!("{id} {card} {:?} {} {} {} {}", c.expiry, c.first_name, c.last_name, c.first_step, c.plan.name)
        });
        let rebills = business.rebills.iter().map(|rebill| format!("{rebill:?}"));
        let visitors = business.visitors.iter().map(|v| format!("{} {} {:?}", v.step, v.customer.card.reveal(), v.decline));
        customers.chain(rebills).chain(visitors).collect()
    }

    #[test]
    fn the_same_seed_plays_the_same_business() {
        assert_eq!(told(&Business::of(&world(7, 60))), told(&Business::of(&world(7, 60))));
        assert_ne!(told(&Business::of(&world(7, 60))), told(&Business::of(&world(8, 60))));
    }

    #[test]
    fn the_steps_hold_everything_once() {
        let business = Business::of(&world(7, 150));
        let steps = 0..BUSINESS_DAYS * STEPS_PER_DAY;
        assert_eq!(steps.clone().map(|step| business.rebills_at(step).len()).sum::<usize>(), business.rebills.len());
        assert_eq!(steps.map(|step| business.visitors_at(step).len()).sum::<usize>(), business.visitors.len());
        assert!(business.rebills.len() > 150 && business.visitors.len() as u32 >= BUSINESS_DAYS);
    }

    #[test]
    fn a_declined_customer_is_not_billed_again() {
        let business = Business::of(&world(3, 400));
        let mut declined = std::collections::BTreeSet::new();
        for rebill in &business.rebills {
            assert!(!declined.contains(&rebill.customer), "{rebill:?}");
            if rebill.decline.is_some() {
                declined.insert(rebill.customer);
            }
        }
        let share = declined.len() as f64 / business.rebills.len() as f64;
        assert!((0.08..0.25).contains(&share), "declined {share}");
    }

    #[test]
    fn a_step_is_an_instant_and_a_run_has_a_name() {
        let world = world(1, 1);
        assert_eq!(world.at(0), world.start);
        assert_eq!(world.at(STEPS_PER_DAY * 3 + 1).iso6(), "2026-11-26T03:00:00.000000Z");
        assert_eq!(world.tag(), "20261123");
    }
}
