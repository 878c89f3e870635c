//! Webhooks: endpoints, signatures, deliveries, and the guard against private addresses.

mod deliver;
mod endpoint;
mod feed;
mod guard;
mod sender;
mod sign;

pub(crate) use endpoint::secret_context;
pub use endpoint::{Created, Draft};
pub use feed::Feed;
pub(crate) use guard::GuardedResolver;
pub use guard::{Guard, Refused};
pub use sender::Sender;
pub use sign::{Headers, Signing};
