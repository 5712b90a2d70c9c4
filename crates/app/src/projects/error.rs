//! How the use cases on projects, conversations and features fail.

use kernel::LifeError;
use ports::{
    AsStoreError, CONVERSATIONS_USER_FKEY, FEATURES_NAME_UNIQUE, FEATURES_USER_FKEY,
    PROJECTS_USER_FKEY, StoreError,
};

use crate::standing::from_standing;
use crate::unit::from_store;

/// Why a use case on projects, conversations or features came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProjectsError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("there is no such project of this user")]
    ProjectNotFound,
    #[error("the project is deleted: restore it first")]
    ProjectDeleted,
    #[error("there is no such share link, or no longer")]
    ShareLinkNotFound,
    #[error("there is no such conversation of this user")]
    ConversationNotFound,
    #[error("there is no such feature of this user")]
    FeatureNotFound,
    #[error("the workspace has a feature of this name")]
    FeatureNameTaken,
    #[error(transparent)]
    Barred(users::Rejection),
    #[error(transparent)]
    Life(#[from] LifeError),
    #[error("the store failed")]
    Store(#[source] StoreError),
}

from_standing!(ProjectsError);

from_store! {
    ProjectsError,
    PROJECTS_USER_FKEY | CONVERSATIONS_USER_FKEY | FEATURES_USER_FKEY => UserNotFound,
    FEATURES_NAME_UNIQUE => FeatureNameTaken,
}

impl AsStoreError for ProjectsError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound
            | Self::ProjectNotFound
            | Self::ProjectDeleted
            | Self::ShareLinkNotFound
            | Self::ConversationNotFound
            | Self::FeatureNotFound
            | Self::FeatureNameTaken
            | Self::Barred(_)
            | Self::Life(_) => None,
        }
    }
}
