//! The score of a payment beside the profiles of its tenant.

use std::time::Duration;

use domain::{order::Order, time::Timestamp};
use recovery::risk::{Kind, Profile, Scorer, Seen, Weighed, features};

use super::fold::read;
use crate::{Engine, Result};

/// A payment older than this is taken for good unless a chargeback has come.
const LABEL_DELAY: Duration = Duration::from_hours(45 * 24);

impl Engine {
    /// How likely an order's payment ends as a chargeback, were it charged now.
    pub(crate) async fn risk_of(&self, order: &Order, now: Timestamp) -> Result<Weighed> {
        let told = self.risky(order, now);
        // A card is known by its number, or, from transactions that told less, by a weaker key.
        let weak = order.credential().map(|credential| credential.weak_key.0);
        let mut keys: Vec<_> = told.transaction.subjects.iter().map(|subject| told.key(subject)).collect();
        let card = Kind::Card.number();
        let weaker =
            keys.iter().find(|key| key.kind == card).zip(weak).map(|(key, weak)| domain::risk::Key { key: weak, ..*key });
        keys.extend(weaker);
        let stored = self.store.risk_profiles(keys).await?;
        let profiles: Vec<(Kind, Profile)> =
            stored.into_iter().filter_map(|(key, body)| Some((Kind::of_number(key.kind)?, read(&body)))).collect();
        // The number's own profile stands before the weaker one.
        let seen = Seen::of(profiles.iter().rev().map(|(kind, profile)| (*kind, profile)));
        let visit = self.signals_of(order).await?.map(|signals| signals.reasons()).unwrap_or_default();
        let features = features(&told.transaction, &seen, LABEL_DELAY);
        Ok(Weighed::of(Scorer::Rules, &features, visit, self.options.risk_decline_above))
    }
}
