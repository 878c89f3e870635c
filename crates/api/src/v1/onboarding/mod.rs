//! `/v1/onboarding`: applications of new merchants, their review and their documents (`wire-api` §11).

mod convert;
mod create;
mod documents;
mod get;
mod list;
mod put;
mod request;
mod review;
mod steps;
mod upload;

use domain::{
    bounds::TEXT_CHARS_MAX,
    id::{ApplicationId, DocumentId},
};
use serde_json::json;

use crate::{
    failure::Failure,
    json::shape::{self, date_time, object, text, word},
    operation::{Operation, Tag, schema},
    render::{
        List,
        application::{Application, Converted, DocumentObject, Row, Stepped, Uploaded},
    },
};

/// The calls of this resource.
pub fn operations() -> Vec<Operation> {
    vec![
        create(),
        Operation::get("/v1/onboarding/application/list", list::list)
            .id("listApplications")
            .summary("List applications")
            .query("status", "States, separated by commas: `DRAFT`, `SUBMITTED`, `IN_REVIEW` …")
            .query_as("createdFrom", date_time().about("Made at or after"))
            .query_as("createdTo", date_time().about("Made at or before"))
            .query_as("sortBy", word(&["createdOn", "status", "dba"]).about("Sorted by").default(json!("createdOn")))
            .query_as("sortOrder", word(&["asc", "desc"]).about("Direction").default(json!("desc")))
            .query_as("pageSize", shape::integer().at_least(1).at_most(200).about("Rows of a page").default(json!(10)))
            .query_as("pageNumber", shape::integer().at_least(1).about("Page, from 1").default(json!(1)))
            .answers(200, schema::<List<Row<'_>>>()),
        Operation::get("/v1/onboarding/application/{id}", get::get)
            .id("getApplication")
            .summary("Look at an application")
            .about("Tax and bank numbers are shown masked.")
            .answers(200, schema::<Application<'_>>()),
        Operation::put("/v1/onboarding/application/{id}", put::put)
            .id("rewriteApplication")
            .summary("Replace what a draft says")
            .about(
                "Drafts only. Tax and bank numbers that are left out, or come back masked as they are shown, stay; a bank account \
                 that is left out is taken away.",
            )
            .body(request::shape("ApplicationRewrite"))
            .example("shop", "A web shop", request::example())
            .answers(200, schema::<Application<'_>>()),
        Operation::post("/v1/onboarding/application/{id}/submit", steps::submit)
            .id("submitApplication")
            .summary("Hand an application in")
            .about(STEP)
            .answers(200, schema::<Stepped<'_>>()),
        Operation::post("/v1/onboarding/application/{id}/cancel", steps::cancel)
            .id("cancelApplication")
            .summary("Withdraw an application")
            .about(STEP)
            .answers(200, schema::<Stepped<'_>>()),
        Operation::post("/v1/onboarding/application/{id}/convert", convert::convert)
            .id("convertApplication")
            .summary("Make the merchant of an approved application")
            .about("Makes the merchant and its default site, once: a repeat answers the same `merchantId`. API keys are made afterwards.")
            .answers(200, schema::<Converted<'_>>()),
        review(),
        upload(),
        Operation::get("/v1/onboarding/application/{id}/documents", documents::list)
            .id("listDocuments")
            .summary("List the documents of an application")
            .answers(200, schema::<List<DocumentObject<'_>>>()),
        Operation::get("/v1/onboarding/application/{id}/documents/{documentId}", documents::get)
            .id("getDocument")
            .summary("Download a document")
            .path("documentId", "Document id")
            .answers_as(200, "application/octet-stream", crate::operation::Schema::Text)
            .when("The file, with its own content type, as an attachment."),
        Operation::delete("/v1/onboarding/application/{id}/documents/{documentId}", documents::delete)
            .id("deleteDocument")
            .summary("Take a document away")
            .about("Until the application is decided on.")
            .path("documentId", "Document id")
            .answers_empty(204),
    ]
    .into_iter()
    .map(|operation| operation.tag(Tag::Onboarding).scope("onboarding"))
    .map(|operation| if operation.path.contains("{id}") { operation.path("id", "Application id") } else { operation })
    .collect()
}

const STEP: &str = "No body. A state that does not allow it is answered with 200, `FAILED` and the reason in `errors`.";

fn create() -> Operation {
    Operation::post("/v1/onboarding/application", create::create)
        .id("createApplication")
        .summary("Start an application")
        .about("The application is a draft until it is submitted. Every fault is reported at once.")
        .body(request::shape("ApplicationDraft"))
        .example("shop", "A web shop", request::example())
        .answers(201, schema::<Application<'_>>())
}

fn review() -> Operation {
    Operation::post("/v1/onboarding/application/{id}/review", review::review)
        .id("reviewApplication")
        .summary("Begin or end a review")
        .about("Operator only.")
        .body(
            object("ReviewDecision", "What the reviewer says.")
                .required("decision", word(&["start", "approve", "decline"]).about("The step"))
                .optional("reason", text(TEXT_CHARS_MAX).about("Why; told to the partner")),
        )
        .example("approve", "Accept", json!({"decision": "approve"}))
        .answers(200, schema::<Application<'_>>())
}

fn upload() -> Operation {
    Operation::post("/v1/onboarding/application/{id}/documents", upload::upload)
        .id("uploadDocument")
        .summary("Add a document")
        .about("At most 10 MB: PDF, JPEG, PNG, XLS, XLSX, CSV, DOC or DOCX, by name and by content. Fields in any order.")
        .body_as(
            &["multipart/form-data"],
            object("DocumentUpload", "A file and what it shows.")
                .required("document", shape::file().about("The file"))
                .required(
                    "documentType",
                    word(&["ID", "ProofOfAddress", "BusinessLicense", "BankStatement", "Other"]).about("What it shows"),
                )
                .optional("description", text(TEXT_CHARS_MAX).about("Free text")),
        )
        .example("statement", "A bank statement", json!({"document": "@statement.pdf", "documentType": "BankStatement"}))
        .answers(200, schema::<Uploaded<'_>>())
}

fn id(text: &str) -> Result<ApplicationId, Failure> {
    ApplicationId::parse(text).ok_or_else(Failure::not_found)
}

fn document_id(text: &str) -> Result<DocumentId, Failure> {
    DocumentId::parse(text).ok_or_else(Failure::not_found)
}
