//! `/portal/orders/{id}`: one order, whole.

use askama::Template;
use axum::extract::{Path, State};
use domain::{
    attempt::{Attempt, Progress},
    decline::Answer,
    money::Money,
    refund::Refund,
    rules::Rules,
    time::Timestamp,
};
use engine::{OrderView, timeline::Item};

use super::{list, refund, retry, why, words};
use crate::{Layout, Page, Portal, Problem, Viewer, format};

/// Items of the timeline on the page, the newest.
const ITEMS_MAX: usize = 200;

/// An answer of the bank, in a line.
struct Tried {
    number: String,
    at: Timestamp,
    amount: String,
    result: (&'static str, &'static str),
    code: String,
    meaning: String,
    by: String,
}

/// A refund in a line.
struct Given {
    refund: Refund,
    amount: String,
    state: (&'static str, &'static str),
}

/// What the viewer may do with it now.
#[derive(Default)]
struct Actions {
    cancel: bool,
    refund: bool,
    block: bool,
    retry: bool,
    retry_refused: Option<retry::Refused>,
}

#[derive(Template)]
#[template(path = "orders/show.html")]
struct OneOrder {
    layout: Layout,
    state: (&'static str, &'static str),
    customer: String,
    site: String,
    facts: Vec<(&'static str, String)>,
    times: Vec<(&'static str, Timestamp)>,
    amounts: Vec<(&'static str, String)>,
    tried: Vec<Tried>,
    refunds: Vec<Given>,
    items: Vec<Item>,
    left_out: usize,
    why: Option<why::Why>,
    actions: Actions,
    view: OrderView,
}

/// The page.
pub async fn show(State(portal): State<Portal>, viewer: Viewer, Path(id): Path<String>) -> Result<Page<impl Template>, Problem> {
    let view = super::read(&portal, &viewer, &id).await?;
    let id = view.order.id;
    let mut items = portal.engine().timeline(&viewer.principal, id).await?;
    let left_out = items.len().saturating_sub(ITEMS_MAX);
    items.drain(..left_out);
    Ok(Page(OneOrder {
        layout: viewer.layout(),
        state: words::state(view.order.state.code()),
        customer: list::customer(&view),
        site: view.tenant.site(view.order.site).map(|site| site.name.clone()).unwrap_or_default(),
        facts: facts(&view),
        times: times(&view),
        amounts: amounts(&view),
        tried: tried(portal.engine().rules(), &view),
        refunds: view.refunds.iter().map(given).collect(),
        items,
        left_out,
        why: why::why(&portal, &viewer, id).await?,
        actions: actions(&portal, &viewer, &view).await?,
        view,
    }))
}

async fn actions(portal: &Portal, viewer: &Viewer, view: &OrderView) -> Result<Actions, Problem> {
    let order = &view.order;
    let open = order.state.code().is_open();
    let mut actions = Actions {
        cancel: open && order.ending.is_none() && viewer.holds("evaluate"),
        refund: refund::possible(view) && viewer.holds("refunds"),
        block: viewer.holds("blocklist"),
        ..Actions::default()
    };
    if open && viewer.holds("evaluate") {
        let refused = portal.engine().may_retry(&viewer.principal, order.id).await?;
        actions.retry = refused.is_none();
        actions.retry_refused = refused.map(retry::Refused::from);
    }
    Ok(actions)
}

fn facts(view: &OrderView) -> Vec<(&'static str, String)> {
    let order = &view.order;
    let payment = &order.payment;
    let card = order.credential().map(|card| {
        let until =
            card.exp_month.zip(card.exp_year).map(|(month, year)| format!(", until {month:02}/{year}")).unwrap_or_default();
        format!("{} {} {}••{}{until}", card.network, card.funding, card.bin, card.last4)
    });
    let facts = [
        ("Merchant", Some(view.tenant.merchant.name.clone())),
        ("Merchant's order id", Some(payment.order_id.clone())),
        ("Reference", Some(order.reference.clone())),
        ("E-mail", payment.payer.email.clone()),
        ("Phone", payment.payer.phone.clone()),
        ("Customer id", payment.payer.id.clone()),
        ("Card", card),
        ("Channel", Some(words::channel(order.channel).to_owned())),
        ("Descriptor", order.descriptor.clone()),
        ("Kind of decline", Some(words::class(order.class).to_owned())),
        ("Why", order.reason.map(|reason| words::reason(reason).to_owned())),
        ("What helps", order.next_action.and_then(words::next_action).map(str::to_owned)),
        ("Attempts", Some(order.tally.total.to_string())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.trim().is_empty())?))).collect()
}

fn times(view: &OrderView) -> Vec<(&'static str, Timestamp)> {
    let order = &view.order;
    let open = order.state.code().is_open();
    let ends = open.then_some(("Rescue ends", order.expires_at));
    let done = order.completed_at.map(|at| ("Completed", at));
    let placed = ("Placed", order.placed_at);
    let changed = ("Last change", order.updated_at);
    [words::pending(order), Some(placed), ends, done, Some(changed)].into_iter().flatten().collect()
}

fn amounts(view: &OrderView) -> Vec<(&'static str, String)> {
    let order = &view.order;
    let money = |minor| format::money(Money::new(minor, order.amount.currency));
    vec![
        ("Due", format::money(order.amount)),
        ("Authorised", money(order.authorized_minor)),
        ("Captured", money(order.captured_minor)),
        ("Refunded", money(order.refunded_minor)),
    ]
}

/// The declines that it came with, and the attempts that were made, oldest first.
fn tried(rules: &Rules, view: &OrderView) -> Vec<Tried> {
    let order = &view.order;
    let card = order.credential();
    let before = order.seen.iter().filter(|seen| !seen.own).map(|seen| Tried {
        number: "Before".to_owned(),
        at: seen.at,
        amount: format::money(order.amount),
        result: ("Declined", "bad"),
        code: codes(&seen.answer),
        meaning: words::answer(rules, &seen.answer, card, seen.at),
        by: "Merchant".to_owned(),
    });
    let own = view.attempts.iter().map(|attempt| one(rules, view, attempt));
    let mut all: Vec<Tried> = before.chain(own).collect();
    all.sort_by_key(|tried| tried.at);
    all
}

fn one(rules: &Rules, view: &OrderView, attempt: &Attempt) -> Tried {
    let answered = attempt.answered();
    let answer = answered.map(|answered| Answer::iso(&answered.response_code, answered.advice_code.as_deref()));
    let meaning = match (&attempt.progress, &answer) {
        (_, Some(answer)) => words::answer(rules, answer, view.order.credential(), attempt.at),
        (Progress::Unknown { .. }, None) => "The answer was lost; it is looked up and never sent again.".to_owned(),
        _ => "On its way.".to_owned(),
    };
    Tried {
        number: attempt.number.to_string(),
        at: attempt.at,
        amount: format::money(attempt.amount),
        result: attempt.verdict().map_or(("Not sent", "plain"), words::verdict),
        code: answer.as_ref().map(codes).unwrap_or_default(),
        meaning,
        by: attempt.processor_name.clone(),
    }
}

fn codes(answer: &Answer) -> String {
    let advice = answer.advice_code.as_deref().map(|advice| format!(" / {advice}")).unwrap_or_default();
    format!("{}{advice}", answer.response_code)
}

fn given(refund: &Refund) -> Given {
    Given { amount: format::money(refund.amount), state: words::refund(refund.state), refund: refund.clone() }
}
