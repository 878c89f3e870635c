//! `POST /v1/tokenize`: a card into the vault.

use axum::{
    extract::{Request, State},
    http::request::Parts,
    response::{IntoResponse as _, Response},
};
use domain::{environment::Environment, id::Mid, site::Site};
use engine::{AuthError, Error, KeyOwner};
use http::{HeaderValue, header::ORIGIN};

use super::request;
use crate::{
    extract::{Limits, Query, authenticate, read_body, remember_for, shared, sit, spend},
    failure::Failure,
    json,
    render::{
        Reply,
        tokenize::{Echo, body},
    },
    state::AppState,
};

/// Reads, vaults, answers; whatever the answer, the page that asked may read it, unless its origin is not listed.
pub async fn post(State(state): State<AppState>, query: Query, request: Request) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    match vault(&state, &query, request).await {
        Ok(reply) => shared(reply.into_response(), origin.as_ref()),
        Err(Failure::Coded(refused)) if refused.code == ORIGIN_REFUSED => Failure::Coded(refused).into_response(),
        Err(failure) => shared(failure.into_response(), origin.as_ref()),
    }
}

/// The code of [`Error::OriginRefused`].
const ORIGIN_REFUSED: u16 = 40304;

async fn vault(state: &AppState, query: &Query, request: Request) -> Result<Reply, Failure> {
    let (parts, bytes) = request.into_parts();
    let (mid, environment) = tenant(state, query, &parts).await?;
    check_origin(state, mid, environment, parts.headers.get(ORIGIN)).await?;
    let bytes = read_body(&parts.headers, bytes, Limits::One, state.guard()).await?;
    sit(&parts, state)?;
    remember_for(&parts, state, &KeyOwner::tenant(mid, environment), &bytes).await?;
    let (input, faults) = request::read(&json::parse(&bytes)?);
    let echo = input
        .as_ref()
        .map_or_else(Echo::default, |input| Echo { address: input.address.clone(), company: input.company.clone() });
    let vaulted = state.engine().tokenize(mid, environment, input, faults).await?;
    let transaction = uuid::Builder::from_random_bytes(state.traces().next()).into_uuid();
    Ok(Reply::ok(&body(&vaulted.card, &echo, transaction.to_string(), vaulted.at)))
}

/// Either credential suffices: the query's tokenization key, or a bearer. A stale bearer beside a good key is ignored.
async fn tenant(state: &AppState, query: &Query, parts: &Parts) -> Result<(Mid, Environment), Failure> {
    let mid = query.get("mid");
    if let Some((mid, key)) = mid.zip(query.get("environment"))
        && let Ok(tenant) = state.engine().tokenization_tenant(mid, key).await
    {
        spend(parts, state, state.guard().caller_of(key))?;
        return of_listener(state, tenant);
    }
    let principal = authenticate(parts, state).await?;
    let named = match mid.map(Mid::parse) {
        Some(None) => return Err(Error::Unauthorized(AuthError::Invalid).into()),
        Some(known) => known,
        None => None,
    };
    Ok(state.engine().bearer_tenant(&principal, named).await?)
}

fn of_listener(state: &AppState, tenant: (Mid, Environment)) -> Result<(Mid, Environment), Failure> {
    match state.listener() {
        Some(own) if own != tenant.1 => Err(Failure::coded(40103, "The tokenization key belongs to the other environment.")),
        _ => Ok(tenant),
    }
}

async fn check_origin(state: &AppState, mid: Mid, environment: Environment, origin: Option<&HeaderValue>) -> Result<(), Failure> {
    let Some(origin) = origin else { return Ok(()) };
    let sites = state.engine().store().sites(mid).await.map_err(Error::from)?;
    if allowed(&sites, environment, origin.to_str().unwrap_or("")) { Ok(()) } else { Err(Error::OriginRefused.into()) }
}

/// Listed for a live site of the merchant; in the sandbox a merchant that lists none allows any.
fn allowed(sites: &[Site], environment: Environment, origin: &str) -> bool {
    let mut listed = sites.iter().filter(|site| !site.archived).flat_map(|site| &site.allowed_origins).peekable();
    let any = environment == Environment::Sandbox && listed.peek().is_none();
    any || listed.any(|known| known.trim().trim_end_matches('/').eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use domain::{channel::Modes, id::SiteId, settings::Overrides, time::Timestamp};

    use super::*;

    fn site(origins: &[&str], archived: bool) -> Site {
        Site {
            id: SiteId::from_bytes([1; 16]),
            mid: Mid::from_bytes([2; 16]),
            name: "s".into(),
            urls: vec![],
            descriptors: vec![],
            is_default: true,
            mcc: None,
            allowed_origins: origins.iter().map(ToString::to_string).collect(),
            modes: Modes::all(None),
            overrides: Overrides::default(),
            archived,
            version: 1,
            ui: domain::site::Ui::default(),
            created_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn origins_must_be_listed() {
        let shop = "https://shop.example";
        for (sites, environment, fits) in [
            (vec![site(&["https://other.example", "https://Shop.example/"], false)], Environment::Production, true),
            (vec![site(&["https://other.example"], false)], Environment::Production, false),
            (vec![site(&["https://other.example"], false)], Environment::Sandbox, false),
            (vec![site(&[shop], true)], Environment::Production, false),
            (vec![site(&[], false)], Environment::Sandbox, true),
            (vec![site(&[], false)], Environment::Production, false),
        ] {
            assert_eq!(allowed(&sites, environment, shop), fits);
        }
        assert!(!allowed(&[site(&[shop], false)], Environment::Production, ""));
    }
}
