//! Which roles may open which pages: one table, for the navigation, for the guard in [`crate::Viewer`], and for tests.
//! What a page may do is decided by the engine's scopes all the same.
//!
//! The roles of the people are these: the operator's staff; a partner's *admin* is its owner or admin, a partner's
//! *support* its support; a merchant's *admin* is its owner or admin, beside its developer, finance, support and viewer.

use domain::{
    client::Role,
    scope::Staff::{self, Admin, Developer, Finance, Owner, Support, Viewer},
};

use crate::{
    Problem,
    layout::{Group, Link},
};

const EVERYBODY: &[Staff] = &[Owner, Admin, Finance, Developer, Support, Viewer];
const ADMINS: &[Staff] = &[Owner, Admin];
const MONEY: &[Staff] = &[Owner, Admin, Finance];
const BUILDERS: &[Staff] = &[Owner, Admin, Developer];
const NOBODY: &[Staff] = &[];

/// A section of the portal, and who may open its pages.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Every path that is this, or begins with this and a slash.
    pub path: &'static str,
    /// Its name in the navigation; none: it is not there.
    pub label: Option<&'static str>,
    /// The heading that it stands under.
    pub group: &'static str,
    /// Staff of merchants.
    pub merchant: &'static [Staff],
    /// Staff of partners.
    pub partner: &'static [Staff],
    /// Staff of the operator.
    pub operator: &'static [Staff],
}

impl Row {
    const fn new(group: &'static str, path: &'static str, label: &'static str) -> Self {
        Self { path, label: Some(label), group, merchant: NOBODY, partner: NOBODY, operator: NOBODY }
    }

    const fn hidden(path: &'static str) -> Self {
        Self { path, label: None, group: "", merchant: EVERYBODY, partner: EVERYBODY, operator: EVERYBODY }
    }

    const fn to_all(mut self, staff: &'static [Staff]) -> Self {
        self.merchant = staff;
        self.partner = staff;
        self.operator = staff;
        self
    }

    const fn to_partners(mut self, staff: &'static [Staff]) -> Self {
        self.partner = staff;
        self.operator = staff;
        self
    }

    const fn to_operators(mut self, staff: &'static [Staff]) -> Self {
        self.operator = staff;
        self
    }

    /// Whether staff of a house may open it.
    pub fn admits(&self, house: Role, staff: Staff) -> bool {
        let lawful = match house {
            Role::Merchant => self.merchant,
            Role::Partner => self.partner,
            Role::Operator => self.operator,
        };
        lawful.contains(&staff)
    }

    fn covers(&self, path: &str) -> bool {
        path.strip_prefix(self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Every section, in the order of the navigation.
pub const MATRIX: &[Row] = &[
    Row::new("Payments", "/portal/home", "Home").to_all(EVERYBODY),
    Row::new("Payments", "/portal/orders", "Orders").to_all(EVERYBODY),
    Row::new("Money", "/portal/settlements", "Settlements").to_all(MONEY),
    Row::new("Money", "/portal/payouts", "Payouts").to_all(MONEY),
    Row::new("Merchants", "/portal/merchants", "Merchants").to_partners(EVERYBODY),
    Row::new("Merchants", "/portal/switchboard", "Switchboard").to_partners(EVERYBODY),
    Row::new("Integration", "/portal/developers/keys", "API keys").to_all(ADMINS),
    Row::new("Integration", "/portal/developers/webhooks", "Webhooks").to_all(BUILDERS),
    Row::new("Operation", "/portal/operator/attempts", "Unknown attempts").to_operators(ADMINS),
    Row::new("Operation", "/portal/operator/rules", "Rules").to_operators(EVERYBODY),
    Row::new("Administration", "/portal/users", "Users").to_all(ADMINS),
    Row::new("Administration", "/portal/audit", "Audit log").to_all(EVERYBODY),
    Row::hidden("/portal/account"),
    Row::hidden("/portal/choose"),
    Row::hidden("/portal/environment"),
    Row::hidden("/portal/sign-out"),
];

/// The row of a path: the longest that covers it.
pub fn row(path: &str) -> Option<&'static Row> {
    MATRIX.iter().filter(|row| row.covers(path)).max_by_key(|row| row.path.len())
}

/// Fails when staff of a house may not open a path.
pub fn admit(house: Role, staff: Staff, path: &str) -> Result<(), Problem> {
    let row = row(path).ok_or(Problem::NotFound)?;
    if row.admits(house, staff) { Ok(()) } else { Err(Problem::Forbidden) }
}

/// The navigation of somebody on a page.
pub(crate) fn navigation(house: Role, staff: Staff, path: &str) -> Vec<Group> {
    let current = row(path).map(|row| row.path);
    let mut groups: Vec<Group> = Vec::new();
    for row in MATRIX.iter().filter(|row| row.admits(house, staff)) {
        let Some(label) = row.label else { continue };
        let link = Link { label, path: row.path, current: current == Some(row.path) };
        match groups.iter_mut().find(|group| group.name == row.group) {
            Some(group) => group.links.push(link),
            None => groups.push(Group { name: row.group, links: vec![link] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_the_longest_row_that_covers_them() {
        for (path, expected) in [
            ("/portal/orders", Some("/portal/orders")),
            ("/portal/orders/1/refund", Some("/portal/orders")),
            ("/portal/ordersx", None),
            ("/portal/developers", None),
            ("/portal/developers/keys/new", Some("/portal/developers/keys")),
        ] {
            assert_eq!(row(path).map(|row| row.path), expected, "{path}");
        }
    }

    #[test]
    fn what_the_navigation_shows_may_be_opened_and_nothing_else() {
        for house in Role::ALL {
            for staff in Staff::ALL {
                let links: Vec<_> =
                    navigation(*house, *staff, "/portal/home").into_iter().flat_map(|group| group.links).map(|link| link.path).collect();
                for row in MATRIX.iter().filter(|row| row.label.is_some()) {
                    assert_eq!(links.contains(&row.path), admit(*house, *staff, row.path).is_ok(), "{house} {staff} {}", row.path);
                }
            }
        }
    }

    #[test]
    fn nobody_opens_the_sections_of_the_house_above() {
        for staff in Staff::ALL {
            assert!(admit(Role::Merchant, *staff, "/portal/switchboard").is_err());
            assert!(admit(Role::Partner, *staff, "/portal/operator/rules").is_err());
        }
        assert!(admit(Role::Merchant, Support, "/portal/users").is_err() && admit(Role::Merchant, Admin, "/portal/users").is_ok());
        assert!(admit(Role::Merchant, Developer, "/portal/settlements").is_err());
    }
}
