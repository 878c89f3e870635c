//! Credentials in, tokens out, tokens in, principals out.

mod form;
mod grant;
mod login;
mod oauth;
mod password;
mod second_factor;
mod secret;
mod session;
mod signing;
mod verify;

pub use grant::{Grant, Login};
pub use login::LoggedIn;
pub use oauth::Oauth;
pub use second_factor::SetUp;
pub(crate) use secret::CHECKS_WAITING_MAX;
pub use secret::hash_secret;
pub use session::{Signed, SignedIn, Stay};
pub use signing::Tokens;
pub(crate) use signing::context as signing_context;

/// Life of an access token, minutes (`wire-api` §2.1).
pub const ACCESS_MINUTES: u64 = 10;
/// Life of a refresh token, hours.
pub const REFRESH_HOURS: u64 = 24;
/// How exactly the last use of a key is known, minutes.
pub const KEY_USE_MINUTES: u32 = 1;
/// The role that tokens of portal users name.
const USER_ROLE: &str = "user";
/// Clock difference that is forgiven, seconds.
pub const LEEWAY_SECS: u64 = 60;
/// How long a retired signing key still verifies, minutes.
pub const RETIRED_MINUTES: u64 = 20;
/// Who signs.
pub const ISSUER: &str = "Api-Client-Service";
/// For whom tokens are.
pub const AUDIENCE: [&str; 6] = ["payments", "orders", "merchants", "eligibility-sftp", "eligibility", "contact"];
