//! What somebody does next who has no figures yet.

use domain::{client::Role, scope::Staff};

use crate::{Viewer, roles};

/// A step, with the page where it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub path: &'static str,
    /// The link.
    pub label: &'static str,
    /// What it is good for.
    pub why: &'static str,
}

const ALL: &[Step] = &[
    Step { path: "/portal/choose", label: "Choose a merchant", why: "its figures, orders and keys are shown from then on." },
    Step { path: "/portal/merchants", label: "Look at the merchants", why: "how each of them stands." },
    Step {
        path: "/portal/developers/keys",
        label: "Make an API key",
        why: "one for your server, and one that your pages tokenise cards with.",
    },
    Step {
        path: "/docs",
        label: "Send the first declined payment",
        why: "the reference shows each call; in the sandbox no money moves, and test cards answer as you choose.",
    },
    Step {
        path: "/portal/developers/webhooks",
        label: "Register a webhook",
        why: "each rescue is told to your server as it happens.",
    },
    Step { path: "/portal/orders", label: "Look at the orders", why: "every attempt of each, and what comes next." },
];

/// The steps of a viewer: only those whose pages are open to it.
pub fn steps(viewer: &Viewer) -> Vec<Step> {
    of(viewer.principal.role, viewer.user.role, viewer.may_choose && viewer.mid().is_none())
}

fn of(house: Role, staff: Staff, chooses: bool) -> Vec<Step> {
    let open = |step: &&Step| match step.path {
        "/portal/choose" => chooses,
        "/docs" => true,
        path => roles::admit(house, staff, path).is_ok(),
    };
    ALL.iter().filter(open).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_a_page_that_is_closed_to_him() {
        for house in Role::ALL {
            for staff in Staff::ALL {
                for step in of(*house, *staff, false) {
                    let open = step.path == "/docs" || roles::admit(*house, *staff, step.path).is_ok();
                    assert!(open && step.path != "/portal/choose", "{house} {staff} {}", step.path);
                }
            }
        }
        assert_eq!(of(Role::Partner, Staff::Support, true)[0].path, "/portal/choose");
    }
}
