//! Sites and how a transaction finds its own (`wire-api` §5.6).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    bounds::{DESCRIPTOR_CHARS_MAX, ID_CHARS_MAX, SITE_NAMES_MAX, TEXT_CHARS_MAX},
    channel::{Channel, Mode, Modes, SiteModes},
    fault::Faults,
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
    /// Row version.
    #[serde(default = "crate::merchant::first_version")]
    pub version: u32,
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
    /// How the challenge widget looks here.
    #[serde(default)]
    pub ui: Ui,
    /// Channel modes; `None` inherits.
    pub modes: SiteModes,
    /// Settings that differ from the merchant's.
    pub overrides: Overrides,
    /// Archived sites match nothing.
    pub archived: bool,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

/// How the challenge widget looks and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Ui {
    /// Logo.
    pub logo_url: Option<String>,
    /// `#rrggbb`.
    pub primary_color: Option<String>,
    /// `#rrggbb`.
    pub text_color: Option<String>,
    /// BCP 47.
    pub locale: Option<String>,
    /// Where the customer goes after a payment.
    pub success_url: Option<String>,
    /// Where the customer goes without one.
    pub fail_url: Option<String>,
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
    if let Some(wanted) = descriptor.filter(|text| !text.trim().is_empty())
        && let Some(site) = live().find(|site| site.descriptors.iter().any(|own| same_folded(own, wanted)))
    {
        return Ok((site, MatchedBy::Descriptor));
    }
    let default = live().find(|site| site.is_default).ok_or(ResolveError::NoDefault)?;
    Ok((default, MatchedBy::Default))
}

/// What two addresses have in common when a visitor could not tell them apart: host without case, `www.` and port, path
/// on segment borders. `None` when the text is no address.
pub fn address_key(url: &str) -> Option<String> {
    let Location { host, path } = Location::parse(url)?;
    Some(std::iter::once(host).chain(path).collect::<Vec<_>>().join("/"))
}

/// What two descriptors have in common when they match the same transactions: case and spaces folded.
pub fn descriptor_key(descriptor: &str) -> String {
    fold(descriptor)
}

impl Site {
    /// Adds a fault for every member that cannot be.
    pub fn check(&self, faults: &mut Faults) {
        if self.name.trim().is_empty() {
            faults.required("Name");
        } else if self.name.chars().count() > ID_CHARS_MAX {
            faults.too_long("Name", ID_CHARS_MAX);
        }
        each(&self.urls, "Urls", faults, |url| url.chars().count() <= TEXT_CHARS_MAX && address_key(url).is_some());
        each(&self.descriptors, "Descriptors", faults, |text| {
            !text.trim().is_empty() && text.chars().count() <= DESCRIPTOR_CHARS_MAX && !text.chars().any(char::is_control)
        });
        each(&self.allowed_origins, "AllowedOrigins", faults, is_origin);
        if self.mcc.as_ref().is_some_and(|mcc| mcc.len() != 4 || !mcc.bytes().all(|b| b.is_ascii_digit())) {
            faults.invalid("Mcc");
        }
        self.ui.check(faults);
    }

    /// What of this site a sister has already: resolution would be a guess. Archived sisters have nothing.
    pub fn clash<'a>(&'a self, sisters: &[Self]) -> Option<Clash<'a>> {
        let others = || sisters.iter().filter(|sister| sister.id != self.id && !sister.archived);
        let urls: HashSet<_> = others().flat_map(|sister| &sister.urls).filter_map(|url| address_key(url)).collect();
        let descriptors: HashSet<_> = others().flat_map(|sister| &sister.descriptors).map(|text| fold(text)).collect();
        let url = self.urls.iter().find(|url| address_key(url).is_some_and(|key| urls.contains(&key)));
        let descriptor = || self.descriptors.iter().find(|text| descriptors.contains(&fold(text)));
        url.map(|url| Clash::Url(url)).or_else(|| descriptor().map(|text| Clash::Descriptor(text)))
    }
}

/// What two sites of one merchant cannot both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Clash<'a> {
    /// An address.
    #[error("Another site has the address {0}.")]
    Url(&'a str),
    /// A descriptor.
    #[error("Another site has the descriptor {0}.")]
    Descriptor(&'a str),
}

/// Path, value, and what makes the value lawful.
type Member<'a> = (&'static str, &'a Option<String>, &'a dyn Fn(&str) -> bool);

impl Ui {
    fn check(&self, faults: &mut Faults) {
        let hex = |text: &str| text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|b| b.is_ascii_hexdigit());
        let web = |text: &str| {
            text.chars().count() <= TEXT_CHARS_MAX
                && (text.starts_with("https://") || text.starts_with("http://"))
                && address_key(text).is_some()
        };
        let tag = |text: &str| {
            (2..=35).contains(&text.len())
                && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
        };
        let members: [Member<'_>; 6] = [
            ("Ui.LogoUrl", &self.logo_url, &web),
            ("Ui.PrimaryColor", &self.primary_color, &hex),
            ("Ui.TextColor", &self.text_color, &hex),
            ("Ui.Locale", &self.locale, &tag),
            ("Ui.SuccessUrl", &self.success_url, &web),
            ("Ui.FailUrl", &self.fail_url, &web),
        ];
        for (path, value, lawful) in members {
            if value.as_deref().is_some_and(|text| !lawful(text)) {
                faults.invalid(path);
            }
        }
    }
}

