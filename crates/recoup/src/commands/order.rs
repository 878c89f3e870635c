//! `recoup order`: orders of a running server, through its HTTP interface.

mod access;
mod view;

use clap::Subcommand;
use client::{Client, Error, OrderQuery, RefundDraft};
use serde_json::json;

pub use self::access::Access;
use crate::{failure::Failure, output::Output, runtime};

/// What to do with orders.
#[derive(Debug, clap::Args)]
#[command(after_help = "Unlike other commands this one talks to a running server, with the keys in the credentials file:\n\
    {\"base_url\": …, \"app_key\": …, \"app_secret\": …}, as `recoup demo` writes it.")]
pub struct Args {
    #[command(flatten)]
    access: Access,
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Orders, newest first
    List(Filter),
    /// One order
    Show(One),
    /// What happened to an order
    Timeline(One),
    /// Stop the rescue of an order
    Cancel(One),
    /// Give money back
    Refund {
        #[command(flatten)]
        one: One,
        /// How much, in major units such as 19.99
        amount: String,
        /// Why
        #[arg(long)]
        message: Option<String>,
        /// Makes a second refund of the same amount on one day another one
        #[arg(long)]
        key: Option<String>,
    },
}

/// Which.
#[derive(Debug, clap::Args)]
pub struct One {
    /// Its id, the merchant's with --external
    id: String,
    /// The id is the merchant's own
    #[arg(long)]
    external: bool,
}

/// Which of them.
#[derive(Debug, clap::Args)]
pub struct Filter {
    /// Name, mail, any order id or reference
    query: Option<String>,
    /// draft, onhold, cancelled, problem, processing, capturerequired, returned or completed; may be repeated
    #[arg(long, value_parser = view::status)]
    status: Vec<u8>,
    /// Placed at or after, UTC
    #[arg(long)]
    from: Option<String>,
    /// Placed at or before, UTC
    #[arg(long)]
    to: Option<String>,
    /// One merchant only
    #[arg(long)]
    mid: Option<String>,
    /// Page, from 1
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// Orders on a page
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=200))]
    page_size: u32,
}

/// Runs the command.
pub fn run(args: Args, output: Output) -> Result<(), Failure> {
    let client = args.access.client()?;
    runtime::once(async { carry_out(args.command, &client, output).await })
}

async fn carry_out(command: Command, client: &Client, output: Output) -> Result<(), Failure> {
    match command {
        Command::List(filter) => {
            let page = client.orders(&query(filter)).await.map_err(failed)?;
            output.table(&view::orders(&page), || json!(page))
        }
        Command::Show(one) => {
            let order = find(client, &one).await?;
            output.record(&json!(order))
        }
        Command::Timeline(one) => {
            let timeline = client.timeline(&id(client, &one).await?).await.map_err(failed)?;
            output.table(&view::timeline(&timeline), || json!(timeline))
        }
        Command::Cancel(one) => {
            let done =
                if one.external { client.cancel_by_external_id(&one.id, None).await } else { client.cancel(&one.id).await };
            done.map_err(failed)?;
            let order = find(client, &one).await?;
            output.answer(|| json!(order), |_| format!("{} is {}", order.id, order.status_name))
        }
        Command::Refund { one, amount, message, key } => {
            let draft = RefundDraft { amount_to_refund: amount, refund_message: message, idempotency_key: key };
            let refunded = client.refund(&id(client, &one).await?, &draft).await.map_err(failed)?;
            if !refunded.success {
                return Err(Failure::conflict(format!("{} ({})", refunded.response_message, refunded.response_code)));
            }
            let transaction = refunded.transaction_id.clone().unwrap_or_default();
            output.answer(|| json!(refunded), |_| format!("{} given back as {transaction}", draft.amount_to_refund))
        }
    }
}

fn query(filter: Filter) -> OrderQuery {
    OrderQuery {
        query: filter.query,
        status: Some(filter.status),
        from: filter.from,
        to: filter.to,
        mid: filter.mid,
        page_number: Some(filter.page),
        page_size: Some(filter.page_size),
        ..OrderQuery::default()
    }
}

async fn find(client: &Client, one: &One) -> Result<client::Order, Failure> {
    let found = if one.external { client.order_by_external_id(&one.id, None).await } else { client.order(&one.id).await };
    found.map_err(failed)
}

async fn id(client: &Client, one: &One) -> Result<String, Failure> {
    if one.external { Ok(find(client, one).await?.id) } else { Ok(one.id.clone()) }
}

/// What the server said, with the exit code that fits.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub fn failed(error: Error) -> Failure {
    match &error {
        Error::Invalid { .. } | Error::Unsendable { .. } => Failure::usage(error.to_string()),
        Error::Refused { refusal, .. } if refusal.status() == 404 => Failure::not_found("there is no such order"),
        Error::Refused { refusal, .. } if refusal.status() == 409 => Failure::conflict(refusal.message.clone()),
        _ => Failure::failed(error.to_string()),
    }
}
