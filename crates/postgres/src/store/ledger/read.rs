//! The ledger outside a unit of work. What is read of one account as a whole is in `account`, sums
//! are in `sums`.

use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{LotId, Page, PageSize, Position, Timestamp, TransactionId, UserId};
use ledger::{Book, Entry, Lot, Transaction, earliest_id};
use ports::{
    Audit, EntrySum, LedgerReads, Standing, StoreError, TransactionFilter, Usage, UsageBy,
};
use uuid::Uuid;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::ledger::{EntryRow, LotRow, TransactionRow};
use crate::schema::{ledger_accounts, ledger_entries, ledger_lots, ledger_transactions};
use crate::sql::sql;
use crate::store::ledger::{account, sums};
use crate::types::to_pg;

#[async_trait]
impl LedgerReads for Postgres {
    async fn list_standings(
        &self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<Standing>, StoreError> {
        let mut conn = self.connection().await?;
        account::standings(&mut conn, users, now).await
    }

    async fn find_book(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Result<Option<Book>, StoreError> {
        let mut snapshot = self.begin_snapshot().await?;
        let found = account::find_book(snapshot.conn(), user, transactions, now).await;
        snapshot.end(found).await
    }

    async fn list_transactions(
        &self,
        user: UserId,
        filter: &TransactionFilter,
        after: Option<Position<TransactionId>>,
        size: PageSize,
    ) -> Result<Page<Transaction, Position<TransactionId>>, StoreError> {
        use ledger_transactions::dsl as t;
        let TransactionFilter {
            kinds,
            statuses,
            operation_type,
            model,
            operation_id,
            project,
            reference,
            from,
            until,
        } = filter;
        let mut query = t::ledger_transactions
            .filter(t::user_id.eq(*user.as_uuid()))
            // Ids sort as moments do, so the primary key alone serves.
            .order(t::id.desc())
            .limit(one_more(size))
            .select(TransactionRow::as_select())
            .into_boxed::<Pg>();
        if !kinds.is_empty() {
            query = query.filter(t::kind.eq_any(kinds.iter().map(|kind| kind.as_str())));
        }
        if !statuses.is_empty() {
            query = query.filter(t::status.eq_any(statuses.iter().map(|s| s.as_str())));
        }
        if let Some(operation_type) = operation_type {
            query = query.filter(t::operation_type.eq(operation_type));
        }
        if let Some(model) = model {
            query = query.filter(t::model.eq(model));
        }
        if let Some(operation_id) = operation_id {
            query = query.filter(t::operation_id.eq(operation_id));
        }
        if let Some(project) = project {
            query = query.filter(t::project_id.eq(*project.as_uuid()));
        }
        if let Some(reference) = reference {
            query = query.filter(t::reference.eq(reference));
        }
        if let Some(from) = from {
            query = query.filter(t::id.ge(*earliest_id(*from).as_uuid()));
        }
        if let Some(until) = until {
            query = query.filter(t::id.lt(*earliest_id(*until).as_uuid()));
        }
        if let Some(Position { id: after, .. }) = after {
            query = query.filter(t::id.lt(*after.as_uuid()));
        }
        let mut conn = self.connection().await?;
        let rows: Vec<TransactionRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Transaction::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Transaction::position))
    }

    async fn list_lots(
        &self,
        user: UserId,
        after: Option<Position<LotId>>,
        size: PageSize,
    ) -> Result<Page<Lot, Position<LotId>>, StoreError> {
        use ledger_lots::dsl as l;
        let mut query = l::ledger_lots
            .filter(l::user_id.eq(*user.as_uuid()))
            .order(l::id.desc())
            .limit(one_more(size))
            .select(LotRow::as_select())
            .into_boxed::<Pg>();
        if let Some(Position { id: after, .. }) = after {
            query = query.filter(l::id.lt(*after.as_uuid()));
        }
        let mut conn = self.connection().await?;
        let rows: Vec<LotRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Lot::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Lot::position))
    }

    async fn list_entries(
        &self,
        user: UserId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut conn = self.connection().await?;
        account::entries(&mut conn, user, after, Some(stored_limit(limit))).await
    }

    async fn sum_entries(
        &self,
        user: UserId,
        after: u64,
        through: u64,
    ) -> Result<Vec<EntrySum>, StoreError> {
        let mut conn = self.connection().await?;
        sums::entries(&mut conn, user, after, through).await
    }

    async fn sum_usage(
        &self,
        user: UserId,
        from: Timestamp,
        until: Timestamp,
        by: UsageBy,
        limit: usize,
    ) -> Result<Vec<Usage>, StoreError> {
        let mut conn = self.connection().await?;
        sums::usage(&mut conn, user, (from, until), by, limit).await
    }

    async fn last_entry(&self, user: UserId, at: Timestamp) -> Result<Option<Entry>, StoreError> {
        let mut conn = self.connection().await?;
        let query = ledger_entries::table
            .filter(
                ledger_entries::user_id.eq(*user.as_uuid()).and(ledger_entries::at.le(to_pg(at))),
            )
            .order(ledger_entries::version.desc())
            .select(EntryRow::as_select());
        let row: Option<EntryRow> =
            RunQueryDsl::first(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(Entry::try_from).transpose()
    }

    async fn list_accounts(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, StoreError> {
        let mut query = ledger_accounts::table
            .order(ledger_accounts::user_id)
            .limit(stored_limit(limit))
            .select(ledger_accounts::user_id)
            .into_boxed::<Pg>();
        if let Some(after) = after {
            query = query.filter(ledger_accounts::user_id.gt(*after.as_uuid()));
        }
        let mut conn = self.connection().await?;
        let ids: Vec<Uuid> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        Ok(ids.into_iter().map(UserId::from_uuid).collect())
    }

    async fn list_due(&self, now: Timestamp, limit: usize) -> Result<Vec<UserId>, StoreError> {
        #[derive(diesel::QueryableByName)]
        struct Due {
            #[diesel(sql_type = SqlUuid)]
            user_id: Uuid,
        }
        let query = sql("SELECT user_id FROM (\
             (SELECT user_id FROM ledger_transactions \
             WHERE status = 'pending' AND lease_until <= $1 ORDER BY lease_until LIMIT $2) \
             UNION (SELECT user_id FROM ledger_lots \
             WHERE live AND due_at <= $3 ORDER BY due_at LIMIT $4)) due")
        .bind::<Timestamptz, _>(to_pg(now))
        .bind::<BigInt, _>(stored_limit(limit))
        .bind::<Timestamptz, _>(to_pg(now))
        .bind::<BigInt, _>(stored_limit(limit));
        let mut conn = self.connection().await?;
        let rows: Vec<Due> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        Ok(rows.into_iter().map(|row| UserId::from_uuid(row.user_id)).collect())
    }

    async fn audit(&self, user: UserId) -> Result<Option<Audit>, StoreError> {
        let mut snapshot = self.begin_snapshot().await?;
        let found = account::audit(snapshot.conn(), user).await;
        snapshot.end(found).await
    }
}

fn one_more(size: PageSize) -> i64 {
    stored_limit(size.get().saturating_add(1))
}

fn stored_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
