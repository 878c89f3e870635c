//! `recoup learn`: a candidate is learnt from the decision log and goes live when it is better for certain.

use std::sync::{Arc, Mutex, PoisonError};

use domain::model::{Kind, State};
use engine::{
    Engine,
    learn::{Learnt, Stage},
};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{arguments::word, model};
use crate::{failure::Failure, output::Output};

/// What to learn.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A third of the cards is held out of the lesson. On their orders the candidate is compared with the model in use, doubly\n\
                        robust; it goes live when it recovers more with 95 % certainty, and stays a candidate otherwise (`recoup model`)."
)]
pub struct Args {
    /// retry or risk
    #[arg(long, default_value = "retry", value_parser = word(Kind::parse, Kind::ALL))]
    kind: Kind,
    /// Learn and judge, but keep nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub async fn run(args: Args, engine: &Arc<Engine>, output: Output) -> Result<(), Failure> {
    let bar = Bar::new();
    let shown = bar.clone();
    let learnt = engine.learn(args.kind, args.dry_run, move |stage| shown.show(stage)).await;
    bar.finish();
    let learnt = learnt?;
    output.answer(|| view(&learnt), |_| text(&learnt))
}

fn view(learnt: &Learnt) -> Value {
    let mut view = model::view(&learnt.record);
    view["incumbent"] = json!(learnt.incumbent);
    view["stored"] = json!(learnt.stored);
    view
}

fn text(learnt: &Learnt) -> String {
    let record = &learnt.record;
    let report = &record.report;
    let number = |member: &str| report[member].as_u64().unwrap_or_default();
    let reason = report["reason"].as_str().unwrap_or_default();
    let verdict = match (record.state, learnt.stored) {
        (State::Live, true) => format!("goes live in place of {}", learnt.incumbent),
        (State::Live, false) => format!("would go live in place of {}", learnt.incumbent),
        (_, true) => format!("stays a candidate; {} stays in use", learnt.incumbent),
        (_, false) => format!("would stay a candidate; {} would stay in use", learnt.incumbent),
    };
    let mut text = format!("{} {verdict}: {reason}\n", record.version);
    if record.kind == Kind::Retry {
        let learnt = format!(
            "learnt from {} attempts ({} approved) in {} orders; judged on {} orders that were held out\n",
            number("trials"),
            number("approved"),
            number("orders"),
            number("heldOutOrders"),
        );
        text.push_str(&learnt);
    }
    text
}

/// A bar on a terminal, nothing elsewhere.
#[derive(Clone)]
pub(super) struct Bar(Arc<Mutex<ProgressBar>>);

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:<34} {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(Arc::new(Mutex::new(bar)))
    }

    pub(super) fn show(&self, stage: Stage) {
        let bar = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match stage {
            Stage::Reading { done, most } => {
                bar.set_message("reading decisions");
                bar.set_length(most.max(done));
                bar.set_position(done);
            }
            Stage::Learning { trials } => {
                bar.set_length(trials);
                bar.set_position(0);
                bar.set_message("learning from attempts");
            }
            Stage::Judging { orders } => {
                bar.set_length(orders);
                bar.set_position(0);
                bar.set_message("judging on orders held out");
            }
        }
        bar.tick();
    }

    pub(super) fn finish(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
    }
}
