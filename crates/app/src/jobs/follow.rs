//! Following along: what has happened, in the order of its commits, for as long as it is kept.

use std::time::Duration;

use generation::{Event, EventPosition};
use kernel::Span;
use ports::EventFilter;
use tracing::instrument;

use super::{JobError, Jobs};

/// How long events are kept.
// Three days: who was away over a weekend's failure goes on from where they stood.
const KEPT: Span = Span::from_secs(72 * 60 * 60);

/// How many events are forgotten at once, so that nobody waits for it.
const FORGOTTEN_MAX: usize = 1_000;

impl Jobs {
    /// The next events after a position, `limit` at most. Whoever goes on from the last one has
    /// missed nothing.
    #[instrument(skip_all)]
    pub async fn events_after(
        &self,
        filter: &EventFilter,
        after: EventPosition,
        limit: usize,
    ) -> Result<Vec<(EventPosition, Event)>, JobError> {
        Ok(self.reads.list_events_after(filter, after, limit).await?)
    }

    /// Where whoever wants to hear of what is yet to come begins.
    #[instrument(skip_all)]
    pub async fn last_event(&self) -> Result<EventPosition, JobError> {
        Ok(self.reads.last_event_position().await?)
    }

    /// Forgets what is too old, again and again. Never returns.
    pub async fn keep_forgetting(&self, every: Duration) {
        loop {
            match self.forget_events().await {
                Ok(0) => {}
                Ok(events) => tracing::info!(events, "old events were forgotten"),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, "old events could not be forgotten");
                }
            }
            tokio::time::sleep(every).await;
        }
    }

    /// Forgets what is too old to be told. Answers how many events that were.
    #[instrument(skip_all)]
    pub async fn forget_events(&self) -> Result<usize, JobError> {
        let before = self.clock.now().saturating_sub(KEPT);
        let mut forgotten = 0;
        loop {
            let round = self.reads.forget_events(before, FORGOTTEN_MAX).await?;
            forgotten += round;
            if round < FORGOTTEN_MAX {
                return Ok(forgotten);
            }
        }
    }
}
