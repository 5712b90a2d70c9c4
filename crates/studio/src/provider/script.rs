//! What a caller may order of the studio to go wrong, so that every path can be tried by hand. In
//! the metadata of a request, under `studio`, and only where an operator has allowed it.

use std::time::Duration;

use generation::{Call, Class, Failure, Stage};
use serde::Deserialize;

/// One script. Everything is optional; nothing of it is the usual course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Script {
    /// Waits before it answers.
    pub(super) latency_ms: u64,
    /// Fails in one of the ways of `Outcome`.
    pub(super) fail: Option<Outcome>,
    /// Fails only so many times, then works. Counted for each text of a script.
    pub(super) times: Option<u32>,
    /// With `rate_limit`: when to come again.
    pub(super) retry_after_ms: Option<u64>,
    /// Makes only so many pieces.
    pub(super) partial: Option<usize>,
    /// Accepts and makes nothing, for ever.
    pub(super) hang: bool,
    /// Accepts what it would otherwise answer at once.
    pub(super) accept: bool,
    /// Hands out files that end too early.
    pub(super) truncate: bool,
    /// Hands out files that are none.
    pub(super) garbage: bool,
}

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    InvalidArgument,
    RefuseInput,
    RefuseOutput,
    RateLimit,
    Quota,
    Auth,
    Retired,
    Transient,
    Ambiguous,
    Failed,
    FailedRetryable,
    OutputLost,
}

#[derive(Deserialize)]
struct Metadata {
    studio: Option<Script>,
}

impl Script {
    /// The script of a call; the usual course if it has none.
    pub(super) fn read(call: &Call) -> Result<Self, Failure> {
        let Some(metadata) = &call.metadata else { return Ok(Self::default()) };
        match serde_json::from_str::<Metadata>(metadata.as_str()) {
            Ok(metadata) => Ok(metadata.studio.unwrap_or_default()),
            Err(error) => {
                let message = format!("script of the studio cannot be read: {error}");
                Err(Failure::new(Class::InvalidArgument, message))
            }
        }
    }

    pub(super) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }

    /// The failure it orders.
    pub(super) fn failure(&self) -> Option<Failure> {
        let refused =
            |stage| Class::ContentRefused { stage, categories: vec!["scripted".to_owned()] };
        let class = match self.fail? {
            Outcome::InvalidArgument => Class::InvalidArgument,
            Outcome::RefuseInput => refused(Stage::Input),
            Outcome::RefuseOutput => refused(Stage::Output),
            Outcome::RateLimit => {
                Class::RateLimited { retry_after: self.retry_after_ms.map(Duration::from_millis) }
            }
            Outcome::Quota => Class::QuotaExhausted { until: None },
            Outcome::Auth => Class::AuthFailed,
            Outcome::Retired => Class::ModelRetired,
            Outcome::Transient => Class::Transient,
            Outcome::Ambiguous => Class::Ambiguous,
            Outcome::Failed => Class::ProviderFailed { retryable: false },
            Outcome::FailedRetryable => Class::ProviderFailed { retryable: true },
            Outcome::OutputLost => Class::OutputLost,
        };
        Some(
            Failure::new(class, "the script of the request asked for this failure")
                .with_code("scripted"),
        )
    }

    /// Spoils what was made, as far as it orders that.
    pub(super) fn spoil(&self, mut made: generation::Made) -> generation::Made {
        if let Some(count) = self.partial
            && count < made.pieces.len()
        {
            made.pieces.truncate(count.max(1));
            made.note = Some("the script of the request asked for a part".to_owned());
        }
        for piece in &mut made.pieces {
            if let generation::Piece::File(generation::MadeFile::Bytes(bytes)) = piece {
                if self.truncate {
                    bytes.truncate(bytes.len() / 2);
                }
                if self.garbage {
                    *bytes = b"these bytes are no file of any kind".to_vec();
                }
            }
        }
        made
    }
}
