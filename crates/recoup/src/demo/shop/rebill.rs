//! The charges of the cards on file.

use domain::money::{Currency, Money};
use processor::simulator::issuer::{self, Decline};

use super::{BUSINESS_DAYS, Customer, STEPS_PER_DAY, World};

/// One charge at the shop's own processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebill {
    /// When.
    pub step: u32,
    /// Whose: index among the customers.
    pub customer: usize,
    /// The customer's n-th, from 1.
    pub number: u32,
    /// How the issuer declined it; `None` when it was approved.
    pub decline: Option<Decline>,
}

/// Every rebill of a customer, up to the first that is declined.
pub fn of(world: &World, index: usize, customer: &Customer) -> Vec<Rebill> {
    let steps = (customer.first_step..BUSINESS_DAYS * STEPS_PER_DAY).step_by((customer.plan.every_days * STEPS_PER_DAY) as usize);
    let mut rebills = Vec::new();
    for (step, number) in steps.zip(1..) {
        let amount = Money::new(customer.plan.cents, Currency::USD);
        let decline = issuer::first_decline(world.seed, &customer.card, Some(customer.expiry), amount, world.at(step));
        let ends = decline.is_some();
        rebills.push(Rebill { step, customer: index, number, decline });
        if ends {
            break;
        }
    }
    rebills
}
