//! The states of an application and the lawful ways between them.

use serde::{Deserialize, Serialize};

use crate::{id::Mid, time::Timestamp};

crate::words! {
    /// The state's name: what the store keeps beside the data, lists and filters show.
    pub enum Code {
        /// Being filled in.
        Draft = "DRAFT",
        /// Handed in.
        Submitted = "SUBMITTED",
        /// Being looked at.
        InReview = "IN_REVIEW",
        /// Accepted.
        Approved = "APPROVED",
        /// Refused.
        Declined = "DECLINED",
        /// Withdrawn.
        Cancelled = "CANCELLED",
        /// A merchant.
        Converted = "CONVERTED",
    }
}

impl Code {
    /// The word of a single object: `In Review`.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Submitted => "Submitted",
            Self::InReview => "In Review",
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::Cancelled => "Cancelled",
            Self::Converted => "Converted",
        }
    }

    /// The state as a part of a sentence: `in review`.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Submitted => "submitted",
            Self::InReview => "in review",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Converted => "converted",
        }
    }

    /// Reads a state in any of its forms: `IN_REVIEW`, `In Review`, `inreview`.
    pub fn read(text: &str) -> Option<Self> {
        let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let wanted = plain(text);
        Self::ALL.iter().copied().find(|code| plain(code.as_str()) == wanted)
    }
}

/// How far an application is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum State {
    /// Being filled in.
    Draft,
    /// Handed in.
    Submitted {
        /// When, UTC.
        at: Timestamp,
    },
    /// Being looked at.
    InReview {
        /// Since when, UTC.
        at: Timestamp,
    },
    /// Accepted.
    Approved {
        /// When, UTC.
        at: Timestamp,
        /// Why, as far as was said.
        reason: Option<String>,
    },
    /// Refused.
    Declined {
        /// When, UTC.
        at: Timestamp,
        /// Why, as far as was said.
        reason: Option<String>,
    },
    /// Withdrawn.
    Cancelled {
        /// When, UTC.
        at: Timestamp,
    },
    /// A merchant.
    Converted {
        /// When, UTC.
        at: Timestamp,
        /// The merchant.
        mid: Mid,
    },
}

/// A step that the state does not allow; says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// It has been done.
    #[error("Application is already {}.", .0.phrase())]
    Already(Code),
    /// Something else must come first.
    #[error("Application is {}, not {}.", found.phrase(), wanted.phrase())]
    NotYet {
        /// Where it is.
        found: Code,
        /// Where it would have to be.
        wanted: Code,
    },
}

impl State {
    /// Its name.
    pub const fn code(&self) -> Code {
        match self {
            Self::Draft => Code::Draft,
            Self::Submitted { .. } => Code::Submitted,
            Self::InReview { .. } => Code::InReview,
            Self::Approved { .. } => Code::Approved,
            Self::Declined { .. } => Code::Declined,
            Self::Cancelled { .. } => Code::Cancelled,
            Self::Converted { .. } => Code::Converted,
        }
    }

    /// Why it was approved or declined.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Approved { reason, .. } | Self::Declined { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// The merchant it became.
    pub const fn mid(&self) -> Option<Mid> {
        match self {
            Self::Converted { mid, .. } => Some(*mid),
            _ => None,
        }
    }

    /// Whether its particulars may still change.
    pub const fn is_editable(&self) -> bool {
        matches!(self, Self::Draft)
    }

    /// Whether documents may still come and go: before the decision.
    pub const fn takes_documents(&self) -> bool {
        matches!(self, Self::Draft | Self::Submitted { .. } | Self::InReview { .. })
    }

    /// Hands it in.
    pub fn submit(&self, at: Timestamp) -> Result<Self, TransitionError> {
        self.only_from(Code::Draft).map(|()| Self::Submitted { at })
    }

    /// Begins the review.
    pub fn start(&self, at: Timestamp) -> Result<Self, TransitionError> {
        self.only_from(Code::Submitted).map(|()| Self::InReview { at })
    }

    /// Accepts it.
    pub fn approve(&self, at: Timestamp, reason: Option<String>) -> Result<Self, TransitionError> {
        self.only_from(Code::InReview).map(|()| Self::Approved { at, reason })
    }

