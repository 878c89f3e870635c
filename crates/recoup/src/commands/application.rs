//! `recoup application`: reviewing the applications of new merchants.

use clap::Subcommand;
use domain::{
    application::{Application, Code, Document, Hidden},
    environment::Environment,
    id::{ApplicationId, PartnerId},
    time::Timestamp,
};
use engine::{
    ApplicationBy, Engine, PageAt, Principal, Sort,
    onboarding::{ApplicationQuery, Decision},
};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// What to do with applications.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Applications, newest first
    List {
        /// Its partner
        #[arg(long, value_parser = guid(PartnerId::parse))]
        partner: Option<PartnerId>,
        /// Its state, such as SUBMITTED; may be repeated
        #[arg(long, value_parser = word(Code::read, Code::ALL))]
        status: Vec<Code>,
        /// sandbox or production; both without it
        #[arg(long, value_parser = word(Environment::parse, Environment::ALL))]
        environment: Option<Environment>,
        /// Page, from 1
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        page: u32,
    },
    /// One application; tax and bank numbers are masked
    Show(One),
    /// Begin the review of a submitted application
    Start(One),
    /// Accept an application under review
    Approve(Decided),
    /// Refuse an application under review
    Decline(Decided),
}

/// Which.
#[derive(Debug, clap::Args)]
pub struct One {
    /// Its id
    #[arg(value_parser = guid(ApplicationId::parse))]
    id: ApplicationId,
}

/// Which, and why.
#[derive(Debug, clap::Args)]
pub struct Decided {
    #[command(flatten)]
    one: One,
    /// Why; told to the partner
    #[arg(long)]
    reason: Option<String>,
}

/// Rows of a page.
const PAGE_ROWS: u32 = 100;

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::List { partner, status, environment, page } => {
            let filter = ApplicationQuery {
                partner,
                environment,
                codes: status,
                order_by: ApplicationBy::CreatedOn,
                sort: Sort::Descending,
                page: PageAt { number: page, size: PAGE_ROWS },
                ..ApplicationQuery::default()
            };
            let found = engine.store().applications(filter).await.map_err(engine::Error::from)?;
            output.list(COLUMNS, found.rows.iter().map(view).collect())
        }
        Command::Show(One { id }) => output.record(&view(&find(engine, id).await?)),
        Command::Start(one) => review(engine, &one, Decision::Start, None, output).await,
        Command::Approve(decided) => review(engine, &decided.one, Decision::Approve, decided.reason, output).await,
        Command::Decline(decided) => review(engine, &decided.one, Decision::Decline, decided.reason, output).await,
    }
}

async fn review(engine: &Engine, one: &One, decision: Decision, reason: Option<String>, output: Output) -> Result<(), Failure> {
    let environment = find(engine, one.id).await?.environment;
    let reviewed = engine.review_application(&Principal::operator(environment), one.id, decision, reason).await?;
    let reviewed = reviewed.map_err(|refusal| Failure::conflict(refusal.to_string()))?;
    output.record(&view(&reviewed))
}

async fn find(engine: &Engine, id: ApplicationId) -> Result<Application, Failure> {
    let application = engine.store().application(id).await.map_err(engine::Error::from)?;
    application.ok_or_else(|| Failure::not_found(format!("there is no application {id}")))
}

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("STATUS", "status"),
    ("TRADING NAME", "dba"),
    ("PARTNER", "partner"),
    ("ENVIRONMENT", "environment"),
    ("CREATED", "createdAt"),
];

fn view(of: &Application) -> Value {
    let said = &of.particulars;
    let masked = |hidden: Option<&Hidden>| hidden.map(Hidden::masked);
    let bank = said.bank.as_ref().map(|bank| {
        json!({
            "bankName": bank.bank_name, "accountType": bank.account_type,
            "accountNumber": masked(bank.account_number.as_ref()), "routingNumber": masked(bank.routing_number.as_ref()),
        })
    });
    json!({
        "id": of.id, "status": of.state.code(), "environment": of.environment, "partner": of.partner,
        "legalEntityName": said.legal_entity_name, "dba": said.dba, "descriptor": said.descriptor,
        "taxId": masked(said.tax_id.as_ref()), "mcc": said.mcc, "website": said.website, "urls": said.urls,
        "primaryContact": said.primary_contact, "customerSupport": said.support, "address": said.address, "bank": bank,
        "externalId": said.external_id, "documents": of.documents.iter().map(document).collect::<Vec<_>>(),
        "reason": of.state.reason(), "mid": of.state.mid(),
        "createdAt": Timestamp::iso6(of.created_at), "updatedAt": Timestamp::iso6(of.updated_at),
    })
}

fn document(of: &Document) -> Value {
    json!({"id": of.id, "kind": of.kind, "name": of.name, "bytes": of.bytes, "description": of.description})
}
