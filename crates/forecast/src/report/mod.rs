//! The report as a page.

mod charts;
mod words;

use chart::{Block, Page, Section, Table, Tile, Tone, Unit};

use crate::{
    estimate::{Estimate, Forecast},
    group::{Group, Range},
};

/// The report as one HTML page, in the largest currency; the others stand in a table.
pub fn page(forecast: &Forecast) -> Page {
    let mut page = Page {
        title: "What would have been recovered".to_owned(),
        subtitle: words::subtitle(forecast),
        made: words::made(forecast),
        ..Page::default()
    };
    let Some(main) = forecast.currencies.first() else {
        page.sections = vec![Section::new("Nothing was declined", [Block::Prose(words::nothing(forecast))]), lines(forecast)];
        return page;
    };
    page.tiles = tiles(main);
    page.sections = vec![summary(forecast, main), class(main), time(forecast, main), place(main), present(main)];
    if forecast.currencies.len() > 1 {
        page.sections.push(currencies(forecast));
    }
    page.sections.push(calibration(forecast));
    page.sections.push(lines(forecast));
    page
}

impl Estimate {
    /// Major units.
    pub(crate) fn major(&self, minor: f64) -> f64 {
        minor / 10f64.powi(self.decimals as i32)
    }

    pub(crate) fn unit(&self) -> Unit {
        Unit::Money(self.sign.clone())
    }

    /// An amount of minor units, written in full: `1,234.50`.
    pub fn written(&self, minor: f64) -> String {
        words::decimals(self.major(minor), self.decimals)
    }

    /// In whole major units: no forecast knows cents.
    pub(crate) fn money(&self, minor: f64) -> String {
        words::whole(&self.sign, self.major(minor))
    }

    pub(crate) fn interval(&self, range: Range) -> String {
        format!("{} to {}", self.money(range.low), self.money(range.high))
    }
}

fn tiles(main: &Estimate) -> Vec<Tile> {
    let mit = &main.mit;
    let share = mit.share_of_open();
    let percent = |value: f64| Unit::Percent.short(value);
    vec![
        Tile::new(
            "Recovered beyond what you collected yourself",
            main.money(mit.recovered_minor.mid),
            format!("90% interval {}", main.interval(mit.recovered_minor)),
        )
        .toned(Tone::Good),
        Tile::new(
            "Share of the declined amount left to work",
            percent(share.mid),
            format!("{} to {}", percent(share.low), percent(share.high)),
        ),
        Tile::new(
            "Rebills recovered",
            Unit::Count.full(mit.recovered_count.mid),
            format!(
                "of {} left to work, {} declined",
                Unit::Count.full(mit.open.count as f64),
                Unit::Count.full(mit.declined.count as f64)
            ),
        ),
        Tile::new(
            "Collected by yourself, not counted",
            main.money(mit.collected.amount_minor as f64),
            format!("{} rebills", Unit::Count.full(mit.collected.count as f64)),
        ),
    ]
}

fn summary(forecast: &Forecast, main: &Estimate) -> Section {
    Section::new(
        "In short",
        [
            Block::Prose(words::summary(forecast, main)),
            Block::Note(words::caution(forecast)),
            Block::chart(&charts::funnel(main)),
        ],
    )
}

fn class(main: &Estimate) -> Section {
    let text = "A decline's class decides what can be done. Hard declines are never retried; expired or wrong data need the \
                customer or an account updater, and nothing of them is counted here.";
    Section::new(
        "By decline class",
        [
            Block::Prose(text.to_owned()),
            Block::chart(&charts::rows("Recovered by class", "Decline class", main, &main.classes)),
            Block::Table(table("Rebills by decline class", "Class", main, &main.classes)),
        ],
    )
}

fn time(forecast: &Forecast, main: &Estimate) -> Section {
    let mut figures = vec![chart::Chart::figure(&charts::days(main))];
    if charts::has_week(forecast) {
        figures.push(chart::Chart::figure(&charts::week(forecast)));
    }
    Section::new(
        "Over time",
        [
            Block::chart(&charts::months(main)),
            Block::Table(table("Rebills by month of the decline", "Month", main, &main.months)),
            Block::Figures(figures),
        ],
    )
}

fn place(main: &Estimate) -> Section {
    let mut blocks = Vec::new();
    for (groups, title, name) in
        [(&main.countries, "Recovered by issuer's country", "Country"), (&main.sites, "Recovered by site", "Site")]
    {
        if groups.len() > 1 {
            blocks.push(Block::chart(&charts::rows(title, name, main, groups)));
        }
        blocks.push(Block::Table(table(&format!("Rebills by {}", name.to_lowercase()), name, main, groups)));
    }
    Section::new("By country and site", blocks)
}

