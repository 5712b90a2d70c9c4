//! The decisions on users, one function for each command.
//!
//! Whether an email address, a username or an identity is taken is for the store's unique keys.

use kernel::{Etag, Patch, Timestamp, UserId};

use crate::{
    Ability, Account, AccountStatus, Identity, Preferences, Rejection, StatusReason, User,
    UserFields, UserPatch,
};

/// How many identities a user may have: more sign-ins than that are not one person's.
pub const IDENTITIES_MAX: usize = 20;

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

/// Asks that the user of an identity is there and has the fields of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upsert {
    pub identity: Identity,
    pub patch: UserPatch,
}

/// Asks for a change of what a user prefers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefer {
    pub user: UserId,
    pub patch: Patch<Preferences>,
    /// The revision that the caller decided on, if it matters to the caller.
    pub expected: Option<Etag>,
}

/// An operator's decision on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetStatus {
    pub user: UserId,
    pub status: AccountStatus,
    pub reason: Option<StatusReason>,
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
            account: Account::default(),
            preferences: Preferences::default(),
            etag: Etag::FIRST,
            created_at: now,
            updated_at: now,
        }),
    }
}

/// The fields that an upsert gives a new user.
pub fn fields_of(command: &Upsert) -> UserFields {
    command.patch.apply(&UserFields::default())
}

/// Gives a user whom an identity has the fields of the upsert. It is the provider of sign-ins who
/// tells them, so that an account's status is no reason to refuse.
pub fn upsert(user: User, command: &Upsert, now: Timestamp) -> Edit {
    let fields = command.patch.apply(&user.fields);
    edited(user, now, |user| user.fields = fields)
}

/// Changes the fields that the patch names.
pub fn update(user: User, command: &Update, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&user, command.expected)?;
    user.account.status.check(Ability::Change)?;
    let fields = command.patch.apply(&user.fields);
    Ok(edited(user, now, |user| user.fields = fields))
}

/// Changes what the user prefers.
pub fn prefer(user: User, command: &Prefer, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&user, command.expected)?;
    user.account.status.check(Ability::Change)?;
    let preferences = command.patch.apply(&user.preferences);
    Ok(edited(user, now, |user| user.preferences = preferences))
}

/// Sets the status of the account. The same status with the same reason again changes nothing.
pub fn set_status(user: User, command: &SetStatus, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&user, command.expected)?;
    let SetStatus { status, reason, .. } = command;
    if (user.account.status, &user.account.reason) == (*status, reason) {
        return Ok(Edit::Unchanged(user));
    }
    Ok(edited(user, now, |user| {
        user.account.status = *status;
        user.account.reason = reason.clone();
        user.account.changed_at = Some(now.max(user.updated_at));
    }))
}

/// Notes that the user signed in. It is no change of the user: the revision stays.
pub fn record_login(user: User, at: Timestamp) -> Result<User, Rejection> {
    user.account.status.check(Ability::SignIn)?;
    let last_login_at = user.account.last_login_at.max(Some(at));
    Ok(User { account: Account { last_login_at, ..user.account }, ..user })
}

/// Gives the user one more way to sign in.
pub fn add_identity(user: User, identity: &Identity, now: Timestamp) -> Result<Edit, Rejection> {
    user.account.status.check(Ability::Change)?;
    if user.identities.contains(identity) {
        return Ok(Edit::Unchanged(user));
    }
    if user.identities.len() >= IDENTITIES_MAX {
        return Err(Rejection::TooManyIdentities);
    }
    Ok(edited(user, now, |user| user.identities.push(identity.clone())))
}

/// Takes a way to sign in away, never the last.
pub fn remove_identity(user: User, identity: &Identity, now: Timestamp) -> Result<User, Rejection> {
    user.account.status.check(Ability::Change)?;
    if !user.identities.contains(identity) {
        return Err(Rejection::NoSuchIdentity);
    }
    if user.identities.len() == 1 {
        return Err(Rejection::LastIdentity);
    }
    match edited(user, now, |user| user.identities.retain(|has| has != identity)) {
        Edit::Changed(user) | Edit::Unchanged(user) => Ok(user),
    }
}

/// Lets the user go.
pub fn delete(user: &User, command: &Delete) -> Result<(), Rejection> {
    check_etag(user, command.expected)
}

// The next revision, if the change makes a difference.
fn edited(user: User, now: Timestamp, change: impl FnOnce(&mut User)) -> Edit {
    let mut next = user.clone();
    change(&mut next);
    if next == user {
        return Edit::Unchanged(user);
    }
    next.etag = user.etag.next();
    // A clock that was set back must not take the user's last change back.
    next.updated_at = now.max(user.updated_at);
    Edit::Changed(next)
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
