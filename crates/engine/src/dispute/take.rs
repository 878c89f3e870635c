//! Taking a report in: one commit writes the chargeback, marks the order, and owes the event and the stop of what is
//! open on the card.

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Write},
    chargeback::{Chargeback, Report, Stage, Taken},
    client::Role,
    event::{Event, Kind},
    fault::Faults,
    id::{ChargebackId, EventId},
    money::{Currency, Money},
    time::{HOUR, Timestamp},
    timer::{self, Timer},
};
use serde_json::json;

use super::find::{About, Source, Subject};
use crate::{
    Engine, Error, Principal, Result,
    commit::{Change, Commit},
    payload::Payload,
    settlement,
    tenants::Tenant,
};

/// A crash between the commit and the stop is made good after this, seconds.
pub(super) const STOP_AGAIN_SECS: u64 = 15;
/// Clocks of reporters may run ahead by so much.
const AHEAD_HOURS_MAX: u32 = 24;

/// What a reporter says of a dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The reporter's reference: the same dispute has the same one, whatever its stage.
    pub reference: String,
    /// Minor units; none: all that was paid.
    pub amount_minor: Option<i64>,
    /// When given, it must be the order's.
    pub currency: Option<Currency>,
    /// The network's reason code.
    pub reason_code: Option<String>,
    /// None: `chargeback`.
    pub stage: Option<Stage>,
    /// When the dispute came, UTC; none: now.
    pub received_at: Option<Timestamp>,
    /// Until when it can be answered, UTC.
    pub due_at: Option<Timestamp>,
    /// Acquirer reference number.
    pub arn: Option<String>,
}

/// A chargeback, and what the report did to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// As it stands.
    pub chargeback: Chargeback,
    /// It was not known before.
    pub is_new: bool,
    /// The report said something new.
    pub changed: bool,
}

impl Engine {
    /// The operator reports a dispute.
    pub async fn report_chargeback(
        &self,
        principal: &Principal,
        input: Option<(About, Notice)>,
        faults: Faults,
    ) -> Result<Reported> {
        if principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        principal.require("processors")?;
        self.admit()?;
        let Some((about, notice)) = input.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        self.take_chargeback(Source { environment: principal.environment, processor: None }, &about, notice).await
    }

    /// Takes a dispute in, for whoever has made sure who speaks: the operator's call, or a processor's notification.
    /// The same content again changes nothing; [`Error::State`] when the stage cannot follow the one known.
    pub async fn take_chargeback(&self, source: Source, about: &About, notice: Notice) -> Result<Reported> {
        let subject = self.disputed(source, about).await?;
        self.take_notice(&subject, notice).await
    }

    pub(super) async fn take_notice(&self, subject: &Subject, notice: Notice) -> Result<Reported> {
        let now = self.now_for(subject.mid, subject.environment);
        let report = report(subject, &notice, now)?;
        for _ in 0..CONFLICT_RETRIES_MAX {
            let tenant = self.tenants.get(subject.mid).await?.ok_or(Error::NotFound)?;
            let known = self.store.chargeback_by_reference(subject.mid, subject.environment, &notice.reference).await?;
            let before = known.as_ref().map(|known| (known.stage, known.amount.minor));
            let (chargeback, taken) = match known {
                None => (self.new_chargeback(subject, &notice.reference, report.clone(), now), Taken::Updated),
                Some(known) if known.order != subject.order => {
                    return Err(Error::Taken("The reference belongs to a chargeback of another order.".into()));
                }
                Some(mut known) => {
                    let taken = known.take(report.clone(), now);
                    let taken = taken.map_err(|error| Error::State { message: format!("{error}."), order: subject.order })?;
                    (known, taken)
                }
            };
            let (is_new, changed) = (before.is_none(), taken == Taken::Updated);
            if changed && !self.keep_chargeback(subject, &tenant, &chargeback, before, now).await? {
                continue;
            }
            if changed && stops(before.map(|(stage, _)| stage), chargeback.stage) {
                self.stop_disputed_soon(&chargeback).await;
            }
            return Ok(Reported { chargeback, is_new, changed });
        }
        Err(Error::InProgress)
    }

    fn new_chargeback(&self, subject: &Subject, reference: &str, report: Report, now: Timestamp) -> Chargeback {
        metrics::counter!("recoup_chargebacks_total").increment(1);
        Chargeback {
            id: ChargebackId::at(self.clock.now(), self.random.bytes()),
            version: 1,
            mid: subject.mid,
            environment: subject.environment,
            order: subject.order,
            external_order_id: subject.external_order_id.clone(),
            attempt: subject.attempt,
            cards: subject.cards.clone(),
            network: subject.network,
            reference: reference.to_owned(),
            amount: report.amount,
            reason_code: report.reason_code.clone(),
            stage: report.stage,
            received_at: report.received_at.unwrap_or(now),
            due_at: report.due_at.filter(|_| report.stage.is_open()),
            arn: report.arn.clone(),
            created_at: now,
            updated_at: now,
            reports: vec![report],
        }
    }

