//! A job: what was asked, what is known of it, and what is set aside for it.

use kernel::{
    AssetId, ConversationId, Credits, Digest, Etag, JobId, Json, Line, Position, PriceVersionId,
    ProjectId, RequestId, Timestamp, TransactionId, UserId,
};

use crate::{
    Concept, HoldState, JobKind, JobState, Marker, Operation, Part, Priority, Reason, RemoteFile,
    Request, Segment, Source, StepState, Submission,
};

/// The logical name of a model, such as `imagen`.
pub type ModelName = Line<128>;

/// The name of a provider as it is configured, such as `studio`.
pub type ProviderName = Line<64>;

/// What a provider or a reason says, for people.
pub type Message = kernel::Prose<4_000>;

/// More about a job, in the caller's words. Only a provider for trying things out reads it.
pub type JobMetadata = Json<16_384>;

/// One paid operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub user: UserId,
    pub id: JobId,
    /// The caller's own id of the call that asked for it, and what was asked with it.
    pub request_id: RequestId,
    pub digest: Digest,
    pub request: Request,
    pub model: ModelName,
    pub places: Places,
    pub metadata: Option<JobMetadata>,
    /// The job that this one goes on from.
    pub resumes: Option<JobId>,
    pub priority: Priority,
    /// Who is asked, in this order. As the catalogue had it when the job was accepted.
    pub routes: Vec<Route>,
    pub money: Money,
    pub state: JobState,
    pub ending: Option<Ending>,
    /// 0 to 100.
    pub progress: u8,
    /// In their order.
    pub steps: Vec<Step>,
    pub work: Work,
    pub not_before: Timestamp,
    /// When it is given up if it is not done.
    pub deadline: Timestamp,
    pub cancel_asked_at: Option<Timestamp>,
    /// Grows by one with each change.
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// Where what is made belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    pub project: Option<ProjectId>,
    pub conversation: Option<ConversationId>,
}

/// One way to a model: a provider, and what the model is called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub provider: ProviderName,
    pub model: Line<128>,
}

/// The quote, frozen when the job was accepted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// Such as `IMAGE_GENERATION`.
    pub operation_type: Line<64>,
    /// The price that was quoted.
    pub price: PriceVersionId,
    /// What all steps cost that are not carried over from an earlier job.
    pub amount: Credits,
    /// Where `amount` is set aside. `None` where that is nothing.
    pub transaction: Option<TransactionId>,
    pub hold: HoldState,
    pub captured: Credits,
    /// Whether a unit of the user's day was taken and not given back.
    pub quota_taken: bool,
}

/// How a job ended that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub reason: Reason,
    pub message: Option<Message>,
}

/// Who works on a job, and when somebody is to look at it next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Nobody looks at it before. While somebody works on it: when the lease ends.
    pub due_at: Timestamp,
    /// Whoever works on it has the same token. `None` while nobody does.
    pub lease: Option<Lease>,
    /// How often it was taken on. Strictly grows.
    pub generation: u64,
    /// How many workers in a row did not come back from it.
    pub crashes: u16,
}

/// A random number that nobody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lease(pub u128);

/// One call of a provider and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub part: Part,
    pub state: StepState,
    pub submission: Submission,
    /// The place in the job's routes of who is asked, or was.
    pub route: u16,
    /// How often this route was asked to make it, as far as that counts.
    pub attempts: u16,
    /// How often somebody was asked to make it. Strictly grows; numbers the markers.
    pub submissions: u16,
    /// How often fetching what was made has failed, or polling in a row.
    pub misses: u16,
    pub marker: Option<Marker>,
    pub operation: Option<Operation>,
    /// How many pieces were asked for.
    pub asked: u16,
    /// What has come.
    pub pieces: Vec<Delivered>,
    /// The last thing that went wrong.
    pub trouble: Option<Trouble>,
    pub submitted_at: Option<Timestamp>,
    /// Until when an ambiguous submission is waited for.
    pub quarantined_until: Option<Timestamp>,
    /// Whether an earlier job has made and paid for it.
    pub carried: bool,
}

