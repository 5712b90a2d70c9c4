//! A user, the fields of one that callers set, and a change of them.

use kernel::{Change, Etag, Position, Timestamp, UserId};

use crate::{
    Account, AvatarUrl, DisplayName, Email, FirstName, Identity, LastName, Preferences, Standing,
    Username,
};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Oldest first, at least one.
    pub identities: Vec<Identity>,
    pub fields: UserFields,
    pub account: Account,
    pub preferences: Preferences,
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
    /// When the present email address was verified.
    pub email_verified_at: Option<Timestamp>,
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
    pub email_verified_at: Change<Timestamp>,
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

    pub fn standing(&self) -> Standing {
        Standing { status: self.account.status, wants_to_show: self.preferences.wants_to_show() }
    }
}

impl UserPatch {
    /// The fields once the change is made. Another email address is a new one to verify.
    pub fn apply(&self, fields: &UserFields) -> UserFields {
        let Self {
            email,
            email_verified_at,
            username,
            display_name,
            first_name,
            last_name,
            avatar_url,
        } = self;
        let email = email.apply(&fields.email);
        let verified = match email_verified_at {
            Change::Keep if email != fields.email => None,
            Change::Keep | Change::Clear | Change::Set(_) => {
                email_verified_at.apply(&fields.email_verified_at)
            }
        };
        UserFields {
            // Without an address there is none to have verified.
            email_verified_at: verified.filter(|_| email.is_some()),
            email,
            username: username.apply(&fields.username),
            display_name: display_name.apply(&fields.display_name),
            first_name: first_name.apply(&fields.first_name),
            last_name: last_name.apply(&fields.last_name),
            avatar_url: avatar_url.apply(&fields.avatar_url),
        }
    }
}
