//! The states of an order and the lawful ways between them (`wire-api` §18.1).

use serde::{Deserialize, Serialize};

use crate::{
    decline::Reason,
    id::{AttemptId, RefundId},
    time::Timestamp,
};

crate::words! {
    /// The state's name: what the store keeps beside the data and `engineState` shows.
    pub enum Code {
        /// Accepted, not picked up.
        Received = "RECEIVED",
        /// Being decided in real time.
        Evaluating = "EVALUATING",
        /// The next attempt has a time.
        Scheduled = "SCHEDULED",
        /// An attempt is reserved or in flight.
        Attempting = "ATTEMPTING",
        /// An attempt's result is unknown and being looked up.
        Reconciling = "RECONCILING",
        /// Waits for the account updater or the customer.
        Waiting = "WAITING",
        /// The customer is asked in the widget.
        Challenged = "CHALLENGED",
        /// Suspended by the operator or a channel switch.
        Held = "HELD",
        /// Authorised; capture due.
        Authorized = "AUTHORIZED",
        /// Captured in full.
        Recovered = "RECOVERED",
        /// The period is over, a part was captured.
        PartRecovered = "PART_RECOVERED",
        /// Fully refunded.
        Refunded = "REFUNDED",
        /// Declined by Recoup.
        Rejected = "REJECTED",
        /// Cancelled, paid elsewhere, or the authorisation was voided.
        Cancelled = "CANCELLED",
        /// The period is over, nothing was captured.
        Expired = "EXPIRED",
        /// The operator must look.
        Faulted = "FAULTED",
    }
}

crate::words! {
    /// Who ended an order.
    pub enum Actor {
        /// Recoup.
        System = "system",
        /// The merchant.
        Merchant = "merchant",
        /// The customer.
        Customer = "customer",
        /// The operator.
        Operator = "operator",
    }
}

crate::words! {
    /// What a waiting order waits for.
    pub enum Awaited {
        /// New card data from the account updater.
        Updater = "updater",
        /// New data from the customer or merchant.
        Customer = "customer",
    }
}

crate::words! {
    /// What a customer can correct in a challenge.
    pub enum ChallengeField {
        /// Card verification value.
        Cvv = "cvv",
        /// Billing address.
        BillingAddress = "billingAddress",
        /// Expiry month and year.
        CardExpiry = "cardExpiry",
        /// 3-D Secure step-up.
        ThreeDs = "threeDS",
    }
}

/// The state of an order, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase")]
pub enum State {
    /// Accepted, not picked up.
    Received,
    /// Being decided while the caller waits.
    Evaluating,
    /// To be attempted at this moment.
    Scheduled {
        /// The planned moment, UTC.
        at: Timestamp,
    },
    /// An attempt is durable and may be on its way.
    Attempting {
        /// The attempt.
        attempt: AttemptId,
        /// When its result is overdue, UTC: then it is looked up.
        deadline: Timestamp,
    },
    /// The result of an attempt is unknown; it is looked up, never sent again.
    Reconciling {
        /// The attempt.
        attempt: AttemptId,
        /// The next look-up, UTC.
        next_inquiry: Timestamp,
        /// Look-ups so far.
        inquiries: u32,
    },
    /// Waits for new data.
    Waiting {
        /// From whom.
        on: Awaited,
        /// When to look again, UTC.
        until: Timestamp,
    },
    /// The customer is asked.
    Challenged {
        /// What to correct.
        fields: Vec<ChallengeField>,
        /// Tries left.
        attempts_left: u8,
        /// When the challenge ends, UTC.
        expires_at: Timestamp,
    },
    /// Suspended.
    Held {
        /// Since when, UTC.
        since: Timestamp,
    },
    /// Authorised, to be captured before the window closes.
    Authorized {
        /// The authorising attempt.
        attempt: AttemptId,
        /// End of the capture window, UTC; then the authorisation is voided.
        capture_before: Timestamp,
        /// A capture was asked for and its result is not known yet.
        capturing: bool,
    },
    /// Captured in full.
    Recovered,
    /// A part was captured, the period is over.
    PartRecovered,
    /// Fully refunded.
    Refunded {
        /// The refund that completed it.
        refund: RefundId,
    },
    /// Declined by Recoup.
    Rejected {
        /// Why.
        reason: Reason,
    },
    /// Ended without payment.
    Cancelled {
        /// Why.
        reason: Reason,
        /// By whom.
        by: Actor,
    },
    /// The period is over.
    Expired,
    /// The operator must look.
    Faulted {
        /// What went wrong, for the operator.
        fault: String,
    },
}

