use domain::{
    change::{Clock, Conflict, SigningKey, Write},
    client::{KeyKind, Refresh, Role},
    environment::Environment,
    id::PartnerId,
    route::Route,
    time::HOUR,
    webhook::State,
};
use store::Store;
use testkit::Ids;
use uuid::Uuid;

use crate::support::{NOW, conflict, put};

fn clock(mid: domain::id::Mid, lane: i64) -> Clock {
    Clock { mid, lane, offset_us: 5_000_000, frozen_at: None }
}

pub async fn records_round_trip(store: &Store) {
    let ids = Ids::new();
    let partner = testkit::partner(&ids, NOW);
    let mut merchant = testkit::merchant(&ids, NOW);
    merchant.partner = Some(partner.id);
    let mut site = testkit::site(&ids, merchant.id, NOW);
    let client = testkit::client(&ids, Some(merchant.id), NOW);
    let key = testkit::key(&ids, &client, KeyKind::Secret, "$argon2id$x");
    let mut endpoint = testkit::endpoint(&ids, merchant.id, NOW);
    let mut account = testkit::account(&ids, NOW);
    let signing = SigningKey { kid: "k1".into(), sealed: vec![1, 2, 3], created_at: NOW, retired_at: Some(NOW + HOUR) };
    put(
        store,
        [
            Write::PutPartner(partner.clone()),
            Write::PutMerchant(Box::new(merchant.clone())),
            Write::PutSite(Box::new(site.clone())),
            Write::PutClient(client.clone()),
            Write::PutKey(key.clone()),
            Write::PutEndpoint(Box::new(endpoint.clone())),
            Write::PutAccount(Box::new(account.clone())),
            Write::PutSigningKey(signing.clone()),
        ],
    )
    .await;
    assert_eq!(store.partner(partner.id).await.unwrap(), Some(partner.clone()));
    assert_eq!(store.partners().await.unwrap(), vec![partner]);
    assert_eq!(store.merchant(merchant.id).await.unwrap(), Some(merchant.clone()));
    assert_eq!(store.site(site.id).await.unwrap(), Some(site.clone()));
    assert_eq!(store.client(client.id).await.unwrap(), Some(client));
    assert_eq!(store.key(key.id).await.unwrap(), Some(key.clone()));
    assert_eq!(store.keys(merchant.id).await.unwrap(), vec![key]);
    assert_eq!(store.endpoint(endpoint.id).await.unwrap(), Some(endpoint.clone()));
    assert_eq!(store.accounts().await.unwrap(), vec![account.clone()]);
    assert_eq!(store.signing_keys().await.unwrap(), vec![signing]);

    site.archived = true;
    site.version = 2;
    account.version = 2;
    endpoint.version = 2;
    endpoint.state = State::Disabled;
    put(
        store,
        [
            Write::PutSite(Box::new(site.clone())),
            Write::PutAccount(Box::new(account.clone())),
            Write::UpdateEndpoint(Box::new(endpoint.clone())),
        ],
    )
    .await;
    assert_eq!(store.sites(merchant.id).await.unwrap(), vec![site]);
    assert_eq!(store.accounts().await.unwrap(), vec![account.clone()]);
    assert_eq!(store.endpoint(endpoint.id).await.unwrap(), Some(endpoint));
    routes_are_replaced(store, &ids, account.id).await;
}

async fn routes_are_replaced(store: &Store, ids: &Ids, processor: domain::id::ProcessorId) {
    let route = |mid, priority| Route {
        mid,
        environment: Environment::Production,
        priority,
        processor,
        sites: vec![],
        channels: vec![],
        networks: vec![],
        currencies: vec![domain::money::Currency::USD],
        weight: 3,
        countries: vec!["US".to_owned()],
        min_amount: Some(100),
        max_amount: None,
        attempt_from: Some(1),
        attempt_to: Some(2),
    };
    let (mid, environment) = (Some(ids.mid()), Environment::Production);
    let general = vec![route(None, 1), route(None, 2)];
    put(
        store,
        [
            Write::PutRoutes { mid, environment, routes: vec![route(mid, 9)] },
            Write::PutRoutes { mid: None, environment, routes: general.clone() },
        ],
    )
    .await;
    assert_eq!(store.routes().await.unwrap(), vec![route(None, 1), route(None, 2), route(mid, 9)]);
    put(store, [Write::PutRoutes { mid, environment, routes: vec![] }]).await;
    assert_eq!(store.routes().await.unwrap(), general);
}

