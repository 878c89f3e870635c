//! Texts that repeat, kept once.

use std::collections::HashMap;

/// Different texts of one kind that are kept; later ones share the last number.
const NAMES_MAX: usize = 20_000;
/// Characters of a text that are kept.
const CHARS_MAX: usize = 80;

/// A table of texts; the number of a text is its place.
#[derive(Debug, Clone, Default)]
pub struct Names {
    texts: Vec<String>,
    numbers: HashMap<String, u16>,
}

impl Names {
    /// The number of a text.
    pub fn number(&mut self, text: &str) -> u16 {
        let text: &str = text.char_indices().nth(CHARS_MAX).map_or(text, |(at, _)| &text[..at]);
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        if self.texts.len() >= NAMES_MAX {
            return self.number_of_the_rest();
        }
        let number = self.texts.len() as u16;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The text behind a number.
    pub fn text(&self, number: u16) -> &str {
        self.texts.get(usize::from(number)).map_or("others", String::as_str)
    }

    fn number_of_the_rest(&self) -> u16 {
        self.texts.len() as u16
    }
}
