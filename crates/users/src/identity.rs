//! How a user signs in: a subject that some issuer vouches for.

use std::fmt;
use std::str::FromStr;

/// Long enough for an OIDC subject (255 by its standard), also CHECKs
/// `user_identities_issuer_valid` and `user_identities_subject_valid`.
const BYTES_MAX: usize = 255;

/// A user as one issuer knows them. At most one user has it, compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    pub issuer: Issuer,
    pub subject: Subject,
}

/// Who vouches: an issuer's address or a short name. 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(String);

/// The issuer's own id of the user. 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(String);

/// The text can be neither an issuer nor a subject.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {BYTES_MAX} visible ASCII characters without spaces")]
pub struct IdentityError;

impl Issuer {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Subject {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Issuer {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        visible(text).map(Self)
    }
}

impl FromStr for Subject {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        visible(text).map(Self)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn visible(text: &str) -> Result<String, IdentityError> {
    let fits = (1..=BYTES_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(IdentityError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_and_subjects_are_short_and_visible() {
        let longest = "x".repeat(BYTES_MAX);
        for text in
            ["https://accounts.google.com", "clerk", "auth0|5f7c8ec7c33c6c004bbafe82", &longest]
        {
            assert_eq!(
                text.parse::<Issuer>().map(|issuer| issuer.to_string()),
                Ok(text.to_owned())
            );
            assert_eq!(text.parse::<Subject>().map(|s| s.to_string()), Ok(text.to_owned()));
        }
        let too_long = "x".repeat(BYTES_MAX + 1);
        for text in ["", " ", "a b", "a\n", "\u{7f}", "é", &too_long] {
            assert_eq!(text.parse::<Issuer>(), Err(IdentityError), "{text:?}");
            assert_eq!(text.parse::<Subject>(), Err(IdentityError), "{text:?}");
        }
    }
}
