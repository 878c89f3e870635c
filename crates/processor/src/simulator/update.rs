//! The simulated account updater.

use domain::{
    card::{Network, Pan},
    time::Timestamp,
};

use super::{
    Simulator,
    book::Credential,
    draw::CardHash,
    issuer::life::{self, Known, Life},
    magic::{
        self,
        number::{self, Pattern},
        scenario::Scenario,
        updater::{self, unchanged},
    },
};
use crate::{AccountUpdate, Failure, UpdateAccount, UpdateStatus};

impl Simulator {
    /// Asked by number in the same process; by token alone over HTTP, where only declined cards are remembered.
    pub(super) fn newer_data(&self, request: &UpdateAccount) -> Result<AccountUpdate, Failure> {
        let page = self.book.page();
        let update = match &request.number {
            Some(number) => self.by_number(number, request.credential_version, request.at),
            None => match page.credential(CardHash::of_token(self.seed, &request.token))? {
                Some(credential) => self.by_token(&credential, request.at),
                None => unchanged(UpdateStatus::Unknown, request.credential_version),
            },
        };
        page.log(request.at, "update", None, None, update.status.as_str())?;
        Ok(update)
    }

    fn by_number(&self, number: &Pan, version: u32, at: Timestamp) -> AccountUpdate {
        if let Some(scenario) = magic::scenario(Some(number.reveal())) {
            return updater::answer(scenario, number, version, at);
        }
        if magic::named::card(number.reveal()).is_some() || !magic::is_test_card(number.reveal()) {
            return unchanged(UpdateStatus::Unknown, version);
        }
        match self.known(CardHash::of_number(self.seed, number.reveal()), version, at) {
            Known::NewExpiry => updater::updated(None, number, version, at),
            Known::NewNumber => updater::updated(life::replacement(number), number, version, at),
            Known::Closed => unchanged(UpdateStatus::Closed, version),
            Known::Nothing => unchanged(UpdateStatus::Unknown, version),
        }
    }

    fn by_token(&self, credential: &Credential, at: Timestamp) -> AccountUpdate {
        let Some(scenario) = credential.scenario else {
            return match self.known(credential.card, credential.version, at) {
                Known::NewExpiry | Known::NewNumber => newer(credential, at),
                Known::Closed => unchanged(UpdateStatus::Closed, credential.version),
                Known::Nothing => unchanged(UpdateStatus::Unknown, credential.version),
            };
        };
        let bin = credential.bin.get(..6).unwrap_or_default();
        let pattern = Pattern { scenario: scenario.0, parameter: scenario.1, network: Network::of_bin(bin) };
        match (Scenario::of(pattern), number::write(bin, scenario.0, scenario.1)) {
            (Some(scenario), Some(number)) => updater::answer(scenario, &number, credential.version, at),
            _ => unchanged(UpdateStatus::Unknown, credential.version),
        }
    }

    fn known(&self, card: CardHash, version: u32, at: Timestamp) -> Known {
        if version > 1 { Known::Nothing } else { Life::of(self.seed, card, at).known(self.seed, card) }
    }
}

/// The number behind a token is not known here; whoever keeps it knows its new last digits better.
fn newer(credential: &Credential, at: Timestamp) -> AccountUpdate {
    let (month, year) = updater::new_expiry(at);
    AccountUpdate {
        status: UpdateStatus::Updated,
        credential_version: credential.version.max(1) + 1,
        exp_month: Some(month),
        exp_year: Some(year),
        last4: Some(credential.last4.clone()),
        number: None,
    }
}
