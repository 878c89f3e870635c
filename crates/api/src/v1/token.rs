//! `POST /v1/oauth2/token`: keys or a refresh token in, tokens out; JSON as existing clients send it, or a form as
//! RFC 6749 has it.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::request::Parts,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use domain::{bounds::TEXT_CHARS_MAX, environment::Environment, fault::Faults};
use engine::{Error, Grant};
use http::{HeaderMap, HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use crate::{
    extract::{Arrival, Limits, Query, basic, collect, read_body, read_form, sit},
    failure::Failure,
    json::{
        self, Node, Reader,
        shape::{Shape, object, text, word},
    },
    operation::{Budget, Operation, Tag, schema},
    render::{
        Reply,
        token::{Body, Standard, StandardError, Tokens},
    },
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/oauth2/token", post)
            .id("createAccessToken")
            .tag(Tag::Authentication)
            .open()
            .budget(Budget::Token)
            .summary("Exchange keys for a bearer token")
            .about(ABOUT)
            .body(keys())
            .example("keys", "Keys of an API client", json!({"AppKey": "ak_live_0123456789", "AppSecret": "s3cr3t-s3cr3t-s3cr3t"}))
            .example("refresh", "A refresh token: single use, 24 hours", json!({"refreshToken": "q0wQy7b1V2pRk3"}))
            .body_as(&["application/x-www-form-urlencoded"], form())
            .example("standard", "OAuth 2.0 client credentials", json!({
                "grant_type": "client_credentials", "client_id": "ak_live_0123456789", "client_secret": "s3cr3t-s3cr3t-s3cr3t",
                "scope": "evaluate transmit"
            }))
            .answers(200, schema::<Body<'static>>())
            .when("Thirteen members, for JSON")
            .showing(json!({
                "accessToken": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "refreshToken": "q0wQy7b1V2pRk3", "expires": 1_795_170_331_000_i64,
                "id": "6f1c1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "session": null, "daysToEnforceMFA": null, "skipAvailable": null,
                "success": true, "result": null, "status": null, "statusCode": null, "errors": [], "customProperties": {}
            }))
            .answers(200, schema::<Standard<'static>>())
            .when("RFC 6749, for a form")
            .showing(json!({
                "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 600, "scope": "evaluate transmit"
            }))
            .answers(400, schema::<Body<'static>>())
            .when("Bad keys `40001`, refresh token `40002`, key of the other environment `40003`; or validation")
            .answers(400, schema::<StandardError<'static>>())
            .when("`invalid_request`, `unsupported_grant_type`, `invalid_scope`, `unauthorized_client`, for a form")
            .answers(401, schema::<StandardError<'static>>())
            .when("`invalid_client`, for a form"),
    ]
}

const ABOUT: &str = "\
`AppKey` and `AppSecret` in JSON (aliases `client_id`, `client_secret`), a refresh token, or the client credentials of OAuth 2.0 as \
a form. Access tokens live ten minutes and may be used any number of times; every grant is independent. Using a spent refresh \
token revokes its whole family. A bearer on this path is ignored.";

fn keys() -> Shape {
    object("TokenRequest", "Keys, or a refresh token.")
        .optional("AppKey", text(TEXT_CHARS_MAX).about("Required without `refreshToken`"))
        .optional("AppSecret", text(TEXT_CHARS_MAX).about("Required without `refreshToken`"))
        .optional("refreshToken", text(TEXT_CHARS_MAX).about("Of an earlier answer; single use"))
}

fn form() -> Shape {
    object("OAuthRequest", "RFC 6749 §4.4. The client may authenticate with HTTP Basic instead of the two members.")
        .required("grant_type", word(&["client_credentials"]))
        .optional("client_id", text(TEXT_CHARS_MAX))
        .optional("client_secret", text(TEXT_CHARS_MAX))
        .optional("scope", text(TEXT_CHARS_MAX).about("Space separated; default: all of the key"))
}

/// What a JSON body asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Keys { key: String, secret: String },
    Refresh { token: String, environment: Option<Environment> },
}

/// Answers in the shape of the request. A bearer on this path is ignored, whatever it holds.
///
/// An address that failed too often waits before anything of it is looked at; a key has its own budget too, for each
/// address, so that nobody uses up another's.
pub async fn post(State(state): State<AppState>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<Arrival>().map(Arrival::address);
    if let Some(address) = address {
        state.guard().admit_address(address)?;
    }
    let bytes = collect(body, Limits::One, state.guard()).await?;
    sit(&parts, &state)?;
    let answer = answer(&state, &parts, bytes, address).await;
    let failed = match &answer {
        Ok(response) => response.status() == StatusCode::UNAUTHORIZED,
        Err(failure) => matches!(failure, Failure::Shaped(_)),
    };
    if let Some(address) = address.filter(|_| failed) {
        state.guard().note_failure(address);
    }
    answer
}

async fn answer(state: &AppState, parts: &Parts, bytes: Bytes, address: Option<IpAddr>) -> Result<Response, Failure> {
    let spend = |key: &str| state.guard().spend(Budget::Token, state.guard().caller_of(&format!("{key} {address:?}")));
    if let Some(form) = read_form(&parts.headers, &bytes).await {
        return standard(state, &parts.headers, &form, spend).await;
    }
    let bytes = read_body(&parts.headers, bytes.into(), Limits::One, state.guard()).await?;
    let asked = asked(&json::parse(&bytes)?)?;
    spend(match &asked {
        Asked::Keys { key, .. } => key,
        Asked::Refresh { .. } => "refresh",
    })?;
    let granted = match asked {
        Asked::Keys { key, secret } => state.engine().grant(&key, &secret).await,
        Asked::Refresh { token, environment } => state.engine().refresh(&token, environment).await,
    };
    match granted {
        Ok(grant) if serves(state, &grant.access_token).await => Ok(granted_reply(&grant).into_response()),
        Ok(_) => Err(refused("The API key belongs to the other environment.", "40003")),
        Err(Error::BadCredentials) => Err(refused("Invalid API credentials", "40001")),
        Err(Error::BadRefreshToken) => Err(refused("Invalid refresh token", "40002")),
        Err(Error::OtherEnvironment) => Err(refused("The environment is not open to this user.", "40003")),
        Err(other) => Err(other.into()),
    }
}

/// Whether a fresh token may be used where it was asked for.
async fn serves(state: &AppState, access_token: &str) -> bool {
    let Some(own) = state.listener() else { return true };
    state.engine().authenticate(access_token).await.is_ok_and(|principal| principal.environment == own)
}

fn asked(node: &Node<'_>) -> Result<Asked, Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    if let Some(token) = reader.text("refreshToken", TEXT_CHARS_MAX) {
        let environment = reader.parsed("environment", Environment::parse);
        return if faults.is_empty() { Ok(Asked::Refresh { token, environment }) } else { Err(faults) };
    }
    let mut either = |name: &str, alias: &str| {
        let found = reader.text(name, TEXT_CHARS_MAX).or_else(|| reader.text(alias, TEXT_CHARS_MAX));
        if found.is_none() {
            reader.required(name);
        }
        found
    };
    match (either("appKey", "client_id"), either("appSecret", "client_secret")) {
        (Some(key), Some(secret)) => Ok(Asked::Keys { key, secret }),
        _ => Err(faults),
    }
}

/// Tokens, for clients and for users.
pub fn granted_reply(grant: &Grant) -> Reply {
    let id = grant.client.to_string();
    let tokens = Tokens { access: &grant.access_token, refresh: &grant.refresh_token, expires_at: grant.expires_at, id: &id };
    let body = Body::granted(tokens);
    Reply::ok(&match &grant.login {
        Some(login) => body.of_user(login.session.as_deref(), login.days_to_second_factor, login.may_wait),
        None => body,
    })
}

/// No tokens, in the same shape.
pub fn refused(message: &'static str, code: &'static str) -> Failure {
    Reply::json(StatusCode::BAD_REQUEST, &Body::refused(message, code)).into()
}

async fn standard(
    state: &AppState,
    headers: &HeaderMap,
    form: &Query,
    spend: impl Fn(&str) -> Result<(), Failure>,
) -> Result<Response, Failure> {
    let Some((id, secret)) = credentials(headers, form) else { return Ok(incomplete(form)) };
    spend(&id)?;
    Ok(match state.engine().oauth(&id, &secret, form.get("scope")).await {
        Ok(Some(oauth)) if serves(state, &oauth.access_token).await => {
            let (access_token, scope) = (oauth.access_token.as_str(), oauth.scope.as_str());
            Reply::ok(&Standard { access_token, token_type: "Bearer", expires_in: oauth.expires_in_secs, scope }).into_response()
        }
        Ok(Some(_)) => problem(StatusCode::BAD_REQUEST, "unauthorized_client", "The API key belongs to the other environment."),
        Ok(None) => problem(StatusCode::BAD_REQUEST, "invalid_scope", "A scope was asked for that this client does not have."),
        Err(Error::BadCredentials) => problem(StatusCode::UNAUTHORIZED, "invalid_client", "Invalid API credentials."),
        Err(other) => Failure::from(other).into_response(),
    })
}

/// Client id and secret, when the form is complete.
fn credentials(headers: &HeaderMap, form: &Query) -> Option<(String, String)> {
    let known = form.get("grant_type") == Some("client_credentials");
    let in_form = || form.get("client_id").zip(form.get("client_secret")).map(|(id, secret)| (id.to_owned(), secret.to_owned()));
    if known { basic(headers).or_else(in_form) } else { None }
}

/// What is missing in a form.
fn incomplete(form: &Query) -> Response {
    match form.get("grant_type") {
        None => problem(StatusCode::BAD_REQUEST, "invalid_request", "grant_type is missing."),
        Some("client_credentials") => problem(StatusCode::UNAUTHORIZED, "invalid_client", "Client credentials are missing."),
        Some(_) => problem(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only client_credentials is supported."),
    }
}

fn problem(status: StatusCode, error: &str, description: &str) -> Response {
    let mut response = Reply::json(status, &StandardError { error, error_description: description }).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"recoup\""));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_and_refresh_tokens() {
        let reading = |text: &str| asked(&json::parse(text.as_bytes()).unwrap());
        let keys = || Asked::Keys { key: "k".into(), secret: "s".into() };
        for (body, expected) in [
            (r#"{"AppKey":"k","AppSecret":"s"}"#, keys()),
            (r#"{"appkey":"k","client_secret":"s"}"#, keys()),
            (r#"{"client_id":"k","client_secret":"s","refreshToken":null}"#, keys()),
            (r#"{"RefreshToken":"r"}"#, Asked::Refresh { token: "r".into(), environment: None }),
        ] {
            assert_eq!(reading(body).unwrap(), expected, "{body}");
        }
        let faults = reading("{}").unwrap_err();
        assert_eq!(
            faults.iter().collect::<Vec<_>>(),
            [("AppKey", "The AppKey field is required."), ("AppSecret", "The AppSecret field is required.")]
        );
        assert!(reading(r#"{"AppKey":"k"}"#).unwrap_err().has("AppSecret"));
    }
}
