//! Merchants, their settings, sites and channels, and who may act for them: the whole of it over HTTP.

use recoup_tests::{Answering, Client, Keys, Receiver, Reply, Rig, Server, body, card, cast, guid, until};
use reqwest::Method;
use serde_json::{Value, json};

async fn put(client: &Client, path: &str, headers: &[(&str, &str)], body: Value) -> Reply {
    client.send(Method::PUT, path, headers, Some(body.to_string())).await
}

async fn patch_if(client: &Client, path: &str, tag: &str, body: Value) -> Reply {
    client.send(Method::PATCH, path, &[("if-match", tag)], Some(body.to_string())).await
}

fn is_test(reply: &Reply) -> &str {
    reply.json["customProperties"]["isTestMode"].as_str().unwrap_or("-")
}

/// A server whose production orders of the shop go to a listener that keeps what it is sent and refuses it.
async fn with_witness(witness: &Receiver) -> Server {
    witness.answer(Answering { status: 400, times: usize::MAX });
    let server = Rig::default().prepare();
    let base = witness.url.trim_end_matches("/hooks");
    let account = ["processor", "create", "--name", "acquirer", "--environment", "production", "--base-url", base];
    let account = server.run(&account);
    server.run(&["route", "add", "--mid", &cast().shop.mid, "--processor", account["id"].as_str().expect("an id")]);
    server.started().await
}

