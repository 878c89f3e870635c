//! The way of an application: handed in and withdrawn by the partner, reviewed by the operator.

use domain::{
    application::{Application, State},
    audit::What,
    change::{ChangeSet, Write},
    client::Role,
    id::ApplicationId,
    time::Timestamp,
};

use super::{Step, application::SCOPE};
use crate::{Engine, Error, Principal, Result};

domain::words! {
    /// What the reviewer says.
    pub enum Decision {
        /// The review begins.
        Start = "start",
        /// Accepted.
        Approve = "approve",
        /// Refused.
        Decline = "decline",
    }
}

impl Engine {
    /// Hands an application in.
    pub async fn submit_application(&self, principal: &Principal, id: ApplicationId) -> Result<Step> {
        principal.require(SCOPE)?;
        self.admit()?;
        self.application_step(principal, id, State::submit).await
    }

    /// Withdraws an application.
    pub async fn cancel_application(&self, principal: &Principal, id: ApplicationId) -> Result<Step> {
        principal.require(SCOPE)?;
        self.admit()?;
        self.application_step(principal, id, State::cancel).await
    }

    /// Begins or ends the review of an application; the operator's alone.
    pub async fn review_application(
        &self,
        principal: &Principal,
        id: ApplicationId,
        decision: Decision,
        reason: Option<String>,
    ) -> Result<Step> {
        principal.require(SCOPE)?;
        if principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        self.admit()?;
        self.application_step(principal, id, |state, now| match decision {
            Decision::Start => state.start(now),
            Decision::Approve => state.approve(now, reason.clone()),
            Decision::Decline => state.decline(now, reason.clone()),
        })
        .await
    }

    /// A step of an application, for the audit trail.
    pub(super) async fn step_told(
        &self,
        principal: &Principal,
        application: &Application,
        reason: Option<String>,
    ) -> Result<Write> {
        let (id, partner, state) = (application.id, application.partner, application.state.code().as_str().to_owned());
        self.audit(principal, None, What::Application { application: id, partner, state, reason }).await
    }

    /// Goes one step and tells it, in one commit; what the state does not allow changes nothing.
    async fn application_step(
        &self,
        principal: &Principal,
        id: ApplicationId,
        next: impl Fn(&State, Timestamp) -> Step<State>,
    ) -> Result<Step<Application>> {
        let next = &next;
        self.amend(async || {
            let mut application = self.application_of(principal, id).await?;
            let now = self.clock.now();
            let state = match next(&application.state, now) {
                Ok(state) => state,
                Err(refusal) => return Ok((ChangeSet::new(), Err(refusal))),
            };
            application.advance(state, now);
            let mut set = ChangeSet::new();
            self.tell_application(&application, &mut set).await?;
            let reason = application.state.reason().map(str::to_owned);
            set.push(self.step_told(principal, &application, reason).await?);
            set.push(Write::UpdateApplication(Box::new(application.clone())));
            Ok((set, Ok(application)))
        })
        .await
    }
}
