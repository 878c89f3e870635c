//! Logins of portal users (`wire-api` §2.3): password, second factor, session, and what ends it.

use domain::{
    change::{ChangeSet, Write},
    environment::Environment,
    id::{ClientId, UserId},
    time::{DAY, HOUR, MINUTE},
    user::{Session, Stage, Status, User, Visitor, canonical_email},
};
use uuid::Uuid;

use super::{
    Grant, Login, REFRESH_HOURS,
    grant::{Bearer, DECOY, token_hash},
};
use crate::{Engine, Error, Principal, Result};

/// Failures in a row after which a user is blocked.
pub const FAILURES_MAX: u32 = 10;
/// Time for the second factor, minutes.
const SECOND_FACTOR_MINUTES: u32 = 5;
/// Longest life of a session, however often it is refreshed, days.
const SESSION_DAYS: u32 = 7;

/// How a login goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoggedIn {
    /// Tokens.
    Granted(Grant),
    /// The second factor is due, under this session id.
    SecondFactor {
        /// The session's id.
        session: String,
    },
}

/// How a login goes on once the password was right.
pub(super) enum Begun {
    /// Proven: a session may be opened, in one commit with the set.
    Proven {
        /// Who.
        user: Box<User>,
        /// Where.
        environment: Environment,
        /// What the proof changes.
        set: ChangeSet,
    },
    /// The second factor is due, under this session id.
    SecondFactor {
        /// The session's id.
        session: String,
    },
}

impl Engine {
    /// Checks an e-mail address and a password. Unknown addresses, blocked users and wrong passwords cost the same and
    /// are told apart by nobody. The attempt counts as failed until it has succeeded, so that many at once get no more
    /// tries than one after the other.
    pub async fn login(&self, email: &str, password: String, environment: Option<Environment>) -> Result<LoggedIn> {
        match self.begin_login(email, password, environment).await? {
            Begun::Proven { user, environment, set } => Ok(LoggedIn::Granted(self.open_session(&user, environment, set).await?)),
            Begun::SecondFactor { session } => Ok(LoggedIn::SecondFactor { session }),
        }
    }

    /// The first half of every login, whatever kind of session follows.
    pub(super) async fn begin_login(&self, email: &str, password: String, environment: Option<Environment>) -> Result<Begun> {
        self.admit()?;
        let email = canonical_email(email);
        let subject = self.failures_of(&email);
        let failures = self.count_failure(subject).await?;
        let user = self.store.user_by_email(&email).await?;
        let admitted = user.as_ref().filter(|user| user.status() == Status::Active && failures <= FAILURES_MAX);
        let hash = admitted.and_then(|user| user.password.clone());
        let (known, hash) = (hash.is_some(), hash.unwrap_or_else(|| DECOY.to_owned()));
        let matches = self.secret_match(password, vec![hash]).await?.is_some();
        match user {
            Some(user) if known && matches => self.passed(user, subject, environment).await,
            user => self.failed(user, failures).await,
        }
    }

    async fn passed(&self, user: User, subject: [u8; 32], wanted: Option<Environment>) -> Result<Begun> {
        let environment = wanted.unwrap_or(user.reach);
        let refused = match self.tenants.is_active(user.house.partner()).await? {
            false => Some(Error::BadCredentials),
            true => (!user.reaches(environment)).then_some(Error::OtherEnvironment),
        };
        if let Some(refused) = refused {
            self.store.apply(ChangeSet::new().with(Write::ForgiveFailure { subject })).await?;
            return Err(refused);
        }
        if !user.second_factor.is_on() {
            let set = ChangeSet::new().with(Write::ClearFailures { subject });
            return Ok(Begun::Proven { user: Box::new(user), environment, set });
        }
        let life = MINUTE * SECOND_FACTOR_MINUTES;
        let (id, session) = self.new_session(&user, environment, Stage::SecondFactor, life);
        let set = ChangeSet::new().with(Write::ForgiveFailure { subject }).with(Write::PutSession(session));
        self.store.apply(set).await?;
        Ok(Begun::SecondFactor { session: id })
    }

    /// Notes a failure; the tenth in a row blocks the user.
    async fn failed<T>(&self, user: Option<User>, failures: u32) -> Result<T> {
        match user {
            Some(user) if failures >= FAILURES_MAX && user.status() == Status::Active => {
                self.block_after_failures(user.id).await?;
            }
            _ => {}
        }
        Err(Error::BadCredentials)
    }

    /// Checks the second factor of a login: a code of the authenticator, or a recovery code.
    pub async fn second_factor(&self, session: &str, code: &str) -> Result<Grant> {
        let (user, environment, set) = self.confirm_second_factor(session, code).await?;
        self.open_session(&user, environment, set).await
    }

