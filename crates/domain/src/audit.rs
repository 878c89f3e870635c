//! The audit trail: who changed what from which value to which, and when. It is only ever added to.

use serde::{Deserialize, Serialize};

use crate::{
    block,
    channel::{Channel, Mode},
    client::{KeyKind, Role},
    environment::Environment,
    id::{ApplicationId, AttemptId, AuditId, BlockId, ClientId, KeyId, Mid, OrderId, PartnerId, ProcessorId, SiteId, UserId},
    model,
    money::Money,
    route::{Facts, Route},
    time::Timestamp,
    user::Standing,
};

/// One entry, written in the change set of what it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its id.
    pub id: AuditId,
    /// When, UTC, real time.
    pub at: Timestamp,
    /// The merchant it is about; none: what the operator holds for every merchant.
    pub mid: Option<Mid>,
    /// Who.
    pub by: By,
    /// What.
    pub what: What,
}

/// Who did something, as known at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct By {
    /// On whose behalf.
    pub role: Role,
    /// The API client, when it was one.
    pub client: Option<ClientId>,
    /// The portal user, when it was one.
    pub user: Option<UserId>,
    /// What it is called.
    pub name: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum What {
    /// A channel was switched.
    Channel {
        /// The site; none: the merchant itself.
        site: Option<SiteId>,
        /// Which.
        channel: Channel,
        /// The mode before; none: inherited.
        from: Option<Mode>,
        /// The mode since; none: inherited.
        to: Option<Mode>,
        /// Why, as far as that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A partner may or may no longer act for the merchant.
    Grant {
        /// The partner.
        partner: PartnerId,
        /// Given or taken.
        given: bool,
    },
    /// A processor account was made, changed or taken out of use.
    Processor {
        /// The account.
        processor: ProcessorId,
        /// As it was; none: it is new.
        from: Option<Box<Facts>>,
        /// As it is since; none: it is out of use.
        to: Option<Box<Facts>>,
        /// Whether it was given other credentials; what they are is told nowhere.
        credentials: bool,
    },
    /// A routing table was replaced.
    Routes {
        /// Its environment.
        environment: Environment,
        /// The lines before.
        from: Vec<Route>,
        /// The lines since.
        to: Vec<Route>,
    },
    /// A portal user came to a house, changed there or left it. A user of several merchants has an entry with each.
    User {
        /// The user.
        user: UserId,
        /// Its e-mail address.
        email: String,
        /// Its partner, for a partner's staff; the operator's staff has neither partner nor merchant.
        partner: Option<PartnerId>,
        /// What it was there; none: it is new.
        from: Option<Standing>,
        /// What it is there since; none: it left.
        to: Option<Standing>,
        /// Whether its password was set or taken away; what it is is told nowhere.
        password: bool,
    },
    /// An API key was made or revoked.
    Key {
        /// The key.
        key: KeyId,
        /// Its client.
        client: Option<ClientId>,
        /// The partner it speaks for.
        partner: Option<PartnerId>,
        /// What it is for.
        kind: KeyKind,
        /// Its name.
        name: String,
        /// Its environment.
        environment: Environment,
        /// What it may do; empty = all of its role.
        scopes: Vec<String>,
        /// Revoked; else made.
        revoked: bool,
    },
    /// The keys and users of a partner were switched on or off.
    Partner {
        /// The partner.
        partner: PartnerId,
        /// Whether they work since.
        active: bool,
    },
    /// Another version of a model is in use.
    Model {
        /// What it is for.
        kind: model::Kind,
        /// The version before; none: the one built in.
        from: Option<String>,
        /// The version since; none: the one built in.
        to: Option<String>,
        /// Why.
        reason: String,
    },
    /// Somebody did something with an order by hand.
    Order {
        /// The order.
        order: OrderId,
        /// What.
        act: Act,
        /// How much, for refunds and attempts.
        amount: Option<Money>,
        /// Why, as far as that was said.
        note: Option<String>,
    },
    /// Settings of a merchant or of one of its sites were changed.
    Settings {
        /// The site; none: the merchant itself.
        site: Option<SiteId>,
        /// What.
        changed: Vec<Changed>,
    },
    /// A site was made, changed or archived.
    Site {
        /// The site.
        site: SiteId,
        /// Its name.
        name: String,
        /// What; of a new one, everything that is not empty.
        changed: Vec<Changed>,
    },
    /// A merchant was switched on or off.
    Merchant {
        /// Whether its orders are worked since.
        active: bool,
    },
    /// An application went one step on.
    Application {
        /// The application.
        application: ApplicationId,
        /// The partner that brought it.
        partner: Option<PartnerId>,
        /// Its state since.
        state: String,
        /// Why, as far as that was said.
        reason: Option<String>,
    },
    /// A processor was asked by hand what became of an attempt.
    Inquiry {
        /// The order.
        order: OrderId,
        /// The attempt.
        attempt: AttemptId,
        /// The order's state after it.
        state: crate::order::Code,
    },
    /// An entry of the blocklist was made or deleted.
    Block {
        /// The entry.
        block: BlockId,
        /// What is blocked.
        kind: block::Kind,
        /// Taken off the list; else put on it.
        removed: bool,
        /// Why, as far as that was said.
        note: Option<String>,
    },
}

/// One member that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// Its name on the wire.
    pub name: String,
    /// Its value before.
    pub from: serde_json::Value,
    /// Its value since.
    pub to: serde_json::Value,
}

