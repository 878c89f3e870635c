//! What callers do with orders: read, list, cancel, capture, refund.

mod cancel;
mod capture;
mod refund;
pub mod timeline;
mod view;

pub use cancel::Cancelled;
pub(crate) use capture::confirmed;
pub use capture::{Refusal as CaptureRefusal, Reply as CaptureReply, Request as CaptureRequest};
pub use refund::{Reply as RefundReply, Request as RefundRequest};
pub use view::OrderView;
