//! Channel switches: `{"mit":{"mode":"off"}}` (`wire-api` §10.2).

use domain::channel::{Channel, Mode};
use engine::tenancy::Switch;

use crate::json::Reader;

/// What a site's channel is set to, to follow its merchant.
pub const INHERIT: &str = "inherit";

/// The channels that are named, in the order of the contract; a merchant's cannot inherit.
pub fn switches(reader: &mut Reader<'_, '_>, may_inherit: bool) -> Vec<Switch> {
    let mode = |text: &str| {
        let text = text.trim();
        if may_inherit && text.eq_ignore_ascii_case(INHERIT) { Some(None) } else { Mode::parse(text).map(Some) }
    };
    let mut found = Vec::new();
    for channel in Channel::ALL {
        let parent = match channel {
            Channel::CitWeb => "Cit_web",
            Channel::CitCallCenter => "Cit_call_center",
            Channel::Mit => "Mit",
        };
        if let Some(mode) = reader.object(channel.as_str(), parent).and_then(|mut inner| inner.required_parsed("mode", mode)) {
            found.push((*channel, mode));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use domain::fault::Faults;

    use super::*;
    use crate::json::parse;

    fn reading(body: &str, may_inherit: bool) -> (Vec<Switch>, Vec<String>) {
        let node = parse(body.as_bytes()).unwrap();
        let mut faults = Faults::new();
        let found = switches(&mut Reader::new(&node, &mut faults), may_inherit);
        (found, faults.iter().map(|(path, _)| path.to_owned()).collect())
    }

    #[test]
    fn named_channels_are_switched_and_others_stay() {
        let (found, faults) = reading(r#"{"MIT":{"Mode":"OFF"},"cit_web":{"mode":"inherit"},"cit_call_center":null}"#, true);
        assert_eq!(found, [(Channel::CitWeb, None), (Channel::Mit, Some(Mode::Off))]);
        assert!(faults.is_empty());
        assert_eq!(reading("{}", false), (vec![], vec![]));
    }

    #[test]
    fn what_is_no_mode_is_named() {
        for (body, path) in [
            (r#"{"mit":{"mode":"inherit"}}"#, "Mit.Mode"),
            (r#"{"cit_web":{"mode":"live"}}"#, "Cit_web.Mode"),
            (r#"{"cit_call_center":{"Other":1}}"#, "Cit_call_center.Mode"),
            (r#"{"mit":"off"}"#, "Mit"),
        ] {
            assert_eq!(reading(body, false).1, [path], "{body}");
        }
    }
}