/// A further partner with a key for the sandbox.
fn other_partner(server: &Server) -> (String, Keys) {
    let id = server.run(&["partner", "create", "--name", "Rival"])["id"].as_str().expect("an id").to_owned();
    let key = server.run(&["key", "create", "--name", "rival server", "--partner", &id]);
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (id, Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") })
}

#[tokio::test]
async fn channels_are_independent_and_switched_while_the_server_runs() {
    let witness = Receiver::start().await;
    let server = with_witness(&witness).await;
    let (shop, live) = (server.shop().await, server.login(&cast().shop.production).await);
    let own = format!("/v1/merchants/{}/channels", cast().shop.mid);
    assert_eq!(
        shop.get(&own).await.must(200).json,
        json!({
            "cit_web": {"mode": "sandbox"}, "cit_call_center": {"mode": "sandbox"}, "mit": {"mode": "sandbox"},
        })
    );

    // Rebills live while customers are still tested.
    let switched = put(&shop, &own, &[], json!({"mit": {"mode": "production"}})).await.must(200);
    assert_eq!((&switched.json["mit"]["mode"], &switched.json["cit_web"]["mode"]), (&json!("production"), &json!("sandbox")));
    let web = || body::cit(card::APPROVED);
    let phone = || body::with(body::cit(card::APPROVED), "/orderSource", json!("callcenter"));
    assert_eq!(is_test(&live.evaluate(&body::mit(card::NSF[0])).await), "false");
    let tested = live.evaluate(&web()).await;
    assert_eq!((is_test(&tested), tested.verdict().0), ("true", "APPROVED"));

    // The website live while the call centre is off.
    put(&shop, &own, &[], json!({"cit_web": {"mode": "production"}, "cit_call_center": {"mode": "off"}})).await.must(200);
    let seen = witness.hits().len();
    assert_eq!(is_test(&live.evaluate(&web()).await), "false");
    assert_eq!(witness.hits().len(), seen + 1, "the live route was asked");
    assert_eq!(live.evaluate(&phone()).await.verdict(), ("DECLINED", Some("CHANNEL_DISABLED")));
    assert_eq!(shop.evaluate(&web()).await.verdict().0, "APPROVED", "a sandbox key never reaches live routes");
    assert_eq!(witness.hits().len(), seen + 1);

    // One site apart from the others.
    let eu = format!("/v1/sites/{}/channels", cast().eu_site);
    let shown = put(&shop, &eu, &[], json!({"cit_web": {"mode": "off"}})).await.must(200).json;
    assert_eq!((&shown["cit_web"]["mode"], &shown["cit_web"]["effectiveMode"]), (&json!("off"), &json!("off")));
    assert_eq!(shown["cit_web"]["changedBy"], "server");
    assert!(shown["cit_web"]["changedOn"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(shown["mit"], json!({"mode": "inherit", "effectiveMode": "production", "changedOn": null, "changedBy": null}));
    let on_eu = || body::with(web(), "/siteId", json!(cast().eu_site));
    assert_eq!(shop.evaluate(&on_eu()).await.verdict(), ("DECLINED", Some("CHANNEL_DISABLED")));
    assert_eq!(shop.evaluate(&web()).await.verdict().0, "APPROVED", "the other site goes on");
    put(&shop, &eu, &[], json!({"cit_web": {"mode": "inherit"}})).await.must(200);
    assert_eq!(shop.evaluate(&on_eu()).await.verdict().0, "APPROVED");
    put(&shop, &eu, &[], json!({"cit_web": {"mode": "inherit"}})).await.must(200);

    // The trail, newest first; what changed nothing left none.
    let trail = shop.get(&format!("{own}/history?pageSize=3")).await.must(200).json;
    assert_eq!((&trail["totalItemCount"], trail["rows"].as_array().map(Vec::len)), (&json!(5), Some(3)));
    let all = live.get(&format!("{own}/history")).await.must(200).json;
    let rows: Vec<_> =
        all["rows"].as_array().unwrap().iter().map(|row| (&row["siteId"], &row["channel"], &row["from"], &row["to"])).collect();
    let (site, none) = (json!(cast().eu_site), Value::Null);
    let words = ["cit_web", "cit_call_center", "mit", "off", "sandbox", "production", "inherit"].map(|word| json!(word));
    let [web_channel, phone_channel, mit_channel, off, sandbox, production, inherit] = &words;
    assert_eq!(
        rows,
        [
            (&site, web_channel, off, inherit),
            (&site, web_channel, inherit, off),
            (&none, phone_channel, sandbox, off),
            (&none, web_channel, sandbox, production),
            (&none, mit_channel, sandbox, production),
        ]
    );
    assert!(all["rows"].as_array().unwrap().iter().all(|row| row["changedBy"] == "server" && row["role"] == "merchant"));
    assert_eq!(all["rows"][0]["clientId"], cast().shop.sandbox.client.as_str());
    assert_eq!(server.run(&["channel", "history", "--mid", &cast().shop.mid]).as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_channel_that_is_off_holds_open_orders_until_it_is_on_again() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let eu = format!("/v1/sites/{}/channels", cast().eu_site);
    let order = shop.evaluate(&body::with(body::mit(card::NSF[0]), "/siteId", json!(cast().eu_site))).await.order();
    put(&shop, &eu, &[], json!({"mit": {"mode": "off"}})).await.must(200);
    shop.advance("P2D").await;
    let held = shop.order(&order).await;
    assert_eq!((&held["engineState"], &held["attempts"]["total"]), (&json!("HELD"), &json!(0)));
    put(&shop, &eu, &[], json!({"mit": {"mode": "inherit"}})).await.must(200);
    shop.advance("P5D").await;
    assert_eq!(shop.order(&order).await["statusName"], "APPROVED");
}

#[tokio::test]
async fn switches_need_their_scope_their_tenant_and_sense() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let (own, eu) = (format!("/v1/merchants/{}/channels", cast().shop.mid), format!("/v1/sites/{}/channels", cast().eu_site));
    for (path, body, fault) in [
        (&own, json!({"mit": {"mode": "inherit"}}), "Mit.Mode"),
        (&own, json!({"cit_web": {}, "x": 1}), ""),
        (&own, json!({"cit_web": {"mode": 7}}), "Cit_web.Mode"),
        (&eu, json!({"mit": "off"}), "Mit"),
    ] {
        let reply = put(&shop, path, &[], body).await;
        if fault.is_empty() {
            reply.must(200);
        } else {
            assert_eq!(reply.faults()[0].0, fault);
        }
    }
    let narrow = server.run(&["key", "create", "--name", "narrow", "--mid", &cast().shop.mid, "--scope", "evaluate"]);
    let text = |member: &str| narrow[member].as_str().expect("a text").to_owned();
    let narrow = server.login(&Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") }).await;
    let stranger = server.login(&cast().stranger.sandbox).await;
    let off = json!({"mit": {"mode": "off"}});
    put(&narrow, &own, &[], off.clone()).await.assert_error(40302);
    narrow.get(&own).await.assert_error(40302);
    put(&stranger, &own, &[], off.clone()).await.assert_error(40301);
    stranger.get(&format!("{own}/history")).await.assert_error(40301);
    put(&stranger, &eu, &[], off.clone()).await.assert_error(40401);
    put(&shop, &format!("/v1/merchants/{}/channels", guid()), &[], off.clone()).await.assert_error(40301);
    put(&shop, &format!("/v1/sites/{}/channels", guid()), &[], off).await.assert_error(40401);
    assert_eq!(shop.get(&format!("{own}/history")).await.json["totalItemCount"], 0, "nothing was switched");
}

#[tokio::test]
async fn partners_see_what_they_onboarded_or_were_granted_and_nothing_else() {
    let server = Server::start().await;
    let platform = server.login(&cast().partner).await;
    let operator = server.login(&cast().operator).await;
    let (rival_id, rival_keys) = other_partner(&server);
    let rival = server.login(&rival_keys).await;
    let shop = format!("/v1/merchants/{}", cast().shop.mid);
    let mids = |reply: &Reply| -> Vec<String> {
        reply.json["rows"].as_array().unwrap().iter().map(|row| row["mid"].as_str().unwrap().to_owned()).collect()
    };

    assert_eq!(mids(&platform.get("/v1/merchants").await.must(200)), [cast().shop.mid.clone()]);
    assert_eq!(mids(&rival.get("/v1/merchants").await.must(200)), [""; 0]);
    assert_eq!(operator.get("/v1/merchants?pageSize=2").await.must(200).json["totalItemCount"], 3);
    assert_eq!(mids(&operator.get("/v1/merchants?query=STRANG&status=ACTIVE").await), [cast().stranger.mid.clone()]);
    let own = server.shop().await.get("/v1/merchants").await.must(200);
    assert_eq!((own.text("mid"), own.text("companyName")), (cast().shop.mid.as_str(), "Shop"), "its one object, no list");

    let order = server.shop().await.evaluate(&body::cit(card::APPROVED)).await.order();
    let sent = body::with(body::cit(card::APPROVED), "/mid", json!(cast().shop.mid));
    let refused = || async {
        for path in [shop.clone(), format!("{shop}/settings"), format!("{shop}/channels"), format!("/v1/merchants/{}", guid())] {
            rival.get(&path).await.assert_error(40301);
        }
        rival.post("/v1/evaluate", &sent).await.assert_error(40301);
        rival.get(&format!("/v1/orders?mid={}", cast().shop.mid)).await.assert_error(40301);
        rival.get(&format!("/v1/sites?mid={}", cast().shop.mid)).await.assert_error(40301);
        rival.get(&format!("/v1/sites/{}", cast().eu_site)).await.assert_error(40401);
        rival.get(&format!("/v1/orders/{order}")).await.assert_error(40401);
        let hook = json!({"mid": cast().shop.mid, "url": "https://hooks.example/x", "events": ["*"]});
        rival.post("/v1/webhooks", &hook).await.assert_error(40301);
        assert_eq!(rival.get("/v1/orders").await.must(200).json["totalItemCount"], 0);
    };
    refused().await;

    let pair = ["--partner", rival_id.as_str(), "--mid", cast().shop.mid.as_str()];
    server.run(&[&["partner", "grant"][..], &pair].concat());
    // Granted by another process: the server notices by itself.
    until("the grant is known", || async { (rival.get(&shop).await.status == 200).then_some(()) }).await;
    assert_eq!(mids(&rival.get("/v1/merchants").await.must(200)), [cast().shop.mid.clone()]);
    assert_eq!(rival.get("/v1/orders").await.must(200).json["totalItemCount"], 1);
    rival.get(&format!("/v1/orders/{order}")).await.must(200);
    assert_eq!(rival.evaluate(&sent).await.verdict().0, "APPROVED");
    rival.get(&format!("/v1/merchants/{}", cast().stranger.mid)).await.assert_error(40301);
    assert_eq!(mids(&platform.get("/v1/merchants").await), [cast().shop.mid.clone()], "who onboarded it keeps it");

    server.run(&[&["partner", "revoke"][..], &pair].concat());
    until("the grant is gone", || async { (rival.get(&shop).await.status == 403).then_some(()) }).await;
    refused().await;
    let trail = server.run(&["partner", "grants", "--mid", &cast().shop.mid]);
    let given: Vec<_> = trail.as_array().unwrap().iter().map(|row| row["granted"].as_bool().unwrap()).collect();
    assert_eq!((given, &trail[0]["changedBy"]), (vec![false, true], &json!("operator shell")));
}

#[tokio::test]
async fn changes_over_an_old_version_are_refused_and_nobody_is_overwritten() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let site = format!("/v1/sites/{}", cast().eu_site);
    let settings = format!("/v1/merchants/{}/settings", cast().shop.mid);
    let hook = shop.post("/v1/webhooks", &json!({"url": "https://hooks.example/x", "events": ["*"]})).await.must(201);
    let hook_path = format!("/v1/webhooks/{}", hook.text("id"));
    for (path, change) in
        [(&site, json!({"name": "Europe"})), (&settings, json!({"mitMode": "sync"})), (&hook_path, json!({"description": "new"}))]
    {
        let shown = shop.get(path).await.must(200);
        let tag = shown.header("etag").to_owned();
        assert!(tag.len() > 2 && tag.starts_with('"'), "a strong tag: {tag}");
        let known = shop.send(Method::GET, path, &[("if-none-match", &tag)], None).await.must(304);
        assert_eq!((known.text.as_str(), known.header("etag")), ("", tag.as_str()));
        let changed = patch_if(&shop, path, &tag, change.clone()).await.must(200);
        assert_ne!(changed.header("etag"), tag);
        patch_if(&shop, path, &tag, change.clone()).await.assert_error(41200);
        patch_if(&shop, path, &format!("W/{}", changed.header("etag")), change.clone()).await.assert_error(41200);
        shop.send(Method::GET, path, &[("if-none-match", &tag)], None).await.must(200);
        patch_if(&shop, path, "*", change).await.must(200);
    }
    shop.send(Method::DELETE, &hook_path, &[("if-match", "\"999\"")], None).await.assert_error(41200);
    let tag = shop.get(&hook_path).await.header("etag").to_owned();
    shop.send(Method::DELETE, &hook_path, &[("if-match", &tag)], None).await.must(204);

    // Of many who saw the same version, one writes.
    let tag = shop.get(&site).await.header("etag").to_owned();
    let racers = (0..8).map(|n| {
        let (shop, site, tag) = (shop.clone(), site.clone(), tag.clone());
        tokio::spawn(async move { patch_if(&shop, &site, &tag, json!({"name": format!("racer {n}")})).await.status })
    });
    let mut statuses = Vec::new();
    for racer in racers.collect::<Vec<_>>() {
        statuses.push(racer.await.expect("a racer"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test]
async fn sites_are_made_changed_and_archived_under_their_rules() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    let id = guid();
    let draft = json!({
        "id": id.to_uppercase(), "name": "Shop UK", "urls": ["https://shop.example/uk"], "descriptors": ["SHOP*UK"], "mcc": "5968",
        "allowedOrigins": ["https://shop.example"], "ui": {"primaryColor": "#112233"},
        "settings": {"mitMode": "sync", "captureWindow": "PT1H"},
    });
    let made = shop.post("/v1/sites", &draft).await.must(201);
    assert_eq!((made.text("id"), made.text("mid")), (id.as_str(), cast().shop.mid.as_str()));
    assert_eq!((&made.json["isDefault"], &made.json["archived"]), (&json!(false), &json!(false)));
    assert_eq!(made.json["settings"]["captureWindow"], "PT1H");
    assert_eq!((&made.json["settings"]["authCapture"], &made.json["ui"]["logoUrl"]), (&Value::Null, &Value::Null));
    let path = format!("/v1/sites/{id}");
    assert_eq!(shop.get(&path).await.must(200).json, made.json);

    for (member, value) in
        [("urls", json!(["http://WWW.shop.example:8080/uk/"])), ("descriptors", json!([" shop*uk "])), ("id", json!(id))]
    {
        let twin = body::with(json!({"name": "Twin"}), &format!("/{member}"), value);
        shop.post("/v1/sites", &twin).await.assert_error(40904);
    }
    assert_eq!(
        shop.post("/v1/sites", &json!({"urls": ["::"], "mcc": "x", "settings": {"rescueWindowDays": 61}})).await.faults(),
        [
            ("Mcc".to_owned(), "The field Mcc is invalid.".to_owned()),
            ("Name".to_owned(), "The Name field is required.".to_owned()),
            ("Settings.RescueWindowDays".to_owned(), "The field RescueWindowDays must be between 1 and 60.".to_owned()),
            ("Urls[0]".to_owned(), "The field Urls[0] is invalid.".to_owned()),
        ]
    );

    // A site's setting outranks the merchant's until it inherits again.
    let rebill = || body::with(body::mit(card::NSF[3]), "/siteId", json!(id));
    assert_eq!(shop.evaluate(&rebill()).await.verdict(), ("DECLINED", Some("RETRY_LATER")));
    let changed = shop.patch(&path, &json!({"settings": {"mitMode": null}, "mcc": ""})).await.must(200).json;
    assert_eq!((&changed["settings"]["mitMode"], &changed["settings"]["captureWindow"]), (&Value::Null, &json!("PT1H")));
    assert_eq!((&changed["mcc"], &changed["urls"]), (&Value::Null, &json!(["https://shop.example/uk"])));
    assert_eq!(shop.evaluate(&rebill()).await.verdict(), ("SUBMITTED", None));

    let resolve = |query: &str| format!("/v1/sites/resolve?{query}");
    for (query, site, resolved, by) in [
        ("siteUrl=https://shop.example/uk/basket", id.as_str(), true, "siteUrl"),
        ("siteUrl=https://shop.example/ukraine", &cast().shop.site, true, "siteUrl"),
        ("descriptor=shop*uk", &id, true, "descriptor"),
        ("siteUrl=elsewhere.example", &cast().shop.site, false, "default"),
    ] {
        let found = shop.get(&resolve(query)).await.must(200).json;
        assert_eq!(found, json!({"siteId": site, "siteResolved": resolved, "matchedBy": by}), "{query}");
    }

    // One default; it is handed on, and neither given up nor archived.
    let first = format!("/v1/sites/{}", cast().shop.site);
    shop.patch(&first, &json!({"isDefault": false})).await.assert_error(40903);
    shop.delete(&first).await.assert_error(40903);
    shop.patch(&path, &json!({"isDefault": true})).await.must(200);
    assert_eq!(shop.get(&first).await.json["isDefault"], false);
    shop.patch(&first, &json!({"isDefault": true})).await.must(200);

    shop.delete(&path).await.must(204);
    shop.delete(&path).await.must(204);
    assert_eq!(shop.get(&path).await.must(200).json["archived"], true);
    shop.patch(&path, &json!({"name": "x"})).await.assert_error(40903);
    let listed = shop.get("/v1/sites?sortBy=name&sortOrder=asc").await.must(200).json;
    let names: Vec<_> = listed["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!((names, &listed["totalItemCount"]), (vec!["Shop", "Shop EU"], &json!(2)));
    assert_eq!(shop.get(&resolve("descriptor=SHOP*UK")).await.json["siteResolved"], false);
    shop.post("/v1/sites", &json!({"name": "Again", "urls": ["https://shop.example/uk"]})).await.must(201);

    for reply in [stranger.get(&first).await, stranger.patch(&first, &json!({"name": "x"})).await, stranger.delete(&first).await]
    {
        reply.assert_error(40401);
    }
    stranger.post("/v1/sites", &json!({"mid": cast().shop.mid, "name": "x"})).await.assert_error(40301);
    let platform = server.login(&cast().partner).await;
    assert_eq!(platform.post("/v1/sites", &json!({"name": "x"})).await.faults()[0].1, "The Mid field is required.");
}

#[tokio::test]
async fn the_descriptor_of_the_resolved_site_reaches_the_processor() {
    let witness = Receiver::start().await;
    let server = with_witness(&witness).await;
    let live = server.login(&cast().shop.production).await;
    put(&live, &format!("/v1/merchants/{}/channels", cast().shop.mid), &[], json!({"cit_web": {"mode": "production"}}))
        .await
        .must(200);
    for (pointer, value, descriptor) in [
        ("/siteUrl", "https://shop.example/eu/basket", "SHOP*EU"),
        ("/siteId", cast().shop.site.as_str(), "SHOP*ONE"),
        ("/transaction/dynamicDescriptor", "shop*eu", "SHOP*EU"),
        ("/siteUrl", "https://nowhere.example", "SHOP*ONE"),
    ] {
        let order = live.evaluate(&body::with(body::cit(card::APPROVED), pointer, json!(value))).await.order();
        let hits = witness.hits();
        let asked =
            hits.iter().find(|hit| hit.payload["order_id"] == order.as_str()).unwrap_or_else(|| panic!("{value} was not sent"));
        assert_eq!(asked.payload["descriptor"], descriptor, "{pointer} = {value}");
        assert_eq!(live.order(&order).await["descriptor"], descriptor);
    }
}

#[tokio::test]
async fn settings_have_ranges_and_work_at_once() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let path = format!("/v1/merchants/{}/settings", cast().shop.mid);
    let before = shop.get(&path).await.must(200).json;
    assert_eq!((&before["mitMode"], &before["captureWindow"]), (&json!("managed"), &json!("P7D")));
    let wrong = json!({
        "mitMode": "auto", "rescueWindowDays": 0, "captureWindow": "P8D", "challengeTtlMinutes": "soon", "realtimeBudgetMs": 499,
        "refundPartialMaxPercent": 101, "holdoutPercent": -1, "acceptPan": "maybe",
    });
    let faults: Vec<_> = shop.patch(&path, &wrong).await.faults().into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        faults,
        [
            "AcceptPan",
            "CaptureWindow",
            "ChallengeTtlMinutes",
            "HoldoutPercent",
            "MitMode",
            "RealtimeBudgetMs",
            "RefundPartialMaxPercent",
            "RescueWindowDays",
        ]
    );
    assert_eq!(shop.get(&path).await.json, before, "nothing half-done");
    let changed = shop.patch(&path, &json!({"acceptPan": "0", "RescueWindowDays": null})).await.must(200).json;
    assert_eq!(
        (&changed["acceptPan"], &changed["rescueWindowDays"], &changed["mitMode"]),
        (&json!(false), &Value::Null, &json!("managed"))
    );
    let refused = shop.post("/v1/evaluate", &body::cit(card::APPROVED)).await.faults();
    assert_eq!(refused, [("PaymentMethod.CardNumber".to_owned(), "Card numbers are not accepted; send a token.".to_owned())]);
    let live = server.login(&cast().shop.production).await;
    assert_eq!(live.get(&path).await.must(200).json, changed, "both environments share them");
    server.login(&cast().stranger.sandbox).await.patch(&path, &json!({})).await.assert_error(40301);
}

#[tokio::test]
async fn operators_manage_merchants_and_merchants_their_contacts() {
    let server = Server::start().await;
    let (operator, shop) = (server.login(&cast().operator).await, server.shop().await);
    let id = guid();
    let draft = json!({
        "mid": id, "companyName": "Aurora", "legalEntityName": "Aurora Inc", "timezoneName": "Asia/Kolkata", "country": "in",
        "primaryContact": {"firstName": "Ada", "email": "ada@aurora.example"},
        "bankAccountInformation": {"bankName": "First", "ddaType": "checking", "accountNumber": "7700-1234-5678-9", "routingNumber": "021000021"},
        "settings": {"mitMode": "sync"},
    });
    let made = operator.post("/v1/merchants", &draft).await.must(201);
    assert_eq!((made.text("mid"), made.text("dba"), made.text("statusName")), (id.as_str(), "Aurora", "ACTIVE"));
    assert_eq!((&made.json["timezone"], &made.json["country"], &made.json["status"]), (&json!(330), &json!("IN"), &json!(1)));
    assert_eq!(
        made.json["bankAccountInformation"],
        json!({
            "bankName": "First", "ddaType": "checking", "maskedAccountNumber": "*********6789", "maskedRoutingNumber": "*****0021",
            "accountNumber": null, "routingNumber": null,
        })
    );
    assert_eq!(
        (&made.json["sites"], &made.json["settings"]["mitMode"], &made.json["partnerId"]),
        (&json!([]), &json!("sync"), &Value::Null)
    );
    operator.post("/v1/merchants", &draft).await.assert_error(40904);
    assert_eq!(operator.post("/v1/merchants", &json!({"country": "1", "timezoneName": "Nowhere/Land"})).await.faults().len(), 3);
    shop.post("/v1/merchants", &json!({"companyName": "x"})).await.assert_error(40303);
    let path = format!("/v1/merchants/{id}");
    let off = operator.patch(&path, &json!({"status": 0, "website": "https://aurora.example"})).await.must(200).json;
    assert_eq!(
        (&off["statusName"], &off["website"], &off["legalEntityName"]),
        (&json!("INACTIVE"), &json!("https://aurora.example"), &json!("Aurora Inc"))
    );
    assert_eq!(operator.get("/v1/merchants?status=0").await.json["totalItemCount"], 1);

    let own = format!("/v1/merchants/{}", cast().shop.mid);
    let mut whole = shop.get(&own).await.must(200).json;
    assert_eq!(whole["sites"].as_array().map(Vec::len), Some(2));
    whole["developerContact"]["developerEmail"] = json!("dev@shop.example");
    let changed = shop.patch(&own, &whole).await.must(200).json;
    assert_eq!(changed["developerContact"]["developerEmail"], "dev@shop.example", "reading, changing and sending back works");
    for forbidden in
        [json!({"companyName": "Other"}), json!({"status": 0}), json!({"bankAccountInformation": {"accountNumber": "12345678"}})]
    {
        shop.patch(&own, &forbidden).await.assert_error(40303);
    }
    server.login(&cast().partner).await.patch(&own, &json!({"companyName": "x"})).await.assert_error(40303);

    for place in ["7700-1234-5678-9", "7700123456789", "021000021"] {
        assert!(
            !server.logs().contains(place) && server.transcript().iter().all(|reply| !reply.contains(place)),
            "{place} leaked"
        );
        for file in std::fs::read_dir(server.data()).expect("the data") {
            let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
            assert!(!bytes.windows(place.len()).any(|window| window == place.as_bytes()), "{place} is kept in clear");
        }
    }
}
