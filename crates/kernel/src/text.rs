//! Texts of people within bounds: lines, blocks of lines, labels, and JSON objects as text.
//!
//! The bounds are part of the type, so that a text that was read is one that can be stored.

use std::fmt;
use std::str::FromStr;

/// Why a text cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("must not be blank")]
    Blank,
    #[error("must be at most {max} characters")]
    TooLong { max: usize },
    #[error("must not contain control characters")]
    ControlCharacter,
    #[error("must be at most {max} entries")]
    TooMany { max: usize },
    #[error("must be at most {max} bytes as JSON")]
    TooLarge { max: usize },
}

/// One line of at most `MAX` characters, kept as written: not blank, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

/// Lines of at most `MAX` characters in all, kept as written: not blank, and of the control
/// characters only tabs and line ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block<const MAX: usize>(String);

/// Labels such as tags, each once, in the order in which they were given: trimmed, in lower case,
/// each a line of at most `CHARS` characters, at most `COUNT` of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Labels<const CHARS: usize, const COUNT: usize>(Vec<String>);

/// A JSON object as text of at most `BYTES` bytes, in the normal form that the edge makes: keys
/// sorted, no spaces. Equal objects have equal texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JsonObject<const BYTES: usize>(String);

impl<const MAX: usize> Line<MAX> {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text in lower case, for what is the same in any case of letters.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl<const MAX: usize> Block<MAX> {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Line<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        check(text, MAX, char::is_control).map(|()| Self(text.to_owned()))
    }
}

impl<const MAX: usize> FromStr for Block<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let refused = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        check(text, MAX, refused).map(|()| Self(text.to_owned()))
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Display for Block<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const CHARS: usize, const COUNT: usize> Labels<CHARS, COUNT> {
    /// Reads labels and leaves out repetitions. An error comes with the index of the label.
    pub fn parse<T: AsRef<str>>(
        texts: impl IntoIterator<Item = T>,
    ) -> Result<Self, (usize, TextError)> {
        let mut labels: Vec<String> = Vec::new();
        for (index, text) in texts.into_iter().enumerate() {
            let label = text.as_ref().trim().to_lowercase();
            check(&label, CHARS, char::is_control).map_err(|error| (index, error))?;
            if !labels.contains(&label) {
                labels.push(label);
            }
            if labels.len() > COUNT {
                return Err((index, TextError::TooMany { max: COUNT }));
            }
        }
        Ok(Self(labels))
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const BYTES: usize> JsonObject<BYTES> {
    /// Takes a text in the normal form.
    pub fn from_normal(text: String) -> Result<Self, TextError> {
        if text.len() > BYTES { Err(TextError::TooLarge { max: BYTES }) } else { Ok(Self(text)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str, max: usize, refused: impl Fn(char) -> bool) -> Result<(), TextError> {
    if text.chars().any(refused) {
        return Err(TextError::ControlCharacter);
    }
    if text.trim().is_empty() {
        return Err(TextError::Blank);
    }
    if text.chars().count() > max { Err(TextError::TooLong { max }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_blocks_are_bounded_and_differ_in_line_ends() {
        assert_eq!("Ä b".parse::<Line<3>>().map(|line| line.key()), Ok("ä b".to_owned()));
        assert_eq!("abcd".parse::<Line<3>>(), Err(TextError::TooLong { max: 3 }));
        assert_eq!("a\nb".parse::<Line<3>>(), Err(TextError::ControlCharacter));
        assert_eq!("a\nb".parse::<Block<3>>().map(|block| block.to_string()), Ok("a\nb".into()));
        assert_eq!("a\0b".parse::<Block<3>>(), Err(TextError::ControlCharacter));
        for blank in ["", " ", "\u{3000}"] {
            assert_eq!(blank.parse::<Line<3>>(), Err(TextError::Blank), "{blank:?}");
            assert_eq!(blank.parse::<Block<3>>(), Err(TextError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn labels_are_one_each_in_one_form() {
        type Tags = Labels<5, 2>;
        let tags = Tags::parse([" Hero", "hero ", "ROBOT"]).unwrap();
        assert_eq!(tags.as_slice(), ["hero", "robot"]);
        assert_eq!(Tags::parse(["a", "b", "c"]), Err((2, TextError::TooMany { max: 2 })));
        assert_eq!(Tags::parse(["a", "toolong"]), Err((1, TextError::TooLong { max: 5 })));
        assert_eq!(Tags::parse([" "]), Err((0, TextError::Blank)));
        assert!(Tags::parse::<&str>([]).unwrap().is_empty());
    }

    #[test]
    fn an_object_has_at_most_its_bytes() {
        assert!(JsonObject::<2>::from_normal("{}".into()).is_ok());
        let long = JsonObject::<2>::from_normal("{\"a\":1}".into());
        assert_eq!(long, Err(TextError::TooLarge { max: 2 }));
    }
}
