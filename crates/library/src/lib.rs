//! The library: what generation made, one shape a kind, and what all of them have in common.
//!
//! Values that cannot be wrong, and pure decisions on them. Bytes are elsewhere: a value names the
//! asset that holds them.

mod body;
mod output;
mod parts;

pub use body::{
    Body, CharacterBody, ConceptBody, ImageBody, ResearchBody, SegmentationBody, SummaryBody,
    VideoBody, VoiceoverBody,
};
pub use output::{
    Charge, ChargeState, Output, OutputFields, OutputPatch, Rejection, Usage, select,
};
pub use parts::{
    CharacterView, Count, Dimensions, LongText, Millis, Name, Segment, Several, SeveralError,
    ShortText, Source, VideoFile, VideoSource,
};
