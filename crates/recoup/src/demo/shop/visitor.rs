//! People who sign up on the web: the customer is present.

use domain::{
    card::Pan,
    money::{Currency, Money},
};
use processor::simulator::issuer::{self, Decline};
use rand::{RngExt as _, rngs::ChaCha8Rng};

use super::{BUSINESS_DAYS, Customer, STEPS_PER_DAY, World};

/// Existing customers for each who signs up in a day.
const SUBSCRIBERS_PER_VISITOR: u32 = 150;
/// Of a hundred visitors, how many use a card of the contract's tables.
const TABLE_CARDS_PERCENT: u32 = 12;
/// Cards of the tables (`wire-api` §14): challenges for CVV, address and expiry, and one that is rescued with a CVV.
const TABLE_CARDS: [&str; 4] = ["4000001095100012", "4000001095110011", "4000001095120010", HELPED_BY_CVV];
const HELPED_BY_CVV: &str = "4111111111111111";
/// The right one for every test card.
const CVV: &str = "123";

/// Whose card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// Of a simulated issuer.
    Issuer,
    /// Of the contract's tables, whose answer is fixed.
    Table,
}

/// Somebody who signs up.
pub struct Visitor {
    /// When.
    pub step: u32,
    /// Who.
    pub customer: Customer,
    /// Whose card.
    pub card: Card,
    /// How the shop's own processor declined it; `None` when it was approved.
    pub decline: Option<Decline>,
}

impl Visitor {
    /// Asked for only where it helps: it need not be kept when it does not.
    pub fn cvv(&self) -> Option<&'static str> {
        (self.customer.card.reveal() == HELPED_BY_CVV).then_some(CVV)
    }
}

/// Everybody who signs up, in the order of time.
pub fn all(world: &World, rng: &mut ChaCha8Rng) -> Vec<Visitor> {
    let per_day = (world.subscribers / SUBSCRIBERS_PER_VISITOR).max(1);
    let mut visitors: Vec<Visitor> = (0..BUSINESS_DAYS * per_day).filter_map(|n| drawn(world, n, n / per_day, rng)).collect();
    visitors.sort_by_key(|visitor| visitor.step);
    visitors
}

fn drawn(world: &World, n: u32, day: u32, rng: &mut ChaCha8Rng) -> Option<Visitor> {
    let step = day * STEPS_PER_DAY + rng.random_range(0..STEPS_PER_DAY);
    let from_table = rng.random_range(0..100) < TABLE_CARDS_PERCENT;
    let (card, number) = if from_table {
        (Card::Table, Pan::parse(TABLE_CARDS[rng.random_range(0..TABLE_CARDS.len())])?)
    } else {
        (Card::Issuer, issuer::card(world.seed, u64::from(world.subscribers + n))?)
    };
    let customer = Customer::with_card(world, format!("V{n:06}"), number, rng);
    let decline = match card {
        Card::Table => Some(Decline { response_code: "05".to_owned(), advice_code: None }),
        Card::Issuer => {
            let amount = Money::new(customer.plan.cents, Currency::USD);
            issuer::first_decline(world.seed, &customer.card, Some(customer.expiry), amount, world.at(step))
        }
    };
    Some(Visitor { step, customer, card, decline })
}
