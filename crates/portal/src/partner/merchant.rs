//! One merchant: how it fares, how far its certification is, its channels and sites.

use askama::Template;
use axum::extract::{Path, State};
use domain::{
    channel::{Channel, Mode},
    id::Mid,
    mark::{Item, Mark},
    site::Site,
};
use engine::tenancy::{Health, MerchantView};

use super::{title, tone};
use crate::{Layout, Page, Portal, Problem, Viewer, format};

#[derive(Template)]
#[template(path = "partner/merchant.html")]
struct View {
    layout: Layout,
    shown: MerchantView,
    health: Health,
}

impl View {
    fn channels(&self) -> Vec<(&'static str, Mode, &'static str)> {
        let modes = self.shown.merchant.modes;
        Channel::ALL.iter().map(|channel| (title(*channel), modes.get(*channel), tone(modes.get(*channel)))).collect()
    }

    fn site_channels(&self, site: &Site) -> Vec<(Mode, &'static str, bool)> {
        let own = self.shown.merchant.modes;
        let one = |channel: &Channel| {
            let mode = site.mode(&own, *channel);
            (mode, tone(mode), site.modes.get(*channel).is_none())
        };
        Channel::ALL.iter().map(one).collect()
    }

    fn rescued(&self) -> String {
        format::share(self.health.pulse.rescued as f64, self.health.pulse.closed as f64)
    }

    fn certified(&self) -> String {
        let (settled, due) = self.health.certified();
        format!("{settled} of {due}")
    }

    fn step(item: &Item) -> &'static str {
        match item.mark {
            Mark::Token => "An access token was taken",
            Mark::Tokenize => "A card was vaulted",
            Mark::Transmit => "A copy of a payment was transmitted",
            Mark::EvaluateCit => "A decline of a customer who is present was evaluated",
            Mark::EvaluateMit => "A decline of a rebill was evaluated",
            Mark::OrderRead => "An order's outcome was read",
            Mark::Refund => "A rescued order was refunded",
            Mark::Webhook => "A webhook was received and answered with 2xx",
        }
    }
}

/// The page.
pub async fn show(State(portal): State<Portal>, viewer: Viewer, Path(mid): Path<String>) -> Result<Page<impl Template>, Problem> {
    let mid = Mid::parse(&mid).ok_or(Problem::NotFound)?;
    let view = portal.engine().merchant_of(&viewer.principal, mid).await?;
    let health = portal.engine().health_of(&viewer.principal, &[mid]).await?.pop().ok_or(Problem::NotFound)?;
    Ok(Page(View { layout: viewer.layout(), shown: view, health }))
}
