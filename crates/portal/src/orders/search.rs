//! What a list of orders is narrowed to: the fields of the form, which are the page's query.

use domain::{
    bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX},
    channel::Channel,
    fault::Faults,
    id::SiteId,
    order::Code,
};
use engine::{OrderFilter, PageAt};
use serde::Deserialize;

use crate::format::Zone;

/// The states that are not final, as one choice.
pub const OPEN: &str = "open";

/// The fields as they were sent; empty ones narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Names, e-mail, ids, references.
    pub query: String,
    /// A state's word, or `open`.
    pub status: String,
    /// First day, in the viewer's zone.
    pub from: String,
    /// Last day.
    pub to: String,
    /// `mit` or `cit`.
    pub initiator: String,
    /// A site's id.
    pub site: String,
    /// A channel's word.
    pub channel: String,
    /// The merchant's order id.
    pub external: String,
    /// Page, from 1.
    pub page: String,
}

impl Asked {
    /// The pairs of the query, without the page.
    pub fn pairs(&self) -> [(&str, &str); 8] {
        [
            ("query", self.query.as_str()),
            ("status", &self.status),
            ("from", &self.from),
            ("to", &self.to),
            ("initiator", &self.initiator),
            ("site", &self.site),
            ("channel", &self.channel),
            ("external", &self.external),
        ]
    }

    /// Whether anything is narrowed.
    pub fn narrows(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.trim().is_empty())
    }

    /// Number of the page.
    pub fn number(&self) -> u32 {
        self.page.trim().parse().unwrap_or(1).max(1)
    }

    /// The filter, or what cannot be read of it, by field.
    pub fn filter(&self, zone: &Zone, size: u32) -> Result<OrderFilter, Faults> {
        let mut faults = Faults::new();
        let placed_from = known(&self.from, |text| zone.first_of(text), ("from", "This is no date."), &mut faults);
        let placed_to = known(&self.to, |text| zone.last_of(text), ("to", "This is no date."), &mut faults);
        if placed_from.zip(placed_to).is_some_and(|(from, to)| from > to) {
            faults.add("to", "The last day is before the first.");
        }
        let is_mit = |text: &str| match text {
            "mit" => Some(true),
            "cit" => Some(false),
            _ => None,
        };
        let filter = OrderFilter {
            codes: known(&self.status, codes, ("status", "There is no such status."), &mut faults).unwrap_or_default(),
            placed_from,
            placed_to,
            query: known(&self.query, |text| Some(text.chars().take(TEXT_CHARS_MAX).collect()), ("query", ""), &mut faults),
            site: known(&self.site, SiteId::parse, ("site", "There is no such site."), &mut faults),
            channel: known(&self.channel, Channel::parse, ("channel", "There is no such channel."), &mut faults),
            is_mit: known(&self.initiator, is_mit, ("initiator", "This is neither CIT nor MIT."), &mut faults),
            external_id: known(
                &self.external,
                |text| (text.chars().count() <= ID_CHARS_MAX).then(|| text.to_owned()),
                ("external", "No order id is so long."),
                &mut faults,
            ),
            page: PageAt { number: self.number(), size },
            ..OrderFilter::default()
        };
        if faults.is_empty() { Ok(filter) } else { Err(faults) }
    }
}

fn codes(word: &str) -> Option<Vec<Code>> {
    if word == OPEN {
        return Some(Code::ALL.iter().copied().filter(|code| code.is_open()).collect());
    }
    Code::parse(word).map(|code| vec![code])
}

fn known<T>(text: &str, read: impl FnOnce(&str) -> Option<T>, (field, fault): (&str, &str), faults: &mut Faults) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let found = read(text);
    if found.is_none() {
        faults.add(field, fault);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_narrow_the_list() {
        let zone = Zone::named(Some("Europe/Berlin"));
        let asked = Asked {
            query: " anna ".into(),
            status: OPEN.into(),
            from: "2026-11-20".into(),
            to: "2026-11-20".into(),
            initiator: "cit".into(),
            page: "3".into(),
            ..Asked::default()
        };
        let filter = asked.filter(&zone, 25).unwrap();
        assert_eq!((filter.query.as_deref(), filter.is_mit, filter.page.number), (Some("anna"), Some(false), 3));
        assert!(filter.codes.contains(&Code::Scheduled) && !filter.codes.contains(&Code::Recovered));
        assert_eq!(filter.placed_from.unwrap().iso6(), "2026-11-19T23:00:00.000000Z");
        assert_eq!(filter.placed_to.unwrap().iso6(), "2026-11-20T22:59:59.999999Z");
        let plain = Asked::default();
        assert!(!plain.narrows() && plain.filter(&zone, 25).unwrap().codes.is_empty());
        assert_eq!(Asked { page: "-4".into(), ..Asked::default() }.number(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field() {
        let zone = Zone::named(None);
        let wrong = "nonsense".to_owned();
        for (asked, field) in [
            (Asked { from: wrong.clone(), ..Asked::default() }, "from"),
            (Asked { to: wrong.clone(), ..Asked::default() }, "to"),
            (Asked { from: "2026-11-21".into(), to: "2026-11-20".into(), ..Asked::default() }, "to"),
            (Asked { status: wrong.clone(), ..Asked::default() }, "status"),
            (Asked { site: wrong.clone(), ..Asked::default() }, "site"),
            (Asked { channel: wrong.clone(), ..Asked::default() }, "channel"),
            (Asked { initiator: wrong, ..Asked::default() }, "initiator"),
            (Asked { external: "x".repeat(ID_CHARS_MAX + 1), ..Asked::default() }, "external"),
        ] {
            assert!(asked.filter(&zone, 25).unwrap_err().has(field), "{asked:?}");
        }
    }
}
