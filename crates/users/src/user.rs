//! A user, the fields of one that callers set, and a change of them.

use kernel::{Change, Etag, Position, Timestamp, UserId};

use crate::{AvatarUrl, DisplayName, Email, FirstName, Identity, LastName, Username};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Oldest first, at least one.
    pub identities: Vec<Identity>,
    pub fields: UserFields,
    /// Grows by one with each change.
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The fields that callers set. `None` where the product has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFields {
    /// Unique among users.
    pub email: Option<Email>,
    /// Unique among users.
    pub username: Option<Username>,
    pub display_name: Option<DisplayName>,
    pub first_name: Option<FirstName>,
    pub last_name: Option<LastName>,
    pub avatar_url: Option<AvatarUrl>,
}

/// A change of some of a user's fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserPatch {
    pub email: Change<Email>,
    pub username: Change<Username>,
    pub display_name: Change<DisplayName>,
    pub first_name: Change<FirstName>,
    pub last_name: Change<LastName>,
    pub avatar_url: Change<AvatarUrl>,
}

impl User {
    /// Where the user stands in lists.
    pub fn position(&self) -> Position<UserId> {
        Position { created_at: self.created_at, id: self.id }
    }
}

impl UserPatch {
    /// The fields once the change is made.
    pub fn apply(&self, fields: &UserFields) -> UserFields {
        let Self { email, username, display_name, first_name, last_name, avatar_url } = self;
        UserFields {
            email: email.apply(&fields.email),
            username: username.apply(&fields.username),
            display_name: display_name.apply(&fields.display_name),
            first_name: first_name.apply(&fields.first_name),
            last_name: last_name.apply(&fields.last_name),
            avatar_url: avatar_url.apply(&fields.avatar_url),
        }
    }
}
