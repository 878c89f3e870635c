use domain::{
    card::{CardKey, Funding, Network},
    decision::{Arm, Record},
    decline::Answer,
    environment::Environment,
    id::{DecisionId, Mid, OrderId},
    ledger::{Entry, Initiator, Origin, Outcome},
    money::{Currency, Money},
    rules::Rules,
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use proptest::prelude::*;
use recovery::{Allowed, Case, Decided, Inputs, Model, Observed, Snapshot, Updater, Widget};
use std::sync::Arc;

use super::{Explained, Replay, log::explain, replay};

/// Friday 20 November 2026, 10:00 in New York.
fn start() -> Timestamp {
    Timestamp::parse("2026-11-20T15:00:00Z").unwrap()
}

fn declined(at: Timestamp, code: &str, advice: Option<&str>, origin: Origin) -> Observed {
    Observed { at, answer: Answer::iso(code, advice), origin, approved: false }
}

fn entry(at: Timestamp, network: Network, outcome: Outcome, code: Option<&str>) -> Entry {
    Entry {
        mid: Mid::from_bytes([1; 16]),
        environment: Environment::Production,
        card: CardKey([2; 16]),
        at,
        id: OrderId::from_bytes([3; 16]).0,
        origin: Origin::Transmitted,
        initiator: Initiator::Mit,
        amount: Money::new(1999, Currency::USD),
        network,
        outcome,
        response_code: code.map(str::to_owned),
        advice_code: None,
        order: None,
    }
}

fn case<'a>(observed: &'a [Observed], ledger: &'a [Entry], network: Network) -> Case<'a> {
    Case {
        now: start(),
        placed_at: start(),
        expires_at: start() + DAY * 21,
        network,
        funding: Funding::Debit,
        issuer_country: Some("US"),
        merchant_country: "US",
        bin: Some("400000"),
        offset_minutes: Some(-300),
        amount: Money::new(1999, Currency::USD),
        initiator: Initiator::Mit,
        observed,
        ledger,
        own_attempts: 0,
        max_attempts: 8,
        credential_version: 1,
        credential_changed_at: None,
        updater: Updater::NotOffered,
        first_at: None,
        allowed: Allowed::default(),
        arm: Arm::Policy,
        seed: 0x00c0_ffee,
    }
}

/// The record that the engine writes of a decision.
fn record(inputs: &Inputs) -> Record {
    let now = inputs.case.now;
    let of = |step: &crate::rescue::Step| {
        let at = if let crate::rescue::Step::Attempt(at) = step { Some(*at) } else { None };
        (step.word(now).to_owned(), at)
    };
    let (step, class, probability, propensity, model_version) = match inputs.decide(Rules::builtin(), Model::builtin()) {
        Decided::Plan(plan) => {
            (crate::rescue::step_of(&plan.action), plan.class, plan.probability, plan.propensity, plan.model_version)
        }
        Decided::Realtime(assessed) => {
            let step = crate::rescue::step_of_realtime(&assessed.action, now);
            (step, assessed.class, assessed.probability, 1.0, recovery::plan::MODEL_VERSION.to_owned())
        }
    };
    let (action, chosen_at) = of(&step);
    Record {
        id: DecisionId::from_bytes([7; 16]),
        mid: Mid::from_bytes([1; 16]),
        environment: Environment::Production,
        order: OrderId::from_bytes([3; 16]),
        decided_at: now,
        attempt_number: 1,
        action,
        chosen_at,
        class,
        probability,
        propensity,
        arm: inputs.case.arm,
        model_version,
        rules_version: Rules::builtin().version().to_owned(),
        seed: inputs.case.seed,
        case: inputs.to_text().unwrap(),
    }
}

fn explained(inputs: &Inputs) -> Explained {
    explain(record(inputs), Some(Arc::new(Model::builtin().clone())), Rules::builtin())
}

/// What a support agent sees of a decision, without what the model's numbers move.
fn told(explained: &Explained) -> String {
    let rules: Vec<String> = explained.rules.iter().map(|rule| format!("{}:{}", rule.id, rule.effect)).collect();
    let moment = explained.record.chosen_at.map(|at| super::words::moment(at, explained.offset_minutes)).unwrap_or_default();
    let summary = if moment.is_empty() { explained.summary.clone() } else { explained.summary.replace(&moment, "<then>") };
    let chance = format!("{:.0} %", explained.record.probability * 100.0);
    let summary = summary.replace(&chance, "<chance>");
    format!("{} {} | {summary} | {}", explained.record.class, explained.record.action, rules.join(" "))
}

#[test]
fn every_class_is_told_in_its_own_words() {
    let mut lines = vec![];
    for (code, advice, network) in [
        ("51", None, Network::Visa),
        ("61", None, Network::Visa),
        ("91", None, Network::Visa),
        ("59", None, Network::Visa),
        ("05", None, Network::Mastercard),
        ("N7", None, Network::Visa),
        ("54", None, Network::Visa),
        ("1A", None, Network::Visa),
        ("03", None, Network::Visa),
        ("41", None, Network::Visa),
        ("R1", None, Network::Visa),
        ("51", Some("24"), Network::Mastercard),
        ("51", Some("30"), Network::Mastercard),
    ] {
        let observed = [declined(start() - HOUR, code, advice, Origin::Evaluated)];
        let inputs = Inputs::of_plan(Snapshot::of(&case(&observed, &[], network)));
        let explained = explained(&inputs);
        assert_eq!(explained.replay, Replay::Same, "{code}");
        assert!(!explained.waits_for.is_empty() && explained.summary.ends_with('.'), "{explained:?}");
        lines.push(format!("{code}/{} {}", advice.unwrap_or("-"), told(&explained)));
    }
    insta::assert_snapshot!("every_class", lines.join("\n"));
}

#[test]
fn each_answer_moves_the_causes_and_the_curve_spans_the_window() {
    let observed = [declined(start() - DAY, "05", None, Origin::Evaluated), declined(start() - HOUR, "51", None, Origin::Own)];
    let explained = explained(&Inputs::of_plan(Snapshot::of(&case(&observed, &[], Network::Visa))));
    assert_eq!(explained.causes.len(), 2);
    for causes in &explained.causes {
        for belief in [&causes.before, &causes.after] {
            let sum: f64 = belief.iter().map(|(_, probability)| probability).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{belief:?}");
        }
        assert_ne!(causes.before, causes.after);
    }
    assert_eq!(explained.causes[0].after, explained.causes[1].before, "what one answer left, the next one finds");
    let funds = |belief: &[(&str, f64)]| belief.iter().find(|(cause, _)| *cause == "funds").unwrap().1;
    assert!(funds(&explained.causes[1].after) > funds(&explained.causes[1].before), "51 says that money is missing");
    assert!((32..=64).contains(&explained.curve.len()) && explained.curve.is_sorted_by_key(|(at, _)| *at));
    assert!(explained.curve.iter().all(|(at, chance)| *at < start() + DAY * 21 && (0.0..=1.0).contains(chance)));
}

#[test]
fn a_network_limit_is_shown_with_its_use_and_costs_what_it_costs() {
    let ledger: Vec<Entry> =
        (0..20).map(|n| entry(start() - HOUR * (20 - n), Network::Visa, Outcome::Declined, Some("51"))).collect();
    let observed = [declined(start() - HOUR, "51", None, Origin::Evaluated)];
    let explained = explained(&Inputs::of_plan(Snapshot::of(&case(&observed, &ledger, Network::Visa))));
    let rule = explained.rules.iter().find(|rule| rule.id == "visa.m30").unwrap();
    assert_eq!((rule.used, rule.limit, rule.headroom_limit), (Some(20), Some(20), Some(15)));
    assert_eq!(rule.effect.as_str(), "earliest");
    assert!(!rule.source.is_empty() && rule.window.as_deref() == Some("P30D"));
    assert!(explained.candidates.iter().all(|candidate| candidate.allowed && candidate.fee_minor == 0));
    assert!(explained.summary.contains("visa.m30"), "{}", explained.summary);

    // Visa counts what customers and merchants initiate apart.
    let ledger: Vec<Entry> = ledger.into_iter().map(|entry| Entry { initiator: Initiator::Cit, ..entry }).collect();
    let inputs = Inputs {
        widget: Some(Widget { enabled: true, answered: vec![] }),
        ..Inputs::of_plan(Snapshot::of(&Case { initiator: Initiator::Cit, ..case(&[], &ledger, Network::Visa) }))
    };
    let now = self::explained(&inputs);
    assert_eq!(now.record.action, "stop");
    let only = &now.candidates[..];
    assert!(matches!(only, [one] if !one.allowed && one.bound_by == ["visa.m30"] && one.fee_minor == 10), "{only:?}");
}

#[test]
fn an_advice_floor_stands_with_its_source() {
    let observed = [declined(start(), "51", Some("27"), Origin::Evaluated)];
    let explained = explained(&Inputs::of_plan(Snapshot::of(&case(&observed, &[], Network::Mastercard))));
    let rule = explained.rules.iter().find(|rule| rule.id == "mac.27").expect("the advice bounds it");
    assert_eq!(rule.effect.as_str(), "earliest");
    assert!(!rule.source.is_empty() && rule.used.is_none());
}

#[test]
fn what_is_missing_or_changed_is_said() {
    let observed = [declined(start() - HOUR, "51", None, Origin::Evaluated)];
    let good = record(&Inputs::of_plan(Snapshot::of(&case(&observed, &[], Network::Visa))));
    let model = || Some(Arc::new(Model::builtin().clone()));
    let of = |record: Record, model| explain(record, model, Rules::builtin());
    assert_eq!(of(good.clone(), model()).replay, Replay::Same);
    for (record, model, said) in [
        (Record { rules_version: "1999-01-01".into(), ..good.clone() }, model(), "rules 1999-01-01"),
        (Record { model_version: "lost".into(), ..good.clone() }, None, "model lost"),
        (Record { case: "{}".into(), ..good.clone() }, model(), "cannot be read"),
        (Record { case: "no JSON".into(), ..good.clone() }, model(), "cannot be read"),
    ] {
        let explained = of(record, model);
        assert!(matches!(&explained.replay, Replay::Unavailable { why } if why.contains(said)), "{:?}", explained.replay);
        assert!(explained.candidates.is_empty() && !explained.summary.is_empty());
    }
    let probability = f64::from_bits(good.probability.to_bits() + 1);
    for (record, said) in [
        (Record { probability, ..good.clone() }, "probability"),
        (Record { chosen_at: good.chosen_at.map(|at| at + MINUTE), ..good.clone() }, "moment"),
        (Record { action: "stop".into(), ..good.clone() }, "action"),
    ] {
        let replay = of(record, model()).replay;
        assert!(matches!(&replay, Replay::Differs { why } if why.contains(said)), "{replay:?}");
    }
}

#[test]
fn the_hold_out_needs_no_learnt_model() {
    let observed = [declined(start() - HOUR, "51", None, Origin::Evaluated)];
    let inputs = Inputs::of_plan(Snapshot::of(&Case { arm: Arm::Holdout, ..case(&observed, &[], Network::Visa) }));
    let record = record(&inputs);
    assert_ne!(record.model_version, Model::builtin().version);
    assert!(!replay::needs_model(&record, &inputs));
    assert_eq!(explained(&inputs).replay, Replay::Same);
}

fn codes() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["51", "05", "61", "65", "59", "91", "96", "41", "14", "54", "R1", "1A", "N7", "10"])
            .prop_map(str::to_owned),
        "\\PC{0,4}",
    ]
}

