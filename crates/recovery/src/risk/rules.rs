//! The score before anything was learnt: a prior chance, moved by signs that everybody in the field agrees on.
//!
//! Each sign adds to the log-odds within bounds. They are deliberately blunt: what they say is a ranking with reasons,
//! not a probability to decline by.

use super::{features::Features, reason::Reason, subject::Kind};

/// Chargebacks per payment on the card-not-present internet, before anything is known (one in five hundred).
const PRIOR: f64 = 0.002;

/// Log-odds and what moved them.
pub(super) fn judge(features: &Features) -> (f64, Vec<Reason>) {
    let mut reasons = Vec::new();
    let mut add = |feature: &str, weight: fn(f64) -> f64| {
        let value = features.get(feature);
        if !value.is_nan() {
            let weight = weight(f64::from(value));
            if weight != 0.0 {
                reasons.push(Reason::of(feature, value, weight));
            }
        }
    };
    add("card.times_p98", |times| if times > 1.5 { (times / 1.5).log2().clamp(0.0, 3.0) } else { 0.0 });
    add("card.outstanding_14d", |days| (days * 0.4).min(1.6));
    add("card.count_1h", |count| ((count - 3.0) * 0.4).clamp(0.0, 2.0));
    add("card.declined_1d", |count| ((count - 2.0) * 0.3).clamp(0.0, 2.0));
    add("card.partners_1d", |places| ((places - 4.0) * 0.25).clamp(0.0, 1.5));
    add("card.hour_share", |share| if share < 0.03 { 0.4 } else { 0.0 });
    for kind in [Kind::Email, Kind::Phone, Kind::Ip, Kind::Device] {
        let name = kind.name();
        add(&format!("{name}.partners_1d"), |cards| ((cards - 2.0) * 0.6).clamp(0.0, 3.0));
        add(&format!("{name}.declined_1h"), |count| ((count - 2.0) * 0.4).clamp(0.0, 2.0));
        add(&format!("{name}.age_days"), |days| if days < 1.0 { 0.3 } else { 0.0 });
    }
    for kind in Kind::ALL {
        let name = kind.name();
        add(&format!("{name}.fraud_rate_30d"), |rate| (rate / 0.005).ln().clamp(-1.0, 4.0));
        add(&format!("{name}.run_frauds"), |frauds| (frauds * 0.3).min(1.5));
    }
    let prior = (PRIOR / (1.0 - PRIOR)).ln();
    (reasons.iter().fold(prior, |sum, reason| sum + reason.weight), reasons)
}
