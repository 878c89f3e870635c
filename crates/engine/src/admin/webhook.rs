//! Webhook endpoints made from the shell.

use domain::{environment::Environment, fault::Faults, owner::Owner};

use crate::{
    Engine, Error, Result,
    webhook::{Created, Draft},
};

/// An endpoint to be made.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Its merchant, or the partner itself.
    pub owner: Owner,
    /// Environment.
    pub environment: Environment,
    /// Where to.
    pub url: String,
    /// Patterns; empty: all events.
    pub events: Vec<String>,
}

impl Engine {
    /// Makes an endpoint under the same rules as over HTTP.
    pub async fn create_endpoint(&self, new: NewWebhook) -> Result<Created> {
        match new.owner {
            Owner::Merchant(mid) => self.merchant(mid).await.map(drop)?,
            Owner::Partner(partner) => self.store.partner(partner).await?.map(drop).ok_or(Error::NotFound)?,
        }
        let events = if new.events.is_empty() { vec!["*".into()] } else { new.events };
        let draft = Draft { url: Some(new.url), events: Some(events), ..Draft::default() };
        let mut faults = Faults::new();
        self.check_webhook(&draft, true, new.environment, &mut faults);
        if faults.is_empty() { self.new_webhook(new.owner, new.environment, draft).await } else { Err(Error::Invalid(faults)) }
    }

    /// Endpoints of a merchant, or of a partner itself.
    pub async fn endpoints(&self, owner: impl Into<Owner>, environment: Environment) -> Result<Vec<domain::webhook::Endpoint>> {
        Ok(self.store.endpoints(owner.into(), environment).await?)
    }
}
