//! Cards into the vault.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Error, Secret, call::Call};

/// A card to vault.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CardDraft {
    /// 12–19 digits.
    pub number: Secret,
    /// 1–12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// Two or four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// CVV; kept apart until the issuer has answered, fifteen minutes at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_value: Option<Secret>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Both names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
}

/// The answer of the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tokenized {
    /// What was done.
    pub transaction: VaultTransaction,
}

/// A card that was added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VaultTransaction {
    /// The card.
    pub payment_method: VaultedCard,
    /// Made with a sandbox key.
    pub on_test_gateway: bool,
}

/// A card in the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VaultedCard {
    /// What `evaluate` takes as card number.
    pub token: String,
    /// The same for every token of one card.
    pub fingerprint: String,
    /// The first eight digits, six of short numbers.
    pub first_six_digits: String,
    /// The last four digits.
    pub last_four_digits: String,
    /// `visa`, `master`, …
    pub card_type: String,
    /// 1–12.
    pub month: Option<u8>,
    /// Four digits.
    pub year: Option<u16>,
}

impl Tokenized {
    /// The card's token.
    pub fn token(&self) -> &str {
        &self.transaction.payment_method.token
    }
}

impl Client {
    /// `POST /v1/tokenize` with this client's keys.
    pub async fn tokenize(&self, card: &CardDraft) -> Result<Tokenized, Error> {
        self.vaulting(card).json().await
    }

    /// `POST /v1/tokenize` as a browser does it: with a tokenization key of the merchant, without a token.
    pub async fn tokenize_with_key(&self, mid: &str, tokenization_key: &str, card: &CardDraft) -> Result<Tokenized, Error> {
        self.vaulting(card).asking(&json!({"mid": mid, "environment": tokenization_key})).open().json().await
    }

    /// `DELETE /v1/tokens/{token}`.
    pub async fn delete_card(&self, token: &str) -> Result<(), Error> {
        self.delete("/v1/tokens/{token}").at(token).done().await
    }

    fn vaulting(&self, card: &CardDraft) -> Call<'_> {
        #[derive(Serialize)]
        struct Body<'a> {
            payment_method: Method<'a>,
        }
        #[derive(Serialize)]
        struct Method<'a> {
            credit_card: &'a CardDraft,
        }
        self.post("/v1/tokenize").with(&Body { payment_method: Method { credit_card: card } })
    }
}
