//! The second factor: codes by time (RFC 6238), each good once, and recovery codes for lost authenticators.

use domain::{
    change::{ChangeSet, Conflict, Write},
    id::UserId,
    user::{SecondFactor, User, canonical_email},
};
use totp_rs::{Algorithm, Builder, Totp};
use vault::Context;
use zeroize::Zeroizing;

use super::{grant::token_hash, login::FAILURES_MAX};
use crate::{Engine, Error, Principal, Result, users::himself};

/// Who issues the codes, as authenticators show it.
const ISSUER: &str = "Recoup";
/// Recovery codes handed out at once.
const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code, 5 bits each.
const RECOVERY_CHARS: usize = 16;
/// Longest code that is looked at, characters.
const CODE_CHARS_MAX: usize = 64;

/// How far a set-up is.
#[derive(Clone)]
pub enum SetUp {
    /// The secret, to be shown to the authenticator.
    Offered {
        /// Base32.
        secret: Zeroizing<String>,
        /// `otpauth://` address, for a QR code.
        uri: Zeroizing<String>,
    },
    /// In force; the recovery codes are told only now.
    On {
        /// Recovery codes.
        recovery: Vec<String>,
    },
}

/// What a right code uses up.
pub(super) enum Used {
    /// The code of a time step.
    Step(u64),
    /// A recovery code.
    Recovery([u8; 32]),
}

impl Used {
    /// Adds what makes it unusable from now on.
    pub fn into_set(self, user: &User, mut set: ChangeSet) -> ChangeSet {
        match self {
            Self::Step(step) => set.push(Write::SpendCode { user: user.id, step }),
            Self::Recovery(hash) => {
                let mut user = user.clone();
                user.version += 1;
                if let SecondFactor::On { recovery, .. } = &mut user.second_factor {
                    recovery.retain(|known| *known != hash);
                }
                set.push(Write::UpdateUser(Box::new(user)));
            }
        }
        set
    }
}

impl Engine {
    /// Without a code: offers a fresh secret. With the code of the offered secret: the second factor is in force.
    pub async fn set_up_second_factor(&self, principal: &Principal, code: Option<&str>) -> Result<SetUp> {
        self.admit()?;
        let user = self.own_user(principal).await?;
        if user.second_factor.is_on() {
            return Err(Error::State { message: "The second factor is set up already.".into(), order: None });
        }
        match code {
            None => self.offer(user).await,
            Some(code) => self.confirm(user, code).await,
        }
    }

    async fn offer(&self, user: User) -> Result<SetUp> {
        let secret = Zeroizing::new(self.random.bytes::<20>());
        let sealed = self.vault.seal_value(secret_context(&user.id.bytes()), secret.as_slice())?;
        let totp = totp(secret.as_slice(), &user.email)?;
        let uri = totp.to_url().map_err(|error| Error::Internal(error.to_string()))?;
        let shown = totp_rs::Secret::from(secret.to_vec()).to_base32();
        self.alter_user(himself(&user), user.id, |user, _| {
            if user.second_factor.is_on() {
                return Err(Error::State { message: "The second factor is set up already.".into(), order: None });
            }
            user.second_factor = SecondFactor::Offered { sealed: sealed.clone() };
            Ok(())
        })
        .await?
        .map_err(|conflict| Error::Internal(conflict.to_string()))?;
        Ok(SetUp::Offered { secret: Zeroizing::new(shown), uri: Zeroizing::new(uri) })
    }

