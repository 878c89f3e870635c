//! Orders in the portal: found, looked at, exported, and acted on through forms.

use recoup_tests::{Client, Server, body, card, cast};
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    logins::joined,
    portal_sign_in::{Browser, Got},
};

const PASSWORD: &str = "correct horse battery";
const ACTIONS: [&str; 4] = ["cancel", "refund", "retry", "block"];

/// A browser of somebody of the shop.
async fn browser_of(server: &Server, email: &str, role: &str) -> Browser {
    joined(server, email, role, &["--mid", &cast().shop.mid]).await;
    let mut browser = Browser::new(server);
    let opened = browser.sign_in(email, PASSWORD).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let fields = [("environment", "sandbox"), ("next", "/portal/orders")];
    let entered = browser.send("/portal/account", "/portal/environment", &fields).await;
    assert_eq!(entered.location.as_deref(), Some("/portal/orders"), "{}", entered.text);
    browser
}

/// An order whose money is there.
async fn rescued(shop: &Client) -> String {
    let reply = shop.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!(reply.verdict().0, "APPROVED");
    reply.order()
}

/// An order that waits for its next attempt.
async fn open(shop: &Client) -> String {
    let reply = shop.evaluate(&body::mit(card::NSF[0])).await;
    let order = reply.order();
    assert!(shop.order(&order).await["nextAttemptUtc"].is_string(), "{reply:?}");
    order
}

fn hidden<'a>(page: &'a Got, name: &str) -> &'a str {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.text.split_once(&mark).unwrap_or_else(|| panic!("no {name}: {}", page.text)).1;
    rest.split_once('"').expect("a value").0
}

fn assert_ok(page: &Got) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
}

#[tokio::test]
async fn the_list_is_searched_and_filtered_by_its_address() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let paid = shop.order(&rescued(&shop).await).await;
    let waiting = shop.order(&open(&shop).await).await;
    let external = |order: &serde_json::Value| order["externalOrderId"].as_str().expect("an id").to_owned();
    let (paid, waiting) = (external(&paid), external(&waiting));
    let mut browser = browser_of(&server, "list@portal.example.com", "viewer").await;
    for (query, has_paid, has_waiting) in [
        (String::new(), true, true),
        ("?status=open".into(), false, true),
        ("?status=RECOVERED".into(), true, false),
        ("?initiator=mit".into(), false, true),
        ("?channel=cit_web&query=ada".into(), true, false),
        (format!("?external={waiting}"), false, true),
        ("?to=2001-01-01".into(), false, false),
    ] {
        let page = browser.get(&format!("/portal/orders{query}")).await;
        assert_ok(&page);
        assert_eq!((page.text.contains(&paid), page.text.contains(&waiting)), (has_paid, has_waiting), "{query}");
    }
    let wrong = browser.get("/portal/orders?from=soon").await;
    assert!(wrong.text.contains("aria-describedby=\"e-from\"") && !wrong.text.contains(&paid), "{}", wrong.text);
}

