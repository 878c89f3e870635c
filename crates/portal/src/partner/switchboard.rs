//! The switchboard: merchants and their sites down, channels across. A change is looked at before it is made, needs a reason,
//! and is made whole or not at all.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use domain::{
    channel::{Channel, Mode},
    id::{Mid, SiteId},
    merchant::Merchant,
    site::Site,
};
use engine::{
    PageAt,
    tenancy::board::{Cell, REASON_CHARS_MAX, Reach, Row, Switched},
};
use serde::Deserialize;

use super::merchants;
use crate::{Form, Layout, Page, Pager, Portal, Problem, Redirect, Viewer, format};

/// Merchants on one page; with [`SITES_SHOWN`] sites each their cells fit into one form.
const ROWS: u32 = 10;
/// Sites of one merchant on a page of several.
const SITES_SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "partner/switchboard.html")]
struct Board {
    layout: Layout,
    asked: Asked,
    reach: Reach,
    rows: Vec<Row>,
    pager: Pager,
}

/// The filter.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    query: String,
    #[serde(default)]
    mid: String,
    page: Option<u32>,
}

/// A choice of one cell: its value, its name, whether it is what is set, whether it may be chosen.
struct Choice {
    value: String,
    name: String,
    is_set: bool,
    is_open: bool,
}

impl Board {
    fn is_alone(&self) -> bool {
        !self.asked.mid.is_empty()
    }

    fn sites<'a>(&self, row: &'a Row) -> &'a [Site] {
        let shown = if self.is_alone() { row.sites.len() } else { row.sites.len().min(SITES_SHOWN) };
        &row.sites[..shown]
    }

    fn hidden(&self, row: &Row) -> usize {
        row.sites.len() - self.sites(row).len() + row.more_sites
    }

    fn choices(&self, merchant: &Merchant, site: Option<&Site>, channel: Channel) -> Vec<Choice> {
        let own = merchant.modes.get(channel);
        let set = site.map_or(Some(own), |site| site.modes.get(channel));
        let inherit = site.map(|_| None);
        let modes = inherit.into_iter().chain(Mode::ALL.iter().copied().map(Some));
        let choice = |to: Option<Mode>| Choice {
            value: written(&Cell { mid: merchant.id, site: site.map(|site| site.id), channel, from: set, to }),
            name: to.map_or_else(|| format!("inherit ({own})"), |mode| mode.to_string()),
            is_set: to == set,
            is_open: match self.reach {
                Reach::Everything => true,
                Reach::TestOnly(_) => to.unwrap_or(own) != Mode::Production,
                Reach::Nothing(_) => false,
            },
        };
        modes.map(choice).collect()
    }

    const fn why(&self) -> Option<&'static str> {
        match self.reach {
            Reach::Everything => None,
            Reach::TestOnly(why) | Reach::Nothing(why) => Some(why),
        }
    }

    const fn may_switch(&self) -> bool {
        !matches!(self.reach, Reach::Nothing(_))
    }
}

/// The board.
pub async fn show(
    State(portal): State<Portal>,
    viewer: Viewer,
    Query(mut asked): Query<Asked>,
) -> Result<Page<impl Template>, Problem> {
    let named = match asked.mid.trim() {
        "" => viewer.mid(),
        text => Some(Mid::parse(text).ok_or(Problem::NotFound)?),
    };
    asked.mid = named.map(|mid| mid.to_string()).unwrap_or_default();
    let number = asked.page.unwrap_or(1).max(1);
    let filter = merchants::filter(&asked.query, "", PageAt { number, size: ROWS });
    let page = portal.engine().board(&viewer.principal, named, filter).await?;
    let pager = Pager::new("/portal/switchboard", &[("query", &asked.query), ("mid", &asked.mid)], number, ROWS, page.total);
    let reach = viewer.principal.switching();
    Ok(Page(Board { layout: viewer.layout(), asked, reach, rows: page.rows, pager }))
}

/// What was chosen on the board, or is confirmed.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    cell: Vec<String>,
    #[serde(default)]
    back: String,
    #[serde(default)]
    reason: String,
}

impl Chosen {
    /// The cells that are to change; the others came along because a form sends all of its fields.
    fn cells(&self) -> Result<Vec<Cell>, Problem> {
        let cells = self.cell.iter().map(|text| read(text)).collect::<Option<Vec<_>>>();
        let mut cells = cells.ok_or(Problem::Unreadable("A cell of the switchboard cannot be read."))?;
        cells.retain(|cell| cell.from != cell.to);
        Ok(cells)
    }

