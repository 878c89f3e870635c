//! The one change set a use case hands to the store: applied whole or not at all.

use uuid::Uuid;

use crate::{
    advice::Advice,
    application::Application,
    attempt::Attempt,
    audit,
    block::Block,
    card::CardKey,
    chargeback::Chargeback,
    client::{Client, Key, Refresh},
    decision,
    environment::Environment,
    event::Event,
    id::{
        BlockId, ClientId, DocumentId, KeyId, LeaseToken, MailId, Mid, OrderId, PartnerId, SettlementId, TokenId, UserId,
        WebhookId,
    },
    ledger::{Entry, Outcome},
    mail::Mail,
    mark,
    merchant::Merchant,
    model,
    notification::Notification,
    order::Order,
    partner::{Grant, Partner},
    payout::Payout,
    refund::Refund,
    risk,
    route::{Account, Route},
    sense,
    settlement::{self, Settlement},
    site::Site,
    time::Timestamp,
    timer::{Kind, Timer},
    token::{Card, DataKey, SealedCvv},
    transmit::Transmit,
    user::{House, Session, Ticket, User},
    webhook::{Delivery, Endpoint},
};

/// What must hold when the change set is applied; checked by the store in the same transaction.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// No open order has this merchant's order id.
    NoOpenOrder {
        /// Tenant.
        mid: Mid,
        /// Environment.
        environment: Environment,
        /// The merchant's order id.
        external_id: String,
    },
    /// The ledger of a card has exactly this many rows since an instant: nobody else attempted meanwhile.
    LedgerRows {
        /// Tenant.
        mid: Mid,
        /// Environment.
        environment: Environment,
        /// The card's keys.
        keys: [CardKey; 2],
        /// Rows at or after this instant, UTC.
        since: Timestamp,
        /// How many.
        rows: u32,
    },
    /// Somebody else than this user is an owner of this house (of each of its merchants), and not blocked.
    AnotherOwner {
        /// The user that goes or gets another role.
        user: UserId,
        /// Whose owners.
        house: House,
    },
    /// A routing table has exactly these lines.
    RoutesAre {
        /// Its merchant; none: the general one.
        mid: Option<Mid>,
        /// Environment.
        environment: Environment,
        /// Its lines.
        routes: Vec<Route>,
    },
    /// The lease on a timer is still ours.
    Lease {
        /// What is looked at.
        kind: Kind,
        /// Its id.
        subject: Uuid,
        /// Our token.
        lease: LeaseToken,
    },
}

/// An idempotency record (`wire-api` §1.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Keyed hash of environment, mid, endpoint and key.
    pub scope: [u8; 32],
    /// Tenant, for purge and export.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Keyed hash of the payload.
    pub payload: [u8; 32],
    /// The order it made, for a replay that finds no stored answer.
    pub order: Option<OrderId>,
    /// HTTP status and body, once there is an answer.
    pub answer: Option<(u16, String)>,
    /// Since when, UTC, real time.
    pub created_at: Timestamp,
}

/// The virtual clock of a sandbox merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Tenant.
    pub mid: Mid,
    /// Its timers' lane; the system's own is 0.
    pub lane: i64,
    /// Virtual minus real time, microseconds.
    pub offset_us: i64,
    /// Stands still at this virtual instant.
    pub frozen_at: Option<Timestamp>,
}

impl Clock {
    /// The virtual instant at a real one.
    pub fn at(&self, real: Timestamp) -> Timestamp {
        self.frozen_at.unwrap_or(Timestamp::from_micros(real.micros() + self.offset_us))
    }
}

/// A named secret of the whole deployment, sealed (token signing keys).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Key id, the token's `kid`.
    pub kid: String,
    /// Sealed key.
    pub sealed: Vec<u8>,
    /// Since when it signs, UTC.
    pub created_at: Timestamp,
    /// Since when it only verifies, UTC.
    pub retired_at: Option<Timestamp>,
}