/// A transition the state machine does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order cannot go from {from} to {to}")]
pub struct TransitionError {
    /// From.
    pub from: Code,
    /// To.
    pub to: Code,
}

impl State {
    /// The state's name.
    pub const fn code(&self) -> Code {
        match self {
            Self::Received => Code::Received,
            Self::Evaluating => Code::Evaluating,
            Self::Scheduled { .. } => Code::Scheduled,
            Self::Attempting { .. } => Code::Attempting,
            Self::Reconciling { .. } => Code::Reconciling,
            Self::Waiting { .. } => Code::Waiting,
            Self::Challenged { .. } => Code::Challenged,
            Self::Held { .. } => Code::Held,
            Self::Authorized { .. } => Code::Authorized,
            Self::Recovered => Code::Recovered,
            Self::PartRecovered => Code::PartRecovered,
            Self::Refunded { .. } => Code::Refunded,
            Self::Rejected { .. } => Code::Rejected,
            Self::Cancelled { .. } => Code::Cancelled,
            Self::Expired => Code::Expired,
            Self::Faulted { .. } => Code::Faulted,
        }
    }

    /// Goes to the next state, when that is lawful.
    pub fn to(self, next: Self) -> Result<Self, TransitionError> {
        let (from, to) = (self.code(), next.code());
        if from.may_become(to) { Ok(next) } else { Err(TransitionError { from, to }) }
    }
}

impl Code {
    /// Whether the state machine has this edge. Staying in a state with other data counts as an edge only
    /// where the data may change (a new plan, another look-up, one try less, a requested capture).
    pub const fn may_become(self, to: Self) -> bool {
        use Code::{
            Attempting, Authorized, Cancelled, Challenged, Evaluating, Expired, Faulted, Held, PartRecovered, Received,
            Reconciling, Recovered, Refunded, Rejected, Scheduled, Waiting,
        };
        match self {
            Received => matches!(to, Evaluating | Scheduled | Waiting | Held | Rejected | Cancelled | Expired | Faulted),
            Evaluating => {
                matches!(to, Scheduled | Attempting | Waiting | Challenged | Held | Rejected | Cancelled | Expired | Faulted)
            }
            Scheduled | Waiting => {
                matches!(to, Scheduled | Attempting | Waiting | Held | Rejected | Cancelled | Expired | PartRecovered | Faulted)
            }
            Attempting => matches!(
                to,
                Reconciling
                    | Scheduled
                    | Attempting
                    | Waiting
                    | Challenged
                    | Held
                    | Authorized
                    | Recovered
                    | PartRecovered
                    | Rejected
                    | Cancelled
                    | Expired
                    | Faulted
            ),
            Reconciling => matches!(
                to,
                Reconciling
                    | Scheduled
                    | Waiting
                    | Challenged
                    | Held
                    | Authorized
                    | Recovered
                    | PartRecovered
                    | Rejected
                    | Cancelled
                    | Expired
                    | Faulted
            ),
            Challenged => matches!(to, Challenged | Attempting | Rejected | Cancelled | Expired | Faulted),
            Held => matches!(to, Scheduled | Waiting | Cancelled | Expired | PartRecovered | Faulted),
            Authorized => matches!(to, Authorized | Recovered | Cancelled | Faulted),
            Recovered | PartRecovered => matches!(to, Refunded),
            Faulted => {
                matches!(to, Scheduled | Reconciling | Recovered | Authorized | Rejected | Cancelled | Expired | PartRecovered)
            }
            Refunded | Rejected | Cancelled | Expired => false,
        }
    }

