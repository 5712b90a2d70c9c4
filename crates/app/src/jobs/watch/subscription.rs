//! Events in their order, from a position on: first those that are there, read a page at a time,
//! then each as it is told.
//!
//! Whoever is slower than what happens reads again what did not fit its queue. Only who takes
//! nothing at all for some seconds is cut off.

use std::sync::Arc;
use std::time::Duration;

use generation::{Event, EventPosition};
use ports::{EventFilter, StoreError};
use tokio::time::{Instant, timeout_at};

use super::WatchReads;
use super::hub::{Ear, Hub};

/// An event where it stands. All who are told of it share it.
pub type Told = Arc<(EventPosition, Event)>;

/// How many events are handed out at once.
const PAGE: usize = 100;

/// How long nothing may be taken of what waits.
const SLOW_MAX: Duration = Duration::from_secs(10);

/// One who follows events. Dropping it ends that.
pub struct Subscription {
    hub: Arc<Hub>,
    reads: Arc<dyn WatchReads>,
    filter: EventFilter,
    /// Nothing at or before it is told again.
    last: EventPosition,
    /// `None` while there is so much to read that listening is no use yet.
    ear: Option<Ear>,
    /// Whether everything of before the ear was there has been read.
    caught_up: bool,
    /// When something was handed out last.
    taken_at: Instant,
}

/// Why nothing more comes.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error("what was sent was not taken for several seconds")]
    TooSlow,
    #[error("the store could not be reached or did not answer")]
    Store(#[from] StoreError),
}

impl Subscription {
    pub(super) async fn open(
        hub: Arc<Hub>,
        reads: Arc<dyn WatchReads>,
        filter: EventFilter,
        after: Option<EventPosition>,
    ) -> Self {
        let (last, ear) = match after {
            Some(last) => (last, None),
            None => {
                let (ear, last) = hub.listen(filter.clone()).await;
                (last, Some(ear))
            }
        };
        let caught_up = ear.is_some();
        Self { hub, reads, filter, last, ear, caught_up, taken_at: Instant::now() }
    }

    /// The next events, or none where nothing happens for so long. Is not to be dropped while it
    /// reads what it has missed: the store would finish for nobody.
    pub async fn next(&mut self, patience: Duration) -> Result<Vec<Told>, FollowError> {
        if self.ear.as_ref().is_some_and(Ear::is_full) && self.taken_at.elapsed() > SLOW_MAX {
            return Err(FollowError::TooSlow);
        }
        let end = Instant::now() + patience;
        let told = self.next_until(end).await;
        self.taken_at = Instant::now();
        told
    }

    async fn next_until(&mut self, end: Instant) -> Result<Vec<Told>, FollowError> {
        loop {
            let events = if self.caught_up {
                match timeout_at(end, self.hear()).await {
                    Ok(heard) => heard?,
                    Err(_elapsed) => return Ok(Vec::new()),
                }
            } else {
                self.read().await?
            };
            if let Some(told) = events.last() {
                self.last = told.0;
                return Ok(events);
            }
        }
    }

    /// Where it stands: whoever goes on from here misses nothing and is told nothing twice.
    pub fn position(&mut self) -> EventPosition {
        let heard = self.ear.as_ref().filter(|_| self.caught_up).and_then(Ear::heard);
        self.last = self.last.max(heard.unwrap_or(self.last));
        self.last
    }

    async fn read(&mut self) -> Result<Vec<Told>, FollowError> {
        let page = self.reads.list_events_after(&self.filter, self.last, PAGE).await?;
        if page.len() < PAGE {
            match &self.ear {
                // Read once more from there: what came before it listened is then told too.
                None => self.ear = Some(self.hub.listen(self.filter.clone()).await.0),
                Some(_) => self.caught_up = true,
            }
        }
        Ok(page.into_iter().map(Arc::new).collect())
    }

    async fn hear(&mut self) -> Result<Vec<Told>, FollowError> {
        let Some(ear) = &mut self.ear else {
            self.caught_up = false;
            return Ok(Vec::new());
        };
        let Some(first) = ear.queue.recv().await else {
            // The rest is read.
            self.ear = None;
            self.caught_up = false;
            return Ok(Vec::new());
        };
        let mut events = vec![first];
        while events.len() < PAGE
            && let Ok(next) = ear.queue.try_recv()
        {
            events.push(next);
        }
        events.retain(|told| told.0 > self.last);
        Ok(events)
    }
}
