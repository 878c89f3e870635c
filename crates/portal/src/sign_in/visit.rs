//! A browser that is not signed in: it gets a secret, so that the forms before the sign-in have tokens too.

use std::net::IpAddr;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use domain::user::Visitor;
use http::{
    HeaderMap, HeaderValue,
    header::{SET_COOKIE, USER_AGENT},
    request::Parts,
};

use crate::{Layout, Portal, Problem, cookie};

/// Who is there, as far as anybody knows.
pub struct Visit {
    /// Where it comes from.
    pub address: IpAddr,
    /// What it is kept as when a session begins.
    pub visitor: Visitor,
    /// The frame of its pages.
    pub layout: Layout,
    /// Its headers.
    pub headers: HeaderMap,
    fresh: Option<HeaderValue>,
}

impl Visit {
    /// A page for it, with its secret when that is new.
    pub fn answer(fresh: Option<HeaderValue>, page: impl IntoResponse) -> Response {
        let mut response = page.into_response();
        if let Some(cookie) = fresh {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    /// The secret's cookie, when it is new.
    pub fn take(&mut self) -> Option<HeaderValue> {
        self.fresh.take()
    }
}

impl FromRequestParts<Portal> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Problem> {
        let address = portal.gate().address(&parts.extensions, &parts.headers);
        portal.gate().stranger(address).map_err(Problem::Throttled)?;
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let visitor = Visitor::new(agent, address);
        let mut layout = Layout::stranger(portal, &parts.headers);
        let known = crate::form::secret(portal, &parts.headers).is_some();
        let fresh = (!known).then(|| {
            let secret = portal.engine().fresh_secret();
            layout.csrf = portal.engine().form_token(&secret);
            cookie::set(portal, portal.cookies().visit, &secret, None)
        });
        Ok(Self { address, visitor, layout, headers: parts.headers.clone(), fresh })
    }
}
