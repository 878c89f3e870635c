//! The pages of partners and of the operator: who sees which merchants, the switchboard, unknown attempts, rules.

use recoup_tests::{Server, body, card, cast};
use reqwest::StatusCode;

use crate::{
    logins::joined,
    portal_sign_in::{Browser, Got},
};

const PASSWORD: &str = "correct horse battery";

/// A browser of somebody who just came in.
async fn signed_in(server: &Server, email: &str, role: &str, whose: &[&str]) -> Browser {
    joined(server, email, role, whose).await;
    let mut browser = Browser::new(server);
    assert_eq!(browser.sign_in(email, PASSWORD).await.status, StatusCode::SEE_OTHER);
    let sandbox = [("environment", "sandbox"), ("next", "/portal/home")];
    browser.send("/portal/account", "/portal/environment", &sandbox).await;
    browser
}

/// A browser of the staff of the shop's partner.
async fn of_partner(server: &Server, email: &str, role: &str) -> Browser {
    let operator = server.login(&cast().operator).await;
    let merchant = operator.get(&format!("/v1/merchants/{}", cast().shop.mid)).await.must(200);
    signed_in(server, email, role, &["--partner", merchant.text("partnerId")]).await
}

fn cell(mid: &str, site: &str, channel: &str, from: &str, to: &str) -> String {
    format!("{mid}.{site}.{channel}.{from}.{to}")
}

async fn switch(browser: &mut Browser, path: &str, cell: &str, reason: &str) -> Got {
    let fields = [("cell", cell), ("reason", reason), ("back", "/portal/switchboard")];
    browser.send("/portal/switchboard", &format!("/portal/switchboard/{path}"), &fields).await
}

#[tokio::test]
async fn a_partner_sees_its_own_merchants_and_no_others() {
    let server = Server::start().await;
    let mut partner = of_partner(&server, "ada@platform.example.com", "owner").await;
    let (own, foreign) = (&cast().shop.mid, &cast().stranger.mid);
    for page in ["/portal/merchants", "/portal/switchboard"] {
        let shown = partner.get(page).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains(own.as_str()), "{page}: {}", shown.text);
        assert!(!shown.text.contains(foreign.as_str()), "{page}");
    }
    let detail = partner.get(&format!("/portal/merchants/{own}")).await;
    assert!(detail.status == StatusCode::OK && detail.text.contains("A card was vaulted"), "{}", detail.text);
    for page in
        [format!("/portal/merchants/{foreign}"), format!("/portal/switchboard?mid={foreign}"), "/portal/merchants/x".into()]
    {
        assert_eq!(partner.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let theirs = cell(foreign, "-", "mit", "sandbox", "off");
    let mixed = cell(own, &cast().stranger.site, "mit", "inherit", "off");
    for cell in [&theirs, &mixed] {
        for path in ["review", "switch"] {
            assert_eq!(switch(&mut partner, path, cell, "try").await.status, StatusCode::NOT_FOUND, "{path} {cell}");
        }
    }
    for page in ["/portal/operator/attempts", "/portal/operator/rules"] {
        assert_eq!(partner.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    let mut merchant = signed_in(&server, "ada@shop.example.com", "owner", &["--mid", own]).await;
    for page in ["/portal/merchants", "/portal/switchboard", "/portal/operator/attempts", "/portal/operator/rules"] {
        assert_eq!(merchant.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
}

#[tokio::test]
async fn the_switchboard_switches_for_real_with_a_reason_and_leaves_a_trail() {
    let server = Server::start().await;
    let mut partner = of_partner(&server, "grace@platform.example.com", "admin").await;
    let shop = server.shop().await;
    let mid = &cast().shop.mid;
    let off = cell(mid, "-", "cit_web", "sandbox", "off");
    let review = switch(&mut partner, "review", &off, "").await;
    assert!(review.status == StatusCode::OK && review.text.contains("What will change"), "{}", review.text);
    assert_eq!(shop.evaluate(&body::cit(card::APPROVED)).await.verdict().0, "APPROVED", "looking switches nothing");
    let refused = switch(&mut partner, "switch", &off, "  ").await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.text.contains("e-reason"), "{}", refused.text);
    let unread = switch(&mut partner, "switch", "nonsense", "why").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    let forged = partner.send_with("forged", "/portal/switchboard/switch", &[("cell", &off), ("reason", "why")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);

    let done = switch(&mut partner, "switch", &off, "Their checkout is broken").await;
    assert_eq!((done.status, done.location.as_deref()), (StatusCode::SEE_OTHER, Some("/portal/switchboard")), "{}", done.text);
    assert_eq!(shop.evaluate(&body::cit(card::APPROVED)).await.verdict(), ("DECLINED", Some("CHANNEL_DISABLED")));
    let history = server.run(&["audit", "list", "--mid", mid]).to_string();
    assert!(history.contains("Their checkout is broken"), "{history}");
    let stale = switch(&mut partner, "switch", &cell(mid, "-", "cit_web", "sandbox", "production"), "late").await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "somebody switched it since: {}", stale.text);

    let mut support = of_partner(&server, "help@platform.example.com", "support").await;
    let board = support.get("/portal/switchboard").await.text;
    assert!(board.contains("Your role may look at channels") && !board.contains("Review changes"), "{board}");
    let token = support.token("/portal/switchboard").await;
    let on = cell(mid, "-", "cit_web", "off", "sandbox");
    let tried = support.send_with(&token, "/portal/switchboard/switch", &[("cell", &on), ("reason", "why")]).await;
    assert_eq!(tried.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_an_integration_did_is_ticked() {
    let server = Server::start().await;
    let mut partner = of_partner(&server, "ticks@platform.example.com", "viewer").await;
    let page = format!("/portal/merchants/{}", cast().shop.mid);
    let done = |text: &str| text.matches(">done<").count();
    let before = done(&partner.get(&page).await.text);
    let shop = server.shop().await;
    shop.evaluate(&body::cit(card::APPROVED)).await;
    let after = done(&partner.get(&page).await.text);
    assert!(after >= before + 2, "a token and an evaluate: {before} then {after}");
}

#[tokio::test]
async fn the_operator_reads_the_rules_and_asks_only_about_what_is_unknown() {
    let server = Server::start().await;
    let mut operator = signed_in(&server, "op@recoup.example.com", "owner", &[]).await;
    let rules = operator.get("/portal/operator/rules?query=NSF").await;
    assert!(
        rules.status == StatusCode::OK && rules.text.contains(">NSF<") && !rules.text.contains(">APPROVED<"),
        "{}",
        rules.text
    );
    assert_eq!(operator.get("/portal/operator/rules?file=passwd").await.status, StatusCode::NOT_FOUND);
    let unknown = operator.get("/portal/operator/attempts").await;
    assert!(unknown.status == StatusCode::OK && unknown.text.contains("Every result is known."), "{}", unknown.text);

    let shop = server.shop().await;
    let order = shop.evaluate(&body::cit(card::APPROVED)).await;
    let path = format!("/portal/operator/attempts/{}/ask", order.text("orderSessionKey"));
    let token = operator.token("/portal/merchants").await;
    assert_eq!(operator.send_with(&token, &path, &[]).await.status, StatusCode::CONFLICT);
    let nobody = "/portal/operator/attempts/01010101-0101-0101-0101-010101010101/ask";
    assert_eq!(operator.send_with(&token, nobody, &[]).await.status, StatusCode::NOT_FOUND);
}
