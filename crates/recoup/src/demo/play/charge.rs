//! Rebills and sign-ups of one step: charged at the shop's own processor, told to Recoup, declines handed over.

use client::{Evaluated, Record, Verdict};
use domain::money::{Currency, Money};

use super::{Play, body::Charge, books::Case};
use crate::demo::{
    ladder::Declined,
    shop::{Card, Rebill, Visitor},
    trouble::Trouble,
};

impl Play<'_> {
    /// The rebills of a step.
    pub(super) async fn rebills(&mut self, step: u32) {
        let rebills = self.business.rebills_at(step);
        let first = self.business.rebills.partition_point(|rebill| rebill.step < step);
        let charges: Vec<Charge<'_>> = rebills.iter().map(|rebill| self.rebill(rebill)).collect();
        let told = self.transmit(&charges).await;
        let declined = (first..).zip(&charges).filter(|(_, charge)| charge.decline.is_some());
        let answers = Self::all(declined.map(async |(index, charge)| (index, self.evaluate(charge, "1").await))).await;
        let approved = charges.iter().filter(|charge| charge.decline.is_none()).count() as u32;
        let declined = answers.len() as u32;
        self.books.troubles.extend(told.err());
        self.books.approved += approved;
        for (index, answer) in answers {
            match answer {
                Ok(answer) => self.open(index, answer),
                Err(trouble) => self.books.troubles.push(trouble),
            }
        }
        self.player.progress.update(|standing| {
            standing.approved += approved;
            standing.declined += declined;
        });
    }

    /// The sign-ups of a step.
    pub(super) async fn sign_ups(&mut self, step: u32) {
        let answers = Self::all(self.business.visitors_at(step).iter().map(async |visitor| self.sign_up(visitor).await)).await;
        for answer in answers {
            match answer {
                Ok(Some((card, answer))) => self.note_present(card, &answer),
                Ok(None) => {
                    self.books.approved += 1;
                    self.player.progress.update(|standing| standing.approved += 1);
                }
                Err(trouble) => self.books.troubles.push(trouble),
            }
        }
    }

    /// In sync mode: every open case once more.
    pub(super) async fn ask_again(&mut self, step: u32) {
        let open: Vec<usize> = (0..self.books.cases.len()).filter(|index| self.is_open(*index)).collect();
        let attempt = (step + 2).to_string();
        let asked = Self::all(open.iter().map(async |index| {
            let charge = self.rebill(&self.business.rebills[self.books.cases[*index].rebill]);
            self.evaluate(&charge, &attempt).await
        }));
        for (index, answer) in open.iter().zip(asked.await) {
            match answer {
                Ok(answer) => self.books.cases[*index].asks_again = is_open(&answer),
                Err(trouble) => self.books.troubles.push(trouble),
            }
        }
    }

    fn is_open(&self, index: usize) -> bool {
        let case = &self.books.cases[index];
        case.asks_again && !self.player.receiver.has_ended(&case.order)
    }

    fn open(&mut self, index: usize, answer: Evaluated) {
        let rebill = &self.business.rebills[index];
        let customer = &self.business.customers[rebill.customer];
        let Some(decline) = rebill.decline.clone() else { return };
        let declined = Declined {
            at: self.world.at(rebill.step),
            card: customer.card.clone(),
            expiry: customer.expiry,
            amount: Money::new(customer.plan.cents, Currency::USD),
            offset_minutes: customer.offset_minutes,
            decline,
        };
        let asks_again = is_open(&answer);
        self.books.cases.push(Case { rebill: index, order: answer.order_session_key, declined, asks_again });
    }

    fn rebill<'a>(&'a self, rebill: &'a Rebill) -> Charge<'a> {
        let customer = &self.business.customers[rebill.customer];
        Charge {
            shop: self.player.shop,
            customer,
            token: &self.tokens[rebill.customer],
            order_id: format!("{}-{}-{}", self.world.tag(), customer.id, rebill.number),
            number: rebill.number,
            at: self.world.at(rebill.step),
            decline: rebill.decline.as_ref(),
            is_present: false,
        }
    }

    /// Answers nothing for an approved one, which is only transmitted.
    async fn sign_up(&self, visitor: &Visitor) -> Result<Option<(Card, Evaluated)>, Trouble> {
        let token = self.player.vault(&visitor.customer, visitor.cvv()).await?;
        let charge = Charge {
            shop: self.player.shop,
            customer: &visitor.customer,
            token: &token,
            order_id: format!("{}-{}", self.world.tag(), visitor.customer.id),
            number: 1,
            at: self.world.at(visitor.step),
            decline: visitor.decline.as_ref(),
            is_present: true,
        };
        if charge.decline.is_none() {
            self.transmit(std::slice::from_ref(&charge)).await?;
            return Ok(None);
        }
        Ok(Some((visitor.card, self.evaluate(&charge, "1").await?)))
    }

    fn note_present(&mut self, card: Card, answer: &Evaluated) {
        let present = &mut self.books.present;
        let (declines, approved, challenged) = match card {
            Card::Issuer => (&mut present.issuer_declines, &mut present.issuer_approved, &mut present.issuer_challenged),
            Card::Table => (&mut present.table_declines, &mut present.table_approved, &mut present.table_challenged),
        };
        *declines += 1;
        *approved += u32::from(answer.status == Verdict::Approved);
        *challenged += u32::from(answer.status == Verdict::Challenge);
        self.player.progress.update(|standing| standing.present += 1);
    }

    /// A set of records in one request; one that is refused is trouble.
    async fn transmit(&self, charges: &[Charge<'_>]) -> Result<(), Trouble> {
        if charges.is_empty() {
            return Ok(());
        }
        let records: Vec<Record> = charges.iter().map(Charge::transmitted).collect();
        let told = self.player.client.transmit_all(&records).await?;
        match told.transmissions.into_iter().find(|one| !one.accepted) {
            None => Ok(()),
            Some(refused) => {
                let reasons: Vec<_> = refused.errors.iter().map(|(path, said)| format!("{path}: {}", said.join(" "))).collect();
                Err(Trouble::Copy { order: refused.order_id.unwrap_or_default(), reason: reasons.join("; ") })
            }
        }
    }

    async fn evaluate(&self, charge: &Charge<'_>, attempt: &str) -> Result<Evaluated, Trouble> {
        Ok(self.player.client.evaluate(&charge.evaluated(attempt)).await?)
    }
}

/// Sync mode: the caller's schedule goes on.
fn is_open(answer: &Evaluated) -> bool {
    answer.status_code.as_deref() == Some("RETRY_LATER")
}
