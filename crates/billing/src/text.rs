//! Short texts that cannot be wrong: labels, prose, slugs, currencies.

use std::fmt;
use std::str::FromStr;

/// A text of one line: 1 to `MAX` characters without control characters, not blank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label<const MAX: usize>(String);

/// A text of any lines: 1 to `MAX` characters, not blank, of control characters only line breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose<const MAX: usize>(String);

/// Why a text is neither label nor prose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("must not be blank")]
    Blank,
    #[error("must be at most {max} characters")]
    TooLong { max: usize },
    #[error("must not contain control characters")]
    Control,
}

/// The id of an operation type, such as `AI_TEXT_CHAT`: a letter, then up to 63 letters, digits and
/// `_`, `-` or `.`. Compared byte for byte. Also CHECK `operation_types_id_valid`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationTypeId(String);

/// The name of another system, such as `stripe`: a small letter, then up to 31 small letters,
/// digits, `_` or `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// The text is not such a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a letter, then at most {after} {what}")]
pub struct SlugError {
    after: usize,
    what: &'static str,
}

/// The code of a currency in three capital letters, such as `BRL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// The text is not the code of a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be three capital letters")]
pub struct CurrencyError;

fn checked(text: &str, max: usize, lines: bool) -> Result<String, TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Blank);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !(lines && c == '\n')) {
        return Err(TextError::Control);
    }
    Ok(text.to_owned())
}

impl<const MAX: usize> FromStr for Label<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        checked(text, MAX, false).map(Self)
    }
}

impl<const MAX: usize> FromStr for Prose<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        checked(text, MAX, true).map(Self)
    }
}

macro_rules! texts {
    ($({$($generics:tt)*} $name:ty;)*) => {$(
        impl<$($generics)*> $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<$($generics)*> fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    {const MAX: usize} Label<MAX>;
    {const MAX: usize} Prose<MAX>;
    {} OperationTypeId;
    {} Slug;
}

fn slug(
    text: &str,
    after: usize,
    first: fn(&u8) -> bool,
    other: fn(&u8) -> bool,
) -> Option<String> {
    let (head, rest) = text.as_bytes().split_first()?;
    let fits = first(head) && rest.len() <= after && rest.iter().all(other);
    fits.then(|| text.to_owned())
}

impl FromStr for OperationTypeId {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let other = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let what = "letters, digits, underscores, hyphens or points";
        slug(text, 63, u8::is_ascii_alphabetic, other)
            .map(Self)
            .ok_or(SlugError { after: 63, what })
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let other =
            |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        let what = "small letters, digits, underscores or hyphens";
        slug(text, 31, u8::is_ascii_lowercase, other).map(Self).ok_or(SlugError { after: 31, what })
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let bytes: [u8; 3] = text.as_bytes().try_into().map_err(|_length| CurrencyError)?;
        let fits = bytes.iter().all(u8::is_ascii_uppercase);
        fits.then_some(Self(bytes)).ok_or(CurrencyError)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_short_and_say_something() {
        assert_eq!("a b".parse::<Label<3>>().unwrap().as_str(), "a b");
        assert_eq!("a\nb".parse::<Prose<3>>().unwrap().as_str(), "a\nb");
        assert_eq!("a\nb".parse::<Label<3>>(), Err(TextError::Control));
        assert_eq!("a\tb".parse::<Prose<3>>(), Err(TextError::Control));
        assert_eq!(" \n".parse::<Prose<3>>(), Err(TextError::Blank));
        assert_eq!("äöüß".parse::<Label<3>>(), Err(TextError::TooLong { max: 3 }));
    }

    #[test]
    fn slugs_begin_with_a_letter() {
        for text in ["AI_TEXT_CHAT", "x", "image.edit-2", &"a".repeat(64)] {
            assert_eq!(text.parse::<OperationTypeId>().unwrap().as_str(), text);
        }
        for text in ["", "1A", "_A", "A B", "Ä", &"a".repeat(65)] {
            assert!(text.parse::<OperationTypeId>().is_err(), "{text:?}");
        }
        assert!("stripe-br".parse::<Slug>().is_ok() && "Stripe".parse::<Slug>().is_err());
        assert!("a".repeat(33).parse::<Slug>().is_err());
    }

    #[test]
    fn currencies_are_three_capital_letters() {
        assert_eq!("BRL".parse::<Currency>().unwrap().to_string(), "BRL");
        for text in ["", "brl", "BR", "BRLX", "BÄ"] {
            assert_eq!(text.parse::<Currency>(), Err(CurrencyError), "{text:?}");
        }
    }
}
