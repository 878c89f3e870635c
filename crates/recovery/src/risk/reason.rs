//! Why a score is what it is, in plain words.

use serde::{Deserialize, Serialize};

/// Reasons that are told at most.
pub(super) const MAX_REASONS: usize = 5;

/// One thing that moved a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// The feature, as in [`super::names()`].
    pub feature: String,
    /// Its value; none when it was missing.
    pub value: Option<f32>,
    /// What it added to the log-odds; above zero is riskier.
    pub weight: f64,
    /// The same for people.
    pub text: String,
}

impl Reason {
    /// A feature's reason.
    pub(super) fn of(feature: &str, value: f32, weight: f64) -> Self {
        let value = (!value.is_nan()).then_some(value);
        Self { feature: feature.to_owned(), value, weight, text: words(feature, value) }
    }

    /// The strongest of several, strongest first.
    pub(super) fn strongest(mut reasons: Vec<Self>) -> Vec<Self> {
        const WORTH_TELLING: f64 = 0.02;
        reasons.retain(|reason| reason.weight.abs() >= WORTH_TELLING);
        reasons
            .sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()).then_with(|| one.feature.cmp(&other.feature)));
        reasons.truncate(MAX_REASONS);
        reasons
    }
}

/// A feature and its value in words.
fn words(feature: &str, value: Option<f32>) -> String {
    let (block, name) = feature.split_once('.').unwrap_or(("", feature));
    let whom = match block {
        "email" => "e-mail address",
        "phone" => "phone number",
        "ip" => "IP address",
        "bin" => "BIN",
        other => other,
    };
    let Some(value) = value else { return format!("nothing is known of {}: {whom}", name.replace('_', " ")) };
    match name {
        "amount" => format!("the amount is {value:.2}"),
        "hour" => format!("it is {value:.0} o'clock UTC"),
        "times_mean" | "times_median" | "times_p90" | "times_p98" => {
            let of = match name {
                "times_mean" => "mean",
                "times_median" => "median",
                "times_p90" => "largest tenth begins at",
                _ => "largest fiftieth begins at",
            };
            format!("the amount is {value:.1} times what this card usually pays ({of})")
        }
        "deviations" => format!("the amount is {value:.1} standard deviations from this card's mean"),
        "share_above" => format!("{:.1} % of this card's payments are as high", value * 100.0),
        "outstanding_7d" | "outstanding_14d" => {
            format!("{value:.0} days with an unusually high payment by this card lately")
        }
        "hour_share" => format!("{:.0} % of this card's payments are made at this time of day", value * 100.0),
        "idle_days" => format!("the card was last used {value:.1} days ago"),
        "known_payments" => format!("{value:.0} payments of this card are known"),
        "mean_amount" => format!("this card usually pays {value:.2}"),
        "age_days" => format!("this {whom} has been known for {value:.1} days"),
        "count_1h" => format!("{value:.0} payments with this {whom} within the last hour"),
        "count_1d" => format!("{value:.0} payments with this {whom} within the last day"),
        "count_7d" => format!("{value:.0} payments with this {whom} within 7 days"),
        "count_30d" => format!("{value:.0} payments with this {whom} within 30 days"),
        "declined_1h" => format!("{value:.0} declines with this {whom} within the last hour"),
        "declined_1d" => format!("{value:.0} declines with this {whom} within the last day"),
        "declined_share_30d" => format!("{:.0} % of the payments with this {whom} were declined", value * 100.0),
        "partners_1d" | "partners_7d" => {
            let partners = if block == "card" { "places" } else { "cards" };
            let days = if name == "partners_1d" { "one day" } else { "7 days" };
            format!("about {value:.0} different {partners} with this {whom} in {days}")
        }
        "fraud_rate_1d" | "fraud_rate_7d" | "fraud_rate_30d" => {
            format!("{:.1} % of the known payments with this {whom} were fraud lately", value * 100.0)
        }
        "frauds" => format!("{value:.0} known frauds with this {whom}"),
        "last_fraud_days" => format!("the last known fraud with this {whom} is {value:.0} days old"),
        "run_age_days" => format!("frauds with this {whom} began {value:.0} days ago"),
        "run_frauds" => format!("{value:.0} frauds in a row with this {whom}"),
        "run_plain" => format!("{value:.0} frauds with this {whom} of an amount that was usual for the card"),
        "run_mixed" => format!("{value:.0} good payments among the frauds with this {whom}"),
        "run_gap_days" => format!("the last good payment with this {whom} was {value:.0} days before its frauds began"),
        "good_since_fraud" => format!("{value:.0} good payments with this {whom} since its last fraud"),
        other => format!("{} of this {whom}: {value:.1}", other.replace('_', " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, words};

    #[test]
    fn every_feature_has_words() {
        for name in crate::risk::names() {
            for value in [None, Some(0.0), Some(3.5)] {
                assert!(words(name, value).len() > 10, "{name}");
            }
        }
        assert_eq!(words("card.times_mean", Some(6.24)), "the amount is 6.2 times what this card usually pays (mean)");
        assert_eq!(words("email.count_1h", Some(3.0)), "3 payments with this e-mail address within the last hour");
    }

    #[test]
    fn tells_the_strongest_first_and_no_trifles() {
        let told = Reason::strongest(vec![
            Reason::of("card.frauds", 1.0, 0.5),
            Reason::of("card.idle_days", 1.0, 0.001),
            Reason::of("bin.frauds", 1.0, -0.9),
        ]);
        assert_eq!(told.iter().map(|reason| &reason.feature[..]).collect::<Vec<_>>(), ["bin.frauds", "card.frauds"]);
    }
}
