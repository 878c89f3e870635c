//! Scopes: what a key may do, and what the staff roles of portal users make of them (`wire-api` §2.2).

use crate::{client::Role, environment::Environment};

crate::words! {
    /// One kind of thing that a key or a user may do. Names beyond this list are stored without effect.
    pub enum Scope {
        /// Evaluates and cancels orders.
        Evaluate = "evaluate",
        /// Sends copies of payments.
        Transmit = "transmit",
        /// Vaults cards.
        Tokenize = "tokenize",
        /// Captures authorised amounts.
        Capture = "capture",
        /// Gives money back.
        Refunds = "refunds",
        /// Sees orders and their events.
        OrdersRead = "orders:read",
        /// Asks when to retry by itself.
        Advice = "advice",
        /// Sends and reads batches.
        Batches = "batches",
        /// Manages webhook endpoints.
        Webhooks = "webhooks",
        /// Manages sites.
        Sites = "sites",
        /// Switches channels.
        Channels = "channels",
        /// Reads reports.
        Reports = "reports",
        /// Manages the blocklist.
        Blocklist = "blocklist",
        /// Reads settlements, payouts and chargebacks.
        MoneyRead = "money:read",
        /// Manages merchants and their settings.
        Merchants = "merchants",
        /// Manages portal users.
        Users = "users",
        /// Manages API keys.
        Keys = "keys",
        /// Brings merchants on board.
        Onboarding = "onboarding",
        /// Manages processor accounts and routes.
        Processors = "processors",
        /// Drives the sandbox's clock and data.
        Sandbox = "sandbox",
    }
}

crate::words! {
    /// What a portal user is in the merchant's, partner's or operator's house.
    pub enum Staff {
        /// Everything; at least one is always there.
        Owner = "owner",
        /// Everything, except making owners.
        Admin = "admin",
        /// Money: reports, settlements, refunds.
        Finance = "finance",
        /// Integration: events and webhooks, and payments in the sandbox.
        Developer = "developer",
        /// Customers: orders, refunds, the blocklist.
        Support = "support",
        /// Looks only.
        Viewer = "viewer",
    }
}

impl Role {
    /// Whether a key of this role may hold a scope at all.
    pub const fn admits(self, scope: Scope) -> bool {
        match self {
            Self::Operator => true,
            Self::Partner => !matches!(scope, Scope::Processors),
            Self::Merchant => !matches!(scope, Scope::Onboarding),
        }
    }

    /// Whether a key of this role that was made without scopes holds this one. A merchant's key manages processors only
    /// when that was said.
    pub const fn holds(self, scope: Scope) -> bool {
        self.admits(scope) && !matches!((self, scope), (Self::Merchant, Scope::Processors))
    }

    /// The scopes of a key that was made without any.
    pub fn scopes(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.holds(*scope))
    }
}

impl Staff {
    /// Whether users of this staff role may do this, in an environment. What the house itself may not, its staff may not.
    pub const fn holds(self, scope: Scope, environment: Environment) -> bool {
        use Scope::{Advice, Batches, Blocklist, Capture, Evaluate, MoneyRead, OrdersRead, Refunds, Reports, Sandbox};
        match self {
            Self::Owner | Self::Admin => true,
            Self::Finance => matches!(scope, OrdersRead | Reports | MoneyRead | Refunds),
            Self::Support => matches!(scope, OrdersRead | Refunds | Blocklist),
            Self::Viewer => matches!(scope, OrdersRead | Reports),
            Self::Developer => match environment {
                Environment::Production => matches!(scope, OrdersRead | Scope::Webhooks),
                Environment::Sandbox => matches!(
                    scope,
                    OrdersRead
                        | Scope::Webhooks
                        | Evaluate
                        | Scope::Transmit
                        | Scope::Tokenize
                        | Capture
                        | Refunds
                        | Advice
                        | Batches
                        | Sandbox
                ),
            },
        }
    }

