//! `recoup channel`: off, sandbox or production, for each channel of a merchant or a site.

use clap::{Args, Subcommand};
use domain::{
    audit::{Entry, What},
    channel::{Channel, Mode, Modes},
    environment::Environment,
    fault::Faults,
    id::{Mid, SiteId},
};
use engine::{Engine, PageAt, Precondition, Principal};
use serde::Serialize;
use serde_json::{Value, json};

use super::arguments::guid;
use crate::{failure::Failure, output::Output};

/// What a site's channel is set to, to follow its merchant.
const INHERIT: &str = "inherit";

/// Whose channels.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A merchant
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// A site
    #[arg(long, value_parser = guid(SiteId::parse))]
    site: Option<SiteId>,
}

/// What to do with channels.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The mode of each channel
    Show {
        #[command(flatten)]
        whose: Whose,
    },
    /// Set channels: off, sandbox, production; a site's also inherit
    Set {
        #[command(flatten)]
        whose: Whose,
        /// Such as mit=production
        #[arg(value_name = "CHANNEL=MODE", required = true, value_parser = switch)]
        switches: Vec<(Channel, Option<Mode>)>,
    },
    /// Who switched which channel of a merchant and its sites, newest first
    History {
        /// The merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
        /// How many switches
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        last: u32,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Show { whose } => show(&whose, engine, output).await,
        Command::Set { whose, switches } => {
            set(&whose, &switches, engine).await?;
            show(&whose, engine, output).await
        }
        Command::History { mid, last } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            let page = engine.channel_history(&operator(), mid, PageAt { number: 1, size: last }).await?;
            output.list(HISTORY, page.rows.iter().map(switched).collect())
        }
    }
}

async fn set(whose: &Whose, switches: &[(Channel, Option<Mode>)], engine: &Engine) -> Result<(), Failure> {
    let known = Precondition::default();
    if let Some(site) = whose.site {
        let done = engine.switch_site(&operator(), site, switches, Faults::new(), &known).await;
        done.map_err(Failure::about("site", site))?;
    }
    if let Some(mid) = whose.mid {
        let own = switches.iter().map(|(channel, mode)| mode.map(|mode| (*channel, mode))).collect::<Option<Vec<_>>>();
        let own = own.ok_or_else(|| Failure::usage("a merchant's channel has nobody to inherit from"))?;
        engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
        engine.switch_merchant(&operator(), mid, &own, Faults::new(), &known).await?;
    }
    Ok(())
}

/// Who runs the process acts for everybody.
const fn operator() -> Principal {
    Principal::operator(Environment::Production)
}

const HISTORY: &[(&str, &str)] =
    &[("CHANGED", "changedOn"), ("SITE", "siteId"), ("CHANNEL", "channel"), ("FROM", "from"), ("TO", "to"), ("BY", "changedBy")];

fn switched(entry: &Entry) -> Value {
    let word = |mode: Option<Mode>| mode.map_or(INHERIT, Mode::as_str);
    let (from, to) = match &entry.what {
        What::Channel { from, to, .. } => (word(*from), word(*to)),
        _ => ("", ""),
    };
    json!({
        "changedOn": entry.at.iso6(), "siteId": entry.what.site(), "channel": entry.what.channel(), "from": from, "to": to,
        "changedBy": entry.by.name, "role": entry.by.role,
    })
}

async fn show(whose: &Whose, engine: &Engine, output: Output) -> Result<(), Failure> {
    let site = match whose.site {
        Some(id) => Some(engine.site(id).await.map_err(Failure::about("site", id))?),
        None => None,
    };
    let Some(mid) = site.as_ref().map(|site| site.mid).or(whose.mid) else { return Err(Failure::usage("whose channels?")) };
    let merchant = engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
    let row = |channel: &Channel| {
        let in_force = site.as_ref().map_or_else(|| merchant.modes.get(*channel), |site| site.mode(&merchant.modes, *channel));
        let own = site.as_ref().map(|site| site.modes.get(*channel).map_or(INHERIT, Mode::as_str));
        json!({ "channel": channel, "mode": own.unwrap_or(in_force.as_str()), "effectiveMode": in_force })
    };
    output
        .list(&[("CHANNEL", "channel"), ("MODE", "mode"), ("IN FORCE", "effectiveMode")], Channel::ALL.iter().map(row).collect())
}

/// The modes by channel, as other commands show them.
pub fn modes<M: Copy + Serialize>(modes: &Modes<M>) -> Value {
    Channel::ALL
        .iter()
        .map(|channel| (channel.as_str().to_owned(), json!(modes.get(*channel))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn switch(text: &str) -> Result<(Channel, Option<Mode>), String> {
    let (channel, mode) = super::arguments::assignment(text)?;
    let channel = super::arguments::word(Channel::parse, Channel::ALL)(&channel)?;
    if mode == INHERIT {
        return Ok((channel, None));
    }
    Ok((channel, Some(super::arguments::word(Mode::parse, Mode::ALL)(&mode)?)))
}
