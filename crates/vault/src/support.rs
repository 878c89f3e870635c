//! What the tests of this crate share.

use std::sync::atomic::{AtomicU8, Ordering};

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    card::{Cvv, Funding, Pan},
    environment::Environment,
    id::{DataKeyId, Mid, TokenId},
    time::Timestamp,
    token::DataKey,
};

use crate::{Error, Holder, NewCard, Random, Ring, System, Vault};

pub const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

/// Each call fills with the next number.
#[derive(Default)]
pub struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed) + 1);
        Ok(())
    }
}

/// Always fails.
pub struct Broken;

impl Random for Broken {
    fn fill(&self, _: &mut [u8]) -> Result<(), Error> {
        Err(Error::Random)
    }
}

pub fn vault() -> Vault {
    Vault::in_memory(Ring::generate(NOW, &System).unwrap(), Box::new(System))
}

pub fn data_key(vault: &Vault, number: u8) -> DataKey {
    vault.new_data_key(mid(number), Environment::Sandbox, data_key_id(number), NOW).unwrap()
}

pub fn mid(number: u8) -> Mid {
    Mid::at(NOW, [number; 10])
}

pub fn data_key_id(number: u8) -> DataKeyId {
    DataKeyId::at(NOW, [number; 10])
}

pub fn token(number: u8) -> TokenId {
    TokenId::at(NOW, [number; 10])
}

pub fn visa() -> Pan {
    Pan::parse("4111111111111111").unwrap()
}

pub fn mastercard() -> Pan {
    Pan::parse("5555555555554444").unwrap()
}

pub fn cvv() -> Cvv {
    Cvv::parse("987").unwrap()
}

pub fn new_card(pan: &Pan) -> NewCard<'_> {
    NewCard {
        id: token(1),
        pan,
        cvv: None,
        exp_month: Some(12),
        exp_year: Some(2030),
        funding: Funding::Unknown,
        holder: Holder { full_name: Some("Zora".into()), ..Holder::default() },
        updater_allowed: true,
    }
}

/// The secrets of a ring as texts that may not show up: base64, and the way `Debug` prints bytes.
pub fn secrets_of(ring: &Ring) -> Vec<String> {
    let forms =
        |bytes: &[u8]| [BASE64_STANDARD.encode(bytes)[..12].to_owned(), format!("{:?}", &bytes[..4]).replace(['[', ']'], "")];
    ring.secrets().into_iter().flat_map(|secret| forms(secret.bytes())).collect()
}
