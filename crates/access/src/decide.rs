//! The rules of keys: who may issue what, what rotation leaves behind, who a key makes.
//!
//! Pure functions: time, ids and random bytes come in as values. Bounds of single values are in
//! their types ([`crate::KeyName`], [`crate::Lifetime`], [`crate::Overlap`]).

#[cfg(test)]
mod tests;

use kernel::Timestamp;

use crate::api_key::{ApiKey, KeyName, KeyState, Lifetime, Overlap};
use crate::principal::{Denial, Principal};
use crate::rejection::Rejection;
use crate::scope::Scopes;
use crate::secret::{ApiKeySecret, KeyHash, Pepper};

/// What a new key is made of besides its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub name: KeyName,
    pub scopes: Scopes,
    /// `None` for a key that does not expire.
    pub lifetime: Option<Lifetime>,
}

/// How a key is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotate {
    pub overlap: Overlap,
    /// The successor's, `None` for one that does not expire.
    pub lifetime: Option<Lifetime>,
}

/// What rotation makes of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    pub successor: ApiKey,
    pub replaced: ApiKey,
}

/// A secret nobody has yet, and what hashes it.
#[derive(Debug, Clone, Copy)]
pub struct Fresh<'a> {
    pub secret: &'a ApiKeySecret,
    pub pepper: &'a Pepper,
}

/// Makes a key.
pub fn issue(
    issuer: Scopes,
    command: Issue,
    fresh: Fresh<'_>,
    now: Timestamp,
) -> Result<ApiKey, Rejection> {
    let Issue { name, scopes, lifetime } = command;
    if scopes.is_empty() {
        return Err(Rejection::NoScope);
    }
    within(issuer, scopes)?;
    Ok(ApiKey {
        id: fresh.secret.id(),
        name,
        scopes,
        created_at: now,
        expires_at: lifetime.map(|lifetime| now.saturating_add(lifetime.as_span())),
        revoked_at: None,
        hash: fresh.pepper.hash(fresh.secret),
    })
}

/// Makes a successor with the same name and scopes, and brings the old key's end forward. An end
/// that is sooner already stays: rotation never prolongs.
pub fn rotate(
    issuer: Scopes,
    old: &ApiKey,
    command: Rotate,
    fresh: Fresh<'_>,
    now: Timestamp,
) -> Result<Rotated, Rejection> {
    match old.state(now) {
        KeyState::Active => {}
        state @ (KeyState::Expired | KeyState::Revoked) => {
            return Err(Rejection::Inactive { state });
        }
    }
    let like_old = Issue { name: old.name.clone(), scopes: old.scopes, lifetime: command.lifetime };
    let successor = issue(issuer, like_old, fresh, now)?;
    let end = not_before_creation(old, now).saturating_add(command.overlap.as_span());
    let expires_at = Some(old.expires_at.map_or(end, |sooner| sooner.min(end)));
    Ok(Rotated { successor, replaced: ApiKey { expires_at, ..old.clone() } })
}

/// Ends a key now. `None` if it was revoked before: the first moment stands.
pub fn revoke(key: &ApiKey, now: Timestamp) -> Option<ApiKey> {
    match key.revoked_at {
        Some(_) => None,
        None => Some(ApiKey { revoked_at: Some(not_before_creation(key, now)), ..key.clone() }),
    }
}

/// Who calls with a secret of this hash. Only one who has the secret learns that the key is over.
pub fn check(key: &ApiKey, presented: &KeyHash, now: Timestamp) -> Result<Principal, Denial> {
    if key.hash != *presented {
        return Err(Denial::Invalid);
    }
    match key.state(now) {
        KeyState::Active => Ok(Principal::Service {
            key: key.id,
            name: key.name.as_str().to_owned(),
            scopes: key.scopes,
        }),
        KeyState::Expired => Err(Denial::Expired),
        KeyState::Revoked => Err(Denial::Revoked),
    }
}

fn within(issuer: Scopes, scopes: Scopes) -> Result<(), Rejection> {
    let missing: Scopes = scopes.iter().filter(|scope| !issuer.contains(*scope)).collect();
    if missing.is_empty() { Ok(()) } else { Err(Rejection::ScopesBeyondIssuer { missing }) }
}

// The clock may step back. Also CHECK api_keys_ends_after_creation.
fn not_before_creation(key: &ApiKey, now: Timestamp) -> Timestamp {
    now.max(key.created_at)
}
