//! Rows of projects, their links, conversations and features. One struct reads, inserts and
//! changes a row; its key is left out of changes.

use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{ConversationId, FeatureId, OutputKind, ProjectId, ShareLinkId, UserId};
use ports::StoreError;
use projects::{
    ContentKind, Conversation, Feature, FeatureFields, Project, ProjectFields, ShareLink, Tags,
    Turn, TurnKind, TurnMetadata,
};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{
    conversation_turns, conversations, features, projects as project_table, share_links,
};
use crate::types::{corrupt, digest, from_pg, life, named, optional, parsed, to_json, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = project_table, primary_key(user_id, id), treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub(crate) struct ProjectRow {
    user_id: Uuid,
    id: Uuid,
    name: String,
    description: Option<String>,
    public: bool,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    deleted_at: Option<PgTimestamp>,
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = share_links, check_for_backend(diesel::pg::Pg))]
pub(crate) struct ShareLinkRow {
    user_id: Uuid,
    id: Uuid,
    project_id: Uuid,
    hash: Vec<u8>,
    created_at: PgTimestamp,
    expires_at: Option<PgTimestamp>,
    revoked_at: Option<PgTimestamp>,
}

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = conversations, primary_key(user_id, id), treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub(crate) struct ConversationRow {
    user_id: Uuid,
    id: Uuid,
    project_id: Option<Uuid>,
    title: Option<String>,
    turns: i32,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    deleted_at: Option<PgTimestamp>,
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = conversation_turns, check_for_backend(diesel::pg::Pg))]
pub(crate) struct TurnRow {
    user_id: Uuid,
    conversation_id: Uuid,
    number: i32,
    kind: String,
    input: String,
    response: String,
    metadata: Option<Value>,
    created_at: PgTimestamp,
}

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = features, primary_key(user_id, id), treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub(crate) struct FeatureRow {
    user_id: Uuid,
    id: Uuid,
    workspace: String,
    name: String,
    description: Option<String>,
    tags: Vec<Option<String>>,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
}

impl From<&Project> for ProjectRow {
    fn from(project: &Project) -> Self {
        let Project { id, user, fields, life } = project;
        let ProjectFields { name, description, public } = fields;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            name: name.to_string(),
            description: description.as_ref().map(ToString::to_string),
            public: *public,
            revision: life.etag.revision(),
            created_at: to_pg(life.created_at),
            updated_at: to_pg(life.updated_at),
            deleted_at: life.deleted_at.map(to_pg),
        }
    }
}

impl TryFrom<ProjectRow> for Project {
    type Error = StoreError;

    fn try_from(row: ProjectRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProjectId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            fields: ProjectFields {
                name: parsed("a project's name", &row.name)?,
                description: optional("a project's description", row.description)?,
                public: row.public,
            },
            life: life(row.revision, row.created_at, row.updated_at, row.deleted_at)?,
        })
    }
}

impl From<&ShareLink> for ShareLinkRow {
    fn from(link: &ShareLink) -> Self {
        let ShareLink { id, user, project, hash, created_at, expires_at, revoked_at } = link;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            project_id: *project.as_uuid(),
            hash: hash.as_bytes().to_vec(),
            created_at: to_pg(*created_at),
            expires_at: expires_at.map(to_pg),
            revoked_at: revoked_at.map(to_pg),
        }
    }
}

impl TryFrom<ShareLinkRow> for ShareLink {
    type Error = StoreError;

    fn try_from(row: ShareLinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ShareLinkId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            project: ProjectId::from_uuid(row.project_id),
            hash: digest(row.hash)?,
            created_at: from_pg(row.created_at)?,
            expires_at: row.expires_at.map(from_pg).transpose()?,
            revoked_at: row.revoked_at.map(from_pg).transpose()?,
        })
    }
}

impl TryFrom<&Conversation> for ConversationRow {
    type Error = StoreError;

