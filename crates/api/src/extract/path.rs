//! Paths (`wire-api` §1.2): repeated slashes are folded, a trailing slash is ignored, literal segments match in any
//! case. Ids keep their case: a merchant's own order id is free text.

use http::Uri;

/// The address with its path in the form the router knows; `None` when it has that form already.
pub fn fold(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if is_folded(path) {
        return None;
    }
    let mut folded = String::with_capacity(path.len());
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).enumerate();
    let mut of_orders = false;
    for (place, segment) in segments.by_ref() {
        folded.push('/');
        of_orders |= place == 1 && segment.eq_ignore_ascii_case("orders");
        if of_orders && place == 2 {
            folded.push_str(segment);
        } else {
            folded.extend(segment.chars().map(|c| c.to_ascii_lowercase()));
        }
    }
    if folded.is_empty() {
        folded.push('/');
    }
    if let Some(query) = uri.query() {
        folded.push('?');
        folded.push_str(query);
    }
    folded.parse().ok()
}

fn is_folded(path: &str) -> bool {
    !path.contains("//") && (path == "/" || !path.ends_with('/')) && !path.bytes().any(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fold() {
        for (path, expected) in [
            ("/v1/outcome", None),
            ("/", None),
            ("/v1//outcome", Some("/v1/outcome")),
            ("//V1/OAuth2/Token/", Some("/v1/oauth2/token")),
            ("/v1/orders/INV%2F7/External-Cancel", Some("/v1/orders/INV%2F7/external-cancel")),
            ("/v1/Orders/aB", Some("/v1/orders/aB")),
            ("/v1/tokens/E97B1FF1-5A64/", Some("/v1/tokens/e97b1ff1-5a64")),
            ("/v1//orders/?Query=Ab&x=%41", Some("/v1/orders?Query=Ab&x=%41")),
            ("///", Some("/")),
        ] {
            let uri: Uri = path.parse().unwrap();
            assert_eq!(fold(&uri).map(|uri| uri.to_string()).as_deref(), expected, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_once_is_enough(path in "(/{0,2}[A-Za-z0-9%.-]{0,6}){0,6}") {
            if let Ok(uri) = format!("/{path}").parse::<Uri>() {
                let once = fold(&uri).unwrap_or(uri);
                let twice = fold(&once).unwrap_or_else(|| once.clone());
                proptest::prop_assert_eq!(twice, once);
            }
        }
    }
}
