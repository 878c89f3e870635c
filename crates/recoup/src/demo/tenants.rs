//! The partner, the two merchants, their sites, keys and webhook endpoints: made once, found again by name.

use std::net::SocketAddr;

use domain::{
    client::{KeyKind, Role},
    environment::Environment,
    id::{Mid, PartnerId, SiteId},
    merchant::Merchant,
    settings::{MitMode, Settings, Simulator},
    site::Site,
    webhook::Endpoint,
};
use engine::{
    Engine, Principal,
    admin::{NewMerchant, NewSite, NewWebhook},
    webhook::Draft,
};

use super::{credentials::Credentials, people};
use crate::failure::Failure;

const PARTNER: &str = "Demo platform";
const SANDBOX: Environment = Environment::Sandbox;

/// A merchant of the demonstration.
struct Blueprint {
    name: &'static str,
    simulator: Simulator,
    sites: [Place; 2],
    /// Path of its events at the receiver.
    events: &'static str,
}

/// A site of a merchant.
struct Place {
    name: &'static str,
    url: &'static str,
    descriptor: &'static str,
}

/// Whose credentials are printed: the contract's tables of test cards and amounts answer.
const MERCHANT: Blueprint = Blueprint {
    name: "Demo merchant",
    simulator: Simulator::Magic,
    sites: [
        Place { name: "Demo shop", url: "https://shop.example.com", descriptor: "DEMO SHOP" },
        Place { name: "Demo club", url: "https://club.example.com", descriptor: "DEMO CLUB" },
    ],
    events: "/merchant",
};

/// Which plays the traffic: simulated issuers answer.
const SHOP: Blueprint = Blueprint {
    name: "Subscription shop",
    simulator: Simulator::Issuer,
    sites: [
        Place { name: "Morning Press", url: "https://press.example.org", descriptor: "MORNING PRESS" },
        Place { name: "Garden Box", url: "https://garden.example.org", descriptor: "GARDEN BOX" },
    ],
    events: super::receiver::SHOP_PATH,
};

/// The subscription shop, with the keys of this run.
pub struct Shop {
    /// Its id.
    pub mid: Mid,
    /// Its sites, in the order of the plans that name them.
    pub sites: [SiteId; 2],
    /// Of its server.
    pub app_key: String,
    /// Of its server.
    pub app_secret: String,
    /// Of its pages.
    pub tokenization_key: String,
}

/// Sets everything up that is missing and answers the credentials of the merchant for outside clients. What `known`
/// holds of this merchant stays valid.
pub async fn merchant(
    engine: &Engine,
    mode: MitMode,
    base_url: &str,
    receiver: SocketAddr,
    known: Option<Credentials>,
) -> Result<Credentials, Failure> {
    let merchant = found_or_made(engine, &MERCHANT, mode).await?;
    let sites = sites(engine, merchant.id, &MERCHANT).await?;
    let endpoint = endpoint(engine, merchant.id, receiver, MERCHANT.events).await?;
    let known_people = known.as_ref().map(|known| known.portal_users.as_slice()).unwrap_or_default();
    let portal_users = people::people(engine, partner(engine).await?, merchant.id, known_people).await?;
    let portal_url = format!("{base_url}/portal");
    let mid = merchant.id.to_string();
    if let Some(known) = known.filter(|known| known.mid == mid) {
        return Ok(Credentials {
            base_url: base_url.to_owned(),
            site_id: sites[0].to_string(),
            portal_url,
            portal_users,
            ..known
        });
    }
    let keys = keys(engine, merchant.id, MERCHANT.name).await?;
    let signing = engine.rotate_webhook_key(&operator(), endpoint.id, 0, &engine::Precondition::default()).await?;
    Ok(Credentials {
        base_url: base_url.to_owned(),
        mid,
        site_id: sites[0].to_string(),
        app_key: keys.app_key,
        app_secret: keys.app_secret,
        tokenization_key: keys.tokenization,
        webhook_key: signing.key.to_string(),
        portal_url,
        portal_users,
    })
}