    /// Commits; false when another commit came first.
    async fn keep_chargeback(
        &self,
        subject: &Subject,
        tenant: &Tenant,
        chargeback: &Chargeback,
        before: Option<(Stage, i64)>,
        now: Timestamp,
    ) -> Result<bool> {
        let mut set = ChangeSet::new();
        let row = Box::new(chargeback.clone());
        let (write, kind) = match before {
            None => (Write::InsertChargeback(row), Kind::ChargebackReceived),
            Some(_) => (Write::UpdateChargeback(row), Kind::ChargebackUpdated),
        };
        set.push(write);
        if stops(before.map(|(stage, _)| stage), chargeback.stage) {
            set.push(Write::SetTimer(stop_timer(chargeback, now)));
        }
        let Some(order) = chargeback.order else {
            self.tell_without_order(subject, tenant, kind, chargeback, now, &mut set);
            return Ok(self.apply(set).await?.is_ok());
        };
        let order = self.store.order(order).await?.ok_or(Error::NotFound)?;
        let mut change = Change::of(order, tenant, now);
        change.order.is_chargeback = true;
        change.set = set;
        let moved = settlement::disputed(before, chargeback, &change.order, &tenant.merchant.settings.settlement, now);
        change.set.writes.extend(moved.into_iter().map(|item| Write::InsertSettlementItem(Box::new(item))));
        change.tell(kind, event_data(chargeback));
        Ok(matches!(self.commit(change).await?, (Commit::Done, _)))
    }

    /// A transmitted payment that never was an order has no sequence of events; its chargeback is told by itself.
    fn tell_without_order(
        &self,
        subject: &Subject,
        tenant: &Tenant,
        kind: Kind,
        chargeback: &Chargeback,
        now: Timestamp,
        set: &mut ChangeSet,
    ) {
        let mut data = event_data(chargeback);
        data["Mid"] = json!(chargeback.mid);
        let real = self.clock.now();
        let event = Event {
            id: EventId::at(real, self.random.bytes()),
            owner: chargeback.mid.into(),
            environment: chargeback.environment,
            order: None,
            sequence: 0,
            kind,
            at: now,
            payload: Payload::plain(kind, now, subject.is_test, data).json(),
        };
        for endpoint in tenant.endpoints(chargeback.environment, kind) {
            set.push(Write::InsertDelivery(Box::new(self.new_delivery(endpoint, &event, real, false))));
        }
        set.push(Write::PublishEvent(event));
    }
}

/// A dispute stops what is open on the card when it is first heard of, and when an inquiry becomes one that takes money;
/// not when all that is heard is that the merchant won.
fn stops(before: Option<Stage>, after: Stage) -> bool {
    match before {
        None => after != Stage::Won,
        Some(before) => before == Stage::Inquiry && after.holds_money(),
    }
}

pub(super) fn stop_timer(chargeback: &Chargeback, now: Timestamp) -> Timer {
    Timer {
        kind: timer::Kind::Dispute,
        subject: chargeback.id.0,
        mid: chargeback.mid,
        environment: chargeback.environment,
        due: now + std::time::Duration::from_secs(STOP_AGAIN_SECS),
        tries: 0,
    }
}

fn event_data(chargeback: &Chargeback) -> serde_json::Value {
    json!({
        "ChargebackId": chargeback.id,
        "ChargebackAmount": chargeback.amount.minor,
        "ReasonCode": chargeback.reason_code,
        "Stage": chargeback.stage,
        "DueDate": chargeback.due_at.map(Timestamp::iso6),
    })
}

fn report(subject: &Subject, notice: &Notice, now: Timestamp) -> Result<Report> {
    let mut faults = Faults::new();
    let currency = subject.amount.currency;
    if notice.currency.is_some_and(|told| told != currency) {
        faults.invalid("Currency");
    }
    if notice.received_at.is_some_and(|at| at > now + HOUR * AHEAD_HOURS_MAX) {
        faults.invalid("ReceivedOn");
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(Report {
        stage: notice.stage.unwrap_or(Stage::Chargeback),
        amount: Money::new(notice.amount_minor.unwrap_or(subject.amount.minor), currency),
        reason_code: notice.reason_code.clone(),
        received_at: notice.received_at,
        due_at: notice.due_at,
        arn: notice.arn.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::{
        Stage::{Chargeback as Disputed, Inquiry, Lost, Prearbitration, Representment, Won},
        *,
    };

    #[test]
    fn only_news_of_a_dispute_stop_rescues() {
        for (before, after, expected) in [
            (None, Inquiry, true),
            (None, Disputed, true),
            (None, Lost, true),
            (None, Won, false),
            (Some(Inquiry), Disputed, true),
            (Some(Inquiry), Won, false),
            (Some(Disputed), Representment, false),
            (Some(Won), Prearbitration, false),
        ] {
            assert_eq!(stops(before, after), expected, "{before:?} -> {after}");
        }
    }
}
