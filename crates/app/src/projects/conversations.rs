//! Use cases on conversations and their turns.

use std::sync::Arc;

use kernel::{ConversationId, Life, Page, PageSize, Position, ProjectId, UserId};
use ports::{Clock, ConversationFilter, ConversationReads, Ids, Store, TurnFilter, Tx};
use projects::{Conversation, ConversationTitle, Turn, TurnKind, TurnMetadata, TurnText};
use tracing::instrument;
use users::activity::Action;
use users::{Ability, action};

use super::{Named, ProjectsError, lock_open};
use crate::activity::{self, Deed};
use crate::standing::may;
use crate::unit::unit;

/// The use cases on conversations.
pub struct Conversations {
    store: Arc<dyn Store>,
    reads: Arc<dyn ConversationReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// Asks for a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConversation {
    pub user: UserId,
    pub project: Option<ProjectId>,
    pub title: Option<ConversationTitle>,
}

/// Asks for a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendTurn {
    pub user: UserId,
    pub conversation: ConversationId,
    pub kind: TurnKind,
    pub input: TurnText,
    pub response: TurnText,
    pub metadata: Option<TurnMetadata>,
}

impl Conversations {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn ConversationReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }

    #[instrument(skip_all, fields(user.id = %asked.user))]
    pub async fn create(&self, asked: &NewConversation) -> Result<Conversation, ProjectsError> {
        let NewConversation { user, project, title } = asked.clone();
        let id = ConversationId::from_uuid(self.ids.uuid());
        let life = Life::begin(self.clock.now());
        let conversation = Conversation { id, user, project, title, turns: 0, life };
        unit!(self.store, |tx| self.create_in(tx, &conversation))?;
        Ok(conversation)
    }

    async fn create_in(
        &self,
        tx: &mut dyn Tx,
        conversation: &Conversation,
    ) -> Result<(), ProjectsError> {
        match conversation.project {
            Some(project) => drop(lock_open(tx, conversation.user, project).await?),
            None => drop(may(tx, conversation.user, Ability::Change).await?),
        }
        tx.insert_conversation(conversation).await?;
        self.log(tx, conversation, action!("conversation.created")).await
    }

    /// One conversation, deleted or not.
    #[instrument(skip_all, fields(user.id = %user, conversation.id = %id))]
    pub async fn get(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Conversation, ProjectsError> {
        let found = self.reads.find_conversation(user, id).await?;
        found.ok_or(ProjectsError::ConversationNotFound)
    }

    /// A page of a user's conversations, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &ConversationFilter,
        size: PageSize,
        after: Option<Position<ConversationId>>,
    ) -> Result<Page<Conversation, Position<ConversationId>>, ProjectsError> {
        Ok(self.reads.list_conversations(user, filter, size, after).await?)
    }

    /// A page of a conversation's turns.
    #[instrument(skip_all, fields(user.id = %user, conversation.id = %id))]
    pub async fn turns(
        &self,
        user: UserId,
        id: ConversationId,
        filter: &TurnFilter,
        size: PageSize,
        after: Option<u32>,
    ) -> Result<Page<Turn, u32>, ProjectsError> {
        self.get(user, id).await?;
        let size = size.at_most(PageSize::OF_LARGE);
        Ok(self.reads.list_turns(user, id, filter, size, after).await?)
    }

    /// Appends a turn, numbered after the last.
    #[instrument(skip_all, fields(user.id = %asked.user, conversation.id = %asked.conversation))]
    pub async fn append(&self, asked: &AppendTurn) -> Result<Turn, ProjectsError> {
        unit!(self.store, |tx| self.append_in(tx, asked))
    }

    /// The same in the unit of work of something else, such as a job's.
    pub(crate) async fn append_in(
        &self,
        tx: &mut dyn Tx,
        asked: &AppendTurn,
    ) -> Result<Turn, ProjectsError> {
        let AppendTurn { user, conversation: id, kind, input, response, metadata } = asked.clone();
        let present = lock(tx, Named { user, id, expected: None }).await?;
        let now = self.clock.now();
        let number = present.turns.saturating_add(1);
        let Some(life) = present.life.edit(None, true, now)? else {
            return Err(ProjectsError::ConversationNotFound);
        };
        // Turns of one conversation have the order of their moments too.
        let at = life.updated_at;
        let turn = Turn {
            user,
            conversation: id,
            number,
            kind,
            input,
            response,
            metadata,
            created_at: at,
        };
        let conversation = Conversation { turns: number, life, ..present };
        tx.update_conversation(&conversation).await?;
        tx.append_turn(&turn).await?;
        self.log(tx, &conversation, action!("conversation.turn_added")).await?;
        Ok(turn)
    }

    /// Gives the conversation another title, or none.
    #[instrument(skip_all, fields(user.id = %named.user, conversation.id = %named.id))]
    pub async fn rename(
        &self,
        named: Named<ConversationId>,
        title: &Option<ConversationTitle>,
    ) -> Result<Conversation, ProjectsError> {
        unit!(self.store, |tx| self.rename_in(tx, named, title))
    }

    async fn rename_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ConversationId>,
        title: &Option<ConversationTitle>,
    ) -> Result<Conversation, ProjectsError> {
        let present = lock(tx, named).await?;
        let life = present.life.edit(named.expected, present.title != *title, self.clock.now())?;
        let present = Conversation { title: title.clone(), ..present };
        self.write(tx, present, life, action!("conversation.updated")).await
    }

    /// Deletes the conversation softly.
    #[instrument(skip_all, fields(user.id = %named.user, conversation.id = %named.id))]
    pub async fn delete(
        &self,
        named: Named<ConversationId>,
    ) -> Result<Conversation, ProjectsError> {
        unit!(self.store, |tx| self.delete_in(tx, named))
    }

    async fn delete_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ConversationId>,
    ) -> Result<Conversation, ProjectsError> {
        let present = lock(tx, named).await?;
        let life = present.life.delete(named.expected, self.clock.now())?;
        self.write(tx, present, life, action!("conversation.deleted")).await
    }

    /// Takes a deletion back.
    #[instrument(skip_all, fields(user.id = %named.user, conversation.id = %named.id))]
    pub async fn restore(
        &self,
        named: Named<ConversationId>,
    ) -> Result<Conversation, ProjectsError> {
        unit!(self.store, |tx| self.restore_in(tx, named))
    }

    async fn restore_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ConversationId>,
    ) -> Result<Conversation, ProjectsError> {
        let present = lock(tx, named).await?;
        let life = present.life.restore(named.expected, self.clock.now())?;
        self.write(tx, present, life, action!("conversation.restored")).await
    }

    /// Deletes a deleted conversation for good, with its turns.
    #[instrument(skip_all, fields(user.id = %named.user, conversation.id = %named.id))]
    pub async fn purge(&self, named: Named<ConversationId>) -> Result<(), ProjectsError> {
        unit!(self.store, |tx| self.purge_in(tx, named))
    }

    async fn purge_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ConversationId>,
    ) -> Result<(), ProjectsError> {
        let present = lock(tx, named).await?;
        present.life.purge(named.expected)?;
        tx.purge_conversation(named.user, named.id).await?;
        self.log(tx, &present, action!("conversation.purged")).await
    }

    async fn write(
        &self,
        tx: &mut dyn Tx,
        conversation: Conversation,
        life: Option<Life>,
        action: Action,
    ) -> Result<Conversation, ProjectsError> {
        let Some(life) = life else { return Ok(conversation) };
        let conversation = Conversation { life, ..conversation };
        tx.update_conversation(&conversation).await?;
        self.log(tx, &conversation, action).await?;
        Ok(conversation)
    }

    async fn log(
        &self,
        tx: &mut dyn Tx,
        conversation: &Conversation,
        action: Action,
    ) -> Result<(), ProjectsError> {
        let deed = Deed::on(
            conversation.user,
            action,
            conversation.id.as_uuid(),
            conversation.life.etag.revision(),
        );
        Ok(activity::record(tx, &*self.ids, self.clock.now(), deed).await?)
    }
}

async fn lock(
    tx: &mut dyn Tx,
    named: Named<ConversationId>,
) -> Result<Conversation, ProjectsError> {
    may(tx, named.user, Ability::Change).await?;
    let found = tx.lock_conversation(named.user, named.id).await?;
    found.ok_or(ProjectsError::ConversationNotFound)
}
