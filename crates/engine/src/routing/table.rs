//! Routing tables: the general one, and a merchant's own.

use domain::{
    audit::{Entry, Topic, What},
    card::Network,
    change::{ChangeSet, Expectation, Write},
    channel::Channel,
    client::Role,
    environment::Environment,
    fault::Faults,
    id::{Mid, ProcessorId, SiteId},
    money::Currency,
    route::{Account, Route},
};
use store::{Page, PageAt};

use super::account::reaches;
use crate::{Engine, Error, Precondition, Principal, Result};

/// Lines of one table.
pub const LINES_MAX: usize = 200;
/// Highest weight of a line.
const WEIGHT_MAX: u32 = 1_000_000;
/// What is required of the caller.
const SCOPE: &str = "processors";

/// A line as it is said; the place in the list is the priority of a line that names none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members of a line on the wire")]
pub struct Line {
    pub priority: Option<u32>,
    pub processor: Option<ProcessorId>,
    pub weight: Option<u32>,
    pub sites: Vec<SiteId>,
    pub channels: Vec<Channel>,
    pub networks: Vec<Network>,
    pub currencies: Vec<Currency>,
    pub countries: Vec<String>,
    pub min_amount: Option<i64>,
    pub max_amount: Option<i64>,
    pub attempt_from: Option<u32>,
    pub attempt_to: Option<u32>,
}

