use domain::{
    application::{Code, State},
    change::{Conflict, Write},
    environment::Environment,
    time::{DAY, HOUR},
};
use store::{ApplicationBy, ApplicationFilter, PageAt, Retention, Sort, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put};

pub async fn applications_round_trip(store: &Store) {
    let ids = Ids::new();
    let mut application = testkit::application(&ids, Some(ids.partner()), NOW);
    put(store, [Write::InsertApplication(Box::new(application.clone()))]).await;
    assert_eq!(store.application(application.id).await.unwrap().as_ref(), Some(&application));
    assert_eq!(
        conflict(store, [Write::InsertApplication(Box::new(application.clone()))]).await,
        Conflict::Taken { what: "application" }
    );
    application.documents.push(testkit::document(&ids, NOW));
    application.advance(State::Submitted { at: NOW }, NOW + HOUR);
    put(store, [Write::UpdateApplication(Box::new(application.clone()))]).await;
    assert_eq!(store.application(application.id).await.unwrap().as_ref(), Some(&application));
    let again = conflict(store, [Write::UpdateApplication(Box::new(application.clone()))]).await;
    assert_eq!(again, Conflict::Version { what: "application", id: application.id.0 });
    assert_eq!(store.application(ids.application()).await.unwrap(), None);
}

pub async fn applications_are_listed(store: &Store) {
    let ids = Ids::new();
    let (ours, theirs) = (ids.partner(), ids.partner());
    let mut all: Vec<_> = (0..6).map(|n| testkit::application(&ids, Some(ours), NOW + DAY * n)).collect();
    for (application, dba) in all.iter_mut().zip(["beta", "Alpha", "gamma", "Delta", "epsilon", "zeta"]) {
        dba.clone_into(&mut application.particulars.dba);
    }
    all[1].state = State::InReview { at: NOW };
    all[2].state = State::Cancelled { at: NOW };
    all[3].environment = Environment::Production;
    all[4].partner = Some(theirs);
    all[5].partner = None;
    put(store, all.iter().cloned().map(|application| Write::InsertApplication(Box::new(application)))).await;
    let base = ApplicationFilter { environment: Some(Environment::Sandbox), sort: Sort::Ascending, ..Default::default() };
    let of_ours = ApplicationFilter { partner: Some(ours), ..base.clone() };
    for (filter, expected) in [
        (ApplicationFilter { environment: None, ..base.clone() }, &[0, 1, 2, 3, 4, 5][..]),
        (base.clone(), &[0, 1, 2, 4, 5]),
        (of_ours.clone(), &[0, 1, 2]),
        (ApplicationFilter { codes: vec![Code::InReview, Code::Draft], ..of_ours.clone() }, &[0, 1]),
        (ApplicationFilter { created_from: Some(NOW + DAY), ..of_ours.clone() }, &[1, 2]),
        (ApplicationFilter { created_to: Some(NOW), ..of_ours.clone() }, &[0]),
        (ApplicationFilter { sort: Sort::Descending, ..of_ours.clone() }, &[2, 1, 0]),
        (ApplicationFilter { order_by: ApplicationBy::Dba, ..of_ours.clone() }, &[1, 0, 2]),
        (ApplicationFilter { order_by: ApplicationBy::Status, ..of_ours.clone() }, &[2, 0, 1]),
    ] {
        let page = store.applications(filter.clone()).await.unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| all.iter().position(|one| one == row).unwrap()).collect();
        assert_eq!((found.as_slice(), page.total), (expected, expected.len() as u64), "{filter:?}");
    }
    let second = ApplicationFilter { page: PageAt { number: 2, size: 2 }, ..of_ours };
    let page = store.applications(second).await.unwrap();
    assert_eq!((page.rows, page.total), (all[2..3].to_vec(), 3));
    let first = store.applications_after(None, 4).await.unwrap();
    let rest = store.applications_after(first.last().map(|last| last.id), 4).await.unwrap();
    assert_eq!([first, rest].concat(), all);
}

pub async fn documents_are_uploaded_in_parts(store: &Store) {
    let ids = Ids::new();
    let document = ids.document();
    let part = |number, byte| Write::InsertDocumentPart { document, number, sealed: vec![byte; 300_000] };
    let gone = Conflict::Version { what: "upload", id: document.0 };
    assert_eq!(conflict(store, [part(0, 1)]).await, gone);
    put(store, [Write::BeginUpload { document, at: NOW }, part(0, 1)]).await;
    put(store, [part(1, 2)]).await;
    assert_eq!(conflict(store, [part(1, 3)]).await, Conflict::Taken { what: "part" });
    put(store, [Write::KeepUpload { document }]).await;
    assert_eq!(conflict(store, [Write::KeepUpload { document }]).await, gone);
    assert_eq!(conflict(store, [part(2, 3)]).await, gone);
    assert_eq!(store.document_part(document, 1).await.unwrap(), Some(vec![2; 300_000]));
    assert_eq!(store.document_part(document, 2).await.unwrap(), None);
    put(store, [Write::DropDocument { document }]).await;
    assert_eq!(store.document_part(document, 0).await.unwrap(), None);
}

pub async fn abandoned_uploads_are_purged(store: &Store) {
    let ids = Ids::new();
    let (kept, old, young) = (ids.document(), ids.document(), ids.document());
    let long_ago = NOW - Retention::default().unfinished_uploads - HOUR;
    for (document, at) in [(kept, long_ago), (old, long_ago), (young, NOW)] {
        let part = Write::InsertDocumentPart { document, number: 0, sealed: vec![1] };
        put(store, [Write::BeginUpload { document, at }, part]).await;
    }
    put(store, [Write::KeepUpload { document: kept }]).await;
    assert_eq!(store.purge(NOW, &Retention::default()).await.unwrap().uploads, 1);
    assert_eq!(store.document_part(old, 0).await.unwrap(), None);
    for document in [kept, young] {
        assert_eq!(store.document_part(document, 0).await.unwrap(), Some(vec![1]));
    }
    assert_eq!(
        conflict(store, [Write::KeepUpload { document: old }]).await,
        Conflict::Version { what: "upload", id: old.0 },
        "its application does not name it any more"
    );
}

pub async fn partners_have_endpoints_of_their_own(store: &Store) {
    let ids = Ids::new();
    let (partner, mid) = (ids.partner(), ids.mid());
    let (theirs, own) = (testkit::endpoint(&ids, mid, NOW), testkit::endpoint(&ids, partner, NOW));
    put(store, [&theirs, &own].map(|endpoint| Write::PutEndpoint(Box::new(endpoint.clone())))).await;
    assert_eq!(store.endpoint(own.id).await.unwrap().as_ref(), Some(&own));
    assert_eq!(store.endpoints(domain::owner::Owner::from(partner), Environment::Sandbox).await.unwrap(), vec![own.clone()]);
    assert_eq!(store.endpoints(mid, Environment::Sandbox).await.unwrap(), vec![theirs]);
    assert_eq!(store.endpoints(partner, Environment::Production).await.unwrap(), vec![]);
    let order = testkit::order(&ids, mid, "o", NOW);
    let delivery = testkit::delivery(&ids, &own, &testkit::event(&ids, &order, 1, NOW), NOW);
    put(store, [Write::InsertDelivery(Box::new(delivery.clone()))]).await;
    assert_eq!(store.delivery(delivery.id).await.unwrap(), Some(delivery));
}
