//! Who an endpoint, an event or a delivery belongs to: a merchant, or a partner itself.

use serde::{Deserialize, Serialize};

use crate::id::{Mid, PartnerId};

/// A tenant of either kind. Written as one member, `mid` or `partner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Owner {
    /// A merchant.
    #[serde(rename = "mid")]
    Merchant(Mid),
    /// A partner: what belongs to none of its merchants.
    #[serde(rename = "partner")]
    Partner(PartnerId),
}

impl Owner {
    /// The merchant, when it is one.
    pub const fn mid(self) -> Option<Mid> {
        match self {
            Self::Merchant(mid) => Some(mid),
            Self::Partner(_) => None,
        }
    }

    /// The partner, when it is one.
    pub const fn partner(self) -> Option<PartnerId> {
        match self {
            Self::Merchant(_) => None,
            Self::Partner(partner) => Some(partner),
        }
    }

    /// The sixteen bytes of its id; ids of both kinds never meet.
    pub const fn bytes(self) -> [u8; 16] {
        match self {
            Self::Merchant(mid) => mid.bytes(),
            Self::Partner(partner) => partner.bytes(),
        }
    }
}

impl From<Mid> for Owner {
    fn from(mid: Mid) -> Self {
        Self::Merchant(mid)
    }
}

impl From<PartnerId> for Owner {
    fn from(partner: PartnerId) -> Self {
        Self::Partner(partner)
    }
}

impl PartialEq<Mid> for Owner {
    fn eq(&self, mid: &Mid) -> bool {
        self.mid() == Some(*mid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Row {
        version: u32,
        #[serde(flatten)]
        owner: Owner,
    }

    #[test]
    fn rows_name_their_owner_in_one_member() {
        let (mid, partner) = (Mid::from_bytes([1; 16]), PartnerId::from_bytes([2; 16]));
        for (owner, text) in [
            (Owner::from(mid), r#"{"version":1,"mid":"01010101-0101-0101-0101-010101010101"}"#),
            (Owner::from(partner), r#"{"version":1,"partner":"02020202-0202-0202-0202-020202020202"}"#),
        ] {
            let row = Row { version: 1, owner };
            assert_eq!(serde_json::to_string(&row).unwrap(), text);
            assert_eq!(serde_json::from_str::<Row>(text).unwrap(), row);
        }
        assert_eq!((Owner::from(mid).mid(), Owner::from(partner).mid()), (Some(mid), None));
        assert!(Owner::from(mid) == mid && Owner::from(partner) != Mid::from_bytes(partner.bytes()));
    }
}
