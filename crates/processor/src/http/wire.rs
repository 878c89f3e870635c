//! The bodies of the contract, for the client and for the simulator's server.

use std::borrow::Cow;

use domain::{
    card::{Funding, Network},
    id::{AttemptId, Mid, OrderId, RefundId, SiteId},
    money::Currency,
    time::Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    AccountUpdate, Authorization, Authorize, Capture, Failure, MitReason, Refund, RevealedCard, ThreeDSecure, UpdateAccount,
    UpdateStatus, UpdatedCard,
};

/// The opened card on the wire. No `Debug`.
#[derive(Serialize, Deserialize)]
pub(crate) struct CardBody<'a> {
    pub number: Cow<'a, str>,
    pub exp_month: Option<u8>,
    pub exp_year: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvv: Option<Cow<'a, str>>,
    pub holder_name: Option<Cow<'a, str>>,
}

/// `POST /authorize`. No `Debug`.
#[derive(Serialize, Deserialize)]
pub(crate) struct AuthorizeBody<'a> {
    pub attempt_id: AttemptId,
    pub order_id: OrderId,
    pub merchant_id: Mid,
    pub site_id: SiteId,
    pub token: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardBody<'a>>,
    pub bin: Cow<'a, str>,
    pub last4: Cow<'a, str>,
    pub brand: Network,
    pub funding: Funding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_country: Option<Cow<'a, str>>,
    pub credential_version: u32,
    pub amount_minor: i64,
    pub currency: Currency,
    pub capture: bool,
    pub is_mit: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mit_reason: Option<MitReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_transaction_id: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub three_d_secure: Option<Cow<'a, ThreeDSecure>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descriptor: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcc: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_ip: Option<Cow<'a, str>>,
    pub attempt_number: u32,
    #[serde(with = "rfc3339")]
    pub attempt_time: Timestamp,
}

impl<'a> AuthorizeBody<'a> {
    pub(super) fn of(request: &'a Authorize, reveal_card: bool) -> Self {
        Self {
            attempt_id: request.attempt,
            order_id: request.order,
            merchant_id: request.mid,
            site_id: request.site,
            token: Cow::Borrowed(&request.token),
            card: request.card.as_ref().filter(|_| reveal_card).map(|card| CardBody::of(card, request.is_mit)),
            bin: Cow::Borrowed(&request.bin),
            last4: Cow::Borrowed(&request.last4),
            brand: request.network,
            funding: request.funding,
            issuer_country: borrowed(request.issuer_country.as_ref()),
            credential_version: request.credential_version,
            amount_minor: request.amount.minor,
            currency: request.amount.currency,
            capture: request.capture,
            is_mit: request.is_mit,
            mit_reason: request.mit_reason,
            network_transaction_id: borrowed(request.network_transaction_id.as_ref()),
            three_d_secure: request.three_d_secure.as_ref().map(Cow::Borrowed),
            descriptor: borrowed(request.descriptor.as_ref()),
            mcc: borrowed(request.mcc.as_ref()),
            customer_ip: borrowed(request.customer_ip.as_ref()),
            attempt_number: request.attempt_number,
            attempt_time: request.at,
        }
    }
}

impl<'a> CardBody<'a> {
    /// CVV is never used on merchant-initiated payments, whatever the caller put there.
    fn of(card: &'a RevealedCard, is_mit: bool) -> Self {
        Self {
            number: Cow::Borrowed(card.number.reveal()),
            exp_month: card.exp_month,
            exp_year: card.exp_year,
            cvv: card.cvv.as_ref().filter(|_| !is_mit).map(|cvv| Cow::Borrowed(cvv.reveal())),
            holder_name: borrowed(card.holder_name.as_ref()),
        }
    }
}

fn borrowed(text: Option<&String>) -> Option<Cow<'_, str>> {
    text.map(|text| Cow::Borrowed(text.as_str()))
}

/// The answer of `/authorize` and `/inquire`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AuthorizeAnswer {
    pub approved: bool,
    pub response_code: String,
    #[serde(default)]
    pub merchant_advice_code: Option<String>,
    #[serde(default)]
    pub avs: Option<String>,
    #[serde(default)]
    pub cvv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_amount_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_transaction_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_card: Option<UpdatedBody>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub three_d_secure_required: Option<bool>,
}

/// `updated_card` of an answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UpdatedBody {
    #[serde(default)]
    pub exp_month: Option<u8>,
    #[serde(default)]
    pub exp_year: Option<u16>,
    #[serde(default)]
    pub last4: Option<String>,
    pub credential_version: u32,
}