    /// Whether work goes on: the final event is still to come.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Recovered | Self::PartRecovered | Self::Refunded | Self::Rejected | Self::Cancelled | Self::Expired)
    }

    /// The wire's `status` integer.
    pub const fn status(self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Challenged | Self::Held => 1,
            Self::Rejected | Self::Cancelled | Self::Expired => 2,
            Self::Faulted => 3,
            Self::Evaluating | Self::Scheduled | Self::Attempting | Self::Reconciling | Self::Waiting => 4,
            Self::Authorized => 5,
            Self::Refunded => 6,
            Self::Recovered | Self::PartRecovered => 7,
        }
    }

    /// The wire's `statusText`: the name of the `status` integer.
    pub const fn status_text(self) -> &'static str {
        STATUS_TEXTS[self.status() as usize]
    }

    /// The wire's `statusName`: a word of the evaluate vocabulary.
    pub const fn status_name(self) -> &'static str {
        match self {
            Self::Received => "SUBMITTED",
            Self::Evaluating | Self::Scheduled | Self::Attempting | Self::Reconciling | Self::Waiting => "PROCESSING",
            Self::Challenged => "CHALLENGE",
            Self::Held => "ONHOLD",
            Self::Authorized => "CAPTUREREQUIRED",
            Self::Recovered | Self::PartRecovered => "APPROVED",
            Self::Refunded => "RETURNED",
            Self::Rejected => "DECLINED",
            Self::Cancelled => "CANCELLED",
            Self::Expired => "EXPIRED",
            Self::Faulted => "PROBLEM",
        }
    }

    /// The status that `/outcome` answers.
    pub const fn outcome(self) -> &'static str {
        match self {
            Self::Received => "SUBMITTED",
            Self::Evaluating
            | Self::Scheduled
            | Self::Attempting
            | Self::Reconciling
            | Self::Waiting
            | Self::Challenged
            | Self::Held
            | Self::Faulted => "PROCESSING",
            Self::Authorized => "CAPTUREREQUIRED",
            Self::Recovered | Self::PartRecovered | Self::Refunded => "APPROVED",
            Self::Rejected => "DECLINED",
            Self::Cancelled => "CANCELLED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// Names of the `status` integers 0–7.
pub const STATUS_TEXTS: [&str; 8] =
    ["Draft", "Onhold", "Cancelled", "Problem", "Processing", "Capturerequired", "Returned", "Completed"];

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: from; columns: to, in the order of `Code::ALL`; `x` = lawful.
    const TABLE: &str = "
        #               Rcv Evl Sch Att Rec Wai Chl Hld Aut Rcd Prt Rfd Rej Can Exp Flt
        RECEIVED         .   x   x   .   .   x   .   x   .   .   .   .   x   x   x   x
        EVALUATING       .   .   x   x   .   x   x   x   .   .   .   .   x   x   x   x
        SCHEDULED        .   .   x   x   .   x   .   x   .   .   x   .   x   x   x   x
        ATTEMPTING       .   .   x   x   x   x   x   x   x   x   x   .   x   x   x   x
        RECONCILING      .   .   x   .   x   x   x   x   x   x   x   .   x   x   x   x
        WAITING          .   .   x   x   .   x   .   x   .   .   x   .   x   x   x   x
        CHALLENGED       .   .   .   x   .   .   x   .   .   .   .   .   x   x   x   x
        HELD             .   .   x   .   .   x   .   .   .   .   x   .   .   x   x   x
        AUTHORIZED       .   .   .   .   .   .   .   .   x   x   .   .   .   x   .   x
        RECOVERED        .   .   .   .   .   .   .   .   .   .   .   x   .   .   .   .
        PART_RECOVERED   .   .   .   .   .   .   .   .   .   .   .   x   .   .   .   .
        REFUNDED         .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
        REJECTED         .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
        CANCELLED        .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
        EXPIRED          .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
        FAULTED          .   .   x   .   x   .   .   .   x   x   x   .   x   x   x   .
    ";

    #[test]
    fn every_edge_is_as_drawn() {
        let rows: Vec<Vec<&str>> = TABLE
            .lines()
            .map(|line| line.split_whitespace().collect())
            .filter(|row: &Vec<&str>| row.len() == 17 && row[0] != "#")
            .collect();
        assert_eq!(rows.len(), Code::ALL.len());
        for row in rows {
            let from = Code::parse(row[0]).unwrap();
            for (to, mark) in Code::ALL.iter().zip(&row[1..]) {
                assert_eq!(from.may_become(*to), *mark == "x", "{from} -> {to}");
            }
        }
    }

    #[test]
    fn a_closed_order_never_opens_again() {
        for from in Code::ALL.iter().filter(|code| !code.is_open()) {
            for to in Code::ALL.iter().filter(|code| code.is_open()) {
                assert!(!from.may_become(*to), "{from} -> {to}");
            }
        }
    }

    #[test]
    fn an_open_order_can_always_reach_an_end() {
        for start in Code::ALL.iter().filter(|code| code.is_open()) {
            let mut seen = vec![*start];
            while let Some(next) = Code::ALL.iter().find(|to| !seen.contains(to) && seen.iter().any(|from| from.may_become(**to)))
            {
                seen.push(*next);
            }
            assert!(seen.iter().any(|code| !code.is_open()), "{start}");
        }
    }

    #[test]
    fn a_refused_transition_names_both_ends() {
        let error = State::Recovered.to(State::Received).unwrap_err();
        assert_eq!(error.to_string(), "an order cannot go from RECOVERED to RECEIVED");
    }
}
