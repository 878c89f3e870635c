//! What the audit trail remembers of API keys: never their values, nor what checks them.

use domain::{
    audit::{By, What},
    change::Write,
    client::{Client, Key},
};

use crate::Engine;

impl Engine {
    /// The entry about a key that was made, or revoked.
    pub(crate) fn note_key(&self, by: &By, client: Option<&Client>, key: &Key, revoked: bool) -> Write {
        let scopes = match (key.scopes.as_slice(), client) {
            ([], Some(client)) => client.scopes.clone(),
            (own, _) => own.to_vec(),
        };
        let what = What::Key {
            key: key.id,
            client: key.client,
            partner: client.and_then(|client| client.partner),
            kind: key.kind,
            name: key.name.clone(),
            environment: key.environment,
            scopes,
            revoked,
        };
        self.signed(by.clone(), key.mid, what)
    }
}
