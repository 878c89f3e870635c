//! What the fixed ladder would have done on the same cases: replayed against simulated issuers of the same seed, with a
//! book of their own.

use std::{cmp::Reverse, collections::BinaryHeap};

use domain::{
    card::{Expiry, Network, Pan},
    decline::Answer,
    id::{AttemptId, Mid, OrderId, SiteId, TokenId},
    ledger::{Initiator, Origin},
    money::Money,
    rules::Rules,
    settings,
    time::{DAY, Timestamp},
};
use processor::{
    Authorize, MitReason, Processor as _, RevealedCard, UpdateAccount, UpdateStatus,
    simulator::{
        Book, Simulator,
        issuer::{self, Decline},
    },
};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use recovery::{Action, Case, Observed, Updater, ladder};

use super::summary::Outcome;
use crate::failure::Failure;

/// Days that the shop gives a rescue.
pub const WINDOW_DAYS: u32 = 21;
/// The engine's own bound on attempts; the ladder has four.
const ATTEMPTS_MAX: u32 = 12;

/// A declined rebill, as both see it.
#[derive(Clone)]
pub struct Declined {
    /// When it was declined and handed over, UTC, virtual.
    pub at: Timestamp,
    /// The card on file.
    pub card: Pan,
    /// Its expiry.
    pub expiry: Expiry,
    /// What is due.
    pub amount: Money,
    /// The cardholder's minutes east of UTC.
    pub offset_minutes: i32,
    /// What the issuer said.
    pub decline: Decline,
}

/// Works every case by the ladder; the outcomes are in the order of the cases.
pub async fn replay(seed: u64, cases: &[Declined], rules: &Rules) -> Result<Vec<Outcome>, Failure> {
    let book = Book::in_memory().map_err(|error| Failure::failed(error.to_string()))?;
    let simulator = Simulator::new(seed, book);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut works: Vec<Work> = cases.iter().map(|case| Work::new(case, &mut rng)).collect();
    // Cases share issuers: what is due first goes first.
    let mut due = BinaryHeap::new();
    for (index, work) in works.iter_mut().enumerate() {
        work.plan(&simulator, rules).await?;
        due.extend(work.next.map(|at| Reverse((at, index))));
    }
    while let Some(Reverse((at, index))) = due.pop() {
        works[index].attempt(&simulator, at, &mut rng).await?;
        works[index].plan(&simulator, rules).await?;
        due.extend(works[index].next.map(|at| Reverse((at, index))));
    }
    Ok(works.into_iter().map(Work::outcome).collect())
}

struct Work<'a> {
    case: &'a Declined,
    order: OrderId,
    token: TokenId,
    number: Pan,
    expiry: Expiry,
    version: u32,
    changed_at: Option<Timestamp>,
    updater: Updater,
    observed: Vec<Observed>,
    attempts: u32,
    now: Timestamp,
    next: Option<Timestamp>,
    rescued_at: Option<Timestamp>,
}

impl<'a> Work<'a> {
    fn new(case: &'a Declined, rng: &mut ChaCha8Rng) -> Self {
        let answer = Answer::iso(&case.decline.response_code, case.decline.advice_code.as_deref());
        Self {
            case,
            order: OrderId::at(case.at, rng.random()),
            token: TokenId::at(case.at, rng.random()),
            number: case.card.clone(),
            expiry: case.expiry,
            version: 1,
            changed_at: None,
            updater: Updater::Untried,
            observed: vec![Observed { at: case.at, answer, origin: Origin::Evaluated, approved: false }],
            attempts: 0,
            now: case.at,
            next: None,
            rescued_at: None,
        }
    }

    /// Sets when the next attempt is due, if there is one; asks the updater where the ladder says so.
    async fn plan(&mut self, simulator: &Simulator, rules: &Rules) -> Result<(), Failure> {
        self.next = None;
        while self.rescued_at.is_none() {
            match ladder(&self.described(), rules).action {
                Action::Attempt { at } => self.next = Some(at),
                Action::AskUpdater => {
                    self.ask_updater(simulator).await?;
                    continue;
                }
                Action::AskCustomer | Action::LetExpire | Action::Stop { .. } => {}
            }
            break;
        }
        Ok(())
    }

