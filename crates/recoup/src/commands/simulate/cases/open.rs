//! A case goes into the engine: what was seen of its card before, then the decline itself, by the use cases that the
//! HTTP interface calls.

use domain::{
    fault::Faults,
    id::{Mid, OrderId, TokenId},
    intake,
    order::TransactionType,
    payment::{Method, Payment, Transaction},
    time::Timestamp,
};
use engine::{Engine, Principal, Reference};

use super::{
    case::{Case, Earlier},
    house::House,
};
use crate::failure::Failure;

/// Attempts of one history that are transmitted side by side.
const TRANSMITTED_AT_ONCE: usize = 16;

/// Opens the order of a case; call it within the moment of its failure.
pub async fn open(house: &House, case: &Case) -> Result<OrderId, Failure> {
    let (mid, caller) = house.caller(case);
    let engine = &house.engine;
    let card = engine.hold_reference(&caller, None, &reference(case)).await?;
    let earlier: Vec<(usize, &Earlier)> = case.history.iter().enumerate().collect();
    for rows in earlier.chunks(TRANSMITTED_AT_ONCE) {
        let sent = rows.iter().map(|(place, earlier)| transmit(engine, &caller, case, card.id, earlier, *place));
        futures_util::future::try_join_all(sent).await?;
    }
    let input = evaluate(case, mid, card.id);
    let evaluated = engine.evaluate(&caller, Some(input), Faults::new()).await?;
    Ok(evaluated.verdict.order)
}

fn reference(case: &Case) -> Reference {
    Reference {
        reference: case.token.clone(),
        network: case.network,
        funding: case.funding,
        bin: case.bin.clone(),
        last4: String::new(),
        exp_month: None,
        exp_year: None,
        updater_allowed: true,
    }
}

/// An earlier attempt on the card, as the merchant's systems would have told it.
async fn transmit(
    engine: &Engine,
    caller: &Principal,
    case: &Case,
    card: TokenId,
    earlier: &Earlier,
    place: usize,
) -> Result<(), Failure> {
    let mut payment = payment(case, card);
    payment.order_id = format!("{}/{place}", case.id);
    payment.transaction.id = payment.order_id.clone();
    payment.transaction.timestamp = Some(earlier.at);
    payment.transaction.response_code = earlier.response_code.clone();
    payment.transaction.merchant_advice_code = earlier.advice_code.clone();
    let record =
        intake::Transmit { mid: None, sequence_number: None, is_declined: !earlier.approved, payment: Box::new(payment) };
    engine.transmit(caller, Some(record), Faults::new()).await?;
    Ok(())
}

fn evaluate(case: &Case, mid: Mid, card: TokenId) -> intake::Evaluate {
    intake::Evaluate {
        mid: Some(mid),
        idempotency_key: case.id.clone(),
        payload_hash: [0; 32],
        is_declined: true,
        transaction_type: TransactionType::Purchase,
        expires: intake::When::At(case.ends_at),
        payment: Box::new(payment(case, card)),
        method_given: true,
        credential: Some(intake::Credential::Token(card)),
        cvv: None,
        prior_attempts: vec![],
    }
}

fn payment(case: &Case, card: TokenId) -> Payment {
    Payment {
        order_id: case.id.clone(),
        site_id: None,
        site_url: None,
        order_source: Some("subscription".into()),
        is_mit: true,
        is_recurring: true,
        transaction: transaction(case, case.failed_at),
        payer: domain::address::Payer::default(),
        method: Method {
            token: Some(card),
            card_brand: Some(case.network.as_str().to_owned()),
            card_country: case.issuer_country.clone(),
            card_bin_number: Some(case.bin.clone()).filter(|bin| !bin.is_empty()),
            ..Method::default()
        },
        billing: None,
        shipping: None,
        items: vec![],
        subscription: None,
        acceptor: None,
        three_d_secure: None,
        device: None,
        additional_fields: vec![],
        sense_key: None,
        customer_ip: None,
        correlation_id: None,
    }
}

fn transaction(case: &Case, at: Timestamp) -> Transaction {
    Transaction {
        id: case.id.clone(),
        amount: case.amount,
        timestamp: Some(at),
        utc_offset_minutes: case.offset_minutes,
        response_code: Some(case.answer.response_code.clone()).filter(|code| !code.is_empty()),
        response_code_source: None,
        avs_result_code: None,
        cvv_result_code: None,
        cavv_result_code: None,
        transaction_type: None,
        response_description: None,
        response_status: None,
        response_sub_status: None,
        processor_name: None,
        dynamic_descriptor: None,
        card_not_present: None,
        merchant_advice_code: case.answer.advice_code.clone(),
        network_response_code: None,
        network: Some(case.network.as_str().to_owned()),
        network_transaction_id: case.network_transaction_id.clone(),
    }
}
