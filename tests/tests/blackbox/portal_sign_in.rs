//! The portal's doors: password, second factor, lock-out, sessions, form tokens, headers, roles.

use recoup_tests::{Server, now};
use reqwest::{Response, StatusCode, redirect::Policy};

use crate::logins::{code, joined};

const PASSWORD: &str = "correct horse battery";

/// A browser: it keeps cookies and follows nothing.
pub struct Browser {
    http: reqwest::Client,
    base: String,
    cookies: Vec<(String, String)>,
}

/// What a browser got.
pub struct Got {
    pub status: StatusCode,
    pub location: Option<String>,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Browser {
    pub fn new(server: &Server) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { http, base: format!("http://{}", server.address()), cookies: vec![] }
    }

    pub async fn get(&mut self, path: &str) -> Got {
        let request = self.http.get(format!("{}{path}", self.base)).header("cookie", self.line()).header("accept", "text/html");
        let response = request.send().await.expect("an answer");
        self.keep(response).await
    }

    /// Sends a form as the page would: with the token that stands in it.
    pub async fn send(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Got {
        let token = self.token(page).await;
        self.send_with(&token, path, fields).await
    }

    pub async fn send_with(&mut self, token: &str, path: &str, fields: &[(&str, &str)]) -> Got {
        let form: Vec<_> = fields.iter().copied().chain([("csrf", token)]).collect();
        let request = self.http.post(format!("{}{path}", self.base)).header("cookie", self.line()).form(&form);
        let response = request.send().await.expect("an answer");
        self.keep(response).await
    }

    pub async fn token(&mut self, page: &str) -> String {
        let text = self.get(page).await.text;
        between(&text, "name=\"csrf\" value=\"", "\"").unwrap_or_else(|| panic!("no token: {text}")).to_owned()
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Got {
        self.send("/portal/sign-in", "/portal/sign-in", &[("email", email), ("password", password)]).await
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn line(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    async fn keep(&mut self, response: Response) -> Got {
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all("set-cookie") {
            let line = line.to_str().expect("a readable cookie");
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.retain(|(known, _)| known != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let location = headers.get("location").map(|to| to.to_str().expect("readable").to_owned());
        Got { status, location, text: response.text().await.expect("text"), headers }
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

#[tokio::test]
async fn somebody_signs_in_and_out_and_the_cookie_is_worth_nothing_then() {
    let server = Server::start().await;
    joined(&server, "ada@portal.example.com", "owner", &[]).await;
    let mut browser = Browser::new(&server);
    let home = browser.get("/").await;
    assert_eq!((home.status, home.location.as_deref()), (StatusCode::SEE_OTHER, Some("/portal/home")));
    let refused = browser.get("/portal/account").await;
    assert_eq!(refused.location.as_deref(), Some("/portal/sign-in?next=%2Fportal%2Faccount"));
    let wrong = browser.sign_in("ada@portal.example.com", "wrong horse battery").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("role=\"alert\"") && !wrong.text.contains("wrong horse battery"));
    assert_eq!(browser.cookie("recoup-session"), None);
    let fields = [("email", "ada@portal.example.com"), ("password", PASSWORD), ("next", "https://evil.example/portal/")];
    let opened = browser.send("/portal/sign-in", "/portal/sign-in", &fields).await;
    assert_eq!((opened.status, opened.location.as_deref()), (StatusCode::SEE_OTHER, Some("/portal/home")));
    let session = browser.cookie("recoup-session").expect("a session").to_owned();
    assert_eq!(browser.cookie("recoup-visit"), None, "the secret from before is gone");
    let account = browser.get("/portal/account").await;
    assert!(account.status == StatusCode::OK && account.text.contains("ada@portal.example.com"), "{}", account.text);
    let out = browser.send("/portal/account", "/portal/sign-out", &[]).await;
    assert_eq!((out.status, out.location.as_deref()), (StatusCode::SEE_OTHER, Some("/portal/sign-in")));
    let page = browser.get("/portal/sign-in").await;
    assert!(page.text.contains("You are signed out."));
    assert!(!browser.get("/portal/sign-in").await.text.contains("You are signed out."), "it is said once");
    browser.cookies.push(("recoup-session".to_owned(), session));
    assert_eq!(browser.get("/portal/account").await.status, StatusCode::SEE_OTHER, "an old cookie opens nothing");
}

#[tokio::test]
async fn the_second_factor_is_set_up_asked_for_and_its_recovery_codes_work_once() {
    let server = Server::start().await;
    joined(&server, "totp@portal.example.com", "owner", &[]).await;
    let mut browser = Browser::new(&server);
    browser.sign_in("totp@portal.example.com", PASSWORD).await;
    let page = "/portal/account/second-factor";
    let offered = browser.send(page, page, &[]).await;
    assert!(offered.text.contains("<svg class=\"qr\""), "{}", offered.text);
    let secret = between(&offered.text, "Or type the secret: <code>", "</code>").expect("a secret").replace(' ', "");
    let confirm = format!("{page}/confirm");
    let wrong = browser.send(page, &confirm, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let on = browser.send(page, &confirm, &[("code", &code(&secret, now().as_second()))]).await;
    let recovery = between(&on.text, "<li><code>", "</code>").expect("recovery codes").to_owned();
    assert!(!browser.get(page).await.text.contains(&recovery), "they are shown once");

    let mut other = Browser::new(&server);
    let half = other.sign_in("totp@portal.example.com", PASSWORD).await;
    assert_eq!(half.location.as_deref(), Some("/portal/sign-in/code?next=%2Fportal%2Fhome"));
    assert_eq!(other.get("/portal/account").await.status, StatusCode::SEE_OTHER, "the password alone opens nothing");
    let wrong = other.send("/portal/sign-in/code", "/portal/sign-in/code", &[("code", "12345678")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let opened = other.send("/portal/sign-in/code", "/portal/sign-in/code", &[("code", &recovery)]).await;
    assert_eq!(opened.location.as_deref(), Some("/portal/home"));
    let mut third = Browser::new(&server);
    third.sign_in("totp@portal.example.com", PASSWORD).await;
    let again = third.send("/portal/sign-in/code", "/portal/sign-in/code", &[("code", &recovery)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a recovery code works once");

    // The first browser sees the second one's session and ends it.
    let account = browser.get("/portal/account").await.text;
    let family = between(&account, "name=\"session\" value=\"", "\"").expect("another session").to_owned();
    let ended = browser.send("/portal/account", "/portal/account/sessions/end", &[("session", &family)]).await;
    assert_eq!(ended.location.as_deref(), Some("/portal/account"));
    assert_eq!(other.get("/portal/account").await.status, StatusCode::SEE_OTHER, "a session that was ended opens nothing");
}

#[tokio::test]
async fn forms_without_their_token_change_nothing() {
    let server = Server::start().await;
    joined(&server, "form@portal.example.com", "owner", &[]).await;
    let mut browser = Browser::new(&server);
    let fields = [("email", "form@portal.example.com"), ("password", PASSWORD)];
    assert_eq!(browser.send_with("", "/portal/sign-in", &fields).await.status, StatusCode::FORBIDDEN);
    let strange = Browser::new(&server).token("/portal/sign-in").await;
    browser.get("/portal/sign-in").await;
    assert_eq!(browser.send_with(&strange, "/portal/sign-in", &fields).await.status, StatusCode::FORBIDDEN);
    browser.sign_in("form@portal.example.com", PASSWORD).await;
    let out = browser.send_with(&strange, "/portal/sign-out", &[]).await;
    assert!(out.status == StatusCode::FORBIDDEN && out.text.contains("Trace id"), "{}", out.text);
    assert_eq!(browser.get("/portal/account").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn ten_failures_block_and_a_blocked_user_is_told_no_more_than_a_stranger() {
    let server = Server::start().await;
    joined(&server, "locked@portal.example.com", "owner", &[]).await;
    let mut browser = Browser::new(&server);
    let stranger = browser.sign_in("nobody@portal.example.com", "wrong horse battery").await;
    for _ in 0..10 {
        let wrong = browser.sign_in("locked@portal.example.com", "wrong horse battery").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = browser.sign_in("locked@portal.example.com", PASSWORD).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = |got: &Got| between(&got.text, "role=\"alert\">", "</p>").map(str::to_owned);
    assert_eq!(told(&right), told(&stranger));
    assert!(told(&right).is_some());
}

#[tokio::test]
async fn every_answer_keeps_browsers_from_harm() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for path in ["/portal/sign-in", "/portal/nowhere/at/all", "/portal/orders"] {
        let got = browser.get(path).await;
        let header =
            |name: &str| got.headers.get(name).map(|value| value.to_str().expect("readable").to_owned()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(
            (header("x-content-type-options").as_str(), header("cache-control").as_str()),
            ("nosniff", "no-store"),
            "{path}"
        );
        assert!(header("x-trace-id").starts_with("00-"), "{path}");
        assert!(!got.text.contains("style=\"") && !got.text.contains("<script>"), "{path}: nothing inline");
    }
    let page = browser.get("/portal/sign-in").await.text;
    for (before, kind) in [("rel=\"stylesheet\" href=\"", "text/css"), ("<script src=\"", "text/javascript")] {
        let file = browser.get(between(&page, before, "\"").expect("a file")).await;
        assert!(file.headers["content-type"].to_str().is_ok_and(|of| of.starts_with(kind)), "{kind}");
        assert!(file.headers["cache-control"].to_str().is_ok_and(|of| of.contains("immutable")), "{kind}");
    }
}

#[tokio::test]
async fn roles_open_their_pages_and_the_audit_log_shows_each_house_its_own() {
    let server = Server::start().await;
    let cast = recoup_tests::cast();
    joined(&server, "viewer@portal.example.com", "viewer", &["--mid", &cast.shop.mid]).await;
    joined(&server, "admin@portal.example.com", "admin", &["--mid", &cast.shop.mid]).await;
    joined(&server, "far@portal.example.com", "admin", &["--mid", &cast.stranger.mid]).await;
    let mut viewer = Browser::new(&server);
    viewer.sign_in("viewer@portal.example.com", PASSWORD).await;
    assert_eq!(viewer.get("/portal/switchboard").await.status, StatusCode::FORBIDDEN);
    let audit = viewer.get("/portal/audit").await;
    assert!(audit.status == StatusCode::OK && !audit.text.contains("admin@portal"), "who does not manage users sees none");
    let mut admin = Browser::new(&server);
    admin.sign_in("admin@portal.example.com", PASSWORD).await;
    let audit = admin.get("/portal/audit?topic=user").await.text;
    assert!(audit.contains("viewer@portal.example.com invited as viewer"), "{audit}");
    assert!(!audit.contains("far@portal"), "another merchant's people are not there");
    let none = admin.get("/portal/audit?author=somebody+who+never+was").await.text;
    assert!(none.contains("class=\"empty\""));
    let chosen = admin.send("/portal/account", "/portal/choose", &[("mid", &cast.stranger.mid)]).await;
    assert_eq!(chosen.status, StatusCode::NOT_FOUND, "another tenant's merchant is not there");
}
