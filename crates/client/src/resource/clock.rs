//! The test clock of a sandbox merchant.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Error};

/// What to do with the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub enum ClockAction {
    /// On by a span such as `P3D`; what falls due in between runs.
    Advance {
        /// The span.
        by: String,
    },
    /// On to a moment, ISO 8601.
    Set {
        /// The moment.
        to: String,
    },
    /// Stops it.
    Freeze,
    /// Lets it run on with real time.
    Release,
}

/// A test clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// The merchant.
    pub mid: String,
    /// Its time.
    pub now: String,
    /// It stands.
    pub frozen: bool,
    /// Ahead of real time, seconds.
    pub offset_seconds: i64,
    /// What fell due and was worked by this call.
    pub due_run: u64,
    /// What is due and not worked yet.
    pub pending: u64,
    /// Everything due was worked.
    pub settled: bool,
}

impl Client {
    /// `GET /v1/sandbox/clock`.
    pub async fn clock(&self, mid: Option<&str>) -> Result<Clock, Error> {
        self.get("/v1/sandbox/clock").asking(&json!({"mid": mid})).json().await
    }

    /// `POST /v1/sandbox/clock`: forward only.
    pub async fn set_clock(&self, mid: Option<&str>, action: &ClockAction) -> Result<Clock, Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            #[serde(flatten)]
            action: &'a ClockAction,
            #[serde(skip_serializing_if = "Option::is_none")]
            mid: Option<&'a str>,
        }
        self.post("/v1/sandbox/clock").with(&Body { action, mid }).json().await
    }
}
