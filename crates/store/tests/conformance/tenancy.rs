use domain::{
    audit::{By, Entry, Topic, What},
    change::{Conflict, Write},
    channel::{Channel, Mode},
    client::Role,
    environment::Environment,
    id::{AuditId, Mid, SiteId},
    merchant::Merchant,
    partner::Grant,
    time::{HOUR, Timestamp},
};
use store::{MerchantBy, MerchantFilter, PageAt, SiteBy, SiteFilter, Sort, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put};

fn every_merchant() -> MerchantFilter {
    MerchantFilter {
        mids: None,
        query: None,
        active: None,
        created_from: None,
        created_to: None,
        order_by: MerchantBy::CreatedOn,
        sort: Sort::Ascending,
        page: PageAt::default(),
    }
}

fn named(ids: &Ids, name: &str, at: Timestamp) -> Merchant {
    Merchant { name: name.to_owned(), ..testkit::merchant(ids, at) }
}

pub async fn versions_are_written_in_order(store: &Store) {
    let ids = Ids::new();
    let merchant = testkit::merchant(&ids, NOW);
    let site = testkit::site(&ids, merchant.id, NOW);
    let merchant_at = |version| Write::PutMerchant(Box::new(Merchant { version, ..merchant.clone() }));
    let site_at = |version| Write::PutSite(Box::new(domain::site::Site { version, ..site.clone() }));
    put(store, [merchant_at(1), site_at(1)]).await;
    assert_eq!(conflict(store, [merchant_at(1)]).await, Conflict::Taken { what: "merchant" });
    assert_eq!(conflict(store, [site_at(1)]).await, Conflict::Taken { what: "site" });
    put(store, [merchant_at(2), site_at(2)]).await;
    for late in [2, 4] {
        assert_eq!(conflict(store, [merchant_at(late)]).await, Conflict::Version { what: "merchant", id: merchant.id.0 });
        assert_eq!(conflict(store, [site_at(late)]).await, Conflict::Version { what: "site", id: site.id.0 });
    }
    // A change of a site that lost the race for its merchant leaves nothing behind.
    assert!(matches!(conflict(store, [site_at(3), merchant_at(2)]).await, Conflict::Version { what: "merchant", .. }));
    assert_eq!(store.site(site.id).await.unwrap().unwrap().version, 2);
}

pub async fn merchants_are_filtered_sorted_and_paged(store: &Store) {
    let ids = Ids::new();
    let (mut a, b, c) = (named(&ids, "Aurora", NOW), named(&ids, "beta", NOW + HOUR), named(&ids, "Gamma", NOW + HOUR * 2));
    a.active = false;
    a.profile.website = Some("https://Boreal.example".to_owned());
    put(store, [&a, &b, &c].map(|merchant| Write::PutMerchant(Box::new(merchant.clone())))).await;
    let names = async |filter: MerchantFilter| {
        let page = store.merchant_list(filter).await.unwrap();
        (page.rows.into_iter().map(|merchant| merchant.name).collect::<Vec<_>>().join(" "), page.total)
    };
    let all = every_merchant;
    for (filter, found, total) in [
        (all(), "Aurora beta Gamma", 3),
        (MerchantFilter { sort: Sort::Descending, ..all() }, "Gamma beta Aurora", 3),
        (MerchantFilter { order_by: MerchantBy::Name, sort: Sort::Descending, ..all() }, "Gamma beta Aurora", 3),
        (MerchantFilter { active: Some(false), ..all() }, "Aurora", 1),
        (MerchantFilter { query: Some(" BOREAL ".into()), ..all() }, "Aurora", 1),
        (MerchantFilter { query: Some("ET".into()), ..all() }, "beta", 1),
        (MerchantFilter { query: Some(c.id.to_string().to_uppercase()), ..all() }, "Gamma", 1),
        (MerchantFilter { query: Some("%".into()), ..all() }, "", 0),
        (MerchantFilter { created_from: Some(NOW + HOUR), created_to: Some(NOW + HOUR), ..all() }, "beta", 1),
        (MerchantFilter { mids: Some(vec![a.id, c.id]), ..all() }, "Aurora Gamma", 2),
        (MerchantFilter { mids: Some(vec![]), ..all() }, "", 0),
        (MerchantFilter { page: PageAt { number: 2, size: 2 }, ..all() }, "Gamma", 3),
    ] {
        assert_eq!(names(filter.clone()).await, (found.to_owned(), total), "{filter:?}");
    }
    put(store, [Write::PutMerchant(Box::new(Merchant { version: 2, name: "Zeta".into(), active: true, ..a }))]).await;
    assert_eq!(names(MerchantFilter { query: Some("aurora".into()), ..all() }).await.1, 0, "a change is found by its new name");
    assert_eq!(names(MerchantFilter { active: Some(true), ..all() }).await.1, 3);
}

pub async fn sites_are_listed_by_tenant(store: &Store) {
    let ids = Ids::new();
    let (ours, theirs) = (ids.mid(), ids.mid());
    let site =
        |mid: Mid, name: &str, archived| domain::site::Site { name: name.into(), archived, ..testkit::site(&ids, mid, NOW) };
    let sites = [site(ours, "b", false), site(ours, "A", false), site(ours, "old", true), site(theirs, "c", false)];
    put(store, sites.map(|site| Write::PutSite(Box::new(site)))).await;
    let all = || SiteFilter {
        mids: None,
        archived: Some(false),
        created_from: None,
        created_to: None,
        order_by: SiteBy::Name,
        sort: Sort::Ascending,
        page: PageAt::default(),
    };
    for (filter, found) in [
        (all(), "A b c"),
        (SiteFilter { mids: Some(vec![ours]), ..all() }, "A b"),
        (SiteFilter { mids: Some(vec![ours]), archived: Some(true), ..all() }, "old"),
        (SiteFilter { mids: Some(vec![]), ..all() }, ""),
        (SiteFilter { page: PageAt { number: 1, size: 1 }, sort: Sort::Descending, ..all() }, "c"),
    ] {
        let page = store.site_list(filter.clone()).await.unwrap();
        assert_eq!(page.rows.into_iter().map(|site| site.name).collect::<Vec<_>>().join(" "), found, "{filter:?}");
    }
}

