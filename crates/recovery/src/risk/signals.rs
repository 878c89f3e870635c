//! What the visit to the shop's page adds to a score: blunt signs with bounded weights, beside the profiles.

use super::{reason::Reason, score::Score};
use crate::{calibrate::sigmoid, zone::Zone};

/// What is known of the visit in which a payment was made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signals {
    /// Seconds from the first page to the last event.
    pub secs: f32,
    /// Kinds of fields that hold something.
    pub filled: u32,
    /// Those of them in which nothing was typed or pasted and which the browser did not fill.
    pub untouched: u32,
    /// Kinds of fields that people type, into which something was pasted.
    pub pasted: u32,
    /// Waits between keys that were measured.
    pub waits: u64,
    /// Their deviation, milliseconds.
    pub deviation_ms: Option<f32>,
    /// The browser's minutes east of UTC.
    pub offset_minutes: Option<i32>,
    /// Billing country, ISO 3166-1 alpha-2.
    pub country: Option<&'static str>,
    /// E-mail addresses typed on this device lately.
    pub emails: u32,
    /// The e-mail address typed is another than the payment's.
    pub other_email: Option<bool>,
}

/// Faster than anybody fills a form, seconds.
const HASTY_SECS: f32 = 5.0;
/// Waits from which a rhythm can be told.
const WAITS_LEAST: u64 = 20;
/// People are less even than this, milliseconds.
const EVEN_MS: f32 = 8.0;
/// Hours between the browser's clock and the billing country's that travel seldom explains.
const AWAY_HOURS: f32 = 3.0;

impl Signals {
    /// What they add to the log-odds, and why.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut add = |feature: &str, value: f32, weight: f64, text: String| {
            reasons.push(Reason { feature: feature.to_owned(), value: Some(value), weight, text });
        };
        if self.filled > 0 && self.secs < HASTY_SECS {
            add("visit.secs", self.secs, 0.6, format!("the form was filled within {:.0} seconds of opening the shop", self.secs));
        }
        if self.pasted > 0 {
            let weight = (f64::from(self.pasted) * 0.3).min(0.9);
            add(
                "visit.pasted",
                self.pasted as f32,
                weight,
                format!("{} kinds of contact data were pasted, not typed", self.pasted),
            );
        }
        if self.untouched > 1 {
            let text = format!("{} kinds of fields were filled without a key being pressed", self.untouched);
            add("visit.untouched", self.untouched as f32, 0.5, text);
        }
        if let Some(deviation) = self.deviation_ms.filter(|it| self.waits >= WAITS_LEAST && *it < EVEN_MS) {
            add("visit.rhythm", deviation, 0.8, format!("keys were pressed as evenly as a machine does ({deviation:.0} ms)"));
        }
        if let Some(hours) = self.hours_away().filter(|hours| *hours >= AWAY_HOURS) {
            let text = format!("the browser's clock is {hours:.0} hours off the billing country's");
            add("visit.hours_away", hours, 0.5, text);
        }
        if self.emails > 2 {
            let weight = (f64::from(self.emails - 2) * 0.4).min(2.0);
            add(
                "visit.emails",
                self.emails as f32,
                weight,
                format!("{} e-mail addresses were typed on this device lately", self.emails),
            );
        }
        if self.other_email == Some(true) {
            add("visit.other_email", 1.0, 0.3, "the e-mail address typed is not the payment's".to_owned());
        }
        reasons
    }

    fn hours_away(&self) -> Option<f32> {
        let away = Zone::minutes_away(self.offset_minutes?, self.country?)?;
        Some(away as f32 / 60.0)
    }
}

impl Score {
    /// The score with further reasons.
    #[must_use]
    pub fn moved_by(mut self, further: Vec<Reason>) -> Self {
        if further.is_empty() {
            return self;
        }
        const NEARLY: f64 = 1e-9;
        let probability = self.probability.clamp(NEARLY, 1.0 - NEARLY);
        let moved = further.iter().fold((probability / (1.0 - probability)).ln(), |sum, reason| sum + reason.weight);
        self.probability = sigmoid(moved);
        self.reasons.extend(further);
        self.reasons = Reason::strongest(self.reasons);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(signals: &Signals) -> Vec<String> {
        signals.reasons().into_iter().map(|reason| reason.feature).collect()
    }

    #[test]
    fn signs_are_told_and_quiet_visits_are_not() {
        let quiet = Signals {
            secs: 95.0,
            filled: 3,
            waits: 60,
            deviation_ms: Some(70.0),
            offset_minutes: Some(-300),
            country: Some("US"),
            emails: 1,
            other_email: Some(false),
            ..Signals::default()
        };
        assert_eq!(told(&quiet), Vec::<String>::new());
        for (signals, feature) in [
            (Signals { secs: 2.0, ..quiet.clone() }, "visit.secs"),
            (Signals { pasted: 2, ..quiet.clone() }, "visit.pasted"),
            (Signals { untouched: 3, ..quiet.clone() }, "visit.untouched"),
            (Signals { deviation_ms: Some(1.0), ..quiet.clone() }, "visit.rhythm"),
            (Signals { offset_minutes: Some(420), ..quiet.clone() }, "visit.hours_away"),
            (Signals { emails: 5, ..quiet.clone() }, "visit.emails"),
            (Signals { other_email: Some(true), ..quiet.clone() }, "visit.other_email"),
        ] {
            assert_eq!(told(&signals), [feature]);
        }
        assert_eq!(told(&Signals { deviation_ms: Some(1.0), waits: 3, ..quiet.clone() }), Vec::<String>::new());
        assert_eq!(told(&Signals { offset_minutes: Some(420), country: Some("TH"), ..quiet }), Vec::<String>::new());
    }

    #[test]
    fn reasons_move_the_score_within_bounds() {
        let score = |probability| Score { probability, reasons: vec![], model_version: "m".into(), learnt: false };
        let signs = Signals { emails: 50, pasted: 9, other_email: Some(true), ..Signals::default() };
        let moved = score(0.002).moved_by(signs.reasons());
        assert!(moved.probability > 0.02 && moved.probability < 0.1, "{}", moved.probability);
        assert_eq!(moved.reasons[0].feature, "visit.emails");
        assert_eq!(score(0.5).moved_by(vec![]), score(0.5));
        assert!(score(0.0).moved_by(signs.reasons()).probability.is_finite());
    }
}