/// What went wrong, as the provider put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The class of the failure, by its name.
    pub class: Line<64>,
    pub message: Message,
}

/// One piece of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    Text(String),
    Concept(Concept),
    Research {
        answer: String,
        sources: Vec<Source>,
    },
    Segments(Vec<Segment>),
    /// Made, and still with the provider.
    Remote(RemoteFile),
    /// In our store, decoded and measured.
    Stored {
        asset: AssetId,
        thumbnail: Option<AssetId>,
    },
}

impl Job {
    /// Where the job stands in lists.
    pub fn position(&self) -> Position<JobId> {
        Position { created_at: self.created_at, id: self.id }
    }

    pub fn kind(&self) -> JobKind {
        self.request.kind()
    }

    /// The step that is next or under way. `None` once all have ended.
    pub fn active(&self) -> Option<(usize, &Step)> {
        self.steps.iter().enumerate().find(|(_, step)| step.state == StepState::Open)
    }

    /// Whom the step that is next or under way asks.
    pub fn route(&self) -> Option<&Route> {
        let (_, step) = self.active()?;
        self.routes.get(usize::from(step.route))
    }

    /// How many pieces are ours that this job pays for, and how many were asked for.
    pub fn tally(&self) -> (u32, u32) {
        let own = self.steps.iter().filter(|step| !step.carried);
        own.fold((0, 0), |(delivered, asked), step| {
            (delivered + step.delivered(), asked + u32::from(step.asked))
        })
    }

    /// Whether somebody must decide, or the policy's time.
    pub fn is_stuck(&self) -> bool {
        let ambiguous = |step: &Step| step.submission == Submission::Ambiguous;
        !self.state.is_terminal() && self.active().is_some_and(|(_, step)| ambiguous(step))
    }
}

impl Step {
    /// A step of which nothing has been done.
    pub fn new(part: Part, asked: u16) -> Self {
        Self {
            part,
            state: StepState::Open,
            submission: Submission::NotStarted,
            route: 0,
            attempts: 0,
            submissions: 0,
            misses: 0,
            marker: None,
            operation: None,
            asked,
            pieces: Vec::new(),
            trouble: None,
            submitted_at: None,
            quarantined_until: None,
            carried: false,
        }
    }

    /// How many pieces are ours, at most as many as were asked for.
    pub fn delivered(&self) -> u32 {
        let ours = match self.state {
            StepState::Stored => self.pieces.len().min(usize::from(self.asked)),
            StepState::Open | StepState::Failed => 0,
        };
        u32::try_from(ours).unwrap_or(u32::MAX)
    }

    /// The first stored file.
    pub fn asset(&self) -> Option<AssetId> {
        self.pieces.iter().find_map(Delivered::asset)
    }
}

impl Delivered {
    pub fn asset(&self) -> Option<AssetId> {
        match self {
            Self::Stored { asset, .. } => Some(*asset),
            Self::Text(_)
            | Self::Concept(_)
            | Self::Research { .. }
            | Self::Segments(_)
            | Self::Remote(_) => None,
        }
    }

    /// What is shown of a stored file where there is little room.
    pub fn thumbnail(&self) -> Option<AssetId> {
        match self {
            Self::Stored { thumbnail, .. } => *thumbnail,
            Self::Text(_)
            | Self::Concept(_)
            | Self::Research { .. }
            | Self::Segments(_)
            | Self::Remote(_) => None,
        }
    }

    /// Whether it is still to be fetched.
    pub fn is_remote(&self) -> bool {
        matches!(self, Self::Remote(_))
    }
}

impl Money {
    /// The share of the amount for so many pieces of so many: rounded down to a hundredth, so that
    /// shares never come to more than the whole.
    pub fn share(&self, delivered: u32, asked: u32) -> Credits {
        if delivered >= asked {
            return self.amount;
        }
        let hundredths = u128::from(self.amount.hundredths()) * u128::from(delivered);
        let share = u64::try_from(hundredths / u128::from(asked)).ok();
        share.and_then(Credits::from_hundredths).unwrap_or(Credits::ZERO)
    }
}
