//! Sites and how a transaction finds its own (`wire-api` §5.6).

use serde::{Deserialize, Serialize};

use crate::{
    channel::{Channel, Mode, Modes, SiteModes},
    id::{Mid, SiteId},
    settings::Overrides,
    time::Timestamp,
};

/// A website (or call-centre line, or app) of a merchant, with its descriptor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Its merchant.
    pub mid: Mid,
    /// Its name.
    pub name: String,
    /// `https://shop.example/eu`: host and path prefix.
    pub urls: Vec<String>,
    /// Statement descriptors; the first is sent to the processor.
    pub descriptors: Vec<String>,
    /// Takes what matches no other site.
    pub is_default: bool,
    /// Merchant category code, when it differs from the merchant's.
    pub mcc: Option<String>,
    /// Browser origins that may tokenise.
    pub allowed_origins: Vec<String>,
    /// Channel modes; `None` inherits.
    pub modes: SiteModes,
    /// Settings that differ from the merchant's.
    pub overrides: Overrides,
    /// Archived sites match nothing.
    pub archived: bool,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

impl Site {
    /// The mode in force for a channel.
    pub fn mode(&self, merchant: &Modes<Mode>, channel: Channel) -> Mode {
        self.modes.get(channel).unwrap_or_else(|| merchant.get(channel))
    }

    /// The descriptor sent to the processor.
    pub fn descriptor(&self) -> Option<&str> {
        self.descriptors.first().map(String::as_str)
    }
}

crate::words! {
    /// Which rule found the site.
    pub enum MatchedBy {
        /// `siteId`.
        SiteId = "siteId",
        /// `siteUrl`.
        SiteUrl = "siteUrl",
        /// The statement descriptor.
        Descriptor = "descriptor",
        /// Nothing matched: the default site, visible as unresolved.
        Default = "default",
    }
}

/// Why no site was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// `siteId` is not a site of this merchant.
    #[error("not a site of this merchant")]
    NotASite,
    /// The merchant has no default site.
    #[error("the merchant has no default site")]
    NoDefault,
}

/// Finds the site: `siteId`, then `siteUrl` (host, then longest path prefix on segment borders), then
/// descriptor, then the default.
pub fn resolve<'a>(
    sites: &'a [Site],
    site_id: Option<SiteId>,
    site_url: Option<&str>,
    descriptor: Option<&str>,
) -> Result<(&'a Site, MatchedBy), ResolveError> {
    let live = || sites.iter().filter(|site| !site.archived);
    if let Some(id) = site_id {
        let site = live().find(|site| site.id == id).ok_or(ResolveError::NotASite)?;
        return Ok((site, MatchedBy::SiteId));
    }
    if let Some(wanted) = site_url.and_then(Location::parse) {
        let best = live()
            .flat_map(|site| site.urls.iter().filter_map(move |url| Some((site, Location::parse(url)?))))
            .filter(|(_, location)| location.covers(&wanted))
            .max_by_key(|(_, location)| location.path.len());
        if let Some((site, _)) = best {
            return Ok((site, MatchedBy::SiteUrl));
        }
    }
    if let Some(wanted) = descriptor.map(fold).filter(|text| !text.is_empty())
        && let Some(site) = live().find(|site| site.descriptors.iter().any(|own| fold(own) == wanted))
    {
        return Ok((site, MatchedBy::Descriptor));
    }
    let default = live().find(|site| site.is_default).ok_or(ResolveError::NoDefault)?;
    Ok((default, MatchedBy::Default))
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Host without case, `www.` and port; path as segments.
struct Location {
    host: String,
    path: Vec<String>,
}

impl Location {
    fn parse(url: &str) -> Option<Self> {
        let url = url.trim();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next().unwrap_or(authority).to_ascii_lowercase();
        let host = host.split(':').next().unwrap_or(&host);
        let host = host.strip_prefix("www.").unwrap_or(host);
        let sound = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
        sound.then(|| Self {
            host: host.to_owned(),
            path: path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        })
    }

    fn covers(&self, other: &Self) -> bool {
        self.host == other.host && other.path.starts_with(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(n: u8, urls: &[&str], descriptors: &[&str], is_default: bool) -> Site {
        Site {
            id: SiteId::from_bytes([n; 16]),
            mid: Mid::from_bytes([9; 16]),
            name: format!("site {n}"),
            urls: urls.iter().map(ToString::to_string).collect(),
            descriptors: descriptors.iter().map(ToString::to_string).collect(),
            is_default,
            mcc: None,
            allowed_origins: vec![],
            modes: Modes::all(None),
            overrides: Overrides::default(),
            archived: false,
            created_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn the_first_rule_that_matches_wins() {
        let sites = [
            site(1, &["https://shop.example"], &["SHOP*MAIN"], true),
            site(2, &["https://www.shop.example/eu"], &["SHOP*EU"], false),
            site(3, &["https://shop.example/eu/fr", "https://other.example:8443"], &["SHOP FR"], false),
        ];
        for (id, url, descriptor, expected, by) in [
            (Some(3), Some("https://shop.example/eu"), None, 3, MatchedBy::SiteId),
            (None, Some("https://SHOP.example/eu/fr/cart?x=1"), None, 3, MatchedBy::SiteUrl),
            (None, Some("shop.example/eufr"), None, 1, MatchedBy::SiteUrl),
            (None, Some("http://www.shop.example:8080/eu"), None, 2, MatchedBy::SiteUrl),
            (None, Some("https://other.example/x"), None, 3, MatchedBy::SiteUrl),
            (None, Some("::not a url::"), Some("shop*eu"), 2, MatchedBy::Descriptor),
            (None, Some("https://unknown.example"), Some(" shop   fr "), 3, MatchedBy::Descriptor),
            (None, None, Some("OTHER"), 1, MatchedBy::Default),
            (None, None, None, 1, MatchedBy::Default),
        ] {
            let (found, rule) = resolve(&sites, id.map(|n| SiteId::from_bytes([n; 16])), url, descriptor).unwrap();
            assert_eq!((found.id.bytes()[0], rule), (expected, by), "{url:?} {descriptor:?}");
        }
        assert_eq!(resolve(&sites, Some(SiteId::from_bytes([7; 16])), None, None).unwrap_err(), ResolveError::NotASite);
        assert_eq!(resolve(&sites[1..], None, None, None).unwrap_err(), ResolveError::NoDefault);
    }

    proptest::proptest! {
        #[test]
        fn any_text_resolves_to_some_site(url in "\\PC{0,60}", descriptor in "\\PC{0,30}") {
            let sites = [site(1, &["https://shop.example"], &["A"], true)];
            proptest::prop_assert!(resolve(&sites, None, Some(&url), Some(&descriptor)).is_ok());
        }
    }
}