fn each(values: &[String], path: &str, faults: &mut Faults, lawful: impl Fn(&str) -> bool) {
    if values.len() > SITE_NAMES_MAX {
        faults.too_many(path, SITE_NAMES_MAX);
        return;
    }
    for (place, _) in values.iter().enumerate().filter(|(_, value)| !lawful(value)) {
        faults.invalid(&format!("{path}[{place}]"));
    }
}

/// Scheme, host and perhaps port, as browsers send it.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    text.len() <= TEXT_CHARS_MAX && rest.is_some_and(|rest| !rest.contains(['/', '?', '#', '@']) && address_key(rest).is_some())
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether two texts are the same but for case and the width of spaces; nothing is copied to find out.
fn same_folded(one: &str, other: &str) -> bool {
    let same_word = |(a, b): (&str, &str)| a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase));
    let words = |text| str::split_whitespace(text);
    words(one).count() == words(other).count() && words(one).zip(words(other)).all(same_word)
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
            version: 1,
            mid: Mid::from_bytes([9; 16]),
            name: format!("site {n}"),
            urls: urls.iter().map(ToString::to_string).collect(),
            descriptors: descriptors.iter().map(ToString::to_string).collect(),
            is_default,
            mcc: None,
            allowed_origins: vec![],
            ui: Ui::default(),
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

    #[test]
    fn faults_are_named() {
        let sound = Site {
            allowed_origins: vec!["https://shop.example".into(), "http://localhost:3000".into()],
            ui: Ui { primary_color: Some("#00ffAA".into()), locale: Some("de-AT".into()), ..Ui::default() },
            ..site(1, &["https://shop.example/a"], &["SHOP"], true)
        };
        let faults_of = |site: &Site| {
            let mut faults = Faults::new();
            site.check(&mut faults);
            faults.iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>()
        };
        assert!(faults_of(&sound).is_empty());
        for (path, change) in [
            ("Name", (|site| site.name = " ".into()) as fn(&mut Site)),
            ("Name", |site| site.name = "x".repeat(256)),
            ("Urls[1]", |site| site.urls.push("not a url".into())),
            ("Urls", |site| site.urls = vec!["a.example".into(); 101]),
            ("Descriptors[1]", |site| site.descriptors.push(" ".into())),
            ("AllowedOrigins[2]", |site| site.allowed_origins.push("https://a.example/".into())),
            ("AllowedOrigins[2]", |site| site.allowed_origins.push("a.example".into())),
            ("Mcc", |site| site.mcc = Some("59681".into())),
            ("Ui.TextColor", |site| site.ui.text_color = Some("#12345é".into())),
            ("Ui.LogoUrl", |site| site.ui.logo_url = Some("javascript:alert(1)".into())),
            ("Ui.Locale", |site| site.ui.locale = Some("de_AT".into())),
        ] {
            let mut wrong = sound.clone();
            change(&mut wrong);
            assert_eq!(faults_of(&wrong), [path]);
        }
    }

    #[test]
    fn sisters_share_neither_address_nor_descriptor() {
        let first = site(1, &["https://www.shop.example/eu"], &["SHOP EU"], true);
        for (urls, descriptors, clash) in [
            (&["http://SHOP.example:80/eu/"][..], &[][..], Some("the address http://SHOP.example:80/eu/")),
            (&["https://shop.example"], &["shop  eu"], Some("the descriptor shop  eu")),
            (&["https://shop.example/eu/fr"], &["SHOP"], None),
        ] {
            let second = site(2, urls, descriptors, false);
            let found = second.clash(std::slice::from_ref(&first)).map(|clash| clash.to_string());
            assert_eq!(found, clash.map(|what| format!("Another site has {what}.")), "{urls:?}");
        }
        let archived = Site { archived: true, ..first.clone() };
        assert_eq!(site(2, &["shop.example/eu"], &[], false).clash(&[archived]), None);
        assert_eq!(first.clash(std::slice::from_ref(&first)), None, "a site does not clash with itself");
    }

    #[test]
    fn addresses_and_descriptors_have_one_form() {
        for (url, key) in [
            ("https://WWW.Shop.example:8443/eu/", Some("shop.example/eu")),
            ("shop.example//eu?x#y", Some("shop.example/eu")),
            ("http://shop.example/", Some("shop.example")),
            ("https://shop.example/EU", Some("shop.example/EU")),
            ("https://", None),
            ("a b", None),
        ] {
            assert_eq!(address_key(url).as_deref(), key, "{url}");
        }
        assert_eq!(descriptor_key("  Shop*Main \t 1 "), "shop*main 1");
    }

    proptest::proptest! {
        #[test]
        fn any_text_resolves_to_some_site(url in "\\PC{0,60}", descriptor in "\\PC{0,30}") {
            let sites = [site(1, &["https://shop.example"], &["A"], true)];
            proptest::prop_assert!(resolve(&sites, None, Some(&url), Some(&descriptor)).is_ok());
        }
    }
}
