//! What is said of a processor account, read into the account.

use std::collections::BTreeMap;

use domain::{
    card::Network,
    environment::Environment,
    fault::Faults,
    id::{Mid, ProcessorId},
    money::Currency,
    route::{Account, Offers, Status, Takes},
    time::Timestamp,
};
use http::{HeaderName, HeaderValue};
use vault::Context;
use zeroize::Zeroizing;

use super::KINDS;
use crate::{Engine, Error, Result, webhook::Refused};

/// Time to connect, unless it is said, milliseconds.
const CONNECT_MS_USUAL: u32 = 2_000;
/// Time for a whole call, unless it is said, milliseconds.
const TOTAL_MS_USUAL: u32 = 20_000;
/// Longest time for a whole call, milliseconds.
const TOTAL_MS_MAX: u32 = 120_000;
/// Static headers of one account.
const HEADERS_MAX: usize = 20;
/// One header's value, characters.
const HEADER_CHARS_MAX: usize = 4_096;
/// Headers that belong to the connection or the call itself.
const HEADERS_RESERVED: [&str; 6] = ["host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade"];
/// An account's name, characters.
const NAME_CHARS_MAX: usize = 255;

/// What a caller says of an account; absent members keep or default. `Debug` shows no credential.
#[derive(Clone, Default)]
pub struct Draft {
    /// Name.
    pub name: Option<String>,
    /// Connector.
    pub kind: Option<String>,
    /// Environment; an account never changes it.
    pub environment: Option<Environment>,
    /// Base URL of the plain HTTP contract.
    pub base_url: Option<String>,
    /// Static headers by name; a blank value takes a header away.
    pub headers: Vec<(String, Zeroizing<String>)>,
    /// What it signs its notifications with; blank: none any more.
    pub webhook_secret: Option<Zeroizing<String>>,
    /// Whether it is given the card number.
    pub reveal_card: Option<bool>,
    /// Time to connect, milliseconds.
    pub connect_timeout_ms: Option<u32>,
    /// Time for a whole call, milliseconds.
    pub total_timeout_ms: Option<u32>,
    /// What it can and takes.
    pub capable: Capable,
    /// Whether it takes attempts.
    pub status: Option<Status>,
}

/// What an account can and takes; absent members keep or default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members of `capabilities` on the wire")]
pub struct Capable {
    pub auth_capture: Option<bool>,
    pub void: Option<bool>,
    pub refund: Option<bool>,
    pub lookup: Option<bool>,
    pub updater: Option<bool>,
    pub partial: Option<bool>,
    pub network_token: Option<bool>,
    pub three_ds: Option<bool>,
    pub currencies: Option<Vec<Currency>>,
    pub networks: Option<Vec<Network>>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Draft").field("name", &self.name).field("headers", &headers).finish_non_exhaustive()
    }
}

/// Whether addresses are held against the guard of private networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The operator's shell: any address.
    Shell,
    /// The HTTP interface: public addresses, and private ones that the operator allows.
    Guarded,
}

impl Engine {
    /// A new account from the operator's shell.
    pub(crate) fn shell_account(&self, mid: Option<Mid>, draft: &Draft, faults: &mut Faults) -> Result<Option<Account>> {
        self.account_of(mid, draft, Trust::Shell, faults)
    }

    /// A changed account from the operator's shell.
    pub(crate) fn shell_change(&self, account: Account, draft: &Draft, faults: &mut Faults) -> Result<Option<Account>> {
        self.with_draft(account, draft, Trust::Shell, faults)
    }

    /// A new account as the draft says. Adds every fault.
    pub(super) fn account_of(
        &self,
        mid: Option<Mid>,
        draft: &Draft,
        trust: Trust,
        faults: &mut Faults,
    ) -> Result<Option<Account>> {
        for (missing, path) in [
            (draft.name.is_none(), "Name"),
            (draft.kind.is_none(), "Kind"),
            (draft.environment.is_none(), "Environment"),
            (draft.base_url.is_none(), "BaseUrl"),
        ] {
            if missing {
                faults.required(path);
            }
        }
        let now = self.clock.now();
        let blank = blank(ProcessorId::at(now, self.random.bytes()), mid, draft.environment, now);
        self.with_draft(blank, draft, trust, faults)
    }

    /// The account with what the draft says. `None` when there are faults.
    pub(super) fn with_draft(
        &self,
        mut account: Account,
        draft: &Draft,
        trust: Trust,
        faults: &mut Faults,
    ) -> Result<Option<Account>> {
        check_words(&account, draft, faults);
        if let Some(url) = &draft.base_url {
            self.check_address(url, account.environment, trust, faults);
            account.base_url.clone_from(url);
            account.guarded = trust == Trust::Guarded;
        }
        if let Some(name) = &draft.name {
            name.trim().clone_into(&mut account.name);
        }
        account.reveal_card = draft.reveal_card.unwrap_or(account.reveal_card);
        account.connect_timeout_ms = draft.connect_timeout_ms.unwrap_or(account.connect_timeout_ms);
        account.total_timeout_ms = draft.total_timeout_ms.unwrap_or(account.total_timeout_ms);
        if account.connect_timeout_ms == 0 || !(account.connect_timeout_ms..=TOTAL_MS_MAX).contains(&account.total_timeout_ms) {
            faults.invalid("TotalTimeoutMs");
        }
        account.status = draft.status.unwrap_or(account.status);
        take_capabilities(&mut account, &draft.capable);
        self.take_credentials(&mut account, draft, faults)?;
        Ok(faults.is_empty().then_some(account))
    }

