//! `atelier.generation.v1.EventService`. Its stream is made in `streams`.

use std::sync::Arc;

use app::Jobs;
use app::jobs::Watches;
use ports::Clock;
use proto::atelier::generation::v1 as pb;
use tonic::{Request, Response};

use super::streams::{self, Streamed};
use super::{OrStatus, Reply};
use crate::wire::events as wire;

/// Answers `EventService`.
pub struct EventApi {
    jobs: Arc<Jobs>,
    watches: Arc<Watches>,
    clock: Arc<dyn Clock>,
}

impl EventApi {
    pub fn new(jobs: Arc<Jobs>, watches: Arc<Watches>, clock: Arc<dyn Clock>) -> Self {
        Self { jobs, watches, clock }
    }
}

#[tonic::async_trait]
impl pb::event_service_server::EventService for EventApi {
    type SubscribeStream = Streamed<pb::SubscribeResponse>;

    async fn subscribe(
        &self,
        request: Request<pb::SubscribeRequest>,
    ) -> Reply<Self::SubscribeStream> {
        let wire::AskedEvents { filter, after, tokens } =
            wire::parse_subscribe(request.into_inner(), self.clock.now()).or_status()?;
        let subscription = self.watches.subscribe(filter, after).await;
        Ok(Response::new(streams::subscribed(subscription, tokens, self.clock.clone())))
    }

    async fn list_events(
        &self,
        request: Request<pb::ListEventsRequest>,
    ) -> Reply<pb::ListEventsResponse> {
        let now = self.clock.now();
        let (asked, size) = wire::parse_list(request.into_inner(), now).or_status()?;
        let after = asked.after.unwrap_or_default();
        let events = self.jobs.events_after(&asked.filter, after, size.get()).await.or_status()?;
        Ok(Response::new(wire::render_list(&asked, &events, now)))
    }
}
