//! The report, section by section; terminal and Markdown show the same ones.

use super::{
    figures::{Figures, Operation, Soak},
    table::{Table, count, megabytes, percent, short},
    target::Verdict,
};

/// A core is taken for used up from here.
const BUSY: f64 = 0.93;

/// A heading, sentences, and a table.
#[derive(Debug, Clone)]
pub struct Section {
    /// Heading.
    pub heading: &'static str,
    /// Sentences.
    pub text: Vec<String>,
    /// Table; may be empty.
    pub table: Table,
}

/// All sections that have something to say.
pub fn all(figures: &Figures, verdicts: &[Verdict]) -> Vec<Section> {
    let sections = [
        conditions(figures),
        peaks(figures),
        latencies(figures),
        bounds(figures),
        floors(figures),
        memory(figures),
        start(figures),
        timers(figures),
        figures.soak.as_ref().map(soak),
        targets(verdicts),
    ];
    sections.into_iter().flatten().collect()
}

#[expect(clippy::unnecessary_wraps, reason = "one of a list of sections that may be absent")]
fn conditions(figures: &Figures) -> Option<Section> {
    let mut text = vec![
        format!("{}: {}.", figures.began, figures.machine.told()),
        format!("{}; {} connections; windows of {} s.", figures.cores, figures.connections, figures.window_seconds),
    ];
    text.extend(figures.database.as_ref().map(|it| {
        let synchronous = figures.floor_synchronous.map_or("unknown", synchronous_name);
        let (mode, page) = (&it.journal_mode, it.page_bytes);
        format!("Durability: the server's database says journal_mode={mode}, page_size={page}; the SQLite floor ran with journal_mode=WAL, synchronous={synchronous}.")
    }));
    text.extend(figures.lone.as_ref().map(|it| {
        let (answer, commit) = (short(it.answer_ms), short(it.commit_ms));
        format!("One caller alone waits {answer} ms (median) for /transmit; a synced commit of the same rows by SQLite alone takes {commit} ms (median).")
    }));
    Some(Section { heading: "Conditions", text, table: Table::new(&[]) })
}

fn peaks(figures: &Figures) -> Option<Section> {
    let mut table =
        Table::new(&["operation", "body, bytes", "peak, 1/s", "floor, 1/s", "of the floor", "p50 ms", "p99 ms", "errors"]);
    for operation in &figures.operations {
        let Peak { floor, ratio } = told_floor(operation);
        table.push([
            operation.name.to_owned(),
            operation.body_bytes.to_string(),
            count_or_short(operation.peak.per_second),
            floor,
            ratio,
            short(operation.peak.latency.p50_ms),
            short(operation.peak.latency.p99_ms),
            operation.peak.errors.to_string(),
        ]);
    }
    let text = "Closed loop: every connection sends as soon as it was answered. The floor is what a server could reach that did nothing but answer HTTP and write these rows: 1/(1/echo + 1/SQLite).";
    section("Peak", text, table)
}