/// One write. Updates carry the new row version and apply only over the one before it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each says what it writes")]
pub enum Write {
    InsertOrder(Box<Order>),
    UpdateOrder(Box<Order>),
    InsertAttempt(Box<Attempt>),
    UpdateAttempt(Box<Attempt>),
    InsertRefund(Box<Refund>),
    UpdateRefund(Box<Refund>),
    InsertLedger(Entry),
    /// Says what became of a ledger row.
    SettleLedger {
        mid: Mid,
        environment: Environment,
        card: CardKey,
        at: Timestamp,
        id: Uuid,
        outcome: Outcome,
        response_code: Option<String>,
        advice_code: Option<String>,
    },
    /// Fails with [`Conflict::Taken`] when the identity is known.
    InsertTransmit(Box<Transmit>),
    /// Like the above, but keeps the first copy silently.
    InsertTransmitIfNew(Box<Transmit>),
    UpdateTransmit(Box<Transmit>),
    SetTimer(Timer),
    ClearTimer {
        kind: Kind,
        subject: Uuid,
    },
    PublishEvent(Event),
    InsertDelivery(Box<Delivery>),
    UpdateDelivery(Box<Delivery>),
    /// Fails with a conflict when the scope is taken.
    InsertIdempotency(Idempotency),
    /// Stores the answer of a record.
    AnswerIdempotency {
        scope: [u8; 32],
        status: u16,
        body: String,
    },
    DropIdempotency {
        scope: [u8; 32],
    },
    InsertCard(Box<Card>),
    UpdateCard(Box<Card>),
    DeleteCard {
        mid: Mid,
        id: TokenId,
    },
    PutCvv(SealedCvv),
    WipeCvv {
        token: TokenId,
    },
    PutDataKey(DataKey),
    InsertApplication(Box<Application>),
    UpdateApplication(Box<Application>),
    /// Begins an upload; until it is kept, a purge takes it away.
    BeginUpload {
        document: DocumentId,
        at: Timestamp,
    },
    /// Fails with a conflict when the upload is gone.
    InsertDocumentPart {
        document: DocumentId,
        number: u32,
        sealed: Vec<u8>,
    },
    /// Ends an upload; its application names the document in the same change set.
    KeepUpload {
        document: DocumentId,
    },
    /// Takes away the parts of a document, uploaded whole or not.
    DropDocument {
        document: DocumentId,
    },
    PutPartner(Partner),
    /// Version 1 is a new merchant; a later one goes over the version before.
    PutMerchant(Box<Merchant>),
    /// Version 1 is a new site; a later one goes over the version before.
    PutSite(Box<Site>),
    PutGrant(Grant),
    DeleteGrant {
        partner: PartnerId,
        mid: Mid,
    },
    /// Adds to the audit trail.
    InsertAudit(Box<audit::Entry>),
    PutClient(Client),
    PutKey(Key),
    InsertRefresh(Refresh),
    /// Fails with a conflict when it was spent already.
    SpendRefresh {
        hash: [u8; 32],
    },
    RevokeFamily {
        family: Uuid,
    },
    RevokeClient {
        client: ClientId,
    },
    /// Forgets the refresh tokens that came from a key.
    RevokeKey {
        key: KeyId,
    },
    /// Notes that a key was used.
    TouchKey {
        key: KeyId,
        at: Timestamp,
    },
    /// Fails with [`Conflict::Taken`] when the e-mail address is known.
    InsertUser(Box<User>),
    UpdateUser(Box<User>),
    /// Forgets a user, its sessions, tokens and tickets.
    DeleteUser {
        id: UserId,
    },
    MarkLogin {
        user: UserId,
        at: Timestamp,
    },
    /// Uses the code of a time step up; fails with a conflict when a step so late was used already.
    SpendCode {
        user: UserId,
        step: u64,
    },
    /// Notes what an integration did; what is known already only grows.
    NoteMark(mark::Noted),
    PutSession(Session),
    /// Writes the use, the end and the environment of a session; fails with a conflict when it is gone.
    TouchSession(Session),
    /// Ends a session with its tokens; fails with a conflict when it is gone already.
    EndSession {
        family: Uuid,
    },
    EndSessions {
        user: UserId,
    },
    /// Counts one more failure under a keyed hash.
    CountFailure {
        subject: [u8; 32],
        at: Timestamp,
    },
    ForgiveFailure {
        subject: [u8; 32],
    },
    ClearFailures {
        subject: [u8; 32],
    },
    PutTicket(Ticket),
    /// Fails with a conflict when it is used already.
    SpendTicket {
        hash: [u8; 32],
    },
    DropTickets {
        user: UserId,
    },
    QueueMail(Box<Mail>),
    UpdateMail(Box<Mail>),
    DeleteMail {
        id: MailId,
    },
    PutEndpoint(Box<Endpoint>),
    UpdateEndpoint(Box<Endpoint>),
    DeleteEndpoint {
        id: WebhookId,
    },
    PutAccount(Box<Account>),
    UpdateAccount(Box<Account>),
    /// Replaces the routing table of a merchant (or the general one) in an environment.
    PutRoutes {
        mid: Option<Mid>,
        environment: Environment,
        routes: Vec<Route>,
    },
    /// Fails with [`Conflict::Taken`] when the reference is known.
    InsertChargeback(Box<Chargeback>),
    UpdateChargeback(Box<Chargeback>),
    /// Keeps the first of its identity silently: the same movement of money is one item, however often it is told.
    InsertSettlementItem(Box<settlement::Item>),
    /// Adds an item to a settlement at once; fails with [`Conflict::Taken`] when its identity is known.
    InsertBookedItem {
        settlement: SettlementId,
        item: Box<settlement::Item>,
    },
    /// Puts items that wait into a settlement; fails with a conflict when one is booked already.
    BookSettlementItems {
        settlement: SettlementId,
        items: Vec<u64>,
    },
    /// Version 1 is a new one; fails with [`Conflict::Taken`] when its account has an open one.
    PutSettlement(Box<Settlement>),
    /// Version 1 is a new one.
    PutPayout(Box<Payout>),
    /// Fails with [`Conflict::Taken`] when another entry blocks the same.
    PutBlock(Box<Block>),
    DeleteBlock {
        mid: Mid,
        id: BlockId,
    },
    PutClock(Clock),
    PutSigningKey(SigningKey),
    /// Fails with [`Conflict::Taken`] when the account sent it before.
    InsertNotification(Box<Notification>),
    /// Fails with [`Conflict::Taken`] when its order id has an open one.
    InsertAdvice(Box<Advice>),
    UpdateAdvice(Box<Advice>),
    /// Adds to the decision log.
    InsertDecision(Box<decision::Record>),
    /// Writes a version, new or changed; fails with [`Conflict::Taken`] when another of its kind is in use: retire that first.
    PutModel(Box<model::Record>),
    /// Writes a visit over the version before; the first one is 1.
    PutSense(Box<sense::Session>),
    /// Writes risk profiles and moves on what they were folded from; fails with [`Conflict::Taken`] when another did.
    PutProfiles {
        before: risk::Cursor,
        after: risk::Cursor,
        profiles: Vec<(risk::Key, Vec<u8>)>,
    },
}