pub async fn lists_are_scoped(store: &Store) {
    let ids = Ids::new();
    let partner = PartnerId(ids.uuid());
    let (mut ours, theirs) = (testkit::merchant(&ids, NOW), testkit::merchant(&ids, NOW));
    ours.partner = Some(partner);
    let mut platform = testkit::client(&ids, None, NOW);
    (platform.role, platform.partner) = (Role::Partner, Some(partner));
    let (client, other) = (testkit::client(&ids, Some(ours.id), NOW), testkit::client(&ids, Some(theirs.id), NOW));
    let endpoint = testkit::endpoint(&ids, ours.id, NOW);
    let mut live = testkit::endpoint(&ids, ours.id, NOW);
    live.environment = Environment::Production;
    let site = testkit::site(&ids, ours.id, NOW);
    put(
        store,
        [
            Write::PutMerchant(Box::new(ours.clone())),
            Write::PutMerchant(Box::new(theirs.clone())),
            Write::PutClient(platform.clone()),
            Write::PutClient(client.clone()),
            Write::PutClient(other.clone()),
            Write::PutEndpoint(Box::new(endpoint.clone())),
            Write::PutEndpoint(Box::new(live)),
            Write::PutSite(Box::new(site.clone())),
        ],
    )
    .await;
    assert_eq!(store.merchants(Some(partner)).await.unwrap(), vec![ours.clone()]);
    assert_eq!(store.merchants(None).await.unwrap().len(), 2);
    assert_eq!(store.merchants(Some(PartnerId(ids.uuid()))).await.unwrap(), vec![]);
    assert_eq!(store.clients(Some(ours.id), None).await.unwrap(), vec![client]);
    assert_eq!(store.clients(None, Some(partner)).await.unwrap(), vec![platform]);
    assert_eq!(store.clients(Some(ours.id), Some(partner)).await.unwrap(), vec![]);
    assert_eq!(store.clients(None, None).await.unwrap().len(), 3);
    assert_eq!(store.endpoints(ours.id, Environment::Sandbox).await.unwrap(), vec![endpoint]);
    assert_eq!(store.endpoints(theirs.id, Environment::Sandbox).await.unwrap(), vec![]);
    assert_eq!(store.sites(ours.id).await.unwrap(), vec![site]);
    assert_eq!(store.sites(theirs.id).await.unwrap(), vec![]);
    assert_eq!(store.keys(theirs.id).await.unwrap(), vec![]);
}

pub async fn app_keys_name_their_client(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let client = testkit::client(&ids, Some(mid), NOW);
    let public = testkit::key(&ids, &client, KeyKind::Public, "app-1");
    let mut old = testkit::key(&ids, &client, KeyKind::Secret, "$argon2id$old");
    old.revoked_at = Some(NOW);
    let secret = testkit::key(&ids, &client, KeyKind::Secret, "$argon2id$new");
    let mut tokenization = testkit::key(&ids, &client, KeyKind::Tokenization, "abcdef");
    tokenization.client = None;
    let keys = [&public, &old, &secret, &tokenization].map(|key| Write::PutKey(key.clone()));
    put(store, keys.into_iter().chain([Write::PutClient(client.clone())])).await;
    assert_eq!(store.client_by_app_key("app-1").await.unwrap(), Some((client.clone(), vec![public, old, secret])));
    for unknown in ["app-2", "", "$argon2id$new", "abcdef"] {
        assert_eq!(store.client_by_app_key(unknown).await.unwrap(), None, "{unknown}");
    }
    assert_eq!(store.tokenization_key("abcdef").await.unwrap(), Some(tokenization));
    assert_eq!(store.tokenization_key("app-1").await.unwrap(), None);
    let twin = testkit::key(&ids, &client, KeyKind::Public, "app-1");
    assert_eq!(conflict(store, [Write::PutKey(twin)]).await, Conflict::Taken { what: "key" });
}

