//! The texts of an asset: names, providers, addresses. Each has its twin among the CHECKs of the
//! table.

use std::fmt;
use std::str::FromStr;

/// Why a text is not what it is to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("must not be blank")]
    Blank,
    #[error("must be at most {max} characters")]
    TooLong { max: usize },
    #[error("must not contain control characters")]
    ControlCharacter,
    #[error("must be 1 to 64 of lower-case letters, digits, -, _ and .")]
    Provider,
    #[error("must be a type such as image/png")]
    ContentType,
}

/// Why a text is no address of an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("must be an http or https address without spaces")]
    Malformed,
    #[error("must be at most {URL_CHARS_MAX} characters")]
    TooLong,
    #[error("must not have a user or a password in it")]
    Credentials,
}

/// Browsers and proxies cut longer addresses.
const URL_CHARS_MAX: usize = 2_048;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $error:ident $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                let check: fn(&str) -> Result<(), $error> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// What people call the file: at most 255 characters, not blank.
    FileName TextError |text| line(text, 255);
    /// Where a provider keeps an object: at most 1,024 characters, not blank.
    ObjectPath TextError |text| line(text, 1_024);
    /// Who keeps an object, such as `vercel_blob`: lower-case letters, digits, `-`, `_` and `.`.
    Provider TextError provider;
    /// The type of an object that others keep, as they say it. 3 to 127 characters.
    ContentType TextError content_type;
    /// Where an object is that others keep: an http or https address without credentials.
    Url UrlError url;
}

impl Provider {
    /// The name of our own store, which no other has.
    pub const OURS: &str = "atelier";

    pub fn is_ours(&self) -> bool {
        self.0 == Self::OURS
    }
}

fn line(text: &str, max: usize) -> Result<(), TextError> {
    if text.trim().is_empty() {
        Err(TextError::Blank)
    } else if text.chars().count() > max {
        Err(TextError::TooLong { max })
    } else if text.chars().any(char::is_control) {
        Err(TextError::ControlCharacter)
    } else {
        Ok(())
    }
}

fn provider(text: &str) -> Result<(), TextError> {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(known);
    if fits { Ok(()) } else { Err(TextError::Provider) }
}

fn content_type(text: &str) -> Result<(), TextError> {
    let token = |part: &str| {
        let known =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"!#$&^_.+-".contains(&b);
        !part.is_empty() && part.bytes().all(known)
    };
    let fits = text.len() <= 127
        && text.split_once('/').is_some_and(|(class, name)| token(class) && token(name));
    if fits { Ok(()) } else { Err(TextError::ContentType) }
}

fn url(text: &str) -> Result<(), UrlError> {
    if text.chars().count() > URL_CHARS_MAX {
        return Err(UrlError::TooLong);
    }
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let rest = rest.filter(|_| !text.chars().any(|c| c.is_control() || c.is_whitespace()));
    let host = rest.ok_or(UrlError::Malformed)?.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() {
        Err(UrlError::Malformed)
    } else if host.contains('@') {
        Err(UrlError::Credentials)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_their_columns_take() {
        assert!("A picture.png".parse::<FileName>().is_ok());
        assert_eq!(" ".parse::<FileName>(), Err(TextError::Blank));
        assert_eq!("a\nb".parse::<FileName>(), Err(TextError::ControlCharacter));
        assert_eq!("x".repeat(256).parse::<FileName>(), Err(TextError::TooLong { max: 255 }));
        assert!("vercel_blob".parse::<Provider>().is_ok());
        for text in ["", "Vercel", "a b", &"x".repeat(65)] {
            assert_eq!(text.parse::<Provider>(), Err(TextError::Provider), "{text}");
        }
        assert!("image/svg+xml".parse::<ContentType>().is_ok());
        for text in ["", "image", "image/", "/png", "image/png; q=1", "a/b/c"] {
            assert_eq!(text.parse::<ContentType>(), Err(TextError::ContentType), "{text}");
        }
    }

    #[test]
    fn addresses_are_of_the_web_and_tell_no_secret() {
        for text in ["https://example.com/a.png", "http://h", "https://h?x=@", "https://h:81/#f"] {
            assert!(text.parse::<Url>().is_ok(), "{text}");
        }
        for text in ["", "https://", "https:///a", "ftp://h/a", "https://h/a b", "javascript:x"] {
            assert_eq!(text.parse::<Url>(), Err(UrlError::Malformed), "{text}");
        }
        assert_eq!("https://me:pw@h/".parse::<Url>(), Err(UrlError::Credentials));
    }
}
