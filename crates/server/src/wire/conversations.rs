//! Conversations and their turns on the wire.

use app::{AppendTurn, Named, NewConversation};
use kernel::{ConversationId, Page, Position, Timestamp, UserId};
use ports::{ConversationFilter, TurnFilter};
use projects::{Conversation, ConversationTitle, Turn, TurnKind};
use proto::atelier::projects::v1 as pb;

use super::fields::{Fields, Violations, given, named, one};
use super::json;
use super::page::{Asked, Tokens};
use super::time::render_timestamp;
use crate::status::Refusal;

/// A page of a user's conversations.
pub struct AskedConversations {
    pub user: UserId,
    pub filter: ConversationFilter,
    pub page: Asked<Position<ConversationId>>,
}

/// A page of a conversation's turns.
pub struct AskedTurns {
    pub user: UserId,
    pub conversation: ConversationId,
    pub filter: TurnFilter,
    pub page: Asked<u32>,
}

pub fn parse_create(request: pb::CreateConversationRequest) -> Result<NewConversation, Violations> {
    let pb::CreateConversationRequest { user_id, project_id, title } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let project = fields.optional("project_id", given(&project_id));
    let title = fields.optional("title", title.as_deref());
    fields.finish(|| Some(NewConversation { user: user?, project: project?, title: title? }))
}

pub fn parse_get(
    request: pb::GetConversationRequest,
) -> Result<(UserId, ConversationId), Violations> {
    let pb::GetConversationRequest { user_id, conversation_id } = request;
    one(&user_id, "conversation_id", &conversation_id)
}

pub fn parse_list(
    request: pb::ListConversationsRequest,
    now: Timestamp,
) -> Result<AskedConversations, Refusal> {
    let filters =
        pb::ListConversationsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("projects.ListConversations", &filters);
    let pb::ListConversationsRequest { user_id, page_size, page_token, project_id, show_deleted } =
        request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let project = fields.optional("project_id", given(&project_id));
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let (user, project) = user.zip(project).ok_or_else(Refusal::internal)?;
    Ok(AskedConversations { user, filter: ConversationFilter { project, show_deleted }, page })
}

pub fn parse_rename(
    request: pb::RenameConversationRequest,
) -> Result<(Named<ConversationId>, Option<ConversationTitle>), Violations> {
    let pb::RenameConversationRequest { user_id, conversation_id, title, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("conversation_id", &conversation_id);
    let title = fields.optional("title", title.as_deref());
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some((Named { user: user?, id: id?, expected: expected? }, title?)))
}

pub fn parse_append(request: pb::AppendTurnRequest) -> Result<AppendTurn, Violations> {
    let pb::AppendTurnRequest { user_id, conversation_id, kind, input, response, metadata } =
        request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let conversation = fields.parse("conversation_id", &conversation_id);
    let kind = fields.choice("kind", kind, parse_kind);
    let input = fields.parse("input", &input);
    let response = fields.parse("response", &response);
    let metadata = json::optional(&mut fields, "metadata", metadata);
    fields.finish(|| {
        Some(AppendTurn {
            user: user?,
            conversation: conversation?,
            kind: kind?,
            input: input?,
            response: response?,
            metadata: metadata?,
        })
    })
}

pub fn parse_list_turns(
    request: pb::ListTurnsRequest,
    now: Timestamp,
) -> Result<AskedTurns, Refusal> {
    let filters =
        pb::ListTurnsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("projects.ListTurns", &filters);
    let pb::ListTurnsRequest { user_id, conversation_id, page_size, page_token, kind, order } =
        request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let conversation = fields.parse("conversation_id", &conversation_id);
    let kind =
        if kind == 0 { Some(None) } else { fields.choice("kind", kind, parse_kind).map(Some) };
    let newest_first = fields.choice("order", order, |order| match order {
        pb::TurnOrder::Unspecified | pb::TurnOrder::OldestFirst => Some(false),
        pb::TurnOrder::NewestFirst => Some(true),
    });
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let whole = || Some((user?, conversation?, kind?, newest_first?));
    let (user, conversation, kind, newest_first) = whole().ok_or_else(Refusal::internal)?;
    Ok(AskedTurns { user, conversation, filter: TurnFilter { kind, newest_first }, page })
}

