//! The one task that reads what has happened. It reads only while somebody waits for something.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Event, JobId, Timestamp, UserId};
use ports::{EventFilter, StoreError};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::WatchReads;
use super::hub::Hub;
use super::subscription::Told;

/// How soon it is looked again after something was heard. What was heard of may be held back for
/// some milliseconds by an older transaction that is still open.
const LOOK_SOON: Duration = Duration::from_millis(5);

/// How often it is looked though nothing is heard.
// 1 s: the safety net, for when the connection that listens is lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many events are read at once.
const READ_MAX: usize = 500;

/// How often every job that is watched is read, whatever was told: events are hints. Finds jobs that
/// went with their user, of which there is no event.
const LOOK_AT_ALL_EVERY: Duration = Duration::from_secs(60);

/// How many jobs are read at once, each with all that it has made.
const JOBS_MAX: usize = 100;

/// Follows until `stopped` ends.
pub(super) async fn follow(
    hub: Arc<Hub>,
    reads: Arc<dyn WatchReads>,
    stopped: oneshot::Receiver<()>,
) {
    tokio::select! {
        _ended = stopped => {}
        () = again(|| read(hub.clone(), reads.clone())) => {}
        () = again(|| look_again(hub.clone(), reads.clone())) => {}
    }
}

/// Does work that does not end, in a task of its own, so that a panic costs a second and not all
/// that follows. The task goes with this.
async fn again<F: Future<Output = ()> + Send + 'static>(work: impl Fn() -> F) {
    loop {
        let mut task = JoinSet::new();
        task.spawn(work());
        if let Some(Err(panic)) = task.join_next().await {
            tracing::error!(%panic, "following events panicked");
        }
        sleep(LOOK_EVERY).await;
    }
}

/// Reads events whenever somebody waits for something.
async fn read(hub: Arc<Hub>, reads: Arc<dyn WatchReads>) {
    let mut pause = LOOK_SOON;
    loop {
        if hub.rest() {
            hub.is_watched().await;
            pause = LOOK_SOON;
        }
        match look(&hub, &*reads).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                pause = LOOK_EVERY;
                warn(&error, "what has happened could not be read");
            }
        }
        pause = match reads.wait_for_events(pause).await {
            Ok(true) => LOOK_SOON,
            Ok(false) => (pause * 2).min(LOOK_EVERY),
            Err(error) => {
                warn(&error, "nothing can be heard of new events");
                LOOK_EVERY
            }
        };
    }
}

/// Reads the jobs that are watched now and then.
async fn look_again(hub: Arc<Hub>, reads: Arc<dyn WatchReads>) {
    loop {
        hub.is_watched().await;
        sleep(LOOK_AT_ALL_EVERY).await;
        if let Err(error) = look_at_all(&hub, &*reads).await {
            warn(&error, "jobs that are watched could not be read");
        }
    }
}

/// Reads what is next and tells of it. Answers whether there is probably more.
async fn look(hub: &Hub, reads: &dyn WatchReads) -> Result<bool, StoreError> {
    let place = match hub.place() {
        Some(place) => place,
        None => {
            let place = reads.last_event_position().await?;
            hub.begin(place);
            place
        }
    };
    // Nobody reads a busy ledger's journal for those who watch jobs.
    let only_jobs = !hub.is_listened_to();
    let under = if only_jobs { vec!["job".to_owned()] } else { Vec::new() };
    let filter = EventFilter { user: None, under };
    // Asked before: what is left out is not read again.
    let now = if only_jobs { reads.last_event_position().await? } else { place };
    let events = reads.list_events_after(&filter, Timestamp::MIN, place, READ_MAX).await?;
    let more = events.len() == READ_MAX;
    let last = match events.last() {
        Some((last, _)) => *last,
        None if now > place => now,
        None => return Ok(false),
    };
    let changed = hub.watched(events.iter().filter_map(|(_, event)| job_of(event)));
    for some in changed.chunks(JOBS_MAX) {
        hub.show(reads.find_jobs_of(some).await?);
    }
    let events: Vec<Told> = events.into_iter().map(Arc::new).collect();
    // Whoever came to listen meanwhile has missed nothing: everything is read for them.
    Ok(if only_jobs {
        !hub.pass(last) || more
    } else {
        hub.tell(&events, last);
        more
    })
}

async fn look_at_all(hub: &Hub, reads: &dyn WatchReads) -> Result<(), StoreError> {
    for some in hub.all_watched().chunks(JOBS_MAX) {
        let jobs = reads.find_jobs_of(some).await?;
        let mut gone: BTreeSet<(UserId, JobId)> = some.iter().copied().collect();
        for job in &jobs {
            gone.remove(&(job.user, job.id));
        }
        hub.show(jobs);
        for key in gone {
            hub.forget(key);
        }
    }
    Ok(())
}

/// The job that an event is about, if it is about one.
fn job_of(event: &Event) -> Option<(UserId, JobId)> {
    let of_job = event.kind.as_str().starts_with("job.");
    of_job.then(|| (event.user, JobId::from_uuid(event.subject)))
}

fn warn(error: &StoreError, what: &str) {
    let error: &dyn std::error::Error = error;
    tracing::warn!(error, "{what}");
}
