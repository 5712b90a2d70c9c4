//! Projects on the wire. Links to them and what others see are in `shared`.

mod shared;

use app::{Batch, Counted, Named};
use kernel::{OutputKind, Page, Position, ProjectId, Timestamp, UserId};
use ports::ProjectFilter;
use projects::{Content, ContentCount, ContentKind, Project, ProjectFields, ProjectPatch};
use proto::atelier::projects::v1 as pb;
use uuid::Uuid;

pub use shared::{
    AskedShared, parse_create_link, parse_list_links, parse_list_public, parse_revoke_link,
    parse_shared, render_created_link, render_link, render_links, render_public, render_shared,
};

use super::fields::{Fields, Mask, Violations, given, named, one};
use super::page::{Asked, Tokens};
use super::time::render_timestamp;
use crate::status::Refusal;

/// What a mask of `UpdateProjectRequest` may name.
const PATCH_FIELDS: [&str; 3] = ["name", "description", "public"];

/// A page of a user's projects.
pub struct AskedProjects {
    pub user: UserId,
    pub filter: ProjectFilter,
    pub page: Asked<Position<ProjectId>>,
}

/// A page of what is in a project, or hangs on it.
pub struct AskedOf<I> {
    pub user: UserId,
    pub project: ProjectId,
    pub page: Asked<Position<I>>,
}

pub fn parse_create(
    request: pb::CreateProjectRequest,
) -> Result<(UserId, ProjectFields), Violations> {
    let pb::CreateProjectRequest { user_id, name, description, public } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let name = fields.parse("name", &name);
    let description = fields.optional("description", description.as_deref());
    fields
        .finish(|| Some((user?, ProjectFields { name: name?, description: description?, public })))
}

pub fn parse_get(request: pb::GetProjectRequest) -> Result<(UserId, ProjectId), Violations> {
    let pb::GetProjectRequest { user_id, project_id } = request;
    one(&user_id, "project_id", &project_id)
}

pub fn parse_batch(
    request: pb::BatchGetProjectsRequest,
) -> Result<(UserId, Vec<ProjectId>), Violations> {
    let pb::BatchGetProjectsRequest { user_id, project_ids } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let ids = fields.batch("project_ids", &project_ids);
    fields.finish(|| user.zip(ids))
}

pub fn parse_list(
    request: pb::ListProjectsRequest,
    now: Timestamp,
) -> Result<AskedProjects, Refusal> {
    let filters =
        pb::ListProjectsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("projects.ListProjects", &filters);
    let pb::ListProjectsRequest { user_id, page_size, page_token, show_deleted, public } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let filter = ProjectFilter { show_deleted, public };
    Ok(AskedProjects { user: user.ok_or_else(Refusal::internal)?, filter, page })
}

pub fn parse_update(
    request: pb::UpdateProjectRequest,
) -> Result<(Named<ProjectId>, ProjectPatch), Violations> {
    let pb::UpdateProjectRequest { user_id, project_id, project, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("project_id", &project_id);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch =
        fields.required("project", project, |fields, patch| parse_patch(fields, &mask, patch));
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some((Named { user: user?, id: id?, expected: expected? }, patch?)))
}

fn parse_patch(fields: &mut Fields, mask: &Mask, patch: pb::ProjectPatch) -> Option<ProjectPatch> {
    let pb::ProjectPatch { name, description, public } = patch;
    let name = fields.set(mask, "name", &name);
    let description = fields.change(mask, "description", description.as_deref());
    let public = mask.names("public").then_some(public);
    Some(ProjectPatch { name: name?, description: description?, public })
}

pub fn parse_delete(request: pb::DeleteProjectRequest) -> Result<Named<ProjectId>, Violations> {
    let pb::DeleteProjectRequest { user_id, project_id, etag } = request;
    named(&user_id, "project_id", &project_id, &etag)
}

pub fn parse_restore(request: pb::RestoreProjectRequest) -> Result<Named<ProjectId>, Violations> {
    let pb::RestoreProjectRequest { user_id, project_id, etag } = request;
    named(&user_id, "project_id", &project_id, &etag)
}

