//! Looking closely at files of media, and making smaller ones of them. Where bytes are kept is the
//! business of [`crate::MediaStore`].

use std::fmt;

use assets::{Facts, MediaType};
use async_trait::async_trait;

use crate::Cause;

/// How many views a sheet is made of.
pub const SHEET_VIEWS: usize = 6;

/// A file that the darkroom has made or has looked at as a whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Print {
    pub media: MediaType,
    /// What its bytes say: for sounds without a head that tells, what counting them says.
    pub facts: Facts,
    pub bytes: Vec<u8>,
}

/// A file, looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Developed {
    /// The file itself, unchanged but for drawings (SVG), of which it is a picture.
    pub file: Print,
    pub thumbnail: Thumbnail,
}

/// What is shown of a file where there is little room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thumbnail {
    /// There is nothing to see, or nothing that can be decoded here.
    None,
    /// The file is small enough itself.
    Itself,
    Made(Print),
}

/// Why a file is no good. Each is final: the same bytes fail again.
#[derive(Debug, thiserror::Error)]
pub enum DarkroomError {
    /// It is of no type that is known, broken, or not all there. A phrase after "the file".
    #[error("the file {what}")]
    Unreadable {
        what: &'static str,
        #[source]
        cause: Option<Cause>,
    },
    /// To look at it would take more than is given to one file. A phrase after "the file".
    #[error("the file {what}")]
    TooMuch { what: &'static str },
    #[error("to look at the file takes longer than {seconds} s")]
    TooSlow { seconds: u64 },
}

/// Decodes files and makes others of them.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Darkroom: Send + Sync {
    /// Looks at a whole file, whatever it is said to be. Media that cannot be decoded here are read
    /// as far as their containers go.
    ///
    /// MUST refuse what does not decode or is not all there, and MUST end in bounded time and
    /// memory, whatever the bytes are. The same bytes give the same answer.
    async fn develop(&self, bytes: Vec<u8>) -> Result<Developed, DarkroomError>;

    /// Puts the views of a character side by side, in their order: three in a row, all cells of one
    /// size, none cut. MUST take as many pictures as [`SHEET_VIEWS`], and give the same for the
    /// same.
    async fn sheet(&self, views: Vec<Vec<u8>>) -> Result<Print, DarkroomError>;
}

// A file has millions of bytes: nobody wants to read them.
impl fmt::Debug for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { media, facts, bytes } = self;
        write!(f, "Print({media}, {facts:?}, {} bytes)", bytes.len())
    }
}
