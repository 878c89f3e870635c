//! `recoup explain`: why an order was worked as it was, from a running server; and whether every decision of the data
//! folder comes out the same when it is made again.

mod again;
mod view;

use clap::ArgAction;
use serde_json::json;

use super::order::{Access, failed};
use crate::{config::Config, failure::Failure, output::Output, runtime};

/// What to explain.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Talks to a running server, with the keys in the credentials file. With --replay it reads the data folder \
    itself and makes each decision again: of the order that is named, or all of them."
)]
pub struct Args {
    #[command(flatten)]
    access: Access,
    /// The order's id, the merchant's with --external
    #[arg(required_unless_present = "replay")]
    order: Option<String>,
    /// The id is the merchant's own
    #[arg(long, conflicts_with = "replay")]
    external: bool,
    /// All decisions, not the newest alone
    #[arg(long, conflicts_with = "replay")]
    all: bool,
    /// Make the decisions of the data folder again and say of each whether it is the same
    #[arg(long, action = ArgAction::SetTrue)]
    replay: bool,
}

/// Runs the command.
pub fn run(args: &Args, configured: impl FnOnce() -> Result<Config, Failure>, output: Output) -> Result<(), Failure> {
    let order = args.order.as_deref();
    if args.replay {
        return super::administer(&configured()?, async |engine| again::run(order, &engine, output).await);
    }
    let client = args.access.client()?;
    runtime::once(async {
        let named = order.unwrap_or_default();
        let id = match args.external {
            true => client.order_by_external_id(named, None).await.map_err(failed)?.id,
            false => named.to_owned(),
        };
        let explanation = client.explanation(&id, args.all).await.map_err(failed)?;
        output.answer(|| json!(explanation), |paint| view::explanation(&explanation, paint))
    })
}
