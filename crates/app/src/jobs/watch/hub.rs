//! Who waits for what, and up to where all of them have been told.
//!
//! A watcher of a job finds its newest state only. A listener for events has a bounded queue; one
//! that is full is taken away, and its listener reads for itself what it has missed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use generation::Job;
use kernel::{EventPosition, JobId, UserId};
use ports::EventFilter;
use tokio::sync::{Notify, mpsc, watch};

use super::subscription::Told;

/// How many events wait for one listener.
// 1,024: some seconds of everything that a busy service does, and a few hundred kilobytes.
const QUEUE_MAX: usize = 1_024;

/// What was seen last of a watched job.
#[derive(Debug, Clone)]
pub(super) enum Seen {
    /// Nothing since the first watcher came.
    Nothing,
    Job(Arc<Job>),
    /// It went with its user.
    Gone,
}

#[derive(Default)]
pub(super) struct Hub {
    board: Mutex<Board>,
    /// Nothing at or before it is still to be told. `None` while nobody reads.
    place: watch::Sender<Option<EventPosition>>,
    first: Notify,
}

#[derive(Default)]
struct Board {
    jobs: HashMap<(UserId, JobId), watch::Sender<Seen>>,
    listeners: HashMap<u64, Listener>,
    numbered: u64,
}

struct Listener {
    filter: EventFilter,
    queue: mpsc::Sender<Told>,
    full: Arc<AtomicBool>,
}

/// The other end of a listener. Dropping it takes the listener away.
pub(super) struct Ear {
    hub: Arc<Hub>,
    number: u64,
    pub(super) queue: mpsc::Receiver<Told>,
    /// Whether nothing more comes, because too much was waiting.
    full: Arc<AtomicBool>,
}

impl Board {
    fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.listeners.is_empty()
    }
}

impl Hub {
    /// Joins those who watch a job: [`Hub::leave`] before the receiver is dropped.
    pub(super) fn join(&self, key: (UserId, JobId)) -> watch::Receiver<Seen> {
        let mut board = self.board();
        let sender = board.jobs.entry(key).or_insert_with(|| watch::Sender::new(Seen::Nothing));
        let receiver = sender.subscribe();
        self.first.notify_waiters();
        receiver
    }

    pub(super) fn leave(&self, key: (UserId, JobId)) {
        let mut board = self.board();
        if board.jobs.get(&key).is_some_and(|sender| sender.receiver_count() <= 1) {
            board.jobs.remove(&key);
        }
    }

    /// Listens to events from the place that is answered.
    pub(super) async fn listen(self: &Arc<Self>, filter: EventFilter) -> (Ear, EventPosition) {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        let full = Arc::new(AtomicBool::new(false));
        let listener = Listener { filter, queue: sender, full: full.clone() };
        let (ear, place) = {
            let mut board = self.board();
            board.numbered += 1;
            let number = board.numbered;
            board.listeners.insert(number, listener);
            self.first.notify_waiters();
            let ear = Ear { hub: self.clone(), number, queue: receiver, full };
            (ear, *self.place.borrow())
        };
        match place {
            Some(place) => (ear, place),
            None => (ear, self.followed().await),
        }
    }

    /// Waits until somebody reads, and answers from where on. To be asked after joining.
    pub(super) async fn followed(&self) -> EventPosition {
        let mut place = self.place.subscribe();
        loop {
            if let Some(place) = *place.borrow_and_update() {
                return place;
            }
            // The sender is here for as long as this is.
            if place.changed().await.is_err() {
                return EventPosition::default();
            }
        }
    }

    /// Waits until somebody waits for something.
    pub(super) async fn is_watched(&self) {
        loop {
            let first = self.first.notified();
            if !self.board().is_empty() {
                return;
            }
            first.await;
        }
    }

    /// Ends reading if nobody waits for anything, and tells whether it has.
    pub(super) fn rest(&self) -> bool {
        let board = self.board();
        let idle = board.is_empty();
        if idle {
            self.place.send_replace(None);
        }
        idle
    }

    pub(super) fn place(&self) -> Option<EventPosition> {
        *self.place.borrow()
    }

    pub(super) fn begin(&self, place: EventPosition) {
        self.place.send_replace(Some(place));
    }

    /// Which of these somebody watches.
    pub(super) fn watched(
        &self,
        keys: impl Iterator<Item = (UserId, JobId)>,
    ) -> Vec<(UserId, JobId)> {
        let board = self.board();
        let mut watched: Vec<_> = keys.filter(|key| board.jobs.contains_key(key)).collect();
        watched.sort_unstable();
        watched.dedup();
        watched
    }

    pub(super) fn all_watched(&self) -> Vec<(UserId, JobId)> {
        self.board().jobs.keys().copied().collect()
    }

    /// Tells listeners what has happened. All up to `place` has then been told.
    pub(super) fn tell(&self, events: &[Told], place: EventPosition) {
        let mut board = self.board();
        board.listeners.retain(|_, Listener { filter, queue, full }| {
            let mut fitting = events.iter().filter(|told| filter.fits(&told.1));
            let kept = fitting.all(|told| queue.try_send(told.clone()).is_ok());
            full.store(!kept, Ordering::Relaxed);
            kept
        });
        // Under the lock: who joins now joins after these.
        self.place.send_replace(Some(place));
    }

    /// Whether there are listeners, and not only watchers of jobs.
    pub(super) fn is_listened_to(&self) -> bool {
        !self.board().listeners.is_empty()
    }

    /// Goes on to `place`, unless there are listeners by now. Whether it has.
    pub(super) fn pass(&self, place: EventPosition) -> bool {
        let board = self.board();
        let alone = board.listeners.is_empty();
        if alone {
            self.place.send_replace(Some(place));
        }
        alone
    }

    /// Shows jobs to those who watch them. An older state than the one shown is left out.
    pub(super) fn show(&self, jobs: impl IntoIterator<Item = Job>) {
        let board = self.board();
        for job in jobs {
            let Some(sender) = board.jobs.get(&(job.user, job.id)) else { continue };
            sender.send_if_modified(|seen| {
                let newer = match seen {
                    Seen::Nothing => true,
                    Seen::Job(shown) => job.etag > shown.etag,
                    Seen::Gone => false,
                };
                if newer {
                    *seen = Seen::Job(Arc::new(job));
                }
                newer
            });
        }
    }

    /// Tells the watchers of a job that is no longer there.
    pub(super) fn forget(&self, key: (UserId, JobId)) {
        if let Some(sender) = self.board().jobs.get(&key) {
            sender.send_replace(Seen::Gone);
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // Each change is one call on a map: a panic elsewhere leaves it whole.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ear {
    /// Whether something could not be put into the queue, which ends with what is in it.
    pub(super) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Up to where everything has come out of the queue, if nothing is in it.
    pub(super) fn heard(&self) -> Option<EventPosition> {
        // In this order: what is told up to a place is in the queue before the place moves there.
        let place = self.hub.place();
        place.filter(|_| self.queue.is_empty() && !self.queue.is_closed())
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.hub.board().listeners.remove(&self.number);
    }
}
