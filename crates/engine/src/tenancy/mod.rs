//! Merchants, their settings and sites, their channels, and who may act for them (`wire-api` §10.1, §10.2, §5.8, §2.2).
//!
//! A merchant is the root of its sites: every change of a site moves the merchant's version too. That is how one default and
//! no address or descriptor twice hold even when two changes meet.

mod bank;
pub mod board;
mod channel;
mod grant;
mod health;
mod merchant;
mod settings;
mod site;
mod trail;

pub use bank::BankDraft;
pub(crate) use bank::context as bank_context;
pub use channel::{ChannelState, Switch};
pub use health::Health;
pub use merchant::{ContactDraft, MerchantDraft, MerchantView, SupportDraft};
pub use site::{Resolved, SiteDraft, UiDraft};
pub use store::{MerchantBy, MerchantFilter, SiteBy, SiteFilter};
pub use trail::TrailFilter;

use domain::{
    audit::{By, Entry, Topic, What},
    change::Write,
    client::Role,
    id::{AuditId, Mid},
    merchant::Merchant,
};
use store::{Page, PageAt};

use crate::{Engine, Principal, Result};

/// What an action at the operator's shell is signed with.
const SHELL: &str = "operator shell";

impl Engine {
    /// An entry of the audit trail, signed by the caller.
    pub(crate) async fn audit(&self, principal: &Principal, mid: impl Into<Option<Mid>>, what: What) -> Result<Write> {
        Ok(self.signed(self.author(principal).await?, mid.into(), what))
    }

    /// An entry of the audit trail, signed by somebody.
    pub(crate) fn signed(&self, by: By, mid: Option<Mid>, what: What) -> Write {
        let now = self.clock.now();
        let id = AuditId::at(now, self.random.bytes());
        Write::InsertAudit(Box::new(Entry { id, at: now, mid, by, what }))
    }

    /// The audit trail of a merchant, or of what belongs to none, about a topic or about everything; newest first. For the
    /// operator's shell.
    pub async fn trail(&self, mid: Option<Mid>, topic: Option<Topic>, at: PageAt) -> Result<Page<Entry>> {
        Ok(self.store.audit(mid, topic, at).await?)
    }

    /// Who calls, as the audit trail remembers it: by id, and by the name of that moment.
    pub(crate) async fn author(&self, principal: &Principal) -> Result<By> {
        if let Some(user) = &principal.user {
            let known = self.store.user(user.id).await?;
            let name = known.map_or_else(|| user.id.to_string(), |known| format!("{} {}", known.first_name, known.last_name));
            return Ok(By { role: principal.role, client: None, user: Some(user.id), name: name.trim().to_owned() });
        }
        let client = self.tenants.client(principal.client).await?;
        let name = client.as_ref().map_or_else(|| SHELL.to_owned(), |client| client.name.clone());
        Ok(By { role: principal.role, client: client.map(|client| client.id), user: None, name })
    }
}

/// The operator's shell, as the audit trail remembers it.
pub(crate) fn shell() -> By {
    By { role: Role::Operator, client: None, user: None, name: SHELL.to_owned() }
}

/// The merchant's next version, written in the change set of whatever belongs to it.
fn touched(merchant: &Merchant) -> Write {
    Write::PutMerchant(Box::new(Merchant { version: merchant.version + 1, ..merchant.clone() }))
}
