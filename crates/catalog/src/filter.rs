//! What a list of characters is to be narrowed to.

use std::fmt;
use std::str::FromStr;

use crate::{GenerationStatus, Style, Tags};

/// The longest text that is searched for.
const QUERY_CHARS_MAX: usize = 200;

/// More words than these narrow nothing down any more.
const QUERY_WORDS_MAX: usize = 10;

/// Only characters for which all of this holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CharacterFilter {
    /// Has every one of these tags.
    pub tags_all: Tags,
    /// Has at least one of these tags; none asks for nothing.
    pub tags_any: Tags,
    pub style: Option<Style>,
    pub status: Option<GenerationStatus>,
    pub public: Option<bool>,
    pub favourite: Option<bool>,
    pub in_library: Option<bool>,
    pub showcased: Option<bool>,
    pub text: Option<TextQuery>,
    /// Deleted characters too.
    pub deleted: bool,
}

/// Words of the name or the description; the last may be unfinished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextQuery(Vec<String>);

/// Why a text cannot be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextQueryError {
    #[error("must be at most {QUERY_CHARS_MAX} characters")]
    TooLong,
    #[error("must have 1 to {QUERY_WORDS_MAX} words")]
    Words,
    #[error("must not contain control characters")]
    ControlCharacter,
}

impl TextQuery {
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether a text has all words, and one that begins as the last. Letters that are not ASCII
    /// must be of the same case, as in a database of the C locale.
    pub fn matches(&self, text: &str) -> bool {
        let words: Vec<String> = words(text).map(str::to_ascii_lowercase).collect();
        let asked: Vec<String> = self.0.iter().map(|word| word.to_ascii_lowercase()).collect();
        asked.split_last().is_some_and(|(last, whole)| {
            whole.iter().all(|asked| words.contains(asked))
                && words.iter().any(|word| word.starts_with(last))
        })
    }
}

impl FromStr for TextQuery {
    type Err = TextQueryError;

    fn from_str(text: &str) -> Result<Self, TextQueryError> {
        if text.chars().count() > QUERY_CHARS_MAX {
            return Err(TextQueryError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(TextQueryError::ControlCharacter);
        }
        let words: Vec<String> = words(text).map(str::to_owned).collect();
        let fits = (1..=QUERY_WORDS_MAX).contains(&words.len());
        if fits { Ok(Self(words)) } else { Err(TextQueryError::Words) }
    }
}

impl fmt::Display for TextQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

// The twin of function `catalog_words`: punctuation of ASCII parts words, as spaces do.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii_punctuation() || c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_words_of_which_the_last_may_be_unfinished() {
        let query: TextQuery = "Red-Hai 'rob:* & !x".parse().unwrap();
        assert_eq!(query.words(), ["Red", "Hai", "rob", "x"]);
        let query: TextQuery = "red hai".parse().unwrap();
        assert!(query.matches("Her hair: RED, as of old"));
        assert!(!query.matches("red shoes"));
        assert!(!query.matches("reddish hair"), "only the last word may be unfinished");
        assert_eq!(" &|! ".parse::<TextQuery>(), Err(TextQueryError::Words));
        assert_eq!("a\0".parse::<TextQuery>(), Err(TextQueryError::ControlCharacter));
        assert_eq!("a ".repeat(11).parse::<TextQuery>(), Err(TextQueryError::Words));
        assert_eq!("a".repeat(201).parse::<TextQuery>(), Err(TextQueryError::TooLong));
    }
}
