//! Applications, what their steps answer, and documents (`wire-api` §11).

use std::{borrow::Cow, collections::BTreeMap};

use domain::{
    application::{self, Bank, Contact, Document, Particulars, Support, TransitionError},
    id::{DocumentId, Mid},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::Reply;

/// An application with everything it says; tax and bank numbers are masked.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Application")]
pub struct Application<'a> {
    /// Id.
    id: String,
    /// `Draft`, `Submitted`, `In Review` …
    status: &'static str,
    /// `DRAFT`, `SUBMITTED`, `IN_REVIEW` …
    status_name: &'static str,
    /// When it was made.
    created_on: String,
    /// Last change.
    last_updated_on: String,
    /// Name in the register.
    legal_entity_name: &'a str,
    /// Trading name.
    dba: &'a str,
    /// Masked.
    tax_id: Option<String>,
    /// Statement descriptor.
    descriptor: &'a str,
    /// Whom to ask.
    primary_contact: Option<ContactObject<'a>>,
    /// Where customers turn to.
    customer_support_info: Option<SupportObject<'a>>,
    /// Where it is.
    address: Option<AddressObject<'a>>,
    /// Masked.
    bank_account_information: Option<BankObject<'a>>,
    /// Website.
    website: Option<&'a str>,
    /// Merchant category code.
    mcc: Option<&'a str>,
    /// Further addresses of its shop.
    urls: &'a [String],
    /// The partner's own id of the merchant.
    external_id: Option<&'a str>,
    /// The partner that applies.
    partner_id: Option<String>,
    /// Why it was approved or declined.
    reason: Option<&'a str>,
    /// Documents, oldest first.
    documents: Vec<DocumentObject<'a>>,
    /// The merchant it became.
    merchant_id: Option<String>,
}

/// A person.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationContactReply")]
struct ContactObject<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
}

/// Customer support.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationSupportReply")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct SupportObject<'a> {
    support_link: Option<&'a str>,
    support_email: Option<&'a str>,
    support_name: Option<&'a str>,
    support_phone: Option<&'a str>,
}

/// A postal address.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationAddressReply")]
struct AddressObject<'a> {
    address_line1: Option<&'a str>,
    address_line2: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'a str>,
    zipcode: Option<&'a str>,
    country: Option<&'a str>,
}

/// A bank account with masked numbers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationBankReply")]
struct BankObject<'a> {
    bank_name: Option<&'a str>,
    account_number: Option<String>,
    routing_number: Option<String>,
    account_type: Option<&'a str>,
}

/// A document, without its bytes.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationDocument")]
pub struct DocumentObject<'a> {
    /// Id.
    id: String,
    /// What it shows.
    document_type: &'static str,
    /// Name of the file.
    file_name: &'a str,
    /// Content type of a download.
    content_type: &'static str,
    /// Length, bytes.
    size: u64,
    /// Free text.
    description: Option<&'a str>,
    /// When it was uploaded.
    uploaded_on: String,
}

/// A line of the list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationRow")]
pub struct Row<'a> {
    /// Id.
    id: String,
    /// When it was made.
    created_on: String,
    /// `DRAFT`, `SUBMITTED`, `IN_REVIEW` …
    status: &'static str,
    /// Trading name.
    dba: &'a str,
}

/// What submitting and cancelling answer. `statusCode` is the text `200` or `400`, `errors` are strings: existing clients
/// depend on it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationStep")]
pub struct Stepped<'a> {
    /// `SUCCESS` or `FAILED`.
    status: &'static str,
    /// Whether it was done.
    success: bool,
    /// What was done.
    result: Option<&'a str>,
    /// `200` or `400`.
    status_code: &'static str,
    /// Why it was not done.
    errors: Vec<Cow<'a, str>>,
    /// Extras.
    custom_properties: BTreeMap<&'a str, &'a str>,
}

/// What converting answers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationConverted")]
pub struct Converted<'a> {
    /// The merchant.
    merchant_id: Option<String>,
    /// `SUCCESS` or `FAILED`.
    status: &'static str,
    /// Whether it is a merchant.
    success: bool,
    /// What was done.
    result: Option<&'a str>,
    /// Why it was not done.
    errors: Vec<String>,
}

/// What an upload answers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApplicationUploaded")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
pub struct Uploaded<'a> {
    /// `SUCCESS` or `FAILED`.
    status: &'static str,
    /// Whether it was kept.
    success: bool,
    /// What was done.
    result: Option<&'a str>,
    /// The document.
    uploaded_document_id: Option<String>,
    /// Why it was not kept.
    errors: Vec<&'a str>,
}

/// An application.
pub fn object(of: &application::Application) -> Application<'_> {
    let Particulars {
        legal_entity_name,
        dba,
        primary_contact,
        tax_id,
        descriptor,
        support,
        bank,
        address,
        website,
        mcc,
        urls,
        external_id,
    } = &of.particulars;
    let code = of.state.code();
    Application {
        id: of.id.to_string(),
        status: code.title(),
        status_name: code.as_str(),
        created_on: of.created_at.iso6(),
        last_updated_on: of.updated_at.iso6(),
        legal_entity_name,
        dba,
        tax_id: tax_id.as_ref().map(application::Hidden::masked),
        descriptor,
        primary_contact: primary_contact.as_ref().map(contact),
        customer_support_info: support.as_ref().map(self::support),
        address: address.as_ref().map(self::address),
        bank_account_information: bank.as_ref().map(self::bank),
        website: website.as_deref(),
        mcc: mcc.as_deref(),
        urls,
        external_id: external_id.as_deref(),
        partner_id: of.partner.map(|partner| partner.to_string()),
        reason: of.state.reason(),
        documents: of.documents.iter().map(document).collect(),
        merchant_id: of.state.mid().map(|mid| mid.to_string()),
    }
}

