//! A case, read once: answers classified, times ordered, the cardholder's zone found.

use domain::{
    decline::Class,
    ledger::{Initiator, Origin},
    rules::{Action, Classified, Region, Rules},
    time::Timestamp,
};

use crate::{
    case::{Case, Observed},
    zone::Zone,
};

/// One decline, classified by the rules of its day.
pub struct Read<'a> {
    /// When.
    pub at: Timestamp,
    /// Whose attempt.
    pub origin: Origin,
    /// What it means.
    pub classified: Classified<'a>,
}

/// A case with everything read that more than one question needs.
pub struct View<'a> {
    /// The case.
    pub case: &'a Case<'a>,
    /// The rules.
    pub rules: &'a Rules,
    /// Declines and partial approvals, oldest first.
    pub answers: Vec<Read<'a>>,
    /// The cardholder's zone.
    pub zone: Zone,
    /// The newest answer was an approval in full.
    pub paid: bool,
}

impl<'a> View<'a> {
    /// Reads a case.
    pub fn new(case: &'a Case<'a>, rules: &'a Rules) -> Self {
        let mut observed: Vec<&Observed> = case.observed.iter().collect();
        observed.sort_by_key(|observed| observed.at);
        let country = issuer_country(case);
        let read = |observed: &Observed| read(observed, case, rules, Region::of_country(country));
        Self {
            case,
            rules,
            zone: Zone::of(case.offset_minutes, country),
            paid: observed.last().is_some_and(|last| last.approved && read(last).is_none()),
            answers: observed.into_iter().filter_map(read).collect(),
        }
    }

    /// The newest decline.
    pub fn last(&self) -> Option<&Read<'a>> {
        self.answers.last()
    }

    /// When the newest decline was; without one, when the order came.
    pub fn last_at(&self) -> Timestamp {
        self.last().map_or(self.case.placed_at, |last| last.at)
    }

    /// The class that decides; GENERIC when nothing was said.
    pub fn class(&self) -> Class {
        self.last().map_or(Class::Generic, |last| last.classified.class)
    }

    /// How many of our own attempts were answered with the class that decides.
    pub fn own_of_class(&self) -> u32 {
        self.own(|read| read.classified.class == self.class())
    }

    /// How many of our own attempts were answered with the newest response code.
    pub fn own_of_code(&self) -> u32 {
        let code = self.last().and_then(|last| last.classified.iso_code.as_ref());
        self.own(|read| code.is_some() && read.classified.iso_code.as_ref() == code)
    }

    /// Answers to the account data now in use.
    pub fn of_this_credential(&self) -> impl Iterator<Item = &Read<'a>> {
        let changed = self.case.credential_changed_at;
        self.answers.iter().filter(move |read| changed.is_none_or(|changed| read.at >= changed))
    }

    /// The account data were replaced after the newest decline.
    pub fn has_new_credential(&self) -> bool {
        self.case.credential_changed_at.is_some_and(|changed| changed > self.last_at())
    }

    /// Whether the merchant initiates.
    pub fn is_mit(&self) -> bool {
        self.case.initiator == Initiator::Mit
    }

    /// The issuer's country, else the merchant's.
    pub fn issuer_country(&self) -> &'a str {
        issuer_country(self.case)
    }

    fn own(&self, fits: impl Fn(&Read<'a>) -> bool) -> u32 {
        let count = self.answers.iter().filter(|read| read.origin == Origin::Own && fits(read)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

impl Read<'_> {
    /// A decline that new account data may cure although the code forbids a retry of the old: lost, stolen and
    /// closed cards, and advice 03.
    pub fn is_lifted_by_new_credential(&self) -> bool {
        let code = self.classified.iso_code.as_deref();
        matches!(code, Some("41" | "43" | "46")) || self.classified.advice.is_some_and(|advice| advice.code == "03")
    }

    /// A decline that revokes more than this card: no new account data help (domain rules §1.4 e).
    pub fn revokes(&self) -> bool {
        self.classified.class == Class::StopMandate
            || self.classified.iso_code.as_deref() == Some("R3")
            || self.classified.advises(Action::StopMandate)
    }
}

/// `None` for an approval in full. A partial approval leaves a rest that the account did not have: NSF.
fn read<'a>(observed: &Observed, case: &'a Case<'a>, rules: &'a Rules, region: Region) -> Option<Read<'a>> {
    let mut classified = rules.classify(&observed.answer, case.network, region, observed.at);
    let partial = classified.approved && classified.iso_code.as_deref() == Some("10");
    if observed.approved && !partial {
        return None;
    }
    if partial {
        classified.class = Class::Nsf;
    }
    Some(Read { at: observed.at, origin: observed.origin, classified })
}

/// The issuer's country, else the merchant's.
pub fn issuer_country<'a>(case: &'a Case<'a>) -> &'a str {
    case.issuer_country.filter(|country| !country.trim().is_empty()).unwrap_or(case.merchant_country)
}