    async fn confirm(&self, user: User, code: &str) -> Result<SetUp> {
        let failures = self.count_failure(self.failures_of(&canonical_email(&user.email))).await?;
        if failures > FAILURES_MAX {
            return Err(Error::BadCredentials);
        }
        let Some(step) = self.step_of(&user, code)? else { return Err(Error::BadCredentials) };
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| grouped(&self.random.word::<RECOVERY_CHARS>())).collect();
        let recovery: Vec<[u8; 32]> = codes.iter().map(|code| token_hash(&plain(code))).collect();
        let subject = self.failures_of(&canonical_email(&user.email));
        let offered = user.second_factor.sealed().map(<[u8]>::to_vec);
        self.alter_user(himself(&user), user.id, |user, set| {
            // Another offer came between: this code belongs to none that is known.
            let sealed = user.second_factor.sealed().filter(|sealed| Some(*sealed) == offered.as_deref());
            let sealed = sealed.ok_or(Error::BadCredentials)?.to_vec();
            user.second_factor = SecondFactor::On { sealed, recovery: recovery.clone() };
            set.push(Write::SpendCode { user: user.id, step });
            set.push(Write::ClearFailures { subject });
            Ok(())
        })
        .await?
        .map_err(used_before)?;
        Ok(SetUp::On { recovery: codes })
    }

    /// Takes the second factor away; asks for a code, so that a borrowed session cannot.
    pub async fn remove_second_factor(&self, principal: &Principal, code: &str) -> Result<()> {
        self.admit()?;
        let user = self.own_user(principal).await?;
        if !user.second_factor.is_on() {
            return Err(Error::State { message: "There is no second factor.".into(), order: None });
        }
        let subject = self.failures_of(&canonical_email(&user.email));
        let failures = self.count_failure(subject).await?;
        let used = if failures > FAILURES_MAX { None } else { self.check_code(&user, code)? };
        let Some(used) = used else {
            if failures >= FAILURES_MAX {
                self.block_after_failures(user.id).await?;
            }
            return Err(Error::BadCredentials);
        };
        self.alter_user(himself(&user), user.id, |user, set| {
            user.second_factor = SecondFactor::Off;
            if let Used::Step(step) = used {
                set.push(Write::SpendCode { user: user.id, step });
            }
            set.push(Write::ClearFailures { subject });
            Ok(())
        })
        .await?
        .map_err(used_before)?;
        Ok(())
    }

    /// What a code uses up when it is right.
    pub(super) fn check_code(&self, user: &User, code: &str) -> Result<Option<Used>> {
        if let Some(step) = self.step_of(user, code)? {
            return Ok(Some(Used::Step(step)));
        }
        let SecondFactor::On { recovery, .. } = &user.second_factor else { return Ok(None) };
        let hash = token_hash(&plain(code));
        Ok(recovery.contains(&hash).then_some(Used::Recovery(hash)))
    }

    /// The time step whose code this is: the running one or a neighbour.
    fn step_of(&self, user: &User, code: &str) -> Result<Option<u64>> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let Some(sealed) = user.second_factor.sealed() else { return Ok(None) };
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        let secret = self.vault.open_value(secret_context(&user.id.bytes()), sealed)?;
        let now_secs = u64::try_from(self.clock.now().secs()).unwrap_or(0);
        Ok(totp(&secret, &user.email)?.check(&digits, now_secs))
    }

    pub(crate) async fn own_user(&self, principal: &Principal) -> Result<User> {
        let Some(user) = &principal.user else { return Err(Error::RoleMissing) };
        self.store.user(user.id).await?.ok_or(Error::NotFound)
    }

    /// Seals every second factor under the newest key; tells how many.
    pub(crate) async fn reseal_second_factors(&self, batch: u32) -> Result<u64> {
        let (mut after, mut resealed): (Option<UserId>, u64) = (None, 0);
        loop {
            let page = self.store.users_after(after, batch).await?;
            let Some(last) = page.last() else { return Ok(resealed) };
            after = Some(last.id);
            for user in page {
                let old = user.second_factor.sealed();
                let fresh = old.map(|sealed| self.vault.reseal_value(secret_context(&user.id.bytes()), sealed)).transpose()?;
                let Some(fresh) = fresh.flatten() else { continue };
                let old = old.map(<[u8]>::to_vec);
                let altered = self.alter_user(himself(&user), user.id, |user, _| {
                    match &mut user.second_factor {
                        SecondFactor::Offered { sealed } | SecondFactor::On { sealed, .. } if Some(&*sealed) == old.as_ref() => {
                            sealed.clone_from(&fresh);
                        }
                        _ => {}
                    }
                    Ok(())
                });
                altered.await?.map_err(|conflict| Error::Internal(conflict.to_string()))?;
                resealed += 1;
            }
        }
    }
}

fn used_before(conflict: Conflict) -> Error {
    match conflict {
        Conflict::Taken { .. } => Error::BadCredentials,
        other => Error::Internal(other.to_string()),
    }
}

fn totp(secret: &[u8], account: &str) -> Result<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret.to_vec())
        .with_account_name(account.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|error| Error::Internal(error.to_string()))
}

fn secret_context(row: &[u8]) -> Context<'_> {
    Context { table: "users", row, column: "second_factor" }
}

/// `ABCD-EFGH-…`.
fn grouped(word: &str) -> String {
    word.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// A recovery code as it is hashed: letters and digits in upper case.
fn plain(code: &str) -> String {
    code.chars().take(CODE_CHARS_MAX).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        assert_eq!(grouped("ABCDEFGHJKLMNPQR"), "ABCD-EFGH-JKLM-NPQR");
        for typed in ["ABCD-EFGH-JKLM-NPQR", "abcd efgh jklm npqr", "abcdefghjklmnpqr\n"] {
            assert_eq!(plain(typed), "ABCDEFGHJKLMNPQR", "{typed}");
        }
    }

    /// RFC 6238, appendix B, the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = totp(b"12345678901234567890", "ada@example.com").unwrap();
        for (secs, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(totp.check(code, secs), Some(secs / 30), "{secs}");
            assert_eq!(totp.check(code, secs + 30), Some(secs / 30), "the step before still counts");
            assert_eq!(totp.check(code, secs + 90), None, "{secs}");
        }
        let uri = totp.to_url().unwrap();
        assert!(uri.starts_with("otpauth://totp/Recoup:ada%40example.com?secret="), "{uri}");
    }
}
