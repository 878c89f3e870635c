//! What the decision log keeps is enough to decide again, bit for bit.

mod support;

use domain::{decision::Arm, ledger::Origin, rules::Rules};
use recoup_recovery::{Case, Model, Snapshot, plan};
use support::{case, declined, entry, start};

#[test]
fn a_case_read_back_from_the_log_gives_the_same_plan() {
    let observed = [declined(start(), "51", None, Origin::Evaluated), declined(start(), "05", Some("02"), Origin::Own)];
    let ledger = [entry(start(), domain::card::Network::Visa)];
    for arm in Arm::ALL {
        let case = Case { arm: *arm, ledger: &ledger, bin: Some("40000000"), ..case(&observed) };
        let kept = serde_json::to_string(&Snapshot::of(&case)).unwrap();
        let read: Snapshot = serde_json::from_str(&kept).unwrap();
        let entries = read.entries();
        let again = read.case(&entries);
        let decide = |case| plan(case, Rules::builtin(), Model::builtin());
        assert_eq!(decide(&case), decide(&again), "{arm}");
        assert_eq!(Snapshot::of(&again), read);
    }
}
