//! What somebody may have meant.

use std::collections::BTreeSet;

/// Further than this many edits, nothing is suggested.
const EDITS_MAX: usize = 3;

/// `; did you mean …?`, or nothing when no name is near.
pub fn hint(name: &str, known: &BTreeSet<&str>) -> String {
    let near = known.iter().map(|other| (edits(name, other), other)).min().filter(|(edits, _)| *edits <= EDITS_MAX);
    near.map_or_else(String::new, |(_, other)| format!("; did you mean `{other}`?"))
}

/// Levenshtein distance.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("adress", "address", 1),
            ("kitten", "sitting", 3),
            ("same", "same", 0),
            ("ab", "ba", 2),
        ] {
            assert_eq!(edits(left, right), expected, "{left} {right}");
            assert_eq!(edits(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn only_near_names_are_suggested() {
        let known = BTreeSet::from(["listen.address", "log.level"]);
        assert_eq!(hint("listen.adress", &known), "; did you mean `listen.address`?");
        assert_eq!(hint("colour", &known), "");
    }
}
