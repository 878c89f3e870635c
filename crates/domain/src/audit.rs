//! The audit trail: who changed what from which value to which, and when. It is only ever added to.

use serde::{Deserialize, Serialize};

use crate::{
    channel::{Channel, Mode},
    client::{KeyKind, Role},
    environment::Environment,
    id::{AuditId, ClientId, KeyId, Mid, PartnerId, ProcessorId, SiteId, UserId},
    model,
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
        }
    }

    /// The site it is about.
    pub const fn site(&self) -> Option<SiteId> {
        match self {
            Self::Channel { site, .. } => *site,
            Self::Grant { .. }
            | Self::Processor { .. }
            | Self::Routes { .. }
            | Self::User { .. }
            | Self::Key { .. }
            | Self::Partner { .. }
            | Self::Model { .. } => None,
        }
    }

    /// The channel it is about.
    pub const fn channel(&self) -> Option<Channel> {
        match self {
            Self::Channel { channel, .. } => Some(*channel),
            Self::Grant { .. }
            | Self::Processor { .. }
            | Self::Routes { .. }
            | Self::User { .. }
            | Self::Key { .. }
            | Self::Partner { .. }
            | Self::Model { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scope::Staff, user::Status};

    #[test]
    fn entries_read_back() {
        let site = Some(SiteId::from_bytes([2; 16]));
        for what in [
            What::Channel { site, channel: Channel::Mit, from: None, to: Some(Mode::Off) },
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
