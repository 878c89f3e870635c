//! `/portal/orders`: the list, searched and filtered.

use askama::Template;
use axum::extract::{Query, State};
use domain::{channel::Channel, fault::Faults, order::Code, site::Site};
use engine::{
    OrderView, PageAt, Sort,
    tenancy::{SiteBy, SiteFilter},
};

use super::{export, search::Asked, words};
use crate::{Layout, Page, Pager, Portal, Problem, Viewer, format};

/// Rows of a page.
const ROWS: u32 = 25;
/// Sites that can be chosen from.
const SITES_MAX: u32 = 200;

/// An order in a line.
pub struct Line {
    /// The order with its merchant.
    pub view: OrderView,
    /// What it is called, and how it looks.
    pub state: (&'static str, &'static str),
    /// Who pays.
    pub customer: String,
    /// Amount.
    pub amount: String,
    /// Network and last digits.
    pub card: String,
    /// The kind of the latest decline.
    pub class: &'static str,
}

#[derive(Template)]
#[template(path = "orders/list.html")]
struct Orders {
    layout: Layout,
    asked: Asked,
    faults: Faults,
    sites: Vec<Site>,
    lines: Vec<Line>,
    pager: Pager,
    export: String,
    names_merchant: bool,
}

impl Orders {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(path, _)| *path == field).map(|(_, message)| message)
    }

    const fn states() -> &'static [Code] {
        Code::ALL
    }

    const fn channels() -> &'static [Channel] {
        Channel::ALL
    }

    fn state(code: Code) -> &'static str {
        words::state(code).0
    }

    fn channel(channel: Channel) -> &'static str {
        words::channel(channel)
    }

    fn rows_max() -> String {
        format::count(export::ROWS_MAX)
    }
}

/// The list.
pub async fn show(
    State(portal): State<Portal>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>, Problem> {
    let (found, faults) = match asked.filter(&viewer.zone, ROWS) {
        Ok(filter) => (Some(portal.engine().orders(&viewer.principal, viewer.mid(), filter).await?), Faults::new()),
        Err(faults) => (None, faults),
    };
    let total = found.as_ref().map_or(0, |page| page.total);
    let lines = found.map(|page| page.rows.into_iter().map(line).collect()).unwrap_or_default();
    Ok(Page(Orders {
        layout: viewer.layout(),
        sites: sites(&portal, &viewer).await?,
        lines,
        pager: Pager::new("/portal/orders", &asked.pairs(), asked.number(), ROWS, total),
        export: export::link(&asked),
        names_merchant: viewer.merchant.is_none(),
        asked,
        faults,
    }))
}

/// The sites of the merchant; none to choose from while no merchant is chosen.
async fn sites(portal: &Portal, viewer: &Viewer) -> Result<Vec<Site>, Problem> {
    let Some(mid) = viewer.mid() else { return Ok(vec![]) };
    let filter = SiteFilter {
        mids: None,
        archived: None,
        created_from: None,
        created_to: None,
        order_by: SiteBy::Name,
        sort: Sort::Ascending,
        page: PageAt { number: 1, size: SITES_MAX },
    };
    match portal.engine().list_sites(&viewer.principal, Some(mid), filter).await {
        Ok(page) => Ok(page.rows),
        Err(engine::Error::ScopeMissing(_)) => Ok(vec![]),
        Err(other) => Err(other.into()),
    }
}

fn line(view: OrderView) -> Line {
    let order = &view.order;
    let card = order.credential().map(|card| format!("{} ••{}", card.network, card.last4)).unwrap_or_default();
    Line {
        state: words::state(order.state.code()),
        customer: customer(&view),
        amount: format::money(order.amount),
        card,
        class: words::class(order.class),
        view,
    }
}

/// Who pays, as far as the viewer may know: the name, or else the e-mail, or else the merchant's id of it.
pub fn customer(view: &OrderView) -> String {
    let payment = &view.order.payment;
    let billed = payment.billing.as_ref().map(|to| [&to.first_name, &to.last_name]).into_iter().flatten();
    let name = billed.flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let payer = &payment.payer;
    let others = [payment.method.holder_name.as_deref(), payer.email.as_deref(), payer.id.as_deref()];
    let other = others.into_iter().flatten().find(|text| !text.trim().is_empty()).unwrap_or_default();
    if name.is_empty() { other.to_owned() } else { name }
}
