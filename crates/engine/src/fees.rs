//! Network fees, metered as orders are worked: Prometheus counters beside the exact `fees` report.
//!
//! *Predicted* is what a retry at once would cost, or what an attempt that was made did cost; *incurred* that it was made,
//! *avoided* that it was not, so predicted is always the two together. Counted when a decline is booked, and when the moment
//! of a planned attempt has come and others have used the limit up meanwhile. What merchants transmit and never ask us
//! about is in the report, not here: nobody looks at a card's ledger for it.

use std::borrow::Cow;

use domain::{
    card::Network,
    change::Write,
    ledger::{Entry, Outcome},
    limits::{Planned, fees},
    money::Money,
    order::Order,
    rules::Fee,
    time::Timestamp,
};

use crate::{Engine, commit::Change};

#[derive(Clone, Copy)]
enum Fate {
    Incurred,
    Avoided,
}

impl Engine {
    /// Meters the declines that a change books: `ledger` is the card's, with the rows of the change in it.
    pub(crate) fn meter_declines(&self, change: &Change<'_>, ledger: &[Entry]) {
        let order = &change.order;
        let country = &change.tenant.merchant.country;
        let mut books = false;
        for write in &change.set.writes {
            match write {
                Write::InsertLedger(entry) if entry.outcome == Outcome::Declined => {
                    books = true;
                    self.meter_volume(entry, country);
                    let earlier: Vec<Entry> =
                        ledger.iter().filter(|other| other.id != entry.id && other.at <= entry.at).cloned().collect();
                    let made = Planned { initiator: entry.initiator, amount: entry.amount, ..self.planned(change, entry.at) };
                    self.meter(entry.network, fees(self.rules(), &earlier, &made, issuer_country(order)), Fate::Incurred);
                }
                Write::SettleLedger { outcome: Outcome::Declined, .. } => books = true,
                _ => {}
            }
        }
        if books {
            let ledger = settled(ledger, &change.set.writes, |entry| self.meter_volume(entry, country));
            let retry = self.planned(change, change.now);
            self.meter(retry.network, fees(self.rules(), &ledger, &retry, issuer_country(order)), Fate::Avoided);
        }
    }

    /// Meters an attempt that was planned for now and is not made, because the limits are used up meanwhile.
    pub(crate) fn meter_stopped(&self, order: &Order, ledger: &[Entry], planned: &Planned<'_>) {
        self.meter(planned.network, fees(self.rules(), ledger, planned, issuer_country(order)), Fate::Avoided);
    }

    /// Counts a decline for the volumes of the merchant that it belongs to.
    pub(crate) fn meter_volume(&self, entry: &Entry, merchant_country: &str) {
        let codes = (entry.response_code.as_deref(), entry.advice_code.as_deref());
        for limit in self.rules().volumes(entry.network, merchant_country, entry.at) {
            if limit
                .trigger
                .as_ref()
                .is_some_and(|trigger| trigger.set_off_by(self.rules(), codes.0, codes.1, entry.at).is_some())
            {
                metrics::counter!("recoup_network_volume_declines_total", "rule" => limit.id.clone()).increment(1);
            }
        }
    }

    #[expect(clippy::unused_self, reason = "reads like the other meters")]
    fn meter(&self, network: Network, fees: Vec<&Fee>, fate: Fate) {
        let fates = match fate {
            Fate::Incurred => ["predicted", "incurred"],
            Fate::Avoided => ["predicted", "avoided"],
        };
        for fee in fees {
            for fate in fates {
                let labels = [
                    ("fate", fate.to_owned()),
                    ("network", network.to_string()),
                    ("rule", fee.rule.clone()),
                    ("currency", fee.currency.as_str().to_owned()),
                ];
                metrics::counter!("recoup_network_fee_attempts_total", &labels).increment(1);
                metrics::counter!("recoup_network_fee_micros_total", &labels).increment(fee.amount_micros);
            }
        }
    }

    #[expect(clippy::unused_self, reason = "reads like the other meters")]
    fn planned<'a>(&self, change: &'a Change<'_>, at: Timestamp) -> Planned<'a> {
        let order = &change.order;
        let credential = order.credential();
        Planned {
            at,
            network: credential.map_or(Network::Other, |card| card.network),
            initiator: order.initiator(),
            amount: Money::new(order.remaining_minor(), order.amount.currency),
            merchant_country: &change.tenant.merchant.country,
            credential_changed_at: credential
                .filter(|card| card.version > 1 || order.credentials.len() > 1)
                .map(|card| card.since),
        }
    }
}

fn issuer_country(order: &Order) -> Option<&str> {
    order.credential().and_then(|card| card.issuer_country.as_deref())
}

/// The ledger with the outcomes that the writes settle; each decline among them is told.
fn settled<'a>(ledger: &'a [Entry], writes: &[Write], mut told: impl FnMut(&Entry)) -> Cow<'a, [Entry]> {
    let mut ledger = Cow::Borrowed(ledger);
    for write in writes {
        let Write::SettleLedger { id, outcome, response_code, advice_code, .. } = write else { continue };
        let Some(place) = ledger.iter().position(|entry| entry.id == *id) else { continue };
        let entry = &mut ledger.to_mut()[place];
        entry.outcome = *outcome;
        entry.response_code.clone_from(response_code);
        entry.advice_code.clone_from(advice_code);
        if *outcome == Outcome::Declined {
            told(entry);
        }
    }
    ledger
}
