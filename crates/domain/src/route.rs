//! Processor accounts and the routes that choose among them.

use serde::{Deserialize, Serialize};

use crate::{
    card::Network,
    channel::Channel,
    environment::Environment,
    id::{Mid, OrderId, ProcessorId, SiteId},
    money::Currency,
    time::Timestamp,
};

crate::words! {
    /// Whether an account takes attempts.
    pub enum Status {
        /// Takes attempts.
        Active = "ACTIVE",
        /// Takes none; open attempts are still settled.
        Paused = "PAUSED",
        /// Known to be down.
        Down = "DOWN",
    }
}

/// A processor account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Id.
    pub id: ProcessorId,
    /// Row version.
    pub version: u32,
    /// Its merchant; none: the operator's, for every merchant.
    pub mid: Option<Mid>,
    /// Name, shown in attempts.
    pub name: String,
    /// Connector: `http`.
    pub kind: String,
    /// Environment.
    pub environment: Environment,
    /// Base URL of the plain HTTP contract.
    pub base_url: String,
    /// Sealed static headers (JSON object), when it needs any.
    pub headers: Option<Vec<u8>>,
    /// Whether it is given the card number.
    pub reveal_card: bool,
    /// Time to connect, milliseconds.
    pub connect_timeout_ms: u32,
    /// Time for the whole call, milliseconds.
    pub total_timeout_ms: u32,
    /// Calls it offers beside `authorize`.
    pub offers: Offers,
    /// Payments it takes.
    #[serde(default)]
    pub takes: Takes,
    /// Names of its sealed headers, for readers.
    #[serde(default)]
    pub header_names: Vec<String>,
    /// Sealed secret that its notifications are signed with, when it sends any.
    #[serde(default)]
    pub webhook_secret: Option<Vec<u8>>,
    /// Its address was given over the HTTP interface: only public addresses are connected to, and private ones that
    /// the operator allows.
    #[serde(default)]
    pub guarded: bool,
    /// Whether it takes attempts.
    pub status: Status,
    /// Since when, UTC.
    pub created_at: Timestamp,
    /// Since when it is out of use for good, UTC; what it did before is still settled.
    #[serde(default)]
    pub archived_at: Option<Timestamp>,
}

/// What is told of an account: everything but its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members of an account")]
pub struct Facts {
    pub name: String,
    pub kind: String,
    pub environment: Environment,
    pub base_url: String,
    pub header_names: Vec<String>,
    pub signs_notifications: bool,
    pub reveal_card: bool,
    pub connect_timeout_ms: u32,
    pub total_timeout_ms: u32,
    pub offers: Offers,
    pub takes: Takes,
    pub status: Status,
}

impl Account {
    /// What may be told of it.
    pub fn facts(&self) -> Facts {
        Facts {
            name: self.name.clone(),
            kind: self.kind.clone(),
            environment: self.environment,
            base_url: self.base_url.clone(),
            header_names: self.header_names.clone(),
            signs_notifications: self.webhook_secret.is_some(),
            reveal_card: self.reveal_card,
            connect_timeout_ms: self.connect_timeout_ms,
            total_timeout_ms: self.total_timeout_ms,
            offers: self.offers,
            takes: self.takes.clone(),
            status: self.status,
        }
    }

    /// Whether it may be given new attempts of a merchant in an environment.
    pub fn serves(&self, mid: Mid, environment: Environment) -> bool {
        self.status == Status::Active
            && self.archived_at.is_none()
            && self.environment == environment
            && self.mid.is_none_or(|owner| owner == mid)
    }

    /// Whether it takes this payment.
    pub fn accepts(&self, wanted: &Wanted<'_>) -> bool {
        covers(&self.takes.currencies, &wanted.currency)
            && covers(&self.takes.networks, &wanted.network)
            && (self.offers.capture || !wanted.later_capture)
    }
}

/// Payments that an account takes; empty lists: all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Takes {
    /// It may approve a part of the amount.
    pub partial: bool,
    /// It takes network tokens in place of card numbers.
    pub network_token: bool,
    /// It takes 3-D Secure data; without it none are sent.
    pub three_ds: bool,
    /// Currencies.
    pub currencies: Vec<Currency>,
    /// Networks.
    pub networks: Vec<Network>,
}

impl Default for Takes {
    fn default() -> Self {
        Self { partial: true, network_token: false, three_ds: true, currencies: vec![], networks: vec![] }
    }
}

