//! The generator against the echo server of the floor.

use std::{cell::Cell, rc::Rc, time::Duration};

use super::{
    closed::{self, Until},
    open::{self, Plan},
    pace::Pace,
    template::Template,
    work::{Requests, Work},
};
use crate::floor::echo;

fn echo_work(marker: &'static str) -> Rc<dyn Work> {
    Rc::new(Requests::post("/echo", None, Template::plain(r#"{"id":"«N»"}"#), marker))
}

#[tokio::test]
async fn a_closed_loop_sends_every_number_once() {
    let address = echo::start(0).await.unwrap();
    let sequence = Rc::new(Cell::new(10));
    let outcome = closed::run(address, 8, echo_work("\"id\":"), Rc::clone(&sequence), Until::Count(500)).await.unwrap();
    assert_eq!((outcome.record.answered(), outcome.record.errors(), sequence.get()), (500, 0, 510));
    assert_eq!(outcome.by_second.iter().sum::<u64>(), 500);
}

#[tokio::test]
async fn an_open_loop_sends_what_its_rate_says() {
    let address = echo::start(0).await.unwrap();
    let plan = Plan {
        pace: Pace::new(1_000.0).unwrap(),
        warm_up: Duration::from_millis(100),
        measured: Duration::from_millis(300),
        connections: 4,
        spin: false,
    };
    let sequence = Rc::new(Cell::new(0));
    let record = open::run(address, echo_work("\"id\":"), Rc::clone(&sequence), plan).await.unwrap();
    assert_eq!((record.answered(), record.errors(), sequence.get()), (300, 0, 400));
}

#[tokio::test]
async fn wrong_answers_and_closed_ports_are_errors() {
    let address = echo::start(0).await.unwrap();
    let sequence = Rc::new(Cell::new(0));
    let wrong = closed::run(address, 2, echo_work("SUBMITTED"), Rc::clone(&sequence), Until::Count(20)).await.unwrap();
    assert_eq!((wrong.record.answered(), wrong.record.errors()), (0, 20));
    assert!(wrong.record.first_error().unwrap().starts_with("status 200"));
    let nobody = { std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap() };
    let refused = closed::run(nobody, 2, echo_work(""), sequence, Until::Count(5)).await.unwrap();
    assert_eq!((refused.record.answered(), refused.record.errors()), (0, 5));
}
