//! `recoup forecast`: what would have been recovered, from a file of past transactions. Nothing leaves the machine.

use std::{
    fmt::Write as _,
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use domain::{country, money::Currency, rules::Rules};
use forecast::{Assume, Estimate, Forecast, Group, Options, Written};
use indicatif::{ProgressBar, ProgressStyle};
use recovery::Model;

use crate::{
    config::Config,
    failure::Failure,
    output::{Column, Output, Paint, Table},
};

/// Which file, and how to read it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Columns by the names of the vendor's report (OrderId SiteUrl Transaction_Timestamp Transaction_Amount \
    Transaction_Currency Transaction_ResponseCode IsMIT Payer_Id …) or plain ones (order, site, date, amount, currency, response_code, \
    status, mit, card, customer, bin, country, network, funding, advice_code). Needed: when, how much, the answer, who initiated. Never \
    put card numbers in the file: rows that hold one are refused.")]
pub struct Args {
    /// CSV of past transactions, approved and declined; `-` reads standard input
    file: PathBuf,
    /// Write report.html, forecast.json and the charts as SVG into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write the report into this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Amounts in minor units (1999) or major ones (19.99) [default: as the file looks]
    #[arg(long, value_name = "minor|major", value_parser = written)]
    amounts: Option<Written>,
    /// Currency of rows that name none
    #[arg(long, value_parser = currency)]
    currency: Option<Currency>,
    /// Who initiated rows that do not say it: mit or cit
    #[arg(long, value_name = "mit|cit", value_parser = initiator)]
    initiator: Option<bool>,
    /// The merchant's country: decides which network limits bind
    #[arg(long, default_value = "US", value_parser = land)]
    country: String,
    /// Days that a payment may be worked
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(u16).range(1..=60))]
    days: u16,
    /// Attempts of ours per payment at most
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=15))]
    attempts: u32,
    /// Open payments that are worked one by one; of more a regular sample stands for all
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    sample: u32,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the command.
pub fn run(args: &Args, config: &Config, output: Output) -> Result<(), Failure> {
    let loaded = config.engine.rules_dir.as_deref().map(Rules::load).transpose();
    let loaded = loaded.map_err(|error| Failure::usage(error.to_string()))?;
    let rules = loaded.as_ref().unwrap_or_else(|| Rules::builtin());
    let assume = Assume { currency: args.currency, written: args.amounts, mit: args.initiator };
    let history = read(&args.file, assume, rules)?;
    let options = Options {
        seed: args.seed,
        window_days: args.days,
        attempts_max: args.attempts,
        merchant_country: args.country.clone(),
        sample_max: args.sample as usize,
        ..Options::default()
    };
    let bar = bar("Working {pos} of {len} payments [{bar:30}] {eta}")?;
    let found = forecast::forecast(&history, &options, rules, Model::builtin(), |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let written = write(args, &found)?;
    output.answer(|| json(&found), |paint| text(&found, &written, paint))
}

fn read(file: &Path, assume: Assume, rules: &Rules) -> Result<forecast::History, Failure> {
    let named = |error: io::Error| Failure::failed(format!("{}: {error}", file.display()));
    let unread = |error: forecast::Error| match error {
        forecast::Error::Io(error) => named(error),
        error => Failure::usage(format!("{}: {error}", file.display())),
    };
    if file.as_os_str() == "-" {
        return forecast::read(io::stdin().lock(), assume, rules, |_| {}).map_err(unread);
    }
    let open = fs::File::open(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::not_found(format!("{} does not exist", file.display())),
        _ => named(error),
    })?;
    let bar = bar("Reading {bytes} of {total_bytes} [{bar:30}] {eta}")?;
    bar.set_length(open.metadata().map_err(named)?.len());
    let history = forecast::read(open, assume, rules, |bytes| bar.set_position(bytes)).map_err(unread);
    bar.finish_and_clear();
    history
}

/// A bar on a terminal, nothing elsewhere.
fn bar(template: &str) -> Result<ProgressBar, Failure> {
    if !io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template(template).map_err(|error| Failure::failed(error.to_string()))?;
    Ok(ProgressBar::new(0).with_style(style.progress_chars("=> ")))
}

