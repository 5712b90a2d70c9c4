//! Labels: tags and the like, in one form.

use crate::{Line, TextError};

/// Labels, each once, in the order in which they were given: trimmed, in lower case, each a line of
/// at most `CHARS` characters, at most `COUNT` of them. Their twin in SQL is `are_labels`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Labels<const CHARS: usize, const COUNT: usize>(Vec<Line<CHARS>>);

/// Why texts are no labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelsError {
    #[error("label {index}: {problem}")]
    Label { index: usize, problem: TextError },
    #[error("must be at most {max} labels")]
    TooMany { max: usize },
}

impl<const CHARS: usize, const COUNT: usize> Labels<CHARS, COUNT> {
    /// Reads labels and leaves out repetitions.
    pub fn parse<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, LabelsError> {
        let mut labels: Vec<Line<CHARS>> = Vec::new();
        for (index, text) in texts.into_iter().enumerate() {
            let label = text.as_ref().trim().to_lowercase().parse();
            let label = label.map_err(|problem| LabelsError::Label { index, problem })?;
            if !labels.contains(&label) {
                labels.push(label);
            }
            if labels.len() > COUNT {
                return Err(LabelsError::TooMany { max: COUNT });
            }
        }
        Ok(Self(labels))
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Line::as_str)
    }

    pub fn contains(&self, label: &str) -> bool {
        self.iter().any(|one| one == label)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const CHARS: usize, const COUNT: usize> Default for Labels<CHARS, COUNT> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_one_each_in_one_form() {
        type Tags = Labels<5, 2>;
        let tags = Tags::parse([" Hero", "hero ", "ROBOT"]).unwrap();
        assert_eq!(tags.iter().collect::<Vec<_>>(), ["hero", "robot"]);
        assert!(tags.contains("hero") && !tags.contains("Hero"));
        assert_eq!(Tags::parse(["a", "b", "c"]), Err(LabelsError::TooMany { max: 2 }));
        let problem = TextError::TooLong { max: 5 };
        assert_eq!(Tags::parse(["a", "toolong"]), Err(LabelsError::Label { index: 1, problem }));
        assert!(Tags::parse([" "]).is_err());
        assert!(Tags::parse::<&str>([]).unwrap().is_empty());
    }
}
