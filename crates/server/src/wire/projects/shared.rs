//! Links to projects, and projects as others see them.

use app::assets::Shown;
use app::{CreatedShareLink, SharedBy, SharedProject};
use kernel::{OutputId, Page, Position, ProjectId, ShareLinkId, Timestamp, UserId};
use library::Output;
use projects::{Project, ProjectFields, ShareLink};
use proto::atelier::projects::v1 as pb;

use super::{AskedOf, render_counts};
use crate::status::Refusal;
use crate::wire::assets::render_addresses;
use crate::wire::fields::{Fields, Violations, one};
use crate::wire::library::render_body;
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::{optional_moment, render_timestamp};

/// A project as others see it, with a page of what was made in it.
pub struct AskedShared {
    pub by: SharedBy,
    pub page: Asked<Position<OutputId>>,
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
    shown: &Shown,
    now: Timestamp,
) -> pb::GetSharedProjectResponse {
    let SharedProject { project, counts, outputs } = shared;
    let render = |output| render_shared_output(output, shown);
    let (outputs, next_page_token) = asked.fill(outputs, now, Output::position, render);
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

fn render_shared_output(output: Output, shown: &Shown) -> pb::SharedOutput {
    pb::SharedOutput {
        addresses: render_addresses(shown, output.fields.body.assets()),
        id: output.id.to_string(),
        prompt: output.fields.prompt.to_string(),
        art_style: output.fields.art_style.map(|style| style.to_string()),
        body: Some(render_body(output.fields.body)),
        create_time: Some(render_timestamp(output.life.created_at)),
    }
}
