//! The decisions on users, one function for each command.
//!
//! Whether an email address, a username or an identity is taken is for the store's unique keys.

use kernel::{Etag, Timestamp, UserId};

use crate::{Identity, Rejection, User, UserFields, UserPatch};

/// Asks for the user who has an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    pub identity: Identity,
    /// Of the new user; ignored where the identity has a user already.
    pub fields: UserFields,
}

/// Asks for a change of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    pub user: UserId,
    pub patch: UserPatch,
    /// The revision that the caller decided on, if it matters to the caller.
    pub expected: Option<Etag>,
}

/// Asks for the end of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delete {
    pub user: UserId,
    /// The revision that the caller decided on, if it matters to the caller.
    pub expected: Option<Etag>,
}

/// What [`create`] comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Creation {
    New(User),
    /// The identity has this user already.
    Found(User),
}

/// What [`update`] comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    Changed(User),
    /// Every field has the asked value already: the revision stays.
    Unchanged(User),
}

/// Makes a user of `id` unless the identity has one.
pub fn create(present: Option<User>, command: &Create, id: UserId, now: Timestamp) -> Creation {
    match present {
        Some(user) => Creation::Found(user),
        None => Creation::New(User {
            id,
            identities: vec![command.identity.clone()],
            fields: command.fields.clone(),
            etag: Etag::FIRST,
            created_at: now,
            updated_at: now,
        }),
    }
}

/// Changes the fields that the patch names.
pub fn update(user: User, command: &Update, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&user, command.expected)?;
    let fields = command.patch.apply(&user.fields);
    if fields == user.fields {
        return Ok(Edit::Unchanged(user));
    }
    Ok(Edit::Changed(User {
        fields,
        etag: user.etag.next(),
        // A clock that was set back must not take the user's last change back.
        updated_at: now.max(user.updated_at),
        ..user
    }))
}

/// Lets the user go.
pub fn delete(user: &User, command: &Delete) -> Result<(), Rejection> {
    check_etag(user, command.expected)
}

fn check_etag(user: &User, expected: Option<Etag>) -> Result<(), Rejection> {
    match expected {
        Some(expected) if expected != user.etag => {
            Err(Rejection::EtagMismatch { expected, current: user.etag })
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
