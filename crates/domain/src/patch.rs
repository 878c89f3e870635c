//! What a change says of one member: nothing, `null`, or a value.

/// A member of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Absent: stays as it is.
    #[default]
    Keep,
    /// `null`: taken away.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Patch<T> {
    /// The member after the change.
    #[must_use]
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The member after the change, where nothing can be taken away: `null` equals absent.
    #[must_use]
    pub fn or(self, before: T) -> T {
        if let Self::Set(value) = self { value } else { before }
    }

    /// The new value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        if let Self::Set(value) = self { Some(value) } else { None }
    }

    /// The value turned into another type.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(turn(value)),
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    /// Absent keeps.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_go_or_change() {
        for (patch, over, or) in
            [(Patch::Keep, Some(1), 1), (Patch::Clear, None, 1), (Patch::Set(2), Some(2), 2), (None.into(), Some(1), 1)]
        {
            assert_eq!((patch.clone().over(Some(1)), patch.clone().or(1)), (over, or), "{patch:?}");
        }
    }
}
