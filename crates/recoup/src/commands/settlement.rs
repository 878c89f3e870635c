//! `recoup settlement`: what was rescued in a period, less fees, refunds and chargebacks.

use clap::Subcommand;
use domain::{
    environment::Environment,
    id::{Mid, SettlementId},
    settlement::{Item, Settlement, State},
    time::Timestamp,
};
use engine::{Engine, PageAt, Principal, SettlementFilter, Sort};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// Items that are shown of one settlement; the HTTP interface pages through all.
const ITEMS_SHOWN_MAX: u32 = 200;

/// What to do with settlements.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Settlements, newest period first
    List {
        /// One merchant only
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
        /// sandbox or production
        #[arg(long, default_value = "production", value_parser = word(Environment::parse, Environment::ALL))]
        environment: Environment,
        /// OPEN, CLOSED or PAID only
        #[arg(long, value_parser = word(State::parse, State::ALL))]
        status: Option<State>,
        /// How many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        last: u32,
    },
    /// One settlement, with its first two hundred items in JSON
    Show {
        /// Its id
        #[arg(value_parser = guid(SettlementId::parse))]
        id: SettlementId,
    },
    /// Close an open settlement before its period is over
    Close {
        /// Its id
        #[arg(value_parser = guid(SettlementId::parse))]
        id: SettlementId,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::List { mid, environment, status, last } => {
            let filter = SettlementFilter {
                mids: None,
                environment,
                state: status,
                currency: None,
                from: None,
                to: None,
                sort: Sort::Descending,
                page: PageAt { number: 1, size: last },
            };
            let page = engine.settlements(&Principal::operator(environment), mid, filter).await;
            let page = page.map_err(|error| match (error, mid) {
                (engine::Error::ForeignMerchant, Some(mid)) => Failure::not_found(format!("there is no merchant {mid}")),
                (error, _) => error.into(),
            })?;
            output.list(COLUMNS, page.rows.iter().map(view).collect())
        }
        Command::Show { id } => {
            let principal = Principal::operator(find(engine, id).await?.environment);
            let (settlement, items) = engine.settlement_items(&principal, id, ITEMS_SHOWN_MAX, 0).await?;
            let mut shown = view(&settlement);
            if output.is_json() {
                shown["rows"] = items.iter().map(line).collect();
            }
            output.record(&shown)
        }
        Command::Close { id } => {
            let principal = Principal::operator(find(engine, id).await?.environment);
            output.record(&view(&engine.close_settlement(&principal, id).await?))
        }
    }
}

async fn find(engine: &Engine, id: SettlementId) -> Result<Settlement, Failure> {
    let found = engine.store().settlement(id).await.map_err(engine::Error::from)?;
    found.ok_or_else(|| Failure::not_found(format!("there is no settlement {id}")))
}

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("MERCHANT", "mid"),
    ("FROM", "capturePeriodFrom"),
    ("TO", "capturePeriodTo"),
    ("CURRENCY", "currency"),
    ("PAYOUT", "payout"),
    ("STATUS", "status"),
];

fn view(of: &Settlement) -> Value {
    let sums = &of.sums;
    json!({
        "id": of.id, "mid": of.mid, "environment": of.environment, "paymentRef": of.reference,
        "payoutDate": of.payout_at.iso6(), "capturePeriodFrom": of.from.iso6(), "capturePeriodTo": of.to.iso6(),
        "currency": of.currency, "totalValue": sums.total_value, "serviceFees": sums.service_fees,
        "chargebackFees": sums.chargeback_fees, "chargebackValue": sums.chargeback_value, "returns": sums.returns,
        "adjustment": sums.adjustment, "reserve": sums.reserve, "payout": sums.payout().ok(), "status": of.state,
        "items": of.items, "payoutId": of.payout, "closedOn": of.closed_at.map(Timestamp::iso6),
    })
}

fn line(of: &Item) -> Value {
    json!({
        "type": of.kind, "orderId": of.order, "externalOrderId": of.external_order_id, "siteId": of.site,
        "descriptor": of.descriptor, "amount": of.amount.minor, "currency": of.amount.currency,
        "occurredOn": of.occurred_at.iso6(), "note": of.note,
    })
}
