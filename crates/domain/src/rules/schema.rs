//! What each rule file looks like: its columns, and what tells one row from another.

use super::table::Row;

/// One rule file.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its name.
    pub file: &'static str,
    /// Columns that must be there; `source` is one of them in every file.
    pub required: &'static [&'static str],
    /// Columns that may be there.
    pub optional: &'static [&'static str],
    /// Columns that say what a row is about: at most one row for each on any day.
    pub key: &'static [&'static str],
}

/// Every file, in the order in which they are read.
pub static ALL: [Schema; 7] = [
    Schema {
        file: "response_codes.csv",
        required: &[
            "code",
            "network",
            "region",
            "class",
            "floor",
            "retries_max",
            "lookup_first",
            "effective_from",
            "effective_to",
            "source",
        ],
        optional: &["meaning"],
        key: &["code", "network", "region"],
    },
    Schema {
        file: "visa_categories.csv",
        required: &["code", "category", "effective_from", "effective_to", "source"],
        optional: &["meaning"],
        key: &["code"],
    },
    Schema {
        file: "advice_codes.csv",
        required: &["code", "action", "class", "min_wait", "effective_from", "effective_to", "source"],
        optional: &["meaning"],
        key: &["code"],
    },
    Schema {
        file: "network_limits.csv",
        required: &[
            "id",
            "network",
            "region",
            "kind",
            "scope",
            "initiators",
            "window",
            "month_offset_minutes",
            "limit",
            "headroom",
            "approval_resets",
            "trigger",
            "new_credential_lifts",
            "effective_from",
            "effective_to",
            "source",
        ],
        optional: &["fee", "meaning"],
        key: &["id", "network", "region"],
    },
    Schema {
        file: "fees.csv",
        required: &["rule", "network", "region", "reach", "currency", "amount", "effective_from", "effective_to", "source"],
        optional: &["trigger", "meaning"],
        key: &["rule", "network", "region", "reach"],
    },
    Schema {
        file: "default_waits.csv",
        required: &[
            "class",
            "first_min",
            "first_max",
            "next_min",
            "next_max",
            "retries_max",
            "effective_from",
            "effective_to",
            "source",
        ],
        optional: &["meaning"],
        key: &["class"],
    },
    Schema {
        file: "processor_codes.csv",
        required: &["processor", "code", "iso_code", "class", "advice_code", "effective_from", "effective_to", "source"],
        optional: &["meaning"],
        key: &["processor", "code"],
    },
];

impl Schema {
    /// Whether a column is read.
    pub fn knows(&self, column: &str) -> bool {
        self.required.iter().chain(self.optional).any(|known| *known == column)
    }

    /// What a row is about, in words: `51`, `65 mastercard EEA`. Rows that mean the same have the same words: case does
    /// not count, an empty place is any place, and advice `3` is advice `03`.
    pub fn key_of(&self, row: &Row) -> String {
        let cells = self.key.iter().map(|column| match row.get(column) {
            "" | "*" => "*".to_owned(),
            text if self.file == "advice_codes.csv" => format!("{text:0>2}"),
            text if matches!(*column, "code" | "region" | "class") => text.to_ascii_uppercase(),
            text => text.to_ascii_lowercase(),
        });
        let words: Vec<String> = cells.collect();
        let named = words.iter().rposition(|word| word != "*").map_or(1, |last| last + 1);
        words[..named].join(" ")
    }
}