fn contact(of: &Contact) -> ContactObject<'_> {
    ContactObject {
        first_name: of.first_name.as_deref(),
        last_name: of.last_name.as_deref(),
        email: of.email.as_deref(),
        phone: of.phone.as_deref(),
    }
}

fn support(of: &Support) -> SupportObject<'_> {
    SupportObject {
        support_link: of.link.as_deref(),
        support_email: of.email.as_deref(),
        support_name: of.name.as_deref(),
        support_phone: of.phone.as_deref(),
    }
}

fn address(of: &application::Address) -> AddressObject<'_> {
    AddressObject {
        address_line1: of.address_line1.as_deref(),
        address_line2: of.address_line2.as_deref(),
        city: of.city.as_deref(),
        state: of.state.as_deref(),
        zipcode: of.zipcode.as_deref(),
        country: of.country.as_deref(),
    }
}

fn bank(of: &Bank) -> BankObject<'_> {
    BankObject {
        bank_name: of.bank_name.as_deref(),
        account_number: of.account_number.as_ref().map(application::Hidden::masked),
        routing_number: of.routing_number.as_ref().map(application::Hidden::masked),
        account_type: of.account_type.as_deref(),
    }
}

/// A document.
pub fn document(of: &Document) -> DocumentObject<'_> {
    DocumentObject {
        id: of.id.to_string(),
        document_type: of.kind.as_str(),
        file_name: &of.name,
        content_type: of.format.media_type(),
        size: of.bytes,
        description: of.description.as_deref(),
        uploaded_on: of.created_at.iso6(),
    }
}

/// A line of the list.
pub fn row(of: &application::Application) -> Row<'_> {
    Row { id: of.id.to_string(), created_on: of.created_at.iso6(), status: of.state.code().as_str(), dba: &of.particulars.dba }
}

const fn word(done: bool) -> &'static str {
    if done { "SUCCESS" } else { "FAILED" }
}

/// The answer of a step, with what was done or why not.
pub fn stepped(step: &Result<&'static str, TransitionError>) -> Reply {
    Reply::ok(&Stepped {
        status: word(step.is_ok()),
        success: step.is_ok(),
        result: step.ok(),
        status_code: if step.is_ok() { "200" } else { "400" },
        errors: step.err().map(|refusal| Cow::Owned(refusal.to_string())).into_iter().collect(),
        custom_properties: BTreeMap::new(),
    })
}

/// The answer of a conversion.
pub fn converted(step: &Result<Mid, TransitionError>) -> Reply {
    Reply::ok(&Converted {
        merchant_id: step.ok().map(|mid| mid.to_string()),
        status: word(step.is_ok()),
        success: step.is_ok(),
        result: step.is_ok().then_some("Application converted successfully."),
        errors: step.err().map(|refusal| refusal.to_string()).into_iter().collect(),
    })
}

/// The answer of an upload.
pub fn uploaded(kept: &Result<DocumentId, String>) -> Reply {
    Reply::ok(&Uploaded {
        status: word(kept.is_ok()),
        success: kept.is_ok(),
        result: kept.is_ok().then_some("Document uploaded successfully."),
        uploaded_document_id: kept.as_ref().ok().map(DocumentId::to_string),
        errors: kept.as_ref().err().map(String::as_str).into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use domain::application::Code;

    use super::*;

    fn text(reply: &Reply) -> &str {
        std::str::from_utf8(reply.body()).unwrap()
    }

    #[test]
    fn steps_answer_in_the_odd_form_that_clients_know() {
        assert_eq!(
            text(&stepped(&Ok("Application submitted successfully."))),
            r#"{"status":"SUCCESS","success":true,"result":"Application submitted successfully.","statusCode":"200","errors":[],"customProperties":{}}"#
        );
        assert_eq!(
            text(&stepped(&Err(TransitionError::Already(Code::Submitted)))),
            r#"{"status":"FAILED","success":false,"result":null,"statusCode":"400","errors":["Application is already submitted."],"customProperties":{}}"#
        );
        let mid = Mid::from_bytes([1; 16]);
        assert_eq!(
            text(&converted(&Ok(mid))),
            r#"{"merchantId":"01010101-0101-0101-0101-010101010101","status":"SUCCESS","success":true,"result":"Application converted successfully.","errors":[]}"#
        );
        assert_eq!(
            text(&uploaded(&Ok(DocumentId::from_bytes([2; 16])))),
            r#"{"status":"SUCCESS","success":true,"result":"Document uploaded successfully.","uploadedDocumentId":"02020202-0202-0202-0202-020202020202","errors":[]}"#
        );
        assert!(text(&uploaded(&Err("Full.".into()))).contains(r#""uploadedDocumentId":null,"errors":["Full."]"#));
    }
}
