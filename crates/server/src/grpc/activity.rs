//! `atelier.activity.v1.ActivityService`.

use std::sync::Arc;

use app::ActivityLog;
use ports::Clock;
use proto::atelier::activity::v1 as pb;
use tonic::{Request, Response};

use super::Reply;
use crate::status::IntoStatus;
use crate::wire::activity as wire;

/// Answers `ActivityService`.
pub struct ActivityApi {
    log: Arc<ActivityLog>,
    clock: Arc<dyn Clock>,
}

impl ActivityApi {
    pub fn new(log: Arc<ActivityLog>, clock: Arc<dyn Clock>) -> Self {
        Self { log, clock }
    }
}

#[tonic::async_trait]
impl pb::activity_service_server::ActivityService for ActivityApi {
    async fn record_activity(
        &self,
        request: Request<pb::RecordActivityRequest>,
    ) -> Reply<pb::RecordActivityResponse> {
        let command = wire::parse_record(request.into_inner()).map_err(IntoStatus::into_status)?;
        let activity = self.log.record(command).await.map_err(IntoStatus::into_status)?;
        let activity = Some(wire::render_activity(activity));
        Ok(Response::new(pb::RecordActivityResponse { activity }))
    }

    async fn list_activity(
        &self,
        request: Request<pb::ListActivityRequest>,
    ) -> Reply<pb::ListActivityResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let wire::AskedActivity { user, filter, page } = &asked;
        let found = self.log.list(*user, filter, page.size, page.after).await;
        Ok(Response::new(wire::render_page(page, found.map_err(IntoStatus::into_status)?, now)))
    }
}