fn present(main: &Estimate) -> Section {
    let mut table = Table::numbers("Payments with the customer present", ["", "Payments", "Amount"]);
    let cit = &main.cit;
    for (name, sum) in [
        ("Declined", cit.declined),
        ("Paid by the customer in another try", cit.collected),
        ("Must not be tried again", cit.never),
        ("Need the customer (authentication, data, funds)", cit.customer),
        ("One more attempt makes sense", cit.open),
    ] {
        table.row([name.to_owned(), Unit::Count.full(sum.count as f64), main.money(sum.amount_minor as f64)]);
    }
    table.row([
        "Recovered while the customer waits".to_owned(),
        Unit::Count.full(cit.recovered_count.mid),
        format!("{} ({})", main.money(cit.recovered_minor.mid), main.interval(cit.recovered_minor)),
    ]);
    Section::new("Customer present", [Block::Prose(words::PRESENT.to_owned()), Block::Table(table)])
}

fn currencies(forecast: &Forecast) -> Section {
    let mut table = Table::numbers("", ["Currency", "Declined rebills", "Left to work", "Recovered", "90% interval"]);
    for one in &forecast.currencies {
        table.row([
            one.currency.clone(),
            Unit::Count.full(one.mit.declined.count as f64),
            one.money(one.mit.open.amount_minor as f64),
            one.money(one.mit.recovered_minor.mid),
            one.interval(one.mit.recovered_minor),
        ]);
    }
    let text = "Amounts of different currencies are not added up. The charts above are of the first.";
    Section::new("All currencies", [Block::Prose(text.to_owned()), Block::Table(table)])
}

fn calibration(forecast: &Forecast) -> Section {
    let mut blocks = vec![Block::Prose(words::calibration(forecast))];
    if !forecast.calibration.is_empty() {
        let mut table =
            Table::numbers("Your own retries", ["Class", "Retries", "Model expected", "Succeeded", "Odds multiplied by"]);
        for one in &forecast.calibration {
            table.row([
                one.class.as_str().to_owned(),
                Unit::Count.full(f64::from(one.retries)),
                format!("{:.1}", one.expected),
                Unit::Count.full(f64::from(one.succeeded)),
                format!("{:.2}", one.odds_factor),
            ]);
        }
        blocks.push(Block::Table(table));
    }
    Section::new("How far the model is trusted", blocks)
}

fn lines(forecast: &Forecast) -> Section {
    let lines = &forecast.reading.lines;
    let mut table = Table::numbers("Lines of the file", ["", "Lines"]);
    table.row(["Read".to_owned(), Unit::Count.full(lines.good as f64)]);
    table.row(["Not readable".to_owned(), Unit::Count.full(lines.bad as f64)]);
    for (why, count) in &lines.skipped {
        table.row([words::skip(*why).to_owned(), Unit::Count.full(*count as f64)]);
    }
    table.total = Some(vec!["All".to_owned(), Unit::Count.full(lines.total as f64)]);
    let mut blocks = vec![Block::Prose(words::reading(forecast)), Block::Table(table)];
    if !lines.named.is_empty() {
        let name = |bad: &crate::account::Bad| match bad.column.as_str() {
            "" => format!("Line {}: {}", bad.line, bad.problem),
            column => format!("Line {}, {column}: {}", bad.line, bad.problem),
        };
        let mut named: Vec<String> = lines.named.iter().map(name).collect();
        let more = lines.bad.saturating_sub(named.len() as u64);
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        blocks.push(Block::List(named));
    }
    Section::new("What was read", blocks)
}

/// All groups with their sums, and one row for all.
fn table(caption: &str, name: &str, main: &Estimate, groups: &[Group]) -> Table {
    let mut table = Table::numbers(
        caption,
        [
            name,
            "Declined",
            "Amount",
            "Collected yourself",
            "Not to be retried",
            "Need the customer",
            "Left to work",
            "Recovered",
            "90% interval",
        ],
    );
    let row = |name: &str, group: &Group| {
        let amount = |minor: i64| main.money(minor as f64);
        vec![
            name.to_owned(),
            Unit::Count.full(group.declined.count as f64),
            amount(group.declined.amount_minor),
            amount(group.collected.amount_minor),
            amount(group.never.amount_minor),
            amount(group.customer.amount_minor),
            amount(group.open.amount_minor),
            main.money(group.recovered_minor.mid),
            main.interval(group.recovered_minor),
        ]
    };
    table.rows = groups.iter().map(|group| row(&group.name, group)).collect();
    table.total = (groups.len() > 1).then(|| row("All", &main.mit));
    table
}