/// The subscription shop with new keys; those of earlier runs end.
pub async fn shop(engine: &Engine, mode: MitMode, receiver: SocketAddr) -> Result<Shop, Failure> {
    let merchant = found_or_made(engine, &SHOP, mode).await?;
    let sites = sites(engine, merchant.id, &SHOP).await?;
    endpoint(engine, merchant.id, receiver, SHOP.events).await?;
    for key in engine.keys(merchant.id).await?.iter().filter(|key| key.revoked_at.is_none() && key.kind != KeyKind::Public) {
        engine.revoke_key(key.id).await?;
    }
    let keys = keys(engine, merchant.id, SHOP.name).await?;
    Ok(Shop { mid: merchant.id, sites, app_key: keys.app_key, app_secret: keys.app_secret, tokenization_key: keys.tokenization })
}

async fn found_or_made(engine: &Engine, blueprint: &Blueprint, mit_mode: MitMode) -> Result<Merchant, Failure> {
    let settings = Settings { mit_mode, simulator: blueprint.simulator, rescue_window_days: Some(21), ..Settings::default() };
    let partner = partner(engine).await?;
    let known = engine.merchants(Some(partner)).await?.into_iter().find(|merchant| merchant.name == blueprint.name);
    Ok(match known {
        Some(merchant) if merchant.settings == settings => merchant,
        Some(merchant) => engine.put_merchant(Merchant { settings, ..merchant }).await?,
        None => {
            let new = NewMerchant {
                partner: Some(partner),
                name: blueprint.name.to_owned(),
                country: Some("US".to_owned()),
                mcc: Some("5968".to_owned()),
                settings: Some(settings),
                ..NewMerchant::default()
            };
            engine.create_merchant(new).await?
        }
    })
}

async fn partner(engine: &Engine) -> Result<PartnerId, Failure> {
    let known = engine.partners().await?.into_iter().find(|partner| partner.name == PARTNER);
    Ok(match known {
        Some(partner) => partner.id,
        None => engine.create_partner(PARTNER).await?.id,
    })
}

async fn sites(engine: &Engine, mid: Mid, blueprint: &Blueprint) -> Result<[SiteId; 2], Failure> {
    let known = engine.sites(mid).await?;
    let [first, second] = &blueprint.sites;
    Ok([site(engine, mid, &known, first).await?, site(engine, mid, &known, second).await?])
}

async fn site(engine: &Engine, mid: Mid, known: &[Site], place: &Place) -> Result<SiteId, Failure> {
    if let Some(site) = known.iter().find(|site| site.name == place.name) {
        return Ok(site.id);
    }
    let new = NewSite {
        name: place.name.to_owned(),
        urls: vec![place.url.to_owned()],
        descriptors: vec![place.descriptor.to_owned()],
        ..NewSite::default()
    };
    Ok(engine.create_site(mid, new).await?.id)
}

/// The endpoint at the demonstration's own receiver, which listens on another port at every start.
async fn endpoint(engine: &Engine, mid: Mid, receiver: SocketAddr, path: &str) -> Result<Endpoint, Failure> {
    let url = format!("http://{receiver}{path}");
    let ours = |endpoint: &Endpoint| endpoint.url.starts_with("http://127.0.0.1:") && endpoint.url.ends_with(path);
    let known = engine.endpoints(mid, SANDBOX).await?.into_iter().find(ours);
    Ok(match known {
        Some(endpoint) => {
            let draft = Draft { url: Some(url), enabled: Some(true), ..Draft::default() };
            engine
                .amend_webhook(&operator(), endpoint.id, draft, domain::fault::Faults::new(), &engine::Precondition::default())
                .await?
        }
        None => {
            engine
                .create_endpoint(NewWebhook { owner: mid.into(), environment: SANDBOX, url, events: Vec::new() })
                .await?
                .endpoint
        }
    })
}

struct Keys {
    app_key: String,
    app_secret: String,
    tokenization: String,
}

async fn keys(engine: &Engine, mid: Mid, name: &str) -> Result<Keys, Failure> {
    let client = engine.create_client(Role::Merchant, SANDBOX, Some(mid), None, name, Vec::new()).await?;
    let tokenization = engine.create_tokenization_key(mid, SANDBOX, name).await?;
    Ok(Keys { app_key: client.app_key, app_secret: client.app_secret.to_string(), tokenization: tokenization.value.to_string() })
}

/// Who runs the process acts for everybody.
fn operator() -> Principal {
    Principal::operator(SANDBOX)
}
