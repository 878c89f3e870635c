//! The simulator behind the plain HTTP contract, for `recoup simulator` and for tests of the client against a real peer.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{
    card::{Cvv, Pan},
    money::Money,
    time::Timestamp,
};

use super::Simulator;
use crate::{Authorize, Capture, Failure, Inquiry, Processor as _, Refund, RevealedCard, UpdateAccount, Void, http::wire};

/// A request's body.
const BODY_BYTES_MAX: usize = 64 * 1024;

type Peer = State<Arc<Simulator>>;
type Body<T> = Result<Json<T>, JsonRejection>;

/// The contract's calls.
pub fn router(simulator: Arc<Simulator>) -> Router {
    Router::new()
        .route("/authorize", post(authorize))
        .route("/inquire", post(inquire))
        .route("/capture", post(capture))
        .route("/void", post(void))
        .route("/refund", post(refund))
        .route("/account_updater", post(account_updater))
        .route("/health", get(health))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(simulator)
}

async fn authorize(
    State(simulator): Peer,
    body: Body<wire::AuthorizeBody<'static>>,
) -> Result<Json<wire::AuthorizeAnswer>, Refusal> {
    let request = read(&simulator, body?.0)?;
    let answer = simulator.authorize(&request).await?;
    Ok(Json(wire::AuthorizeAnswer::of(answer)))
}

async fn inquire(State(simulator): Peer, body: Body<wire::AttemptBody>) -> Result<Json<wire::AuthorizeAnswer>, Refusal> {
    match simulator.inquire(body?.attempt_id, Timestamp::EPOCH).await? {
        Inquiry::Found(answer) => Ok(Json(wire::AuthorizeAnswer::of(*answer))),
        Inquiry::NeverSeen => Err(Refusal(StatusCode::NOT_FOUND, "never seen".to_owned())),
    }
}

async fn capture(State(simulator): Peer, body: Body<wire::CaptureBody>) -> Result<Json<wire::CaptureAnswer>, Refusal> {
    let Json(body) = body?;
    let amount = Money::new(body.amount_minor, body.currency);
    let answer = simulator.capture(&Capture { attempt: body.attempt_id, amount, at: Timestamp::EPOCH }).await?;
    Ok(Json(wire::CaptureAnswer { captured: answer.captured, error: answer.error }))
}

async fn void(State(simulator): Peer, body: Body<wire::AttemptBody>) -> Result<Json<wire::VoidAnswer>, Refusal> {
    let answer = simulator.void(&Void { attempt: body?.attempt_id, at: Timestamp::EPOCH }).await?;
    Ok(Json(wire::VoidAnswer { voided: answer.voided }))
}

async fn refund(State(simulator): Peer, body: Body<wire::RefundBody>) -> Result<Json<wire::RefundAnswer>, Refusal> {
    let Json(body) = body?;
    let amount = Money::new(body.amount_minor, body.currency);
    let request = Refund { refund: body.refund_id, attempt: body.attempt_id, amount, at: Timestamp::EPOCH };
    let answer = simulator.refund(&request).await?;
    Ok(Json(wire::RefundAnswer { refunded: answer.refunded, response_code: answer.response_code }))
}

async fn account_updater(
    State(simulator): Peer,
    body: Body<wire::UpdateBody<'static>>,
) -> Result<Json<wire::UpdateAnswer>, Refusal> {
    let Json(body) = body?;
    let (token, network, at) = (body.token.into_owned(), body.brand, body.attempt_time);
    let request = UpdateAccount { token, network, number: None, expiry: None, credential_version: 1, at };
    Ok(Json(wire::UpdateAnswer::of(simulator.update_account(&request).await?)))
}

async fn health() -> Json<wire::HealthAnswer> {
    Json(wire::HealthAnswer { ok: true })
}

/// What the contract does not carry is unknown here: no phone, no zip code, no time of the order.
fn read(simulator: &Simulator, body: wire::AuthorizeBody<'_>) -> Result<Authorize, Refusal> {
    let owned = |text: std::borrow::Cow<'_, str>| text.into_owned();
    if body.amount_minor <= 0 {
        return Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, "amount_minor must be positive".to_owned()));
    }
    Ok(Authorize {
        attempt: body.attempt_id,
        order: body.order_id,
        mid: body.merchant_id,
        site: body.site_id,
        token: owned(body.token),
        card: body.card.map(read_card).transpose()?,
        bin: owned(body.bin),
        last4: owned(body.last4),
        network: body.brand,
        funding: body.funding,
        issuer_country: body.issuer_country.map(owned),
        credential_version: body.credential_version,
        amount: Money::new(body.amount_minor, body.currency),
        capture: body.capture,
        is_mit: body.is_mit,
        mit_reason: body.mit_reason,
        network_transaction_id: body.network_transaction_id.map(owned),
        three_d_secure: body.three_d_secure.map(std::borrow::Cow::into_owned),
        descriptor: body.descriptor.map(owned),
        mcc: body.mcc.map(owned),
        customer_ip: body.customer_ip.map(owned),
        attempt_number: body.attempt_number,
        at: body.attempt_time,
        order_placed_at: Timestamp::EPOCH,
        phone: None,
        billing_zipcode: None,
        offset_minutes: None,
        simulator: simulator.served_mode,
    })
}

fn read_card(card: wire::CardBody<'_>) -> Result<RevealedCard, Refusal> {
    let unreadable = || Refusal(StatusCode::UNPROCESSABLE_ENTITY, "card.number is no card number".to_owned());
    Ok(RevealedCard {
        number: Pan::parse(&card.number).ok_or_else(unreadable)?,
        exp_month: card.exp_month.filter(|month| (1..=12).contains(month)),
        exp_year: card.exp_year,
        cvv: card.cvv.as_deref().and_then(Cvv::parse),
        holder_name: card.holder_name.map(std::borrow::Cow::into_owned),
    })
}

/// A status with `{"error": …}`.
struct Refusal(StatusCode, String);

impl From<JsonRejection> for Refusal {
    /// The parser's own words may quote a card number: they stay here.
    fn from(rejection: JsonRejection) -> Self {
        let status = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            StatusCode::PAYLOAD_TOO_LARGE
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        Self(status, "unreadable body".to_owned())
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let status = match failure {
            Failure::Unknown { .. } => StatusCode::BAD_GATEWAY,
            Failure::NotSent { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Configuration { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::InProgress => StatusCode::CONFLICT,
            Failure::NotOffered => StatusCode::NOT_FOUND,
        };
        Self(status, failure.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(serde_json::json!({ "error": self.1 }));
        if self.0 == StatusCode::SERVICE_UNAVAILABLE {
            (self.0, [("retry-after", "5")], body).into_response()
        } else {
            (self.0, body).into_response()
        }
    }
}
