//! The streams of jobs and events. Each makes its next message when the receiver has room for it,
//! and is over when the receiver drops it: there is no task and no queue of messages behind any of
//! them. They are ended by the server's shutdown in a stage of its own.

use std::sync::Arc;
use std::time::Duration;

use app::jobs::{JobWatch, Subscription};
use futures_util::stream::{self, BoxStream, StreamExt};
use ports::Clock;
use proto::atelier::generation::v1 as pb;
use tokio::time::timeout;
use tonic::Status;

use crate::status::{IntoStatus, cut_off};
use crate::wire::page::Tokens;
use crate::wire::{events, jobs};

pub(super) type Streamed<M> = BoxStream<'static, Result<M, Status>>;

/// How long nothing may be said while nothing happens: shorter than what connections between
/// servers are cut after.
const BOOKMARK_EVERY: Duration = Duration::from_secs(15);

/// Ends after the end of the job, or with the receiver.
pub(super) fn watched(
    watch: JobWatch,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
) -> Streamed<pb::WatchJobResponse> {
    stream::try_unfold((watch, tokens, clock), |(mut watch, tokens, clock)| async move {
        let job = match timeout(BOOKMARK_EVERY, watch.next()).await {
            Ok(next) => match next.map_err(IntoStatus::into_status)? {
                Some(job) => Some(Arc::unwrap_or_clone(job)),
                None => return Ok(None),
            },
            Err(_idle) => None,
        };
        let message = jobs::render_watched(&tokens, job, watch.seen(), clock.now());
        Ok(Some((message, (watch, tokens, clock))))
    })
    .boxed()
}

/// Begins with a message without events, so that whoever follows knows where it stands. Ends with
/// the receiver.
pub(super) fn subscribed(
    subscription: Subscription,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
) -> Streamed<pb::SubscribeResponse> {
    let start = (subscription, tokens, clock, true);
    stream::try_unfold(start, |(mut subscription, tokens, clock, first)| async move {
        let told = if first { Ok(Vec::new()) } else { subscription.next(BOOKMARK_EVERY).await };
        let position = subscription.position();
        let now = clock.now();
        let told = told.map_err(|error| cut_off(error, tokens.seal(&position, now)))?;
        let message = events::render_told(&tokens, &told, position, now);
        Ok(Some((message, (subscription, tokens, clock, false))))
    })
    .boxed()
}
