use domain::{
    card::{Funding, Network},
    decision::Arm,
    decline::Answer,
    ledger::{Initiator, Origin},
    money::{Currency, Money},
    time::{DAY, HOUR},
};
use proptest::{prelude::*, prop_assert, prop_assert_eq};

use super::*;
use crate::case::{Observed, Updater};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn case(allowed: Allowed, offset_minutes: Option<i32>, observed: &[Observed]) -> Case<'_> {
    let now = at("2026-11-20T15:00:00Z");
    Case {
        now,
        placed_at: now,
        expires_at: now + DAY * 21,
        network: Network::Visa,
        funding: Funding::Debit,
        issuer_country: Some("US"),
        merchant_country: "DE",
        bin: None,
        offset_minutes,
        amount: Money::new(1999, Currency::USD),
        initiator: Initiator::Mit,
        observed,
        ledger: &[],
        own_attempts: 0,
        max_attempts: 8,
        credential_version: 1,
        credential_changed_at: None,
        updater: Updater::NotOffered,
        first_at: None,
        allowed,
        arm: Arm::Policy,
        seed: 7,
    }
}

fn hours(from: u16, to: u16) -> Allowed {
    Allowed { local_minutes: Some((from * 60, to * 60)), min_gap: None }
}

#[test]
fn windows_open_by_the_cardholders_clock() {
    for (window, offset, asked, earliest) in [
        ((8, 22), Some(0), "2026-11-20T07:59:59Z", "2026-11-20T08:00:00Z"),
        ((8, 22), Some(0), "2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
        ((8, 22), Some(0), "2026-11-20T21:59:59Z", "2026-11-20T21:59:59Z"),
        ((8, 22), Some(0), "2026-11-20T22:00:00Z", "2026-11-21T08:00:00Z"),
        // New York, India, Kiribati, Baker Island.
        ((8, 22), Some(-300), "2026-11-20T04:00:00Z", "2026-11-20T13:00:00Z"),
        ((8, 22), Some(-300), "2026-11-20T02:59:59Z", "2026-11-20T02:59:59Z"),
        ((8, 22), Some(330), "2026-11-20T02:00:00Z", "2026-11-20T02:30:00Z"),
        ((8, 22), Some(840), "2026-11-20T09:00:00Z", "2026-11-20T18:00:00Z"),
        ((8, 22), Some(-720), "2026-11-20T11:00:00Z", "2026-11-20T20:00:00Z"),
        // Through the night.
        ((22, 6), Some(0), "2026-11-20T23:00:00Z", "2026-11-20T23:00:00Z"),
        ((22, 6), Some(0), "2026-11-20T05:59:59Z", "2026-11-20T05:59:59Z"),
        ((22, 6), Some(0), "2026-11-20T06:00:00Z", "2026-11-20T22:00:00Z"),
        ((22, 6), Some(-300), "2026-11-20T11:00:00Z", "2026-11-21T03:00:00Z"),
        // Until and from midnight.
        ((18, 24), Some(0), "2026-11-20T23:59:59Z", "2026-11-20T23:59:59Z"),
        ((18, 24), Some(0), "2026-11-20T00:00:00Z", "2026-11-20T18:00:00Z"),
        ((0, 24), Some(60), "2026-11-20T03:00:00Z", "2026-11-20T03:00:00Z"),
        // Only the issuer's country is known: New York's time.
        ((8, 22), None, "2026-11-20T04:00:00Z", "2026-11-20T13:00:00Z"),
    ] {
        let case = case(hours(window.0, window.1), offset, &[]);
        assert_eq!(case.earliest_allowed(at(asked)), at(earliest), "{window:?} {offset:?} {asked}");
        assert_eq!(case.is_allowed(at(asked)), asked == earliest, "{window:?} {offset:?} {asked}");
    }
}

#[test]
fn a_gap_is_kept_and_then_the_hours() {
    let seen = Observed { at: at("2026-11-20T15:00:00Z"), answer: Answer::iso("51", None), origin: Origin::Own, approved: false };
    let observed = [seen];
    let gap = Allowed { min_gap: Some(HOUR * 10), ..Allowed::default() };
    assert_eq!(case(gap, Some(0), &observed).earliest_allowed(at("2026-11-20T16:00:00Z")), at("2026-11-21T01:00:00Z"));
    assert_eq!(case(gap, Some(0), &[]).earliest_allowed(at("2026-11-20T16:00:00Z")), at("2026-11-20T16:00:00Z"));
    let both = Allowed { min_gap: Some(HOUR * 10), ..hours(8, 22) };
    assert_eq!(case(both, Some(0), &observed).earliest_allowed(at("2026-11-20T16:00:00Z")), at("2026-11-21T08:00:00Z"));
}

#[test]
fn windows_close() {
    let night = case(hours(22, 6), Some(0), &[]);
    assert_eq!(night.allowed_until(at("2026-11-20T23:00:00Z")), at("2026-11-21T06:00:00Z"));
    assert_eq!(night.allowed_until(at("2026-11-21T05:00:00Z")), at("2026-11-21T06:00:00Z"));
    assert_eq!(case(Allowed::default(), Some(0), &[]).allowed_until(at("2026-11-20T23:00:00Z")), Timestamp::FAR_FUTURE);
}

proptest! {
    #[test]
    fn the_earliest_moment_is_inside_and_nothing_before_it_is(
        from in 0u16..1440, length in 1u16..1440, offset in -840i32..=840, secs in 0i64..4_000_000_000, gap in prop::option::of(0u64..90_000),
    ) {
        let to = (from + length) % 1440;
        let allowed = Allowed { local_minutes: Some((from, to)), min_gap: gap.map(Duration::from_mins) };
        let seen = [Observed {
            at: Timestamp::from_secs(secs / 2),
            answer: Answer::iso("51", None),
            origin: Origin::Own,
            approved: false,
        }];
        let case = case(allowed, Some(offset), &seen);
        let asked = Timestamp::from_secs(secs);
        let found = case.earliest_allowed(asked);
        prop_assert!(found >= asked && case.is_allowed(found));
        prop_assert!(found <= asked.max(seen[0].at + Duration::from_mins(gap.unwrap_or(0))) + DAY);
        let minute = (found.secs() + i64::from(offset) * 60).rem_euclid(86_400) / 60;
        prop_assert!((minute - i64::from(from)).rem_euclid(1440) < i64::from(length));
        prop_assert!(case.allowed_until(found) > found);
        // By the definition, minute by minute: no allowed moment was passed over.
        if found > asked {
            let before = found - Duration::from_secs(1);
            prop_assert!(!case.is_allowed(before));
        }
        prop_assert_eq!(case.earliest_allowed(found), found);
    }
}
