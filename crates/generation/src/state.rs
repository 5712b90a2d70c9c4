//! The closed lists of a job's life. Their names are those in storage and in events.

use kernel::Span;

kernel::named_enums! {
    /// What is made.
    JobKind {
        #[default]
        Chat = "chat",
        Concept = "concept",
        Research = "research",
        Summary = "summary",
        Segmentation = "segmentation",
        Image = "image",
        ImageEdit = "image_edit",
        Video = "video",
        Voiceover = "voiceover",
        Character = "character",
        Variant = "variant",
        Scene = "scene",
    }

    /// Where a job is. The last five are for good.
    JobState {
        #[default]
        Queued = "queued",
        /// Somebody was asked, or is about to be asked again.
        Running = "running",
        /// It was made; its bytes are on their way to us.
        Storing = "storing",
        Succeeded = "succeeded",
        Failed = "failed",
        /// The provider did not want to make it.
        Refused = "refused",
        Cancelled = "cancelled",
        /// It was not ready in time.
        Expired = "expired",
    }

    /// What callers are told of a state; why it failed is told beside it.
    PublicState {
        #[default]
        Queued = "queued",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
        Cancelled = "cancelled",
    }

    /// What is known of the submission of a step.
    Submission {
        #[default]
        NotStarted = "not_started",
        /// Written before the first byte is sent: whoever finds it did not send it.
        InFlight = "in_flight",
        Accepted = "accepted",
        ProviderDone = "provider_done",
        /// Nothing reached the provider.
        NotSent = "not_sent",
        /// The provider answered, and made nothing.
        Rejected = "rejected",
        /// Nobody knows whether anything was made.
        Ambiguous = "ambiguous",
    }

    /// Where a step is.
    StepState {
        #[default]
        Open = "open",
        /// Its pieces are ours.
        Stored = "stored",
        Failed = "failed",
    }

    /// What became of the credits that were set aside.
    HoldState {
        /// There was nothing to set aside.
        #[default]
        Free = "free",
        Reserved = "reserved",
        Captured = "captured",
        Released = "released",
        /// Given back, while somebody was paid: a loss of ours.
        WrittenOff = "written_off",
    }

    /// Why a job did not succeed: stable, for programs.
    Reason {
        #[default]
        ProviderFailed = "provider_failed",
        InvalidArgument = "invalid_argument",
        ContentRefused = "content_refused",
        RateLimited = "rate_limited",
        ProviderUnavailable = "provider_unavailable",
        ModelRetired = "model_retired",
        OutputLost = "output_lost",
        /// Nobody could tell what came of it until the time for that was over.
        OutcomeUnknown = "outcome_unknown",
        DeadlineExceeded = "deadline_exceeded",
        Cancelled = "cancelled",
        /// A picture that it was to be made from is gone.
        SourceGone = "source_gone",
        /// It ended several workers one after the other.
        WorkerCrashed = "worker_crashed",
        /// An operator ended it.
        Operator = "operator",
    }

    /// Who is served first among the jobs of one user. Waiting makes up for it.
    Priority {
        /// Somebody is looking at the screen.
        Interactive = "interactive",
        #[default]
        Normal = "normal",
        Batch = "batch",
    }
}

impl JobState {
    pub const fn is_terminal(self) -> bool {
        match self {
            Self::Queued | Self::Running | Self::Storing => false,
            Self::Succeeded | Self::Failed | Self::Refused | Self::Cancelled | Self::Expired => {
                true
            }
        }
    }

    pub const fn public(self) -> PublicState {
        match self {
            Self::Queued => PublicState::Queued,
            Self::Running | Self::Storing => PublicState::Running,
            Self::Succeeded => PublicState::Succeeded,
            Self::Failed | Self::Refused | Self::Expired => PublicState::Failed,
            Self::Cancelled => PublicState::Cancelled,
        }
    }
}

impl PublicState {
    /// The states that are told so.
    pub fn states(self) -> impl Iterator<Item = JobState> {
        JobState::ALL.iter().copied().filter(move |state| state.public() == self)
    }
}

impl Priority {
    /// How much longer than an interactive one a job waits for its turn: so nothing waits for ever.
    pub const fn handicap(self) -> Span {
        match self {
            Self::Interactive => Span::ZERO,
            Self::Normal => Span::from_secs(5 * 60),
            Self::Batch => Span::from_secs(60 * 60),
        }
    }
}

impl JobKind {
    /// How long a job may take in all. Well above the slowest that vendors document.
    pub const fn patience(self) -> Span {
        match self {
            Self::Chat | Self::Concept | Self::Research | Self::Summary | Self::Segmentation => {
                Span::from_secs(15 * 60)
            }
            Self::Image | Self::ImageEdit | Self::Voiceover | Self::Variant | Self::Scene => {
                Span::from_secs(30 * 60)
            }
            Self::Video | Self::Character => Span::from_secs(2 * 60 * 60),
        }
    }

    /// Whether it takes a unit of the user's day.
    pub const fn counts(self) -> bool {
        match self {
            Self::Image
            | Self::ImageEdit
            | Self::Video
            | Self::Character
            | Self::Variant
            | Self::Scene => true,
            Self::Chat
            | Self::Concept
            | Self::Research
            | Self::Summary
            | Self::Segmentation
            | Self::Voiceover => false,
        }
    }
}
