//! What callers do with orders: read, list, cancel, capture, refund, ask for an attempt now.

mod cancel;
mod capture;
mod refund;
mod retry;
pub mod timeline;
mod view;

pub use cancel::Cancelled;
pub(crate) use capture::confirmed;
pub use capture::{Refusal as CaptureRefusal, Reply as CaptureReply, Request as CaptureRequest};
pub use refund::{Reply as RefundReply, Request as RefundRequest};
pub use retry::{Refusal as RetryRefusal, Retried, Why as RetryWhy};
pub use view::OrderView;
