//! Folding what is stored into profiles.

use std::{collections::HashMap, time::Duration};

use domain::{
    change::{ChangeSet, Write},
    risk::{Change, Cursor, Key},
    transmit::Report,
};
use recovery::risk::{Kind, Profile};
use store::News;

use super::subjects::Told;
use crate::{Engine, Result};

/// Rows that are folded at once while little arrives.
const BATCH_ROWS: u32 = 500;
/// While much arrives, the machine is left to those who wait for answers.
const BUSY_BATCH_ROWS: u32 = 50;
/// Pause between two batches, milliseconds.
const PAUSE_MS: u64 = 500;

/// Follows the store until the engine drains.
pub(crate) async fn run(engine: std::sync::Arc<Engine>) {
    let mut limit = BATCH_ROWS;
    while !engine.is_draining() {
        match engine.fold_risk(limit).await {
            // A full batch right after a pause: more arrives than an idle machine has.
            Ok(folded) => limit = if folded >= BUSY_BATCH_ROWS as usize { BUSY_BATCH_ROWS } else { BATCH_ROWS },
            Err(error) => tracing::error!(%error, "risk profiles could not be folded"),
        }
        tokio::time::sleep(Duration::from_millis(PAUSE_MS)).await;
    }
}

/// One thing that a profile takes in.
enum Event {
    Paid(Told),
    Fraud(Told),
}

impl Event {
    fn told(&self) -> &Told {
        let (Self::Paid(told) | Self::Fraud(told)) = self;
        told
    }
}

impl Engine {
    /// Folds a batch; how many transactions and changes it had. Another process that folds at the same time changes
    /// nothing: one of the two commits, the other looks again.
    pub async fn fold_risk(&self, limit: u32) -> Result<usize> {
        let before = self.store.risk_cursor().await?;
        let news = self.store.risk_news(before, limit).await?;
        let (events, after, folded) = self.risk_events(news, before, limit).await?;
        if after == before {
            return Ok(0);
        }
        let profiles = self.risk_profiles_of(events.iter().map(Event::told)).await?;
        let profiles = applied(&events, profiles);
        let written = profiles.into_iter().map(|(key, profile)| (key, profile.to_bytes())).collect();
        let set = ChangeSet::new().with(Write::PutProfiles { before, after, profiles: written });
        let _ = self.apply(set).await?;
        Ok(folded)
    }

    /// Transactions and changes in the order in which they were committed.
    async fn risk_events(&self, news: News, before: Cursor, limit: u32) -> Result<(Vec<Event>, Cursor, usize)> {
        let mut after = before;
        let mut events = Vec::new();
        let more = news.transmits.len() as u32 >= limit;
        let mut changes = news.changes.into_iter().peekable();
        let mut folded = 0;
        for (seq, transmit) in news.transmits {
            while let Some((place, _, change)) = changes.next_if(|(_, after_transmit, _)| *after_transmit < seq) {
                self.risk_change(change, &mut events).await?;
                after.changes = place;
                folded += 1;
            }
            let told = self.told_by(&transmit);
            let disputed_from_the_first = transmit.outcomes.first().is_some_and(Report::is_fraud);
            events.push(Event::Paid(told.clone()));
            if disputed_from_the_first {
                events.push(Event::Fraud(told));
            }
            after.transmits = seq;
            folded += 1;
        }
        // What is left came after transactions that are still to be read, if there are any.
        if !more {
            for (place, _, change) in changes {
                self.risk_change(change, &mut events).await?;
                after.changes = place;
                folded += 1;
            }
        }
        Ok((events, after, folded))
    }

    /// What a change means; nothing, when what it is about is gone.
    async fn risk_change(&self, change: Change, events: &mut Vec<Event>) -> Result<()> {
        let of_attempt = |id| async move {
            let Some(attempt) = self.store.attempt(id).await? else { return Ok::<_, crate::Error>(None) };
            let order = self.store.order(attempt.order).await?;
            Ok(order.map(|order| self.told_attempt(&attempt, &order)))
        };
        match change {
            Change::Attempted(id) => events.extend(of_attempt(id).await?.map(Event::Paid)),
            Change::AttemptDisputed(id) => events.extend(of_attempt(id).await?.map(Event::Fraud)),
            Change::TransmitDisputed(id) => {
                let transmit = self.store.transmit(id).await?;
                events.extend(transmit.map(|transmit| Event::Fraud(self.told_by(&transmit))));
            }
        }
        Ok(())
    }

    /// Profiles of everything that transactions touch, as stored.
    async fn risk_profiles_of(&self, told: impl Iterator<Item = &Told>) -> Result<HashMap<Key, Profile>> {
        let mut keys: Vec<Key> = told.flat_map(|told| told.transaction.subjects.iter().map(|it| told.key(it))).collect();
        keys.sort_unstable();
        keys.dedup();
        let stored = self.store.many_risk_profiles(keys).await?;
        Ok(stored.into_iter().map(|(key, body)| (key, read(&body))).collect())
    }
}

/// A stored profile; one that is broken begins anew rather than stopping all others.
pub(super) fn read(body: &[u8]) -> Profile {
    Profile::from_bytes(body).unwrap_or_else(|error| {
        tracing::error!(%error, "a risk profile is unreadable and begins anew");
        Profile::default()
    })
}

/// Profiles after events.
fn applied(events: &[Event], mut profiles: HashMap<Key, Profile>) -> HashMap<Key, Profile> {
    for event in events {
        let told = event.told();
        let transaction = &told.transaction;
        let card = transaction.subject(Kind::Card).and_then(|card| profiles.get(&told.key(card)));
        let plain = card.is_some_and(|card| card.is_usual(transaction.hundredths));
        for subject in &transaction.subjects {
            let profile = profiles.entry(told.key(subject)).or_default();
            match event {
                Event::Paid(_) => profile.observe(transaction, subject.kind),
                Event::Fraud(_) => profile.fraud(transaction, subject.kind, plain),
            }
        }
    }
    profiles
}
