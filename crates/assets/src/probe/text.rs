//! Texts: they are read whole, for they have no mark to be known by.

use super::Facts;
use crate::parts::{Parts, Stop, unreadable};

/// UTF-8 without control characters that no text has.
pub(super) fn plain(file: &Parts) -> Result<Facts, Stop> {
    whole(file)?;
    Ok(Facts::default())
}

/// A text that begins and ends as a value of JSON does. It is not parsed.
pub(super) fn json(file: &Parts) -> Result<Facts, Stop> {
    let text = whole(file)?.trim_matches([' ', '\t', '\r', '\n']);
    let shaped = match text.as_bytes() {
        [b'{', .., b'}'] | [b'[', .., b']'] | [b'"', .., b'"'] => true,
        [b'-' | b'0'..=b'9', ..] => true,
        bytes => [&b"true"[..], b"false", b"null"].contains(&bytes),
    };
    if shaped { Ok(Facts::default()) } else { unreadable("is no JSON") }
}

fn whole(file: &Parts) -> Result<&str, Stop> {
    let text = str::from_utf8(file.at(0, file.length())?);
    match text {
        Ok(text) if !text.contains('\0') => Ok(text),
        Ok(_) | Err(_) => unreadable("is no text in UTF-8"),
    }
}
