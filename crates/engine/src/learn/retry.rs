//! The retry model: learnt, and judged against the one in use.

use domain::rules::Rules;
use recovery::{
    LearnOptions, Model,
    evaluate::{self, Gain},
};
use serde_json::{Value, json};

use super::{Stage, material::Material};
use crate::{Error, Result};

/// Fewer attempts teach nothing that the published priors do not know better.
pub const TRIALS_MIN: usize = 200;
/// A gain that fewer effective orders speak for is none.
const EFFECTIVE_MIN: f64 = 50.0;

/// What the trees' chance is drawn from: the same log gives the same model.
const SEED: u64 = 1;

/// A candidate and what is thought of it.
pub struct Judged {
    /// The candidate.
    pub model: Model,
    /// Better than the model in use for certain.
    pub wins: bool,
    /// How it was judged.
    pub report: Value,
}

/// Learns a candidate and compares it with the model in use on cards that it has not seen. Takes seconds to minutes.
pub fn lesson(material: &Material, version: &str, in_use: &Model, rules: &Rules, told: impl Fn(Stage)) -> Result<Judged> {
    let trials = material.trials();
    if trials.len() < TRIALS_MIN {
        let message = format!("There are {} attempts to learn from; {TRIALS_MIN} are needed.", trials.len());
        return Err(Error::State { message, order: None });
    }
    told(Stage::Learning { trials: trials.len() as u64 });
    let how = LearnOptions { version: version.to_owned(), seed: SEED };
    let model = recovery::learn(&trials, rules, &how).map_err(|error| Error::Internal(error.to_string()))?;
    let options = evaluate::Options::default();
    let episodes = material.episodes(in_use, rules, options.slot_secs());
    told(Stage::Judging { orders: episodes.len() as u64 });
    let gain = evaluate::gain(&episodes, &model, in_use, rules, &options);
    let (wins, reason) = verdict(gain.as_ref());
    let (from, to) = material.span().map(|(from, to)| (from.iso6(), to.iso6())).unzip();
    let report = json!({
        "decisions": material.rows, "unusable": material.unusable, "orders": material.orders(), "from": from, "to": to,
        "trials": trials.len(), "approved": trials.iter().filter(|trial| trial.approved).count(),
        "heldOutOrders": episodes.len(), "incumbent": in_use.version, "gain": gain, "rulesVersion": rules.version(), "reason": reason,
    });
    Ok(Judged { model, wins, report })
}

/// Whether a candidate goes live, and why.
fn verdict(gain: Option<&Gain>) -> (bool, String) {
    let Some(gain) = gain else { return (false, "no order whose rescue is over was held out".to_owned()) };
    let percent = |share: f64| format!("{:+.2} %", share * 100.0);
    if gain.effective < EFFECTIVE_MIN || !gain.standard_error.is_finite() {
        return (false, format!("only {:.0} effective orders speak for it, {EFFECTIVE_MIN:.0} are needed", gain.effective));
    }
    if gain.certain > 0.0 {
        let reason = format!(
            "recovers {} more of the amount or orders, at least {} with 95 % certainty",
            percent(gain.value),
            percent(gain.certain)
        );
        return (true, reason);
    }
    (false, format!("not better for certain: {} ({} to {})", percent(gain.value), percent(gain.lower), percent(gain.upper)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain(certain: f64, effective: f64) -> Gain {
        Gain { value: 0.02, standard_error: 0.01, lower: 0.0, upper: 0.04, certain, effective, differing: 9 }
    }

    #[test]
    fn only_a_gain_that_is_certain_puts_a_candidate_in_use() {
        for (gain, wins, word) in [
            (None, false, "held out"),
            (Some(gain(0.01, 49.0)), false, "effective"),
            (Some(gain(0.0, 500.0)), false, "not better for certain"),
            (Some(gain(-0.01, 500.0)), false, "not better for certain"),
            (Some(gain(0.004, 50.0)), true, "+0.40 %"),
            (Some(Gain { standard_error: f64::INFINITY, ..gain(0.01, 500.0) }), false, "effective"),
        ] {
            let (won, reason) = verdict(gain.as_ref());
            assert!(won == wins && reason.contains(word), "{reason}");
        }
    }
}
