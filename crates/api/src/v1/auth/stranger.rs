//! A request of somebody who has not shown yet who he is: held to the rate of token calls, and to the failures of its
//! address.

use std::net::IpAddr;

use axum::{
    extract::{FromRequest, Request},
    http::request::Parts,
};
use bytes::Bytes;

use crate::{
    extract::{Arrival, Limits, read_body, sit},
    failure::Failure,
    operation::Budget,
    state::AppState,
};

/// The request, read.
pub struct Stranger {
    /// Head.
    pub parts: Parts,
    /// Body.
    pub body: Bytes,
    address: Option<IpAddr>,
}

impl FromRequest<AppState> for Stranger {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        state.engine().admit()?;
        let (parts, body) = request.into_parts();
        let address = parts.extensions.get::<Arrival>().map(Arrival::address);
        if let Some(address) = address {
            state.guard().admit_address(address)?;
        }
        state.guard().spend(Budget::Token, state.guard().caller_of(&format!("auth {address:?}")))?;
        let body = read_body(&parts.headers, body, Limits::One, state.guard()).await?;
        sit(&parts, state)?;
        Ok(Self { parts, body, address })
    }
}

impl Stranger {
    /// Notes that what it showed was wrong.
    pub fn failed(&self, state: &AppState) {
        if let Some(address) = self.address {
            state.guard().note_failure(address);
        }
    }
}
