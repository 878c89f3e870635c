//! `recoup rules check`.

use std::path::{Path, PathBuf};

use domain::rules::{Finding, Severity};
use serde_json::json;

use super::files;
use crate::{failure::Failure, output::Output};

/// Which files, how strictly.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 sound, 1 errors (or, with --strict, warnings), 3 there is no such folder.")]
pub struct Args {
    /// Folder of rule files [default: `engine.rules_dir`, else the rules compiled in]
    dir: Option<PathBuf>,
    /// Fail on warnings, too
    #[arg(long)]
    strict: bool,
}

/// Runs the command.
pub fn run(args: &Args, configured: Option<&Path>, output: Output) -> Result<(), Failure> {
    let files = files(args.dir.as_deref(), configured)?;
    let findings = files.check();
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let counted = format!("{errors} error{}, {warnings} warning{}", plural(errors), plural(warnings));
    let version = files.rules().ok().map(|rules| rules.version().to_owned());
    output.answer(
        || json!({ "sound": errors == 0, "version": version, "errors": errors, "warnings": warnings, "findings": findings.iter().map(view).collect::<Vec<_>>() }),
        |paint| {
            let mut text: String = findings
                .iter()
                .flat_map(|finding| {
                    let word = finding.severity.as_str();
                    let word = if finding.severity == Severity::Error { paint.red(word) } else { paint.bold(word) };
                    [word, ": ".to_owned(), clean(&finding.place.to_string()), "\n".to_owned()]
                })
                .collect();
            let end = version.as_ref().map_or_else(|| "not loaded".to_owned(), |version| format!("rules {version}"));
            text.extend([end.as_str(), ": ", counted.as_str(), "\n"]);
            text
        },
    )?;
    if errors > 0 || (args.strict && warnings > 0) {
        return Err(Failure::failed(format!("the rules are not sound: {counted}")));
    }
    Ok(())
}

/// What stands in a file cannot move the cursor.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn view(finding: &Finding) -> serde_json::Value {
    let place = &finding.place;
    let column = (!place.column.is_empty()).then_some(&place.column);
    json!({ "severity": finding.severity, "file": place.file, "line": place.line, "column": column, "message": place.reason })
}

const fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}