/// Calls a processor offers beside `authorize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Offers {
    /// Look-up of an attempt. Without it an unknown result needs the operator.
    pub inquire: bool,
    /// Later capture.
    pub capture: bool,
    /// Reversal.
    pub void: bool,
    /// Refund.
    pub refund: bool,
    /// Account updater.
    pub updater: bool,
}

impl Default for Offers {
    fn default() -> Self {
        Self { inquire: true, capture: true, void: true, refund: true, updater: false }
    }
}

/// One line of the routing table; empty lists and absent bounds match everything. Lower priority goes first; among
/// lines of one priority the weight decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// Its merchant; none: every merchant without a table of its own.
    pub mid: Option<Mid>,
    /// Environment.
    pub environment: Environment,
    /// Order of the lines.
    pub priority: u32,
    /// The account.
    pub processor: ProcessorId,
    /// Its share among the lines of its priority; 0: none.
    #[serde(default = "one")]
    pub weight: u32,
    /// Sites.
    #[serde(default)]
    pub sites: Vec<SiteId>,
    /// Channels.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Networks.
    #[serde(default)]
    pub networks: Vec<Network>,
    /// Currencies.
    #[serde(default)]
    pub currencies: Vec<Currency>,
    /// The issuer's countries, ISO 3166 alpha-2; a card whose country is not known does not match a list.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Least amount, minor units.
    #[serde(default)]
    pub min_amount: Option<i64>,
    /// Highest amount, minor units.
    #[serde(default)]
    pub max_amount: Option<i64>,
    /// First attempt it is for, from 1.
    #[serde(default)]
    pub attempt_from: Option<u32>,
    /// Last attempt it is for.
    #[serde(default)]
    pub attempt_to: Option<u32>,
}

const fn one() -> u32 {
    1
}

/// What a route is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Site.
    pub site: SiteId,
    /// Channel.
    pub channel: Channel,
    /// Network.
    pub network: Network,
    /// Currency.
    pub currency: Currency,
    /// The issuer's country, when it is known.
    pub country: Option<&'a str>,
    /// How much, minor units.
    pub amount_minor: i64,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// It is authorised now and collected later.
    pub later_capture: bool,
}

impl Route {
    /// Whether the line takes this payment.
    pub fn takes(&self, wanted: &Wanted<'_>) -> bool {
        let country = || wanted.country.is_some_and(|country| self.countries.iter().any(|own| own.eq_ignore_ascii_case(country)));
        covers(&self.sites, &wanted.site)
            && covers(&self.channels, &wanted.channel)
            && covers(&self.networks, &wanted.network)
            && covers(&self.currencies, &wanted.currency)
            && (self.countries.is_empty() || country())
            && self.min_amount.is_none_or(|least| wanted.amount_minor >= least)
            && self.max_amount.is_none_or(|most| wanted.amount_minor <= most)
            && self.attempt_from.is_none_or(|first| wanted.attempt >= first)
            && self.attempt_to.is_none_or(|last| wanted.attempt <= last)
    }
}

fn covers<T: PartialEq>(list: &[T], value: &T) -> bool {
    list.is_empty() || list.contains(value)
}

