//! Chargebacks: a payment that the cardholder disputes, from the first inquiry to its end.

use serde::{Deserialize, Serialize};

use crate::{
    card::Network,
    environment::Environment,
    id::{AttemptId, ChargebackId, Mid, OrderId},
    money::Money,
    time::Timestamp,
};

crate::words! {
    /// How far a dispute is.
    pub enum Stage {
        /// The issuer asks; no money has moved.
        Inquiry = "inquiry",
        /// The issuer took the money back.
        Chargeback = "chargeback",
        /// The merchant contests it.
        Representment = "representment",
        /// The issuer contests again, before arbitration.
        Prearbitration = "prearbitration",
        /// Decided for the merchant.
        Won = "won",
        /// Decided for the cardholder.
        Lost = "lost",
    }
}

impl Stage {
    /// Whether a dispute may go from this stage to another one. Stages may be skipped, because notices get lost. A dispute
    /// that was won may be contested again or lost after all; one that was lost may be reversed; nothing else goes back.
    pub const fn may_become(self, to: Self) -> bool {
        use Stage::{Chargeback, Inquiry, Lost, Prearbitration, Representment, Won};
        match self {
            Inquiry => matches!(to, Chargeback | Representment | Prearbitration | Won | Lost),
            Chargeback => matches!(to, Representment | Prearbitration | Won | Lost),
            Representment => matches!(to, Prearbitration | Won | Lost),
            Prearbitration => matches!(to, Won | Lost),
            Won => matches!(to, Prearbitration | Lost),
            Lost => matches!(to, Won),
        }
    }

    /// Whether the money is the issuer's now, or may be soon: a refund would pay it back twice.
    pub const fn holds_money(self) -> bool {
        !matches!(self, Self::Inquiry | Self::Won)
    }

    /// Whether an answer of the merchant can still change something.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Won | Self::Lost)
    }
}

/// What was told of a dispute at one time; absent members were not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Stage.
    pub stage: Stage,
    /// Disputed amount.
    pub amount: Money,
    /// The network's reason code.
    pub reason_code: Option<String>,
    /// When the dispute came, UTC.
    pub received_at: Option<Timestamp>,
    /// Until when it can be answered, UTC.
    pub due_at: Option<Timestamp>,
    /// Acquirer reference number.
    pub arn: Option<String>,
}

/// Reports of one dispute that are kept, the oldest go first.
pub const REPORTS_MAX: usize = 32;

/// One dispute of one payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chargeback {
    /// Id.
    pub id: ChargebackId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// The order; none for a transmitted payment that never was one.
    pub order: Option<OrderId>,
    /// The merchant's order id.
    pub external_order_id: String,
    /// The disputed attempt, when it was ours.
    pub attempt: Option<AttemptId>,
    /// Fingerprints of the cards behind the payment: what is open on them stops.
    pub cards: Vec<String>,
    /// Network, when known.
    pub network: Option<Network>,
    /// The reporter's reference, unique for each merchant and environment.
    pub reference: String,
    /// Disputed amount.
    pub amount: Money,
    /// The network's reason code.
    pub reason_code: Option<String>,
    /// Stage.
    pub stage: Stage,
    /// When the dispute came, UTC.
    pub received_at: Timestamp,
    /// Until when it can be answered, UTC.
    pub due_at: Option<Timestamp>,
    /// Acquirer reference number.
    pub arn: Option<String>,
    /// First heard of, UTC, by the merchant's clock.
    pub created_at: Timestamp,
    /// Last change, UTC, by the merchant's clock.
    pub updated_at: Timestamp,
    /// What was told, oldest first.
    pub reports: Vec<Report>,
}

/// What a report did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nothing: it was told before.
    Repeated,
    /// The dispute moved on, or its data were corrected.
    Updated,
}

/// A stage that cannot follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dispute cannot go from {from} to {to}")]
pub struct StageError {
    /// From.
    pub from: Stage,
    /// To.
    pub to: Stage,
}

impl Chargeback {
    /// Takes a further report. One that was told before changes nothing, wherever the dispute stands by now.
    pub fn take(&mut self, report: Report, now: Timestamp) -> Result<Taken, StageError> {
        let moves = report.stage != self.stage;
        let lawful = self.stage.may_become(report.stage);
        let told = self.reports.contains(&report);
        match (moves, lawful) {
            (true, false) | (false, _) if told => return Ok(Taken::Repeated),
            (true, false) => return Err(StageError { from: self.stage, to: report.stage }),
            _ => {}
        }
        self.show(report, now);
        self.version += 1;
        Ok(Taken::Updated)
    }

