//! Marks: when a merchant's integration first and last did each thing that it must be able to do before it goes live.
//! The certification checklist ticks itself from them.

use crate::{
    channel::{Channel, Mode, Modes},
    environment::Environment,
    id::Mid,
    time::Timestamp,
};

crate::words! {
    /// One thing that an integration does.
    pub enum Mark {
        /// Exchanged its keys for an access token.
        Token = "token",
        /// Vaulted a card.
        Tokenize = "tokenize",
        /// Sent a copy of a payment.
        Transmit = "transmit",
        /// Sent a decline of a customer who is present.
        EvaluateCit = "evaluate_cit",
        /// Sent a decline of a rebill.
        EvaluateMit = "evaluate_mit",
        /// Asked what became of an order.
        OrderRead = "order_read",
        /// Gave money back.
        Refund = "refund",
        /// Answered a webhook with 2xx.
        Webhook = "webhook",
    }
}

/// When something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// For the first time, UTC, real time.
    pub first_at: Timestamp,
    /// For the last time, as far as it was noted.
    pub last_at: Timestamp,
}

impl Seen {
    /// Once, at an instant.
    pub const fn at(at: Timestamp) -> Self {
        Self { first_at: at, last_at: at }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { first_at: self.first_at.min(other.first_at), last_at: self.last_at.max(other.last_at) }
    }
}

/// What a merchant did in an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// What.
    pub mark: Mark,
    /// When.
    pub seen: Seen,
}

/// One line of the certification checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What is to be done.
    pub mark: Mark,
    /// When it was; none: not yet.
    pub seen: Option<Seen>,
    /// Whether it is asked of this merchant: a channel that is off everywhere needs no test.
    pub is_due: bool,
}

impl Item {
    /// Whether nothing is left to do here.
    pub const fn is_settled(&self) -> bool {
        self.seen.is_some() || !self.is_due
    }
}

/// The certification checklist: what was done, and what is asked of a merchant whose own and whose sites' channels are these.
pub fn checklist(noted: &[Noted], modes: &[Modes<Mode>]) -> Vec<Item> {
    let is_on = |channel: Channel| modes.iter().any(|modes| modes.get(channel) != Mode::Off);
    let item = |mark: &Mark| Item {
        mark: *mark,
        seen: seen(noted, *mark),
        is_due: match mark {
            Mark::EvaluateCit => is_on(Channel::CitWeb) || is_on(Channel::CitCallCenter),
            Mark::EvaluateMit => is_on(Channel::Mit),
            _ => true,
        },
    };
    Mark::ALL.iter().map(item).collect()
}

/// A call that needs an access token shows that one was had, by a partner's keys too.
fn seen(noted: &[Noted], mark: Mark) -> Option<Seen> {
    let shows = |other: Mark| other == mark || mark == Mark::Token && !matches!(other, Mark::Tokenize | Mark::Webhook);
    noted.iter().filter(|noted| shows(noted.mark)).map(|noted| noted.seen).reduce(Seen::and)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(mark: Mark, first: i64, last: i64) -> Noted {
        let seen = Seen { first_at: Timestamp::from_secs(first), last_at: Timestamp::from_secs(last) };
        Noted { mid: Mid::from_bytes([1; 16]), environment: Environment::Sandbox, mark, seen }
    }

    fn open(noted: &[Noted], modes: &[Modes<Mode>]) -> String {
        let left = checklist(noted, modes).into_iter().filter(|item| !item.is_settled());
        left.map(|item| item.mark.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_list_ticks_itself() {
        let all = [Modes::all(Mode::Sandbox)];
        assert_eq!(open(&[], &all), "token tokenize transmit evaluate_cit evaluate_mit order_read refund webhook");
        let some = [noted(Mark::Transmit, 5, 9), noted(Mark::Webhook, 1, 1)];
        assert_eq!(open(&some, &all), "tokenize evaluate_cit evaluate_mit order_read refund");
        let every: Vec<_> = Mark::ALL.iter().map(|mark| noted(*mark, 1, 2)).collect();
        assert_eq!(open(&every, &all), "");
    }

    #[test]
    fn channels_that_are_off_everywhere_need_no_test() {
        let off = Modes::all(Mode::Off);
        let site = Modes { cit_call_center: Mode::Production, ..off };
        assert_eq!(open(&[], &[off]), "token tokenize transmit order_read refund webhook");
        assert_eq!(open(&[], &[off, site]), "token tokenize transmit evaluate_cit order_read refund webhook");
    }

    #[test]
    fn a_token_shows_in_what_needs_one() {
        let seen = |noted: &[Noted]| checklist(noted, &[Modes::all(Mode::Off)])[0].seen;
        assert_eq!(seen(&[noted(Mark::Tokenize, 1, 1), noted(Mark::Webhook, 1, 1)]), None);
        let both = seen(&[noted(Mark::Transmit, 5, 9), noted(Mark::Token, 7, 11)]).unwrap();
        assert_eq!((both.first_at, both.last_at), (Timestamp::from_secs(5), Timestamp::from_secs(11)));
    }
}