pub async fn grants_open_merchants_to_partners(store: &Store) {
    let ids = Ids::new();
    let (partner, rival) = (testkit::partner(&ids, NOW).id, testkit::partner(&ids, NOW).id);
    let (mut onboarded, granted) = (testkit::merchant(&ids, NOW), testkit::merchant(&ids, NOW));
    onboarded.partner = Some(partner);
    put(store, [&onboarded, &granted].map(|merchant| Write::PutMerchant(Box::new(merchant.clone())))).await;
    let before = store.registry_version().await.unwrap();
    let grant = Grant { partner, mid: granted.id, created_at: NOW };
    put(store, [Write::PutGrant(grant.clone()), Write::PutGrant(Grant { created_at: NOW + HOUR, ..grant.clone() })]).await;
    assert!(store.registry_version().await.unwrap() > before, "caches hear of it");
    assert_eq!(store.grants_of_merchant(granted.id).await.unwrap(), vec![grant.clone()]);
    assert_eq!(store.grants_of_partner(partner).await.unwrap(), vec![grant.clone()]);
    let mut both = vec![onboarded.clone(), granted.clone()];
    both.sort_by_key(|merchant| merchant.id);
    assert_eq!(store.merchants(Some(partner)).await.unwrap(), both);
    assert_eq!(store.merchants(Some(rival)).await.unwrap(), vec![]);
    put(store, [Write::PutGrant(Grant { partner, mid: onboarded.id, created_at: NOW })]).await;
    assert_eq!(store.merchants(Some(partner)).await.unwrap().len(), 2, "nobody is listed twice");
    let before = store.registry_version().await.unwrap();
    put(store, [Write::DeleteGrant { partner, mid: granted.id }, Write::DeleteGrant { partner: rival, mid: granted.id }]).await;
    assert!(store.registry_version().await.unwrap() > before);
    assert_eq!(store.merchants(Some(partner)).await.unwrap(), vec![onboarded]);
    assert_eq!(store.grants_of_merchant(granted.id).await.unwrap(), vec![]);
}

pub async fn the_audit_trail_is_read_newest_first(store: &Store) {
    let ids = Ids::new();
    let (mid, site) = (ids.mid(), ids.site());
    let entry = |mid: Mid, what: What| Entry {
        id: AuditId(ids.uuid()),
        at: NOW,
        mid: Some(mid),
        by: By { role: Role::Merchant, client: Some(ids.client()), user: None, name: "server".into() },
        what,
    };
    let switch = |site: Option<SiteId>, channel, to| What::Channel { site, channel, from: None, to: Some(to), reason: None };
    let written = [
        entry(mid, switch(None, Channel::Mit, Mode::Off)),
        entry(mid, switch(Some(site), Channel::Mit, Mode::Sandbox)),
        entry(mid, What::Grant { partner: testkit::partner(&ids, NOW).id, given: true }),
        entry(ids.mid(), switch(None, Channel::Mit, Mode::Production)),
        entry(mid, switch(None, Channel::Mit, Mode::Production)),
    ];
    put(store, written.clone().map(|entry| Write::InsertAudit(Box::new(entry)))).await;
    let page = store.audit(mid, Topic::Channel, PageAt { number: 1, size: 2 }).await.unwrap();
    assert_eq!((page.rows, page.total), (vec![written[4].clone(), written[1].clone()], 3));
    let page = store.audit(mid, Topic::Channel, PageAt { number: 2, size: 2 }).await.unwrap();
    assert_eq!(page.rows, vec![written[0].clone()]);
    assert_eq!(store.audit(mid, Topic::Grant, PageAt::default()).await.unwrap().rows, vec![written[2].clone()]);
    assert_eq!(store.last_switch(mid, None, Channel::Mit).await.unwrap(), Some(written[4].clone()));
    assert_eq!(store.last_switch(mid, Some(site), Channel::Mit).await.unwrap(), Some(written[1].clone()));
    assert_eq!(store.last_switch(mid, Some(site), Channel::CitWeb).await.unwrap(), None);
    let routes = What::Routes { environment: Environment::Production, from: vec![], to: vec![] };
    let general = Entry { mid: None, ..entry(mid, routes.clone()) };
    let own = entry(mid, routes);
    put(store, [&general, &own].map(|entry| Write::InsertAudit(Box::new(entry.clone())))).await;
    assert_eq!(store.audit(None, Topic::Routes, PageAt::default()).await.unwrap().rows, vec![general]);
    assert_eq!(store.audit(mid, Topic::Routes, PageAt::default()).await.unwrap().rows, vec![own]);
    assert_eq!(store.audit(None, Topic::Processor, PageAt::default()).await.unwrap().total, 0);
    let topics = store.audit(mid, None, PageAt::default()).await.unwrap().rows;
    let topics: Vec<_> = topics.iter().map(|entry| entry.what.topic()).collect();
    assert_eq!(topics, [Topic::Routes, Topic::Channel, Topic::Grant, Topic::Channel, Topic::Channel], "everything, newest first");
}
