//! From an answer to its class: `wire-api` §5.10.
//!
//! The advice code outranks the network's response code, which outranks the sender's own code; that one is
//! translated by the sender's vocabulary, else two letters or digits are read as ISO 8583 field 39. What
//! cannot be translated is GENERIC.

use super::{Action, Advice, Code, Floor, Region, Rules, Translation, processor::Vocabulary};
use crate::{
    card::Network,
    decline::{Answer, Class},
    time::Timestamp,
};

/// What an answer means under the rules of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified<'r> {
    /// The class; of an approval, too (GENERIC), so that no caller has to unwrap it.
    pub class: Class,
    /// The answer means approved (`10`: for a part).
    pub approved: bool,
    /// ISO 8583 field 39, when the answer told it or could be translated.
    pub iso_code: Option<String>,
    /// Visa's category, for Visa cards only.
    pub visa_category: Option<u8>,
    /// The advice given, if it is known.
    pub advice: Option<&'r Advice>,
    /// The earliest retry that the response code allows (the advice's own is in [`Advice::min_wait`]).
    pub floor: Option<Floor>,
    /// How many further attempts the response code bears.
    pub retries_max: Option<u32>,
    /// The original's result may be unknown: look it up before anything is sent again.
    pub lookup_first: bool,
    /// Ids of the rules that decided, the strongest first.
    pub rules: Vec<String>,
}

impl Classified<'_> {
    /// The earliest retries that bind, each with the id of its rule.
    pub fn floors(&self) -> impl Iterator<Item = (Floor, String)> {
        let advice = self.advice.and_then(|advice| Some((Floor::After(advice.min_wait?), advice.id())));
        let code = self.floor.zip(self.iso_code.as_ref().map(|code| format!("code.{code}")));
        advice.into_iter().chain(code)
    }

    /// Whether the advice asks for exactly this.
    pub fn advises(&self, action: Action) -> bool {
        self.advice.is_some_and(|advice| advice.action == action)
    }

    /// A Mastercard security decline with newer data behind it: to be retried with 3-D Secure (domain rules
    /// §2.2), although its class is the advice's.
    pub fn asks_for_step_up(&self) -> bool {
        self.class == Class::Sca || (self.iso_code.as_deref() == Some("83") && self.advises(Action::UpdateCredential))
    }
}

impl Rules {
    /// The class of an answer for a card of a network and an issuer's region on a day. Never fails: what is not
    /// known is GENERIC.
    pub fn classify(&self, answer: &Answer, network: Network, region: Region, on: Timestamp) -> Classified<'_> {
        let spoken = self.iso_of(answer, on);
        let code = spoken.iso_code.as_deref().and_then(|code| self.code(code, network, region, on));
        let advice_code = answer.advice_code.as_deref().filter(|code| !code.trim().is_empty());
        let carried = spoken.translation.and_then(|entry| entry.advice_code.as_deref());
        let advice = advice_code.or(carried).and_then(|code| self.advice(code, on));
        let own_class = spoken.translation.and_then(|entry| entry.class);
        let approved = own_class.is_none() && code.is_some_and(|code| code.class.is_none());
        let forced = advice.filter(|_| !approved).and_then(|advice| advice.class);
        let visa_category = (network == Network::Visa && !approved)
            .then(|| spoken.iso_code.as_deref().map(|code| self.visa_category(code, on)))
            .flatten();
        Classified {
            class: forced.or(own_class).or(code.and_then(|code| code.class)).unwrap_or(Class::Generic),
            approved,
            visa_category,
            advice,
            floor: code.and_then(|code| code.floor),
            retries_max: code.and_then(|code| code.retries_max),
            lookup_first: code.is_some_and(|code| code.lookup_first),
            rules: rule_ids(advice, &spoken, code, visa_category),
            iso_code: spoken.iso_code,
        }
    }

    /// The ISO 8583 code of an answer, when it tells one or can be translated.
    pub fn iso_code(&self, answer: &Answer, on: Timestamp) -> Option<String> {
        self.iso_of(answer, on).iso_code
    }

    fn iso_of(&self, answer: &Answer, on: Timestamp) -> Spoken<'_> {
        if let Some(code) = answer.network_response_code.as_deref().and_then(read_iso) {
            return Spoken { iso_code: Some(code), translation: None };
        }
        let vocabulary = answer.source.as_deref().and_then(|source| self.processors.vocabulary(source));
        if let Some(entry) = vocabulary.and_then(|words| words.find(&answer.response_code, on)) {
            return Spoken { iso_code: entry.iso_code.clone(), translation: Some(entry) };
        }
        let own_short_codes = vocabulary.is_some_and(Vocabulary::has_short_codes);
        let iso_code = if own_short_codes { None } else { read_iso(&answer.response_code) };
        Spoken { iso_code, translation: None }
    }
}

/// What an answer says in ISO 8583, and by which translation.
struct Spoken<'r> {
    iso_code: Option<String>,
    translation: Option<&'r Translation>,
}

/// Whether a text has the form of an ISO 8583 response code: two ASCII letters or digits.
pub fn has_code_form(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn read_iso(text: &str) -> Option<String> {
    let text = text.trim();
    has_code_form(text).then(|| text.to_ascii_uppercase())
}

fn rule_ids(advice: Option<&Advice>, spoken: &Spoken<'_>, code: Option<&Code>, visa_category: Option<u8>) -> Vec<String> {
    let category = visa_category.map(|category| format!("visa.category.{category}"));
    let ids = [advice.map(Advice::id), spoken.translation.map(Translation::id), code.map(Code::id), category];
    ids.into_iter().flatten().collect()
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
