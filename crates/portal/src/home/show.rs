//! The page itself.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
};
use domain::{
    environment::Environment,
    id::Mid,
    report::{Ask, Interval, Name},
    site::Site,
    time::Timestamp,
};
use engine::Error;

use super::{
    cache::{Cache, Whose},
    charts,
    figures::{Amount, Figures, Reports},
    next::{self, Step},
    wanted::{self, Period, Wanted},
};
use crate::{Layout, Page, Portal, Problem, Viewer, format, format::Safe};

/// Time for all figures of a page. Who sees many merchants is asked to choose one rather than kept waiting.
const TIME_MAX: Duration = Duration::from_secs(10);

#[derive(Template)]
#[template(path = "home/show.html")]
struct View {
    layout: Layout,
    wanted: Wanted,
    sites: Vec<Site>,
    from: Timestamp,
    to: Timestamp,
    content: Content,
    steps: Vec<Step>,
}

/// What there is to see.
enum Content {
    /// Figures, with their charts.
    Shown(Box<Shown>),
    /// No order in the period.
    Empty,
    /// There is too much to add up in one go.
    TooMuch,
    /// The viewer's role reads no reports.
    Unread,
}

struct Shown {
    figures: Arc<Figures>,
    /// One merchant's figures: only these can be compared with a hold-out.
    of_one: bool,
    states: Safe,
    over_time: Safe,
    declines: Safe,
    attempts: Safe,
    uplift: Option<Safe>,
}

impl Shown {
    fn new(figures: Arc<Figures>, period: Period, of_one: bool) -> Self {
        Self {
            of_one,
            states: format::chart(&charts::states(&figures), "states"),
            over_time: format::chart(&charts::over_time(&figures, period), "time"),
            declines: format::chart(&charts::declines(&figures), "declines"),
            attempts: format::chart(&charts::attempts(&figures), "attempts"),
            uplift: (!figures.uplift.is_empty()).then(|| format::chart(&charts::uplift(&figures), "uplift")),
            figures,
        }
    }

    fn share_of_amount(amount: &Amount) -> String {
        format::share(amount.rescued.minor as f64, amount.placed.minor as f64)
    }

    fn share_of_orders(&self) -> String {
        format::share(self.figures.orders.rescued as f64, self.figures.orders.placed as f64)
    }

    fn attempts_per_rescue(&self) -> String {
        self.figures.attempts_per_rescue.map_or_else(|| "–".to_owned(), |number| format!("{number:.1}"))
    }
}

impl View {
    fn reads(&self) -> bool {
        !matches!(self.content, Content::Unread)
    }

    /// A difference of shares, in points of a hundred: `+3.2`.
    fn points(difference: f64) -> String {
        format!("{:+.1}", difference * 100.0).replace('-', "−")
    }

    fn percent(share: f64) -> String {
        format::share(share, 1.0)
    }

    fn chosen(&self, site: &Site) -> bool {
        self.wanted.site == Some(site.id)
    }
}

/// Shows it.
pub async fn show(
    State(portal): State<Portal>,
    Extension(cache): Extension<Cache>,
    viewer: Viewer,
    Query(query): Query<wanted::Query>,
) -> Result<Page<impl Template>, Problem> {
    let mut wanted = query.read();
    let sites = sites(&portal, &viewer).await?;
    // A site of another merchant, as after a change of the merchant, is none.
    wanted.site = wanted.site.filter(|site| sites.iter().any(|known| known.id == *site));
    let now = portal.engine().now_for(viewer.mid().unwrap_or(Mid::from_bytes([0; 16])), viewer.environment());
    let (from, to) = wanted.period.span(now);
    let content = content(&portal, &cache, &viewer, wanted, (from, to)).await?;
    let steps = next::steps(&viewer);
    Ok(Page(View { layout: viewer.layout(), wanted, sites, from, to, content, steps }))
}

async fn sites(portal: &Portal, viewer: &Viewer) -> Result<Vec<Site>, Problem> {
    let Some(mid) = viewer.mid() else { return Ok(vec![]) };
    Ok(portal.engine().merchant_of(&viewer.principal, mid).await?.sites)
}

async fn content(
    portal: &Portal,
    cache: &Cache,
    viewer: &Viewer,
    wanted: Wanted,
    span: (Timestamp, Timestamp),
) -> Result<Content, Problem> {
    if !viewer.holds("reports") {
        return Ok(Content::Unread);
    }
    let whose = viewer.mid().map_or(Whose::All(viewer.user.id), Whose::Merchant);
    let key = (whose, viewer.environment(), wanted);
    let real = portal.engine().now_for(Mid::from_bytes([0; 16]), Environment::Production);
    let figures = match cache.get(&key, real) {
        Some(figures) => figures,
        None => {
            let counted = tokio::time::timeout(TIME_MAX, reports(portal, viewer, wanted, span)).await;
            let reports = match counted {
                Ok(Ok(reports)) => reports,
                Err(_) | Ok(Err(Error::Invalid(_))) => return Ok(Content::TooMuch),
                Ok(Err(other)) => return Err(other.into()),
            };
            let figures = Arc::new(Figures::of(&reports));
            cache.put(key, figures.clone(), real);
            figures
        }
    };
    if figures.orders.placed == 0 {
        return Ok(Content::Empty);
    }
    Ok(Content::Shown(Box::new(Shown::new(figures, wanted.period, viewer.mid().is_some()))))
}

async fn reports(
    portal: &Portal,
    viewer: &Viewer,
    wanted: Wanted,
    (from, to): (Timestamp, Timestamp),
) -> engine::Result<Reports> {
    let (engine, principal, mid) = (portal.engine(), &viewer.principal, viewer.mid());
    let ask = |name, interval| Ask {
        name,
        from,
        to,
        interval,
        keys: vec![],
        site: wanted.site,
        channel: None,
        currency: None,
        // What runs in the sandbox is a test, all of it.
        include_test: viewer.environment() == Environment::Sandbox,
    };
    let recovery = engine.report(principal, mid, ask(Name::Recovery, wanted.period.interval())).await?;
    let declines = engine.report(principal, mid, ask(Name::Declines, Interval::None)).await?;
    let attempts = engine.report(principal, mid, ask(Name::Attempts, Interval::None)).await?;
    let uplift = match mid {
        Some(_) => Some(engine.report(principal, mid, ask(Name::Uplift, Interval::None)).await?),
        None => None,
    };
    Ok(Reports { recovery, declines, attempts, uplift })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_their_sign() {
        assert_eq!([0.032, -0.1, 0.0].map(View::points), ["+3.2", "−10.0", "+0.0"]);
    }
}
