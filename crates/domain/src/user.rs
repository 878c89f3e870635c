//! Portal users: people of a merchant, a partner or the operator (`wire-api` §10.3).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    client::Role,
    environment::Environment,
    id::{Mid, PartnerId, UserId},
    scope::Staff,
    time::Timestamp,
};

crate::words! {
    /// How far a user is.
    pub enum Status {
        /// Has not chosen a password yet.
        Invited = "INVITED",
        /// May log in.
        Active = "ACTIVE",
        /// May not, until somebody unblocks it.
        Blocked = "BLOCKED",
    }
}

/// Whose staff a user is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum House {
    /// Of one merchant or several.
    Merchants(Vec<Mid>),
    /// Of a partner, for all its merchants.
    Partner(PartnerId),
    /// Of the operator, for everybody.
    Operator,
}

impl House {
    /// On whose behalf its staff acts.
    pub const fn role(&self) -> Role {
        match self {
            Self::Merchants(_) => Role::Merchant,
            Self::Partner(_) => Role::Partner,
            Self::Operator => Role::Operator,
        }
    }

    /// Its merchants; none for the others.
    pub fn mids(&self) -> &[Mid] {
        match self {
            Self::Merchants(mids) => mids,
            _ => &[],
        }
    }

    /// Its partner.
    pub const fn partner(&self) -> Option<PartnerId> {
        match self {
            Self::Partner(partner) => Some(*partner),
            _ => None,
        }
    }
}

/// What a user is in its house, as the audit trail remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// What it may do.
    pub role: Staff,
    /// How far it is.
    pub status: Status,
    /// Whether names, e-mail and phone of customers are masked for it.
    pub mask_pii: bool,
    /// How far its sessions reach.
    pub reach: Environment,
    /// Whether a second factor is in force.
    pub second_factor: bool,
}

impl From<&User> for Standing {
    fn from(user: &User) -> Self {
        Self {
            role: user.role,
            status: user.status(),
            mask_pii: user.mask_pii,
            reach: user.reach,
            second_factor: user.second_factor.is_on(),
        }
    }
}

/// The second factor: codes by time (RFC 6238).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecondFactor {
    /// None.
    #[default]
    Off,
    /// A secret was shown; no code came back yet.
    Offered {
        /// Sealed secret.
        sealed: Vec<u8>,
    },
    /// In force.
    On {
        /// Sealed secret.
        sealed: Vec<u8>,
        /// SHA-256 of each recovery code that was not used.
        recovery: Vec<[u8; 32]>,
    },
}

impl SecondFactor {
    /// Whether a login needs it.
    pub const fn is_on(&self) -> bool {
        matches!(self, Self::On { .. })
    }

    /// The sealed secret.
    pub fn sealed(&self) -> Option<&[u8]> {
        match self {
            Self::Off => None,
            Self::Offered { sealed } | Self::On { sealed, .. } => Some(sealed),
        }
    }
}

/// A portal user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Id; the token's `sub`.
    pub id: UserId,
    /// Row version.
    pub version: u32,
    /// E-mail address as it was given; never changes.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Phone.
    pub phone: String,
    /// Names, e-mail and phone of customers are masked for it.
    pub mask_pii: bool,
    /// What it may do.
    pub role: Staff,
    /// Whose staff it is.
    pub house: House,
    /// How far its sessions reach: into production and the sandbox, or into the sandbox only. Who was made by a sandbox
    /// caller never comes into production by itself.
    pub reach: Environment,
    /// Argon2id hash of its password (PHC string); none until it has chosen one.
    pub password: Option<String>,
    /// Since when it may not log in, UTC.
    pub blocked_at: Option<Timestamp>,
    /// When it first chose a password, UTC.
    pub joined_at: Option<Timestamp>,
    /// Second factor.
    pub second_factor: SecondFactor,
    /// Language tag, such as `en`.
    pub language: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

impl User {
    /// How far it is.
    pub const fn status(&self) -> Status {
        match (self.blocked_at, self.joined_at) {
            (Some(_), _) => Status::Blocked,
            (None, None) => Status::Invited,
            (None, Some(_)) => Status::Active,
        }
    }

    /// Whether its sessions may enter an environment.
    pub const fn reaches(&self, environment: Environment) -> bool {
        matches!((self.reach, environment), (Environment::Production, _) | (_, Environment::Sandbox))
    }

    /// Days until it must have a second factor; 0 when it has one or when the time is over.
    pub fn days_to_second_factor(&self, now: Timestamp, grace_days: u32) -> u32 {
        if self.second_factor.is_on() {
            return 0;
        }
        let since = self.joined_at.unwrap_or(now);
        let passed = now.since(since).as_secs() / (24 * 60 * 60);
        grace_days.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX))
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("role", &self.role).field("house", &self.house).finish_non_exhaustive()
    }
}

/// The form in which e-mail addresses are compared.
pub fn canonical_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether a text looks like an e-mail address that can be written to.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let labels = |host: &str| {
        host.contains('.')
            && host.split('.').all(|label| {
                !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-') && !label.starts_with('-')
            })
    };
    let plain = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    !local.is_empty() && local.len() <= 64 && local.chars().all(plain) && labels(host)
}

/// Shortest password, characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, characters.
pub const PASSWORD_CHARS_MAX: usize = 256;