impl From<Route> for Line {
    fn from(route: Route) -> Self {
        Self {
            priority: Some(route.priority),
            processor: Some(route.processor),
            weight: Some(route.weight),
            sites: route.sites,
            channels: route.channels,
            networks: route.networks,
            currencies: route.currencies,
            countries: route.countries,
            min_amount: route.min_amount,
            max_amount: route.max_amount,
            attempt_from: route.attempt_from,
            attempt_to: route.attempt_to,
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its merchant; none: the general one.
    pub mid: Option<Mid>,
    /// Environment.
    pub environment: Environment,
    /// Its lines, by priority.
    pub routes: Vec<Route>,
}

impl Table {
    /// A number that changes with the table.
    pub fn version(&self) -> u64 {
        let text = serde_json::to_vec(&self.routes).unwrap_or_default();
        text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

impl Engine {
    /// The table of a merchant, or the general one.
    pub async fn read_table(&self, principal: &Principal, mid: Option<Mid>, environment: Option<Environment>) -> Result<Table> {
        principal.require_read(SCOPE)?;
        let environment = environment.unwrap_or(principal.environment);
        let mut faults = Faults::new();
        let mid = self.table_owner(principal, mid, Some(environment), &mut faults).await?;
        if faults.is_empty() { self.table(mid, environment).await } else { Err(Error::Invalid(faults)) }
    }

    /// Replaces a table; an empty one is none, and the general one counts again.
    pub async fn replace_table(
        &self,
        principal: &Principal,
        (mid, environment): (Option<Mid>, Option<Environment>),
        lines: Vec<Line>,
        faults: Faults,
        condition: &Precondition,
    ) -> Result<Table> {
        principal.require(SCOPE)?;
        self.admit()?;
        let environment = environment.unwrap_or(principal.environment);
        let mut faults = faults;
        let mid = self.table_owner(principal, mid, Some(environment), &mut faults).await?;
        let table = self
            .amend(async || {
                let before = self.table(mid, environment).await?;
                condition.check(before.version())?;
                let mut faults = faults.clone();
                let routes = self.lines(principal, &before, &lines, &mut faults).await?;
                if !faults.is_empty() {
                    return Err(Error::Invalid(faults));
                }
                let mut set = ChangeSet::new().with(Write::PutRoutes { mid, environment, routes: routes.clone() });
                if routes != before.routes {
                    let what = What::Routes { environment, from: before.routes.clone(), to: routes.clone() };
                    set.push(self.audit(principal, mid, what).await?);
                }
                set.expect(Expectation::RoutesAre { mid, environment, routes: before.routes });
                Ok((set, Table { mid, environment, routes }))
            })
            .await?;
        let owner = mid.map_or_else(|| "general".to_owned(), |mid| mid.to_string());
        tracing::info!(owner, %environment, lines = table.routes.len(), by = %principal.client, "a routing table was replaced");
        Ok(table)
    }

    /// Who replaced the table of a merchant, or the general one, by what; newest first.
    pub async fn table_history(&self, principal: &Principal, mid: Option<Mid>, at: PageAt) -> Result<Page<Entry>> {
        self.routing_history(principal, mid, Topic::Routes, at).await
    }

    pub(crate) async fn table(&self, mid: Option<Mid>, environment: Environment) -> Result<Table> {
        let mut routes = self.store.routes().await?;
        routes.retain(|route| route.mid == mid && route.environment == environment);
        Ok(Table { mid, environment, routes })
    }

    /// The lines, checked against accounts and sites, in the order in which they are asked.
    async fn lines(&self, principal: &Principal, before: &Table, lines: &[Line], faults: &mut Faults) -> Result<Vec<Route>> {
        let (mid, environment) = (before.mid, before.environment);
        if lines.len() > LINES_MAX {
            faults.too_many("Routes", LINES_MAX);
            return Ok(vec![]);
        }
        let accounts = self.store.accounts().await?;
        let sites = match mid {
            Some(mid) => self.store.sites(mid).await?,
            None => vec![],
        };
        // What the operator has put into a merchant's table may stay there when the merchant orders it anew.
        let named = |id: ProcessorId| before.routes.iter().any(|route| route.processor == id);
        let usable = |account: &Account| {
            let owned = account.mid.is_some() || principal.role == Role::Operator || named(account.id);
            account.archived_at.is_none()
                && account.environment == environment
                && account.mid.is_none_or(|owner| Some(owner) == mid)
                && owned
                && reaches(principal, environment)
        };
        let mut routes = Vec::with_capacity(lines.len());
        for (place, line) in lines.iter().enumerate() {
            let path = |member: &str| format!("Routes[{place}].{member}");
            let known = line.processor.filter(|id| accounts.iter().any(|account| account.id == *id && usable(account)));
            match (line.processor, known) {
                (None, _) => faults.required(&path("ProcessorId")),
                (Some(_), None) => faults.invalid(&path("ProcessorId")),
                _ => {}
            }
            if mid.is_some() && line.sites.iter().any(|site| !sites.iter().any(|own| own.id == *site)) {
                faults.invalid(&path("When.SiteIds"));
            }
            check_bounds(line, faults, path);
            let Some(processor) = known else { continue };
            routes.push(route(before, place, processor, line));
        }
        // Stable: lines of one priority stay in the order in which they were said.
        routes.sort_by_key(|route| route.priority);
        Ok(routes)
    }
}

fn check_bounds(line: &Line, faults: &mut Faults, path: impl Fn(&str) -> String) {
    if line.weight.is_some_and(|weight| weight > WEIGHT_MAX) {
        faults.add(path("Weight"), format!("The field Weight must be between 0 and {WEIGHT_MAX}."));
    }
    if line.min_amount.is_some_and(|least| least < 0) {
        faults.invalid(&path("When.MinAmount"));
    }
    if line.max_amount.is_some_and(|most| most < line.min_amount.unwrap_or(0)) {
        faults.add(path("When.MaxAmount"), "The field MaxAmount must not be below MinAmount.");
    }
    if line.attempt_from == Some(0) {
        faults.invalid(&path("When.AttemptFrom"));
    }
    if line.attempt_to.is_some_and(|last| last < line.attempt_from.unwrap_or(1)) {
        faults.add(path("When.AttemptTo"), "The field AttemptTo must not be below AttemptFrom.");
    }
}

fn route(table: &Table, place: usize, processor: ProcessorId, line: &Line) -> Route {
    let line = line.clone();
    Route {
        mid: table.mid,
        environment: table.environment,
        priority: line.priority.unwrap_or(place as u32 + 1),
        processor,
        weight: line.weight.unwrap_or(1),
        sites: line.sites,
        channels: line.channels,
        networks: line.networks,
        currencies: line.currencies,
        countries: line.countries,
        min_amount: line.min_amount,
        max_amount: line.max_amount,
        attempt_from: line.attempt_from,
        attempt_to: line.attempt_to,
    }
}
