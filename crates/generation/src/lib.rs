//! Generation: what is asked of a provider, what it makes, how it fails, and what follows from it.
//!
//! Values and pure decisions. No vendor's wire format, no queue and no money lives here.

mod ask;
mod call;
mod failure;
mod made;
mod picture;

pub use ask::{
    Ask, AudioFormat, ChatAsk, ConceptAsk, ImageAsk, ResearchAsk, Role, SegmentationAsk, SpeechAsk,
    SummaryAsk, Turn, VideoAsk, VideoFrame, View,
};
pub use call::{Ability, Call, Cancelled, Marker, Offered, Operation, Polled, Recovered, Started};
pub use failure::{Class, Credit, Failure, Retry, Stage, Verdict};
pub use made::{Concept, Cost, Made, MadeFile, Piece, RemoteFile, Segment, Source};
pub use picture::{Aspect, AspectError, Picture, Size};