pub fn parse_purge(request: pb::PurgeProjectRequest) -> Result<Named<ProjectId>, Violations> {
    let pb::PurgeProjectRequest { user_id, project_id, etag } = request;
    named(&user_id, "project_id", &project_id, &etag)
}

pub fn parse_list_contents(
    request: pb::ListProjectContentsRequest,
    now: Timestamp,
) -> Result<AskedOf<Uuid>, Refusal> {
    let filters = pb::ListProjectContentsRequest {
        page_size: 0,
        page_token: String::new(),
        ..request.clone()
    };
    let tokens = Tokens::of("projects.ListProjectContents", &filters);
    let pb::ListProjectContentsRequest { user_id, project_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let project = fields.parse("project_id", &project_id);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let (user, project) = user.zip(project).ok_or_else(Refusal::internal)?;
    Ok(AskedOf { user, project, page })
}

pub fn render_project(project: Project) -> pb::Project {
    let Project { id, user, fields, life } = project;
    let ProjectFields { name, description, public } = fields;
    pb::Project {
        id: id.to_string(),
        user_id: user.to_string(),
        name: name.to_string(),
        description: description.map(|text| text.to_string()),
        public,
        etag: life.etag.to_string(),
        create_time: Some(render_timestamp(life.created_at)),
        update_time: Some(render_timestamp(life.updated_at)),
        delete_time: life.deleted_at.map(render_timestamp),
    }
}

pub fn render_counted(counted: Counted) -> pb::GetProjectResponse {
    let Counted { project, counts } = counted;
    pb::GetProjectResponse {
        project: Some(render_project(project)),
        contents: render_counts(counts),
    }
}

pub fn render_batch(batch: Batch<Project, ProjectId>) -> pb::BatchGetProjectsResponse {
    let Batch { found, missing } = batch;
    pb::BatchGetProjectsResponse {
        projects: found.into_iter().map(render_project).collect(),
        missing_project_ids: missing.iter().map(ToString::to_string).collect(),
    }
}

pub fn render_list(
    asked: &Asked<Position<ProjectId>>,
    page: Page<Project, Position<ProjectId>>,
    now: Timestamp,
) -> pb::ListProjectsResponse {
    let (projects, next_page_token) = asked.fill(page, now, Project::position, render_project);
    pb::ListProjectsResponse { projects, next_page_token }
}

pub fn render_contents(
    asked: &Asked<Position<Uuid>>,
    page: Page<Content<Uuid>, Position<Uuid>>,
    now: Timestamp,
) -> pb::ListProjectContentsResponse {
    let render = |content: Content<Uuid>| pb::ProjectContent {
        kind: render_kind(content.kind).into(),
        id: content.id.as_hyphenated().to_string(),
        create_time: Some(render_timestamp(content.created_at)),
    };
    let (contents, next_page_token) = asked.fill(page, now, Content::position, render);
    pb::ListProjectContentsResponse { contents, next_page_token }
}

fn render_counts(mut counts: Vec<ContentCount>) -> Vec<pb::ContentCount> {
    counts.sort_by_key(|count| count.kind);
    let counts = counts.into_iter().map(|ContentCount { kind, count }| pb::ContentCount {
        kind: render_kind(kind).into(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
    });
    counts.collect()
}

fn render_kind(kind: ContentKind) -> pb::ContentKind {
    match kind {
        ContentKind::Conversation => pb::ContentKind::Conversation,
        ContentKind::Output(OutputKind::Concept) => pb::ContentKind::Concept,
        ContentKind::Output(OutputKind::Research) => pb::ContentKind::Research,
        ContentKind::Output(OutputKind::Summary) => pb::ContentKind::Summary,
        ContentKind::Output(OutputKind::Segmentation) => pb::ContentKind::Segmentation,
        ContentKind::Output(OutputKind::Image) => pb::ContentKind::Image,
        ContentKind::Output(OutputKind::Video) => pb::ContentKind::Video,
        ContentKind::Output(OutputKind::Voiceover) => pb::ContentKind::Voiceover,
        ContentKind::Output(OutputKind::Character) => pb::ContentKind::Character,
    }
}
