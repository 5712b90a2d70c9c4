//! How providers fail, in one vocabulary, and what follows from it: the only table of its kind.

use std::time::Duration;

use kernel::Timestamp;

/// A call that made nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub class: Class,
    /// For people: what the provider said, shortened, without keys and addresses.
    pub message: String,
    /// The provider's own code, for evidence.
    pub code: Option<String>,
}

/// What kind of failure it is. Decides everything that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// The parameters are wrong.
    InvalidArgument,
    /// The provider does not want to make it, or to hand out what it made.
    ContentRefused { stage: Stage, categories: Vec<String> },
    /// Too many requests for the moment.
    RateLimited { retry_after: Option<Duration> },
    /// The allowance of a day or a month is used up, or the credit with the provider.
    QuotaExhausted { until: Option<Timestamp> },
    /// The key is wrong, revoked, or may not do this.
    AuthFailed,
    /// The model is gone.
    ModelRetired,
    /// Nothing was sent: the request did not reach the provider.
    Transient,
    /// The request was sent, perhaps, and nobody knows what came of it.
    Ambiguous,
    /// The provider took it and could not make it. Another try may work where it is `retryable`.
    ProviderFailed { retryable: bool },
    /// It was made, and its bytes cannot be had any more, or are not what they should be.
    OutputLost,
}

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The request.
    Input,
    /// What came of it.
    Output,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the same provider is asked again.
    pub retry: Retry,
    /// Whether another provider may be asked.
    pub fall_back: bool,
    /// What becomes of the credits if nobody is asked again.
    pub credits: Credit,
    /// Whether an operator must know.
    pub alert: bool,
}

/// Whether the same provider is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    No,
    /// After a pause that grows; counts as an attempt.
    BackOff,
    /// Once the provider's own pause is over; counts for the limiter, not as an attempt.
    AfterPause,
    /// Never made again: found again where the provider can look it up.
    Recover,
    /// The file is fetched again; nothing is made again.
    Refetch,
}

/// What becomes of the credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit {
    Release,
    /// Stay held until a person or the policy's time decides.
    Hold,
    /// Given back, while the provider was paid: a loss of ours.
    WriteOff,
}

impl Failure {
    pub fn new(class: Class, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), code: None }
    }

    pub fn with_code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    pub fn verdict(&self) -> Verdict {
        self.class.verdict()
    }
}

impl Class {
    /// The name in storage, in events and in metrics.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::ContentRefused { .. } => "content_refused",
            Self::RateLimited { .. } => "rate_limited",
            Self::QuotaExhausted { .. } => "quota_exhausted",
            Self::AuthFailed => "auth_failed",
            Self::ModelRetired => "model_retired",
            Self::Transient => "transient",
            Self::Ambiguous => "ambiguous",
            Self::ProviderFailed { .. } => "provider_failed",
            Self::OutputLost => "output_lost",
        }
    }

    /// The table.
    pub const fn verdict(&self) -> Verdict {
        use Credit::{Hold, Release, WriteOff};
        use Retry::{AfterPause, BackOff, No, Recover, Refetch};
        let (retry, fall_back, credits, alert) = match self {
            Self::InvalidArgument => (No, false, Release, false),
            // Another provider would be asked to launder the refusal.
            Self::ContentRefused { .. } => (No, false, Release, false),
            Self::RateLimited { .. } => (AfterPause, true, Release, false),
            Self::QuotaExhausted { .. } => (No, true, Release, true),
            Self::AuthFailed => (No, true, Release, true),
            Self::ModelRetired => (No, true, Release, true),
            Self::Transient => (BackOff, true, Release, false),
            // Whoever asks again may pay twice.
            Self::Ambiguous => (Recover, false, Hold, true),
            Self::ProviderFailed { retryable: true } => (BackOff, true, Release, false),
            Self::ProviderFailed { retryable: false } => (No, false, Release, false),
            Self::OutputLost => (Refetch, false, WriteOff, true),
        };
        Verdict { retry, fall_back, credits, alert }
    }
}

#[cfg(test)]
mod tests;
