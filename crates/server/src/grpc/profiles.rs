//! `atelier.users.v1.ProfileService`.

use std::sync::Arc;

use app::Profiles;
use ports::Clock;
use proto::atelier::users::v1 as pb;
use tonic::{Request, Response};

use super::Reply;
use crate::status::IntoStatus;
use crate::wire::profiles as wire;

/// Answers `ProfileService`.
pub struct ProfileApi {
    profiles: Arc<Profiles>,
    clock: Arc<dyn Clock>,
}

impl ProfileApi {
    pub fn new(profiles: Arc<Profiles>, clock: Arc<dyn Clock>) -> Self {
        Self { profiles, clock }
    }
}

#[tonic::async_trait]
impl pb::profile_service_server::ProfileService for ProfileApi {
    async fn get_profile(
        &self,
        request: Request<pb::GetProfileRequest>,
    ) -> Reply<pb::GetProfileResponse> {
        let user = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let profile = self.profiles.get(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetProfileResponse { profile: Some(wire::render_profile(profile)) }))
    }

    async fn update_profile(
        &self,
        request: Request<pb::UpdateProfileRequest>,
    ) -> Reply<pb::UpdateProfileResponse> {
        let (user, patch, expected) =
            wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let profile = self.profiles.update(user, &patch, expected).await;
        let profile = Some(wire::render_profile(profile.map_err(IntoStatus::into_status)?));
        Ok(Response::new(pb::UpdateProfileResponse { profile }))
    }

    async fn award_badge(
        &self,
        request: Request<pb::AwardBadgeRequest>,
    ) -> Reply<pb::AwardBadgeResponse> {
        let (user, badge) = wire::parse_award(request.into_inner(), self.clock.now())
            .map_err(IntoStatus::into_status)?;
        let profile = self.profiles.award(user, &badge).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::AwardBadgeResponse { profile: Some(wire::render_profile(profile)) }))
    }

    async fn revoke_badge(
        &self,
        request: Request<pb::RevokeBadgeRequest>,
    ) -> Reply<pb::RevokeBadgeResponse> {
        let (user, kind) =
            wire::parse_revoke(request.into_inner()).map_err(IntoStatus::into_status)?;
        let profile = self.profiles.revoke(user, &kind).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RevokeBadgeResponse { profile: Some(wire::render_profile(profile)) }))
    }

    async fn count_engagement(
        &self,
        request: Request<pb::CountEngagementRequest>,
    ) -> Reply<pb::CountEngagementResponse> {
        let (user, likes, downloads) =
            wire::parse_count(request.into_inner()).map_err(IntoStatus::into_status)?;
        let profile = self.profiles.count(user, likes, downloads).await;
        let profile = Some(wire::render_profile(profile.map_err(IntoStatus::into_status)?));
        Ok(Response::new(pb::CountEngagementResponse { profile }))
    }
}
