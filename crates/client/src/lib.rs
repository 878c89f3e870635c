//! A small typed client of a Recoup server. It knows the HTTP interface and nothing else of Recoup; a test holds every
//! call of it, every member it sends and every member it relies on against the OpenAPI document.
//!
//! ```no_run
//! use client::{Client, Credentials, Transaction, Evaluate, PaymentMethod, Verdict};
//!
//! # async fn rescue() -> Result<(), client::Error> {
//! let client = Client::new("https://recoup.example")?.with_credentials(Credentials::new("rk_live_…", "rs_…"));
//! let reply = client
//!     .evaluate(&Evaluate {
//!         order_id: "INV-1001".into(),
//!         idempotency_key: "INV-1001-1".into(),
//!         transaction: Transaction {
//!             id: "tx-1001".into(),
//!             amount: 1999,
//!             currency: "USD".into(),
//!             response_code: Some("51".into()),
//!             response_code_source: Some("nmi".into()),
//!             ..Transaction::without_checks()
//!         },
//!         payment_method: Some(PaymentMethod { card_number: Some("3f2b8c1e-5a64-4d0e-8b1f-2c7d6e5a4b3c".into()), ..PaymentMethod::default() }),
//!         is_mit: Some(true),
//!         ..Evaluate::default()
//!     })
//!     .await?;
//! if reply.status == Verdict::Submitted {
//!     let order = client.order(&reply.order_session_key).await?;
//!     println!("{} is {}", order.external_order_id, order.status_name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! **Tokens** are fetched with the first call, renewed before they expire, and once more when the server says 401.
//! **Retries** are bounded and only for what may be sent twice: reads, and requests under an idempotency key.
//! **Errors** are one closed enum. A business decline is no error. **Words** of the server that this version does not
//! know are kept as text; unknown members are ignored. Ids are GUIDs as text, times ISO 8601 in UTC as text, amounts
//! whole cents.

mod address;
mod answer;
mod call;
mod client;
mod credentials;
mod error;
mod request;
mod resource;
mod retry;
mod secret;
mod session;
mod word;

pub use client::Client;
pub use credentials::Credentials;
pub use error::{Error, Faults, Refusal};
pub use resource::*;
pub use retry::Retry;
pub use secret::Secret;
