//! What a transaction was for, in the caller's words.

use kernel::ProjectId;

/// A text of 1 to `MAX` characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label<const MAX: usize>(String);

/// The text cannot be such a label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    #[error("must not be empty")]
    Empty,
    #[error("must have at most {0} characters")]
    TooLong(usize),
    #[error("must not contain control characters")]
    Control,
}

/// What credits were moved for. All of it is the caller's own and optional.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operation {
    /// Such as `IMAGE_GENERATION`.
    pub operation_type: Option<Label<64>>,
    /// Such as `imagen`.
    pub model: Option<Label<128>>,
    /// The caller's id of the very operation.
    pub operation_id: Option<Label<128>>,
    /// Whether the price of an edit was charged.
    pub edit_price: bool,
    pub project: Option<ProjectId>,
    /// An id in another system, such as an invoice's.
    pub reference: Option<Label<128>>,
    pub description: Option<Label<1000>>,
    /// A JSON object in a normal form: keys sorted, no spaces.
    pub metadata: Option<String>,
}

impl<const MAX: usize> Label<MAX> {
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        if text.is_empty() {
            return Err(LabelError::Empty);
        }
        if text.chars().count() > MAX {
            return Err(LabelError::TooLong(MAX));
        }
        if text.chars().any(char::is_control) {
            return Err(LabelError::Control);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_of_one_line() {
        assert_eq!(Label::<4>::parse("ünïc").map(|label| label.as_str().len()), Ok(6));
        assert_eq!(Label::<4>::parse("a b").unwrap().as_str(), "a b");
        for (text, why) in [
            ("", LabelError::Empty),
            ("12345", LabelError::TooLong(4)),
            ("a\n", LabelError::Control),
            ("a\u{7f}", LabelError::Control),
        ] {
            assert_eq!(Label::<4>::parse(text), Err(why), "{text:?}");
        }
    }
}
