//! Whether an attempt may be made because somebody asks for one.

mod support;

use domain::{
    card::Network,
    decline::Reason,
    ledger::{Initiator, Origin},
    rules::Rules,
    time::{DAY, HOUR},
};
use recoup_recovery::{Case, Refused, may_attempt_now};
use support::{case, declined, entry, start};

fn asked(case: &Case<'_>) -> Result<(), Refused> {
    may_attempt_now(case, Rules::builtin())
}

/// Network, code, advice, hours since: allowed, or the refusal's word and a rule it names.
#[test]
fn codes_and_advice_decide() {
    for (network, code, advice, hours, expected) in [
        (Network::Visa, "51", None, 1, "allowed"),
        (Network::Visa, "05", None, 0, "allowed"),
        (Network::Visa, "41", None, 90, "never code.41"),
        (Network::Visa, "R0", None, 90, "never code.R0"),
        (Network::Visa, "03", None, 90, "never code.03"),
        (Network::Visa, "54", None, 90, "new data code.54"),
        (Network::Mastercard, "51", Some("30"), 1, "not before mac.30"),
        (Network::Mastercard, "51", Some("30"), 239, "not before mac.30"),
        (Network::Mastercard, "51", Some("30"), 241, "allowed"),
        (Network::Mastercard, "51", Some("24"), 2, "allowed"),
        (Network::Mastercard, "05", Some("03"), 90, "never mac.03"),
        (Network::Mastercard, "05", Some("21"), 90, "never mac.21"),
        (Network::Mastercard, "51", Some("40"), 90, "new data mac.40"),
    ] {
        let seen = [declined(start() - HOUR * hours, code, advice, Origin::Evaluated)];
        let told = match asked(&Case { network, ..case(&seen) }) {
            Ok(()) => "allowed".to_owned(),
            Err(Refused::Never { rules, .. }) => format!("never {}", rules[0]),
            Err(Refused::NewData { rules }) => format!("new data {}", rules[0]),
            Err(Refused::NotBefore { at, rules }) => {
                assert!(at > start(), "{code}");
                format!("not before {}", rules[0])
            }
            Err(Refused::UsedUp { rules }) => format!("used up {rules:?}"),
        };
        assert_eq!(told, expected, "{network} {code} {advice:?} {hours}");
    }
}

#[test]
fn our_own_waits_do_not_bind_and_the_networks_limits_do() {
    let seen = [declined(start() - HOUR, "51", None, Origin::Own)];
    // Fifteen of twenty: the headroom that plans keep is gone, the limit is not.
    let used = |count: u32| (0..count).map(|n| entry(start() - DAY - HOUR * n, Network::Visa)).collect::<Vec<_>>();
    let (within, full) = (used(17), used(20));
    assert_eq!(asked(&Case { ledger: &within, ..case(&seen) }), Ok(()));
    let refused = asked(&Case { ledger: &full, ..case(&seen) });
    assert!(
        matches!(&refused, Err(Refused::Never { reason: Reason::LimitReached, rules }) if rules == &["visa.m30"]),
        "{refused:?}"
    );
    let long = Case { ledger: &full, ..case(&seen) };
    let refused = asked(&Case { expires_at: start() + DAY * 40, ..long });
    assert!(
        matches!(&refused, Err(Refused::NotBefore { at, rules }) if *at > start() && rules.contains(&"visa.m30".to_owned())),
        "{refused:?}"
    );
}

#[test]
fn the_budget_and_the_mandate_bind() {
    let seen = [declined(start() - HOUR, "51", None, Origin::Own)];
    assert_eq!(asked(&Case { own_attempts: 8, ..case(&seen) }), Err(Refused::UsedUp { rules: vec![] }));
    assert_eq!(asked(&Case { own_attempts: 7, ..case(&seen) }), Ok(()));
    let present = asked(&Case { initiator: Initiator::Cit, ..case(&seen) });
    assert!(matches!(present, Err(Refused::Never { reason: Reason::NotRescued, .. })), "{present:?}");
    let approved = recoup_recovery::Observed { approved: true, ..declined(start() - HOUR, "00", None, Origin::Own) };
    let paid = asked(&case(&[approved]));
    assert!(matches!(paid, Err(Refused::Never { reason: Reason::NotDeclined, .. })), "{paid:?}");
}
