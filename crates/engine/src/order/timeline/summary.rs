//! Sentences for people.

use domain::{attempt::Attempt, decline::Answer, money::Money, site::MatchedBy};

/// `19.99 USD`.
pub fn money(amount: Money) -> String {
    format!("{} {}", amount.major(), amount.currency)
}

/// `code 51`, with the source and the advice where they are told.
pub fn answer(answer: &Answer) -> String {
    let code = if answer.response_code.is_empty() { "no code".to_owned() } else { format!("code {}", answer.response_code) };
    let source = answer.source.as_deref().map(|source| format!(" ({source})")).unwrap_or_default();
    let advice = answer.advice_code.as_deref().map(|advice| format!(", advice {advice}")).unwrap_or_default();
    format!("{code}{source}{advice}")
}

/// How a site was found.
pub fn resolution(matched_by: MatchedBy, name: Option<&str>) -> String {
    let site = name.map_or_else(|| "its site".to_owned(), |name| format!("the site {name}"));
    match matched_by {
        MatchedBy::SiteId => format!("Filed under {site} by the site id."),
        MatchedBy::SiteUrl => format!("Filed under {site} by the site's URL."),
        MatchedBy::Descriptor => format!("Filed under {site} by the descriptor."),
        MatchedBy::Default => format!("No site matched: filed under {site}, the default."),
    }
}

/// What an attempt brought.
pub fn result(attempt: &Attempt) -> String {
    let number = attempt.number;
    let Some(answered) = attempt.answered() else { return format!("The result of attempt {number} is not known yet.") };
    let code = Answer::iso(&answered.response_code, answered.advice_code.as_deref());
    let code = self::answer(&code);
    match answered.verdict {
        domain::attempt::Verdict::Approved => format!("Attempt {number} was approved for {}.", money(attempt.amount)),
        domain::attempt::Verdict::Partial => format!(
            "Attempt {number} was approved for {} of {}.",
            money(Money::new(answered.approved_minor, attempt.amount.currency)),
            money(attempt.amount)
        ),
        _ => {
            let class = answered.class.map(|class| format!(": {class}")).unwrap_or_default();
            format!("Attempt {number} was declined with {code}{class}.")
        }
    }
}