    /// The second half of every login, whatever kind of session follows.
    pub(super) async fn confirm_second_factor(&self, session: &str, code: &str) -> Result<(User, Environment, ChangeSet)> {
        self.admit()?;
        let now = self.clock.now();
        let session = self.store.session(token_hash(session)).await?;
        let session = session.filter(|session| session.stage == Stage::SecondFactor && now < session.expires_at);
        let Some(session) = session else { return Err(Error::BadCredentials) };
        let Some(user) = self.store.user(session.user).await? else { return Err(Error::BadCredentials) };
        let subject = self.failures_of(&canonical_email(&user.email));
        let failures = self.count_failure(subject).await?;
        let active = user.status() == Status::Active && self.tenants.is_active(user.house.partner()).await?;
        if !active || failures > FAILURES_MAX {
            return Err(Error::BadCredentials);
        }
        let Some(used) = self.check_code(&user, code)? else { return self.failed(Some(user), failures).await };
        let set = ChangeSet::new().with(Write::EndSession { family: session.family }).with(Write::ClearFailures { subject });
        let set = used.into_set(&user, set);
        Ok((user, session.environment, set))
    }

    /// Opens a session with its first tokens, in one commit with what led to it.
    async fn open_session(&self, user: &User, environment: Environment, mut set: ChangeSet) -> Result<Grant> {
        let (id, session) = self.new_session(user, environment, Stage::Open, HOUR * REFRESH_HOURS as u32);
        let (refresh_token, refresh) = self.new_refresh(ClientId(user.id.0), None, session.family);
        set.push(Write::MarkLogin { user: user.id, at: session.created_at });
        set.push(Write::InsertRefresh(refresh));
        let family = session.family;
        set.push(Write::PutSession(session));
        // The code, the pending session or the recovery code was used a moment before.
        self.apply(set).await?.map_err(|_| Error::BadCredentials)?;
        self.refresh_registry().await?;
        self.user_grant(user, environment, family, refresh_token, Some(id))
    }

    pub(super) fn new_session(
        &self,
        user: &User,
        environment: Environment,
        stage: Stage,
        life: std::time::Duration,
    ) -> (String, Session) {
        let id = self.secret_word();
        let now = self.clock.now();
        let session = Session {
            hash: token_hash(&id),
            family: Uuid::from_bytes(self.random.bytes()),
            user: user.id,
            environment,
            stage,
            created_at: now,
            expires_at: now + life,
            used_at: now,
            visitor: Visitor::default(),
        };
        (id, session)
    }

    fn user_grant(
        &self,
        user: &User,
        environment: Environment,
        session: Uuid,
        refresh_token: String,
        id: Option<String>,
    ) -> Result<Grant> {
        let now = self.clock.now();
        let (access_token, expires_at) = self.sign(&Bearer::user(user, environment, session), now)?;
        let days = user.days_to_second_factor(now, self.options.second_factor_days);
        let login = Login { session: id, days_to_second_factor: days, may_wait: days > 0 };
        Ok(Grant { access_token, refresh_token, expires_at, client: ClientId(user.id.0), login: Some(login) })
    }

    /// New tokens in a session, which lives on.
    pub(super) async fn refresh_session(
        &self,
        user: UserId,
        family: Uuid,
        environment: Option<Environment>,
        refresh_token: String,
        set: &mut ChangeSet,
    ) -> Result<Grant> {
        let now = self.clock.now();
        let session = self.store.session_of(family).await?.filter(|session| session.stage == Stage::Open && session.user == user);
        let Some(mut session) = session else { return Err(Error::BadRefreshToken) };
        let user = self.store.user(user).await?.filter(|user| user.status() == Status::Active).ok_or(Error::BadRefreshToken)?;
        if now >= session.created_at + DAY * SESSION_DAYS || !self.tenants.is_active(user.house.partner()).await? {
            return Err(Error::BadRefreshToken);
        }
        session.environment = environment.unwrap_or(session.environment);
        if !user.reaches(session.environment) {
            return Err(Error::OtherEnvironment);
        }
        session.expires_at = now + HOUR * REFRESH_HOURS as u32;
        session.used_at = now;
        let environment = session.environment;
        set.push(Write::PutSession(session));
        self.user_grant(&user, environment, family, refresh_token, None)
    }

    /// Ends the caller's session: its tokens work no more.
    pub async fn logout(&self, principal: &Principal) -> Result<()> {
        let Some(user) = &principal.user else { return Err(Error::RoleMissing) };
        self.end_session(user.session).await
    }

    /// Ends a session by its id, for callers whose access token has run out; an unknown one is as good as ended.
    pub async fn logout_by_id(&self, session: &str) -> Result<()> {
        match self.store.session(token_hash(session)).await? {
            Some(session) => self.end_session(session.family).await,
            None => Ok(()),
        }
    }

    pub(super) async fn end_session(&self, family: Uuid) -> Result<()> {
        // A conflict: it was ended a moment before.
        let _ = self.apply(ChangeSet::new().with(Write::EndSession { family })).await?;
        self.refresh_registry().await
    }

    /// What failures of an address are counted under.
    pub(crate) fn failures_of(&self, email: &str) -> [u8; 32] {
        self.hasher.of(&[b"login", email.as_bytes()])
    }

    /// Counts an attempt, also for addresses nobody has, and tells how many there are now.
    pub(super) async fn count_failure(&self, subject: [u8; 32]) -> Result<u32> {
        self.store.apply(ChangeSet::new().with(Write::CountFailure { subject, at: self.clock.now() })).await?;
        Ok(self.store.failures(subject).await?)
    }
}
