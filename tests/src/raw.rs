//! Requests as bytes, for clients that are older, slower or odder than any HTTP library.

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::PATIENCE;

/// An answer, taken apart by hand.
#[derive(Debug, Clone)]
pub struct Raw {
    /// Status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Raw {
    /// Reads an answer that was ended by the end of the connection or by its length.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        Self {
            status: status.unwrap_or_else(|| panic!("no status: {text:?}")),
            headers: lines.filter_map(header).collect(),
            body: body.to_owned(),
        }
    }

    /// A header; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// Sends bytes on a connection of their own and reads all that comes until the server closes it.
pub async fn exchange(address: &str, request: &[u8]) -> Raw {
    let mut stream = TcpStream::connect(address).await.expect("the server accepts");
    stream.write_all(request).await.expect("the server reads");
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server closes").expect("the answer is read");
    Raw::parse(&answer)
}
