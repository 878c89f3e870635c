//! Our own style and script, under names that hold a hash of what is in them: they may be kept for ever.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::{Portal, Problem};

/// Name, type and text of each file.
const FILES: &[(&str, &str, &str)] = &[
    ("portal.css", "text/css; charset=utf-8", include_str!("../assets/portal.css")),
    ("portal.js", "text/javascript; charset=utf-8", include_str!("../assets/portal.js")),
];
/// Hexadecimal digits of the hash in a name.
const HASH_DIGITS: usize = 16;

struct Asset {
    name: &'static str,
    path: String,
    kind: &'static str,
    text: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let charts = ("charts.css", "text/css; charset=utf-8", chart::chart_css());
    let files = FILES.iter().map(|(name, kind, text)| (*name, *kind, (*text).to_owned()));
    files.chain([charts]).map(|(name, kind, text)| asset(name, kind, text)).collect()
});

fn asset(name: &'static str, kind: &'static str, text: String) -> Asset {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let hex = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hash: String = hex.filter_map(|digit| char::from_digit(digit.into(), 16)).take(HASH_DIGITS).collect();
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    Asset { name, path: format!("{stem}.{hash}.{ending}"), kind, text }
}

/// Where a file is to be found; for templates.
pub fn url(name: &str) -> String {
    let path = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.path);
    format!("/portal/assets/{path}")
}

/// The files.
pub fn routes() -> Router<Portal> {
    Router::new().route("/portal/assets/{path}", get(file))
}

async fn file(Path(path): Path<String>) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.path == path).ok_or(Problem::NotFound)?;
    let headers = [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.text.as_str()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_the_hash_of_the_text() {
        assert!(url("portal.css").starts_with("/portal/assets/portal.") && url("portal.css") != url("portal.js"));
        assert_ne!(asset("a.css", "", "one".into()).path, asset("a.css", "", "two".into()).path);
    }
}
