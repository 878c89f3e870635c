//! A whole rescue through the typed client: as a merchant's own server would use it.

use client::{
    Capture, CardDraft, Client, ClockAction, Credentials, EngineState, Error, Evaluate, EventQuery, MerchantQuery, Mode,
    OrderQuery, OutcomeStatus, PageQuery, PaymentMethod, Record, RecoveryRow, RefundDraft, ReportQuery, SiteQuery, Switches,
    Transaction, Verdict, WebhookDraft,
};
use futures_util::TryStreamExt as _;
use recoup_tests::{Server, card, cast, guid};

fn caller(server: &Server) -> Client {
    let keys = &cast().shop.sandbox;
    let client = Client::new(&format!("http://{}", server.address())).expect("an address");
    client.with_credentials(Credentials::new(keys.app_key.as_str(), keys.app_secret.as_str()))
}

fn declined(token: &str) -> Evaluate {
    Evaluate {
        order_id: format!("INV-{}", guid()),
        idempotency_key: guid(),
        transaction: Transaction {
            id: format!("tx-{}", guid()),
            amount: 1999,
            currency: "USD".into(),
            response_code: Some("51".into()),
            response_code_source: Some("nmi".into()),
            ..Transaction::without_checks()
        },
        payment_method: Some(PaymentMethod { card_number: Some(token.into()), ..PaymentMethod::default() }),
        ..Evaluate::default()
    }
}

async fn vaulted(client: &Client, number: &str) -> String {
    let card = CardDraft { number: number.into(), month: Some(12), year: Some(2031), ..CardDraft::default() };
    client.tokenize(&card).await.expect("the card is vaulted").token().to_owned()
}

#[tokio::test]
async fn a_rebill_is_rescued_and_given_back() {
    let server = Server::start().await;
    let client = caller(&server);
    let rebill = Evaluate { is_mit: Some(true), ..declined(&vaulted(&client, card::NSF[1]).await) };
    let copy = Record {
        order_id: rebill.order_id.clone(),
        is_declined: true,
        transaction: rebill.transaction.clone(),
        ..Record::default()
    };
    let told = client.transmit_all(&[copy.clone(), Record { order_id: String::new(), ..copy.clone() }]).await.unwrap();
    assert_eq!(told.transmissions.iter().map(|one| one.accepted).collect::<Vec<_>>(), [true, false]);
    assert!(told.transmissions[1].errors.contains_key("OrderId"), "{told:?}");
    let none_good = client.transmit_all(&[Record { order_id: String::new(), ..copy }]).await.unwrap();
    assert!(!none_good.success && !none_good.transmissions[0].accepted);

    let answer = client.evaluate(&rebill).await.unwrap();
    assert_eq!(answer.status, Verdict::Submitted);
    let order = client.order(&answer.order_session_key).await.unwrap();
    assert_eq!((&order.external_order_id, &order.engine_state), (&rebill.order_id, &EngineState::Scheduled));
    let clock = client.set_clock(None, &ClockAction::Advance { by: "P20D".into() }).await.unwrap();
    assert!(clock.settled);
    assert_eq!(client.clock(None).await.unwrap().mid, cast().shop.mid);

    let order = client.order_by_external_id(&rebill.order_id, None).await.unwrap();
    assert_eq!((order.engine_state, order.amount_captured, order.attempts.total), (EngineState::Recovered, 1999, 2));
    assert_eq!(client.outcome(&order.id).await.unwrap().status, Some(OutcomeStatus::Approved));
    let timeline = client.timeline(&order.id).await.unwrap();
    assert_eq!(timeline.items.first().map(|item| item.kind.as_str()), Some("received"));

    let part = RefundDraft { amount_to_refund: "5.50".into(), idempotency_key: Some(guid()), ..RefundDraft::default() };
    let first = client.refund(&order.id, &part).await.unwrap();
    let again = client.refund(&order.id, &part).await.unwrap();
    assert!(first.success && again.transaction_id == first.transaction_id);
    let refused =
        client.refund(&order.id, &RefundDraft { amount_to_refund: "99.00".into(), ..RefundDraft::default() }).await.unwrap();
    assert_eq!((refused.success, refused.response_code.as_str()), (false, "2001"));
    let found =
        client.orders(&OrderQuery { external_order_id: Some(rebill.order_id.clone()), ..OrderQuery::default() }).await.unwrap();
    assert_eq!((found.total_item_count, found.orders[0].amount_refunded), (1, 550));

    let query = EventQuery {
        types: Some(vec!["order.*".into()]),
        order_id: Some(order.id.clone()),
        limit: Some(2),
        ..EventQuery::default()
    };
    let events: Vec<_> = client.feed(query).into_stream().try_collect().await.unwrap();
    let names: Vec<_> = events.iter().map(|entry| entry.payload.event.as_str()).collect();
    assert!(names.contains(&"order.completed") && names.last() == Some(&"order.refunded"), "{names:?}");
}

