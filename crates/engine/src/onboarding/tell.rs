//! The events of an application, which go to its partner.

use domain::{
    application::{Application, Code},
    change::ChangeSet,
    environment::Environment,
    event::{Event, Kind},
    id::EventId,
};
use serde_json::json;

use crate::{Engine, Result, payload::Payload};

impl Engine {
    /// Adds the event of the state that an application has reached. The operator's own applications have nobody to tell.
    pub(super) async fn tell_application(&self, application: &Application, set: &mut ChangeSet) -> Result<()> {
        let (Some(partner), Some(kind)) = (application.partner, kind(application.state.code())) else { return Ok(()) };
        let now = self.clock.now();
        let data = json!({
            "ApplicationId": application.id,
            "Status": application.state.code(),
            "Reason": application.state.reason(),
            "MerchantId": application.state.mid(),
        });
        let is_test = application.environment == Environment::Sandbox;
        let event = Event {
            id: EventId::at(now, self.random.bytes()),
            owner: partner.into(),
            environment: application.environment,
            order: None,
            sequence: 0,
            kind,
            at: now,
            payload: Payload::plain(kind, now, is_test, data).json(),
        };
        self.publish_to_owner(event, None, set).await
    }
}

const fn kind(code: Code) -> Option<Kind> {
    match code {
        Code::Draft => None,
        Code::Submitted => Some(Kind::ApplicationSubmitted),
        Code::InReview => Some(Kind::ApplicationInReview),
        Code::Approved => Some(Kind::ApplicationApproved),
        Code::Declined => Some(Kind::ApplicationDeclined),
        Code::Cancelled => Some(Kind::ApplicationCancelled),
        Code::Converted => Some(Kind::ApplicationConverted),
    }
}