    /// Whether users of this staff role may look at what a scope manages, without changing it: everybody at what kind of
    /// house it is, the support at what became of an event. The rest is nobody's who does not manage it.
    pub const fn sees(self, scope: Scope, environment: Environment) -> bool {
        self.holds(scope, environment)
            || matches!(scope, Scope::Merchants | Scope::Sites | Scope::Channels)
            || matches!((self, scope), (Self::Support, Scope::Webhooks))
    }

    /// Whether somebody of this role may give another one: nobody makes somebody higher than himself.
    pub const fn may_give(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => !matches!(other, Self::Owner),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(staff: Staff, environment: Environment) -> String {
        let held = Scope::ALL.iter().filter(|scope| staff.holds(**scope, environment));
        held.map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn staff_roles_hold_what_their_work_needs() {
        let everything = Scope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
        for (staff, production, sandbox) in [
            (Staff::Owner, everything.as_str(), everything.as_str()),
            (Staff::Admin, &everything, &everything),
            (Staff::Finance, "refunds orders:read reports money:read", "refunds orders:read reports money:read"),
            (Staff::Support, "refunds orders:read blocklist", "refunds orders:read blocklist"),
            (Staff::Viewer, "orders:read reports", "orders:read reports"),
            (
                Staff::Developer,
                "orders:read webhooks",
                "evaluate transmit tokenize capture refunds orders:read advice batches webhooks sandbox",
            ),
        ] {
            assert_eq!(of(staff, Environment::Production), production, "{staff}");
            assert_eq!(of(staff, Environment::Sandbox), sandbox, "{staff}");
        }
    }

    #[test]
    fn nobody_sees_keys_or_users_who_does_not_manage_them() {
        for staff in [Staff::Finance, Staff::Developer, Staff::Support, Staff::Viewer] {
            for scope in [Scope::Keys, Scope::Users, Scope::Processors, Scope::Onboarding] {
                assert!(!staff.sees(scope, Environment::Sandbox), "{staff} {scope}");
            }
            assert!(staff.sees(Scope::Sites, Environment::Production) && !staff.holds(Scope::Sites, Environment::Sandbox));
        }
    }

    #[test]
    fn who_only_looks_sees_no_more_than_his_work_needs() {
        for (staff, more) in [
            (Staff::Finance, "sites channels merchants"),
            (Staff::Developer, "sites channels merchants"),
            (Staff::Support, "webhooks sites channels merchants"),
            (Staff::Viewer, "sites channels merchants"),
            (Staff::Owner, ""),
            (Staff::Admin, ""),
        ] {
            for environment in [Environment::Sandbox, Environment::Production] {
                let only = |scope: &&Scope| staff.sees(**scope, environment) && !staff.holds(**scope, environment);
                let seen: Vec<_> = Scope::ALL.iter().filter(only).map(|scope| scope.as_str()).collect();
                assert_eq!(seen.join(" "), more, "{staff}");
            }
        }
    }

    #[test]
    fn nobody_gives_more_than_he_is() {
        for staff in Staff::ALL {
            let given: Vec<_> = Staff::ALL.iter().filter(|other| staff.may_give(**other)).collect();
            match staff {
                Staff::Owner => assert_eq!(given.len(), Staff::ALL.len()),
                Staff::Admin => assert!(given.len() == Staff::ALL.len() - 1 && !given.contains(&&Staff::Owner)),
                _ => assert!(given.is_empty(), "{staff}"),
            }
        }
    }

    #[test]
    fn houses_hold_what_the_contract_gives_them() {
        let held = |role: Role| role.scopes().count();
        assert_eq!((held(Role::Operator), held(Role::Partner), held(Role::Merchant)), (20, 19, 18));
        assert!(Role::Merchant.admits(Scope::Processors) && !Role::Merchant.holds(Scope::Processors));
        assert!(!Role::Merchant.admits(Scope::Onboarding) && !Role::Partner.admits(Scope::Processors));
    }
}