    fn back(&self) -> &str {
        let own = self.back == "/portal/switchboard" || self.back.starts_with("/portal/switchboard?");
        if own && !self.back.contains("//") { &self.back } else { "/portal/switchboard" }
    }
}

#[derive(Template)]
#[template(path = "partner/review.html")]
struct Review {
    layout: Layout,
    planned: Vec<Switched>,
    back: String,
    reason: String,
    error: Option<String>,
}

impl Review {
    fn written(one: &Switched) -> String {
        written(&one.cell)
    }

    fn goes_live(&self) -> bool {
        self.planned.iter().any(|one| one.in_force == Mode::Production && one.in_force_before != Mode::Production)
    }

    fn is_stale(&self) -> bool {
        self.planned.iter().any(|one| one.is_stale)
    }
}

/// What the choice would change, and the question for a reason.
pub async fn review(State(portal): State<Portal>, viewer: Viewer, Form(chosen): Form<Chosen>) -> Result<Response, Problem> {
    reviewed(&portal, &viewer, &chosen, None).await
}

async fn reviewed(portal: &Portal, viewer: &Viewer, chosen: &Chosen, error: Option<String>) -> Result<Response, Problem> {
    let planned = portal.engine().plan_switches(&viewer.principal, &chosen.cells()?).await?;
    let back = chosen.back().to_owned();
    if planned.is_empty() {
        return Ok(Redirect::to(back).saying(portal, "Nothing was chosen that differs.").into_response());
    }
    let is_refused = error.is_some();
    let page = Review { layout: viewer.layout(), planned, back, reason: chosen.reason.clone(), error };
    let mut response = Page(page).into_response();
    if is_refused {
        *response.status_mut() = http::StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

/// Makes the switches.
pub async fn switch(State(portal): State<Portal>, viewer: Viewer, Form(chosen): Form<Chosen>) -> Result<Response, Problem> {
    let outcome = portal.engine().switch_board(&viewer.principal, &chosen.cells()?, &chosen.reason).await;
    match outcome.map_err(Problem::from) {
        Ok(switched) => {
            let said = match switched.len() {
                1 => "1 channel was switched.".to_owned(),
                many => format!("{} channels were switched.", format::count(many as u64)),
            };
            Ok(Redirect::to(chosen.back()).saying(&portal, &said).into_response())
        }
        Err(problem) => {
            let faults = problem.faults()?;
            let message = faults.iter().map(|(_, message)| message).collect::<Vec<_>>().join(" ");
            reviewed(&portal, &viewer, &chosen, Some(message)).await
        }
    }
}

/// A cell as one word: merchant, site, channel, from, to.
fn written(cell: &Cell) -> String {
    let site = cell.site.map_or_else(|| "-".to_owned(), |site| site.to_string());
    let mode = |mode: Option<Mode>| mode.map_or("inherit", Mode::as_str);
    format!("{}.{site}.{}.{}.{}", cell.mid, cell.channel, mode(cell.from), mode(cell.to))
}

fn read(text: &str) -> Option<Cell> {
    let parts: Vec<&str> = text.split('.').collect();
    let [mid, site, channel, from, to] = parts[..] else { return None };
    let mode = |text: &str| if text == "inherit" { Some(None) } else { Mode::parse(text).map(Some) };
    let site = if site == "-" { None } else { Some(SiteId::parse(site)?) };
    Some(Cell { mid: Mid::parse(mid)?, site, channel: Channel::parse(channel)?, from: mode(from)?, to: mode(to)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_back() {
        let (mid, site) = (Mid::from_bytes([1; 16]), SiteId::from_bytes([2; 16]));
        for cell in [
            Cell { mid, site: None, channel: Channel::Mit, from: Some(Mode::Off), to: Some(Mode::Production) },
            Cell { mid, site: Some(site), channel: Channel::CitCallCenter, from: None, to: Some(Mode::Sandbox) },
            Cell { mid, site: Some(site), channel: Channel::CitWeb, from: Some(Mode::Off), to: None },
        ] {
            assert_eq!(read(&written(&cell)), Some(cell));
        }
        for text in ["", "a.b.c.d.e", "01010101-0101-0101-0101-010101010101.-.mit.off", "x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
