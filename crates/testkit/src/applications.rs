//! Builders of applications.

use domain::{
    application::{Application, Document, DocumentKind, Format, Particulars, State},
    environment::Environment,
    id::PartnerId,
    time::Timestamp,
};

use crate::Ids;

/// A sandbox draft that says what it must, version 1.
pub fn application(ids: &Ids, partner: Option<PartnerId>, now: Timestamp) -> Application {
    Application {
        id: ids.application(),
        version: 1,
        environment: Environment::Sandbox,
        partner,
        state: State::Draft,
        particulars: Particulars {
            legal_entity_name: "Shop Inc.".to_owned(),
            dba: "Shop".to_owned(),
            primary_contact: None,
            tax_id: None,
            descriptor: "SHOP*MAIN".to_owned(),
            support: None,
            bank: None,
            address: None,
            website: None,
            mcc: None,
            urls: Vec::new(),
            external_id: None,
        },
        documents: Vec::new(),
        created_at: now,
        updated_at: now,
    }
}

/// A document in two parts with a sealed key of no meaning.
pub fn document(ids: &Ids, now: Timestamp) -> Document {
    Document {
        id: ids.document(),
        kind: DocumentKind::BankStatement,
        name: "statement.pdf".to_owned(),
        format: Format::Pdf,
        bytes: 300_000,
        parts: 2,
        key: vec![5; 80],
        description: None,
        created_at: now,
    }
}
