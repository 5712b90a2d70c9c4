//! Projects: what a user's work is sorted into, the links that show a project to others, the
//! conversations in it, and the registry of features.
//!
//! Values that cannot be wrong, and pure decisions on them. What generation makes is in `library`.

mod contents;
mod conversation;
mod feature;
mod project;
mod share;

pub use contents::{Content, ContentCount, ContentKind};
pub use conversation::{Conversation, ConversationTitle, Turn, TurnKind, TurnMetadata, TurnText};
pub use feature::{
    Feature, FeatureFields, FeatureName, FeaturePatch, Tag, Tags, TagsError, Workspace,
};
pub use project::{Project, ProjectDescription, ProjectFields, ProjectName, ProjectPatch};
pub use share::{ShareLink, ShareToken, ShareTokenError};
