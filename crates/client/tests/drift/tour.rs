//! Every call of the client, once.

use client::{
    AttemptsRow, Capture, ClockAction, DeclinesRow, DescriptorsRow, EventQuery, FeesRow, Grant, MerchantQuery, Mode, PageQuery,
    RecoveryRow, RefundDraft, SiteQuery, SitesRow, Switches, UpliftRow, WebhookDraft, Where,
};

use super::{
    requests::{self, AT, GUID, text},
    server::Server,
};

/// Calls and checks.
pub async fn every_call(server: &Server) {
    let client = &server.client;
    let keys = Grant::Keys { app_key: "rk_test_1".into(), app_secret: "rs_1".into() };
    server.check("token", client.token(&keys).await.map(|_| ()));
    let spent = Grant::Refresh { refresh_token: "r".into() };
    server.check("token", client.token(&spent).await.map(|_| ()));

    server.check("tokenize", client.tokenize(&requests::card()).await);
    server.check("tokenize_with_key", client.tokenize_with_key(GUID, "rt_1", &requests::card()).await);
    server.check("delete_card", client.delete_card(GUID).await);
    server.check("transmit", client.transmit(&requests::record()).await);
    server.check("transmit_all", client.transmit_all(&[requests::record()]).await);
    server.check("report_outcome", client.report_outcome(GUID, &requests::outcome()).await);
    server.check("evaluate", client.evaluate(&requests::evaluate()).await);
    let capture = Capture { idempotency_key: "k".into(), order_id: GUID.into(), amount: 1999, currency: "USD".into() };
    server.check("capture", client.capture(&capture).await);
    server.check("outcome", client.outcome(GUID).await);

    server.check("advise", client.advise(&requests::advice()).await);
    server.check("advice", client.advice(GUID).await);
    server.check("report_attempt", client.report_attempt(GUID, &requests::advised_attempt()).await);
    server.check("cancel_advice", client.cancel_advice(GUID).await);
    server.check("advice_explanation", client.advice_explanation(GUID, true).await);
    server.check("orders", client.orders(&requests::orders()).await);
    server.check("order", client.order(GUID).await);
    server.check("order_by_external_id", client.order_by_external_id("INV-1", Some(GUID)).await);
    server.check("timeline", client.timeline(GUID).await);
    server.check("explanation", client.explanation(GUID, true).await);
    server.check("cancel", client.cancel(GUID).await);
    server.check("cancel_by_external_id", client.cancel_by_external_id("INV-1", Some(GUID)).await);
    let refund = RefundDraft { amount_to_refund: "19.99".into(), refund_message: text("x"), idempotency_key: text("k") };
    server.check("refund", client.refund(GUID, &refund).await);

    let query = EventQuery {
        after: text("latest"),
        limit: Some(10),
        types: Some(vec!["order.*".into()]),
        order_id: text(GUID),
        mid: text(GUID),
        wait: Some(1),
    };
    server.check("events", client.events(&query).await);
    server.check("feed", client.feed(query).next_page().await);

    let page = PageQuery { page_number: Some(1), page_size: Some(10), mid: text(GUID) };
    server.check("webhooks", client.webhooks(&page).await);
    let endpoint = WebhookDraft {
        url: "https://hooks.example.com/recoup".into(),
        events: vec!["*".into()],
        mid: text(GUID),
        description: text("x"),
        enabled: Some(true),
        ordering: text("strict"),
    };
    server.check("create_webhook", client.create_webhook(&endpoint, Some("k")).await);
    server.check("webhook", client.webhook(GUID).await);
    server.check("delete_webhook", client.delete_webhook(GUID).await);

    server.check("clock", client.clock(Some(GUID)).await);
    let actions = [
        ClockAction::Advance { by: "P3D".into() },
        ClockAction::Set { to: AT.into() },
        ClockAction::Freeze,
        ClockAction::Release,
    ];
    for action in actions {
        server.check("set_clock", client.set_clock(Some(GUID), &action).await);
    }

    set_up(server).await;
    reports(server).await;
}

async fn set_up(server: &Server) {
    let client = &server.client;
    let query = SiteQuery { page_number: Some(1), page_size: Some(10), mid: text(GUID), archived: Some(true) };
    server.check("sites", client.sites(&query).await);
    server.check("create_site", client.create_site(&requests::site(), Some("k")).await);
    server.check("site", client.site(GUID).await);
    server.check("archive_site", client.archive_site(GUID).await);
    let sold = Where { mid: text(GUID), site_url: text("https://shop.example"), descriptor: text("SHOP") };
    server.check("resolve_site", client.resolve_site(&sold).await);

    let switches = Switches { cit_web: Some(Mode::Production), cit_call_center: Some(Mode::Off), mit: Some(Mode::Sandbox) };
    server.check("merchant_channels", client.merchant_channels(GUID).await);
    server.check("switch_merchant_channels", client.switch_merchant_channels(GUID, &switches).await);
    server.check("site_channels", client.site_channels(GUID).await);
    let switches = Switches { mit: Some(Mode::Inherit), ..switches };
    server.check("switch_site_channels", client.switch_site_channels(GUID, &switches).await);

    let query = MerchantQuery { query: text("shop"), status: text("1"), page_number: Some(1), page_size: Some(10) };
    server.check("merchants", client.merchants(&query).await);
    server.check("merchant", client.merchant(GUID).await);
}

async fn reports(server: &Server) {
    let (client, query) = (&server.client, requests::report());
    server.check("report recovery", client.report::<RecoveryRow>(&query).await);
    server.check("report declines", client.report::<DeclinesRow>(&query).await);
    server.check("report attempts", client.report::<AttemptsRow>(&query).await);
    server.check("report descriptors", client.report::<DescriptorsRow>(&query).await);
    server.check("report sites", client.report::<SitesRow>(&query).await);
    server.check("report fees", client.report::<FeesRow>(&query).await);
    server.check("report uplift", client.report::<UpliftRow>(&query).await);
}
