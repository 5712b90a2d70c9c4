//! Values of the domain in JSON: as the texts that they print and read back from.

macro_rules! codec {
    ($name:ident, $taken:ty => $shape:ty, |$value:ident| $write:expr, $stored:ty, |$read:ident| $parse:expr) => {
        pub(super) mod $name {
            use std::fmt::Display;
            use std::str::FromStr;

            use serde::de::Error;
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            pub(in super::super) fn serialize<T, S>(
                $value: &$taken,
                out: S,
            ) -> Result<S::Ok, S::Error>
            where
                T: Display,
                S: Serializer,
            {
                $write.serialize(out)
            }

            pub(in super::super) fn deserialize<'de, T, D>(stored: D) -> Result<$shape, D::Error>
            where
                T: FromStr<Err: Display>,
                D: Deserializer<'de>,
            {
                let $read = <$stored>::deserialize(stored)?;
                $parse.map_err(Error::custom)
            }
        }
    };
}

codec!(text, T => T, |value| value.to_string(), String, |stored| stored.parse::<T>());
codec!(
    option,
    Option<T> => Option<T>,
    |value| value.as_ref().map(ToString::to_string),
    Option<String>,
    |stored| stored.map(|text| text.parse::<T>()).transpose()
);
codec!(
    many,
    [T] => Vec<T>,
    |value| value.iter().map(ToString::to_string).collect::<Vec<_>>(),
    Vec<String>,
    |stored| stored.iter().map(|text| text.parse::<T>()).collect::<Result<Vec<T>, _>>()
);