/// What is wrong with a password somebody chose; `None` when nothing is.
pub fn password_fault(password: &str, email: &str) -> Option<String> {
    let chars = password.chars().count();
    let plain = canonical_email(password);
    let email = canonical_email(email);
    let same = plain == email || email.split('@').next().is_some_and(|local| plain.trim() == local);
    let monotonous = || password.chars().all(|c| password.starts_with(c));
    match () {
        () if chars < PASSWORD_CHARS_MIN => Some(format!("The password must have at least {PASSWORD_CHARS_MIN} characters.")),
        () if chars > PASSWORD_CHARS_MAX => Some(format!("The password must have at most {PASSWORD_CHARS_MAX} characters.")),
        () if same => Some("The password must not be the e-mail address.".to_owned()),
        () if monotonous() => Some("The password must not be one character repeated.".to_owned()),
        () => None,
    }
}

crate::words! {
    /// How far a session is.
    pub enum Stage {
        /// The password was right; the second factor is due.
        SecondFactor = "second_factor",
        /// Logged in.
        Open = "open",
    }
}

/// What a session came from, as far as its user can recognise it by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// What the browser calls itself; empty for sessions of the API.
    pub agent: String,
    /// Its network address; empty for sessions of the API.
    pub address: String,
}

impl Visitor {
    /// Longest name of a browser that is kept, characters.
    pub const AGENT_CHARS_MAX: usize = 300;

    /// A browser at an address.
    pub fn new(agent: &str, address: impl std::fmt::Display) -> Self {
        Self { agent: agent.chars().take(Self::AGENT_CHARS_MAX).collect(), address: address.to_string() }
    }
}

/// A session of a user, kept by the hash of its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of its id.
    pub hash: [u8; 32],
    /// What its tokens name it by; also the family of its refresh tokens.
    pub family: Uuid,
    /// Whose.
    pub user: UserId,
    /// Where.
    pub environment: Environment,
    /// How far it is.
    pub stage: Stage,
    /// Since when, UTC.
    pub created_at: Timestamp,
    /// Until when, UTC.
    pub expires_at: Timestamp,
    /// When it was last used, UTC, to the minute.
    pub used_at: Timestamp,
    /// What it came from.
    pub visitor: Visitor,
}

crate::words! {
    /// What a ticket is for.
    pub enum Purpose {
        /// The first password.
        Invitation = "invitation",
        /// A new password.
        Reset = "reset",
    }
}

/// The right to choose a password, once; kept by the hash of what the mail held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whose.
    pub user: UserId,
    /// What for.
    pub purpose: Purpose,
    /// Until when, UTC.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;

    #[test]
    fn addresses_are_recognised() {
        for email in ["ada@example.com", "a.b+c@mail.example.co.uk", "ünal@exämple.de"] {
            assert!(is_email(email), "{email}");
        }
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "a b@example.com",
            "a@b@example.com",
            "a@-b.com",
            "a@b..com",
            "a\n@b.com",
            "a,b@c.de",
        ] {
            assert!(!is_email(text), "{text:?}");
        }
        assert_eq!(canonical_email(" Ada@Example.COM "), "ada@example.com");
    }

    #[test]
    fn weak_passwords_are_told() {
        let email = "ada.byron.long@example.com";
        for (password, sound) in [
            ("correct horse battery", true),
            ("zwölf Zeichen!", true),
            ("eleven char", false),
            ("ADA.byron.long@example.com", false),
            ("ada.byron.long", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("", false),
        ] {
            assert_eq!(password_fault(password, email).is_none(), sound, "{password}");
        }
        assert!(password_fault(&"ab".repeat(PASSWORD_CHARS_MAX), email).is_some());
        assert!(password_fault(&"ab".repeat(PASSWORD_CHARS_MAX / 2), email).is_none());
    }

    fn user() -> User {
        User {
            id: UserId::from_bytes([1; 16]),
            version: 1,
            email: "ada@example.com".into(),
            first_name: "Ada".into(),
            last_name: "Byron".into(),
            phone: "1".into(),
            mask_pii: false,
            role: Staff::Owner,
            house: House::Operator,
            reach: Environment::Sandbox,
            password: Some("$argon2id$hash".into()),
            blocked_at: None,
            joined_at: None,
            second_factor: SecondFactor::Off,
            language: None,
            timezone: None,
            created_at: Timestamp::from_secs(0),
        }
    }

    #[test]
    fn days_run_out_from_the_first_password() {
        let mut user = user();
        let start = Timestamp::from_secs(1_000_000);
        assert_eq!((user.status(), user.days_to_second_factor(start, 14)), (Status::Invited, 14));
        user.joined_at = Some(start);
        for (days, left) in [(0, 14), (1, 13), (13, 1), (14, 0), (400, 0)] {
            assert_eq!(user.days_to_second_factor(start + DAY * days, 14), left, "{days}");
        }
        user.second_factor = SecondFactor::On { sealed: vec![], recovery: vec![] };
        assert_eq!((user.status(), user.days_to_second_factor(start, 14)), (Status::Active, 0));
        user.blocked_at = Some(start);
        assert_eq!(user.status(), Status::Blocked);
    }

    #[test]
    fn printing_a_user_shows_neither_password_nor_address() {
        let text = format!("{:?}", user());
        assert!(!text.contains("argon2id") && !text.contains("ada@"), "{text}");
    }

    #[test]
    fn houses_read_back() {
        for house in
            [House::Operator, House::Partner(PartnerId::from_bytes([1; 16])), House::Merchants(vec![Mid::from_bytes([2; 16])])]
        {
            let text = serde_json::to_string(&house).unwrap();
            assert_eq!(serde_json::from_str::<House>(&text).unwrap(), house, "{text}");
        }
    }
}
