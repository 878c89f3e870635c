//! Processors' own response codes, translated to ISO 8583.

use std::collections::HashMap;

use super::{
    classify::has_code_form,
    period::Period,
    table::{Error, Row, Table},
};
use crate::{decline::Class, time::Timestamp};

/// What a processor's code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The processor, lower case.
    pub processor: String,
    /// Its code, upper case.
    pub code: String,
    /// The ISO 8583 code it stands for, if there is one.
    pub iso_code: Option<String>,
    /// The class, where the ISO code says too much or too little; outranks it.
    pub class: Option<Class>,
    /// The merchant advice that the code carries.
    pub advice_code: Option<String>,
    /// In words.
    pub meaning: String,
    /// Where the code is documented.
    pub source: String,
    period: Period,
}

impl Translation {
    /// The rule's id in explanations: `processor.nmi.202`.
    pub fn id(&self) -> String {
        format!("processor.{}.{}", self.processor, self.code)
    }
}

/// The vocabularies of all known processors.
#[derive(Debug, Clone)]
pub struct Processors(HashMap<String, HashMap<String, Vec<Translation>>>);

impl Processors {
    /// Reads `processor_codes.csv`.
    pub fn read(table: &Table) -> Result<Self, Error> {
        let mut all: HashMap<String, HashMap<String, Vec<Translation>>> = HashMap::new();
        for row in table.sound_rows()? {
            let entry = translation(row)?;
            all.entry(entry.processor.clone()).or_default().entry(entry.code.clone()).or_default().push(entry);
        }
        Ok(Self(all))
    }

    /// The vocabulary a sender's `responseCodeSource` means: its letters and digits begin with a known name.
    pub fn vocabulary(&self, source: &str) -> Option<Vocabulary<'_>> {
        const SOURCE_CHARS_MAX: usize = 64;
        let folded: String = source.chars().take(SOURCE_CHARS_MAX).filter(char::is_ascii_alphanumeric).collect();
        let folded = folded.to_ascii_lowercase();
        let known = self.0.iter().filter(|(name, _)| folded.starts_with(name.as_str()));
        known.max_by_key(|(name, _)| name.len()).map(|(_, codes)| Vocabulary(codes))
    }
}

/// One processor's codes.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'a>(&'a HashMap<String, Vec<Translation>>);

impl<'a> Vocabulary<'a> {
    /// The translation of a code on a day.
    pub fn find(self, code: &str, on: Timestamp) -> Option<&'a Translation> {
        self.0.get(&code.trim().to_ascii_uppercase())?.iter().find(|entry| entry.period.covers(on))
    }

    /// Whether the processor has codes of its own that look like ISO 8583, so that an unknown one must not be
    /// read as such.
    pub fn has_short_codes(self) -> bool {
        self.0.keys().any(|code| code.len() <= 2)
    }
}

/// Reads a row of `processor_codes.csv`.
pub fn translation(row: &Row) -> Result<Translation, Error> {
    let iso_code = match row.get("iso_code") {
        "" => None,
        text if has_code_form(text) => Some(text.to_ascii_uppercase()),
        _ => return Err(row.fault("iso_code", "not two letters or digits")),
    };
    let class = row.word_or_any("class", Class::parse)?;
    if iso_code.is_none() && class.is_none() {
        return Err(row.fault("iso_code", "neither ISO code nor class"));
    }
    Ok(Translation {
        processor: row.get("processor").to_ascii_lowercase(),
        code: row.get("code").to_ascii_uppercase(),
        iso_code,
        class,
        advice_code: Some(row.get("advice_code")).filter(|code| !code.is_empty()).map(str::to_owned),
        meaning: row.get("meaning").to_owned(),
        source: row.get("source").to_owned(),
        period: row.period()?,
    })
}