/// Writes what was asked for; the files written.
fn write(args: &Args, found: &Forecast) -> Result<Vec<PathBuf>, Failure> {
    let page = forecast::page(found);
    let mut files = Vec::new();
    let mut put = |path: PathBuf, text: &str| -> Result<(), Failure> {
        fs::write(&path, text).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
        files.push(path);
        Ok(())
    };
    if let Some(file) = &args.html {
        put(file.clone(), &page.html())?;
    }
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).map_err(|error| Failure::failed(format!("{}: {error}", folder.display())))?;
        put(folder.join("report.html"), &page.html())?;
        put(folder.join("forecast.json"), &(format!("{:#}", json(found)) + "\n"))?;
        for (number, figure) in page.figures().enumerate() {
            put(folder.join(format!("chart-{:02}.svg", number + 1)), &figure.svg())?;
        }
    }
    Ok(files)
}

fn json(found: &Forecast) -> serde_json::Value {
    serde_json::to_value(found).unwrap_or_default()
}

fn text(found: &Forecast, written: &[PathBuf], paint: Paint) -> String {
    let lines = &found.reading.lines;
    let mut out = format!("{} lines: {} read, {} not readable, {} left out", lines.total, lines.good, lines.bad, lines.skipped());
    for (why, count) in &lines.skipped {
        let _ = write!(out, ", {count} {}", why.as_str().replace('_', " "));
    }
    let _ = writeln!(
        out,
        ".\nAmounts read as {} units, {}.",
        if found.reading.amounts == Written::Major { "major" } else { "minor" },
        found.reading.amounts_why
    );
    for bad in lines.named.iter().take(BAD_SHOWN_MAX) {
        let _ = writeln!(out, "  line {}: {} {}", bad.line, bad.column, bad.problem);
    }
    if lines.bad > BAD_SHOWN_MAX as u64 {
        let _ = writeln!(out, "  and {} more", lines.bad - BAD_SHOWN_MAX as u64);
    }
    for currency in &found.currencies {
        let _ = write!(
            out,
            "\n{}\n{}",
            paint.bold(&format!("Declined rebills in {}", currency.currency)),
            table(currency).render(paint)
        );
    }
    if let Some(main) = found.currencies.first() {
        let _ = writeln!(
            out,
            "\nWould have been recovered beyond what you collected yourself: {} {} ({} to {}, 90% interval).",
            main.currency,
            main.written(main.mit.recovered_minor.mid),
            main.written(main.mit.recovered_minor.low),
            main.written(main.mit.recovered_minor.high)
        );
        out += "An estimate from published rates and your own retries, not a measurement; the report says how it was made.\n";
    }
    for file in written {
        let _ = writeln!(out, "Wrote {}", file.display());
    }
    out
}

/// Bad lines that the terminal names.
const BAD_SHOWN_MAX: usize = 10;

fn table(of: &Estimate) -> Table {
    let mut table = Table::new(vec![
        Column::left("CLASS"),
        Column::right("DECLINED"),
        Column::right("AMOUNT"),
        Column::right("COLLECTED"),
        Column::right("LEFT TO WORK"),
        Column::right("RECOVERED"),
        Column::right("90% INTERVAL"),
    ]);
    let mut row = |name: &str, group: &Group| {
        let range = group.recovered_minor;
        table.row(vec![
            name.to_owned(),
            group.declined.count.to_string(),
            of.written(group.declined.amount_minor as f64),
            of.written(group.collected.amount_minor as f64),
            of.written(group.open.amount_minor as f64),
            of.written(range.mid),
            format!("{} to {}", of.written(range.low), of.written(range.high)),
        ]);
    };
    for group in &of.classes {
        row(&group.name, group);
    }
    row("all rebills", &of.mit);
    if of.cit.declined.count > 0 {
        row("customer present", &of.cit);
    }
    table
}

fn written(text: &str) -> Result<Written, String> {
    match text {
        "minor" => Ok(Written::Minor),
        "major" => Ok(Written::Major),
        _ => Err("minor or major".to_owned()),
    }
}

fn initiator(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "mit" => Ok(true),
        "cit" => Ok(false),
        _ => Err("mit or cit".to_owned()),
    }
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| "not an ISO 4217 code".to_owned())
}

fn land(text: &str) -> Result<String, String> {
    country::code_of(text).map(str::to_owned).ok_or_else(|| "not a country".to_owned())
}
