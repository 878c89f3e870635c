//! Declined cards by token: what the updater needs when it is asked by token alone.

use rusqlite::OptionalExtension as _;

use super::{Error, Page};
use crate::simulator::draw::CardHash;

/// A card that was declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub card: CardHash,
    pub bin: String,
    pub last4: String,
    /// `CCCC` and `NNN` of a card of the tables.
    pub scenario: Option<(u16, u16)>,
    pub version: u32,
}

impl Page<'_> {
    /// The card that was last declined under a token.
    pub(crate) fn credential(&self, token: CardHash) -> Result<Option<Credential>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT card, bin, last4, scenario, version FROM credential WHERE token = ?1")?;
        let credential = statement.query_row([token.0], |row| {
            let scenario: Option<u32> = row.get(3)?;
            Ok(Credential {
                card: CardHash(row.get(0)?),
                bin: row.get(1)?,
                last4: row.get(2)?,
                scenario: scenario.map(|number| ((number / 1_000) as u16, (number % 1_000) as u16)),
                version: row.get(4)?,
            })
        });
        Ok(credential.optional()?)
    }

    /// Remembers the card behind a token.
    pub(crate) fn write_credential(&self, token: CardHash, credential: &Credential) -> Result<(), Error> {
        let scenario = credential.scenario.map(|(scenario, parameter)| u32::from(scenario) * 1_000 + u32::from(parameter));
        self.connection
            .prepare_cached(
                "INSERT INTO credential (token, card, bin, last4, scenario, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (token) DO UPDATE SET card = excluded.card, bin = excluded.bin, last4 = excluded.last4,
                 scenario = excluded.scenario, version = excluded.version",
            )?
            .execute((token.0, credential.card.0, &credential.bin, &credential.last4, scenario, credential.version))?;
        Ok(())
    }
}