    fn check_address(&self, url: &str, environment: Environment, trust: Trust, faults: &mut Faults) {
        let readable = reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let refused = match trust {
            Trust::Shell if readable => None,
            Trust::Shell => Some(Refused::Unreadable),
            Trust::Guarded => self.sender.guard().check_url(url, environment).err(),
        };
        match refused {
            None => {}
            Some(Refused::Unreadable) => faults.invalid("BaseUrl"),
            Some(Refused::NotHttps) => faults.add("BaseUrl", "The field BaseUrl must be an https URL."),
            Some(Refused::Private) => faults.add("BaseUrl", "The field BaseUrl must not point to a private address."),
        }
    }

    fn take_credentials(&self, account: &mut Account, draft: &Draft, faults: &mut Faults) -> Result<()> {
        if !draft.headers.is_empty() {
            let mut headers: BTreeMap<String, String> =
                self.account_headers(account)?.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
            for (name, value) in &draft.headers {
                check_header(name, value, faults);
                let name = name.to_ascii_lowercase();
                if value.trim().is_empty() {
                    headers.remove(&name)
                } else {
                    headers.insert(name, value.to_string())
                };
            }
            if headers.len() > HEADERS_MAX {
                faults.too_many("Credentials.Headers", HEADERS_MAX);
            }
            account.header_names = headers.keys().cloned().collect();
            account.headers = match headers.is_empty() {
                true => None,
                false => {
                    let pairs: Vec<_> = headers.into_iter().collect();
                    let plain =
                        serde_json::to_vec(&pairs).map(Zeroizing::new).map_err(|error| Error::Internal(error.to_string()))?;
                    Some(self.vault.seal_value(headers_context(&account.id.bytes()), &plain)?)
                }
            };
        }
        match &draft.webhook_secret {
            Some(blank) if blank.trim().is_empty() => account.webhook_secret = None,
            Some(secret) if processor::notification::Secret::parse(secret).is_some() => {
                let row = account.id.bytes();
                account.webhook_secret = Some(self.vault.seal_value(notification_context(&row), secret.trim().as_bytes())?);
            }
            Some(_) => faults.add("Credentials.WebhookSecret", "The field WebhookSecret must be base64 of 24 to 64 bytes."),
            None => {}
        }
        Ok(())
    }
}

fn blank(id: ProcessorId, mid: Option<Mid>, environment: Option<Environment>, now: Timestamp) -> Account {
    Account {
        id,
        version: 1,
        mid,
        name: String::new(),
        kind: KINDS[0].name.to_owned(),
        environment: environment.unwrap_or(Environment::Sandbox),
        base_url: String::new(),
        headers: None,
        reveal_card: false,
        connect_timeout_ms: CONNECT_MS_USUAL,
        total_timeout_ms: TOTAL_MS_USUAL,
        offers: Offers::default(),
        takes: Takes::default(),
        header_names: vec![],
        webhook_secret: None,
        guarded: false,
        status: Status::Active,
        created_at: now,
        archived_at: None,
    }
}

fn check_words(account: &Account, draft: &Draft, faults: &mut Faults) {
    match draft.name.as_deref() {
        Some(name) if name.trim().is_empty() => faults.required("Name"),
        Some(name) if name.chars().count() > NAME_CHARS_MAX => faults.too_long("Name", NAME_CHARS_MAX),
        _ => {}
    }
    if draft.kind.as_deref().is_some_and(|kind| !KINDS.iter().any(|known| known.name.eq_ignore_ascii_case(kind))) {
        faults.invalid("Kind");
    }
    if draft.environment.is_some_and(|environment| environment != account.environment) {
        faults.add("Environment", "The field Environment cannot be changed.");
    }
}

fn check_header(name: &str, value: &str, faults: &mut Faults) {
    let path = format!("Credentials.Headers.{}", name.chars().filter(|c| !c.is_control()).take(64).collect::<String>());
    let reserved = HEADERS_RESERVED.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    if reserved || HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(value).is_err() {
        faults.add(path, "This header cannot be sent.");
    } else if value.chars().count() > HEADER_CHARS_MAX {
        faults.too_long(&path, HEADER_CHARS_MAX);
    }
}

fn take_capabilities(account: &mut Account, said: &Capable) {
    let Offers { inquire, capture, void, refund, updater } = &mut account.offers;
    let Takes { partial, network_token, three_ds, currencies, networks } = &mut account.takes;
    for (member, said) in [
        (capture, said.auth_capture),
        (void, said.void),
        (refund, said.refund),
        (inquire, said.lookup),
        (updater, said.updater),
        (partial, said.partial),
        (network_token, said.network_token),
        (three_ds, said.three_ds),
    ] {
        *member = said.unwrap_or(*member);
    }
    if let Some(said) = &said.currencies {
        currencies.clone_from(said);
    }
    if let Some(said) = &said.networks {
        networks.clone_from(said);
    }
}

pub(crate) fn headers_context(row: &[u8]) -> Context<'_> {
    Context { table: "accounts", row, column: "headers" }
}

pub(crate) fn notification_context(row: &[u8]) -> Context<'_> {
    Context { table: "accounts", row, column: "webhook_secret" }
}