    fn described(&self) -> Case<'_> {
        Case {
            now: self.now,
            placed_at: self.case.at,
            expires_at: self.case.at + DAY * WINDOW_DAYS,
            network: Network::of_bin(self.number.bin()),
            funding: issuer::funding(&self.number),
            issuer_country: None,
            merchant_country: "US",
            bin: None,
            offset_minutes: Some(self.case.offset_minutes),
            amount: self.case.amount,
            initiator: Initiator::Mit,
            observed: &self.observed,
            // Five declines in a week are far from every network's count.
            ledger: &[],
            own_attempts: self.attempts,
            max_attempts: ATTEMPTS_MAX,
            credential_version: self.version,
            credential_changed_at: self.changed_at,
            updater: self.updater,
            first_at: None,
            allowed: recovery::Allowed::default(),
            arm: domain::decision::Arm::Policy,
            seed: 0,
        }
    }

    async fn attempt(&mut self, simulator: &Simulator, at: Timestamp, rng: &mut ChaCha8Rng) -> Result<(), Failure> {
        self.attempts += 1;
        self.now = at;
        let request = self.request(AttemptId::at(at, rng.random()), at);
        let told = simulator.authorize(&request).await.map_err(|failure| Failure::failed(failure.to_string()))?;
        if told.approved {
            self.rescued_at = Some(at);
            return Ok(());
        }
        let answer = Answer::iso(&told.response_code, told.advice_code.as_deref());
        self.observed.push(Observed { at, answer, origin: Origin::Own, approved: false });
        Ok(())
    }

    fn request(&self, attempt: AttemptId, at: Timestamp) -> Authorize {
        let nobody = [0; 16];
        Authorize {
            attempt,
            order: self.order,
            mid: Mid::from_bytes(nobody),
            site: SiteId::from_bytes(nobody),
            token: self.token.to_string(),
            card: Some(RevealedCard {
                number: self.number.clone(),
                exp_month: Some(self.expiry.month),
                exp_year: Some(self.expiry.year),
                cvv: None,
                holder_name: None,
            }),
            bin: self.number.bin().to_owned(),
            last4: self.number.last4().to_owned(),
            network: Network::of_bin(self.number.bin()),
            funding: issuer::funding(&self.number),
            issuer_country: None,
            credential_version: self.version,
            amount: self.case.amount,
            capture: true,
            is_mit: true,
            mit_reason: Some(MitReason::Recurring),
            network_transaction_id: None,
            three_d_secure: None,
            descriptor: None,
            mcc: None,
            customer_ip: None,
            attempt_number: self.attempts,
            at,
            order_placed_at: self.case.at,
            phone: None,
            billing_zipcode: None,
            offset_minutes: Some(self.case.offset_minutes),
            simulator: settings::Simulator::Issuer,
        }
    }

    async fn ask_updater(&mut self, simulator: &Simulator) -> Result<(), Failure> {
        let question = UpdateAccount {
            token: self.token.to_string(),
            network: Network::of_bin(self.number.bin()),
            number: Some(self.number.clone()),
            expiry: Some(self.expiry),
            credential_version: self.version,
            at: self.now,
        };
        let told = simulator.update_account(&question).await.map_err(|failure| Failure::failed(failure.to_string()))?;
        let found = told.status == UpdateStatus::Updated && told.credential_version > self.version;
        self.updater = Updater::Tried { found };
        if found {
            self.number = told.number.unwrap_or_else(|| self.number.clone());
            let month = told.exp_month.unwrap_or(self.expiry.month);
            self.expiry = Expiry { month, year: told.exp_year.unwrap_or(self.expiry.year) };
            self.version = told.credential_version;
            // Newer than the decline that it answers, also when it is asked at the same instant.
            self.changed_at = Some(self.now + std::time::Duration::from_micros(1));
        }
        Ok(())
    }

    fn outcome(self) -> Outcome {
        Outcome {
            amount: self.case.amount,
            attempts: self.attempts,
            rescued_after: self.rescued_at.map(|at| at.since(self.case.at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::shop::{Business, tests::world};

    fn cases(seed: u64) -> Vec<Declined> {
        let world = world(seed, 500);
        let business = Business::of(&world);
        let declined = business.rebills.iter().filter_map(|rebill| {
            let customer = &business.customers[rebill.customer];
            Some(Declined {
                at: world.at(rebill.step),
                card: customer.card.clone(),
                expiry: customer.expiry,
                amount: Money::new(customer.plan.cents, domain::money::Currency::USD),
                offset_minutes: customer.offset_minutes,
                decline: rebill.decline.clone()?,
            })
        });
        declined.collect()
    }

    fn replayed(seed: u64) -> Vec<Outcome> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(replay(seed, &cases(seed), Rules::builtin())).unwrap()
    }

    #[test]
    fn the_ladder_tries_at_most_four_times_within_its_days() {
        let outcomes = replayed(5);
        assert!(outcomes.iter().any(|outcome| outcome.rescued_after.is_some()));
        assert!(outcomes.iter().any(|outcome| outcome.rescued_after.is_none()));
        for outcome in &outcomes {
            assert!(outcome.attempts <= 4, "{outcome:?}");
            assert!(outcome.rescued_after.is_none_or(|after| after >= DAY && after <= DAY * WINDOW_DAYS), "{outcome:?}");
        }
    }

    #[test]
    fn codes_that_forbid_a_retry_are_not_tried() {
        for (case, outcome) in cases(5).iter().zip(replayed(5)) {
            if ["04", "57", "R0", "R1"].contains(&case.decline.response_code.as_str()) {
                assert_eq!((outcome.attempts, outcome.rescued_after), (0, None), "{:?}", case.decline);
            }
        }
    }

    #[test]
    fn the_same_cases_have_the_same_outcomes() {
        assert_eq!(replayed(6), replayed(6));
    }
}
