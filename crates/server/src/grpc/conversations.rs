//! `atelier.projects.v1.ConversationService`.

use std::sync::Arc;

use app::Conversations;
use ports::Clock;
use proto::atelier::projects::v1 as pb;
use tonic::{Request, Response};

use super::{OrStatus, Reply};
use crate::wire::conversations as wire;

/// Answers `ConversationService`.
pub struct ConversationApi {
    conversations: Arc<Conversations>,
    clock: Arc<dyn Clock>,
}

impl ConversationApi {
    pub fn new(conversations: Arc<Conversations>, clock: Arc<dyn Clock>) -> Self {
        Self { conversations, clock }
    }
}

#[tonic::async_trait]
impl pb::conversation_service_server::ConversationService for ConversationApi {
    async fn create_conversation(
        &self,
        request: Request<pb::CreateConversationRequest>,
    ) -> Reply<pb::CreateConversationResponse> {
        let asked = wire::parse_create(request.into_inner()).or_status()?;
        let conversation = self.conversations.create(&asked).await.or_status()?;
        let conversation = Some(wire::render_conversation(conversation));
        Ok(Response::new(pb::CreateConversationResponse { conversation }))
    }

    async fn get_conversation(
        &self,
        request: Request<pb::GetConversationRequest>,
    ) -> Reply<pb::GetConversationResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).or_status()?;
        let conversation = self.conversations.get(user, id).await.or_status()?;
        let conversation = Some(wire::render_conversation(conversation));
        Ok(Response::new(pb::GetConversationResponse { conversation }))
    }

    async fn list_conversations(
        &self,
        request: Request<pb::ListConversationsRequest>,
    ) -> Reply<pb::ListConversationsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self
            .conversations
            .list(asked.user, &asked.filter, page.size, page.after)
            .await
            .or_status()?;
        Ok(Response::new(wire::render_list(page, found, now)))
    }

    async fn rename_conversation(
        &self,
        request: Request<pb::RenameConversationRequest>,
    ) -> Reply<pb::RenameConversationResponse> {
        let (named, title) = wire::parse_rename(request.into_inner()).or_status()?;
        let conversation = self.conversations.rename(named, &title).await.or_status()?;
        let conversation = Some(wire::render_conversation(conversation));
        Ok(Response::new(pb::RenameConversationResponse { conversation }))
    }

    async fn append_turn(
        &self,
        request: Request<pb::AppendTurnRequest>,
    ) -> Reply<pb::AppendTurnResponse> {
        let asked = wire::parse_append(request.into_inner()).or_status()?;
        let turn = self.conversations.append(&asked).await.or_status()?;
        Ok(Response::new(pb::AppendTurnResponse { turn: Some(wire::render_turn(turn)) }))
    }

    async fn list_turns(
        &self,
        request: Request<pb::ListTurnsRequest>,
    ) -> Reply<pb::ListTurnsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list_turns(request.into_inner(), now).or_status()?;
        let wire::AskedTurns { user, conversation, filter, page } = &asked;
        let found =
            self.conversations.turns(*user, *conversation, filter, page.size, page.after).await;
        Ok(Response::new(wire::render_turns(page, found.or_status()?, now)))
    }

    async fn delete_conversation(
        &self,
        request: Request<pb::DeleteConversationRequest>,
    ) -> Reply<pb::DeleteConversationResponse> {
        let named = wire::parse_delete(request.into_inner()).or_status()?;
        let conversation = self.conversations.delete(named).await.or_status()?;
        Ok(Response::new(pb::DeleteConversationResponse {
            conversation: Some(wire::render_conversation(conversation)),
        }))
    }

    async fn restore_conversation(
        &self,
        request: Request<pb::RestoreConversationRequest>,
    ) -> Reply<pb::RestoreConversationResponse> {
        let named = wire::parse_restore(request.into_inner()).or_status()?;
        let conversation = self.conversations.restore(named).await.or_status()?;
        Ok(Response::new(pb::RestoreConversationResponse {
            conversation: Some(wire::render_conversation(conversation)),
        }))
    }

    async fn purge_conversation(
        &self,
        request: Request<pb::PurgeConversationRequest>,
    ) -> Reply<pb::PurgeConversationResponse> {
        let named = wire::parse_purge(request.into_inner()).or_status()?;
        self.conversations.purge(named).await.or_status()?;
        Ok(Response::new(pb::PurgeConversationResponse {}))
    }
}
