use std::{fs, net::SocketAddr, time::Duration};

use axum::{Router, routing::get};
use reqwest::{Certificate, Version};

use super::*;
use crate::server::{Limits, Listener, Server};

/// A folder with a fresh certificate for 127.0.0.1 and its key.
struct Pair {
    folder: tempfile::TempDir,
}

impl Pair {
    fn new() -> Self {
        let pair = Self { folder: tempfile::tempdir().unwrap() };
        pair.renew();
        pair
    }

    fn cert(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    fn renew(&self) {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        fs::write(self.cert(), made.cert.pem()).unwrap();
        fs::write(self.key(), made.signing_key.serialize_pem()).unwrap();
    }

    /// A client that trusts the certificate as it is on disk now.
    fn client(&self) -> reqwest::Client {
        let root = Certificate::from_pem(&fs::read(self.cert()).unwrap()).unwrap();
        reqwest::Client::builder().tls_certs_only([root]).build().unwrap()
    }
}

const LIMITS: Limits = Limits {
    connections_max: 8,
    header_timeout: Duration::from_secs(5),
    body_timeout: Duration::from_secs(5),
    drain_timeout: Duration::from_secs(5),
};

#[tokio::test]
async fn http2_over_tls_is_served_and_a_renewed_certificate_is_taken_over() {
    let pair = Pair::new();
    let tls = Tls::open(&pair.cert(), &pair.key()).unwrap();
    let listener =
        Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), Router::new().route("/", get(|| async { "hello" }))).unwrap();
    let url = format!("https://{}/", listener.address().unwrap());
    tokio::spawn(Server { listeners: vec![listener], tls: Some(tls.clone()), limits: LIMITS }.run(std::future::pending()));

    let response = pair.client().get(&url).send().await.unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    assert_eq!(response.text().await.unwrap(), "hello");

    pair.renew();
    assert!(pair.client().get(&url).send().await.is_err(), "not read again yet");
    tls.reload().unwrap();
    assert_eq!(pair.client().get(&url).send().await.unwrap().text().await.unwrap(), "hello");

    fs::write(pair.key(), "nonsense").unwrap();
    assert!(tls.reload().unwrap_err().contains("key.pem"));
    assert_eq!(pair.client().get(&url).send().await.unwrap().text().await.unwrap(), "hello", "the last sound one stays");
}

#[test]
fn unsound_files_are_named() {
    let (pair, other) = (Pair::new(), Pair::new());
    for (cert, key, expected) in [
        (pair.folder.path().join("none.pem"), pair.key(), "none.pem cannot be read"),
        (pair.cert(), pair.folder.path().join("none.pem"), "none.pem cannot be read"),
        (pair.cert(), other.key(), "are no pair"),
    ] {
        let message = load(&cert, &key).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
}
