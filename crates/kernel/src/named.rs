//! Closed lists of values with names.

/// The text is none of the list's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of the known values")]
pub struct UnknownName;

/// Declares closed lists of values, each with the name that it has in storage and in settings.
#[macro_export]
macro_rules! named_enums {
    ($($(#[$doc:meta])* $list:ident { $($(#[$value_doc:meta])* $value:ident = $name:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub enum $list {
            $($(#[$value_doc])* $value,)*
        }

        impl $list {
            pub const ALL: &[Self] = &[$(Self::$value,)*];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $name,)*
                }
            }
        }

        impl std::str::FromStr for $list {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownName> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or($crate::UnknownName)
            }
        }

        impl std::fmt::Display for $list {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