fn latencies(figures: &Figures) -> Option<Section> {
    let mut table = Table::new(&["operation", "arrivals, 1/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "errors"]);
    for (name, half) in figures.operations.iter().filter_map(|it| Some((it.name, it.half.as_ref()?))) {
        let l = &half.latency;
        let [p50, p90, p99, p999, max] = [l.p50_ms, l.p90_ms, l.p99_ms, l.p999_ms, l.max_ms].map(short);
        table.push([name.to_owned(), count_or_short(half.per_second), p50, p90, p99, p999, max, half.errors.to_string()]);
    }
    let text = "Open loop: requests arrive at a constant rate, and latency counts from the moment a request was due.";
    section("Latency at half of the peak", text, table)
}

fn bounds(figures: &Figures) -> Option<Section> {
    let mut table = Table::new(&["operation", "server CPU, µs", "server core", "generator core", "disk, bytes", "bound by"]);
    for operation in &figures.operations {
        let peak = &operation.peak;
        table.push([
            operation.name.to_owned(),
            short(peak.server_us),
            percent(peak.server_busy),
            percent(peak.generator_busy),
            count(peak.written_bytes),
            bound(operation).to_owned(),
        ]);
    }
    section("What bounds each peak", "Per request, over the closed loop. A core counts as used up from 93 %.", table)
}

fn floors(figures: &Figures) -> Option<Section> {
    let mut table = Table::new(&["floor", "1/s", "commits, 1/s", "rows of one operation (| = next commit)"]);
    for echo in &figures.echoes {
        let note = format!("CPU {} µs; generator core {}", short(echo.server_us), percent(echo.generator_busy));
        table.push([format!("JSON echo, {} bytes", echo.body_bytes), count(echo.per_second), String::new(), note]);
    }
    for (name, floor) in figures.operations.iter().filter_map(|it| Some((it.name, it.floor.as_ref()?))) {
        let store = &floor.store;
        table.push([format!("SQLite, {name}"), count(store.per_second), count(store.commits_per_second), floor.rows.clone()]);
    }
    let text = "The echo with the smallest body is the one in the floors. SQLite alone writes copies of the rows that the operation left behind in the server's own schema, one thread, one synced transaction for as many operations as there are connections.";
    section("Floors", text, table)
}

fn memory(figures: &Figures) -> Option<Section> {
    let mut table = Table::new(&["operation", "before", "after"]);
    for operation in &figures.operations {
        let [before, after] = [operation.memory_before_bytes, operation.memory_after_bytes].map(megabytes);
        table.push([operation.name.to_owned(), before, after]);
    }
    section("Resident memory", "Of the server, with the pages of the database that it has mapped.", table)
}

fn start(figures: &Figures) -> Option<Section> {
    let start = figures.start.as_ref()?;
    let mut table = Table::new(&["start", "figure"]);
    table.push(["first, empty folder".to_owned(), format!("{} ms", short(start.fresh_ms))]);
    let again: Vec<String> = start.again_ms.iter().map(|ms| short(*ms)).collect();
    table.push(["later ones".to_owned(), format!("{} ms", again.join(", "))]);
    table.push(["idle memory, resident".to_owned(), megabytes(start.idle_bytes)]);
    table.push(["of that, its own".to_owned(), megabytes(start.idle_anonymous_bytes)]);
    section("Start", "From the start of the process to its first good answer on /readyz.", table)
}

fn timers(figures: &Figures) -> Option<Section> {
    let timers = figures.timers.as_ref()?;
    let mut table = Table::new(&["round", "start without", "start with", "evaluate without, 1/s", "evaluate with, 1/s"]);
    for (n, (start, rate)) in timers.start_ms.iter().zip(&timers.per_second).enumerate() {
        let ms = |ms: f64| format!("{} ms", short(ms));
        table.push([(n + 1).to_string(), ms(start.0), ms(start.1), count(rate.0), count(rate.1)]);
    }
    let text = format!(
        "{} pending timers, copies of real ones due ten years later, written into the stopped server's table; managed-MIT evaluations at the peak, without and with them in turn.",
        count(f64::from(timers.pending))
    );
    section("Pending timers", &text, table)
}

fn soak(soak: &Soak) -> Section {
    let mut table = Table::new(&["minute", "p50 ms", "p99 ms", "p99.9 ms", "resident", "its own"]);
    for (n, latency) in soak.latency.iter().enumerate() {
        let end = (n + 1) as f64 * 60.0;
        let memory = soak.memory.iter().rfind(|sample| sample.0 <= end).or(soak.memory.last());
        let [resident, own] = memory.map_or([0, 0], |sample| [sample.1, sample.2]).map(megabytes);
        let [p50, p99, p999] = [latency.p50_ms, latency.p99_ms, latency.p999_ms].map(short);
        table.push([(n + 1).to_string(), p50, p99, p999, resident, own]);
    }
    let text = format!(
        "{} minutes of transmit, managed-MIT and CIT evaluate, tokenize and reads by turns, {} arrivals per second, {:.3} % bad answers. Own memory in the last fifth by that in the second: {:.2}.",
        soak.minutes,
        count(soak.per_second),
        soak.error_share * 100.0,
        soak.growth()
    );
    Section { heading: "Long run", text: vec![text], table }
}

fn targets(verdicts: &[Verdict]) -> Option<Section> {
    let mut table = Table::new(&["target", "reached", "met"]);
    for verdict in verdicts {
        table.push([verdict.target.clone(), verdict.reached.clone(), if verdict.met { "yes" } else { "NO" }.to_owned()]);
    }
    section("Targets", "", table)
}

struct Peak {
    floor: String,
    ratio: String,
}

fn told_floor(operation: &Operation) -> Peak {
    let told = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    Peak {
        floor: told(operation.floor.as_ref().map(|floor| count(floor.per_second))),
        ratio: told(operation.ratio().map(percent)),
    }
}

fn bound(operation: &Operation) -> &'static str {
    let peak = &operation.peak;
    match () {
        () if peak.server_busy >= BUSY => "the server's core",
        () if peak.generator_busy >= BUSY => "the load generator: the server can do more",
        () if operation.floor.is_some() => "waiting for the disk",
        () => "waiting",
    }
}

fn section(heading: &'static str, text: &str, table: Table) -> Option<Section> {
    let text = if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    (!table.is_empty()).then_some(Section { heading, text, table })
}

fn count_or_short(value: f64) -> String {
    if value < 100.0 { short(value) } else { count(value) }
}

fn synchronous_name(value: u32) -> &'static str {
    match value {
        0 => "OFF",
        1 => "NORMAL",
        2 => "FULL",
        3 => "EXTRA",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{example::figures, target};

    #[test]
    fn everything_measured_has_its_section() {
        let measured = figures();
        let headings: Vec<_> = all(&measured, &target::judge(&measured)).iter().map(|section| section.heading).collect();
        assert_eq!(headings.len(), 10, "{headings:?}");
        let nothing = Figures { echoes: Vec::new(), start: None, operations: Vec::new(), timers: None, soak: None, ..measured };
        assert_eq!(all(&nothing, &[]).len(), 1);
    }

    #[test]
    fn the_bound_is_told_by_what_is_used_up() {
        let mut operation = figures().operations.remove(0);
        for (server, generator, told) in
            [(0.99, 0.99, "the server's core"), (0.5, 0.95, "the load"), (0.5, 0.5, "waiting for the disk")]
        {
            (operation.peak.server_busy, operation.peak.generator_busy) = (server, generator);
            assert!(bound(&operation).starts_with(told), "{server} {generator}");
        }
    }
}
