//! Webhook endpoints made from the shell.

use domain::{environment::Environment, fault::Faults, id::Mid};

use crate::{
    Engine, Error, Result,
    webhook::{Created, Draft},
};

/// An endpoint to be made.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Its merchant.
    pub mid: Mid,
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
        self.merchant(new.mid).await?;
        let events = if new.events.is_empty() { vec!["*".into()] } else { new.events };
        let draft = Draft { url: Some(new.url), events: Some(events), ..Draft::default() };
        let mut faults = Faults::new();
        self.check_webhook(&draft, true, new.environment, &mut faults);
        if faults.is_empty() { self.new_webhook(new.mid, new.environment, draft).await } else { Err(Error::Invalid(faults)) }
    }

    /// Endpoints of a merchant.
    pub async fn endpoints(&self, mid: Mid, environment: Environment) -> Result<Vec<domain::webhook::Endpoint>> {
        Ok(self.store.endpoints(mid, environment).await?)
    }
}
