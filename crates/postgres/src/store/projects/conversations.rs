//! Conversations and their turns.

use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use kernel::{ConversationId, Page, PageSize, Position, UserId};
use ports::{ConversationFilter, ConversationReads, ConversationTx, StoreError, TurnFilter};
use projects::{Conversation, Turn};

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::projects::{ConversationRow, TurnRow, number};
use crate::schema::{conversation_turns, conversations};
use crate::store::{after, only_one};
use crate::tx::PgTx;
use crate::types::{one_more, to_pg};

#[async_trait]
impl ConversationTx for PgTx {
    async fn insert_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        let row = ConversationRow::try_from(conversation)?;
        let insert = diesel::insert_into(conversations::table).values(row);
        insert.execute(self.conn()).await.map(drop).map_err(store_error)
    }

    async fn lock_conversation(
        &mut self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let row: Option<ConversationRow> = conversations::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(ConversationRow::as_select())
            .for_update()
            .get_result(self.conn())
            .await
            .optional()
            .map_err(store_error)?;
        row.map(Conversation::try_from).transpose()
    }

    async fn update_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        let key = (*conversation.user.as_uuid(), *conversation.id.as_uuid());
        let row = ConversationRow::try_from(conversation)?;
        only_one(diesel::update(conversations::table.find(key)).set(row).execute(self.conn()).await)
    }

    async fn purge_conversation(
        &mut self,
        user: UserId,
        id: ConversationId,
    ) -> Result<(), StoreError> {
        let key = (*user.as_uuid(), *id.as_uuid());
        only_one(diesel::delete(conversations::table.find(key)).execute(self.conn()).await)
    }

    async fn append_turn(&mut self, turn: &Turn) -> Result<(), StoreError> {
        let row = TurnRow::try_from(turn)?;
        let insert = diesel::insert_into(conversation_turns::table).values(row);
        insert.execute(self.conn()).await.map(drop).map_err(store_error)
    }
}

#[async_trait]
impl ConversationReads for Postgres {
    async fn find_conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let mut conn = self.keyed().await?;
        let row: Option<ConversationRow> = conversations::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(ConversationRow::as_select())
            .get_result(&mut conn)
            .await
            .optional()
            .map_err(store_error)?;
        row.map(Conversation::try_from).transpose()
    }

    async fn list_conversations(
        &self,
        user: UserId,
        filter: &ConversationFilter,
        size: PageSize,
        after: Option<Position<ConversationId>>,
    ) -> Result<Page<Conversation, Position<ConversationId>>, StoreError> {
        use conversations::dsl as t;
        let ConversationFilter { project, show_deleted } = filter;
        let mut query = t::conversations
            .filter(t::user_id.eq(*user.as_uuid()))
            .order((t::created_at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(ConversationRow::as_select())
            .into_boxed::<Pg>();
        if let Some(project) = project {
            query = query.filter(t::project_id.eq(*project.as_uuid()));
        }
        if !show_deleted {
            query = query.filter(t::deleted_at.is_null());
        }
        after!(query, after, t::created_at, t::id);
        let mut conn = self.connection().await?;
        let rows: Vec<ConversationRow> = query.load(&mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Conversation::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Conversation::position))
    }

    async fn list_turns(
        &self,
        user: UserId,
        conversation: ConversationId,
        filter: &TurnFilter,
        size: PageSize,
        after: Option<u32>,
    ) -> Result<Page<Turn, u32>, StoreError> {
        use conversation_turns::dsl as t;
        let TurnFilter { kind, newest_first } = filter;
        let mut query = t::conversation_turns
            .filter(t::user_id.eq(*user.as_uuid()))
            .filter(t::conversation_id.eq(*conversation.as_uuid()))
            .limit(one_more(size))
            .select(TurnRow::as_select())
            .into_boxed::<Pg>();
        query = if *newest_first {
            query.order(t::number.desc())
        } else {
            query.order(t::number.asc())
        };
        if let Some(kind) = kind {
            query = query.filter(t::kind.eq(kind.as_str()));
        }
        if let Some(after) = after {
            let after = number(after)?;
            query = if *newest_first {
                query.filter(t::number.lt(after))
            } else {
                query.filter(t::number.gt(after))
            };
        }
        let mut conn = self.connection().await?;
        let rows: Vec<TurnRow> = query.load(&mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Turn::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, |turn: &Turn| turn.number))
    }
}