#[tokio::test]
async fn an_authorisation_is_captured() {
    let server = Server::start().await;
    let client = caller(&server);
    let authorisation =
        Evaluate { transaction_type: Some("AUTHORIZATION".into()), ..declined(&vaulted(&client, card::APPROVED).await) };
    let answer = client.evaluate(&authorisation).await.unwrap();
    assert_eq!(answer.status, Verdict::CaptureRequired);
    let whole =
        Capture { idempotency_key: guid(), order_id: answer.order_session_key.clone(), amount: 1999, currency: "USD".into() };
    let wrong = client.capture(&Capture { amount: 1, idempotency_key: guid(), ..whole.clone() }).await.unwrap();
    assert_eq!((wrong.success, wrong.status_code.as_deref()), (false, Some("AMOUNT_MISMATCH")));
    assert!(client.capture(&whole).await.unwrap().success);
    let refused = client.cancel(&answer.order_session_key).await.unwrap_err();
    let Error::Refused { refusal, .. } = refused else { panic!("{refused:?}") };
    assert_eq!((refusal.code, refusal.order_session_key), (40903, Some(answer.order_session_key)));
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_path_and_what_is_not_ours_is_not_there() {
    let server = Server::start().await;
    let client = caller(&server);
    let nothing = client
        .evaluate(&Evaluate { order_id: String::new(), ..declined("0193a1f0-0000-7000-8000-000000000001") })
        .await
        .unwrap_err();
    let Error::Invalid { faults, .. } = nothing else { panic!("{nothing:?}") };
    assert_eq!(faults.messages["OrderId"], ["Merchant's orderId is required"]);
    assert_eq!(faults.messages["PaymentMethod.CardNumber"], ["The payment method token is unknown."]);
    assert!(faults.trace.is_some());
    assert_eq!(client.order(&guid()).await.unwrap_err().code(), Some(40401));
    assert_eq!(client.merchant(&cast().stranger.mid).await.unwrap_err().code(), Some(40301));

    let wrong = Client::new(&format!("http://{}", server.address())).unwrap();
    let wrong = wrong.with_credentials(Credentials::new(cast().shop.sandbox.app_key.as_str(), "guessed"));
    assert_eq!(wrong.clock(None).await.unwrap_err().code(), Some(40001));
    let bare = Client::new(&format!("http://{}", server.address())).unwrap();
    assert_eq!(bare.clock(None).await.unwrap_err().code(), Some(40101));
    let browser = CardDraft { number: card::VISA.into(), month: Some(12), year: Some(2031), ..CardDraft::default() };
    let shop = &cast().shop;
    assert!(bare.tokenize_with_key(&shop.mid, &shop.tokenization, &browser).await.is_ok());
}

#[tokio::test]
async fn a_merchant_sets_itself_up() {
    let server = Server::start().await;
    let client = caller(&server);
    let shop = &cast().shop;
    assert_eq!(client.merchants(&MerchantQuery::default()).await.unwrap().rows[0].mid, shop.mid);
    assert_eq!(client.sites(&SiteQuery::default()).await.unwrap().total_item_count, 2);
    let off = Switches { mit: Some(Mode::Off), ..Switches::default() };
    let site = client.switch_site_channels(&shop.site, &off).await.unwrap();
    assert_eq!((site.mit.effective_mode, site.cit_web.mode), (Mode::Off, Mode::Inherit));

    let endpoint =
        WebhookDraft { url: "http://127.0.0.1:9/hooks".into(), events: vec!["order.*".into()], ..WebhookDraft::default() };
    let key = guid();
    let made = client.create_webhook(&endpoint, Some(&key)).await.unwrap();
    assert!(made.secret.as_ref().is_some_and(|secret| secret.reveal().starts_with("whsec_")));
    assert!(!format!("{made:?}").contains("whsec_"));
    assert_eq!(client.create_webhook(&endpoint, Some(&key)).await.unwrap().id, made.id);
    assert!(client.webhook(&made.id).await.unwrap().secret.is_none());
    client.delete_webhook(&made.id).await.unwrap();
    assert_eq!(client.webhooks(&PageQuery::default()).await.unwrap().total_item_count, 0);

    let query =
        ReportQuery { from: "2026-01-01".into(), to: "2026-12-31".into(), include_test: Some(true), ..ReportQuery::default() };
    assert_eq!(client.report::<RecoveryRow>(&query).await.unwrap().report, "recovery");
}
