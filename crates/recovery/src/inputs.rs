//! What the decision log keeps of a decision: everything that went in, so that it can be made again.

use domain::{order::ChallengeField, rules::Rules};
use serde::{Deserialize, Serialize};

use crate::{
    model::Model,
    plan::{self, Plan},
    realtime::{self, Assessed, Challenge},
    snapshot::Snapshot,
};

domain::words! {
    /// Why something else was done than what was decided.
    pub enum Overruled {
        /// The card is one of the sandbox's tables, which say what happens.
        Scenario = "scenario",
        /// No (other) processor account takes the payment now.
        NoRoute = "no_route",
        /// The account updater had new data: they are tried at once.
        UpdatedCard = "updated_card",
        /// It cannot be done while the customer waits.
        NotNow = "not_now",
        /// It is likelier to be fraud than the operator wants to charge.
        Risk = "risk",
        /// Somebody asked for an attempt now, and the rules allow it.
        Asked = "asked",
    }
}

/// What the customer's widget was in a decision while the customer waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Widget {
    /// The merchant shows challenges.
    pub enabled: bool,
    /// Fields that the customer gave since the newest decline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<ChallengeField>,
}

/// Everything that went into a decision. As JSON it reads as a [`Snapshot`] too, which is all that learning needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inputs {
    /// The case.
    #[serde(flatten)]
    pub case: Snapshot,
    /// Decided while the customer waits; none: planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widget: Option<Widget>,
    /// The processor account that an attempt was meant for, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// What was done was not what was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overruled: Option<Overruled>,
    /// How likely the payment was fraud, when that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<crate::risk::Weighed>,
}

/// A decision of either kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Decided {
    /// For a rescue that works by itself.
    Plan(Box<Plan>),
    /// While the customer waits.
    Realtime(Box<Assessed>),
}

impl Inputs {
    /// Inputs of a plan.
    pub const fn of_plan(case: Snapshot) -> Self {
        Self { case, widget: None, route: None, overruled: None, risk: None }
    }

    /// As the log keeps them.
    ///
    /// # Errors
    /// None in practice: every member has a form in JSON.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// From the log.
    ///
    /// # Errors
    /// The text is not what [`Self::to_text`] writes.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Decides again. The same rules and model give the same decision, bit for bit.
    pub fn decide(&self, rules: &Rules, model: &Model) -> Decided {
        let entries = self.case.entries();
        let case = self.case.case(&entries);
        match &self.widget {
            None => Decided::Plan(Box::new(plan::plan(&case, rules, model))),
            Some(widget) => {
                let challenge = Challenge { enabled: widget.enabled, answered: &widget.answered };
                Decided::Realtime(Box::new(realtime::realtime(&case, rules, challenge)))
            }
        }
    }
}
