//! How good a ranking of payments by risk is.
//!
//! Definitions of the public fraud-detection handbook (Le Borgne, Siblini, Lebichot, Bontempi, 2022), so that figures
//! can be compared.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

/// Cards that somebody can look at in a day.
pub const CARDS_A_DAY: usize = 100;

/// One scored payment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// The day it was made.
    pub day: u32,
    /// Its card.
    pub card: u64,
    /// What was said of it.
    pub probability: f64,
    /// What it was.
    pub fraud: bool,
}

/// How good a ranking is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Payments.
    pub payments: usize,
    /// Frauds among them.
    pub frauds: usize,
    /// Chance that a fraud stands above a good payment; none without both.
    pub auc_roc: Option<f64>,
    /// Mean precision over all frauds, found from the top; none without frauds.
    pub average_precision: Option<f64>,
    /// Share of the day's hundred riskiest cards that were defrauded that day; a card that was found is not counted
    /// again. Mean over the days.
    pub card_precision_100: Option<f64>,
}

/// Measures scored payments.
pub fn metrics(scored: &[Scored]) -> Metrics {
    let frauds = scored.iter().filter(|payment| payment.fraud).count();
    let mut sorted: Vec<(f64, bool)> = scored.iter().map(|payment| (payment.probability, payment.fraud)).collect();
    sorted.sort_by(|one, other| other.0.total_cmp(&one.0));
    Metrics {
        payments: scored.len(),
        frauds,
        auc_roc: auc_roc(&sorted, frauds),
        average_precision: average_precision(&sorted, frauds),
        card_precision_100: card_precision(scored, CARDS_A_DAY),
    }
}

/// Area under the curve of detected frauds over false alarms; ties count half.
fn auc_roc(sorted: &[(f64, bool)], frauds: usize) -> Option<f64> {
    let good = sorted.len() - frauds;
    if frauds == 0 || good == 0 {
        return None;
    }
    let (mut above, mut area) = (0.0, 0.0);
    for tied in sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let hits = tied.iter().filter(|(_, fraud)| *fraud).count() as f64;
        area += (tied.len() as f64 - hits) * (above + hits / 2.0);
        above += hits;
    }
    Some(area / (frauds as f64 * good as f64))
}

/// Sum over the steps of recall, each times the precision there.
fn average_precision(sorted: &[(f64, bool)], frauds: usize) -> Option<f64> {
    if frauds == 0 {
        return None;
    }
    let (mut seen, mut found, mut sum) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let hits = tied.iter().filter(|(_, fraud)| *fraud).count() as f64;
        seen += tied.len() as f64;
        found += hits;
        sum += hits * found / seen;
    }
    Some(sum / frauds as f64)
}

fn card_precision(scored: &[Scored], cards: usize) -> Option<f64> {
    let mut days: BTreeMap<u32, HashMap<u64, (f64, bool)>> = BTreeMap::new();
    for payment in scored {
        let card = days.entry(payment.day).or_default().entry(payment.card).or_insert((f64::MIN, false));
        *card = (card.0.max(payment.probability), card.1 || payment.fraud);
    }
    let mut found: HashSet<u64> = HashSet::new();
    let mut sum = 0.0;
    for day in days.values() {
        let mut ranked: Vec<_> = day.iter().filter(|(card, _)| !found.contains(card)).collect();
        ranked.sort_by(|(one, first), (other, second)| second.0.total_cmp(&first.0).then(one.cmp(other)));
        let hits: Vec<u64> = ranked.into_iter().take(cards).filter(|(_, (_, fraud))| *fraud).map(|(card, _)| *card).collect();
        sum += hits.len() as f64 / cards as f64;
        found.extend(hits);
    }
    (!days.is_empty()).then(|| sum / days.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::{Scored, card_precision, metrics};

    fn scored(rows: &[(u32, u64, f64, bool)]) -> Vec<Scored> {
        rows.iter().map(|&(day, card, probability, fraud)| Scored { day, card, probability, fraud }).collect()
    }

    #[test]
    fn measures_what_the_field_measures() {
        // Reference: scikit-learn's roc_auc_score and average_precision_score of the same six rows.
        let rows = scored(&[
            (0, 1, 0.9, true),
            (0, 2, 0.8, false),
            (0, 3, 0.7, true),
            (0, 4, 0.7, false),
            (0, 5, 0.2, false),
            (0, 6, 0.1, true),
        ]);
        let measured = metrics(&rows);
        assert!((measured.auc_roc.unwrap() - 0.5).abs() < 1e-12);
        assert!((measured.average_precision.unwrap() - (1.0 + 0.5 + 0.5) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_perfect_ranking_is_perfect_and_one_class_is_none() {
        let perfect = metrics(&scored(&[(0, 1, 0.9, true), (0, 2, 0.1, false)]));
        assert_eq!((perfect.auc_roc, perfect.average_precision), (Some(1.0), Some(1.0)));
        let good = metrics(&scored(&[(0, 1, 0.9, false)]));
        assert_eq!((good.auc_roc, good.average_precision), (None, None));
        assert_eq!(metrics(&[]).card_precision_100, None);
    }

    #[test]
    fn a_card_counts_once_and_is_not_found_again() {
        let rows = scored(&[
            (0, 1, 0.9, true),
            (0, 1, 0.8, true),
            (0, 2, 0.7, false),
            (0, 3, 0.6, true),
            (1, 1, 0.9, true),
            (1, 3, 0.8, true),
            (1, 4, 0.1, false),
        ]);
        // Day 0: cards 1 and 2 are looked at, one of them defrauded. Day 1: card 1 is known, so 3 and 4 are looked at.
        assert_eq!(card_precision(&rows, 2), Some(0.5));
    }
}
