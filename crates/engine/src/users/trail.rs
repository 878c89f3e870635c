//! What the audit trail remembers of users: what they are in each of their houses, never a password or a second factor.

use domain::{
    audit::{By, What},
    change::ChangeSet,
    client::Role,
    id::Mid,
    user::{Standing, User},
};

use crate::Engine;

/// Who blocks after too many failures.
const SYSTEM: &str = "system";

impl Engine {
    /// Adds what became of a user to the change set that does it; nothing when nobody who reads the trail would see a
    /// difference.
    pub(super) fn note_user(&self, by: &By, before: Option<&User>, after: Option<&User>, set: &mut ChangeSet) {
        for (mid, what) in entries(before, after) {
            set.push(self.signed(by.clone(), mid, what));
        }
    }
}

/// Nobody but the system itself.
pub(crate) fn system() -> By {
    By { role: Role::Operator, client: None, user: None, name: SYSTEM.to_owned() }
}

/// The user itself, also before it has a session.
pub fn himself(user: &User) -> By {
    let name = format!("{} {}", user.first_name, user.last_name).trim().to_owned();
    By { role: user.house.role(), client: None, user: Some(user.id), name }
}

fn entries(before: Option<&User>, after: Option<&User>) -> Vec<(Option<Mid>, What)> {
    let Some(known) = after.or(before) else { return vec![] };
    let password = before.and_then(|user| user.password.as_ref()) != after.and_then(|user| user.password.as_ref());
    let password = password && after.is_some();
    let personal = before.zip(after).is_some_and(|(before, after)| {
        let names = |user: &User| (user.first_name.clone(), user.last_name.clone(), user.phone.clone());
        names(before) != names(after)
    });
    let mut found = vec![];
    for mid in houses(before, after) {
        let there =
            |user: Option<&User>| user.filter(|user| mid.is_none_or(|mid| user.house.mids().contains(&mid))).map(Standing::from);
        let (from, to) = (there(before), there(after));
        if from == to && !password && !personal {
            continue;
        }
        let (email, partner) = (known.email.clone(), known.house.partner());
        found.push((mid, What::User { user: known.id, email, partner, from, to, password }));
    }
    found
}

/// The merchants it serves or served; one without a merchant for the staff of a partner and of the operator.
fn houses(before: Option<&User>, after: Option<&User>) -> Vec<Option<Mid>> {
    let mut mids: Vec<_> = [before, after].into_iter().flatten().flat_map(|user| user.house.mids()).copied().map(Some).collect();
    mids.sort_unstable();
    mids.dedup();
    if mids.is_empty() { vec![None] } else { mids }
}

#[cfg(test)]
mod tests {
    use domain::{
        environment::Environment,
        id::UserId,
        scope::Staff,
        time::Timestamp,
        user::{House, SecondFactor, Status},
    };

    use super::*;

    fn user(mids: &[u8]) -> User {
        User {
            id: UserId::from_bytes([9; 16]),
            version: 1,
            email: "ada@example.com".into(),
            first_name: "Ada".into(),
            last_name: "Byron".into(),
            phone: "1".into(),
            mask_pii: false,
            role: Staff::Viewer,
            house: House::Merchants(mids.iter().map(|mid| Mid::from_bytes([*mid; 16])).collect()),
            reach: Environment::Sandbox,
            password: Some("hash".into()),
            blocked_at: None,
            joined_at: Some(Timestamp::EPOCH),
            second_factor: SecondFactor::Off,
            language: None,
            timezone: None,
            created_at: Timestamp::EPOCH,
        }
    }

    fn told(before: Option<&User>, after: Option<&User>) -> Vec<(u8, Option<Staff>, Option<Staff>, bool)> {
        let entry = |(mid, what): (Option<Mid>, What)| match what {
            What::User { from, to, password, .. } => {
                let role = |standing: Option<Standing>| standing.map(|standing| standing.role);
                (mid.map_or(0, |mid| mid.bytes()[0]), role(from), role(to), password)
            }
            other => panic!("{other:?}"),
        };
        entries(before, after).into_iter().map(entry).collect()
    }

    #[test]
    fn each_merchant_is_told_what_became_of_a_user_there() {
        let (viewer, admin) = (Some(Staff::Viewer), Some(Staff::Admin));
        let old = user(&[1, 2]);
        assert_eq!(told(None, Some(&old)), [(1, None, viewer, true), (2, None, viewer, true)]);
        assert_eq!(told(Some(&old), None), [(1, viewer, None, false), (2, viewer, None, false)]);
        assert_eq!(told(Some(&old), Some(&User { version: 2, ..old.clone() })), []);
        let moved = User { house: user(&[2, 3]).house, ..old.clone() };
        assert_eq!(told(Some(&old), Some(&moved)), [(1, viewer, None, false), (3, None, viewer, false)]);
        let raised = User { role: Staff::Admin, ..user(&[1]) };
        assert_eq!(told(Some(&user(&[1])), Some(&raised)), [(1, viewer, admin, false)]);
        let reset = User { password: None, ..user(&[1]) };
        assert_eq!(told(Some(&user(&[1])), Some(&reset)), [(1, viewer, viewer, true)]);
        let renamed = User { last_name: "Lovelace".into(), ..user(&[1]) };
        assert_eq!(told(Some(&user(&[1])), Some(&renamed)), [(1, viewer, viewer, false)]);
    }

    #[test]
    fn staff_of_no_merchant_has_one_entry_and_no_entry_holds_a_secret() {
        let operator = User { house: House::Operator, blocked_at: Some(Timestamp::EPOCH), ..user(&[]) };
        let found = entries(Some(&User { blocked_at: None, ..operator.clone() }), Some(&operator));
        let [(None, What::User { to: Some(to), .. })] = &found[..] else { panic!("{found:?}") };
        assert_eq!(to.status, Status::Blocked);
        assert!(!serde_json::to_string(&found).unwrap().contains("hash"));
    }
}
