//! Payouts: what the operator says became of them.

use domain::{
    bounds::{CONFLICT_RETRIES_MAX, ID_CHARS_MAX},
    change::{ChangeSet, Write},
    client::Role,
    environment::Environment,
    event::{Event, Kind},
    fault::Faults,
    id::{EventId, PayoutId},
    payout::{Payout, State},
    settlement,
};
use serde_json::json;

use crate::{Engine, Error, Principal, Result, payload::Payload};

impl Engine {
    /// The operator says how far a payout is; its settlement follows. What is said again changes nothing.
    pub async fn amend_payout(
        &self,
        principal: &Principal,
        id: PayoutId,
        state: Option<State>,
        bank_reference: Option<String>,
        mut faults: Faults,
    ) -> Result<Payout> {
        if principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        principal.require("processors")?;
        self.admit()?;
        if bank_reference.as_ref().is_some_and(|text| text.chars().count() > ID_CHARS_MAX) {
            faults.too_long("BankReference", ID_CHARS_MAX);
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        for _ in 0..CONFLICT_RETRIES_MAX {
            let known = self.store.payout(id).await?.ok_or(Error::NotFound)?;
            if !self.sees(principal, known.mid, known.environment).await {
                return Err(Error::NotFound);
            }
            let wanted = state.unwrap_or(known.state);
            if wanted != known.state && !known.state.may_become(wanted) {
                let message = format!("A payout cannot go from {} to {wanted}.", known.state);
                return Err(Error::State { message, order: None });
            }
            let reference = bank_reference.clone().or(known.bank_reference.clone());
            if wanted == known.state && reference == known.bank_reference {
                return Ok(known);
            }
            if let Some(payout) = self.keep_payout(known, wanted, reference).await? {
                return Ok(payout);
            }
        }
        Err(Error::InProgress)
    }

    /// Commits; `None` when another commit came first.
    async fn keep_payout(&self, known: Payout, state: State, bank_reference: Option<String>) -> Result<Option<Payout>> {
        let now = self.now_for(known.mid, known.environment);
        let moves = state != known.state;
        let payout = Payout { version: known.version + 1, state, bank_reference, updated_at: now, ..known };
        let mut set = ChangeSet::new().with(Write::PutPayout(Box::new(payout.clone())));
        if moves {
            let mut settlement = self.store.settlement(payout.settlement).await?.ok_or(Error::NotFound)?;
            settlement.version += 1;
            settlement.state = if state == State::Completed { settlement::State::Paid } else { settlement::State::Closed };
            if state == State::Completed {
                settlement.payout_at = now;
            }
            set.push(Write::PutSettlement(Box::new(settlement)));
        }
        self.tell_payout(&payout, Kind::PayoutUpdated, &mut set).await?;
        Ok(self.apply(set).await?.is_ok().then_some(payout))
    }

    /// The event of a payout, to the merchant's endpoints and its partner's.
    pub(super) async fn tell_payout(&self, payout: &Payout, kind: Kind, set: &mut ChangeSet) -> Result<()> {
        let tenant = self.tenants.get(payout.mid).await?.ok_or(Error::NotFound)?;
        let real = self.clock.now();
        let data = json!({
            "Mid": payout.mid,
            "PayoutId": payout.id,
            "SettlementId": payout.settlement,
            "Amount": payout.amount.minor,
            "Currency": payout.amount.currency,
            "Status": payout.state,
        });
        let event = Event {
            id: EventId::at(real, self.random.bytes()),
            owner: payout.mid.into(),
            environment: payout.environment,
            order: None,
            sequence: 0,
            kind,
            at: payout.updated_at,
            payload: Payload::plain(kind, payout.updated_at, payout.environment == Environment::Sandbox, data).json(),
        };
        for endpoint in tenant.endpoints(payout.environment, kind) {
            set.push(Write::InsertDelivery(Box::new(self.new_delivery(endpoint, &event, real, false))));
        }
        set.push(Write::PublishEvent(event));
        Ok(())
    }
}