#[tokio::test]
async fn one_order_is_shown_with_its_answers_in_words_and_its_explanation() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let order = open(&shop).await;
    let mut browser = browser_of(&server, "look@portal.example.com", "owner").await;
    let page = browser.get(&format!("/portal/orders/{order}")).await;
    assert_ok(&page);
    for part in ["Not enough funds", "Why it is worked so", "Planned attempt", "Timeline", "ada@example.com", "bit for bit"] {
        assert!(page.text.contains(part), "no {part}: {}", page.text);
    }
    assert!(!page.text.contains(card::NSF[0]) && !page.text.contains("style=\""), "{}", page.text);
    let mut finance = browser_of(&server, "finance@portal.example.com", "finance").await;
    let page = finance.get(&format!("/portal/orders/{order}")).await;
    assert!(!page.text.contains("/cancel\"") && !page.text.contains("/block\"") && !page.text.contains("/retry\""));
    let refused = finance.get(&format!("/portal/orders/{order}/cancel")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_refunds_once_and_says_what_is_too_much() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let order = rescued(&shop).await;
    let mut browser = browser_of(&server, "refund@portal.example.com", "support").await;
    let path = format!("/portal/orders/{order}/refund");
    let form = browser.get(&path).await;
    let (token, key) = (hidden(&form, "csrf").to_owned(), hidden(&form, "key").to_owned());
    let part = [("amount", "5.00"), ("note", "broken"), ("key", key.as_str())];
    let forged = browser.send_with("nonsense", &path, &part).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(shop.order(&order).await["amountRefunded"], json!(0));
    for _ in 0..2 {
        let done = browser.send_with(&token, &path, &part).await;
        assert_eq!((done.status, done.location), (StatusCode::SEE_OTHER, Some(format!("/portal/orders/{order}"))));
    }
    assert_eq!(shop.order(&order).await["amountRefunded"], json!(500), "sent twice, given back once");
    let page = browser.get(&format!("/portal/orders/{order}")).await;
    assert!(page.text.contains("The refund is made.") && page.text.contains("broken"), "{}", page.text);
    for amount in ["100000", "0", "x"] {
        let refused = browser.send_with(&token, &path, &[("amount", amount), ("key", "another")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        assert!(refused.text.contains("aria-invalid=\"true\""), "{}", refused.text);
    }
    assert_eq!(shop.order(&order).await["amountRefunded"], json!(500));
    let rest = hidden(&browser.get(&path).await, "key").to_owned();
    let left = browser.get(&path).await;
    let amount = hidden_amount(&left);
    browser.send_with(&token, &path, &[("amount", &amount), ("key", &rest)]).await;
    assert_eq!(shop.order(&order).await["engineState"], "REFUNDED");
    assert_eq!(browser.get(&path).await.status, StatusCode::CONFLICT, "nothing is left to refund");
}

fn hidden_amount(page: &Got) -> String {
    let rest = page.text.split_once("inputmode=\"decimal\" value=\"").expect("an amount").1;
    rest.split_once('"').expect("a value").0.to_owned()
}

#[tokio::test]
async fn forms_cancel_retry_and_block() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut browser = browser_of(&server, "acts@portal.example.com", "owner").await;

    let order = open(&shop).await;
    let path = format!("/portal/orders/{order}");
    assert!(browser.get(&format!("{path}/cancel")).await.text.contains("Cancel this order?"));
    assert_eq!(shop.order(&order).await["engineState"], "SCHEDULED", "a question changes nothing");
    let done = browser.send(&format!("{path}/cancel"), &format!("{path}/cancel"), &[]).await;
    assert_eq!(done.location.as_deref(), Some(path.as_str()));
    assert_eq!(shop.order(&order).await["engineState"], "CANCELLED");
    assert!(browser.get(&path).await.text.contains("no further attempt is made"));
    let late = browser.get(&format!("{path}/retry")).await;
    assert!(late.text.contains("The order is closed") && !late.text.contains("name=\"version\""), "{}", late.text);

    let order = open(&shop).await;
    let path = format!("/portal/orders/{order}");
    let made = shop.order(&order).await["attempts"]["total"].clone();
    let question = browser.get(&format!("{path}/retry")).await;
    if question.text.contains("name=\"version\"") {
        let version = hidden(&question, "version").to_owned();
        let stale = browser.send(&path, &format!("{path}/retry"), &[("version", "0")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert_eq!(shop.order(&order).await["attempts"]["total"], made);
        let done = browser.send(&path, &format!("{path}/retry"), &[("version", &version)]).await;
        assert_eq!(done.location.as_deref(), Some(path.as_str()), "{}", done.text);
        assert_ne!(shop.order(&order).await["attempts"]["total"], made);
    } else {
        assert!(browser.get(&path).await.text.contains("Retry now is not possible"));
    }

    let order = open(&shop).await;
    let path = format!("/portal/orders/{order}");
    let none = browser.send(&path, &format!("{path}/block"), &[("reason", "why")]).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text.contains("Please choose"), "{}", none.text);
    let blocked = browser.send(&path, &format!("{path}/block"), &[("customer", "yes"), ("reason", "friendly fraud")]).await;
    assert_eq!(blocked.location.as_deref(), Some(path.as_str()), "{}", blocked.text);
    let listed = shop.get("/v1/blocklist").await.must(200);
    assert!(listed.text.contains("friendly fraud"), "{}", listed.text);
}

#[tokio::test]
async fn another_merchants_order_is_nowhere() {
    let server = Server::start().await;
    let stranger = server.login(&cast().stranger.sandbox).await;
    let (paid, waiting) = (rescued(&stranger).await, open(&stranger).await);
    let mut browser = browser_of(&server, "other@portal.example.com", "owner").await;
    let token = browser.token("/portal/orders").await;
    for order in [&paid, &waiting, &"nonsense".to_owned()] {
        let path = format!("/portal/orders/{order}");
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
        for action in ACTIONS {
            let action = format!("{path}/{action}");
            assert_eq!(browser.get(&action).await.status, StatusCode::NOT_FOUND, "{action}");
            let fields = [("amount", "1.00"), ("key", "k"), ("version", "1"), ("customer", "yes"), ("card", "yes")];
            assert_eq!(browser.send_with(&token, &action, &fields).await.status, StatusCode::NOT_FOUND, "{action}");
        }
    }
    assert_eq!(stranger.order(&paid).await["amountRefunded"], json!(0));
    assert_eq!(stranger.order(&waiting).await["engineState"], "SCHEDULED");
    let (list, file) = (browser.get("/portal/orders").await, browser.get("/portal/orders/export.csv").await);
    assert!(!list.text.contains(&paid) && !file.text.contains(&paid));
    let nobody = Browser::new(&server).get(&format!("/portal/orders/{paid}")).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_file_holds_the_filtered_list_and_runs_no_formula() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut evil = body::cit(card::APPROVED);
    evil["billingInformation"] = json!({"firstName": "=HYPERLINK(\"http://evil.example\")"});
    let paid = shop.evaluate(&evil).await.order();
    let waiting = open(&shop).await;
    let mut browser = browser_of(&server, "file@portal.example.com", "viewer").await;
    let file = browser.get("/portal/orders/export.csv").await;
    assert_ok(&file);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().expect("readable").starts_with("attachment"));
    let lines: Vec<&str> = file.text.trim_end().split("\r\n").collect();
    assert!(lines.len() == 3 && lines[0].starts_with("id,merchant,site,externalOrderId"), "{}", file.text);
    assert!(file.text.contains(",\"'=HYPERLINK(\"\"http://evil.example\"\")\","), "{}", file.text);
    let narrowed = browser.get("/portal/orders/export.csv?status=open").await;
    assert!(narrowed.text.contains(&waiting) && !narrowed.text.contains(&paid), "{}", narrowed.text);
    assert_eq!(browser.get("/portal/orders/export.csv?status=x").await.status, StatusCode::BAD_REQUEST);
}
