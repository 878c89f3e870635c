//! `recoup openapi`: the description of the HTTP interface, without a server.

use crate::{failure::Failure, output::print, postman};

/// In which form.
#[derive(Debug, clap::Args)]
#[command(after_help = "A running server answers the same document at /openapi.json.")]
pub struct Args {
    /// As a Postman collection, v2.1
    #[arg(long)]
    postman: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let document = api::description();
    print(&if args.postman { postman::text(&document) } else { format!("{document:#}") })
}
