//! Builders of tenants, their keys, cards and endpoints.

use domain::{
    card::{CardKey, Funding, Network},
    channel::{Mode, Modes},
    client::{Client, Key, KeyKind, Role},
    environment::Environment,
    event::{self, Event},
    id::{DataKeyId, Mid},
    merchant::Merchant,
    owner::Owner,
    partner::Partner,
    profile::Profile,
    route::{Account, Offers, Status, Takes},
    settings::{Overrides, Settings},
    site::{Site, Ui},
    time::Timestamp,
    token::{Card, DataKey, Sealed},
    webhook::{Delivery, DeliveryState, Endpoint, Ordering, State},
};

use crate::Ids;

/// An active partner.
pub fn partner(ids: &Ids, now: Timestamp) -> Partner {
    Partner { id: ids.partner(), name: "Partner".to_owned(), created_at: now, active: true }
}

/// An active merchant with default settings and every channel in production mode.
pub fn merchant(ids: &Ids, now: Timestamp) -> Merchant {
    Merchant {
        id: ids.mid(),
        version: 1,
        partner: None,
        name: "Merchant".to_owned(),
        country: "US".to_owned(),
        mcc: Some("5968".to_owned()),
        active: true,
        settings: Settings::default(),
        modes: Modes::all(Mode::Production),
        created_at: now,
        profile: Profile::default(),
    }
}

/// A default site that inherits everything.
pub fn site(ids: &Ids, mid: Mid, now: Timestamp) -> Site {
    Site {
        id: ids.site(),
        version: 1,
        mid,
        name: "Shop".to_owned(),
        urls: vec!["https://shop.example".to_owned()],
        descriptors: vec!["SHOP*MAIN".to_owned()],
        is_default: true,
        mcc: None,
        allowed_origins: Vec::new(),
        ui: Ui::default(),
        modes: Modes::all(None),
        overrides: Overrides::default(),
        archived: false,
        created_at: now,
    }
}

/// An active sandbox client of a merchant, or of the operator.
pub fn client(ids: &Ids, mid: Option<Mid>, now: Timestamp) -> Client {
    Client {
        id: ids.client(),
        environment: Environment::Sandbox,
        role: if mid.is_some() { Role::Merchant } else { Role::Operator },
        mid,
        partner: None,
        name: "Client".to_owned(),
        scopes: Vec::new(),
        active: true,
        tokens_from: None,
        created_at: now,
    }
}

/// A live key of a client.
pub fn key(ids: &Ids, client: &Client, kind: KeyKind, check: &str) -> Key {
    Key {
        id: ids.key(),
        client: Some(client.id),
        mid: client.mid,
        environment: client.environment,
        kind,
        name: "Key".to_owned(),
        check: check.to_owned(),
        scopes: Vec::new(),
        expires_at: None,
        revoked_at: None,
        created_at: client.created_at,
    }
}

/// An active sandbox account of the operator.
pub fn account(ids: &Ids, now: Timestamp) -> Account {
    Account {
        id: ids.processor(),
        version: 1,
        mid: None,
        name: "acquirer".to_owned(),
        kind: "http".to_owned(),
        environment: Environment::Sandbox,
        base_url: "https://acquirer.example".to_owned(),
        headers: None,
        reveal_card: true,
        connect_timeout_ms: 2_000,
        total_timeout_ms: 10_000,
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

/// A live data key with sixty bytes of no meaning.
pub fn data_key(ids: &Ids, mid: Mid, now: Timestamp) -> DataKey {
    DataKey {
        id: ids.data_key(),
        mid,
        environment: Environment::Sandbox,
        wrapped: vec![9; 60],
        wrapped_by: "kek-1".to_owned(),
        created_at: now,
        retired: false,
    }
}

/// A vaulted Visa card with sealed bytes of no meaning, version 1.
pub fn card(ids: &Ids, mid: Mid, data_key: DataKeyId, now: Timestamp) -> Card {
    Card {
        id: ids.token(),
        mid,
        environment: Environment::Sandbox,
        version: 1,
        credential_version: 1,
        network: Network::Visa,
        funding: Funding::Credit,
        bin: "41111111".to_owned(),
        last4: "1111".to_owned(),
        exp_month: Some(12),
        exp_year: Some(2030),
        first_name: Some("Ada".to_owned()),
        last_name: None,
        full_name: None,
        email: None,
        sense_key: None,
        fingerprint: "fp".to_owned(),
        key: CardKey([1; 16]),
        weak_key: CardKey([2; 16]),
        updater_allowed: true,
        is_reference: false,
        number: Sealed { key: data_key, bytes: vec![7; 40] },
        created_at: now,
        last_used_at: now,
    }
}

/// An enabled endpoint that takes everything in strict order, version 1.
pub fn endpoint(ids: &Ids, owner: impl Into<Owner>, now: Timestamp) -> Endpoint {
    Endpoint {
        id: ids.webhook(),
        version: 1,
        owner: owner.into(),
        environment: Environment::Sandbox,
        url: "https://hooks.example/recoup".to_owned(),
        events: vec!["*".to_owned()],
        description: None,
        state: State::Enabled,
        ordering: Ordering::Strict,
        secret: vec![3; 64],
        previous: None,
        failing_since: None,
        last_success_at: None,
        created_at: now,
    }
}

/// A pending delivery of an event to an endpoint, due at once, version 1.
pub fn delivery(ids: &Ids, endpoint: &Endpoint, event: &Event, now: Timestamp) -> Delivery {
    Delivery {
        id: ids.delivery(),
        version: 1,
        owner: endpoint.owner,
        environment: endpoint.environment,
        endpoint: endpoint.id,
        event: event.id,
        kind: event::Kind::OrderScheduled,
        order: event.order.filter(|_| endpoint.ordering == Ordering::Strict),
        sequence: event.sequence,
        state: DeliveryState::Pending,
        due: now,
        resent: false,
        created_at: now,
        tries: Vec::new(),
        trace: None,
    }
}
