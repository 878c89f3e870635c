//! What handlers are given of a request: caller, body, query, trace id.

mod auth;
mod body;
mod call;
mod etag;
mod path;
mod query;
mod trace;

pub use auth::{basic, bearer};
pub use body::{Limits, collect, read_body, read_form};
pub use call::{Call, Caller, authenticate};
pub use etag::Conditions;
pub use path::fold;
pub use query::Query;
pub use trace::{Trace, TraceIds};
