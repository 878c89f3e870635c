//! What handlers are given of a request: caller, body, query, trace id.

mod address;
mod arrival;
mod auth;
mod body;
mod call;
mod cors;
mod etag;
pub mod keyed;
mod path;
mod query;
mod span;
mod trace;

pub use address::address;
pub use arrival::Arrival;
pub use auth::{basic, bearer};
pub use body::{Limits, collect, read_body, read_browser_body, read_form};
pub use call::{Call, Caller, OwnKey, authenticate, sit, spend, spend_address};
pub use cors::{preflight, shared};
pub use etag::Conditions;
pub use keyed::remember_for;
pub use path::fold;
pub use query::Query;
pub use span::span;
pub use trace::{Trace, TraceIds};
