//! One change set: expectations first, then every write in order.

use domain::change::Write;
use rusqlite::Connection;

use super::{audit, grants, key_uses, mails, marks, payouts, sessions, settlements, users};

use super::{
    accounts, advices, applications, attempts, blocks, cards, chargebacks, clients, clocks,
    clocks::Lanes,
    data_keys, decisions, deliveries, documents, endpoints, events, expect,
    fault::Fault,
    idempotency, keys, ledger, merchants, models, notifications, orders, partners,
    prepare::{Prepared, Text},
    refreshes, refunds, registry, risk, routes, signing_keys, sites, timers, transmits,
};

/// Applies a change set inside the caller's savepoint.
pub fn apply(db: &Connection, lanes: &mut Lanes, set: &Prepared) -> Result<(), Fault> {
    set.expect.iter().try_for_each(|expectation| expect::check(db, expectation))?;
    set.writes.iter().try_for_each(|(write, text)| one(db, lanes, write, text))?;
    if set.writes.iter().any(|(write, _)| is_administrative(write)) {
        registry::bump(db)?;
    }
    Ok(())
}

fn one(db: &Connection, lanes: &mut Lanes, write: &Write, text: &Text) -> Result<(), Fault> {
    let body = text.body.as_str();
    match write {
        Write::InsertOrder(order) => orders::insert(db, order, text),
        Write::UpdateOrder(order) => orders::update(db, order, text),
        Write::InsertAttempt(attempt) => attempts::insert(db, attempt, body),
        Write::UpdateAttempt(attempt) => {
            risk::note_attempt(db, attempt)?;
            attempts::update(db, attempt, body)
        }
        Write::InsertRefund(refund) => {
            risk::note_refund(db, refund)?;
            refunds::insert(db, refund, body)
        }
        Write::UpdateRefund(refund) => {
            risk::note_refund(db, refund)?;
            refunds::update(db, refund, body)
        }
        Write::InsertLedger(entry) => ledger::insert(db, entry),
        Write::SettleLedger { mid, environment, card, at, id, outcome, response_code, advice_code } => {
            let row = ledger::Row { mid: *mid, environment: *environment, card: *card, at: *at, id: *id };
            ledger::settle(db, row, *outcome, response_code.as_deref(), advice_code.as_deref())
        }
        Write::InsertTransmit(transmit) => transmits::insert(db, transmit, body),
        Write::InsertTransmitIfNew(transmit) => transmits::insert_if_new(db, transmit, body),
        Write::UpdateTransmit(transmit) => {
            risk::note_transmit(db, transmit)?;
            transmits::update(db, transmit, body)
        }
        Write::SetTimer(timer) => timers::set(db, timer, lanes.of_timer(timer)),
        Write::ClearTimer { kind, subject } => timers::clear(db, *kind, *subject),
        Write::PublishEvent(event) => events::insert(db, event),
        Write::InsertDelivery(delivery) => deliveries::insert(db, delivery, body),
        Write::UpdateDelivery(delivery) => deliveries::update(db, delivery, body),
        Write::InsertIdempotency(record) => idempotency::insert(db, record),
        Write::AnswerIdempotency { scope, status, body } => idempotency::answer(db, *scope, *status, body),
        Write::DropIdempotency { scope } => idempotency::drop(db, *scope),
        Write::InsertCard(card) => cards::insert(db, card, body),
        Write::UpdateCard(card) => cards::update(db, card, body),
        Write::DeleteCard { mid, id } => cards::delete(db, *mid, *id),
        Write::PutCvv(cvv) => cards::put_cvv(db, cvv, body),
        Write::WipeCvv { token } => cards::wipe_cvv(db, *token),
        Write::PutDataKey(key) => data_keys::put(db, key, body),
        Write::InsertApplication(application) => applications::insert(db, application, body),
        Write::UpdateApplication(application) => applications::update(db, application, body),
        Write::BeginUpload { document, at } => documents::begin(db, *document, *at),
        Write::InsertDocumentPart { document, number, sealed } => documents::insert_part(db, *document, *number, sealed),
        Write::KeepUpload { document } => documents::keep(db, *document),
        Write::DropDocument { document } => documents::drop(db, *document),
        Write::PutPartner(partner) => partners::put(db, partner, body),
        Write::PutMerchant(merchant) => merchants::put(db, merchant, body),
        Write::PutSite(site) => sites::put(db, site, body),
        Write::PutGrant(grant) => grants::put(db, grant),
        Write::DeleteGrant { partner, mid } => grants::delete(db, *partner, *mid),
        Write::InsertAudit(entry) => audit::insert(db, entry, body),
        Write::PutClient(client) => clients::put(db, client, body),
        Write::PutKey(key) => keys::put(db, key, body),
        Write::InsertRefresh(refresh) => refreshes::insert(db, refresh),
        Write::SpendRefresh { hash } => refreshes::spend(db, *hash),
        Write::RevokeFamily { family } => refreshes::revoke_family(db, *family),
        Write::RevokeClient { client } => refreshes::revoke_client(db, *client),
        Write::RevokeKey { key } => refreshes::revoke_key(db, *key),
        Write::TouchKey { key, at } => key_uses::touch(db, *key, *at),
        Write::InsertUser(user) => users::insert(db, user, body),
        Write::UpdateUser(user) => users::update(db, user, body),
        Write::DeleteUser { id } => users::delete(db, *id),
        Write::MarkLogin { user, at } => users::mark_login(db, *user, *at),
        Write::SpendCode { user, step } => users::spend_code(db, *user, *step),
        Write::NoteMark(noted) => marks::note(db, noted),
        Write::PutSession(session) => sessions::put(db, session),
        Write::TouchSession(session) => sessions::touch(db, session),
        Write::EndSession { family } => sessions::end(db, *family),
        Write::EndSessions { user } => sessions::end_all(db, *user),
        Write::CountFailure { subject, at } => sessions::count_failure(db, *subject, *at),
        Write::ForgiveFailure { subject } => sessions::forgive_failure(db, *subject),
        Write::ClearFailures { subject } => sessions::clear_failures(db, *subject),
        Write::PutTicket(ticket) => sessions::put_ticket(db, ticket),
        Write::SpendTicket { hash } => sessions::spend_ticket(db, *hash),
        Write::DropTickets { user } => sessions::drop_tickets(db, *user),
        Write::QueueMail(mail) => mails::insert(db, mail, body),
        Write::UpdateMail(mail) => mails::update(db, mail, body),
        Write::DeleteMail { id } => mails::delete(db, *id),
        Write::PutEndpoint(endpoint) => endpoints::put(db, endpoint, body),
        Write::UpdateEndpoint(endpoint) => endpoints::update(db, endpoint, body),
        Write::DeleteEndpoint { id } => endpoints::delete(db, *id),
        Write::PutAccount(account) => accounts::put(db, account, body),
        Write::UpdateAccount(account) => accounts::update(db, account, body),
        Write::PutRoutes { mid, environment, routes } => routes::put(db, *mid, *environment, routes.is_empty(), body),
        Write::InsertChargeback(chargeback) => {
            risk::note_chargeback(db, chargeback)?;
            chargebacks::insert(db, chargeback, body)
        }
        Write::UpdateChargeback(chargeback) => chargebacks::update(db, chargeback, body),
        Write::InsertSettlementItem(item) => settlements::insert_item(db, item, body),
        Write::InsertBookedItem { settlement, item } => settlements::insert_booked(db, *settlement, item, body),
        Write::BookSettlementItems { settlement, items } => settlements::book(db, *settlement, items),
        Write::PutSettlement(settlement) => settlements::put(db, settlement, body),
        Write::PutPayout(payout) => payouts::put(db, payout, body),
        Write::PutBlock(block) => blocks::put(db, block, body),
        Write::DeleteBlock { mid, id } => blocks::delete(db, *mid, *id),
        Write::PutClock(clock) => clocks::put(db, lanes, clock),
        Write::PutSigningKey(key) => signing_keys::put(db, key),
        Write::InsertNotification(notification) => notifications::insert(db, notification, body),
        Write::InsertAdvice(advice) => advices::insert(db, advice, body),
        Write::UpdateAdvice(advice) => advices::update(db, advice, body),
        Write::InsertDecision(record) => decisions::insert(db, record),
        Write::PutSense(session) => super::sense::put(db, session, body),
        Write::PutModel(model) => models::put(db, model, body),
        Write::PutProfiles { before, after, profiles } => risk::put(db, *before, *after, profiles),
    }
}

const fn is_administrative(write: &Write) -> bool {
    matches!(
        write,
        Write::PutPartner(_)
            | Write::PutMerchant(_)
            | Write::PutSite(_)
            | Write::PutGrant(_)
            | Write::DeleteGrant { .. }
            | Write::PutClient(_)
            | Write::PutKey(_)
            | Write::UpdateUser(_)
            | Write::DeleteUser { .. }
            | Write::EndSession { .. }
            | Write::EndSessions { .. }
            | Write::PutEndpoint(_)
            | Write::UpdateEndpoint(_)
            | Write::DeleteEndpoint { .. }
            | Write::PutAccount(_)
            | Write::UpdateAccount(_)
            | Write::PutRoutes { .. }
            | Write::PutBlock(_)
            | Write::DeleteBlock { .. }
            | Write::PutClock(_)
            | Write::PutSigningKey(_)
    )
}
