//! Texts that people and models write, bounded: of one line, or of any number of lines.
//!
//! Kept as written. Their twins in SQL are `is_line` and `is_prose`.

use std::fmt;
use std::str::FromStr;

/// A text of one line: 1 to `MAX` characters, not blank, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

/// A text of any number of lines: 1 to `MAX` characters, not blank, with no control characters but
/// tabs and line breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose<const MAX: usize>(String);

/// Why a text is neither.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("must not be blank")]
    Blank,
    #[error("must be at most {max} characters")]
    TooLong { max: usize },
    #[error("must not contain control characters")]
    ControlCharacter,
}

macro_rules! texts {
    ($($name:ident, $allowed:expr;)*) => {$(
        impl<const MAX: usize> $name<MAX> {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> FromStr for $name<MAX> {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                check(text, MAX, $allowed).map(|()| Self(text.to_owned()))
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    Line, &[];
    Prose, &['\t', '\n', '\r'];
}

impl<const MAX: usize> Line<MAX> {
    /// The text in lower case, for what is the same in any case of letters.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

fn check(text: &str, max: usize, allowed: &[char]) -> Result<(), TextError> {
    if text.chars().any(|c| c.is_control() && !allowed.contains(&c)) {
        return Err(TextError::ControlCharacter);
    }
    if text.trim().is_empty() {
        return Err(TextError::Blank);
    }
    // Bytes are at least as many as characters, and cost no walk.
    if text.len() > max && text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_short_and_of_one_line() {
        assert_eq!("ünïc".parse::<Line<4>>().map(|line| line.to_string()), Ok("ünïc".to_owned()));
        for (text, why) in [
            ("", TextError::Blank),
            (" \u{a0}", TextError::Blank),
            ("12345", TextError::TooLong { max: 4 }),
            ("a\n", TextError::ControlCharacter),
            ("a\u{85}", TextError::ControlCharacter),
        ] {
            assert_eq!(text.parse::<Line<4>>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn prose_has_lines_and_tabs_and_nothing_else_that_controls() {
        assert!("a\tb\r\nc".parse::<Prose<6>>().is_ok());
        for (text, why) in [
            ("\n\t", TextError::Blank),
            ("a\0", TextError::ControlCharacter),
            ("a\u{1b}[0m", TextError::ControlCharacter),
            ("1234567", TextError::TooLong { max: 6 }),
        ] {
            assert_eq!(text.parse::<Prose<6>>(), Err(why), "{text:?}");
        }
    }
}
