//! Generation: what is asked of a provider, what it makes, how it fails, and what follows from it;
//! and the jobs that all of that is done in.
//!
//! Values and pure decisions. No vendor's wire format, no store and no clock lives here.

mod ask;
mod call;
mod day;
pub mod decide;
mod defaults;
mod event;
mod failure;
#[cfg(test)]
mod fixtures;
mod job;
mod limiter;
mod made;
mod model;
mod picture;
mod plan;
mod rejection;
mod request;
mod rules;
mod state;

pub use ask::{
    Ask, AudioFormat, ChatAsk, ConceptAsk, ImageAsk, ResearchAsk, Role, SegmentationAsk, SpeechAsk,
    SummaryAsk, Turn, VideoAsk, VideoFrame, View,
};
pub use call::{
    Ability, Call, Cancelled, Marker, Offered, Operation, Polled, Probe, Recovered, Started,
};
pub use day::{Day, DayError};
pub use defaults::{STUDIO, defaults};
pub use event::job_event;
pub use failure::{Class, Credit, Failure, Retry, Stage, Verdict};
pub use job::{
    Delivered, Ending, Job, JobMetadata, Lease, Message, ModelName, Money, Places, ProviderName,
    Route, Step, Trouble, Work,
};
pub use limiter::{Gauge, ProviderLimits};
pub use made::{Concept, Cost, Made, MadeFile, Piece, RemoteFile, Segment, Source};
pub use model::{
    MODELS_MAX, Model, ModelFieldError, ModelFields, ModelLife, ModelRejection, ModelRoute,
    ModelState, ModelWarning, ProbedModel, compare, model_abilities, model_measure, model_routes,
    resolve, successor,
};
pub use picture::{Aspect, AspectError, Picture, Size};
pub use plan::{ask, sources};
pub use rejection::Rejection;
pub use request::{
    CharacterRequest, ChatRequest, ConceptRequest, EditRequest, FrameRequest, ImageRequest,
    LongText, Measures, Name, Part, Request, ResearchRequest, SceneRequest, SegmentationRequest,
    SummaryRequest, VariantRequest, VideoRequest, VoiceoverRequest,
};
pub use rules::Rules;
pub use state::{
    HoldState, JobKind, JobState, Priority, PublicState, Reason, StepState, Submission,
};
