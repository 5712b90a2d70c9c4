//! The registry of features: what a workspace of a product consists of, by name.

use std::collections::BTreeSet;

use kernel::{Change, FeatureId, Life, Line, Position, Prose, UserId};

/// How many tags a feature may have, also CHECK `features_tags_valid`.
const TAGS_MAX: usize = 32;

/// The product's own id or name of a workspace.
pub type Workspace = Line<128>;

/// Unique in its workspace. Also CHECK `features_name_valid`.
pub type FeatureName = Line<200>;

/// One tag.
pub type Tag = Line<64>;

/// Tags: at most 32, sorted, none twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(BTreeSet<Tag>);

/// There are too many tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be at most {TAGS_MAX}")]
pub struct TagsError;

/// A feature. It is deleted for good: nothing refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    pub id: FeatureId,
    pub user: UserId,
    pub workspace: Workspace,
    pub fields: FeatureFields,
    pub life: Life,
}

/// The fields that callers set, but for the workspace, which stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureFields {
    pub name: FeatureName,
    pub description: Option<Prose<4000>>,
    pub tags: Tags,
}

/// A change of some of a feature's fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeaturePatch {
    pub name: Option<FeatureName>,
    pub description: Change<Prose<4000>>,
    pub tags: Option<Tags>,
}

impl Tags {
    /// Takes tags in any order; one that comes twice counts once.
    pub fn new(tags: impl IntoIterator<Item = Tag>) -> Result<Self, TagsError> {
        let tags: BTreeSet<Tag> = tags.into_iter().collect();
        if tags.len() > TAGS_MAX { Err(TagsError) } else { Ok(Self(tags)) }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    pub fn contains(&self, tag: &Tag) -> bool {
        self.0.contains(tag)
    }
}

impl Feature {
    /// Where the feature stands in lists.
    pub fn position(&self) -> Position<FeatureId> {
        Position { created_at: self.life.created_at, id: self.id }
    }
}

impl FeaturePatch {
    /// The fields once the change is made.
    pub fn apply(&self, fields: &FeatureFields) -> FeatureFields {
        let Self { name, description, tags } = self;
        FeatureFields {
            name: name.clone().unwrap_or_else(|| fields.name.clone()),
            description: description.apply(&fields.description),
            tags: tags.clone().unwrap_or_else(|| fields.tags.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_few_sorted_and_different() {
        let tag = |number: usize| format!("t{number}").parse::<Tag>().unwrap();
        let tags = Tags::new([tag(2), tag(1), tag(2)]).unwrap();
        assert_eq!(tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["t1", "t2"]);
        assert!(tags.contains(&tag(1)) && !tags.contains(&tag(3)));
        assert!(Tags::new((0..TAGS_MAX).map(tag)).is_ok());
        assert_eq!(Tags::new((0..=TAGS_MAX).map(tag)), Err(TagsError));
    }
}
