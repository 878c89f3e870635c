//! Who looks at a page.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::{client::Role, environment::Environment, id::Mid, merchant::Merchant, user::User};
use engine::Principal;
use http::{Method, request::Parts};

use crate::{Layout, Portal, Problem, cookie, flash, format::Zone, layout, roles};

/// Paths that somebody without the second factor he owes may still open.
const BEFORE_SECOND_FACTOR: &[&str] = &["/portal/account", "/portal/sign-out", "/portal/theme"];

/// A user who is signed in and whose role may open this path.
#[derive(Clone)]
pub struct Viewer {
    /// What it may do; for use cases.
    pub principal: Principal,
    /// Who it is.
    pub user: Arc<User>,
    /// Its time zone.
    pub zone: Zone,
    /// The merchant that it belongs to or has chosen.
    pub merchant: Option<Merchant>,
    /// Whether it can choose between merchants.
    pub may_choose: bool,
    /// Days until it must have a second factor, when it has none.
    pub days_to_second_factor: Option<u32>,
    /// Path and query of this page.
    pub here: String,
    portal: Portal,
    headers: http::HeaderMap,
}

impl Viewer {
    /// What the frame of its pages shows.
    pub fn layout(&self) -> Layout {
        layout::of(self, &self.portal, &self.headers)
    }

    /// Sandbox or production.
    pub fn environment(&self) -> Environment {
        self.principal.environment
    }

    /// The merchant that was chosen; `None`: all that the viewer may see.
    pub fn mid(&self) -> Option<Mid> {
        self.merchant.as_ref().map(|merchant| merchant.id)
    }

    /// The merchant, for pages that are about exactly one: without a choice the viewer is asked for one.
    pub fn chosen(&self) -> Result<&Merchant, Problem> {
        self.merchant.as_ref().ok_or_else(|| Problem::Choose { next: self.here.clone() })
    }

    /// Whether it may do what a scope stands for, here.
    pub fn holds(&self, scope: &str) -> bool {
        self.principal.holds(scope)
    }

    /// Whether it belongs to the operator.
    pub fn is_operator(&self) -> bool {
        self.principal.role == Role::Operator
    }

    /// A text as this viewer may see it: masked when personal data is kept from it.
    pub fn personal(&self, text: &str) -> String {
        if self.principal.masks_pii() { domain::mask::masked(text) } else { text.to_owned() }
    }
}

impl FromRequestParts<Portal> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Problem> {
        let here = parts.uri.path_and_query().map_or("/portal/home", http::uri::PathAndQuery::as_str).to_owned();
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let next = if reads { here.clone() } else { "/portal/home".to_owned() };
        let unknown = || Problem::SignIn { next: next.clone() };
        let session = cookie::get(&parts.headers, portal.cookies().session).ok_or_else(unknown)?;
        let signed = portal.engine().signed_in(session, portal.stay()).await.map_err(|error| match error {
            engine::Error::Unauthorized(_) => unknown(),
            other => other.into(),
        })?;
        let (principal, user) = (signed.principal, signed.user);
        portal.gate().user(user.id.bytes(), !reads).map_err(Problem::Throttled)?;
        let path = parts.uri.path();
        let due = principal.user.as_ref().is_some_and(|own| own.second_factor_due);
        if due && !BEFORE_SECOND_FACTOR.iter().any(|open| path.starts_with(open)) {
            return Err(Problem::SecondFactor);
        }
        roles::admit(principal.role, user.role, path)?;
        let (merchant, may_choose) = if due { (None, false) } else { merchant(parts, portal, &principal).await? };
        let days_to_second_factor = (!user.second_factor.is_on()).then_some(signed.days_to_second_factor);
        let zone = Zone::named(user.timezone.as_deref());
        let (portal, headers) = (portal.clone(), parts.headers.clone());
        Ok(Self { principal, user, zone, merchant, may_choose, days_to_second_factor, here, portal, headers })
    }
}

/// The merchant of the page, and whether there are others: the only one, or the one that the cookie names while the
/// viewer may act for it.
async fn merchant(parts: &Parts, portal: &Portal, principal: &Principal) -> Result<(Option<Merchant>, bool), Problem> {
    let own = principal.own_merchants();
    let may_choose = principal.role != Role::Merchant || own.len() > 1;
    let named = cookie::get(&parts.headers, portal.cookies().merchant).and_then(Mid::parse);
    let mid = match own {
        [mid] => Some(*mid),
        _ => named,
    };
    let Some(mid) = mid else { return Ok((None, may_choose)) };
    match portal.engine().merchant_of(principal, mid).await {
        Ok(view) => Ok((Some(view.merchant), may_choose)),
        Err(engine::Error::Internal(error)) => Err(Problem::Internal(error)),
        Err(_) => Ok((None, may_choose)),
    }
}

/// Where somebody goes on to who came from a page, by its `next`.
pub fn onward(next: Option<&str>) -> &str {
    next.and_then(flash::own_path).unwrap_or("/portal/home")
}
