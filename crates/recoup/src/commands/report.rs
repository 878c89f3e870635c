//! `recoup report`: reports over the data folder, for operators and their scripts.

mod uplift;

use std::sync::Arc;

use api::report;
use domain::{
    channel::Channel,
    environment::Environment,
    id::{Mid, SiteId},
    money::Currency,
    report::{Ask, Interval, Key, Kind, Name, Value},
    time::Timestamp,
};
use engine::{Engine, Report};

use super::arguments::{guid, word};
use crate::{
    failure::Failure,
    output::{Column, Output, Table, print},
};

/// Which report, over what.
#[derive(Debug, clap::Args)]
#[command(after_help = "A day such as 2026-11-30 is meant whole. Amounts are in minor units of the row's currency.")]
pub struct Args {
    /// recovery, declines, attempts, descriptors, sites, fees or uplift
    #[arg(value_parser = word(Name::parse, Name::ALL))]
    name: Name,
    /// First day or moment, UTC
    #[arg(long, value_parser = first)]
    from: Timestamp,
    /// Last day or moment, UTC; at most 400 days later
    #[arg(long, value_parser = last)]
    to: Timestamp,
    /// One merchant only
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// One site only
    #[arg(long, value_parser = guid(SiteId::parse))]
    site: Option<SiteId>,
    /// One channel only
    #[arg(long, value_parser = word(Channel::parse, Channel::ALL))]
    channel: Option<Channel>,
    /// One currency only, such as USD
    #[arg(long, value_parser = currency)]
    currency: Option<Currency>,
    /// Length of a period: none, day, week or month
    #[arg(long, default_value = "none", value_parser = word(Interval::parse, Interval::ALL))]
    interval: Interval,
    /// Further group keys: site, channel, descriptor; comma separated
    #[arg(long, value_delimiter = ',', value_parser = word(Key::parse, Key::ALL))]
    group_by: Vec<Key>,
    /// sandbox or production
    #[arg(long, default_value = "production", value_parser = word(Environment::parse, Environment::ALL))]
    environment: Environment,
    /// Orders that ran on the sandbox processor too
    #[arg(long)]
    include_test: bool,
    /// Answer in CSV
    #[arg(long)]
    csv: bool,
}

/// Runs the command.
pub async fn run(args: Args, engine: &Arc<Engine>, output: Output) -> Result<(), Failure> {
    if let Some(mid) = args.mid {
        engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
    }
    let ask = Ask {
        name: args.name,
        from: args.from,
        to: args.to,
        interval: args.interval,
        keys: args.group_by,
        site: args.site,
        channel: args.channel,
        currency: args.currency,
        include_test: args.include_test,
    };
    let found = engine.report_on(args.mid.map(|mid| vec![mid]), args.environment, ask).await?;
    if args.csv {
        return print(&report::csv(&found));
    }
    let json = || serde_json::to_value(report::Body::of(&found)).unwrap_or_default();
    if found.ask.name == Name::Uplift {
        return output.answer(json, |paint| uplift::text(&found, paint));
    }
    output.table(&table(&found), json)
}

fn table(report: &Report) -> Table {
    let columns = report.columns.iter();
    let mut table = Table::new(
        columns
            .map(|column| if column.kind == Kind::Text { Column::left(column.name) } else { Column::right(column.name) })
            .collect(),
    );
    for row in &report.rows {
        table.row(row.iter().map(cell).collect());
    }
    table
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Real(number) => format!("{number:.3}"),
        Value::Text(text) => text.clone(),
    }
}

const DATE: &str = "must be a date such as 2026-11-30, or a time such as 2026-11-30T12:00:00Z";

fn first(text: &str) -> Result<Timestamp, String> {
    Timestamp::first_of(text).ok_or_else(|| DATE.to_owned())
}

fn last(text: &str) -> Result<Timestamp, String> {
    Timestamp::last_of(text).ok_or_else(|| DATE.to_owned())
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| "must be a currency code such as USD".to_owned())
}
