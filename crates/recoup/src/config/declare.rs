//! The one way a setting is declared: name, type, default, range and explanation stand together, so that what is
//! parsed, printed and documented cannot drift apart.

/// Declares the sections and their settings. The doc comment of a setting is its explanation.
macro_rules! settings {
    ($(
        $(#[doc = $section_about:literal])+
        $section:ident as $(#[$attribute:meta])* $Section:ident {
            $( $(#[doc = $about:literal])+ $field:ident: $type:ty = $default:expr $(, $range:expr)?; )+
        }
    )+) => {
        $(
            $(#[doc = $section_about])+
            #[derive(Debug, Clone, PartialEq, Eq)]
            $(#[$attribute])*
            pub struct $Section { $( $(#[doc = $about])+ pub $field: $type, )+ }
        )+

        /// Every setting, with the value in force.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Config { $( $(#[doc = $section_about])+ pub $section: $Section, )+ }

        impl Config {
            /// Takes every setting from the layers, noting each one's origin and what is wrong.
            pub(super) fn read(layers: &mut Layers) -> Self {
                Self { $( $section: $Section { $(
                    $field: layers.take::<$type>(
                        &Declared {
                            section: stringify!($section),
                            field: stringify!($field),
                            about: concat!($($about),+).trim_ascii(),
                            range: { let range: Option<std::ops::RangeInclusive<u64>> = None $(.or(Some($range)))?; range },
                        },
                        $default,
                    ),
                )+ }, )+ }
            }
        }
    };
}

pub(super) use settings;
