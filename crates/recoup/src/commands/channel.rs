//! `recoup channel`: off, sandbox or production, for each channel of a merchant or a site.

use clap::{Args, Subcommand};
use domain::{
    channel::{Channel, Mode, Modes},
    id::{Mid, SiteId},
};
use engine::Engine;
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
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Show { whose } => show(&whose, engine, output).await,
        Command::Set { whose, switches } => {
            for (channel, mode) in switches {
                set(&whose, channel, mode, engine).await?;
            }
            show(&whose, engine, output).await
        }
    }
}

async fn set(whose: &Whose, channel: Channel, mode: Option<Mode>, engine: &Engine) -> Result<(), Failure> {
    if let Some(site) = whose.site {
        engine.set_site_mode(site, channel, mode).await.map_err(Failure::about("site", site))?;
    }
    if let Some(mid) = whose.mid {
        let mode = mode.ok_or_else(|| Failure::usage("a merchant's channel has nobody to inherit from"))?;
        engine.set_merchant_mode(mid, channel, mode).await.map_err(Failure::about("merchant", mid))?;
    }
    Ok(())
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
