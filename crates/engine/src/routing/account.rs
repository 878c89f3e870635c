//! Processor accounts, as the operator manages them, and a merchant its own.

use domain::{
    audit::{Entry, Topic, What},
    change::{ChangeSet, Write},
    client::Role,
    environment::Environment,
    fault::Faults,
    id::{Mid, ProcessorId},
    route::Account,
};
use store::{Page, PageAt};

use super::{Draft, draft::Trust};
use crate::{Engine, Error, Precondition, Principal, Result};

/// Accounts in use of one merchant, or of the operator.
const ACCOUNTS_PER_OWNER_MAX: usize = 200;
/// What is required of the caller.
const SCOPE: &str = "processors";

/// Which accounts are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listing {
    /// Of one merchant.
    pub mid: Option<Mid>,
    /// Of one environment.
    pub environment: Option<Environment>,
    /// Which page.
    pub page: PageAt,
}

impl Engine {
    /// Makes an account: the operator's for every merchant, unless it names one; a merchant's own.
    pub async fn create_account(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        draft: &Draft,
        mut faults: Faults,
    ) -> Result<Account> {
        principal.require(SCOPE)?;
        self.admit()?;
        let owner = self.table_owner(principal, mid, draft.environment, &mut faults).await?;
        let made = self.account_of(owner, draft, Trust::Guarded, &mut faults)?;
        let (Some(account), true) = (made, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let held = self.store.accounts().await?;
        if held.iter().filter(|held| held.mid == owner && held.archived_at.is_none()).count() >= ACCOUNTS_PER_OWNER_MAX {
            return Err(Error::State {
                message: format!("There may be at most {ACCOUNTS_PER_OWNER_MAX} processors."),
                order: None,
            });
        }
        self.put_account(principal, &account).await?;
        note_account(principal, "created", &account);
        Ok(account)
    }

    /// The accounts that the caller may see, oldest first.
    pub async fn list_accounts(&self, principal: &Principal, listing: Listing) -> Result<Page<Account>> {
        principal.require_read(SCOPE)?;
        if let Some(mid) = listing.mid {
            self.may_act_for(principal, mid).await?;
        }
        let mut all = self.store.accounts().await?;
        all.retain(|account| {
            visible(principal, account)
                && listing.mid.is_none_or(|mid| account.mid == Some(mid))
                && listing.environment.is_none_or(|environment| account.environment == environment)
        });
        let size = listing.page.size.clamp(1, domain::bounds::PAGE_ROWS_MAX) as usize;
        let skip = (listing.page.number.max(1) as usize - 1).saturating_mul(size);
        let total = all.len() as u64;
        Ok(Page { rows: all.into_iter().skip(skip).take(size).collect(), total })
    }

    /// One account.
    pub async fn read_account(&self, principal: &Principal, id: ProcessorId) -> Result<Account> {
        principal.require_read(SCOPE)?;
        self.visible_account(principal, id).await
    }

    /// Changes an account.
    pub async fn amend_account(
        &self,
        principal: &Principal,
        id: ProcessorId,
        draft: &Draft,
        faults: &Faults,
        condition: &Precondition,
    ) -> Result<Account> {
        principal.require(SCOPE)?;
        self.admit()?;
        let account = self
            .amend(async || {
                let before = self.visible_account(principal, id).await?;
                condition.check(before.version)?;
                let mut faults = faults.clone();
                let Some(mut account) = self.with_draft(before.clone(), draft, Trust::Guarded, &mut faults)? else {
                    return Err(Error::Invalid(faults));
                };
                account.version += 1;
                Ok((self.change_of(principal, Some(&before), &account).await?, account))
            })
            .await?;
        note_account(principal, "changed", &account);
        Ok(account)
    }

    /// Takes an account out of use for good. What it did before is still settled, captured and refunded through it.
    pub async fn archive_account(&self, principal: &Principal, id: ProcessorId, condition: &Precondition) -> Result<()> {
        principal.require(SCOPE)?;
        self.admit()?;
        let account = self
            .amend(async || {
                let before = self.visible_account(principal, id).await?;
                condition.check(before.version)?;
                let refuse = |message: &str| Err(Error::State { message: message.to_owned(), order: None });
                if self.store.routes().await?.iter().any(|route| route.processor == id) {
                    return refuse("Routes name this processor; take them away first.");
                }
                if self.store.account_owes(id).await? {
                    return refuse("Attempts on this processor are not settled yet.");
                }
                let archived_at = Some(self.clock.now());
                let account = Account { archived_at, version: before.version + 1, ..before.clone() };
                Ok((self.change_of(principal, Some(&before), &account).await?, account))
            })
            .await?;
        note_account(principal, "archived", &account);
        Ok(())
    }

    /// Who made, changed or archived which account, of a merchant or of the operator; newest first.
    pub async fn account_history(&self, principal: &Principal, mid: Option<Mid>, at: PageAt) -> Result<Page<Entry>> {
        self.routing_history(principal, mid, Topic::Processor, at).await
    }

    pub(super) async fn routing_history(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        topic: Topic,
        at: PageAt,
    ) -> Result<Page<Entry>> {
        principal.require_read(SCOPE)?;
        let mut faults = Faults::new();
        let owner = self.table_owner(principal, mid, None, &mut faults).await?;
        if faults.is_empty() { Ok(self.store.audit(owner, topic, at).await?) } else { Err(Error::Invalid(faults)) }
    }

    /// Writes a new account.
    pub(crate) async fn put_account(&self, principal: &Principal, account: &Account) -> Result<()> {
        self.store.apply(self.change_of(principal, None, account).await?).await?;
        self.refresh_registry().await
    }

    /// An account as it is to be, and the entry of the audit trail; one that says nothing new leaves none.
    pub(crate) async fn change_of(
        &self,
        principal: &Principal,
        before: Option<&Account>,
        account: &Account,
    ) -> Result<ChangeSet> {
        let row = Box::new(account.clone());
        let mut set = ChangeSet::new().with(match before {
            None => Write::PutAccount(row),
            Some(_) => Write::UpdateAccount(row),
        });
        let from = before.map(|before| Box::new(before.facts()));
        let to = account.archived_at.is_none().then(|| Box::new(account.facts()));
        let sealed = |account: &Account| (account.headers.clone(), account.webhook_secret.clone());
        let credentials = before.map_or((None, None), sealed) != sealed(account);
        if credentials || from != to {
            let what = What::Processor { processor: account.id, from, to, credentials };
            set.push(self.audit(principal, account.mid, what).await?);
        }
        Ok(set)
    }

    /// Whose account or table a change is about: none is the operator's general one. A sandbox key of a merchant does not
    /// reach production.
    pub(super) async fn table_owner(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        environment: Option<Environment>,
        faults: &mut Faults,
    ) -> Result<Option<Mid>> {
        match (principal.role, mid) {
            (Role::Operator, None) => Ok(None),
            (Role::Operator, Some(mid)) => self.may_act_for(principal, mid).await.map(|()| Some(mid)),
            (Role::Partner, _) => Err(Error::RoleMissing),
            (Role::Merchant, _) => {
                let owner = self.merchant_for(principal, mid, faults).await?;
                let reached = environment.is_none_or(|environment| reaches(principal, environment));
                if reached { Ok(owner) } else { Err(Error::RoleMissing) }
            }
        }
    }

    async fn visible_account(&self, principal: &Principal, id: ProcessorId) -> Result<Account> {
        let all = self.store.accounts().await?;
        all.into_iter().find(|account| account.id == id && visible(principal, account)).ok_or(Error::NotFound)
    }
}

fn note_account(principal: &Principal, what: &'static str, account: &Account) {
    tracing::info!(processor = %account.id, by = %principal.client, version = account.version, "a processor was {what}");
}

/// Whether an account is the caller's to see; archived ones are nobody's.
fn visible(principal: &Principal, account: &Account) -> bool {
    let owned = match principal.role {
        Role::Operator => true,
        Role::Partner => false,
        Role::Merchant => {
            account.mid.is_some_and(|mid| principal.own_merchants().contains(&mid)) && reaches(principal, account.environment)
        }
    };
    owned && account.archived_at.is_none()
}

/// A sandbox key is handed to many; it does not decide where live payments go.
pub(super) fn reaches(principal: &Principal, environment: Environment) -> bool {
    principal.role == Role::Operator || principal.environment == Environment::Production || environment == Environment::Sandbox
}
