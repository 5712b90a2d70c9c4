//! A project, the fields of one that callers set, and a change of them.

use kernel::{Change, Life, Line, Position, ProjectId, Prose, UserId};

/// Also CHECK `projects_name_valid`.
pub type ProjectName = Line<200>;

/// Also CHECK `projects_description_valid`.
pub type ProjectDescription = Prose<2000>;

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    pub user: UserId,
    pub fields: ProjectFields,
    pub life: Life,
}

/// The fields that callers set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFields {
    pub name: ProjectName,
    pub description: Option<ProjectDescription>,
    /// Whether anybody may see it, without its owner's identity.
    pub public: bool,
}

/// A change of some of a project's fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectPatch {
    pub name: Option<ProjectName>,
    pub description: Change<ProjectDescription>,
    pub public: Option<bool>,
}

impl Project {
    /// Where the project stands in lists.
    pub fn position(&self) -> Position<ProjectId> {
        Position { created_at: self.life.created_at, id: self.id }
    }

    /// Whether anybody may see it now.
    pub fn is_open(&self) -> bool {
        self.fields.public && !self.life.is_deleted()
    }
}

impl ProjectPatch {
    /// The fields once the change is made.
    pub fn apply(&self, fields: &ProjectFields) -> ProjectFields {
        let Self { name, description, public } = self;
        ProjectFields {
            name: name.clone().unwrap_or_else(|| fields.name.clone()),
            description: description.apply(&fields.description),
            public: public.unwrap_or(fields.public),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let fields = ProjectFields {
            name: "Comics".parse().unwrap(),
            description: Some("Drawn".parse().unwrap()),
            public: false,
        };
        assert_eq!(ProjectPatch::default().apply(&fields), fields);
        let patch = ProjectPatch {
            name: Some("Films".parse().unwrap()),
            description: Change::Clear,
            public: Some(true),
        };
        let changed = patch.apply(&fields);
        assert_eq!(changed.name.as_str(), "Films");
        assert_eq!((changed.description, changed.public), (None, true));
    }
}
