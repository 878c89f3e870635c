//! What a named policy would have recovered of the orders in the decision log.

use std::sync::Arc;

use domain::{environment::Environment, id::Mid, money::Currency, time::Timestamp};
use recovery::{
    Model, baseline,
    evaluate::{self, Episode, Estimates, Options, Worth},
};

use super::{PAGE_ROWS, Stage, material::Material};
use crate::{Engine, Error, Result};

/// Decisions read for one estimate, at most: the newest. A thousand take about 10 MiB while it is made.
const ROWS_MAX: u64 = 200_000;

/// Whose policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The model in use.
    InUse,
    /// A version of the retry model.
    Version(String),
    /// A baseline by its name.
    Baseline(String),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The policy.
    pub target: Target,
    /// Decisions made from this instant on, UTC.
    pub from: Timestamp,
    /// Up to and with this instant, UTC.
    pub to: Timestamp,
    /// One merchant only.
    pub mid: Option<Mid>,
    /// Environment.
    pub environment: Environment,
    /// Average amounts of this currency in place of orders.
    pub amounts_in: Option<Currency>,
}

/// What is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The estimates; none: no order whose rescue is over.
    pub estimates: Option<Estimates>,
    /// Decisions read.
    pub decisions: u64,
    /// Decisions that could not be used: overruled, unreadable, or made with the customer present.
    pub unusable: u64,
    /// Not all decisions of the span were read: there are more than fit.
    pub is_cut: bool,
}

impl Engine {
    /// Estimates what a policy would have recovered, from what the arms did. For the command line, which stands above all
    /// tenants.
    pub async fn estimate(
        self: &Arc<Self>,
        asked: Asked,
        told: impl Fn(Stage) + Send + Sync + Clone + 'static,
    ) -> Result<Estimated> {
        self.refresh_models().await?;
        let chosen = self.target(&asked.target).await?;
        let (material, is_cut) = self.logged(&asked, told.clone()).await?;
        let (engine, in_use) = (self.clone(), self.retry_model());
        let work = move || {
            let rules = engine.rules();
            let options = Options { worth: asked.amounts_in.map_or(Worth::Rate, |_| Worth::Amount), ..Options::default() };
            let mut episodes = material.all_episodes(&in_use, rules, options.slot_secs());
            episodes.retain(|episode| is_asked(episode, &asked));
            told(Stage::Judging { orders: episodes.len() as u64 });
            let estimates = match chosen {
                Chosen::Model(model) => evaluate::estimate(&episodes, model.as_ref(), rules, &options),
                Chosen::Baseline(name) => {
                    let trials = material.trials();
                    let policy = baseline::named(&name, &trials, rules).ok_or(Error::NotFound)?;
                    evaluate::estimate(&episodes, policy.as_ref(), rules, &options)
                }
            };
            Ok(Estimated { estimates, decisions: material.rows, unusable: material.unusable, is_cut })
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?
    }

    async fn target(&self, target: &Target) -> Result<Chosen> {
        Ok(match target {
            Target::InUse => Chosen::Model(self.retry_model()),
            Target::Version(version) => Chosen::Model(self.retry_model_of(version).await?),
            Target::Baseline(name) if baseline::NAMES.contains(&name.as_str()) => Chosen::Baseline(name.clone()),
            Target::Baseline(_) => return Err(Error::NotFound),
        })
    }

    /// The decisions of the span, newest first as they are read, and whether there were more.
    async fn logged(&self, asked: &Asked, told: impl Fn(Stage)) -> Result<(Material, bool)> {
        let mut material = Material::default();
        let (mut before, mut is_cut) = (u64::MAX, false);
        loop {
            let page = self.store.lessons(Some(asked.environment), before, PAGE_ROWS as u32).await?;
            let Some(oldest) = page.last() else { break };
            let is_last = (page.len() as u64) < PAGE_ROWS || oldest.decision.decided_at < asked.from;
            before = oldest.cursor;
            let (mid, from, to) = (asked.mid, asked.from, asked.to);
            let page = page.into_iter().filter(move |lesson| {
                let decision = &lesson.decision;
                mid.is_none_or(|mid| decision.mid == mid) && decision.decided_at >= from && decision.decided_at <= to
            });
            let read = move || page.fold(material, Material::with);
            material = tokio::task::spawn_blocking(read).await.map_err(|error| Error::Internal(error.to_string()))?;
            told(Stage::Reading { done: material.rows, most: ROWS_MAX });
            if is_last {
                break;
            }
            is_cut = material.rows >= ROWS_MAX;
            if is_cut {
                break;
            }
        }
        self.load_models(&mut material).await;
        Ok((material.told_time(|mid| self.now_for(mid, asked.environment)), is_cut))
    }

    /// The models that the decisions name: what the policy would have done in place of another arm is asked of them.
    async fn load_models(&self, material: &mut Material) {
        for version in material.versions() {
            if let Ok(model) = self.retry_model_of(&version).await {
                material.models.push(model);
            }
        }
    }
}

enum Chosen {
    Model(Arc<Model>),
    Baseline(String),
}

/// Amounts of one currency only are added; rates are of all.
fn is_asked(episode: &Episode, asked: &Asked) -> bool {
    asked.amounts_in.is_none_or(|currency| episode.due.currency == currency)
}

impl Target {
    /// Reads a name: `recoup`, `recoup@VERSION`, or a baseline.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        match name.split_once('@') {
            Some(("recoup", version)) if !version.is_empty() => Some(Self::Version(version.to_owned())),
            Some(_) => None,
            None if name == "recoup" => Some(Self::InUse),
            None => baseline::NAMES.contains(&name).then(|| Self::Baseline(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_named() {
        for (name, expected) in [
            ("recoup", Some(Target::InUse)),
            ("recoup@2026.11.1-calendar", Some(Target::Version("2026.11.1-calendar".into()))),
            (" ladder ", Some(Target::Baseline("ladder".into()))),
            ("payday", Some(Target::Baseline("payday".into()))),
            ("recoup@", None),
            ("ladder@1", None),
            ("oracle", None),
            ("", None),
        ] {
            assert_eq!(Target::parse(name), expected, "{name}");
        }
        assert!(baseline::NAMES.iter().all(|name| Target::parse(name).is_some()));
    }
}
