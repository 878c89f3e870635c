//! The portal's first page: the figures of whoever looks, and nobody else's.

use recoup_tests::{Server, body, card, cast};
use reqwest::StatusCode;

use crate::{logins::joined, portal_sign_in::Browser};

const PASSWORD: &str = "correct horse battery";

async fn browser(server: &Server, email: &str, role: &str, whose: &[&str]) -> Browser {
    joined(server, email, role, whose).await;
    let mut browser = Browser::new(server);
    browser.sign_in(email, PASSWORD).await;
    let fields = [("environment", "sandbox"), ("next", "/portal/home")];
    browser.send("/portal/account", "/portal/environment", &fields).await;
    browser
}

#[tokio::test]
async fn figures_are_those_of_the_viewers_own_merchant() {
    let server = Server::start().await;
    let cast = cast();
    let shop = server.shop().await;
    for _ in 0..3 {
        shop.evaluate(&body::cit(card::APPROVED)).await;
    }
    let mut viewer = browser(&server, "home@portal.example.com", "viewer", &["--mid", &cast.shop.mid]).await;
    for query in ["", "?days=7", "?days=90", "?days=nonsense&site=nonsense"] {
        let home = viewer.get(&format!("/portal/home{query}")).await;
        assert_eq!(home.status, StatusCode::OK);
        assert!(home.text.contains("Rescued orders") && home.text.contains("of 3</p>"), "{query}: {}", home.text);
        assert!(home.text.contains("<title id=\"states-wide-t\">Orders by state</title>") && !home.text.contains("style="));
    }
    let known = viewer.get(&format!("/portal/home?site={}", cast.shop.site)).await;
    assert!(known.text.contains(&format!("value=\"{}\" selected", cast.shop.site)));
    let mut stranger = browser(&server, "else@portal.example.com", "viewer", &["--mid", &cast.stranger.mid]).await;
    let home = stranger.get(&format!("/portal/home?site={}", cast.shop.site)).await;
    assert!(
        home.text.contains("No orders were placed in this period.") && !home.text.contains("Rescued orders"),
        "{}",
        home.text
    );
    assert!(home.text.contains("What to do next") && !home.text.contains("/portal/developers/keys"), "a viewer makes no keys");
    let mut support = browser(&server, "help@portal.example.com", "support", &["--mid", &cast.shop.mid]).await;
    let home = support.get("/portal/home").await;
    assert!(home.status == StatusCode::OK && !home.text.contains("Rescued orders"), "support reads no reports");
    let mut operator = browser(&server, "ops@portal.example.com", "owner", &[]).await;
    let home = operator.get("/portal/home").await;
    assert!(home.text.contains("of 3</p>") && home.text.contains("measured for each merchant by itself"), "{}", home.text);
}
