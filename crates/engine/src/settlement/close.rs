//! Closing: the period is over, or the operator says so. The reserve is taken, the payout is made ready.

use domain::{
    change::{ChangeSet, Write},
    client::Role,
    event::Kind as EventKind,
    fault::Faults,
    id::{PayoutId, SettlementId},
    money::Money,
    payout::{self, Payout},
    settlement::{Item, NOTE_CHARS_MAX, Overflow, Settlement, State, Terms, item::Kind},
    time::Timestamp,
    timer::{self, Leased},
};

use super::book::timer as timer_of;
use crate::{Engine, Error, Principal, Result};

/// How often a close or an adjustment is decided anew when items were booked meanwhile.
const TRIES_MAX: usize = 64;

impl Engine {
    /// The timer of a settlement: what is due follows from how far it is.
    pub(crate) async fn work_settlement(&self, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = SettlementId(leased.timer.subject);
        let Some(settlement) = self.store.settlement(id).await? else {
            return self.drop_job(timer::Kind::Settlement, id.0).await;
        };
        match settlement.state {
            State::Open if now < settlement.to => self.move_timer(leased, timer_of(&settlement, settlement.to)).await,
            State::Open => self.close_now(id, now, false).await.map(drop),
            State::Closed | State::Paid => self.release_reserve(leased, &settlement, now).await,
        }
    }

    /// The operator closes a settlement before its period is over; its items go on in the next one.
    pub async fn close_settlement(&self, principal: &Principal, id: SettlementId) -> Result<Settlement> {
        let settlement = self.settlement_of_operator(principal, id).await?;
        let now = self.now_for(settlement.mid, settlement.environment);
        if settlement.state != State::Open {
            return Err(closed());
        }
        self.close_now(id, now, true).await
    }

    /// The operator corrects an open settlement, up or down.
    pub async fn adjust_settlement(
        &self,
        principal: &Principal,
        id: SettlementId,
        minor: Option<i64>,
        note: Option<String>,
        mut faults: Faults,
    ) -> Result<Settlement> {
        self.settlement_of_operator(principal, id).await?;
        if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX) {
            faults.too_long("Note", NOTE_CHARS_MAX);
        }
        let Some(minor) = minor.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let source = uuid::Builder::from_unix_timestamp_millis(self.clock.now().millis().max(0) as u64, &self.random.bytes());
        let source = source.into_uuid();
        for _ in 0..TRIES_MAX {
            let mut settlement = self.store.settlement(id).await?.ok_or(Error::NotFound)?;
            if settlement.state != State::Open {
                return Err(closed());
            }
            let now = self.now_for(settlement.mid, settlement.environment);
            let item = Item { note: note.clone(), source, ..plain(&settlement, Kind::Adjustment, minor, now) };
            settlement.book([&item]).map_err(too_large)?;
            settlement.version += 1;
            let set = ChangeSet::new()
                .with(Write::InsertBookedItem { settlement: id, item: Box::new(item) })
                .with(Write::PutSettlement(Box::new(settlement.clone())));
            if self.apply(set).await?.is_ok() {
                return Ok(settlement);
            }
        }
        Err(Error::InProgress)
    }

    pub(super) async fn settlement_of_operator(&self, principal: &Principal, id: SettlementId) -> Result<Settlement> {
        if principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        principal.require("processors")?;
        self.admit()?;
        let found = self.store.settlement(id).await?.ok_or(Error::NotFound)?;
        if self.sees(principal, found.mid, found.environment).await { Ok(found) } else { Err(Error::NotFound) }
    }

    /// Books what belongs to it and closes it, in the end in one commit. One that is closed already stays as it is.
    async fn close_now(&self, id: SettlementId, now: Timestamp, early: bool) -> Result<Settlement> {
        for _ in 0..TRIES_MAX {
            let settlement = self.store.settlement(id).await?.ok_or(Error::NotFound)?;
            if settlement.state != State::Open {
                return Ok(settlement);
            }
            if self.book_account(settlement.account()).await? > 0 {
                continue;
            }
            let terms = self.settlement_terms(settlement.mid).await?;
            let (set, after) = self.closing(settlement, &terms, now, early).await?;
            if self.apply(set).await?.is_ok() {
                self.book_account(after.account()).await?;
                return Ok(after);
            }
        }
        Err(Error::InProgress)
    }

    async fn closing(&self, mut of: Settlement, terms: &Terms, now: Timestamp, early: bool) -> Result<(ChangeSet, Settlement)> {
        let mut set = ChangeSet::new();
        if early {
            of.to = of.to.min(now.max(of.from));
            of.payout_at = terms.payout_at(of.to);
        }
        let reserve = terms.reserve(of.sums.left());
        if reserve > 0 {
            let item = Item { source: of.id.0, ..plain(&of, Kind::Reserve, reserve, now) };
            of.book([&item]).map_err(too_large)?;
            set.push(Write::InsertBookedItem { settlement: of.id, item: Box::new(item) });
            set.push(Write::SetTimer(timer_of(&of, terms.release_at(of.to))));
        } else {
            set.push(Write::ClearTimer { kind: timer::Kind::Settlement, subject: of.id.0 });
        }
        of.version += 1;
        of.closed_at = Some(now);
        let amount = of.sums.payout().map_err(too_large)?;
        of.state = if amount == 0 { State::Paid } else { State::Closed };
        if amount != 0 {
            let payout = self.new_payout(&of, amount, now);
            of.payout = Some(payout.id);
            self.tell_payout(&payout, EventKind::PayoutCreated, &mut set).await?;
            set.push(Write::PutPayout(Box::new(payout)));
        }
        set.push(Write::PutSettlement(Box::new(of.clone())));
        Ok((set, of))
    }

    fn new_payout(&self, of: &Settlement, minor: i64, now: Timestamp) -> Payout {
        Payout {
            id: PayoutId::at(self.clock.now(), self.random.bytes()),
            version: 1,
            mid: of.mid,
            environment: of.environment,
            settlement: of.id,
            amount: Money::new(minor, of.currency),
            state: payout::State::Pending,
            bank_reference: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// What was held back is given back with the settlement that is open then.
    async fn release_reserve(&self, leased: &Leased, of: &Settlement, now: Timestamp) -> Result<()> {
        let items = self.store.settlement_reserve(of.id).await?;
        let mut set = ChangeSet::new().with(Write::ClearTimer { kind: timer::Kind::Settlement, subject: leased.timer.subject });
        if items > 0 {
            // The same source with another part: released twice, it is one item.
            let item = Item { source: of.id.0, part: 1, ..plain(of, Kind::Reserve, -items, now) };
            set.push(Write::InsertSettlementItem(Box::new(item)));
        }
        self.apply(set).await?.map_err(|conflict| Error::Internal(conflict.to_string()))?;
        self.book_account(of.account()).await.map(drop)
    }
}

/// An item that is about no order.
fn plain(of: &Settlement, kind: Kind, minor: i64, now: Timestamp) -> Item {
    Item {
        source: of.id.0,
        kind,
        part: 0,
        mid: of.mid,
        environment: of.environment,
        order: None,
        external_order_id: None,
        site: None,
        descriptor: None,
        amount: Money::new(minor, of.currency),
        occurred_at: now,
        note: None,
    }
}

fn closed() -> Error {
    Error::State { message: "The settlement is closed.".into(), order: None }
}

fn too_large(error: Overflow) -> Error {
    Error::State { message: error.to_string(), order: None }
}
