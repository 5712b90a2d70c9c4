//! `atelier.projects.v1.ProjectService`.

use std::sync::Arc;

use app::{Assets, Projects};
use ports::Clock;
use proto::atelier::projects::v1 as pb;
use tonic::{Request, Response};

use super::{OrStatus, Reply};
use crate::wire::projects as wire;

/// Answers `ProjectService`.
pub struct ProjectApi {
    projects: Arc<Projects>,
    assets: Arc<Assets>,
    clock: Arc<dyn Clock>,
}

impl ProjectApi {
    pub fn new(projects: Arc<Projects>, assets: Arc<Assets>, clock: Arc<dyn Clock>) -> Self {
        Self { projects, assets, clock }
    }
}

#[tonic::async_trait]
impl pb::project_service_server::ProjectService for ProjectApi {
    async fn create_project(
        &self,
        request: Request<pb::CreateProjectRequest>,
    ) -> Reply<pb::CreateProjectResponse> {
        let (user, fields) = wire::parse_create(request.into_inner()).or_status()?;
        let project = self.projects.create(user, &fields).await.or_status()?;
        Ok(Response::new(pb::CreateProjectResponse {
            project: Some(wire::render_project(project)),
        }))
    }

    async fn get_project(
        &self,
        request: Request<pb::GetProjectRequest>,
    ) -> Reply<pb::GetProjectResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).or_status()?;
        let counted = self.projects.get(user, id).await.or_status()?;
        Ok(Response::new(wire::render_counted(counted)))
    }

    async fn batch_get_projects(
        &self,
        request: Request<pb::BatchGetProjectsRequest>,
    ) -> Reply<pb::BatchGetProjectsResponse> {
        let (user, ids) = wire::parse_batch(request.into_inner()).or_status()?;
        let batch = self.projects.get_several(user, &ids).await.or_status()?;
        Ok(Response::new(wire::render_batch(batch)))
    }

    async fn list_projects(
        &self,
        request: Request<pb::ListProjectsRequest>,
    ) -> Reply<pb::ListProjectsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self
            .projects
            .list(asked.user, &asked.filter, page.size, page.after)
            .await
            .or_status()?;
        Ok(Response::new(wire::render_list(page, found, now)))
    }

    async fn update_project(
        &self,
        request: Request<pb::UpdateProjectRequest>,
    ) -> Reply<pb::UpdateProjectResponse> {
        let (named, patch) = wire::parse_update(request.into_inner()).or_status()?;
        let project = self.projects.update(named, &patch).await.or_status()?;
        Ok(Response::new(pb::UpdateProjectResponse {
            project: Some(wire::render_project(project)),
        }))
    }

    async fn delete_project(
        &self,
        request: Request<pb::DeleteProjectRequest>,
    ) -> Reply<pb::DeleteProjectResponse> {
        let named = wire::parse_delete(request.into_inner()).or_status()?;
        let project = self.projects.delete(named).await.or_status()?;
        Ok(Response::new(pb::DeleteProjectResponse {
            project: Some(wire::render_project(project)),
        }))
    }

    async fn restore_project(
        &self,
        request: Request<pb::RestoreProjectRequest>,
    ) -> Reply<pb::RestoreProjectResponse> {
        let named = wire::parse_restore(request.into_inner()).or_status()?;
        let project = self.projects.restore(named).await.or_status()?;
        Ok(Response::new(pb::RestoreProjectResponse {
            project: Some(wire::render_project(project)),
        }))
    }

    async fn purge_project(
        &self,
        request: Request<pb::PurgeProjectRequest>,
    ) -> Reply<pb::PurgeProjectResponse> {
        let named = wire::parse_purge(request.into_inner()).or_status()?;
        self.projects.purge(named).await.or_status()?;
        Ok(Response::new(pb::PurgeProjectResponse {}))
    }

    async fn list_project_contents(
        &self,
        request: Request<pb::ListProjectContentsRequest>,
    ) -> Reply<pb::ListProjectContentsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list_contents(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self
            .projects
            .contents(asked.user, asked.project, page.size, page.after)
            .await
            .or_status()?;
        Ok(Response::new(wire::render_contents(page, found, now)))
    }

    async fn create_share_link(
        &self,
        request: Request<pb::CreateShareLinkRequest>,
    ) -> Reply<pb::CreateShareLinkResponse> {
        let now = self.clock.now();
        let asked = wire::parse_create_link(request.into_inner(), now).or_status()?;
        let (user, project, expires_at) = asked;
        let created = self.projects.create_share_link(user, project, expires_at).await;
        Ok(Response::new(wire::render_created_link(created.or_status()?)))
    }

    async fn list_share_links(
        &self,
        request: Request<pb::ListShareLinksRequest>,
    ) -> Reply<pb::ListShareLinksResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list_links(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self
            .projects
            .list_share_links(asked.user, asked.project, page.size, page.after)
            .await
            .or_status()?;
        Ok(Response::new(wire::render_links(page, found, now)))
    }

    async fn revoke_share_link(
        &self,
        request: Request<pb::RevokeShareLinkRequest>,
    ) -> Reply<pb::RevokeShareLinkResponse> {
        let (user, id) = wire::parse_revoke_link(request.into_inner()).or_status()?;
        let link = self.projects.revoke_share_link(user, id).await.or_status()?;
        let share_link = Some(wire::render_link(link));
        Ok(Response::new(pb::RevokeShareLinkResponse { share_link }))
    }

    async fn get_shared_project(
        &self,
        request: Request<pb::GetSharedProjectRequest>,
    ) -> Reply<pb::GetSharedProjectResponse> {
        let now = self.clock.now();
        let asked = wire::parse_shared(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self.projects.shared(&asked.by, page.size, page.after).await.or_status()?;
        let pictures = found.outputs.items.iter().flat_map(|output| {
            output.fields.body.assets().into_iter().map(move |asset| (output.user, asset))
        });
        let pictures: Vec<_> = pictures.collect();
        let shown = self.assets.show(&pictures).await.or_status()?;
        Ok(Response::new(wire::render_shared(page, found, &shown, now)))
    }

    async fn list_public_projects(
        &self,
        request: Request<pb::ListPublicProjectsRequest>,
    ) -> Reply<pb::ListPublicProjectsResponse> {
        let now = self.clock.now();
        let page = wire::parse_list_public(request.into_inner(), now).or_status()?;
        let found = self.projects.list_public(page.size, page.after).await.or_status()?;
        Ok(Response::new(wire::render_public(&page, found, now)))
    }
}