    fn show(&mut self, report: Report, now: Timestamp) {
        self.stage = report.stage;
        self.amount = report.amount;
        self.reason_code = report.reason_code.clone().or(self.reason_code.take());
        self.received_at = report.received_at.filter(|_| self.reports.is_empty()).unwrap_or(self.received_at);
        self.due_at = report.due_at.or(self.due_at).filter(|_| report.stage.is_open());
        self.arn = report.arn.clone().or(self.arn.take());
        self.updated_at = now;
        if self.reports.len() >= REPORTS_MAX {
            self.reports.remove(0);
        }
        self.reports.push(report);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Stage::{Chargeback as Disputed, Inquiry, Lost, Prearbitration, Representment, Won},
        *,
    };
    use crate::money::Currency;

    fn report(stage: Stage, minor: i64) -> Report {
        let amount = Money::new(minor, Currency::USD);
        Report { stage, amount, reason_code: Some("10.4".into()), received_at: None, due_at: None, arn: None }
    }

    fn chargeback(first: Report) -> Chargeback {
        Chargeback {
            id: ChargebackId::from_bytes([1; 16]),
            version: 1,
            mid: Mid::from_bytes([2; 16]),
            environment: Environment::Sandbox,
            order: None,
            external_order_id: "INV-1".into(),
            attempt: None,
            cards: vec![],
            network: None,
            reference: "CB-1".into(),
            amount: first.amount,
            reason_code: first.reason_code.clone(),
            stage: first.stage,
            received_at: Timestamp::EPOCH,
            due_at: first.due_at,
            arn: None,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
            reports: vec![first],
        }
    }

    #[test]
    fn stages_follow_each_other_forward_with_three_ways_back() {
        for (from, lawful) in [
            (Inquiry, vec![Disputed, Representment, Prearbitration, Won, Lost]),
            (Disputed, vec![Representment, Prearbitration, Won, Lost]),
            (Representment, vec![Prearbitration, Won, Lost]),
            (Prearbitration, vec![Won, Lost]),
            (Won, vec![Prearbitration, Lost]),
            (Lost, vec![Won]),
        ] {
            for to in Stage::ALL {
                assert_eq!(from.may_become(*to), lawful.contains(to), "{from} -> {to}");
            }
        }
        let holding: Vec<_> = Stage::ALL.iter().filter(|stage| stage.holds_money()).collect();
        assert_eq!(holding, [&Disputed, &Representment, &Prearbitration, &Lost]);
    }

    #[test]
    fn scenarios() {
        use Taken::{Repeated, Updated};
        type Told = (Stage, i64, Result<Taken, StageError>);
        let refused = |from, to| Err(StageError { from, to });
        let scenarios: [(&str, Vec<Told>, Stage, i64); 7] = [
            ("straight", vec![(Representment, 5, Ok(Updated)), (Won, 5, Ok(Updated))], Won, 5),
            ("skipped", vec![(Lost, 5, Ok(Updated))], Lost, 5),
            ("repeated", vec![(Disputed, 5, Ok(Repeated)), (Won, 5, Ok(Updated)), (Won, 5, Ok(Repeated))], Won, 5),
            ("an old notice comes late", vec![(Won, 5, Ok(Updated)), (Disputed, 5, Ok(Repeated))], Won, 5),
            ("an unknown old notice", vec![(Won, 5, Ok(Updated)), (Representment, 5, refused(Won, Representment))], Won, 5),
            (
                "contested again",
                vec![(Won, 5, Ok(Updated)), (Prearbitration, 5, Ok(Updated)), (Won, 5, Ok(Updated)), (Lost, 5, Ok(Updated))],
                Lost,
                5,
            ),
            (
                "corrected",
                vec![(Disputed, 4, Ok(Updated)), (Disputed, 5, Ok(Repeated)), (Disputed, 4, Ok(Repeated))],
                Disputed,
                4,
            ),
        ];
        for (name, told, stage, minor) in scenarios {
            let mut chargeback = chargeback(report(Disputed, 5));
            let mut version = 1;
            for (stage, minor, expected) in told {
                assert_eq!(chargeback.take(report(stage, minor), Timestamp::EPOCH), expected, "{name}");
                version += u32::from(expected == Ok(Updated));
                assert_eq!(chargeback.version, version, "{name}");
            }
            assert_eq!((chargeback.stage, chargeback.amount.minor), (stage, minor), "{name}");
        }
    }

    #[test]
    fn what_is_not_told_again_stays_and_a_decided_dispute_is_no_longer_due() {
        let due = Timestamp::from_secs(9);
        let mut chargeback = chargeback(Report { due_at: Some(due), arn: Some("7".into()), ..report(Inquiry, 5) });
        chargeback.take(Report { reason_code: None, ..report(Disputed, 5) }, Timestamp::EPOCH).unwrap();
        assert_eq!((chargeback.reason_code.as_deref(), chargeback.due_at), (Some("10.4"), Some(due)));
        chargeback.take(report(Won, 5), Timestamp::EPOCH).unwrap();
        assert_eq!(chargeback.due_at, None);
        for minor in 0..100 {
            chargeback.take(report(Won, minor), Timestamp::EPOCH).unwrap();
        }
        assert_eq!(chargeback.reports.len(), REPORTS_MAX);
    }
}