pub async fn refresh_tokens_are_spent_once(store: &Store) {
    let ids = Ids::new();
    let (family, client) = (ids.uuid(), ids.client());
    let token =
        |n: u8, family: Uuid, client| Refresh { hash: [n; 32], family, client, key: None, expires_at: NOW + HOUR, spent: false };
    let stranger = token(3, ids.uuid(), ids.client());
    put(store, [token(1, family, client), token(2, family, client), stranger.clone()].map(Write::InsertRefresh)).await;
    assert_eq!(store.refresh([1; 32]).await.unwrap(), Some(token(1, family, client)));
    put(store, [Write::SpendRefresh { hash: [1; 32] }]).await;
    assert!(store.refresh([1; 32]).await.unwrap().unwrap().spent);
    let taken = Conflict::Taken { what: "refresh token" };
    assert_eq!(conflict(store, [Write::SpendRefresh { hash: [1; 32] }]).await, taken);
    assert_eq!(conflict(store, [Write::SpendRefresh { hash: [9; 32] }]).await, taken);
    assert_eq!(conflict(store, [Write::InsertRefresh(token(1, family, client))]).await, taken);
    put(store, [Write::RevokeFamily { family }]).await;
    assert_eq!(store.refresh([1; 32]).await.unwrap(), None);
    assert_eq!(store.refresh([2; 32]).await.unwrap(), None);
    put(store, [Write::InsertRefresh(token(4, family, client)), Write::RevokeClient { client }]).await;
    assert_eq!(store.refresh([4; 32]).await.unwrap(), None);
    assert_eq!(store.refresh([3; 32]).await.unwrap(), Some(stranger));
}

pub async fn the_registry_moves_with_administrative_writes_only(store: &Store) {
    let ids = Ids::new();
    let merchant = testkit::merchant(&ids, NOW);
    let client = testkit::client(&ids, Some(merchant.id), NOW);
    let mut endpoint = testkit::endpoint(&ids, merchant.id, NOW);
    let put_endpoint = Write::PutEndpoint(Box::new(endpoint.clone()));
    endpoint.version = 2;
    let administrative = [
        Write::PutPartner(testkit::partner(&ids, NOW)),
        Write::PutMerchant(Box::new(merchant.clone())),
        Write::PutSite(Box::new(testkit::site(&ids, merchant.id, NOW))),
        Write::PutClient(client.clone()),
        Write::PutKey(testkit::key(&ids, &client, KeyKind::Public, "a")),
        put_endpoint,
        Write::UpdateEndpoint(Box::new(endpoint.clone())),
        Write::DeleteEndpoint { id: endpoint.id },
        Write::PutAccount(Box::new(testkit::account(&ids, NOW))),
        Write::PutRoutes { mid: None, environment: Environment::Sandbox, routes: vec![] },
        Write::PutClock(clock(merchant.id, 0)),
        Write::PutSigningKey(SigningKey { kid: "k".into(), sealed: vec![], created_at: NOW, retired_at: None }),
    ];
    let mut last = store.registry_version().await.unwrap();
    for write in administrative {
        let name = format!("{write:?}");
        put(store, [write]).await;
        let version = store.registry_version().await.unwrap();
        assert!(version > last, "{name}");
        last = version;
    }
    let order = testkit::order(&ids, merchant.id, "o", NOW);
    put(store, [Write::SetTimer(testkit::timer(merchant.id, order.id, NOW)), Write::InsertOrder(Box::new(order))]).await;
    assert_eq!(store.registry_version().await.unwrap(), last);
}

pub async fn clocks_get_lanes(store: &Store) {
    let ids = Ids::new();
    let (a, b) = (ids.mid(), ids.mid());
    put(store, [Write::PutClock(clock(a, 0)), Write::PutClock(clock(b, 0))]).await;
    assert_eq!(store.clocks().await.unwrap(), vec![clock(a, 1), clock(b, 2)]);
    let frozen = Clock { frozen_at: Some(NOW), offset_us: -1, ..clock(a, 0) };
    put(store, [Write::PutClock(frozen)]).await;
    assert_eq!(store.clock(a).await.unwrap(), Some(Clock { lane: 1, ..frozen }));
    assert_eq!(conflict(store, [Write::PutClock(clock(a, 2))]).await, Conflict::Taken { what: "lane" });
    put(store, [Write::PutClock(clock(a, 7))]).await;
    assert_eq!(store.clock(a).await.unwrap(), Some(clock(a, 7)));
    assert_eq!(store.clock(ids.mid()).await.unwrap(), None);
}
