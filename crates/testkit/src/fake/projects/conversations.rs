//! Conversations in memory.

use async_trait::async_trait;
use kernel::{ConversationId, Page, PageSize, Position, UserId};
use ports::{
    CONVERSATIONS_USER_FKEY, ConversationFilter, ConversationReads, ConversationTx, StoreError,
    TurnFilter,
};
use projects::{Conversation, Turn};

use crate::fake::newest_first;
use crate::fake::store::{FakeStore, FakeTx};

#[async_trait]
impl ConversationTx for FakeTx {
    async fn insert_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        if !self.state.users.exists(conversation.user) {
            return Err(StoreError::Conflict { constraint: CONVERSATIONS_USER_FKEY });
        }
        self.update_conversation(conversation).await
    }

    async fn lock_conversation(
        &mut self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        Ok(self.state.projects.conversations.get(&(user, id)).cloned())
    }

    async fn update_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        let key = (conversation.user, conversation.id);
        self.state.projects.conversations.insert(key, conversation.clone());
        Ok(())
    }

    async fn purge_conversation(
        &mut self,
        user: UserId,
        id: ConversationId,
    ) -> Result<(), StoreError> {
        self.state.projects.conversations.remove(&(user, id));
        self.state.projects.turns.retain(|turn| turn.user != user || turn.conversation != id);
        Ok(())
    }

    async fn append_turn(&mut self, turn: &Turn) -> Result<(), StoreError> {
        self.state.projects.turns.push(turn.clone());
        Ok(())
    }
}

#[async_trait]
impl ConversationReads for FakeStore {
    async fn find_conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.projects.conversations.get(&(user, id)).cloned())
    }

    async fn list_conversations(
        &self,
        user: UserId,
        filter: &ConversationFilter,
        size: PageSize,
        after: Option<Position<ConversationId>>,
    ) -> Result<Page<Conversation, Position<ConversationId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let ConversationFilter { project, show_deleted } = filter;
        let wanted = state.projects.conversations.values().filter(|conversation| {
            conversation.user == user
                && project.is_none_or(|project| conversation.project == Some(project))
                && (*show_deleted || !conversation.life.is_deleted())
        });
        Ok(newest_first(wanted, size, after, Conversation::position))
    }

    async fn list_turns(
        &self,
        user: UserId,
        conversation: ConversationId,
        filter: &TurnFilter,
        size: PageSize,
        after: Option<u32>,
    ) -> Result<Page<Turn, u32>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let TurnFilter { kind, newest_first } = *filter;
        let beyond =
            |turn: &Turn| {
                after.is_none_or(|after| {
                    if newest_first { turn.number < after } else { turn.number > after }
                })
            };
        let turns = state.projects.turns.iter().filter(|turn| {
            turn.user == user
                && turn.conversation == conversation
                && kind.is_none_or(|kind| turn.kind == kind)
                && beyond(turn)
        });
        let mut turns: Vec<Turn> = turns.cloned().collect();
        if newest_first {
            turns.reverse();
        }
        Ok(Page::from_one_more(turns, size, |turn| turn.number))
    }
}
