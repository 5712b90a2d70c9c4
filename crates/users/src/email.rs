//! Email addresses: kept as written, unique in lower case.

use std::fmt;
use std::str::FromStr;

/// The longest address that mail servers carry (RFC 5321), also CHECK `users_email_valid`.
const BYTES_MAX: usize = 254;

/// An address of the form `^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`, at most 254 bytes.
///
/// Equal when written alike; at most one user has an address of the same [`Email::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// Why a text is not an email address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("must be an email address such as \"ada@example.com\"")]
    Malformed,
    #[error("must be at most {BYTES_MAX} characters")]
    TooLong,
}

impl Email {
    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case, also column `users.email_key`.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        if text.len() > BYTES_MAX {
            return Err(EmailError::TooLong);
        }
        if is_address(text) { Ok(Self(text.to_owned())) } else { Err(EmailError::Malformed) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    some_of(local, |b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b))
        && some_of(host, |b| b.is_ascii_alphanumeric() || b".-".contains(&b))
        && some_of(top, |b| b.is_ascii_alphabetic())
        && top.len() >= 2
}

fn some_of(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
