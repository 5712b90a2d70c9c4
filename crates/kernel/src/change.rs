//! A change of an optional field, as an update mask makes it.

/// What becomes of a field that may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// The mask does not name the field.
    #[default]
    Keep,
    /// The mask names the field, and no value came with it.
    Clear,
    Set(T),
}

impl<T: Clone> Change<T> {
    /// The field's value after the change.
    pub fn apply(&self, present: &Option<T>) -> Option<T> {
        match self {
            Self::Keep => present.clone(),
            Self::Clear => None,
            Self::Set(value) => Some(value.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_clears_or_sets() {
        for (change, before, after) in [
            (Change::Keep, Some(1), Some(1)),
            (Change::Keep, None, None),
            (Change::Clear, Some(1), None),
            (Change::Set(2), Some(1), Some(2)),
            (Change::Set(2), None, Some(2)),
        ] {
            assert_eq!(change.apply(&before), after);
        }
    }
}
