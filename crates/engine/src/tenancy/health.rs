//! How merchants fare: their traffic, their webhooks, and how far their certification is.

use std::{collections::HashMap, time::Duration};

use domain::{
    bounds::PAGE_ROWS_MAX,
    channel::Channel,
    id::Mid,
    mark::{self, Item, Mark, Noted},
    time::{DAY, Timestamp},
    webhook::State,
};
use store::Pulse;

use crate::{Engine, Error, Principal, Result, tenants::Tenant};

/// How far back the newest orders are looked at.
const LOOKED: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Orders of one merchant that are looked at.
const LOOKED_MAX: u32 = 2_000;

/// How a merchant fares in an environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The merchant.
    pub mid: Mid,
    /// When it last sent a copy of a payment, as far as it was noted.
    pub last_transmit: Option<Timestamp>,
    /// Orders of the last 24 hours.
    pub evaluated: u64,
    /// Its newest orders of the last 30 days, at most 2000: how many are closed, rescued, without a site.
    pub pulse: Pulse,
    /// Webhook endpoints that hear of it.
    pub endpoints: usize,
    /// Of these, failing or switched off.
    pub ailing: usize,
    /// Its certification.
    pub certification: Vec<Item>,
}

impl Health {
    /// Share of the closed orders that was looked at and rescued; none when none is closed.
    pub fn rescued_share(&self) -> Option<f64> {
        (self.pulse.closed > 0).then(|| self.pulse.rescued as f64 / self.pulse.closed as f64)
    }

    /// Lines of the checklist that are settled, and all.
    pub fn certified(&self) -> (usize, usize) {
        let due = self.certification.iter().filter(|item| item.is_due);
        (due.clone().filter(|item| item.is_settled()).count(), due.count())
    }
}

impl Engine {
    /// How merchants of the caller fare in its environment, in the order of `mids`.
    pub async fn health_of(&self, principal: &Principal, mids: &[Mid]) -> Result<Vec<Health>> {
        principal.require_read("merchants")?;
        if mids.len() > PAGE_ROWS_MAX as usize {
            return Err(Error::TooLarge);
        }
        for mid in mids {
            self.may_act_for(principal, *mid).await?;
        }
        self.write_marks().await?;
        let (environment, now) = (principal.environment, self.clock.now());
        let pulses = self.store.pulses(mids.to_vec(), environment, now - DAY, now - LOOKED, LOOKED_MAX).await?;
        let mut noted: HashMap<Mid, Vec<Noted>> = HashMap::new();
        for one in self.store.marks(mids, environment).await? {
            noted.entry(one.mid).or_default().push(one);
        }
        let mut all = Vec::with_capacity(mids.len());
        for (mid, pulse) in mids.iter().zip(pulses) {
            let tenant = self.tenants.get(*mid).await?.ok_or(Error::NotFound)?;
            let noted = noted.remove(mid).unwrap_or_default();
            let last_transmit = noted.iter().find(|one| one.mark == Mark::Transmit).map(|one| one.seen.last_at);
            let (endpoints, ailing) = self.endpoints_heard(principal, &tenant).await;
            let certification = certification(&tenant, &noted);
            all.push(Health { mid: *mid, last_transmit, evaluated: pulse.counted, pulse, endpoints, ailing, certification });
        }
        Ok(all)
    }

    /// The certification checklist of a merchant in the caller's environment; it ticks itself from real traffic.
    pub async fn certification(&self, principal: &Principal, mid: Mid) -> Result<Vec<Item>> {
        principal.require_read("merchants")?;
        self.may_act_for(principal, mid).await?;
        self.write_marks().await?;
        let tenant = self.tenants.get(mid).await?.ok_or(Error::NotFound)?;
        let noted = self.store.marks(&[mid], principal.environment).await?;
        Ok(certification(&tenant, &noted))
    }

    /// Endpoints that hear of a merchant and that the caller may see, and how many of them ail.
    async fn endpoints_heard(&self, principal: &Principal, tenant: &Tenant) -> (usize, usize) {
        let (mut seen, mut ailing) = (0, 0);
        for endpoint in tenant.all_endpoints(principal.environment) {
            if self.sees_owner(principal, endpoint.owner, endpoint.environment).await {
                seen += 1;
                ailing += usize::from(endpoint.state != State::Enabled || endpoint.failing_since.is_some());
            }
        }
        (seen, ailing)
    }
}

fn certification(tenant: &Tenant, noted: &[Noted]) -> Vec<Item> {
    let own = tenant.merchant.modes;
    let of_site = |site: &domain::site::Site| {
        let mut modes = own;
        for channel in Channel::ALL {
            modes.set(*channel, site.mode(&own, *channel));
        }
        modes
    };
    let sites: Vec<_> = tenant.sites.iter().filter(|site| !site.archived).map(of_site).collect();
    let modes = if sites.is_empty() { vec![own] } else { sites };
    mark::checklist(noted, &modes)
}
