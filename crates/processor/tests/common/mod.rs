//! Requests for the tests of this crate.

use domain::{
    card::{Cvv, Funding, Network, Pan},
    id::{AttemptId, Mid, OrderId, SiteId},
    money::{Currency, Money},
    settings,
    time::{HOUR, Timestamp},
};
use recoup_processor::{Authorize, RevealedCard, ThreeDSecure};
use uuid::Uuid;

/// A Friday, noon UTC: seven in the morning in New York.
pub const START: &str = "2026-11-20T12:00:00Z";

pub fn start() -> Timestamp {
    Timestamp::parse(START).unwrap()
}

pub fn hours(hours: f64) -> Timestamp {
    start() + HOUR.mul_f64(hours)
}

pub fn attempt_id(n: u64) -> AttemptId {
    AttemptId(Uuid::from_u64_pair(0x0190_0000_0000_7000, n))
}

pub fn order_id(n: u64) -> OrderId {
    OrderId(Uuid::from_u64_pair(0x0190_0000_0000_7001, n))
}

/// A merchant-initiated purchase over 19.99 USD on that card, an hour after the order came in.
pub fn request(number: &str, attempt: u64) -> Authorize {
    let pan = Pan::parse(number).unwrap();
    Authorize {
        attempt: attempt_id(attempt),
        order: order_id(1),
        mid: Mid(Uuid::from_u64_pair(1, 1)),
        site: SiteId(Uuid::from_u64_pair(2, 1)),
        token: format!("token-of-{}", pan.last4()),
        bin: pan.bin().to_owned(),
        last4: pan.last4().to_owned(),
        network: Network::of_bin(number),
        funding: Funding::Credit,
        card: Some(RevealedCard { number: pan, exp_month: Some(12), exp_year: Some(2030), cvv: None, holder_name: None }),
        issuer_country: Some("US".to_owned()),
        credential_version: 1,
        amount: Money::new(1999, Currency::USD),
        capture: true,
        is_mit: true,
        mit_reason: None,
        network_transaction_id: None,
        three_d_secure: None,
        descriptor: Some("SHOP*BOX".to_owned()),
        mcc: None,
        customer_ip: None,
        attempt_number: 1,
        at: hours(1.0),
        order_placed_at: start(),
        phone: None,
        billing_zipcode: None,
        offset_minutes: None,
        simulator: settings::Simulator::Magic,
    }
}

/// Changes a request by one letter: `c`ustomer present, CVV `v` right or `w`rong, right `z`ip, `3`DS, version `2`,
/// e`x`pired, `t`oken only, `i`ssuer mode.
pub fn with(mut request: Authorize, flags: &str) -> Authorize {
    for flag in flags.chars() {
        let card = request.card.as_mut();
        match flag {
            'c' => request.is_mit = false,
            'v' => card.unwrap().cvv = Cvv::parse("123"),
            'w' => card.unwrap().cvv = Cvv::parse("999"),
            'z' => request.billing_zipcode = Some("10001".to_owned()),
            '3' => request.three_d_secure = Some(ThreeDSecure { cavv: Some("AAAB".to_owned()), ..ThreeDSecure::default() }),
            '2' => request.credential_version = 2,
            'x' => card.unwrap().exp_year = Some(2020),
            't' => request.card = None,
            'i' => request.simulator = settings::Simulator::Issuer,
            other => panic!("no flag {other}"),
        }
    }
    request
}
