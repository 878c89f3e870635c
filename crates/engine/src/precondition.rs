//! What a caller knows of the object it is about to change, and writing over exactly that.
//!
//! Every managed object has a version that moves with each change. It leaves as a strong `ETag` and comes back as
//! `If-Match`. The check is made on the version that was read, and the store writes over that version only, so nothing can
//! slip in between.

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Conflict},
};

use crate::{Engine, Error, Result};

/// The versions that a header names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// `*`: whatever is there.
    Any,
    /// These; tags that are not ours name nothing.
    These(Vec<u64>),
}

/// `If-Match` and `If-None-Match` of a request; both absent: no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Precondition {
    /// The object must be at one of these.
    pub only: Option<Versions>,
    /// The object must be at none of these.
    pub never: Option<Versions>,
}

impl Versions {
    /// Whether a version is named.
    pub fn name(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::These(versions) => versions.contains(&version),
        }
    }
}

impl Precondition {
    /// Fails when the object is at another version than the caller knows.
    pub fn check(&self, version: impl Into<u64>) -> Result<()> {
        let version = version.into();
        let lost = self.only.as_ref().is_some_and(|only| !only.name(version));
        let known = self.never.as_ref().is_some_and(|never| never.name(version));
        if lost || known { Err(Error::Precondition) } else { Ok(()) }
    }
}

impl Engine {
    /// Writes over what was read: `decide` reads the object, checks the caller's [`Precondition`] on its version and gives the
    /// change set of the next version. When another write came first, `decide` is asked again and sees the newer object. The
    /// registry is read anew when it is done.
    pub async fn amend<T, F>(&self, mut decide: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = Result<(ChangeSet, T)>>,
    {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let (set, value) = decide().await?;
            match self.apply(set).await? {
                Ok(()) => {
                    self.refresh_registry().await?;
                    return Ok(value);
                }
                Err(Conflict::Version { .. }) => {}
                Err(Conflict::Taken { what }) => return Err(Error::Taken(format!("The {what} is taken."))),
                Err(other) => return Err(Error::State { message: other.to_string(), order: None }),
            }
        }
        Err(Error::InProgress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_hold_or_fail() {
        let these = |versions: &[u64]| Some(Versions::These(versions.to_vec()));
        for (only, never, holds) in [
            (None, None, true),
            (Some(Versions::Any), None, true),
            (these(&[3]), None, true),
            (these(&[1, 3]), None, true),
            (these(&[2]), None, false),
            (these(&[]), None, false),
            (None, Some(Versions::Any), false),
            (None, these(&[3]), false),
            (None, these(&[2]), true),
            (these(&[3]), these(&[3]), false),
        ] {
            let condition = Precondition { only, never };
            assert_eq!(condition.check(3_u32).is_ok(), holds, "{condition:?}");
        }
    }
}
