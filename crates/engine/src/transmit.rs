//! `POST /v1/transmit`: the merchant's copy of a payment. Never starts a rescue; counts in the ledger, and ends a
//! rescue when it says that the order was paid elsewhere.

use domain::{
    card::{CardKey, Network},
    change::{ChangeSet, Conflict, Expectation, Write},
    decline::{Answer, Reason},
    environment::Environment,
    fault::Faults,
    id::{Mid, TransmitId},
    intake,
    ledger::{Entry, Initiator, Origin, Outcome as Counted},
    mark::Mark,
    order::Actor,
    site::{self, MatchedBy},
    time::{DAY, Timestamp},
    transmit::{Outcome, Report, Transmit},
};

use crate::{Engine, Error, Principal, Result, tenants::Tenant};

/// What became of one transmitted record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmitted {
    /// The transaction key.
    pub id: TransmitId,
    /// A copy was there already.
    pub duplicate: bool,
    /// Older than 24 hours.
    pub late: bool,
}

/// `POST /v1/transmit/{id}/outcome`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeReport {
    /// What became of it.
    pub outcome: Outcome,
    /// Minor units; none: all.
    pub amount_minor: Option<i64>,
    /// ISO 4217; when given, it must be the transaction's.
    pub currency: Option<domain::money::Currency>,
    /// When, UTC; none: now.
    pub occurred_at: Option<Timestamp>,
    /// Response code.
    pub response_code: Option<String>,
    /// Whose vocabulary.
    pub response_code_source: Option<String>,
    /// Advice code.
    pub merchant_advice_code: Option<String>,
    /// The reporter's reference.
    pub reference: Option<String>,
    /// Free text.
    pub reason: Option<String>,
}

