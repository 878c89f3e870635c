//! Tax and bank numbers: sealed when they come in, never opened but to be handed on or sealed anew.

use domain::{
    application::{Application, Bank, DraftBank, Hidden, Secret},
    change::{ChangeSet, Write},
    id::ApplicationId,
};
use vault::Context;
use zeroize::Zeroizing;

use crate::{Engine, Result};

/// Applications read at once.
const BATCH: u32 = 200;

pub(super) const ACCOUNT: &str = "account_number";
pub(super) const ROUTING: &str = "routing_number";
pub(super) const TAX: &str = "tax_id";

const fn context<'a>(row: &'a [u8], column: &'a str) -> Context<'a> {
    Context { table: "applications", row, column }
}

impl Engine {
    /// A number sealed for its row; what is left out or masked stays as it was.
    pub(super) fn hidden(
        &self,
        id: ApplicationId,
        column: &'static str,
        number: Option<Secret>,
        kept: Option<&Hidden>,
    ) -> Result<Option<Hidden>> {
        let Some(number) = number.filter(|number| !number.is_mask()) else { return Ok(kept.cloned()) };
        let sealed = self.vault.seal_value(context(&id.bytes(), column), number.reveal().as_bytes())?;
        Ok(Some(Hidden { sealed, tail: number.tail() }))
    }

    /// A bank account with its numbers sealed.
    pub(super) fn bank(&self, id: ApplicationId, bank: DraftBank, kept: Option<&Bank>) -> Result<Bank> {
        let DraftBank { bank_name, account_number, routing_number, account_type } = bank;
        Ok(Bank {
            account_number: self.hidden(id, ACCOUNT, account_number, kept.and_then(|kept| kept.account_number.as_ref()))?,
            routing_number: self.hidden(id, ROUTING, routing_number, kept.and_then(|kept| kept.routing_number.as_ref()))?,
            bank_name,
            account_type,
        })
    }

    /// A sealed number of an application.
    pub(super) fn number(&self, id: ApplicationId, column: &str, hidden: &Hidden) -> Result<Zeroizing<Vec<u8>>> {
        Ok(self.vault.open_value(context(&id.bytes(), column), &hidden.sealed)?)
    }

    /// Brings the sealed values of every application under the newest key; tells how many.
    pub(crate) async fn reseal_applications(&self) -> Result<u64> {
        let (mut after, mut resealed) = (None, 0);
        loop {
            let page = self.store.applications_after(after, BATCH).await?;
            let Some(last) = page.last() else { return Ok(resealed) };
            after = Some(last.id);
            for mut application in page {
                let values = self.reseal_application(&mut application)?;
                if values == 0 {
                    continue;
                }
                application.version += 1;
                // A version conflict: somebody changed it at this moment; the next rotation finds it.
                if self.apply(ChangeSet::new().with(Write::UpdateApplication(Box::new(application)))).await?.is_ok() {
                    resealed += values;
                }
            }
        }
    }

    fn reseal_application(&self, application: &mut Application) -> Result<u64> {
        let row = application.id.bytes();
        let mut resealed = 0;
        let bank = application.particulars.bank.as_mut();
        let (account, routing) = bank.map_or((None, None), |bank| (bank.account_number.as_mut(), bank.routing_number.as_mut()));
        for (column, hidden) in [(TAX, application.particulars.tax_id.as_mut()), (ACCOUNT, account), (ROUTING, routing)] {
            let Some(hidden) = hidden else { continue };
            if let Some(fresh) = self.vault.reseal_value(context(&row, column), &hidden.sealed)? {
                hidden.sealed = fresh;
                resealed += 1;
            }
        }
        for document in &mut application.documents {
            if let Some(fresh) = self.vault.reseal_document_key(row, document.id.bytes(), &document.key)? {
                document.key = fresh;
                resealed += 1;
            }
        }
        Ok(resealed)
    }
}
