//! Applications as partners write and read them.

use domain::{
    application::{Application, Draft, Particulars, State},
    change::{ChangeSet, Write},
    client::Role,
    fault::Faults,
    id::{ApplicationId, PartnerId},
};
use store::{ApplicationFilter, Page};

use crate::{Engine, Error, Precondition, Principal, Result};

/// The scope that everything here needs.
pub(super) const SCOPE: &str = "onboarding";

/// An application to be made.
#[derive(Debug, Default)]
pub struct NewApplication {
    /// The partner that brings the merchant, when the operator says it; a partner's own key always means itself.
    pub partner: Option<PartnerId>,
    /// What it says.
    pub draft: Draft,
}

/// What a list of applications is narrowed to; the tenant is added.
pub type ApplicationQuery = ApplicationFilter;

impl Engine {
    /// Makes an application.
    pub async fn create_application(
        &self,
        principal: &Principal,
        new: NewApplication,
        mut faults: Faults,
    ) -> Result<Application> {
        principal.require(SCOPE)?;
        self.admit()?;
        let partner = self.applying_partner(principal, new.partner, &mut faults).await?;
        let mut draft = new.draft;
        draft.check(None, &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let now = self.clock.now();
        let id = ApplicationId::at(now, self.random.bytes());
        let application = Application {
            id,
            version: 1,
            environment: principal.environment,
            partner,
            state: State::Draft,
            particulars: self.particulars(id, draft, None)?,
            documents: vec![],
            created_at: now,
            updated_at: now,
        };
        self.store.apply(ChangeSet::new().with(Write::InsertApplication(Box::new(application.clone())))).await?;
        Ok(application)
    }

    /// One application of the caller's.
    pub async fn application(&self, principal: &Principal, id: ApplicationId) -> Result<Application> {
        principal.require_read(SCOPE)?;
        self.application_of(principal, id).await
    }

    /// The caller's applications, a page of them.
    pub async fn applications(&self, principal: &Principal, mut query: ApplicationQuery) -> Result<Page<Application>> {
        principal.require_read(SCOPE)?;
        query.environment = Some(principal.environment);
        if principal.role != Role::Operator {
            query.partner = Some(principal.partner.ok_or(Error::RoleMissing)?);
        }
        Ok(self.store.applications(query).await?)
    }

    /// Replaces what a draft says. Sealed numbers that are left out, or come back as they are shown, stay.
    pub async fn rewrite_application(
        &self,
        principal: &Principal,
        id: ApplicationId,
        condition: &Precondition,
        draft: &Draft,
        faults: &Faults,
    ) -> Result<Application> {
        principal.require(SCOPE)?;
        self.admit()?;
        self.amend(async || {
            let mut application = self.application_of(principal, id).await?;
            condition.check(application.version)?;
            let (mut draft, mut faults) = (draft.clone(), faults.clone());
            draft.check(Some(&application.particulars), &mut faults);
            if !faults.is_empty() {
                return Err(Error::Invalid(faults));
            }
            if !application.state.is_editable() {
                return Err(refused("Only a draft can be changed."));
            }
            application.particulars = self.particulars(id, draft, Some(&application.particulars))?;
            application.touch(self.clock.now());
            Ok(written(application))
        })
        .await
    }

    /// An application that the caller may see; anything else is unknown.
    pub(super) async fn application_of(&self, principal: &Principal, id: ApplicationId) -> Result<Application> {
        let application = self.store.application(id).await?.ok_or(Error::NotFound)?;
        let own = application.partner.map_or(principal.role == Role::Operator, |partner| principal.speaks_for(partner));
        if own && application.environment == principal.environment { Ok(application) } else { Err(Error::NotFound) }
    }

    /// The partner that applies: the caller itself, or for the operator whom it names.
    async fn applying_partner(
        &self,
        principal: &Principal,
        named: Option<PartnerId>,
        faults: &mut Faults,
    ) -> Result<Option<PartnerId>> {
        match (principal.role, named) {
            (Role::Operator, None) => Ok(None),
            (Role::Operator, Some(partner)) => {
                if self.store.partner(partner).await?.is_none() {
                    faults.invalid("PartnerId");
                }
                Ok(Some(partner))
            }
            _ => principal.partner.map(Some).ok_or(Error::RoleMissing),
        }
    }

    /// What a sound draft says, with its numbers sealed.
    fn particulars(&self, id: ApplicationId, draft: Draft, kept: Option<&Particulars>) -> Result<Particulars> {
        Ok(Particulars {
            tax_id: self.hidden(id, super::numbers::TAX, draft.tax_id, kept.and_then(|kept| kept.tax_id.as_ref()))?,
            bank: draft.bank.map(|bank| self.bank(id, bank, kept.and_then(|kept| kept.bank.as_ref()))).transpose()?,
            legal_entity_name: draft.legal_entity_name.unwrap_or_default(),
            dba: draft.dba.unwrap_or_default(),
            primary_contact: draft.primary_contact,
            descriptor: draft.descriptor.unwrap_or_default(),
            support: draft.support,
            address: draft.address,
            website: draft.website,
            mcc: draft.mcc,
            urls: draft.urls,
            external_id: draft.external_id,
        })
    }
}

/// The change set that writes the next version, and that version.
pub(super) fn written(application: Application) -> (ChangeSet, Application) {
    (ChangeSet::new().with(Write::UpdateApplication(Box::new(application.clone()))), application)
}

/// 409: the state does not allow it.
pub(super) fn refused(message: impl Into<String>) -> Error {
    Error::State { message: message.into(), order: None }
}
