//! Making a decision again, and comparing it with the one that was carried out.

use domain::{decision::Record, decline::Class, rules::Rules, time::Timestamp};
use recovery::{
    Action, Decided, Inputs, Model, Realtime,
    risk::{Scorer, Unscored, Weighed},
};

/// Whether the decision made again is the one that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// Bit for bit.
    Same,
    /// It is another: the log or the program was changed.
    Differs {
        /// In what.
        why: String,
    },
    /// It cannot be made again.
    Unavailable {
        /// What is missing.
        why: String,
    },
}

impl Replay {
    /// Why it is not the same; none when it is.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Same => None,
            Self::Differs { why } | Self::Unavailable { why } => Some(why),
        }
    }
}

/// The rules of a version, when this program has them.
pub fn rules_of<'r>(version: &str, in_use: &'r Rules) -> Option<&'r Rules> {
    [in_use, Rules::builtin()].into_iter().find(|rules| rules.version() == version)
}

/// What a decision says, in the log's words.
struct Outcome {
    action: &'static str,
    chosen_at: Option<Timestamp>,
    class: Class,
    probability: f64,
    propensity: f64,
    model_version: String,
}

/// Compares a decision made again with the log.
pub fn compare(record: &Record, inputs: &Inputs, decided: &Decided) -> Replay {
    let again = outcome(inputs, decided);
    let mut faults = vec![];
    // What was done is another thing than what was decided, and the log says so.
    if inputs.overruled.is_none() {
        told(&mut faults, "action", &record.action.as_str(), &again.action);
        told(&mut faults, "moment", &record.chosen_at.map(Timestamp::iso6), &again.chosen_at.map(Timestamp::iso6));
    }
    told(&mut faults, "class", &record.class, &again.class);
    // Bits, not numbers: a replay is exact or it is none.
    told(&mut faults, "probability", &record.probability.to_bits(), &again.probability.to_bits());
    told(&mut faults, "propensity", &record.propensity.to_bits(), &again.propensity.to_bits());
    told(&mut faults, "model", &record.model_version, &again.model_version);
    faults.extend(inputs.risk.as_ref().and_then(risk_fault));
    if faults.is_empty() { Replay::Same } else { Replay::Differs { why: faults.join("; ") } }
}

fn told<T: PartialEq + std::fmt::Debug>(faults: &mut Vec<String>, what: &str, logged: &T, again: &T) {
    if logged != again {
        faults.push(format!("{what} was {logged:?}, is {again:?}"));
    }
}

fn outcome(inputs: &Inputs, decided: &Decided) -> Outcome {
    let now = inputs.case.now;
    match decided {
        Decided::Plan(plan) => {
            let at = if let Action::Attempt { at } = plan.action { Some(at) } else { None };
            Outcome {
                action: crate::rescue::step_of(&plan.action).word(now),
                chosen_at: at,
                class: plan.class,
                probability: plan.probability,
                propensity: plan.propensity,
                model_version: plan.model_version.clone(),
            }
        }
        Decided::Realtime(assessed) => Outcome {
            action: crate::rescue::step_of_realtime(&assessed.action, now).word(now),
            chosen_at: (assessed.action == Realtime::Attempt).then_some(now),
            class: assessed.class,
            probability: assessed.probability,
            propensity: 1.0,
            model_version: recovery::plan::MODEL_VERSION.to_owned(),
        },
    }
}

/// What is wrong with a score made again. Logs of programs that kept only the score are taken at their word.
fn risk_fault(risk: &Weighed) -> Option<String> {
    match risk.is_same_by(Scorer::Rules) {
        Ok(true) | Err(Unscored::NotKept) => None,
        Ok(false) => Some("the risk score made again is another".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// Which model a decision needs: the hold-out follows its ladder and a present customer the table of classes, whatever
/// was learnt.
pub fn needs_model(record: &Record, inputs: &Inputs) -> bool {
    inputs.widget.is_none() && record.arm != domain::decision::Arm::Holdout && record.model_version != Model::builtin().version
}