fn words<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

prop_compose! {
    fn any_observed()(gaps in prop::collection::vec(
        (0u64..400_000, codes(), prop::option::of("[0-4][0-9]"), words(Origin::ALL), prop::bool::weighted(0.05)), 0..6)
    ) -> Vec<Observed> {
        let mut at = start() - DAY * 20;
        gaps.into_iter().map(|(gap, code, advice, origin, approved)| {
            at = at + std::time::Duration::from_secs(gap);
            Observed { approved, ..declined(at, &code, advice.as_deref(), origin) }
        }).collect()
    }
}

prop_compose! {
    fn any_ledger(network: Network)(rows in prop::collection::vec(
        (0u64..30_000_000, words(Outcome::ALL), words(Initiator::ALL), words(Origin::ALL), prop::option::of(codes()), 1i64..9_999),
        0..30)
    ) -> Vec<Entry> {
        let mut rows: Vec<Entry> = rows.into_iter().map(|(ago, outcome, initiator, origin, code, minor)| Entry {
            initiator,
            origin,
            amount: Money::new(minor, Currency::USD),
            ..entry(start() - std::time::Duration::from_secs(ago), network, outcome, code.as_deref())
        }).collect();
        rows.sort_by_key(|entry| entry.at);
        rows
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_decision_is_made_again_bit_for_bit(
        (network, ledger) in words(Network::ALL).prop_flat_map(|network| (Just(network), any_ledger(network))),
        observed in any_observed(),
        initiator in words(Initiator::ALL),
        arm in words(Arm::ALL),
        funding in words(Funding::ALL),
        offset_minutes in prop::option::of(-840i32..840),
        seed in any::<u64>(),
        (window_hours, own_attempts, changed) in (0u32..1_000, 0u32..4, prop::bool::weighted(0.2)),
        widget in prop::option::of(any::<bool>()),
    ) {
        let base = case(&observed, &ledger, network);
        let case = Case {
            initiator, arm, funding, offset_minutes, seed, own_attempts,
            expires_at: start() + HOUR * window_hours,
            credential_version: 1 + u32::from(changed),
            credential_changed_at: changed.then(|| start() - DAY),
            updater: if changed { Updater::Tried { found: true } } else { Updater::Untried },
            ..base
        };
        // What the engine decided on borrows the ledger itself; what the log keeps is a copy.
        let decided = match widget {
            None => Decided::Plan(Box::new(recovery::plan(&case, Rules::builtin(), Model::builtin()))),
            Some(enabled) => Decided::Realtime(Box::new(recovery::realtime(&case, Rules::builtin(), enabled))),
        };
        let inputs = Inputs {
            widget: widget.map(|enabled| Widget { enabled, answered: vec![] }),
            ..Inputs::of_plan(Snapshot::of(&case))
        };
        let read = Inputs::parse(&inputs.to_text().unwrap()).unwrap();
        prop_assert_eq!(&read, &inputs, "the log reads back");
        prop_assert_eq!(read.decide(Rules::builtin(), Model::builtin()), decided, "and decides the same");
        let explained = explained(&inputs);
        prop_assert_eq!(&explained.replay, &Replay::Same);
        prop_assert!(explained.candidates.is_sorted_by_key(|candidate| candidate.at));
    }
}
