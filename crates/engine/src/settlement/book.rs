//! Booking: items that wait go into the open settlement of their account, each once.

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Write},
    id::{Mid, SettlementId},
    settlement::{Account, BOOKED_ITEMS_MAX, Item, Settlement, State, Sums, Terms, next_period},
    time::Timestamp,
    timer::{Kind, Timer},
};

use crate::{Engine, Error, Result};

/// Accounts looked at in one round.
const ACCOUNTS_MAX: u32 = 256;
/// Letters and digits that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

impl Engine {
    /// Books what waits, of one merchant or of all; how many items it was. What belongs into a period after the open one
    /// waits until that closes.
    pub(crate) async fn book_settlements(&self, mid: Option<Mid>) -> Result<usize> {
        let mut booked = 0;
        for account in self.store.accounts_to_book(mid, ACCOUNTS_MAX).await? {
            booked += self.book_account(account).await?;
        }
        Ok(booked)
    }

    /// Books what waits in an account and belongs into its open settlement, opening one when there is none.
    pub(crate) async fn book_account(&self, account: Account) -> Result<usize> {
        let (mut booked, mut conflicts) = (0, 0);
        loop {
            match self.book_batch(account).await? {
                Some(0) => return Ok(booked),
                Some(items) => booked += items,
                // Somebody else books or closes the same; what is stored then decides.
                None if conflicts < CONFLICT_RETRIES_MAX => conflicts += 1,
                None => return Err(Error::InProgress),
            }
        }
    }

    /// One commit; `None` when another came first.
    async fn book_batch(&self, account: Account) -> Result<Option<usize>> {
        let waiting = self.store.items_to_book(account, BOOKED_ITEMS_MAX).await?;
        let Some((_, first)) = waiting.first() else { return Ok(Some(0)) };
        let last = self.store.last_settlement(account).await?;
        let (mut settlement, is_new) = match last {
            Some(open) if open.state == State::Open => (open, false),
            last => (self.new_settlement(account, last.map(|last| last.to), first.occurred_at).await?, true),
        };
        let (numbers, items): (Vec<u64>, Vec<Item>) = waiting.into_iter().filter(|(_, item)| settlement.takes(item)).unzip();
        if items.is_empty() {
            return Ok(Some(0));
        }
        settlement.book(&items).map_err(|error| Error::Internal(error.to_string()))?;
        let mut set = ChangeSet::new();
        if is_new {
            set.push(Write::SetTimer(timer(&settlement, settlement.to)));
        } else {
            settlement.version += 1;
        }
        let id = settlement.id;
        set.push(Write::PutSettlement(Box::new(settlement)));
        set.push(Write::BookSettlementItems { settlement: id, items: numbers });
        Ok(self.apply(set).await?.is_ok().then_some(items.len()))
    }

    async fn new_settlement(&self, account: Account, last_end: Option<Timestamp>, at: Timestamp) -> Result<Settlement> {
        let terms = self.settlement_terms(account.mid).await?;
        let (from, to) = next_period(&terms, last_end, at);
        Ok(Settlement {
            id: SettlementId::at(self.clock.now(), self.random.bytes()),
            version: 1,
            mid: account.mid,
            environment: account.environment,
            currency: account.currency,
            reference: reference(self.random.bytes()),
            from,
            to,
            payout_at: terms.payout_at(to),
            sums: Sums::default(),
            items: 0,
            state: State::Open,
            payout: None,
            created_at: self.now_for(account.mid, account.environment),
            closed_at: None,
        })
    }

    pub(super) async fn settlement_terms(&self, mid: Mid) -> Result<Terms> {
        Ok(self.tenants.get(mid).await?.map(|tenant| tenant.merchant.settings.settlement.clone()).unwrap_or_default())
    }
}

/// The timer of a settlement: its period ends, or its reserve is given back.
pub(super) fn timer(settlement: &Settlement, due: Timestamp) -> Timer {
    Timer {
        kind: Kind::Settlement,
        subject: settlement.id.0,
        mid: settlement.mid,
        environment: settlement.environment,
        due,
        tries: 0,
    }
}

fn reference(random: [u8; 10]) -> String {
    let letters = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    std::iter::once("ST-".to_owned()).chain(letters.map(String::from)).collect()
}