/// The account that a table gives a payment to: the lowest priority with a line that takes it and an account that
/// may and does; within it by weight, the same for the same seed. `lines` are ordered by priority.
pub fn choose<'a>(lines: &[(&Route, &'a Account)], wanted: &Wanted<'_>, seed: u64) -> Option<&'a Account> {
    let fits = |(line, account): &&(&Route, &'a Account)| line.weight > 0 && line.takes(wanted) && account.accepts(wanted);
    let first = lines.iter().find(fits)?.0.priority;
    let rivals = || lines.iter().filter(|(line, _)| line.priority == first).filter(fits);
    let sum: u64 = rivals().map(|(line, _)| u64::from(line.weight)).sum();
    let mut left = seed % sum;
    rivals().find_map(|(line, account)| {
        let share = u64::from(line.weight);
        if left < share {
            return Some(*account);
        }
        left -= share;
        None
    })
}

/// The seed of an attempt's choice: an order that is worked again after a crash chooses the same.
pub fn seed(order: OrderId, attempt: u32) -> u64 {
    let bytes = order.bytes().into_iter().chain(attempt.to_le_bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    // FNV-1a leaves neighbouring inputs close together; this spreads them (SplitMix64's finaliser).
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(n: u8) -> Account {
        let text = format!(
            r#"{{"id":"{n:02x}{n:02x}{n:02x}{n:02x}-0000-7000-8000-000000000000","version":1,"mid":null,"name":"p{n}","kind":"http",
            "environment":"production","baseUrl":"https://pay.example","headers":null,"revealCard":false,"connectTimeoutMs":1,
            "totalTimeoutMs":2,"offers":{{}},"status":"ACTIVE","createdAt":0}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn route(account: &Account, priority: u32, further: &str) -> Route {
        let text =
            format!(r#"{{"mid":null,"environment":"production","priority":{priority},"processor":"{}"{further}}}"#, account.id);
        serde_json::from_str(&text).unwrap()
    }

    const WANTED: Wanted<'static> = Wanted {
        site: SiteId::from_bytes([7; 16]),
        channel: Channel::CitWeb,
        network: Network::Visa,
        currency: Currency::USD,
        country: Some("US"),
        amount_minor: 5_000,
        attempt: 1,
        later_capture: false,
    };

    #[test]
    fn rows_of_before_are_read_with_what_they_meant() {
        let (account, other) = (account(1), account(2));
        assert_eq!((account.takes.clone(), account.archived_at, account.guarded), (Takes::default(), None, false));
        assert!(account.accepts(&WANTED) && account.serves(Mid::from_bytes([1; 16]), Environment::Production));
        assert!(!account.serves(Mid::from_bytes([1; 16]), Environment::Sandbox));
        let line = route(&other, 3, "");
        assert_eq!((line.weight, line.takes(&WANTED)), (1, true));
    }

    #[test]
    fn each_condition_binds() {
        let account = account(1);
        for (condition, takes) in [
            (r#","currencies":["USD","EUR"]"#, true),
            (r#","currencies":["EUR"]"#, false),
            (r#","networks":["mastercard"]"#, false),
            (r#","channels":["mit"]"#, false),
            (r#","countries":["us"]"#, true),
            (r#","countries":["CA"]"#, false),
            (r#","minAmount":5000,"maxAmount":5000"#, true),
            (r#","minAmount":5001"#, false),
            (r#","maxAmount":4999"#, false),
            (r#","attemptFrom":2"#, false),
            (r#","attemptFrom":1,"attemptTo":1"#, true),
        ] {
            assert_eq!(route(&account, 1, condition).takes(&WANTED), takes, "{condition}");
        }
        let unknown = Wanted { country: None, ..WANTED };
        assert!(!route(&account, 1, r#","countries":["US"]"#).takes(&unknown));
        assert!(!route(&account, 1, r#","attemptTo":1"#).takes(&Wanted { attempt: 2, ..WANTED }));
    }

    #[test]
    fn an_account_gets_only_what_it_takes() {
        let (mut first, second) = (account(1), account(2));
        let lines = [route(&first, 1, ""), route(&second, 2, "")];
        let chosen = |first: &Account, wanted| choose(&[(&lines[0], first), (&lines[1], &second)], &wanted, 0).unwrap().id;
        assert_eq!(chosen(&first, WANTED), first.id);
        first.takes.networks = vec![Network::Mastercard];
        assert_eq!(chosen(&first, WANTED), second.id);
        first.takes = Takes { currencies: vec![Currency::USD], ..Takes::default() };
        assert_eq!(chosen(&first, WANTED), first.id);
        first.offers.capture = false;
        assert_eq!(chosen(&first, WANTED), first.id);
        assert_eq!(chosen(&first, Wanted { later_capture: true, ..WANTED }), second.id);
    }

    #[test]
    fn weights_share_and_the_seed_decides() {
        let accounts = [account(1), account(2), account(3), account(4)];
        let lines = [
            route(&accounts[0], 1, r#","weight":3"#),
            route(&accounts[1], 1, r#","weight":1"#),
            route(&accounts[2], 1, r#","weight":0"#),
            route(&accounts[3], 2, ""),
        ];
        let pairs: Vec<_> = lines.iter().zip(&accounts).collect();
        let mut hits = [0; 4];
        for n in 0..4_000_u32 {
            let order = OrderId::from_bytes([n.to_le_bytes(), [1; 4], [2; 4], [3; 4]].concat().try_into().unwrap());
            let seed = seed(order, 1);
            let chosen = choose(&pairs, &WANTED, seed).unwrap();
            assert_eq!(choose(&pairs, &WANTED, seed).unwrap().id, chosen.id);
            hits[accounts.iter().position(|account| account.id == chosen.id).unwrap()] += 1;
        }
        assert!((2_850..3_150).contains(&hits[0]) && hits[0] + hits[1] == 4_000, "{hits:?}");
        assert!(choose(&pairs[2..3], &WANTED, 0).is_none(), "weight 0 takes nothing");
    }
}
