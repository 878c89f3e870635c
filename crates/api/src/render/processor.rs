//! Processor accounts, connectors and routing tables (`wire-api` §10.5).

use domain::{
    card::Network,
    channel::Channel,
    id::{Mid, ProcessorId, SiteId},
    money::Currency,
    route::{Account, Route},
};
use engine::routing;
use schemars::JsonSchema;
use serde::Serialize;

use super::Iso;

/// A processor account. Credentials are never shown, only which are set.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProcessorReply")]
pub struct Body<'a> {
    #[schemars(with = "String")]
    id: ProcessorId,
    /// Its merchant; null: the operator's, for every merchant.
    #[schemars(with = "Option<String>")]
    mid: Option<Mid>,
    name: &'a str,
    /// Connector.
    kind: &'a str,
    environment: &'static str,
    /// Whether it takes attempts.
    status: &'static str,
    base_url: &'a str,
    /// The card number is sent, not only the token.
    reveal_card: bool,
    connect_timeout_ms: u32,
    total_timeout_ms: u32,
    /// Names of the credentials that are set.
    credentials_set: Vec<String>,
    capabilities: Capabilities<'a>,
    #[schemars(with = "String")]
    created_on: Iso,
    version: u32,
}

/// What an account can and takes; empty lists: all.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProcessorCapabilities")]
struct Capabilities<'a> {
    auth_capture: bool,
    partial: bool,
    network_token: bool,
    #[serde(rename = "threeDS")]
    three_ds: bool,
    lookup: bool,
    updater: bool,
    void: bool,
    refund: bool,
    currencies: Vec<&'a str>,
    networks: Vec<&'a str>,
}

/// An account as it is shown.
pub fn body(account: &Account) -> Body<'_> {
    let (offers, takes) = (account.offers, &account.takes);
    Body {
        id: account.id,
        mid: account.mid,
        name: &account.name,
        kind: &account.kind,
        environment: account.environment.as_str(),
        status: account.status.as_str(),
        base_url: &account.base_url,
        reveal_card: account.reveal_card,
        connect_timeout_ms: account.connect_timeout_ms,
        total_timeout_ms: account.total_timeout_ms,
        credentials_set: credentials_set(account),
        capabilities: Capabilities {
            auth_capture: offers.capture,
            partial: takes.partial,
            network_token: takes.network_token,
            three_ds: takes.three_ds,
            lookup: offers.inquire,
            updater: offers.updater,
            void: offers.void,
            refund: offers.refund,
            currencies: takes.currencies.iter().map(domain::money::Currency::as_str).collect(),
            networks: takes.networks.iter().map(|network| network.as_str()).collect(),
        },
        created_on: Iso(account.created_at),
        version: account.version,
    }
}

fn credentials_set(account: &Account) -> Vec<String> {
    let named = account.header_names.iter().map(|name| format!("headers.{name}"));
    let unnamed = (account.headers.is_some() && account.header_names.is_empty()).then(|| "headers".to_owned());
    let secret = account.webhook_secret.is_some().then(|| "webhookSecret".to_owned());
    named.chain(unnamed).chain(secret).collect()
}

/// A connector.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProcessorKind")]
pub struct Kind {
    name: &'static str,
    description: &'static str,
    settings: Vec<Setting>,
    /// Members of `capabilities` that may be said of an account.
    capabilities: &'static [&'static str],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProcessorSetting")]
struct Setting {
    name: &'static str,
    r#type: &'static str,
    required: bool,
    description: &'static str,
}

const CAPABILITIES: &[&str] =
    &["authCapture", "partial", "networkToken", "threeDS", "lookup", "updater", "void", "refund", "currencies", "networks"];

/// Every connector.
pub fn kinds() -> Vec<Kind> {
    let setting = |setting: &routing::Setting| Setting {
        name: setting.name,
        r#type: setting.holds,
        required: setting.required,
        description: setting.about,
    };
    let kind = |kind: &routing::Kind| Kind {
        name: kind.name,
        description: kind.about,
        settings: kind.settings.iter().map(setting).collect(),
        capabilities: CAPABILITIES,
    };
    routing::KINDS.iter().map(kind).collect()
}

/// A line of a routing table.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RouteReply")]
pub struct Line<'a> {
    priority: u32,
    #[schemars(with = "String")]
    processor_id: ProcessorId,
    weight: u32,
    when: When<'a>,
}

/// Payments that a line is for; empty lists and nulls: all.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RouteConditions")]
struct When<'a> {
    #[schemars(with = "Vec<String>")]
    site_ids: &'a [SiteId],
    #[schemars(with = "Vec<String>")]
    channels: &'a [Channel],
    #[schemars(with = "Vec<String>")]
    networks: &'a [Network],
    #[schemars(with = "Vec<String>")]
    currencies: &'a [Currency],
    countries: &'a [String],
    min_amount: Option<i64>,
    max_amount: Option<i64>,
    attempt_from: Option<u32>,
    attempt_to: Option<u32>,
}

/// A table, in the order in which it is asked.
pub fn lines(routes: &[Route]) -> Vec<Line<'_>> {
    routes.iter().map(line).collect()
}

fn line(route: &Route) -> Line<'_> {
    Line {
        priority: route.priority,
        processor_id: route.processor,
        weight: route.weight,
        when: When {
            site_ids: &route.sites,
            channels: &route.channels,
            networks: &route.networks,
            currencies: &route.currencies,
            countries: &route.countries,
            min_amount: route.min_amount,
            max_amount: route.max_amount,
            attempt_from: route.attempt_from,
            attempt_to: route.attempt_to,
        },
    }
}
