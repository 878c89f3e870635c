//! Visits to shop pages.

use domain::{
    environment::Environment,
    id::{Mid, SenseKey},
    sense::Session,
    time::Timestamp,
};

use crate::{Error, Store, sqlite::sense};

impl Store {
    /// A visit of a merchant's customer; another merchant's, or another environment's, is not found.
    pub async fn sense_session(&self, mid: Mid, environment: Environment, key: SenseKey) -> Result<Option<Session>, Error> {
        self.engine.read(|db| sense::get(db, mid, environment, key)).await
    }

    /// How many e-mail addresses were typed on a device at a merchant's since an instant.
    pub async fn sense_emails(
        &self,
        mid: Mid,
        environment: Environment,
        device: [u8; 16],
        since: Timestamp,
    ) -> Result<u32, Error> {
        self.engine.read(|db| sense::emails(db, mid, environment, device, since)).await
    }
}
