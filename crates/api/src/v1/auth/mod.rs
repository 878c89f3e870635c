//! `/v1/auth`: logins of portal users (`wire-api` §2.3).

mod login;
mod logout;
mod operations;
mod password;
mod second_factor;
mod stranger;

pub use operations::operations;

use login::{login, mfa};
use logout::logout;
use password::{forgot, reset};
use second_factor::{remove, set_up};
use stranger::Stranger;