/// Everything one decision changes.
#[derive(Debug, Clone, Default)]
pub struct ChangeSet {
    /// What must hold.
    pub expect: Vec<Expectation>,
    /// What is written, in order.
    pub writes: Vec<Write>,
}

impl ChangeSet {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write.
    pub fn push(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Adds an expectation.
    pub fn expect(&mut self, expectation: Expectation) {
        self.expect.push(expectation);
    }

    /// Adds a write, by value.
    #[must_use]
    pub fn with(mut self, write: Write) -> Self {
        self.push(write);
        self
    }
}

/// Which expectation failed; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Another commit changed the row first.
    #[error("{what} {id} is not at the expected version")]
    Version {
        /// Kind of row.
        what: &'static str,
        /// Its id.
        id: Uuid,
    },
    /// The merchant's order id has an open order.
    #[error("an order of this merchant's id is open")]
    OpenOrder,
    /// The card was attempted meanwhile.
    #[error("the ledger of the card has moved on")]
    LedgerMoved,
    /// The last owner would be gone.
    #[error("the last owner cannot be removed")]
    LastOwner,
    /// The lease was lost.
    #[error("the lease was lost")]
    LeaseLost,
    /// The identity or name is taken (transmit identity, idempotency scope, refresh token, unique name).
    #[error("{what} is taken")]
    Taken {
        /// What is taken.
        what: &'static str,
    },
}
