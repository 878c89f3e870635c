//! The request that a processor gets: the card is opened here, at the last moment.

use domain::{
    attempt::Attempt,
    order::{Credential, Order},
    payment,
};
use processor::{Authorize, MitReason, RevealedCard, ThreeDSecure};

use crate::{Engine, Result, processors::Chosen, tenants::Tenant};

impl Engine {
    /// The authorisation request of an attempt.
    pub(super) async fn request(
        &self,
        order: &Order,
        attempt: &Attempt,
        credential: &Credential,
        chosen: &Chosen,
        tenant: &Tenant,
    ) -> Result<Authorize> {
        let card =
            if chosen.offers().reveal_card && !credential.is_reference { self.revealed(order, credential).await? } else { None };
        let is_mit = matches!(attempt.initiator, domain::ledger::Initiator::Mit);
        let payment = &order.payment;
        let site = tenant.site(order.site);
        Ok(Authorize {
            attempt: attempt.id,
            order: order.id,
            mid: order.mid,
            site: order.site,
            token: self.name_of_card(credential.token, credential.is_reference).await?,
            card,
            bin: credential.bin.clone(),
            last4: credential.last4.clone(),
            network: credential.network,
            funding: credential.funding,
            issuer_country: credential.issuer_country.clone(),
            credential_version: credential.version,
            amount: attempt.amount,
            capture: attempt.capture,
            is_mit,
            mit_reason: is_mit.then(|| mit_reason(payment)),
            network_transaction_id: order.network_transaction_id.clone(),
            three_d_secure: payment.three_d_secure.as_ref().filter(|_| chosen.takes_three_ds).map(three_d_secure),
            descriptor: attempt.descriptor.clone(),
            mcc: site.and_then(|site| site.mcc.clone()).or_else(|| tenant.merchant.mcc.clone()),
            customer_ip: payment.customer_ip.clone().filter(|_| !is_mit),
            attempt_number: attempt.number,
            at: attempt.at,
            order_placed_at: order.placed_at,
            phone: payment.payer.phone.clone(),
            billing_zipcode: payment.billing.as_ref().and_then(|address| address.zipcode.clone()),
            offset_minutes: payment.transaction.utc_offset_minutes,
            simulator: tenant.merchant.settings.simulator,
        })
    }

    async fn revealed(&self, order: &Order, credential: &Credential) -> Result<Option<RevealedCard>> {
        let Some(opened) = self.open_card(credential.token).await? else { return Ok(None) };
        let is_mit = matches!(order.initiator(), domain::ledger::Initiator::Mit);
        Ok(Some(RevealedCard {
            number: opened.number,
            exp_month: opened.card.exp_month,
            exp_year: opened.card.exp_year,
            // A CVV never goes with a merchant-initiated payment.
            cvv: opened.cvv.filter(|_| !is_mit),
            holder_name: order.payment.method.holder_name.clone().or(opened.card.full_name),
        }))
    }
}

/// Why a payment is made without the customer: a retry of a declined rebill stays what the rebill was
/// (`domain-rules` §3).
fn mit_reason(payment: &payment::Payment) -> MitReason {
    match payment.order_source.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("installment") => MitReason::Installment,
        _ if payment.is_recurring || payment.subscription.is_some() => MitReason::Recurring,
        _ => MitReason::Unscheduled,
    }
}

fn three_d_secure(sent: &payment::ThreeDSecure) -> ThreeDSecure {
    ThreeDSecure {
        version: sent.three_ds_version.clone(),
        eci: sent.ecommerce_indicator.clone(),
        cavv: sent.authentication_value.clone(),
        ds_transaction_id: sent.directory_server_transaction_id.clone(),
        xid: sent.xid.clone(),
    }
}
