//! Sessions of browsers: a cookie holds the session's id, the store its hash. They end by themselves when nobody uses
//! them, and after their longest life whoever does.

use std::time::Duration;

use domain::{
    change::{ChangeSet, Write},
    environment::Environment,
    time::{MINUTE, Timestamp},
    user::{Session, Stage, Status, User, Visitor},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{grant::token_hash, login::Begun};
use crate::{AuthError, Engine, Error, Principal, Result};

/// How exactly the last use of a session is known, minutes: it would else be a write of its own for every page.
const USE_MINUTES: u32 = 1;
/// Sessions of one user that are listed.
pub const SESSIONS_SHOWN_MAX: u32 = 100;

/// How long sessions of browsers live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Without being used.
    pub idle: Duration,
    /// At most, however much they are used.
    pub longest: Duration,
}

/// How a sign-in goes on. Session ids are secrets; they do not print.
#[derive(Clone)]
pub enum SignedIn {
    /// Signed in.
    Open {
        /// The session's id, for the cookie.
        session: Zeroizing<String>,
    },
    /// The second factor is due.
    SecondFactor {
        /// The id of the sign-in that waits for it.
        session: Zeroizing<String>,
    },
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What it may do.
    pub principal: Principal,
    /// Who it is.
    pub user: std::sync::Arc<User>,
    /// Days until it must have a second factor; 0 when it has one or the time is over.
    pub days_to_second_factor: u32,
}

impl Engine {
    /// Checks an e-mail address and a password, as [`Engine::login`] does, for a browser.
    pub async fn sign_in(&self, email: &str, password: String, visitor: Visitor, stay: Stay) -> Result<SignedIn> {
        match self.begin_login(email, password, None).await? {
            Begun::Proven { user, environment, set } => {
                let session = self.open_visit(&user, environment, visitor, stay, set).await?;
                Ok(SignedIn::Open { session })
            }
            Begun::SecondFactor { session } => Ok(SignedIn::SecondFactor { session: Zeroizing::new(session) }),
        }
    }

    /// Checks the second factor of a sign-in: a code of the authenticator, or a recovery code.
    pub async fn confirm_sign_in(&self, session: &str, code: &str, visitor: Visitor, stay: Stay) -> Result<Zeroizing<String>> {
        let (user, environment, set) = self.confirm_second_factor(session, code).await?;
        self.open_visit(&user, environment, visitor, stay, set).await
    }

    /// Opens a session for a user that somebody trusted has proven to be who it is; its own second factor is not asked for.
    pub(super) async fn open_visit(
        &self,
        user: &User,
        environment: Environment,
        visitor: Visitor,
        stay: Stay,
        mut set: ChangeSet,
    ) -> Result<Zeroizing<String>> {
        let (id, mut session) = self.new_session(user, environment, Stage::Open, stay.idle.min(stay.longest));
        session.visitor = visitor;
        set.push(Write::MarkLogin { user: user.id, at: session.created_at });
        set.push(Write::PutSession(session));
        // The code, the pending session or the recovery code was used a moment before.
        self.apply(set).await?.map_err(|_| Error::BadCredentials)?;
        self.refresh_registry().await?;
        Ok(Zeroizing::new(id))
    }

    /// Who is behind the id of an open session; notes that it was used.
    pub async fn signed_in(&self, session: &str, stay: Stay) -> Result<Signed> {
        let now = self.clock.now();
        let known = self.store.session(token_hash(session)).await?;
        let known = known.filter(|known| known.stage == Stage::Open && now < end(known, stay));
        let Some(mut known) = known else { return Err(AuthError::Invalid.into()) };
        let user = self.tenants.user(known.user).await?.filter(|user| user.status() == Status::Active);
        let user = user.filter(|user| user.reaches(known.environment)).ok_or(AuthError::Revoked)?;
        if !self.tenants.is_active(user.house.partner()).await? {
            return Err(AuthError::Revoked.into());
        }
        let principal = self.principal_of(&user, known.environment, known.family);
        if now >= known.used_at + MINUTE * USE_MINUTES && self.admit().is_ok() {
            known.used_at = now;
            known.expires_at = (now + stay.idle).min(known.created_at + stay.longest);
            // It was ended while this was read.
            self.apply(ChangeSet::new().with(Write::TouchSession(known))).await?.map_err(|_| AuthError::Revoked)?;
        }
        let days_to_second_factor = user.days_to_second_factor(now, self.options.second_factor_days);
        Ok(Signed { principal, user, days_to_second_factor })
    }

    /// Moves the caller's own session into the other environment.
    pub async fn enter(&self, principal: &Principal, environment: Environment) -> Result<()> {
        self.admit()?;
        let own = principal.user.as_ref().ok_or(Error::RoleMissing)?;
        let user = self.own_user(principal).await?;
        if !user.reaches(environment) {
            return Err(Error::OtherEnvironment);
        }
        let session = self.store.session_of(own.session).await?.ok_or(AuthError::Revoked)?;
        let moved = Session { environment, ..session };
        self.apply(ChangeSet::new().with(Write::TouchSession(moved))).await?.map_err(|_| AuthError::Revoked)?;
        Ok(())
    }

    /// The caller's open sessions, the one used last first.
    pub async fn own_sessions(&self, principal: &Principal) -> Result<Vec<Session>> {
        let own = principal.user.as_ref().ok_or(Error::RoleMissing)?;
        let mut sessions = self.store.sessions_of(own.id, self.clock.now(), SESSIONS_SHOWN_MAX).await?;
        sessions.retain(|session| session.stage == Stage::Open);
        Ok(sessions)
    }

    /// Ends one of the caller's own sessions; another's is as good as none.
    pub async fn end_own_session(&self, principal: &Principal, family: Uuid) -> Result<()> {
        self.admit()?;
        let own = principal.user.as_ref().ok_or(Error::RoleMissing)?;
        let session = self.store.session_of(family).await?.filter(|session| session.user == own.id);
        self.end_session(session.ok_or(Error::NotFound)?.family).await
    }

    /// Ends all of the caller's sessions but the one that calls; tells how many.
    pub async fn end_other_sessions(&self, principal: &Principal) -> Result<usize> {
        self.admit()?;
        let own = principal.user.as_ref().ok_or(Error::RoleMissing)?;
        let sessions = self.store.sessions_of(own.id, self.clock.now(), SESSIONS_SHOWN_MAX).await?;
        let others: Vec<_> = sessions.into_iter().filter(|session| session.family != own.session).collect();
        for session in &others {
            self.end_session(session.family).await?;
        }
        Ok(others.len())
    }
}

/// When a session is over, under the limits in force now.
fn end(session: &Session, stay: Stay) -> Timestamp {
    session.expires_at.min(session.created_at + stay.longest)
}
