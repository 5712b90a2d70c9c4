//! Where projects, their links, conversations and the registry of features are kept.

use async_trait::async_trait;
use kernel::{
    ConversationId, Digest, FeatureId, Page, PageSize, Position, ProjectId, ShareLinkId, UserId,
};
use projects::{
    Content, ContentCount, Conversation, Feature, FeatureName, Project, ShareLink, Tag, Turn,
    TurnKind, Workspace,
};
use uuid::Uuid;

use crate::StoreError;

/// A project belongs to a user who is there.
pub const PROJECTS_USER_FKEY: &str = "projects_user_fkey";
/// A conversation belongs to a user who is there.
pub const CONVERSATIONS_USER_FKEY: &str = "conversations_user_fkey";
/// A feature belongs to a user who is there.
pub const FEATURES_USER_FKEY: &str = "features_user_fkey";
/// One feature a name in each workspace of a user, in any case of letters.
pub const FEATURES_NAME_UNIQUE: &str = "features_name_unique";

/// Which projects of a user. Those that are not deleted by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectFilter {
    pub show_deleted: bool,
    pub public: Option<bool>,
}

/// Which conversations of a user. Those that are not deleted by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationFilter {
    pub project: Option<ProjectId>,
    pub show_deleted: bool,
}

/// Which turns, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TurnFilter {
    pub kind: Option<TurnKind>,
    pub newest_first: bool,
}

/// Which features of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeatureFilter {
    pub workspace: Option<Workspace>,
    pub name: Option<FeatureName>,
    pub tag: Option<Tag>,
}

/// Projects and their links, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProjectTx: Send {
    /// Stores a new project.
    ///
    /// MUST fail with [`StoreError::Conflict`] ([`PROJECTS_USER_FKEY`]) where there is no such
    /// user.
    async fn insert_project(&mut self, project: &Project) -> Result<(), StoreError>;

    /// Locks the user's project until the unit of work ends, deleted or not.
    ///
    /// Whoever adds something to a project locks it first.
    async fn lock_project(
        &mut self,
        user: UserId,
        id: ProjectId,
    ) -> Result<Option<Project>, StoreError>;

    /// Stores fields and life of a project that is locked.
    async fn update_project(&mut self, project: &Project) -> Result<(), StoreError>;

    /// Deletes a project that is locked for good, with everything in it.
    async fn purge_project(&mut self, user: UserId, id: ProjectId) -> Result<(), StoreError>;

    /// Stores a new link to a project that is locked.
    async fn insert_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError>;

    /// Locks the user's link until the unit of work ends, open or not.
    async fn lock_share_link(
        &mut self,
        user: UserId,
        id: ShareLinkId,
    ) -> Result<Option<ShareLink>, StoreError>;

    /// Stores `revoked_at` of a link that is locked. Nothing else of a link changes.
    async fn end_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError>;
}

