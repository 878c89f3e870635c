//! An explanation for a person at a terminal.

use std::fmt::Write as _;

use client::{BindingRule, CandidateMoment, CauseBelief, CurvePoint, ExplainedDecision, Explanation};

use crate::output::{Column, Paint, Table};

/// Bars of a curve at most; of more moments the best of each stretch.
const BARS_MAX: usize = 24;
/// Characters of the longest bar.
const BAR_CHARS: usize = 40;

/// All decisions.
pub fn explanation(explanation: &Explanation, paint: Paint) -> String {
    if explanation.decisions.is_empty() {
        return format!("Nothing was decided about {} yet.", explanation.order_id);
    }
    explanation.decisions.iter().map(|one| decision(one, paint)).collect::<Vec<_>>().join("\n\n")
}

fn decision(decision: &ExplainedDecision, paint: Paint) -> String {
    let mut text = String::new();
    let title = format!("{}  attempt {}: {}", seconds(&decision.decided_at_utc), decision.attempt_number, decision.action);
    let _ = writeln!(text, "{}", paint.bold(&title));
    let _ = writeln!(text, "{}", decision.summary);
    if !decision.waits_for.is_empty() {
        let _ = writeln!(text, "Waits for: {}", decision.waits_for);
    }
    let known = format!(
        "model {}, rules {}, arm {}, propensity {:.2}, seed {}",
        decision.model_version, decision.rules_version, decision.experiment_arm, decision.propensity, decision.seed
    );
    let _ = writeln!(text, "{known}");
    let _ = writeln!(text, "{}", replay(decision, paint));
    for (name, part) in [
        ("Causes", causes(&decision.causes, paint)),
        ("Moments", moments(&decision.candidates, paint)),
        ("Chance over the rescue window", curve(&decision.curve, paint)),
        ("Rules", rules(&decision.rules, paint)),
    ] {
        if let Some(part) = part {
            let _ = write!(text, "\n{}\n{part}", paint.bold(name));
        }
    }
    text
}

fn replay(decision: &ExplainedDecision, paint: Paint) -> String {
    match &decision.replay_note {
        None => paint.green("made again: the same, bit for bit"),
        Some(why) => paint.red(&format!("made again: {why}")),
    }
}

fn causes(causes: &[CauseBelief], paint: Paint) -> Option<String> {
    causes.first()?;
    let mut columns = vec![Column::left("ANSWER"), Column::left("CODE"), Column::left("CAUSE")];
    columns.extend([Column::right("BEFORE"), Column::right("AFTER")]);
    let mut table = Table::new(columns);
    for belief in causes {
        for (cause, after) in &belief.after {
            let before = belief.before.get(cause).copied().unwrap_or_default();
            let answer = [seconds(&belief.at_utc), belief.response_code.clone(), cause.clone()];
            table.row(answer.into_iter().chain([percent(before), percent(*after)]).collect());
        }
    }
    Some(table.render(paint))
}

fn moments(candidates: &[CandidateMoment], paint: Paint) -> Option<String> {
    candidates.first()?;
    let mut table = Table::new(vec![
        Column::left("AT"),
        Column::right("CHANCE"),
        Column::right("VALUE"),
        Column::right("FEE"),
        Column::right("PROPENSITY"),
        Column::left("BOUND BY"),
    ]);
    for candidate in candidates {
        table.row(vec![
            seconds(&candidate.at_utc),
            percent(candidate.probability),
            candidate.expected_value_minor.to_string(),
            candidate.fee_minor.to_string(),
            format!("{:.2}", candidate.propensity),
            if candidate.bound_by.is_empty() { "-".to_owned() } else { candidate.bound_by.join(" ") },
        ]);
    }
    Some(table.render(paint))
}

fn rules(rules: &[BindingRule], paint: Paint) -> Option<String> {
    rules.first()?;
    let titles = ["RULE", "EFFECT", "USED", "RESETS", "SOURCE"];
    let mut table = Table::new(titles.into_iter().map(Column::left).collect());
    for rule in rules {
        let limit = rule.limit.or(rule.headroom_limit).map_or_else(|| "-".to_owned(), |limit| limit.to_string());
        table.row(vec![
            rule.id.clone(),
            rule.effect.clone(),
            rule.used.map_or_else(|| "-".to_owned(), |used| format!("{used} of {limit}")),
            rule.resets_at_utc.as_deref().map_or_else(|| "-".to_owned(), seconds),
            rule.source.clone(),
        ]);
    }
    Some(table.render(paint))
}

/// A bar for each stretch of the window, as long as its best chance.
fn curve(points: &[CurvePoint], paint: Paint) -> Option<String> {
    let highest = points.iter().map(|point| point.probability).max_by(f64::total_cmp)?;
    let stretch = points.len().div_ceil(BARS_MAX);
    let mut text = String::new();
    for points in points.chunks(stretch) {
        let Some(best) = points.iter().max_by(|a, b| a.probability.total_cmp(&b.probability)) else { continue };
        let bar = bar(best.probability, highest);
        let bar = if best.probability >= highest { paint.green(&bar) } else { bar };
        let _ = writeln!(text, "{}  {:>5}  {bar}", seconds(&best.at_utc), percent(best.probability));
    }
    Some(text)
}

/// Whole blocks and an eighth of one at the end.
fn bar(chance: f64, highest: f64) -> String {
    const PARTS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = if highest > 0.0 { (chance / highest * (BAR_CHARS * 8) as f64).round() as usize } else { 0 };
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).map(|part| PARTS[part]));
    bar
}

fn percent(chance: f64) -> String {
    format!("{:.0} %", chance * 100.0)
}

/// A time without its fraction.
fn seconds(time: &str) -> String {
    time.split_once('.').map_or_else(|| time.to_owned(), |(whole, _)| format!("{whole}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(chances: &[f64]) -> Vec<CurvePoint> {
        let at = |day: usize| format!("2026-12-{:02}T06:00:00.000000Z", day % 28 + 1);
        chances.iter().enumerate().map(|(day, chance)| CurvePoint { at_utc: at(day), probability: *chance }).collect()
    }

    #[test]
    fn bars_are_as_long_as_chances_are_high() {
        let text = curve(&points(&[0.1, 0.4, 0.2]), Paint::OFF).unwrap();
        let lengths: Vec<usize> = text.lines().map(|line| line.chars().filter(|c| *c == '█').count()).collect();
        assert_eq!(lengths, [10, 40, 20], "{text}");
        assert_eq!(bar(0.0, 0.0), "");
        assert_eq!(bar(1.0, 320.0), "▏");
        assert!(curve(&[], Paint::OFF).is_none());
    }

    #[test]
    fn many_moments_share_bars_and_the_best_of_each_stays() {
        let mut chances = vec![0.05; 100];
        chances[37] = 0.5;
        let text = curve(&points(&chances), Paint::OFF).unwrap();
        assert!(text.lines().count() <= BARS_MAX && text.contains("50 %"), "{text}");
    }

    #[test]
    fn nothing_decided_is_said() {
        let nothing = Explanation { order_id: "o-1".into(), decisions: vec![] };
        assert_eq!(explanation(&nothing, Paint::OFF), "Nothing was decided about o-1 yet.");
    }
}
