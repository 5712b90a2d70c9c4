//! `atelier.users.v1.UserService`.

use std::sync::Arc;

use app::Users;
use ports::Clock;
use proto::atelier::users::v1 as pb;
use tonic::{Request, Response};

use super::Reply;
use crate::status::IntoStatus;
use crate::wire::users as wire;

/// Answers `UserService`.
pub struct UserApi {
    users: Arc<Users>,
    clock: Arc<dyn Clock>,
}

impl UserApi {
    pub fn new(users: Arc<Users>, clock: Arc<dyn Clock>) -> Self {
        Self { users, clock }
    }
}

#[tonic::async_trait]
impl pb::user_service_server::UserService for UserApi {
    async fn create_user(
        &self,
        request: Request<pb::CreateUserRequest>,
    ) -> Reply<pb::CreateUserResponse> {
        let command = wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let created = self.users.create(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_created(created)))
    }

    async fn get_user(&self, request: Request<pb::GetUserRequest>) -> Reply<pb::GetUserResponse> {
        let id = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.get(id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetUserResponse { user: Some(wire::render_user(user)) }))
    }

    async fn get_user_by_email(
        &self,
        request: Request<pb::GetUserByEmailRequest>,
    ) -> Reply<pb::GetUserByEmailResponse> {
        let email =
            wire::parse_get_by_email(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.get_by_email(&email).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetUserByEmailResponse { user: Some(wire::render_user(user)) }))
    }

    async fn get_user_by_identity(
        &self,
        request: Request<pb::GetUserByIdentityRequest>,
    ) -> Reply<pb::GetUserByIdentityResponse> {
        let identity =
            wire::parse_get_by_identity(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.get_by_identity(&identity).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetUserByIdentityResponse { user: Some(wire::render_user(user)) }))
    }

    async fn list_users(
        &self,
        request: Request<pb::ListUsersRequest>,
    ) -> Reply<pb::ListUsersResponse> {
        let now = self.clock.now();
        let (filter, asked) =
            wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self.users.list(&filter, asked.size, asked.after).await;
        let page = page.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn update_user(
        &self,
        request: Request<pb::UpdateUserRequest>,
    ) -> Reply<pb::UpdateUserResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.update(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateUserResponse { user: Some(wire::render_user(user)) }))
    }

    async fn delete_user(
        &self,
        request: Request<pb::DeleteUserRequest>,
    ) -> Reply<pb::DeleteUserResponse> {
        let command = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.users.delete(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteUserResponse {}))
    }

    async fn upsert_user(
        &self,
        request: Request<pb::UpsertUserRequest>,
    ) -> Reply<pb::UpsertUserResponse> {
        let command = wire::parse_upsert(request.into_inner()).map_err(IntoStatus::into_status)?;
        let upserted = self.users.upsert(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_upserted(upserted)))
    }

    async fn batch_get_users(
        &self,
        request: Request<pb::BatchGetUsersRequest>,
    ) -> Reply<pb::BatchGetUsersResponse> {
        let ids = wire::parse_batch(request.into_inner()).map_err(IntoStatus::into_status)?;
        let batch = self.users.batch_get(&ids).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_batch(batch)))
    }

    async fn record_login(
        &self,
        request: Request<pb::RecordLoginRequest>,
    ) -> Reply<pb::RecordLoginResponse> {
        let user = wire::parse_login(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.record_login(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RecordLoginResponse { user: Some(wire::render_user(user)) }))
    }

    async fn add_identity(
        &self,
        request: Request<pb::AddIdentityRequest>,
    ) -> Reply<pb::AddIdentityResponse> {
        let (user, identity) =
            wire::parse_add_identity(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user =
            self.users.add_identity(user, &identity).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::AddIdentityResponse { user: Some(wire::render_user(user)) }))
    }

    async fn remove_identity(
        &self,
        request: Request<pb::RemoveIdentityRequest>,
    ) -> Reply<pb::RemoveIdentityResponse> {
        let (user, identity) =
            wire::parse_remove_identity(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user =
            self.users.remove_identity(user, &identity).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RemoveIdentityResponse { user: Some(wire::render_user(user)) }))
    }

    async fn update_preferences(
        &self,
        request: Request<pb::UpdatePreferencesRequest>,
    ) -> Reply<pb::UpdatePreferencesResponse> {
        let command =
            wire::parse_preferences(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.prefer(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdatePreferencesResponse { user: Some(wire::render_user(user)) }))
    }

    async fn set_account_status(
        &self,
        request: Request<pb::SetAccountStatusRequest>,
    ) -> Reply<pb::SetAccountStatusResponse> {
        let command = wire::parse_status(request.into_inner()).map_err(IntoStatus::into_status)?;
        let user = self.users.set_status(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::SetAccountStatusResponse { user: Some(wire::render_user(user)) }))
    }
}

#[cfg(test)]
mod tests;
