use domain::{
    client::Role,
    environment::Environment,
    payment::{Method, Payment},
    time::Timestamp,
};
use vault::{Ring, System, Vault};

use super::*;
use crate::{Clock, Options, Random, admin::NewMerchant};

const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

struct House {
    engine: std::sync::Arc<Engine>,
    _folder: tempfile::TempDir,
}

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recoup.db");
    store::migrate(&path).unwrap();
    let store = store::Store::open(&path, &store::Options::default()).unwrap();
    let vault = Vault::in_memory(Ring::generate(NOW, &System).unwrap(), Box::new(System));
    let engine =
        Engine::new(store, std::sync::Arc::new(vault), Clock::manual(NOW), Random::seeded(1), Options::default()).await.unwrap();
    House { engine, _folder: folder }
}

async fn merchant(engine: &Engine, name: &str) -> Mid {
    let new = NewMerchant { name: name.into(), ..NewMerchant::default() };
    engine.create_merchant(new).await.unwrap().id
}

fn of(mid: Mid, environment: Environment) -> Principal {
    Principal { role: Role::Merchant, mid: Some(mid), ..Principal::operator(environment) }
}

fn reference(text: &str) -> Reference {
    Reference {
        reference: text.into(),
        network: Network::Visa,
        funding: Funding::Debit,
        bin: "411111".into(),
        last4: String::new(),
        exp_month: None,
        exp_year: None,
        updater_allowed: true,
    }
}

#[tokio::test]
async fn one_reference_of_two_tenants_is_two_cards() {
    let house = house().await;
    let engine = &house.engine;
    let (one, other) = (merchant(engine, "One").await, merchant(engine, "Other").await);
    let live = Environment::Production;
    let mine = engine.hold_reference(&of(one, live), None, &reference("tok_1")).await.unwrap();
    let again = engine.hold_reference(&of(one, live), Some(one), &reference("tok_1")).await.unwrap();
    let theirs = engine.hold_reference(&of(other, live), None, &reference("tok_1")).await.unwrap();
    let sandbox = engine.hold_reference(&of(one, Environment::Sandbox), None, &reference("tok_1")).await.unwrap();
    assert_eq!(mine.key, again.key, "one card for one tenant");
    assert_ne!(mine.key, theirs.key);
    assert_ne!(mine.key, sandbox.key);
    assert_ne!(mine.key, engine.hold_reference(&of(one, live), None, &reference("tok_2")).await.unwrap().key);
    assert_eq!(engine.name_of_card(mine.id, true).await.unwrap(), "tok_1");
    for (mid, environment) in [(other, live), (one, Environment::Sandbox)] {
        assert!(engine.card_of(mid, environment, mine.id).await.unwrap().is_none());
        let told = Method { token: Some(mine.id), ..Method::default() };
        let payment = payment_by(told);
        assert_eq!(engine.told_card(mid, environment, &payment).await.unwrap(), None, "another's token is no card");
    }
}

#[tokio::test]
async fn strangers_and_nonsense_are_refused() {
    let house = house().await;
    let engine = &house.engine;
    let (one, other) = (merchant(engine, "One").await, merchant(engine, "Other").await);
    let caller = of(one, Environment::Production);
    let foreign = engine.hold_reference(&caller, Some(other), &reference("t")).await;
    assert!(matches!(foreign, Err(Error::ForeignMerchant)));
    let narrow = Principal { scopes: vec!["transmit".into()], ..caller.clone() };
    assert!(matches!(engine.hold_reference(&narrow, None, &reference("t")).await, Err(Error::ScopeMissing("tokenize"))));
    let wrong = Reference { bin: "41".into(), last4: "1a".into(), ..reference("") };
    let Err(Error::Invalid(faults)) = engine.hold_reference(&caller, None, &wrong).await else { panic!("it was taken") };
    assert_eq!(faults.iter().count(), 3);
    assert!(!format!("{:?}", reference("tok_secret")).contains("secret"));
}

fn payment_by(method: Method) -> Payment {
    let transaction = serde_json::json!({"id": "t", "amount": {"minor": 100, "currency": "USD"}});
    let mut payment: Payment = serde_json::from_value(serde_json::json!({"orderId": "o", "transaction": transaction})).unwrap();
    payment.method = method;
    payment
}