impl AuthorizeAnswer {
    /// Reads the answer; one that contradicts itself is as good as none. `asked_minor`: the amount asked for, when known.
    pub(super) fn read(self, asked_minor: Option<i64>) -> Result<Authorization, Failure> {
        if !matches!(self.response_code.len(), 2 | 3) || !self.response_code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Failure::unknown("response_code is not two or three characters"));
        }
        if self.approved && self.approved_amount_minor.is_some_and(|minor| minor <= 0) {
            return Err(Failure::unknown("approved for no amount"));
        }
        let partial = self.approved_amount_minor.filter(|minor| asked_minor.is_none_or(|asked| *minor < asked));
        Ok(Authorization {
            approved: self.approved,
            response_code: self.response_code,
            advice_code: self.merchant_advice_code.filter(|code| !code.is_empty()),
            avs: self.avs,
            cvv: self.cvv,
            approved_amount_minor: partial.filter(|_| self.approved),
            network_transaction_id: self.network_transaction_id,
            processor_reference: self.processor_reference,
            updated_card: self.updated_card.map(UpdatedBody::read),
            three_d_secure_required: self.three_d_secure_required.unwrap_or(false),
        })
    }

    pub(crate) fn of(answer: Authorization) -> Self {
        Self {
            approved: answer.approved,
            response_code: answer.response_code,
            merchant_advice_code: answer.advice_code,
            avs: answer.avs,
            cvv: answer.cvv,
            approved_amount_minor: answer.approved_amount_minor,
            network_transaction_id: answer.network_transaction_id,
            processor_reference: answer.processor_reference,
            updated_card: answer.updated_card.map(UpdatedBody::of),
            three_d_secure_required: answer.three_d_secure_required.then_some(true),
        }
    }
}

impl UpdatedBody {
    fn read(self) -> UpdatedCard {
        let Self { exp_month, exp_year, last4, credential_version } = self;
        UpdatedCard { exp_month, exp_year, last4, number: None, credential_version }
    }

    fn of(card: UpdatedCard) -> Self {
        let UpdatedCard { exp_month, exp_year, last4, credential_version, .. } = card;
        Self { exp_month, exp_year, last4, credential_version }
    }
}

/// `POST /inquire` and `POST /void`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AttemptBody {
    pub attempt_id: AttemptId,
}

/// `POST /capture`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CaptureBody {
    pub attempt_id: AttemptId,
    pub amount_minor: i64,
    pub currency: Currency,
}

impl CaptureBody {
    pub(super) const fn of(request: &Capture) -> Self {
        Self { attempt_id: request.attempt, amount_minor: request.amount.minor, currency: request.amount.currency }
    }
}

/// The answer of `/capture`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CaptureAnswer {
    pub captured: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The answer of `/void`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct VoidAnswer {
    pub voided: bool,
}

/// `POST /refund`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RefundBody {
    pub refund_id: RefundId,
    pub attempt_id: AttemptId,
    pub amount_minor: i64,
    pub currency: Currency,
}

impl RefundBody {
    pub(super) const fn of(request: &Refund) -> Self {
        Self {
            refund_id: request.refund,
            attempt_id: request.attempt,
            amount_minor: request.amount.minor,
            currency: request.amount.currency,
        }
    }
}

/// The answer of `/refund`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RefundAnswer {
    pub refunded: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
}

/// `POST /account_updater`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UpdateBody<'a> {
    pub token: Cow<'a, str>,
    pub brand: Network,
    #[serde(with = "rfc3339")]
    pub attempt_time: Timestamp,
}

impl<'a> UpdateBody<'a> {
    pub(super) fn of(request: &'a UpdateAccount) -> Self {
        Self { token: Cow::Borrowed(&request.token), brand: request.network, attempt_time: request.at }
    }
}

/// The answer of `/account_updater`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UpdateAnswer {
    pub credential_version: u32,
    pub updated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_month: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_year: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UpdateStatus>,
}

impl UpdateAnswer {
    pub(super) fn read(self) -> Result<AccountUpdate, Failure> {
        if self.exp_month.is_some_and(|month| !(1..=12).contains(&month)) {
            return Err(Failure::unknown("exp_month is no month"));
        }
        let status = match self.status {
            _ if self.updated => UpdateStatus::Updated,
            Some(UpdateStatus::Updated) | None => UpdateStatus::Unknown,
            Some(status) => status,
        };
        let Self { credential_version, exp_month, exp_year, last4, .. } = self;
        Ok(AccountUpdate { status, credential_version, exp_month, exp_year, last4, number: None })
    }

    pub(crate) fn of(update: AccountUpdate) -> Self {
        let AccountUpdate { status, credential_version, exp_month, exp_year, last4, .. } = update;
        Self { credential_version, updated: status == UpdateStatus::Updated, exp_month, exp_year, last4, status: Some(status) }
    }
}

/// The answer of `/health`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HealthAnswer {
    pub ok: bool,
}

mod rfc3339 {
    use super::{Cow, Deserialize, Deserializer, Serializer, Timestamp};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.iso6())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Timestamp::parse(&text).ok_or_else(|| serde::de::Error::custom("not a date-time"))
    }
}
