//! Refunds that say they were fraud: a merchant that finds a fraud itself gives the money back before the bank asks for it.

/// What a refund's reason says when it was fraud, in lower case with single spaces.
const WORDS: [&str; 10] = [
    "fraud",
    "fraudulent",
    "suspected fraud",
    "fraud suspected",
    "confirmed fraud",
    "fraud confirmed",
    "fraudulent transaction",
    "fraudulent charge",
    "fraud refund",
    "card fraud",
];

/// Whether a reason says fraud and nothing else; `not fraud` and longer texts do not count.
pub fn is_marked(reason: Option<&str>) -> bool {
    let Some(reason) = reason.filter(|reason| reason.len() <= 64) else { return false };
    let words: Vec<String> =
        reason.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    WORDS.contains(&words.join(" ").as_str())
}

#[cfg(test)]
mod tests {
    use super::is_marked;

    #[test]
    fn only_the_word_itself_marks() {
        for reason in ["fraud", " Fraud ", "FRAUDULENT", "suspected_fraud", "fraud-suspected", "Card fraud."] {
            assert!(is_marked(Some(reason)), "{reason}");
        }
        for reason in ["", "not fraud", "no fraud", "customer request", "fraud check was fine", "duplicate"] {
            assert!(!is_marked(Some(reason)), "{reason}");
        }
        assert!(!is_marked(None) && !is_marked(Some(&"fraud ".repeat(99))));
    }
}
