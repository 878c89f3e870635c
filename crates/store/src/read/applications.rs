//! Applications and the parts of their documents.

use domain::{
    application::{Application, Code},
    environment::Environment,
    id::{ApplicationId, DocumentId, PartnerId},
    time::Timestamp,
};

use crate::{
    Error, Page, PageAt, Sort, Store,
    sqlite::{applications, documents},
};

/// What applications are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ApplicationBy {
    /// Made.
    #[default]
    CreatedOn,
    /// Name of the state.
    Status,
    /// Trading name, whatever its case.
    Dba,
}

/// Which applications; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// Tenant; `None`: all of them (the operator).
    pub partner: Option<PartnerId>,
    /// Environment.
    pub environment: Option<Environment>,
    /// States; empty: any.
    pub codes: Vec<Code>,
    /// Made at or after, UTC.
    pub created_from: Option<Timestamp>,
    /// Made at or before, UTC.
    pub created_to: Option<Timestamp>,
    /// Sorted by.
    pub order_by: ApplicationBy,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

impl Store {
    /// An application.
    pub async fn application(&self, id: ApplicationId) -> Result<Option<Application>, Error> {
        self.engine.read(|db| applications::get(db, id)).await
    }

    /// A page of applications.
    pub async fn applications(&self, filter: ApplicationFilter) -> Result<Page<Application>, Error> {
        self.engine.list(move |db| applications::page(db, &filter)).await
    }

    /// All applications by id, those after `after`.
    pub async fn applications_after(&self, after: Option<ApplicationId>, limit: u32) -> Result<Vec<Application>, Error> {
        self.engine.list(move |db| applications::after(db, after, limit)).await
    }

    /// One sealed part of a document, counted from 0.
    pub async fn document_part(&self, document: DocumentId, number: u32) -> Result<Option<Vec<u8>>, Error> {
        self.engine.list(move |db| documents::part(db, document, number)).await
    }
}
