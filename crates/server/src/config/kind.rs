//! What a setting's text must look like.

use std::fmt;
use std::net::{AddrParseError, SocketAddr};
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use kernel::Credits;
use tracing_subscriber::EnvFilter;

/// The form of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An IP address and a port.
    Address,
    /// Several of them, with commas between them.
    Addresses,
    /// `true` or `false`.
    Flag,
    /// A whole number between two bounds, both allowed.
    Whole { min: u64, max: u64 },
    /// Any text that is not empty.
    Text,
    /// A file.
    Path,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// Some of some words, with commas between them.
    Words(&'static [&'static str]),
    /// An address on the network with one of these schemes.
    Url(&'static [&'static str]),
    /// At least 32 random bytes.
    Pepper,
    /// Directives of `tracing_subscriber::EnvFilter`.
    LogFilter,
    /// An amount of credits.
    Credits,
}

impl Kind {
    /// Whether `text` has this form. The kind's `Display` says what would have it.
    pub(super) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::Addresses => text.parse::<Addresses>().is_ok(),
            Self::Flag => text.parse::<bool>().is_ok(),
            Self::Whole { min, max } => {
                text.parse::<u64>().is_ok_and(|number| (min..=max).contains(&number))
            }
            Self::Text | Self::Path => !text.is_empty() && !text.contains('\0'),
            Self::Choice(words) => words.contains(&text),
            Self::Words(words) => text.split(',').all(|word| words.contains(&word.trim())),
            Self::Url(schemes) => is_url(text, schemes),
            Self::Pepper => text.parse::<PepperText>().is_ok(),
            Self::LogFilter => !text.is_empty() && EnvFilter::builder().parse(text).is_ok(),
            Self::Credits => text.parse::<Credits>().is_ok(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("an IP address and port such as 127.0.0.1:7443"),
            Self::Addresses => {
                f.write_str("IP addresses and ports such as 10.0.0.7:9000,10.0.0.8:9000")
            }
            Self::Flag => f.write_str("true or false"),
            Self::Whole { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Text => f.write_str("a text"),
            Self::Path => f.write_str("a file's path"),
            Self::Choice(words) => f.write_str(&words.join(" or ")),
            Self::Words(words) => {
                write!(f, "some of {}, with commas between them", words.join(", "))
            }
            Self::Url(schemes) => {
                write!(f, "an address of the form {}://…", schemes.join(":// or "))
            }
            Self::Pepper => f.write_str("at least 32 bytes in base64 or hex"),
            Self::LogFilter => f.write_str("a log filter such as info,app=debug"),
            Self::Credits => f.write_str("an amount of credits such as 12.50"),
        }
    }
}

/// Addresses with commas between them.
pub(super) struct Addresses(pub(super) Vec<SocketAddr>);

impl FromStr for Addresses {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, AddrParseError> {
        text.split(',').map(|one| one.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

/// The pepper's bytes as somebody wrote them down.
pub(super) struct PepperText(pub(super) access::Pepper);

impl FromStr for PepperText {
    type Err = access::PepperError;

    /// Hex digits only are hex, though they could be base64 too.
    fn from_str(text: &str) -> Result<Self, access::PepperError> {
        let bytes = hex::decode(text).ok().or_else(|| base64_of_any_style(text));
        access::Pepper::new(&bytes.unwrap_or_default()).map(Self)
    }
}

fn base64_of_any_style(text: &str) -> Option<Vec<u8>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [&STANDARD, &URL_SAFE]
        .into_iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok())
}

fn is_url(text: &str, schemes: &[&str]) -> bool {
    let visible = text.chars().all(|char| !char.is_whitespace() && !char.is_control());
    let rest = text.split_once("://").filter(|(scheme, _)| schemes.contains(scheme));
    visible && rest.is_some_and(|(_, rest)| !rest.is_empty() && !rest.starts_with('/'))
}
