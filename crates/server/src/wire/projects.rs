//! Projects and their links on the wire.

use app::{Batch, Counted, CreatedShareLink, Named, SharedBy, SharedProject};
use kernel::{OutputId, OutputKind, Page, Position, ProjectId, ShareLinkId, Timestamp, UserId};
use library::Output;
use ports::ProjectFilter;
use projects::{
    Content, ContentCount, ContentKind, Project, ProjectFields, ProjectPatch, ShareLink,
};
use proto::atelier::projects::v1 as pb;
use uuid::Uuid;

use super::fields::{Fields, Mask, Violations, given, named, one};
use super::library::render_body;
use super::page::{Asked, Tokens};
use super::time::{optional_moment, render_timestamp};
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

/// A project as others see it, with a page of what was made in it.
pub struct AskedShared {
    pub by: SharedBy,
    pub page: Asked<Position<OutputId>>,
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

pub fn parse_create_link(
    request: pb::CreateShareLinkRequest,
    now: Timestamp,
) -> Result<(UserId, ProjectId, Option<Timestamp>), Violations> {
    let pb::CreateShareLinkRequest { user_id, project_id, expire_time } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let project = fields.parse("project_id", &project_id);
    let expires_at = optional_moment(&mut fields, "expire_time", expire_time);
    if expires_at.flatten().is_some_and(|end| end <= now) {
        fields.note("expire_time", "must be in the future");
    }
    fields.finish(|| Some((user?, project?, expires_at?)))
}

pub fn parse_list_links(
    request: pb::ListShareLinksRequest,
    now: Timestamp,
) -> Result<AskedOf<ShareLinkId>, Refusal> {
    let filters =
        pb::ListShareLinksRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("projects.ListShareLinks", &filters);
    let pb::ListShareLinksRequest { user_id, project_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let project = fields.parse("project_id", &project_id);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let (user, project) = user.zip(project).ok_or_else(Refusal::internal)?;
    Ok(AskedOf { user, project, page })
}

pub fn parse_revoke_link(
    request: pb::RevokeShareLinkRequest,
) -> Result<(UserId, ShareLinkId), Violations> {
    let pb::RevokeShareLinkRequest { user_id, share_link_id } = request;
    one(&user_id, "share_link_id", &share_link_id)
}

pub fn parse_shared(
    request: pb::GetSharedProjectRequest,
    now: Timestamp,
) -> Result<AskedShared, Refusal> {
    use pb::get_shared_project_request::Link;
    let filters =
        pb::GetSharedProjectRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("projects.GetSharedProject", &filters);
    let pb::GetSharedProjectRequest { link, page_size, page_token } = request;
    let mut fields = Fields::new();
    let by = match link {
        Some(Link::Token(token)) => fields.parse("token", &token).map(SharedBy::Token),
        Some(Link::PublicProjectId(id)) => {
            fields.parse("public_project_id", &id).map(SharedBy::Public)
        }
        None => {
            fields.note("token", "is required, or public_project_id");
            None
        }
    };
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    Ok(AskedShared { by: by.ok_or_else(Refusal::internal)?, page })
}

pub fn parse_list_public(
    request: pb::ListPublicProjectsRequest,
    now: Timestamp,
) -> Result<Asked<Position<ProjectId>>, Refusal> {
    let pb::ListPublicProjectsRequest { page_size, page_token } = request;
    let nothing = pb::ListPublicProjectsRequest::default();
    let tokens = Tokens::of("projects.ListPublicProjects", &nothing);
    Asked::parse(Fields::new(), page_size, &page_token, tokens, now)
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

pub fn render_created_link(created: CreatedShareLink) -> pb::CreateShareLinkResponse {
    let CreatedShareLink { link, token } = created;
    pb::CreateShareLinkResponse { share_link: Some(render_link(link)), token: token.reveal() }
}

pub fn render_link(link: ShareLink) -> pb::ShareLink {
    // The hash stays here: it is of no use to anybody else.
    let ShareLink { id, user, project, hash: _, created_at, expires_at, revoked_at } = link;
    pb::ShareLink {
        id: id.to_string(),
        user_id: user.to_string(),
        project_id: project.to_string(),
        create_time: Some(render_timestamp(created_at)),
        expire_time: expires_at.map(render_timestamp),
        revoke_time: revoked_at.map(render_timestamp),
    }
}

pub fn render_links(
    asked: &Asked<Position<ShareLinkId>>,
    page: Page<ShareLink, Position<ShareLinkId>>,
    now: Timestamp,
) -> pb::ListShareLinksResponse {
    let (share_links, next_page_token) = asked.fill(page, now, ShareLink::position, render_link);
    pb::ListShareLinksResponse { share_links, next_page_token }
}

pub fn render_shared(
    asked: &Asked<Position<OutputId>>,
    shared: SharedProject,
    now: Timestamp,
) -> pb::GetSharedProjectResponse {
    let SharedProject { project, counts, outputs } = shared;
    let (outputs, next_page_token) =
        asked.fill(outputs, now, Output::position, render_shared_output);
    pb::GetSharedProjectResponse {
        project: Some(render_shared_project(project)),
        outputs,
        next_page_token,
        contents: render_counts(counts),
    }
}

pub fn render_public(
    asked: &Asked<Position<ProjectId>>,
    page: Page<Project, Position<ProjectId>>,
    now: Timestamp,
) -> pb::ListPublicProjectsResponse {
    let (projects, next_page_token) =
        asked.fill(page, now, Project::position, render_shared_project);
    pb::ListPublicProjectsResponse { projects, next_page_token }
}

fn render_shared_project(project: Project) -> pb::SharedProject {
    // Whose it is stays here, and so does all that tells of the owner's work on it.
    let Project { id, user: _, fields, life } = project;
    let ProjectFields { name, description, public: _ } = fields;
    pb::SharedProject {
        id: id.to_string(),
        name: name.to_string(),
        description: description.map(|text| text.to_string()),
        create_time: Some(render_timestamp(life.created_at)),
        update_time: Some(render_timestamp(life.updated_at)),
    }
}

fn render_shared_output(output: Output) -> pb::SharedOutput {
    pb::SharedOutput {
        id: output.id.to_string(),
        prompt: output.fields.prompt.to_string(),
        art_style: output.fields.art_style.map(|style| style.to_string()),
        body: Some(render_body(output.fields.body)),
        create_time: Some(render_timestamp(output.life.created_at)),
    }
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
