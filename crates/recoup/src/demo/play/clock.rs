//! The shop's test clock (`wire-api` §14.4).

use std::time::Duration;

use client::{Client, Clock, ClockAction};
use domain::{id::Mid, time::Timestamp};

use crate::demo::trouble::Trouble;

/// Pause between two looks at an advance that takes longer than its reply.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The clock of one merchant.
pub struct ShopClock<'a> {
    client: &'a Client,
    mid: String,
}

impl<'a> ShopClock<'a> {
    /// The clock of this merchant.
    pub fn new(client: &'a Client, mid: Mid) -> Self {
        Self { client, mid: mid.to_string() }
    }

    /// Stops it; answers its time.
    pub async fn freeze(&self) -> Result<Timestamp, Trouble> {
        let clock = self.order(&ClockAction::Freeze).await?;
        Timestamp::parse(&clock.now).ok_or(Trouble::Clock(clock.now))
    }

    /// Lets it run on with real time.
    pub async fn release(&self) -> Result<(), Trouble> {
        self.order(&ClockAction::Release).await.map(|_| ())
    }

    /// Moves it on; everything due until then has been worked when this answers.
    pub async fn set(&self, to: Timestamp) -> Result<(), Trouble> {
        let action = ClockAction::Set { to: to.iso6() };
        while !self.order(&action).await?.settled {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    async fn order(&self, action: &ClockAction) -> Result<Clock, Trouble> {
        Ok(self.client.set_clock(Some(&self.mid), action).await?)
    }
}
