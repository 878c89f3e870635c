//! Processor accounts and routes, from the operator's shell: any address may be named here.

use domain::{
    environment::Environment,
    fault::Faults,
    id::{Mid, ProcessorId},
    route::{Account, Route},
};

use crate::{
    Engine, Error, Precondition, Principal, Result,
    routing::{Draft, Line, Table},
};

impl Engine {
    /// Makes a processor account; without a merchant the operator's, for every merchant.
    pub async fn create_processor(&self, mid: Option<Mid>, draft: &Draft) -> Result<Account> {
        let mut faults = Faults::new();
        let Some(account) = self.shell_account(mid, draft, &mut faults)? else { return Err(Error::Invalid(faults)) };
        self.put_account(&Principal::operator(account.environment), &account).await?;
        Ok(account)
    }

    /// Changes an account: pauses it, takes it up again, gives it new credentials.
    pub async fn change_processor(&self, id: ProcessorId, draft: &Draft) -> Result<Account> {
        self.amend(async || {
            let before = self.processor_account(id).await?;
            let mut faults = Faults::new();
            let Some(mut account) = self.shell_change(before.clone(), draft, &mut faults)? else {
                return Err(Error::Invalid(faults));
            };
            account.version += 1;
            let shell = Principal::operator(account.environment);
            Ok((self.change_of(&shell, Some(&before), &account).await?, account))
        })
        .await
    }

    /// Takes an account out of use for good; refused while routes or unsettled attempts name it.
    pub async fn remove_processor(&self, id: ProcessorId) -> Result<()> {
        let account = self.processor_account(id).await?;
        self.archive_account(&Principal::operator(account.environment), id, &Precondition::default()).await
    }

    /// An account in use; not found when there is none.
    pub async fn processor_account(&self, id: ProcessorId) -> Result<Account> {
        self.processors().await?.into_iter().find(|account| account.id == id).ok_or(Error::NotFound)
    }

    /// Every account in use.
    pub async fn processors(&self) -> Result<Vec<Account>> {
        Ok(self.store.accounts().await?.into_iter().filter(|account| account.archived_at.is_none()).collect())
    }

    /// Adds a line to the routing table of a merchant, or to the general one.
    pub async fn add_route(&self, mid: Option<Mid>, environment: Environment, line: Line) -> Result<Vec<Route>> {
        let mut lines: Vec<Line> = self.route_table(mid, environment).await?.into_iter().map(Line::from).collect();
        lines.push(line);
        self.set_routes(mid, environment, lines).await
    }

    /// Replaces a routing table.
    pub async fn set_routes(&self, mid: Option<Mid>, environment: Environment, lines: Vec<Line>) -> Result<Vec<Route>> {
        let shell = Principal::operator(environment);
        let place = (mid, Some(environment));
        let table = self.replace_table(&shell, place, lines, Faults::new(), &Precondition::default()).await?;
        Ok(table.routes)
    }

    /// The routing table of a merchant, or the general one.
    pub async fn route_table(&self, mid: Option<Mid>, environment: Environment) -> Result<Vec<Route>> {
        let Table { routes, .. } = self.table(mid, environment).await?;
        Ok(routes)
    }
}
