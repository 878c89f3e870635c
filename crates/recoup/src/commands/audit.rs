//! `recoup audit`: who changed what, and when. Entries are only ever added, and none holds a secret.

use clap::Subcommand;
use domain::{
    audit::{Entry, Topic},
    id::Mid,
};
use engine::{Engine, PageAt};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The entries about a merchant, or those that belong to none, newest first
    List {
        /// The merchant; without one: partners, the operator's own staff, keys and processors
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
        /// Only about: channel, grant, processor, routes, user, key or partner
        #[arg(long, value_parser = word(Topic::parse, Topic::ALL))]
        topic: Option<Topic>,
        /// How many entries
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        last: u32,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    let Command::List { mid, topic, last } = command;
    if let Some(mid) = mid {
        engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
    }
    let page = engine.trail(mid, topic, PageAt { number: 1, size: last }).await?;
    output.list(COLUMNS, page.rows.iter().map(view).collect())
}

const COLUMNS: &[(&str, &str)] = &[("CHANGED", "changedOn"), ("TOPIC", "topic"), ("WHAT", "told"), ("BY", "changedBy")];

fn view(entry: &Entry) -> Value {
    let mut what = json!(entry.what);
    if let Some(members) = what.as_object_mut() {
        members.remove("topic");
    }
    json!({
        "id": entry.id, "changedOn": entry.at.iso6(), "mid": entry.mid, "topic": entry.what.topic(), "told": told(&what),
        "what": what, "changedBy": entry.by.name, "role": entry.by.role, "clientId": entry.by.client, "userId": entry.by.user,
    })
}

/// The members on one line, for people; those without a value are left out.
fn told(what: &Value) -> String {
    let told = |(name, value): (&String, &Value)| match value {
        Value::Null => None,
        Value::String(text) => Some(format!("{name}={text}")),
        other => Some(format!("{name}={other}")),
    };
    what.as_object().map(|members| members.iter().filter_map(told).collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_on_one_line() {
        let what = json!({"active": false, "from": null, "partner": "p", "to": {"role": "viewer"}});
        assert_eq!(told(&what), r#"active=false partner=p to={"role":"viewer"}"#);
    }
}
