//! A whole engine of its own for one run: store, vault, merchants, one processor account. It lives in a temporary folder,
//! by virtual time, and is thrown away.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    channel::{Mode, Modes},
    environment::Environment,
    id::Mid,
    merchant::Merchant,
    settings::{MitMode, Settings},
    time::Timestamp,
};
use engine::{
    Clock, Engine, Planner, Principal, Random,
    admin::{NewMerchant, NewSite},
    evaluate::Shares,
    routing::{Capable, Draft, Line},
};
use store::Store;
use vault::{Ring, System, Vault};

use super::case::Case;
use crate::failure::Failure;

/// Cases are live payments of live merchants, by a clock that is set by hand.
pub const ENVIRONMENT: Environment = Environment::Production;
/// The address of the cases' one site; nothing is asked there.
const SITE: &str = "https://cases.invalid";

/// What an engine is made of.
pub struct Plan<'a> {
    /// Base URL of the issuer behind the `http` contract.
    pub processor: &'a str,
    /// Attempts of one case, at most.
    pub attempts_max: u32,
    /// What chance follows from.
    pub seed: u64,
    /// Who plans; none: the model in use.
    pub planner: Option<Planner>,
    /// How many cases do not follow the planner.
    pub shares: Shares,
    /// The first failure.
    pub begins: Timestamp,
}

/// The engine and who is served by it.
pub struct House {
    /// The engine.
    pub engine: Arc<Engine>,
    merchants: BTreeMap<String, Mid>,
    _folder: tempfile::TempDir,
}

impl House {
    /// Builds it, with one merchant for each merchant country of the cases.
    pub async fn build(plan: &Plan<'_>, cases: &[Case]) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("recoup-cases-").tempdir()?;
        let engine = engine(&folder.path().join("recoup.db"), plan).await?;
        let mut merchants = BTreeMap::new();
        for case in cases {
            if !merchants.contains_key(&case.merchant_country) {
                merchants.insert(case.merchant_country.clone(), merchant(&engine, &case.merchant_country).await?);
            }
        }
        connect(&engine, plan.processor).await?;
        Ok(Self { engine, merchants, _folder: folder })
    }

    /// Who speaks for the merchant of a case.
    pub fn caller(&self, case: &Case) -> (Mid, Principal) {
        let mid = self.merchants.get(&case.merchant_country).copied().unwrap_or_else(|| Mid::from_bytes([0; 16]));
        (mid, Principal { role: domain::client::Role::Merchant, mid: Some(mid), ..Principal::operator(ENVIRONMENT) })
    }
}

async fn engine(database: &std::path::Path, plan: &Plan<'_>) -> Result<Arc<Engine>, Failure> {
    let unusable = |error: store::Error| Failure::failed(error.to_string());
    store::migrate(database).map_err(unusable)?;
    let options = store::Options { durability: store::Durability::None, cache_mib: 64, ..store::Options::default() };
    let store = Store::open(database, &options).map_err(unusable)?;
    let ring = Ring::generate(plan.begins, &System).map_err(|error| Failure::failed(error.to_string()))?;
    let vault = Arc::new(Vault::in_memory(ring, Box::new(System)));
    let options = engine::Options {
        attempts_max: plan.attempts_max,
        planner: plan.planner.clone(),
        shares: plan.shares,
        ..engine::Options::default()
    };
    Ok(Engine::new(store, vault, Clock::manual(plan.begins), Random::seeded(plan.seed), options).await?)
}

async fn merchant(engine: &Arc<Engine>, country: &str) -> Result<Mid, Failure> {
    let settings = Settings { mit_mode: MitMode::Managed, ..Settings::default() };
    let name = format!("Cases of {country}");
    let new = NewMerchant { name, country: Some(country.to_owned()), settings: Some(settings), ..NewMerchant::default() };
    let merchant = engine.create_merchant(new).await?;
    let merchant = engine.put_merchant(Merchant { modes: Modes::all(Mode::Production), ..merchant }).await?;
    let site = NewSite { name: "Cases".into(), urls: vec![SITE.to_owned()], is_default: true, ..NewSite::default() };
    engine.create_site(merchant.id, site).await?;
    Ok(merchant.id)
}

async fn connect(engine: &Arc<Engine>, processor: &str) -> Result<(), Failure> {
    let draft = Draft {
        name: Some("issuer".into()),
        kind: Some("http".into()),
        environment: Some(ENVIRONMENT),
        base_url: Some(processor.to_owned()),
        reveal_card: Some(false),
        capable: Capable {
            auth_capture: Some(true),
            void: Some(true),
            refund: Some(true),
            lookup: Some(true),
            updater: Some(true),
            ..Capable::default()
        },
        ..Draft::default()
    };
    let account = engine.create_processor(None, &draft).await?;
    engine.set_routes(None, ENVIRONMENT, vec![Line { processor: Some(account.id), ..Line::default() }]).await?;
    Ok(())
}
