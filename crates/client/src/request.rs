//! Bodies and queries: what is always sent, and what is sent when it is given.

/// A struct that is serialised with camelCase names; members behind `optional` are `Option`s that are left out when
/// they are empty.
macro_rules! requests {
    ($(
        $(#[$about:meta])*
        pub struct $name:ident { $($(#[$each:meta])* $member:ident: $type:ty,)* }
        optional { $($(#[$further:meta])* $option:ident: $of:ty,)* }
    )+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$each])* pub $member: $type,)*
            $(
                $(#[$further])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $option: Option<$of>,
            )*
        }
    )+};
}

pub(crate) use requests;
