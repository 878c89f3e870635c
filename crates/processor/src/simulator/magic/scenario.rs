//! What each scenario number stands for: a response code with its conditions, or a behaviour.

use std::time::Duration;

use domain::{
    card::Network,
    order::ChallengeField,
    time::{DAY, HOUR},
};

use super::number::Pattern;

/// `CCCC` of the pattern, read for its network, with `NNN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub kind: Kind,
    /// `NNN`: the rescue attempt that is approved, 0 never, unless the behaviour says otherwise.
    pub parameter: u16,
    pub network: Network,
}

/// Code or behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Declines with this code until its conditions are met.
    Code(Code),
    /// Does something that a code cannot say.
    Behaviour(Behaviour),
}

/// A response code with its Mastercard advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code {
    pub response: [u8; 2],
    pub advice: Option<[u8; 2]>,
}

/// The scenarios `95xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// 9501: connection lost, the charge was made; look-up finds it.
    LostCharged,
    /// 9502: connection lost, nothing charged; look-up says so.
    LostUncharged,
    /// 9503: connection lost, look-up fails too for a day, then "not charged".
    LostBlind,
    /// 9504: approved for `NNN` percent.
    Partial,
    /// 9505: 91 for `NNN` hours from the first evaluate.
    Outage,
    /// 9506: approved; chargeback after `NNN` days.
    Chargeback,
    /// 9507: authorised, capture refused.
    CaptureRefused,
    /// 9508: approved, refund refused.
    RefundRefused,
    /// 9509: approved after `NNN` tenths of a second.
    Slow,
    /// 9510–9513: the customer must correct something.
    Challenge(ChallengeField),
    /// 9514: the updater gives a new number, which is approved.
    NewNumber,
    /// 9515: the updater says closed.
    Closed,
    /// 9516: no funds until the next 1st or 15th.
    Payday,
    /// 9517: duplicate; the original turns out approved.
    Duplicate,
}

/// What must be true of a request before a code gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// CVV 123.
    Cvv,
    /// 3-D Secure data.
    ThreeDs,
    /// A credential newer than the one vaulted, not expired; then `NNN` no longer counts.
    NewExpiry,
    /// The clear card number instead of a token.
    ClearPan,
    /// Nothing helps these data.
    NewCard,
}

/// Response codes of `91xx`, in order from 9101.
const LETTER_CODES: [&[u8; 2]; 7] = [b"1A", b"5C", b"9G", b"N7", b"R0", b"R1", b"R3"];
/// Codes after which Visa forbids every attempt (category 1), Mastercard's advice aside. `46` is not listed by
/// number for Mastercard, but a closed account is as final there.
const FORBIDDING_CODES: [&[u8; 2]; 11] = [b"04", b"07", b"12", b"15", b"41", b"43", b"46", b"57", b"R0", b"R1", b"R3"];

impl Scenario {
    /// The scenario of a number of the pattern; `None` when `CCCC` stands for nothing.
    pub(crate) fn of(pattern: Pattern) -> Option<Self> {
        let kind = match (pattern.scenario / 100, pattern.scenario % 100) {
            (91, letter) => Kind::Code(Code { response: **LETTER_CODES.get(usize::from(letter).checked_sub(1)?)?, advice: None }),
            (95, behaviour) => Kind::Behaviour(Behaviour::of(behaviour)?),
            (0, iso) => Kind::Code(Code { response: two_digits(iso), advice: None }),
            (mac, iso) if pattern.network == Network::Mastercard => {
                Kind::Code(Code { response: two_digits(iso), advice: Some(two_digits(mac)) })
            }
            _ => return None,
        };
        Some(Self { kind, parameter: pattern.parameter, network: pattern.network })
    }

    /// The code that stands for the merchant's own decline; behaviours without one are worked whatever was sent.
    pub(crate) const fn declined_with(self) -> Option<Code> {
        match self.kind {
            Kind::Code(code) => Some(code),
            Kind::Behaviour(behaviour) => match behaviour.code() {
                Some(response) => Some(Code { response, advice: None }),
                None => None,
            },
        }
    }