    /// Refuses it.
    pub fn decline(&self, at: Timestamp, reason: Option<String>) -> Result<Self, TransitionError> {
        self.only_from(Code::InReview).map(|()| Self::Declined { at, reason })
    }

    /// Withdraws it.
    pub const fn cancel(&self, at: Timestamp) -> Result<Self, TransitionError> {
        match self {
            Self::Cancelled { .. } | Self::Converted { .. } => Err(TransitionError::Already(self.code())),
            _ => Ok(Self::Cancelled { at }),
        }
    }

    /// Makes it a merchant.
    pub fn convert(&self, at: Timestamp, mid: Mid) -> Result<Self, TransitionError> {
        self.only_from(Code::Approved).map(|()| Self::Converted { at, mid })
    }

    fn only_from(&self, wanted: Code) -> Result<(), TransitionError> {
        let found = self.code();
        match found {
            _ if found == wanted => Ok(()),
            _ if found > wanted => Err(TransitionError::Already(found)),
            _ => Err(TransitionError::NotYet { found, wanted }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_secs(1_795_132_800);
    const MID: Mid = Mid::from_bytes([7; 16]);

    fn state(code: Code) -> State {
        let reason = Some("why".to_owned());
        match code {
            Code::Draft => State::Draft,
            Code::Submitted => State::Submitted { at: AT },
            Code::InReview => State::InReview { at: AT },
            Code::Approved => State::Approved { at: AT, reason },
            Code::Declined => State::Declined { at: AT, reason },
            Code::Cancelled => State::Cancelled { at: AT },
            Code::Converted => State::Converted { at: AT, mid: MID },
        }
    }

    /// Rows: the state; columns: the steps; `x` = lawful.
    const TABLE: &str = "
        #           submit start approve decline cancel convert edit documents
        DRAFT       x      .     .       .       x      .       x    x
        SUBMITTED   .      x     .       .       x      .       .    x
        IN_REVIEW   .      .     x       x       x      .       .    x
        APPROVED    .      .     .       .       x      x       .    .
        DECLINED    .      .     .       .       x      .       .    .
        CANCELLED   .      .     .       .       .      .       .    .
        CONVERTED   .      .     .       .       .      .       .    .
    ";

    #[test]
    fn every_step_is_as_drawn() {
        let rows = TABLE.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let rows: Vec<_> = rows.filter(|row| row.len() == 9 && row[0] != "#").collect();
        assert_eq!(rows.len(), Code::ALL.len());
        for row in rows {
            let from = state(Code::parse(row[0]).unwrap());
            let steps = [
                (from.submit(AT), Code::Submitted),
                (from.start(AT), Code::InReview),
                (from.approve(AT, None), Code::Approved),
                (from.decline(AT, None), Code::Declined),
                (from.cancel(AT), Code::Cancelled),
                (from.convert(AT, MID), Code::Converted),
            ];
            for ((next, to), mark) in steps.into_iter().zip(&row[1..7]) {
                assert_eq!(next.ok().map(|next| next.code()), (*mark == "x").then_some(to), "{from:?} -> {to}");
            }
            assert_eq!((from.is_editable(), from.takes_documents()), (row[7] == "x", row[8] == "x"), "{from:?}");
        }
    }

    #[test]
    fn refusals_say_where_it_is() {
        for (refused, text) in [
            (state(Code::Submitted).submit(AT), "Application is already submitted."),
            (state(Code::InReview).submit(AT), "Application is already in review."),
            (state(Code::Cancelled).cancel(AT), "Application is already cancelled."),
            (state(Code::Converted).cancel(AT), "Application is already converted."),
            (state(Code::Draft).convert(AT, MID), "Application is a draft, not approved."),
            (state(Code::Draft).approve(AT, None), "Application is a draft, not in review."),
            (state(Code::Declined).convert(AT, MID), "Application is already declined."),
        ] {
            assert_eq!(refused.unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn states_read_back_and_have_two_words() {
        for code in Code::ALL {
            let text = serde_json::to_string(&state(*code)).unwrap();
            assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state(*code));
            assert_eq!((Code::read(code.title()), Code::read(code.as_str())), (Some(*code), Some(*code)));
        }
        assert_eq!(
            (Code::InReview.title(), Code::read("inreview"), Code::read("open")),
            ("In Review", Some(Code::InReview), None)
        );
    }
}
