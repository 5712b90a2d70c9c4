//! What a user is called and looks like: username, display name, first and last name, avatar.
//!
//! Texts are kept as written. None is blank and none has control characters.

use std::fmt;
use std::str::FromStr;

/// The twin of CHECK `users_avatar_url_valid`; browsers and proxies cut longer addresses.
const AVATAR_URL_CHARS_MAX: usize = 2_048;

/// 3 to 30 of letters, digits and underscore, also CHECK `users_username_valid`.
///
/// Equal when written alike; at most one user has a username of the same [`Username::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

/// An http or https address of a picture, at most 2,048 characters. Nothing fetches it here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AvatarUrl(String);

/// The text is not a username.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 3 to 30 letters, digits or underscores")]
pub struct UsernameError;

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("must not be blank")]
    Blank,
    #[error("must be at most {max} characters")]
    TooLong { max: usize },
    #[error("must not contain control characters")]
    ControlCharacter,
}

/// Why a text is not an avatar's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AvatarUrlError {
    #[error("must be an http or https address without spaces")]
    Malformed,
    #[error("must be at most {AVATAR_URL_CHARS_MAX} characters")]
    TooLong,
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $chars_max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                check_name(text, $chars_max).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// What to call the user: at most 200 characters, also CHECK `users_display_name_valid`.
    DisplayName, 200;
    /// At most 100 characters, also CHECK `users_first_name_valid`.
    FirstName, 100;
    /// At most 100 characters, also CHECK `users_last_name_valid`.
    LastName, 100;
}

impl Username {
    /// The username as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The username in lower case, also column `users.username_key`.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Username {
    type Err = UsernameError;

    fn from_str(text: &str) -> Result<Self, UsernameError> {
        let fits = (3..=30).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits { Ok(Self(text.to_owned())) } else { Err(UsernameError) }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AvatarUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AvatarUrl {
    type Err = AvatarUrlError;

    fn from_str(text: &str) -> Result<Self, AvatarUrlError> {
        if text.chars().count() > AVATAR_URL_CHARS_MAX {
            return Err(AvatarUrlError::TooLong);
        }
        if is_web_address(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AvatarUrlError::Malformed)
        }
    }
}

impl fmt::Display for AvatarUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_name(text: &str, max: usize) -> Result<(), NameError> {
    if text.chars().any(char::is_control) {
        return Err(NameError::ControlCharacter);
    }
    if text.trim().is_empty() {
        return Err(NameError::Blank);
    }
    if text.chars().count() > max { Err(NameError::TooLong { max }) } else { Ok(()) }
}

fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let has_host = rest.starts_with(|c| !matches!(c, '/' | '?' | '#'));
    web && has_host && !rest.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests;
