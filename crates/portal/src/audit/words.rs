//! What happened, in words.

use domain::{audit::What, user::Standing};
use serde_json::Value;

/// One sentence or a few.
pub fn of(what: &What) -> String {
    match what {
        What::Channel { channel, from, to, site, .. } => {
            let mode = |mode: &Option<_>| mode.as_ref().map_or_else(|| "inherited".to_owned(), ToString::to_string);
            let whose = site.map_or_else(|| "of the merchant".to_owned(), |site| format!("of site {site}"));
            format!("Channel {channel} {whose}: {} → {}", mode(from), mode(to))
        }
        What::User { email, from, to, password, .. } => user(email, from.as_ref(), to.as_ref(), *password),
        What::Key { kind, name, environment, revoked, .. } => {
            format!("{} key “{name}” ({environment}) {}", kind, if *revoked { "revoked" } else { "made" })
        }
        What::Grant { partner, given } => {
            format!("Partner {partner} {}", if *given { "may act for the merchant" } else { "may no longer act for the merchant" })
        }
        What::Partner { partner, active } => format!("Partner {partner} switched {}", if *active { "on" } else { "off" }),
        other => members(other),
    }
}

fn user(email: &str, from: Option<&Standing>, to: Option<&Standing>, password: bool) -> String {
    let told = match (from, to) {
        (None, Some(to)) => format!("{email} invited as {}", to.role),
        (Some(_), None) => format!("{email} removed"),
        (Some(from), Some(to)) => {
            let mut changes = Vec::new();
            let mut tell = |name: &str, from: String, to: String| {
                if from != to {
                    changes.push(format!("{name} {from} → {to}"));
                }
            };
            tell("role", from.role.to_string(), to.role.to_string());
            tell("status", from.status.to_string(), to.status.to_string());
            tell("second factor", on(from.second_factor), on(to.second_factor));
            tell("personal data masked", on(from.mask_pii), on(to.mask_pii));
            tell("reach", from.reach.to_string(), to.reach.to_string());
            if changes.is_empty() { email.to_owned() } else { format!("{email}: {}", changes.join(", ")) }
        }
        (None, None) => email.to_owned(),
    };
    if password && from.is_some() { format!("{told}; password changed") } else { told }
}

fn on(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}

/// Every member with its value, for what has no sentence of its own.
fn members(what: &What) -> String {
    let Ok(Value::Object(members)) = serde_json::to_value(what) else { return String::new() };
    let told = members.into_iter().filter(|(name, value)| name != "topic" && !value.is_null());
    let told = told.map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    });
    told.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use domain::{
        channel::{Channel, Mode},
        id::PartnerId,
    };

    use super::*;

    #[test]
    fn entries_are_sentences() {
        let channel = What::Channel { site: None, channel: Channel::Mit, from: None, to: Some(Mode::Off) };
        assert_eq!(of(&channel), "Channel mit of the merchant: inherited → off");
        let partner = What::Partner { partner: PartnerId::from_bytes([1; 16]), active: false };
        assert!(of(&partner).ends_with("switched off"));
        let merchant = What::Merchant { active: true };
        assert_eq!(of(&merchant), "active: true");
    }
}