    /// What the customer is asked for when present.
    pub(crate) fn challenge(self) -> Option<ChallengeField> {
        match self.kind {
            Kind::Behaviour(Behaviour::Challenge(field)) => Some(field),
            Kind::Behaviour(_) => None,
            Kind::Code(code) if code.advice.is_some() => None,
            Kind::Code(code) => match code.needs(self.network) {
                Needs::Cvv => Some(ChallengeField::Cvv),
                Needs::ThreeDs => Some(ChallengeField::ThreeDs),
                _ => None,
            },
        }
    }
}

impl Behaviour {
    const fn of(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::LostCharged,
            2 => Self::LostUncharged,
            3 => Self::LostBlind,
            4 => Self::Partial,
            5 => Self::Outage,
            6 => Self::Chargeback,
            7 => Self::CaptureRefused,
            8 => Self::RefundRefused,
            9 => Self::Slow,
            10 => Self::Challenge(ChallengeField::Cvv),
            11 => Self::Challenge(ChallengeField::BillingAddress),
            12 => Self::Challenge(ChallengeField::CardExpiry),
            13 => Self::Challenge(ChallengeField::ThreeDs),
            14 => Self::NewNumber,
            15 => Self::Closed,
            16 => Self::Payday,
            17 => Self::Duplicate,
            _ => return None,
        })
    }

    /// The code of the merchant's own decline, where the behaviour implies one.
    const fn code(self) -> Option<[u8; 2]> {
        match self {
            Self::Outage => Some(*b"91"),
            Self::NewNumber | Self::Closed => Some(*b"14"),
            Self::Payday => Some(*b"51"),
            Self::Duplicate => Some(*b"94"),
            _ => None,
        }
    }
}

impl Code {
    /// The response code as text.
    pub(crate) fn response(self) -> String {
        String::from_utf8_lossy(&self.response).into_owned()
    }

    /// The advice code as text.
    pub(crate) fn advice(self) -> Option<String> {
        self.advice.map(|advice| String::from_utf8_lossy(&advice).into_owned())
    }

    pub(crate) fn needs(self, network: Network) -> Needs {
        match (&self.response, self.advice.as_ref()) {
            (b"1A", _) | (b"83", Some(b"01")) => Needs::ThreeDs,
            (b"65", None) if network == Network::Mastercard => Needs::ThreeDs,
            (b"N7", _) => Needs::Cvv,
            (b"88", Some(b"04")) => Needs::ClearPan,
            (b"54", _) | (_, Some(b"01")) => Needs::NewExpiry,
            (b"14", _) => Needs::NewCard,
            _ => Needs::Nothing,
        }
    }

    /// How long after the decline the issuer says the same, whatever is sent.
    pub(crate) fn wait(self) -> Option<Duration> {
        match (&self.response, self.advice) {
            (b"9G", None) => Some(DAY * 3),
            (_, Some(advice)) if &advice == b"02" => Some(DAY * 3),
            (_, Some(advice)) => retry_advice_wait(advice),
            _ => None,
        }
    }

    /// Whether a decline stays one until the issuer's next local day (amount and count limits).
    pub(crate) fn clears_at_midnight(self, network: Network) -> bool {
        matches!(&self.response, b"61" | b"65" | b"75") && self.needs(network) == Needs::Nothing
    }

    /// Whether the network forbids every further attempt.
    pub(crate) fn forbids(self) -> bool {
        FORBIDDING_CODES.contains(&&self.response) || matches!(self.advice.as_ref(), Some(b"03" | b"21"))
    }

    /// Whether the code means "approved" (ISO 8583).
    pub(crate) fn approves(self) -> bool {
        matches!(&self.response, b"00" | b"08" | b"10" | b"11" | b"16" | b"85" | b"87")
    }
}

/// Mastercard's advice 24–30: the wait it asks for.
pub(crate) fn retry_advice_wait(advice: [u8; 2]) -> Option<Duration> {
    Some(match &advice {
        b"24" => HOUR,
        b"25" => DAY,
        b"26" => DAY * 2,
        b"27" => DAY * 4,
        b"28" => DAY * 6,
        b"29" => DAY * 8,
        b"30" => DAY * 10,
        _ => return None,
    })
}

const fn two_digits(number: u16) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}
