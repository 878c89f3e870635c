//! Retry now: the use case behind the button, over orders that came in by HTTP.

use domain::{
    audit::{Act, Topic, What},
    channel::{Channel, Mode},
    environment::Environment,
    fault::Faults,
    id::{Mid, OrderId},
    order::Code,
};
use engine::{Error, PageAt, Precondition, Principal, Retried, RetryWhy, Versions};

use crate::support::{App, evaluate};

/// Insufficient funds: approved by the first attempt; never approved; with advice 30 (ten days); a lost card.
const FIRST: &str = "4000001000510016";
const NEVER: &str = "4000001000510008";

fn with_luhn(digits: &str) -> String {
    let sum: u32 = digits.bytes().rev().enumerate().map(|(place, digit)| double(place, u32::from(digit - b'0'))).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

const fn double(place: usize, digit: u32) -> u32 {
    match (place % 2, digit) {
        (0, 5..) => digit * 2 - 9,
        (0, _) => digit * 2,
        _ => digit,
    }
}

struct Desk {
    app: App,
    token: String,
    caller: Principal,
}

impl Desk {
    async fn open() -> Self {
        let app = App::start().await;
        let token = app.token().await;
        let caller = app.engine.authenticate(&token).await.unwrap();
        Self { app, token, caller }
    }

    async fn order(&self, key: &str, card: &str) -> OrderId {
        let mut body = evaluate(key);
        body["paymentMethod"]["cardNumber"] = card.into();
        let answer = self.app.post("/v1/evaluate", &self.token, &body).await;
        assert_eq!(answer.json()["status"], "SUBMITTED", "{}", answer.body);
        OrderId::parse(answer.json()["orderId"].as_str().unwrap()).unwrap()
    }

    async fn attempts(&self, id: OrderId) -> (u32, usize, Code) {
        let view = self.app.engine.order(&self.caller, id).await.unwrap();
        (view.order.tally.total, view.attempts.len(), view.order.state.code())
    }

    async fn version(&self, id: OrderId) -> Precondition {
        let version = self.app.engine.order(&self.caller, id).await.unwrap().order.version;
        Precondition { only: Some(Versions::These(vec![version.into()])), never: None }
    }

    async fn refused(&self, id: OrderId) -> engine::RetryRefusal {
        let before = self.attempts(id).await;
        let told = self.app.engine.may_retry(&self.caller, id).await.unwrap();
        let asked = self.app.engine.retry_now(&self.caller, id, &Precondition::default()).await.unwrap();
        assert_eq!(self.attempts(id).await, before, "a refusal does nothing");
        let Retried::Refused(refusal) = asked else { panic!("{asked:?}") };
        assert_eq!(told.as_ref(), Some(&refusal), "what is told before is what is told then");
        refusal
    }
}

#[tokio::test]
async fn an_attempt_asked_for_is_made_once_and_remembered() {
    let desk = Desk::open().await;
    let id = desk.order("paid", FIRST).await;
    assert_eq!(desk.app.engine.may_retry(&desk.caller, id).await.unwrap(), None);
    let known = desk.version(id).await;
    let made = desk.app.engine.retry_now(&desk.caller, id, &known).await.unwrap();
    let Retried::Made(order) = made else { panic!("{made:?}") };
    assert_eq!((order.state.code(), order.captured_minor), (Code::Recovered, 1_999));
    // The button pressed twice: the page that it stood on is old.
    let again = desk.app.engine.retry_now(&desk.caller, id, &known).await;
    assert!(matches!(again, Err(Error::Precondition)), "{again:?}");
    assert_eq!(desk.refused(id).await.why, RetryWhy::Closed);
    assert_eq!(desk.attempts(id).await, (1, 1, Code::Recovered));
    let trail = desk.app.engine.trail(Some(desk.app.mid), Some(Topic::Order), PageAt::default()).await.unwrap();
    let [entry] = &trail.rows[..] else { panic!("{trail:?}") };
    assert!(
        matches!(&entry.what, What::Order { order, act: Act::Retry, amount: Some(amount), .. } if *order == id && amount.minor == 1_999)
    );
    let explained = desk.app.engine.explanation(&desk.caller, id, engine::explain::Which::Latest).await.unwrap();
    let latest = explained.last().unwrap();
    assert_eq!((latest.record.action.as_str(), latest.replay.why()), ("attempt_now", None));
    assert!(latest.summary.contains("asked for this attempt by hand"), "{}", latest.summary);
}

#[tokio::test]
async fn two_who_ask_at_once_cause_one_attempt() {
    let desk = Desk::open().await;
    let id = desk.order("race", NEVER).await;
    let known = desk.version(id).await;
    let ask = || desk.app.engine.retry_now(&desk.caller, id, &known);
    let (one, other, third) = tokio::join!(ask(), ask(), ask());
    let made = [&one, &other, &third].iter().filter(|asked| matches!(asked, Ok(Retried::Made(_)))).count();
    let late = [&one, &other, &third].iter().filter(|asked| matches!(asked, Err(Error::Precondition))).count();
    assert_eq!((made, late), (1, 2), "{one:?} {other:?} {third:?}");
    assert_eq!(desk.attempts(id).await.0, 1);
}

#[tokio::test]
async fn rules_and_switches_refuse_in_words() {
    let desk = Desk::open().await;
    let waits = desk.order("waits", &with_luhn("555555103051001")).await;
    let refusal = desk.refused(waits).await;
    assert_eq!((refusal.why, refusal.rules), (RetryWhy::TooEarly, vec!["mac.30".to_owned()]));
    assert!(refusal.not_before.is_some());
    let open = desk.order("open", NEVER).await;
    let operator = Principal::operator(Environment::Sandbox);
    let off = [(Channel::Mit, Mode::Off)];
    desk.app.engine.switch_merchant(&operator, desk.app.mid, &off, Faults::new(), &Precondition::default()).await.unwrap();
    assert_eq!(desk.refused(open).await.why, RetryWhy::ChannelOff);
}

#[tokio::test]
async fn nobody_else_may_ask() {
    let desk = Desk::open().await;
    let id = desk.order("foreign", NEVER).await;
    let stranger = Principal { mid: Some(Mid::from_bytes([9; 16])), ..desk.caller.clone() };
    let elsewhere = Principal { environment: Environment::Production, ..desk.caller.clone() };
    for other in [stranger, elsewhere] {
        assert!(matches!(desk.app.engine.may_retry(&other, id).await, Err(Error::NotFound)));
        assert!(matches!(desk.app.engine.retry_now(&other, id, &Precondition::default()).await, Err(Error::NotFound)));
    }
    let reader = Principal { scopes: vec!["orders:read".into()], ..desk.caller.clone() };
    let asked = desk.app.engine.retry_now(&reader, id, &Precondition::default()).await;
    assert!(matches!(asked, Err(Error::ScopeMissing("evaluate"))), "{asked:?}");
    assert_eq!(desk.attempts(id).await.0, 0);
}
