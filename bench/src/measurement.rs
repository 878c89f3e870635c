//! The whole measurement, part by part.

use anyhow::{Context, bail, ensure};

use crate::{
    cli::{Options, Part},
    machine::Machine,
    process::{core::Cores, server::Server},
    report::{figures::Figures, lines::lines, save, section, target},
    scenario::{
        bench::Bench,
        operation::{ERROR_SHARE_MAX, KINDS},
    },
};

/// The long run's rate when nothing was measured before it, requests per second.
const SOAK_RATE: f64 = 1_000.0;

/// A load average above which the machine is not left to the measurement.
const BUSY_LOAD: f64 = 0.5;

/// Measures, prints, writes. An error when requests failed, and with `--enforce` when a target was missed.
pub async fn run(options: Options, cores: Cores, core_count: usize) -> anyhow::Result<()> {
    let built = options.server.is_file();
    ensure!(built, "{} is not there; build it: cargo build --release -p recoup", options.server.display());
    let folder = tempfile::Builder::new().prefix("recoup-bench-").tempdir_in(&options.folder)?;
    let machine = Machine::here(&folder.path().canonicalize()?, core_count);
    let mut bench = Bench::new(options.settled(), cores, folder.path().to_owned());
    bench.say(&format!("{}; {}", machine.told(), cores.told()));
    if machine.file_system.starts_with("tmpfs") {
        bench.say("NOTE: the data folder lies in memory; choose a disk by --folder, or the figures mean nothing");
    }
    if machine.load > BUSY_LOAD {
        bench.say("NOTE: others are using this machine; every figure will be too low, and not by the same factor");
    }
    let figures = measure(&mut bench, machine).await?;
    report(&bench.options, &figures)
}

async fn measure(bench: &mut Bench, machine: Machine) -> anyhow::Result<Figures> {
    let mut figures = Figures {
        began: crate::clock::now().to_string(),
        machine,
        cores: bench.setup.cores.told(),
        window_seconds: bench.options.seconds,
        connections: bench.options.connections,
        database: None,
        floor_synchronous: None,
        lone: None,
        echoes: Vec::new(),
        start: None,
        operations: Vec::new(),
        timers: None,
        soak: None,
    };
    if KINDS.iter().any(|kind| kind.shape.is_some() && bench.options.wants(kind.part)) {
        figures.echoes = bench.measure_echo().await?;
    }
    let server = bench.start().await?;
    let outcome = with_server(bench, &mut figures, server).await;
    outcome.with_context(|| format!("the server said last:\n{}", bench.setup.log_tail()))?;
    Ok(figures)
}

async fn with_server(bench: &mut Bench, figures: &mut Figures, mut server: Server) -> anyhow::Result<()> {
    figures.database = Some(bench.durability()?);
    if bench.options.wants(Part::Start) {
        let (start, next) = bench.measure_start(server).await?;
        (figures.start, server) = (Some(start), next);
    }
    if bench.options.wants(Part::Transmit) {
        figures.lone = Some(bench.measure_lone(&server).await?);
    }
    for kind in KINDS {
        if bench.options.wants(kind.part) {
            figures.operations.push(bench.measure(kind, &server).await?);
        }
    }
    figures.floor_synchronous = figures.operations.iter().find_map(|it| Some(it.floor.as_ref()?.store.synchronous));
    if bench.options.wants(Part::Timers) {
        let (timers, next) = bench.measure_timers(server).await?;
        (figures.timers, server) = (Some(timers), next);
    }
    if bench.options.wants(Part::Soak) {
        figures.soak = Some(bench.measure_soak(&server, soak_rate(&bench.options, figures)).await?);
    }
    server.end()
}

/// As asked; else half of the slowest peak of the operations in the mix.
fn soak_rate(options: &Options, figures: &Figures) -> f64 {
    if options.soak_rate > 0 {
        return f64::from(options.soak_rate);
    }
    let peaks = figures.operations.iter().filter(|it| it.name != "token").map(|it| it.peak.per_second);
    peaks.reduce(f64::min).map_or(SOAK_RATE, |slowest| (slowest / 2.0).max(1.0))
}

fn report(options: &Options, figures: &Figures) -> anyhow::Result<()> {
    let verdicts = target::judge(figures);
    let sections = section::all(figures, &verdicts);
    println!("{}", lines(&sections));
    if let Some(path) = &options.json {
        save::json(path, figures, &verdicts)?;
    }
    failures(figures)?;
    match options.report_folder() {
        Some(folder) => save::docs(&folder, figures, &sections)?,
        None => eprintln!("A partial measurement: docs/BENCHMARKS.md is left as it is (--docs DIR writes it anyway)."),
    }
    let missed = verdicts.iter().filter(|verdict| !verdict.met).count();
    ensure!(missed == 0 || !options.enforce, "{missed} of {} targets were missed", verdicts.len());
    Ok(())
}

/// An error when more requests failed than may.
fn failures(figures: &Figures) -> anyhow::Result<()> {
    for operation in &figures.operations {
        let half = operation.half.as_ref().map(|half| (half.error_share, half.first_error.as_deref()));
        let peak = (operation.peak.error_share, operation.peak.first_error.as_deref());
        for (share, first) in [peak].into_iter().chain(half) {
            judge_errors(operation.name, share, first)?;
        }
    }
    figures.soak.as_ref().map_or(Ok(()), |soak| judge_errors("soak", soak.error_share, soak.first_error.as_deref()))
}

fn judge_errors(name: &str, share: f64, first: Option<&str>) -> anyhow::Result<()> {
    if share > ERROR_SHARE_MAX {
        bail!("{name}: {:.2} % of the requests failed; the first: {}", share * 100.0, first.unwrap_or("nothing"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::Cli, report::example::figures};

    fn options(arguments: &[&str]) -> Options {
        use clap::Parser;
        Cli::parse_from([&["bench"], arguments].concat()).options
    }

    #[test]
    fn failed_requests_fail_the_run() {
        assert!(failures(&figures()).is_ok());
        let mut failed = figures();
        failed.operations[0].peak.error_share = 0.0011;
        failed.operations[0].peak.first_error = Some("status 429: slow down".to_owned());
        assert!(failures(&failed).unwrap_err().to_string().contains("429"));
    }

    #[test]
    fn the_long_run_takes_half_of_the_slowest_peak() {
        for (arguments, rate) in [(&["--soak-rate", "700"][..], 700.0), (&[], 3_500.0)] {
            assert!((soak_rate(&options(arguments), &figures()) - rate).abs() < 1e-9);
        }
    }

    #[test]
    fn a_missed_target_is_an_error_only_when_enforced() {
        let folder = tempfile::tempdir().unwrap();
        let docs = folder.path().to_str().unwrap();
        let mut slow = figures();
        slow.operations[0].peak.per_second = 1.0;
        assert!(report(&options(&["--docs", docs]), &slow).is_ok());
        assert!(report(&options(&["--docs", docs, "--enforce"]), &slow).is_err());
        assert!(report(&options(&["--docs", docs, "--enforce"]), &figures()).is_ok());
    }
}
