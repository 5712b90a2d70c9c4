//! One call of a provider: how it is made, and how far it is.

use std::time::Duration;

use kernel::{Json, Line};

use crate::{Ask, Made};

kernel::named_enums! {
    /// What a model can do.
    Ability {
        /// Chats, concepts, summaries and segmentations.
        #[default]
        Text = "text",
        /// Answers from the web with their sources.
        Research = "research",
        /// Pictures from words.
        Image = "image",
        /// Pictures from pictures.
        Edit = "edit",
        Video = "video",
        Speech = "speech",
    }
}

/// What marks one submission: unique, and told to the provider where that has a place for it, so
/// that a submission whose answer was lost can be found again.
pub type Marker = Line<64>;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The model as the vendor calls it.
    pub model: String,
    pub ask: Ask,
    pub marker: Marker,
    /// How long the answer may take.
    pub patience: Duration,
    /// What the caller said beside it. Only a provider for trying things out reads it.
    pub metadata: Option<Json<16_384>>,
}

/// What a provider needs to be asked about an operation again, in its own words: stored as it is,
/// and never a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation(pub Json<16_384>);

/// What came of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It is done already.
    Made(Made),
    /// It goes on without us.
    Accepted(Operation),
}

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    Running {
        /// 0 to 100, if the provider tells.
        percent: Option<u8>,
        /// When to ask again, if the provider tells.
        again_after: Option<Duration>,
    },
    Made(Made),
}

/// What came of asking a provider to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It has stopped, or never began.
    Stopped,
    /// It was asked, and may finish all the same.
    Asked,
    /// It had ended before.
    Ended,
    /// This provider cannot.
    Unsupported,
}

/// What is known of a submission whose answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovered {
    Found(Operation),
    /// It provably created nothing.
    Nothing,
    /// This provider cannot tell.
    Unknown,
}

/// What a provider says that is asked for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// It takes our key, and these are the models that it says it has.
    Listed(Vec<Offered>),
    /// It takes our key, and does not say what models it has.
    Accepted,
    /// It answers, and nothing that is free tells whether it takes our key.
    Reached,
}

/// A model that a provider says it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    pub model: String,
    /// The day on which it will be gone, as the provider writes it: `YYYY-MM-DD`.
    pub shutdown: Option<String>,
    /// What it can do, if the provider tells.
    pub abilities: Option<Vec<Ability>>,
}
