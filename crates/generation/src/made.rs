//! What a provider made.

use std::fmt;

/// What came of one ask. Fewer pieces than were asked for are a success in part; none at all is a
/// failure, which a provider reports as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub pieces: Vec<Piece>,
    /// Why pieces are missing, if the provider says so.
    pub note: Option<String>,
    /// What the provider takes for it, if it says so.
    pub cost: Option<Cost>,
}

/// One thing made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// An answer of a chat, or a summary.
    Text(String),
    Concept(Concept),
    Research {
        answer: String,
        sources: Vec<Source>,
    },
    Segments(Vec<Segment>),
    /// A picture, a video, a voice.
    File(MadeFile),
}

/// An idea of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    pub title: String,
    pub concept: String,
    pub tone: String,
    pub goal: String,
}

/// Where an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub url: String,
    pub title: Option<String>,
    pub excerpt: Option<String>,
}

/// One segment of a video that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub label: String,
    pub visual: String,
    pub narration: String,
    pub animation: String,
}

/// A file, or where it is. What it claims to be counts for nothing: its bytes are read.
#[derive(Clone, PartialEq, Eq)]
pub enum MadeFile {
    Bytes(Vec<u8>),
    Remote(RemoteFile),
}

/// A file that the provider keeps for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    pub url: String,
}

/// What a provider takes, in its own units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// A decimal, such as `0.04` or `40`.
    pub amount: String,
    /// Such as `usd`, `tokens`, `units`.
    pub unit: String,
}

impl Made {
    /// One piece and nothing to say about it.
    pub fn one(piece: Piece) -> Self {
        Self { pieces: vec![piece], note: None, cost: None }
    }
}

impl fmt::Debug for MadeFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Remote(file) => file.fmt(f),
        }
    }
}
