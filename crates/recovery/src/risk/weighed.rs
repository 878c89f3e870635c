//! A score as a decision kept it: with the features that it was made of, so that it can be made again, and the line
//! above which a payment is not charged.

use serde::{Deserialize, Serialize};

use super::{
    features::{Features, names},
    reason::Reason,
    score::{Score, Scorer},
};

/// A score, what it was made of, and the line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weighed {
    /// The score.
    #[serde(flatten)]
    pub score: Score,
    /// The line above which a payment is not charged, 0–1; none: every payment is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline_above: Option<f64>,
    /// What the score was made of; none in logs of programs that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Kept>,
    /// What the visit to the shop's page added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visit: Vec<Reason>,
}

/// Features as they are kept: those that are known, by their places, so that nothing is written of what is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// How many there were; another count is that of another program.
    count: usize,
    /// Place and value.
    known: Vec<(u16, f32)>,
}

/// Why a score cannot be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unscored {
    /// The log does not hold what it was made of.
    #[error("what the score was made of was not kept")]
    NotKept,
    /// They are not the features that this program computes.
    #[error("the score was made of other features than this program knows")]
    OtherFeatures,
}

impl Weighed {
    /// Scores features and what the visit adds, and keeps them.
    pub fn of(scorer: Scorer<'_>, features: &Features, visit: Vec<Reason>, decline_above: Option<f64>) -> Self {
        let score = scorer.score(features).moved_by(visit.clone());
        Self { score, decline_above, features: Some(Kept::of(features)), visit }
    }

    /// Whether the payment is above the line.
    pub fn is_refused(&self) -> bool {
        self.decline_above.is_some_and(|line| self.score.probability > line)
    }

    /// Whether the scorer says the same of the same features, bit for bit.
    ///
    /// # Errors
    /// What it was made of is not there, or not known to this program.
    pub fn is_same_by(&self, scorer: Scorer<'_>) -> Result<bool, Unscored> {
        let features = self.features.as_ref().ok_or(Unscored::NotKept)?.features()?;
        let again = scorer.score(&features).moved_by(self.visit.clone());
        // The log is text: both are compared as the log writes them.
        let text = |score: &Score| serde_json::to_string(score).ok();
        let read: Option<Score> = text(&again).and_then(|text| serde_json::from_str(&text).ok());
        Ok(read.as_ref() == Some(&self.score) || again == self.score)
    }
}

impl Kept {
    fn of(features: &Features) -> Self {
        let values = features.values();
        let known = values.iter().enumerate().filter(|(_, value)| !value.is_nan());
        Self { count: values.len(), known: known.map(|(place, value)| (place as u16, *value)).collect() }
    }

    /// The features again.
    fn features(&self) -> Result<Features, Unscored> {
        if self.count != names().len() {
            return Err(Unscored::OtherFeatures);
        }
        let mut values = vec![f32::NAN; self.count];
        for (place, value) in &self.known {
            *values.get_mut(usize::from(*place)).ok_or(Unscored::OtherFeatures)? = *value;
        }
        Ok(Features::of(values))
    }
}

#[cfg(test)]
mod tests {
    use domain::time::{DAY, Timestamp};

    use super::{Kept, Unscored, Weighed};
    use crate::risk::{Book, Kind, Scorer, Signals, Subject, Transaction, features};

    fn weighed(line: Option<f64>) -> Weighed {
        let card = Subject { kind: Kind::Card, key: [7; 16] };
        let pays = |day: u32, hundredths| Transaction {
            at: Timestamp::EPOCH + DAY * day,
            hundredths,
            declined: false,
            subjects: vec![card],
        };
        let mut book = Book::new();
        (0..20).for_each(|day| book.observe(&pays(day, 2_000 + i64::from(day) * 7)));
        let now = pays(21, 99_900);
        let visit = Signals { filled: 3, secs: 2.0, ..Signals::default() }.reasons();
        Weighed::of(Scorer::Rules, &features(&now, &book.seen(&now), DAY * 45), visit, line)
    }

    #[test]
    fn a_score_is_made_again_from_the_log_bit_for_bit() {
        let kept = weighed(None);
        let read: Weighed = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert_eq!(read.is_same_by(Scorer::Rules), Ok(true));
        let mut forged = read.clone();
        forged.score.probability *= 1.01;
        assert_eq!(forged.is_same_by(Scorer::Rules), Ok(false));
        let unvisited = Weighed { visit: Vec::new(), ..read.clone() };
        assert_eq!(unvisited.is_same_by(Scorer::Rules), Ok(false), "the visit is part of the score");
        let mut touched = read;
        touched.features.as_mut().unwrap().known.clear();
        assert_eq!(touched.is_same_by(Scorer::Rules), Ok(false), "of nothing known follows another score");
    }

    #[test]
    fn what_was_not_kept_or_is_not_known_is_told() {
        let old = r#"{"probability":0.01,"reasons":[],"modelVersion":"risk-rules-1","learnt":false}"#;
        let old: Weighed = serde_json::from_str(old).unwrap();
        assert_eq!((old.is_same_by(Scorer::Rules), old.is_refused()), (Err(Unscored::NotKept), false));
        for features in [Kept { count: 3, known: vec![] }, Kept { count: super::names().len(), known: vec![(60_000, 1.0)] }] {
            let other = Weighed { features: Some(features), ..weighed(None) };
            assert_eq!(other.is_same_by(Scorer::Rules), Err(Unscored::OtherFeatures));
        }
    }

    #[test]
    fn only_above_the_line_is_refused() {
        let probability = weighed(None).score.probability;
        for (line, refused) in [(None, false), (Some(probability), false), (Some(probability - 1e-9), true), (Some(1.0), false)] {
            assert_eq!(weighed(line).is_refused(), refused, "{line:?}");
        }
    }
}
