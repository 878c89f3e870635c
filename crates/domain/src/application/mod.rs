//! Applications: how a partner brings a new merchant in (`wire-api` §11).

mod document;
mod draft;
mod secret;
mod state;

pub use document::{Document, Format, Kind as DocumentKind, SNIFFED_BYTES};
pub use draft::{Bank as DraftBank, Draft};
pub use secret::{Hidden, Secret};
pub use state::{Code, State, TransitionError};

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    id::{ApplicationId, DocumentId, PartnerId},
    time::Timestamp,
};

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Id.
    pub id: ApplicationId,
    /// Row version.
    pub version: u32,
    /// Environment.
    pub environment: Environment,
    /// The partner that brings the merchant; none: the operator itself.
    pub partner: Option<PartnerId>,
    /// How far it is.
    pub state: State,
    /// What it says of the merchant.
    pub particulars: Particulars,
    /// Its documents, oldest first.
    pub documents: Vec<Document>,
    /// Since when, UTC.
    pub created_at: Timestamp,
    /// Last change, UTC.
    pub updated_at: Timestamp,
}

impl Application {
    /// The next version in another state.
    pub fn advance(&mut self, next: State, now: Timestamp) {
        self.state = next;
        self.touch(now);
    }

    /// The next version.
    pub const fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }

    /// A document of it.
    pub fn document(&self, id: DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == id)
    }
}

/// Who applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Particulars {
    /// Name in the register.
    pub legal_entity_name: String,
    /// Trading name.
    pub dba: String,
    /// Whom to ask.
    pub primary_contact: Option<Contact>,
    /// Tax number.
    pub tax_id: Option<Hidden>,
    /// Statement descriptor.
    pub descriptor: String,
    /// Where customers turn to.
    pub support: Option<Support>,
    /// Where money is paid to.
    pub bank: Option<Bank>,
    /// Where it is.
    pub address: Option<Address>,
    /// Its site.
    pub website: Option<String>,
    /// Merchant category code, four digits.
    pub mcc: Option<String>,
    /// Further addresses of its shop: host and path prefix.
    pub urls: Vec<String>,
    /// The partner's own id of the merchant.
    pub external_id: Option<String>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's own words")]
pub struct Contact {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Customer support.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's own words")]
pub struct Support {
    pub link: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's own words")]
pub struct Address {
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zipcode: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// A bank account; its numbers are sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Bank {
    /// The bank.
    pub bank_name: Option<String>,
    /// The account.
    pub account_number: Option<Hidden>,
    /// The bank's routing number.
    pub routing_number: Option<Hidden>,
    /// Kind of account, as the applicant says it.
    pub account_type: Option<String>,
}