impl Engine {
    /// Stores one record; durable when it answers.
    pub async fn transmit(
        &self,
        principal: &Principal,
        input: Option<intake::Transmit>,
        mut faults: Faults,
    ) -> Result<Transmitted> {
        principal.require("transmit")?;
        self.admit()?;
        let named = input.as_ref().and_then(|input| input.mid);
        let mid = self.merchant_for(principal, named, &mut faults).await?;
        let (Some(mid), Some(input), true) = (mid, input, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let tenant = self.tenants.get(mid).await?.ok_or(Error::ForeignMerchant)?;
        let transmit = self.transmit_of(&tenant, principal.environment, input).await?;
        let disputed = transmit.outcome() == Some(Outcome::Chargeback);
        let paid = !transmit.is_declined && !disputed;
        let external = transmit.payment.order_id.clone();
        match self.keep_transmit(transmit, paid).await? {
            Kept::Done(done) => {
                self.note_call(principal, mid, Mark::Transmit);
                // Also of a copy that is known: a crash may have come between it and what follows from it.
                if paid {
                    self.end_open_advice(mid, principal.environment, &external, Reason::PaidElsewhere).await?;
                }
                if disputed && let Some(first) = self.store.transmit(done.id).await? {
                    self.dispute_transmitted(&first).await?;
                }
                Ok(done)
            }
            Kept::PaysOpenOrder(transmit) => {
                // The money is there: what is open under this order id ends before the copy is acknowledged.
                self.end_open_order(mid, principal.environment, &external, Reason::PaidElsewhere, Actor::Merchant).await?;
                self.note_call(principal, mid, Mark::Transmit);
                match self.keep_transmit(*transmit, false).await? {
                    Kept::Done(done) => Ok(done),
                    Kept::PaysOpenOrder(_) => Err(Error::Internal("a transmit was refused twice".into())),
                }
            }
        }
    }

    async fn transmit_of(&self, tenant: &Tenant, environment: Environment, input: intake::Transmit) -> Result<Transmit> {
        let now = self.now_for(tenant.merchant.id, environment);
        let payment = input.payment;
        let (site, matched_by) = resolve(tenant, &payment)?;
        let at = payment.transaction.timestamp.unwrap_or(now);
        let card = self.told_card(tenant.merchant.id, environment, &payment).await?;
        Ok(Transmit {
            id: TransmitId::at(self.clock.now(), self.random.bytes()),
            version: 1,
            mid: tenant.merchant.id,
            environment,
            site,
            matched_by,
            is_declined: input.is_declined,
            late: at + DAY < now,
            at,
            received_at: now,
            card,
            order: None,
            sequence_number: input.sequence_number,
            outcomes: first_outcome(&payment, input.is_declined, at),
            payment,
        })
    }

    /// The ledger key of a transmitted card: of its token, else of BIN, last four and expiry.
    pub(crate) async fn told_card(
        &self,
        mid: Mid,
        environment: Environment,
        payment: &domain::payment::Payment,
    ) -> Result<Option<CardKey>> {
        let method = &payment.method;
        if let Some(token) = method.token {
            return Ok(self.card_of(mid, environment, token).await?.map(|card| card.key));
        }
        let (Some(bin), Some(last4)) = (&method.card_bin_number, &method.card_last4_digits) else { return Ok(None) };
        Ok(Some(self.vault.weak_key(mid, environment, bin, last4, method.expiration_month, method.expiration_year)?))
    }

    async fn keep_transmit(&self, transmit: Transmit, guard_open: bool) -> Result<Kept> {
        let done = Transmitted { id: transmit.id, duplicate: false, late: transmit.late };
        let (id, kind) = transmit.identity();
        let identity = (transmit.mid, transmit.environment, id.to_owned(), kind.to_owned());
        // Only a paid one may have to be written a second time, after the order it pays has ended.
        let spare = guard_open.then(|| Box::new(transmit.clone()));
        let mut set = ChangeSet::new();
        if guard_open {
            set.expect(Expectation::NoOpenOrder {
                mid: transmit.mid,
                environment: transmit.environment,
                external_id: transmit.payment.order_id.clone(),
            });
        }
        if let Some(entry) = self.ledger_entry(&transmit) {
            if entry.outcome == Counted::Declined
                && let Some(tenant) = self.tenants.get(entry.mid).await?
            {
                self.meter_volume(&entry, &tenant.merchant.country);
            }
            set.push(Write::InsertLedger(entry));
        }
        set.push(Write::InsertTransmit(Box::new(transmit)));
        match (self.apply(set).await?, spare) {
            (Ok(()), _) => {
                metrics::counter!("recoup_transmits_total").increment(1);
                Ok(Kept::Done(done))
            }
            (Err(Conflict::OpenOrder), Some(transmit)) => Ok(Kept::PaysOpenOrder(transmit)),
            (Err(_), _) => {
                let (mid, environment, id, kind) = identity;
                let first = self.store.transmit_by_identity(mid, environment, &id, &kind).await?;
                let first = first.ok_or_else(|| Error::Internal("a duplicate without its original".into()))?;
                Ok(Kept::Done(Transmitted { id: first.id, duplicate: true, late: first.late }))
            }
        }
    }

    /// The ledger row of a transmitted attempt; none when the card is not told or it was no attempt.
    pub(crate) fn ledger_entry(&self, transmit: &Transmit) -> Option<Entry> {
        let transaction = &transmit.payment.transaction;
        let outcome = match transmit.outcome()? {
            Outcome::Approved => Counted::Approved,
            Outcome::Declined => Counted::Declined,
            Outcome::Voided | Outcome::Refunded | Outcome::Chargeback => return None,
        };
        let network = network_of(&transmit.payment);
        let answer = answer_of(transaction);
        Some(Entry {
            mid: transmit.mid,
            environment: transmit.environment,
            card: transmit.card?,
            at: transmit.at.min(transmit.received_at),
            id: transmit.id.0,
            origin: if transmit.order.is_some() { Origin::Evaluated } else { Origin::Transmitted },
            initiator: if transmit.payment.is_mit { Initiator::Mit } else { Initiator::Cit },
            amount: transaction.amount,
            network,
            outcome,
            response_code: self.rules().iso_code(&answer, transmit.at).or(transaction.response_code.clone()),
            advice_code: transaction.merchant_advice_code.clone(),
            order: transmit.order,
        })
    }

    /// A stored transaction of the caller's.
    pub async fn transmitted(&self, principal: &Principal, id: TransmitId) -> Result<Transmit> {
        principal.require("transmit")?;
        let transmit = self.store.transmit(id).await?.ok_or(Error::NotFound)?;
        let visible = self.sees(principal, transmit.mid, transmit.environment).await;
        if visible { Ok(transmit) } else { Err(Error::NotFound) }
    }

    /// Replaces members of a stored transaction; its identity and amount are fixed (the caller has merged them).
    pub async fn amend_transmit(
        &self,
        principal: &Principal,
        id: TransmitId,
        version: u32,
        payment: domain::payment::Payment,
    ) -> Result<Transmit> {
        self.admit()?;
        let mut transmit = self.transmitted(principal, id).await?;
        if transmit.version != version {
            return Err(Error::InProgress);
        }
        let tenant = self.tenants.get(transmit.mid).await?.ok_or(Error::NotFound)?;
        (transmit.site, transmit.matched_by) = resolve(&tenant, &payment)?;
        *transmit.payment = payment;
        transmit.version += 1;
        let updated = self.apply(ChangeSet::new().with(Write::UpdateTransmit(Box::new(transmit.clone())))).await?;
        updated.map(|()| transmit).map_err(|_| Error::InProgress)
    }

    /// Reports what became of a transaction.
    pub async fn report_outcome(&self, principal: &Principal, id: TransmitId, input: OutcomeReport) -> Result<Transmit> {
        self.admit()?;
        let mut transmit = self.transmitted(principal, id).await?;
        let full = transmit.payment.transaction.amount;
        if input.currency.is_some_and(|currency| currency != full.currency) {
            let mut faults = Faults::new();
            faults.invalid("Currency");
            return Err(Error::Invalid(faults));
        }
        let report = self.report_of(&transmit, input);
        if same_again(transmit.outcomes.last(), &report) {
            if report.outcome == Outcome::Chargeback {
                // A crash may have come between the outcome and what follows from it.
                self.dispute_transmitted(&transmit).await?;
            }
            return Ok(transmit);
        }
        if !report.outcome.may_follow(transmit.outcome()) {
            let was = transmit.outcome().map_or("none", Outcome::as_str);
            return Err(Error::State { message: format!("The outcome {} cannot follow {was}.", report.outcome), order: None });
        }
        let (outcome, at) = (report.outcome, report.occurred_at);
        transmit.outcomes.push(report);
        transmit.version += 1;
        let mut set = ChangeSet::new().with(Write::UpdateTransmit(Box::new(transmit.clone())));
        if let Some(entry) = self.outcome_entry(&transmit, outcome, at) {
            set.push(Write::InsertLedger(entry));
        }
        self.apply(set).await?.map_err(|_| Error::InProgress)?;
        self.follow_outcome(&transmit, outcome).await?;
        Ok(transmit)
    }

    fn report_of(&self, transmit: &Transmit, input: OutcomeReport) -> Report {
        let full = transmit.payment.transaction.amount;
        Report {
            outcome: input.outcome,
            amount: domain::money::Money::new(input.amount_minor.unwrap_or(full.minor), full.currency),
            occurred_at: input.occurred_at.unwrap_or_else(|| self.now_for(transmit.mid, transmit.environment)),
            response_code: input.response_code,
            response_code_source: input.response_code_source,
            merchant_advice_code: input.merchant_advice_code,
            reference: input.reference,
            reason: input.reason,
        }
    }

    /// `approved` resets the counters and `declined` books an attempt; the row carries an id of its own.
    fn outcome_entry(&self, transmit: &Transmit, outcome: Outcome, at: Timestamp) -> Option<Entry> {
        let report = transmit.outcomes.last()?;
        let mut entry = self.ledger_entry(transmit)?;
        entry.outcome = match outcome {
            Outcome::Approved => Counted::Approved,
            Outcome::Declined => Counted::Declined,
            Outcome::Voided | Outcome::Refunded | Outcome::Chargeback => return None,
        };
        entry.at = at.min(self.now_for(transmit.mid, transmit.environment));
        entry.id = TransmitId::at(self.clock.now(), self.random.bytes()).0;
        entry.response_code = report.response_code.clone().or(entry.response_code);
        entry.advice_code = report.merchant_advice_code.clone().or(entry.advice_code);
        Some(entry)
    }

    async fn follow_outcome(&self, transmit: &Transmit, outcome: Outcome) -> Result<()> {
        let reason = match outcome {
            Outcome::Approved => Reason::PaidElsewhere,
            Outcome::Chargeback => return self.dispute_transmitted(transmit).await,
            Outcome::Declined | Outcome::Voided | Outcome::Refunded => return Ok(()),
        };
        self.end_open_order(transmit.mid, transmit.environment, &transmit.payment.order_id, reason, Actor::Merchant).await
    }
}

enum Kept {
    Done(Transmitted),
    PaysOpenOrder(Box<Transmit>),
}

/// The answer that a transaction describes.
pub fn answer_of(transaction: &domain::payment::Transaction) -> Answer {
    Answer {
        response_code: transaction.response_code.clone().unwrap_or_default(),
        source: transaction.response_code_source.clone(),
        advice_code: transaction.merchant_advice_code.clone(),
        network_response_code: transaction.network_response_code.clone(),
    }
}

/// The network that a payment names, by brand or BIN.
pub fn network_of(payment: &domain::payment::Payment) -> Network {
    let method = &payment.method;
    let named = [payment.transaction.network.as_deref(), method.card_brand.as_deref()];
    let by_name = named.into_iter().flatten().find_map(|name| {
        let folded: String = name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        match folded.as_str() {
            "master" | "mc" => Some(Network::Mastercard),
            "americanexpress" => Some(Network::Amex),
            "diners" | "dinersclub" => Some(Network::Discover),
            word => Network::parse(word),
        }
    });
    by_name.unwrap_or_else(|| Network::of_bin(method.card_bin_number.as_deref().unwrap_or_default()))
}

/// The site of a payment.
pub(crate) fn resolve(tenant: &Tenant, payment: &domain::payment::Payment) -> Result<(domain::id::SiteId, MatchedBy)> {
    let descriptor = payment.transaction.dynamic_descriptor.as_deref();
    match site::resolve(&tenant.sites, payment.site_id, payment.site_url.as_deref(), descriptor) {
        Ok((site, by)) => Ok((site.id, by)),
        Err(site::ResolveError::NotASite) => {
            let mut faults = Faults::new();
            faults.invalid("SiteId");
            Err(Error::Invalid(faults))
        }
        Err(error @ site::ResolveError::NoDefault) => Err(Error::Internal(error.to_string())),
    }
}

fn first_outcome(payment: &domain::payment::Payment, is_declined: bool, at: Timestamp) -> Vec<Report> {
    let status = payment.transaction.response_status.as_deref().and_then(Outcome::parse);
    // `isDeclined` is the contract's word for what happened; a status that contradicts it is kept as text only.
    let outcome = match status {
        Some(later @ (Outcome::Voided | Outcome::Refunded | Outcome::Chargeback)) => later,
        _ if is_declined => Outcome::Declined,
        _ => Outcome::Approved,
    };
    vec![Report {
        outcome,
        amount: payment.transaction.amount,
        occurred_at: at,
        response_code: None,
        response_code_source: None,
        merchant_advice_code: None,
        reference: None,
        reason: None,
    }]
}

fn same_again(last: Option<&Report>, next: &Report) -> bool {
    last.is_some_and(|last| last.outcome == next.outcome && last.amount == next.amount && last.reference == next.reference)
}