impl Changed {
    /// Every member in which two versions of a thing differ.
    pub fn between(before: &impl Serialize, after: &impl Serialize) -> Vec<Self> {
        let members = |of: serde_json::Result<serde_json::Value>| match of {
            Ok(serde_json::Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        let (before, after) = (members(serde_json::to_value(before)), members(serde_json::to_value(after)));
        let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let value = |of: &serde_json::Map<String, serde_json::Value>, name: &str| of.get(name).cloned().unwrap_or_default();
        let pairs =
            names.into_iter().map(|name| Self { name: name.clone(), from: value(&before, name), to: value(&after, name) });
        pairs.filter(|changed| changed.from != changed.to).collect()
    }
}

crate::words! {
    /// What somebody did with an order by hand.
    pub enum Act {
        /// Asked for an attempt now.
        Retry = "retry",
        /// Cancelled it.
        Cancel = "cancel",
        /// Gave money back.
        Refund = "refund",
    }
}

crate::words! {
    /// What an entry is about.
    pub enum Topic {
        /// Channels.
        Channel = "channel",
        /// Which partners may act for a merchant.
        Grant = "grant",
        /// Processor accounts.
        Processor = "processor",
        /// Routing tables.
        Routes = "routes",
        /// Portal users.
        User = "user",
        /// API keys.
        Key = "key",
        /// Partners that are switched on and off.
        Partner = "partner",
        /// Learnt models that go into use and out of it.
        Model = "model",
        /// What was done with orders by hand.
        Order = "order",
        /// Settings.
        Settings = "settings",
        /// Sites.
        Site = "site",
        /// Merchants that are switched on and off.
        Merchant = "merchant",
        /// Applications.
        Application = "application",
        /// Attempts that were looked up by hand.
        Inquiry = "inquiry",
        /// The blocklist.
        Block = "block",
    }
}

impl What {
    /// What it is about.
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Channel { .. } => Topic::Channel,
            Self::Grant { .. } => Topic::Grant,
            Self::Processor { .. } => Topic::Processor,
            Self::Routes { .. } => Topic::Routes,
            Self::User { .. } => Topic::User,
            Self::Key { .. } => Topic::Key,
            Self::Partner { .. } => Topic::Partner,
            Self::Model { .. } => Topic::Model,
            Self::Order { .. } => Topic::Order,
            Self::Settings { .. } => Topic::Settings,
            Self::Site { .. } => Topic::Site,
            Self::Merchant { .. } => Topic::Merchant,
            Self::Application { .. } => Topic::Application,
            Self::Inquiry { .. } => Topic::Inquiry,
            Self::Block { .. } => Topic::Block,
        }
    }

    /// The site it is about.
    pub const fn site(&self) -> Option<SiteId> {
        match self {
            Self::Channel { site, .. } | Self::Settings { site, .. } => *site,
            Self::Site { site, .. } => Some(*site),
            _ => None,
        }
    }

    /// The partner it is about, or whose person or key it is about.
    pub const fn partner(&self) -> Option<PartnerId> {
        match self {
            Self::Grant { partner, .. } | Self::Partner { partner, .. } => Some(*partner),
            Self::User { partner, .. } | Self::Key { partner, .. } | Self::Application { partner, .. } => *partner,
            _ => None,
        }
    }

    /// The channel it is about.
    pub const fn channel(&self) -> Option<Channel> {
        match self {
            Self::Channel { channel, .. } => Some(*channel),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scope::Staff, settings::Settings, user::Status};

    #[test]
    fn only_what_differs_is_told() {
        let before = Settings::default();
        let after = Settings { rescue_window_days: None, allow_partial: true, ..Settings::default() };
        let told: Vec<_> =
            Changed::between(&before, &after).into_iter().map(|one| format!("{} {}->{}", one.name, one.from, one.to)).collect();
        assert_eq!(told, ["allowPartial false->true", "rescueWindowDays 21->null"]);
        assert_eq!(Changed::between(&before, &before), []);
    }

    #[test]
    fn entries_read_back() {
        let site = Some(SiteId::from_bytes([2; 16]));
        for what in [
            What::Channel { site, channel: Channel::Mit, from: None, to: Some(Mode::Off), reason: Some("test".into()) },
            What::Merchant { active: false },
            What::Grant { partner: PartnerId::from_bytes([3; 16]), given: true },
            What::Processor { processor: ProcessorId::from_bytes([5; 16]), from: None, to: None, credentials: true },
            What::Routes { environment: Environment::Production, from: vec![], to: vec![] },
            What::User {
                user: UserId::from_bytes([6; 16]),
                email: "ada@example.com".into(),
                partner: None,
                from: None,
                to: Some(Standing {
                    role: Staff::Viewer,
                    status: Status::Invited,
                    mask_pii: true,
                    reach: Environment::Sandbox,
                    second_factor: false,
                }),
                password: false,
            },
            What::Key {
                key: KeyId::from_bytes([7; 16]),
                client: None,
                partner: None,
                kind: KeyKind::Tokenization,
                name: "browser".into(),
                environment: Environment::Sandbox,
                scopes: vec![],
                revoked: true,
            },
            What::Partner { partner: PartnerId::from_bytes([3; 16]), active: false },
            What::Order {
                order: OrderId::from_bytes([8; 16]),
                act: Act::Refund,
                amount: Some(Money::new(100, crate::money::Currency::parse("USD").unwrap())),
                note: Some("sorry".into()),
            },
            What::Settings {
                site,
                changed: Changed::between(&Settings { explore_percent: 1, ..Settings::default() }, &Settings::default()),
            },
            What::Block { block: BlockId::from_bytes([9; 16]), kind: block::Kind::Email, removed: false, note: None },
        ] {
            let entry = Entry {
                id: AuditId::from_bytes([1; 16]),
                at: Timestamp::EPOCH,
                mid: Some(Mid::from_bytes([4; 16])),
                by: By { role: Role::Operator, client: None, user: None, name: "shell".into() },
                what,
            };
            let text = serde_json::to_string(&entry).unwrap();
            assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), entry, "{text}");
        }
    }
}
