//! The shop's test clock (`wire-api` §14.4).

use std::time::Duration;

use domain::{id::Mid, time::Timestamp};
use serde_json::{Value, json};

use crate::demo::client::{Client, Trouble};

const PATH: &str = "/v1/sandbox/clock";
/// Pause between two looks at an advance that takes longer than its reply.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The clock of one merchant.
pub struct ShopClock<'a> {
    client: &'a Client,
    mid: Mid,
}

impl<'a> ShopClock<'a> {
    /// The clock of this merchant.
    pub fn new(client: &'a Client, mid: Mid) -> Self {
        Self { client, mid }
    }

    /// Stops it; answers its time.
    pub async fn freeze(&self) -> Result<Timestamp, Trouble> {
        let state = self.command(&json!({"mid": self.mid, "action": "freeze"})).await?;
        state["now"].as_str().and_then(Timestamp::parse).ok_or_else(|| Trouble::unexpected(PATH, "no time in the answer"))
    }

    /// Lets it run on with real time.
    pub async fn release(&self) -> Result<(), Trouble> {
        self.command(&json!({"mid": self.mid, "action": "release"})).await.map(|_| ())
    }

    /// Moves it on; everything due until then has been worked when this answers.
    pub async fn set(&self, to: Timestamp) -> Result<(), Trouble> {
        loop {
            let state = self.command(&json!({"mid": self.mid, "action": "set", "to": to.iso6()})).await?;
            if state["settled"] == Value::Bool(true) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn command(&self, body: &Value) -> Result<Value, Trouble> {
        self.client.post(PATH, body).await
    }
}
