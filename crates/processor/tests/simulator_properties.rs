//! Whatever is asked: no panic, the same answers from the same seed and book, one charge per id.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::{attempt_id, order_id, request, start, with};
use domain::{
    money::{Currency, Money},
    settings::Simulator as Mode,
    time::{HOUR, Timestamp},
};
use proptest::prelude::*;
use recoup_processor::{
    Authorize, Capture, Processor as _, Void,
    simulator::{Book, Simulator, issuer},
};

const CARDS: [&str; 12] = [
    "4000001000510024",
    "4000001000610014",
    "4000001000410001",
    "5555551028510014",
    "4000001095010013",
    "4000001095020020",
    "4000001095040507",
    "4000001095170015",
    "4000001095160008",
    "4111111111111111",
    "4000002000000008",
    "4000300011112220",
];

#[derive(Debug, Clone)]
enum Step {
    Authorize { attempt: u64, order: u64, card: usize, hour: u32, minor: i64, capture: bool, flags: Vec<bool>, issuer: bool },
    Inquire { attempt: u64, hour: u32 },
    Capture { attempt: u64, minor: i64 },
    Void { attempt: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let authorize = (
        0u64..6,
        0u64..3,
        0usize..40,
        0u32..700,
        1i64..9_999,
        any::<bool>(),
        proptest::collection::vec(any::<bool>(), 7),
        any::<bool>(),
    )
        .prop_map(|(attempt, order, card, hour, minor, capture, flags, issuer)| Step::Authorize {
            attempt,
            order,
            card,
            hour,
            minor,
            capture,
            flags,
            issuer,
        });
    prop_oneof![
        6 => authorize,
        1 => (0u64..6, 0u32..700).prop_map(|(attempt, hour)| Step::Inquire { attempt, hour }),
        1 => (0u64..6, 0i64..9_999).prop_map(|(attempt, minor)| Step::Capture { attempt, minor }),
        1 => (0u64..6).prop_map(|attempt| Step::Void { attempt }),
    ]
}

fn built(step: &Step) -> Option<Authorize> {
    let Step::Authorize { attempt, order, card, hour, minor, capture, flags, issuer: mode } = step else { return None };
    let flags: String = "cvz32xw".chars().zip(flags).filter(|(_, set)| **set).map(|(flag, _)| flag).collect();
    let number = CARDS
        .get(*card)
        .map_or_else(|| issuer::card(9, *card as u64).unwrap().reveal().to_owned(), |number| (*number).to_owned());
    Some(Authorize {
        order: order_id(*order),
        amount: Money::new(*minor, Currency::USD),
        capture: *capture,
        at: start() + HOUR * *hour,
        simulator: if *mode { Mode::Issuer } else { Mode::Magic },
        ..with(request(&number, *attempt), &flags)
    })
}

async fn play(simulator: &Simulator, steps: &[Step]) -> Vec<String> {
    let mut said = Vec::new();
    for step in steps {
        let usd = |minor| Money::new(minor, Currency::USD);
        said.push(match step {
            Step::Authorize { .. } => format!("{:?}", simulator.authorize(&built(step).unwrap()).await),
            Step::Inquire { attempt, hour } => {
                format!("{:?}", simulator.inquire(attempt_id(*attempt), start() + HOUR * *hour).await)
            }
            Step::Capture { attempt, minor } => {
                let request = Capture { attempt: attempt_id(*attempt), amount: usd(*minor), at: Timestamp::EPOCH };
                format!("{:?}", simulator.capture(&request).await)
            }
            Step::Void { attempt } => format!("{:?}", simulator.void(&Void { attempt: attempt_id(*attempt), at: start() }).await),
        });
    }
    said
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_seed_and_book_give_the_same_answers(seed: u64, steps in proptest::collection::vec(step(), 1..24)) {
        let played = || {
            let simulator = Simulator::new(seed, Book::in_memory().unwrap());
            let said = block_on(play(&simulator, &steps));
            (said, simulator.report().unwrap())
        };
        prop_assert_eq!(played(), played());
    }

    #[test]
    fn an_id_is_charged_once_and_answered_alike(seed: u64, steps in proptest::collection::vec(step(), 1..16)) {
        let simulator = Simulator::new(seed, Book::in_memory().unwrap());
        block_on(play(&simulator, &steps));
        for request in steps.iter().filter_map(built) {
            let Ok(first) = block_on(simulator.authorize(&request)) else { continue };
            let book = simulator.report().unwrap();
            prop_assert_eq!(block_on(simulator.authorize(&request)), Ok(first));
            prop_assert_eq!(simulator.report().unwrap(), book, "a repeat changes nothing");
        }
    }
}