pub fn parse_delete(
    request: pb::DeleteConversationRequest,
) -> Result<Named<ConversationId>, Violations> {
    let pb::DeleteConversationRequest { user_id, conversation_id, etag } = request;
    named(&user_id, "conversation_id", &conversation_id, &etag)
}

pub fn parse_restore(
    request: pb::RestoreConversationRequest,
) -> Result<Named<ConversationId>, Violations> {
    let pb::RestoreConversationRequest { user_id, conversation_id, etag } = request;
    named(&user_id, "conversation_id", &conversation_id, &etag)
}

pub fn parse_purge(
    request: pb::PurgeConversationRequest,
) -> Result<Named<ConversationId>, Violations> {
    let pb::PurgeConversationRequest { user_id, conversation_id, etag } = request;
    named(&user_id, "conversation_id", &conversation_id, &etag)
}

pub fn render_conversation(conversation: Conversation) -> pb::Conversation {
    let Conversation { id, user, project, title, turns, life } = conversation;
    pb::Conversation {
        id: id.to_string(),
        user_id: user.to_string(),
        project_id: project.map(|id| id.to_string()).unwrap_or_default(),
        title: title.map(|title| title.to_string()),
        turn_count: count(turns),
        etag: life.etag.to_string(),
        create_time: Some(render_timestamp(life.created_at)),
        update_time: Some(render_timestamp(life.updated_at)),
        delete_time: life.deleted_at.map(render_timestamp),
    }
}

pub fn render_list(
    asked: &Asked<Position<ConversationId>>,
    page: Page<Conversation, Position<ConversationId>>,
    now: Timestamp,
) -> pb::ListConversationsResponse {
    let (conversations, next_page_token) =
        asked.fill(page, now, Conversation::position, render_conversation);
    pb::ListConversationsResponse { conversations, next_page_token }
}

pub fn render_turn(turn: Turn) -> pb::Turn {
    let Turn { user: _, conversation: _, number, kind, input, response, metadata, created_at } =
        turn;
    pb::Turn {
        number: count(number),
        kind: render_kind(kind).into(),
        input: input.to_string(),
        response: response.to_string(),
        metadata: metadata.and_then(|metadata| json::render(metadata.as_str())),
        create_time: Some(render_timestamp(created_at)),
    }
}

pub fn render_turns(
    asked: &Asked<u32>,
    page: Page<Turn, u32>,
    now: Timestamp,
) -> pb::ListTurnsResponse {
    let (turns, next_page_token) = asked.fill(page, now, |turn| turn.number, render_turn);
    pb::ListTurnsResponse { turns, next_page_token }
}

// The store counts no further than the wire.
fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn parse_kind(kind: pb::TurnKind) -> Option<TurnKind> {
    TurnKind::ALL.into_iter().find(|known| render_kind(*known) == kind)
}

fn render_kind(kind: TurnKind) -> pb::TurnKind {
    match kind {
        TurnKind::ConceptGeneration => pb::TurnKind::ConceptGeneration,
        TurnKind::WebResearch => pb::TurnKind::WebResearch,
        TurnKind::ContentSummary => pb::TurnKind::ContentSummary,
        TurnKind::VideoSegmentation => pb::TurnKind::VideoSegmentation,
        TurnKind::ImageGeneration => pb::TurnKind::ImageGeneration,
        TurnKind::VideoGeneration => pb::TurnKind::VideoGeneration,
        TurnKind::VoiceoverGeneration => pb::TurnKind::VoiceoverGeneration,
        TurnKind::CharacterGeneration => pb::TurnKind::CharacterGeneration,
        TurnKind::GeneralChat => pb::TurnKind::GeneralChat,
    }
}