    fn try_from(conversation: &Conversation) -> Result<Self, StoreError> {
        let Conversation { id, user, project, title, turns, life } = conversation;
        Ok(Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            project_id: project.map(|project| *project.as_uuid()),
            title: title.as_ref().map(ToString::to_string),
            turns: number(*turns)?,
            revision: life.etag.revision(),
            created_at: to_pg(life.created_at),
            updated_at: to_pg(life.updated_at),
            deleted_at: life.deleted_at.map(to_pg),
        })
    }
}

impl TryFrom<ConversationRow> for Conversation {
    type Error = StoreError;

    fn try_from(row: ConversationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ConversationId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            project: row.project_id.map(ProjectId::from_uuid),
            title: optional("a conversation's title", row.title)?,
            turns: counted(row.turns)?,
            life: life(row.revision, row.created_at, row.updated_at, row.deleted_at)?,
        })
    }
}

impl TryFrom<&Turn> for TurnRow {
    type Error = StoreError;

    fn try_from(turn: &Turn) -> Result<Self, StoreError> {
        let Turn { user, conversation, number: place, kind, input, response, metadata, created_at } =
            turn;
        Ok(Self {
            user_id: *user.as_uuid(),
            conversation_id: *conversation.as_uuid(),
            number: number(*place)?,
            kind: kind.as_str().to_owned(),
            input: input.to_string(),
            response: response.to_string(),
            metadata: metadata.as_ref().map(|metadata| to_json(metadata.as_str())).transpose()?,
            created_at: to_pg(*created_at),
        })
    }
}

impl TryFrom<TurnRow> for Turn {
    type Error = StoreError;

    fn try_from(row: TurnRow) -> Result<Self, StoreError> {
        let metadata = row.metadata.map(|metadata| {
            let metadata = TurnMetadata::from_normal(metadata.to_string());
            metadata.ok_or_else(|| corrupt("a turn's metadata"))
        });
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            conversation: ConversationId::from_uuid(row.conversation_id),
            number: counted(row.number)?,
            kind: named(&TurnKind::ALL, TurnKind::as_str, &row.kind)?,
            input: parsed("a turn's input", &row.input)?,
            response: parsed("a turn's response", &row.response)?,
            metadata: metadata.transpose()?,
            created_at: from_pg(row.created_at)?,
        })
    }
}

impl From<&Feature> for FeatureRow {
    fn from(feature: &Feature) -> Self {
        let Feature { id, user, workspace, fields, life } = feature;
        let FeatureFields { name, description, tags } = fields;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            workspace: workspace.to_string(),
            name: name.to_string(),
            description: description.as_ref().map(ToString::to_string),
            tags: tags.iter().map(|tag| Some(tag.to_string())).collect(),
            revision: life.etag.revision(),
            created_at: to_pg(life.created_at),
            updated_at: to_pg(life.updated_at),
        }
    }
}

impl TryFrom<FeatureRow> for Feature {
    type Error = StoreError;

    fn try_from(row: FeatureRow) -> Result<Self, StoreError> {
        let tags = row.tags.into_iter().map(|tag| {
            let tag = tag.ok_or_else(|| corrupt("a tag that is null"))?;
            parsed("a tag", &tag)
        });
        let tags = tags.collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Self {
            id: FeatureId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            workspace: parsed("a workspace", &row.workspace)?,
            fields: FeatureFields {
                name: parsed("a feature's name", &row.name)?,
                description: optional("a feature's description", row.description)?,
                tags: Tags::new(tags).map_err(|_many| corrupt("a feature's tags"))?,
            },
            life: life(row.revision, row.created_at, row.updated_at, None)?,
        })
    }
}

/// The kind of something in a project by its stored name: an output's, or `conversation`.
pub(crate) fn content_kind(stored: &str) -> Result<ContentKind, StoreError> {
    match stored {
        "conversation" => Ok(ContentKind::Conversation),
        output => named(&OutputKind::ALL, OutputKind::as_str, output).map(ContentKind::Output),
    }
}

pub(crate) fn number(count: u32) -> Result<i32, StoreError> {
    i32::try_from(count).map_err(|_| corrupt("a number past two thousand million"))
}

fn counted(stored: i32) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_negative| corrupt("a number of turns"))
}