/// Projects and their links, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProjectReads: Send + Sync {
    /// Finds those of the user's projects that are there, deleted or not, in no order.
    async fn find_projects(
        &self,
        user: UserId,
        ids: &[ProjectId],
    ) -> Result<Vec<Project>, StoreError>;

    /// Lists a user's projects in descending order of position, those after `after` only.
    async fn list_projects(
        &self,
        user: UserId,
        filter: &ProjectFilter,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, StoreError>;

    /// Lists the projects of everybody that are public and not deleted, as
    /// [`ProjectReads::list_projects`] does. An owner whose account may not appear is left out
    /// here, and in the next two.
    async fn list_public_projects(
        &self,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, StoreError>;

    /// Finds a project of anybody that is public and not deleted.
    async fn find_public_project(&self, id: ProjectId) -> Result<Option<Project>, StoreError>;

    /// Finds the link whose token has this hash, open or not, with its project, deleted or not.
    async fn find_shared_project(
        &self,
        hash: &Digest,
    ) -> Result<Option<(ShareLink, Project)>, StoreError>;

    /// Lists the links to a project in descending order of position, open or not.
    async fn list_share_links(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<ShareLinkId>>,
    ) -> Result<Page<ShareLink, Position<ShareLinkId>>, StoreError>;

    /// How many of each kind a project contains, none of them deleted, in no order. A kind of which
    /// there is nothing is left out.
    async fn count_contents(
        &self,
        user: UserId,
        project: ProjectId,
    ) -> Result<Vec<ContentCount>, StoreError>;

    /// Lists what a project contains in descending order of position, none of it deleted.
    async fn list_contents(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<Uuid>>,
    ) -> Result<Page<Content<Uuid>, Position<Uuid>>, StoreError>;
}

/// Conversations, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ConversationTx: Send {
    /// Stores a new conversation without turns, in a project that is locked, if in any.
    ///
    /// MUST fail with [`StoreError::Conflict`] ([`CONVERSATIONS_USER_FKEY`]) where there is no such
    /// user.
    async fn insert_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError>;

    /// Locks the user's conversation until the unit of work ends, deleted or not.
    async fn lock_conversation(
        &mut self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError>;

    /// Stores title, number of turns and life of a conversation that is locked.
    async fn update_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError>;

    /// Deletes a conversation that is locked for good, with its turns.
    async fn purge_conversation(
        &mut self,
        user: UserId,
        id: ConversationId,
    ) -> Result<(), StoreError>;

    /// Appends a turn to a conversation that is locked. Nothing ever changes it.
    async fn append_turn(&mut self, turn: &Turn) -> Result<(), StoreError>;
}

/// Conversations, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ConversationReads: Send + Sync {
    /// Finds the user's conversation, deleted or not.
    async fn find_conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError>;

    /// Lists a user's conversations in descending order of position, those after `after` only.
    async fn list_conversations(
        &self,
        user: UserId,
        filter: &ConversationFilter,
        size: PageSize,
        after: Option<Position<ConversationId>>,
    ) -> Result<Page<Conversation, Position<ConversationId>>, StoreError>;

    /// Lists the turns of a conversation in the order of their numbers or in the opposite one,
    /// those beyond the number `after` only.
    async fn list_turns(
        &self,
        user: UserId,
        conversation: ConversationId,
        filter: &TurnFilter,
        size: PageSize,
        after: Option<u32>,
    ) -> Result<Page<Turn, u32>, StoreError>;
}

/// The registry of features, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait FeatureTx: Send {
    /// Stores a new feature.
    ///
    /// MUST fail with [`StoreError::Conflict`] where there is no such user ([`FEATURES_USER_FKEY`])
    /// or the workspace has a feature of this name ([`FEATURES_NAME_UNIQUE`]).
    async fn insert_feature(&mut self, feature: &Feature) -> Result<(), StoreError>;

    /// Locks the user's feature until the unit of work ends.
    async fn lock_feature(
        &mut self,
        user: UserId,
        id: FeatureId,
    ) -> Result<Option<Feature>, StoreError>;

    /// Stores fields and life of a feature that is locked.
    ///
    /// MUST fail with [`StoreError::Conflict`] as [`FeatureTx::insert_feature`] does.
    async fn update_feature(&mut self, feature: &Feature) -> Result<(), StoreError>;

    /// Deletes a feature that is locked.
    async fn delete_feature(&mut self, user: UserId, id: FeatureId) -> Result<(), StoreError>;
}

/// The registry of features, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait FeatureReads: Send + Sync {
    async fn find_feature(
        &self,
        user: UserId,
        id: FeatureId,
    ) -> Result<Option<Feature>, StoreError>;

    /// Lists a user's features in descending order of position, those after `after` only. Names are
    /// found in any case of letters.
    async fn list_features(
        &self,
        user: UserId,
        filter: &FeatureFilter,
        size: PageSize,
        after: Option<Position<FeatureId>>,
    ) -> Result<Page<Feature, Position<FeatureId>>, StoreError>;
}
