//! Words of the server: known ones are variants, later ones are kept as they came.

/// An enum of words that may grow on the server's side.
macro_rules! words {
    ($($(#[$about:meta])* pub enum $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$each])* $variant,)+
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    )+};
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::Verdict;

    #[test]
    fn later_words_are_kept() {
        let read = |text: &str| serde_json::from_str::<Verdict>(text).unwrap();
        assert_eq!(read("\"APPROVED\""), Verdict::Approved);
        assert_eq!(read("\"POSTPONED\""), Verdict::Other("POSTPONED".into()));
        assert_eq!(serde_json::to_string(&read("\"POSTPONED\"")).unwrap(), "\"POSTPONED\"");
    }
}
