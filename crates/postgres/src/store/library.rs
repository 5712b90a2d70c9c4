//! Outputs: what all kinds share in one table, bodies in the tables of their kinds.

mod bodies;

use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{OutputId, Page, PageSize, Position, ProjectId, Timestamp, TransactionId, UserId};
use library::{Charge, Output};
use ports::{OutputFilter, OutputReads, OutputTx, StoreError};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{after, only_one};
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::library::{OutputChange, OutputRow};
use crate::schema::{ledger_transactions, outputs};
use crate::sql::rows;
use crate::tx::PgTx;
use crate::types::{credits, from_pg, one_more, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

const DESELECT: &str = "\
    UPDATE outputs SET selected = false, revision = revision + 1, \
    updated_at = greatest(updated_at, $1) \
    WHERE user_id = $2 AND project_id = $3 AND selected RETURNING id";

#[async_trait]
impl OutputTx for PgTx {
    async fn insert_output(&mut self, output: &Output) -> Result<(), StoreError> {
        diesel::insert_into(outputs::table)
            .values(OutputRow::try_from(output)?)
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        bodies::insert(self.conn(), output).await
    }

    async fn lock_output(
        &mut self,
        user: UserId,
        id: OutputId,
    ) -> Result<Option<Output>, StoreError> {
        let row: Option<OutputRow> = outputs::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(OutputRow::as_select())
            .for_update()
            .get_result(self.conn())
            .await
            .optional()
            .map_err(store_error)?;
        let whole = whole(self.conn(), user, row.into_iter().collect()).await?;
        Ok(whole.into_iter().next())
    }

    async fn update_output(&mut self, output: &Output) -> Result<(), StoreError> {
        let key = (*output.user.as_uuid(), *output.id.as_uuid());
        let update = diesel::update(outputs::table.find(key)).set(OutputChange::from(output));
        only_one(update.execute(self.conn()).await)
    }

    async fn deselect_output(
        &mut self,
        user: UserId,
        project: ProjectId,
        now: Timestamp,
    ) -> Result<Option<OutputId>, StoreError> {
        let update = rows::<(SqlUuid,)>(DESELECT)
            .bind::<Timestamptz, _>(to_pg(now))
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<SqlUuid, _>(*project.as_uuid());
        let was: Vec<(Uuid,)> = update.load(self.conn()).await.map_err(store_error)?;
        Ok(was.into_iter().next().map(|(id,)| OutputId::from_uuid(id)))
    }

    async fn purge_output(&mut self, user: UserId, id: OutputId) -> Result<(), StoreError> {
        let key = (*user.as_uuid(), *id.as_uuid());
        only_one(diesel::delete(outputs::table.find(key)).execute(self.conn()).await)
    }
}

#[async_trait]
impl OutputReads for Postgres {
    async fn find_outputs(
        &self,
        user: UserId,
        ids: &[OutputId],
    ) -> Result<Vec<Output>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let mut conn = self.keyed().await?;
        let found: Vec<OutputRow> = outputs::table
            .filter(outputs::user_id.eq(*user.as_uuid()))
            .filter(outputs::id.eq_any(ids))
            .select(OutputRow::as_select())
            .load(&mut conn)
            .await
            .map_err(store_error)?;
        whole(&mut conn, user, found).await
    }

    async fn list_outputs(
        &self,
        user: UserId,
        filter: &OutputFilter,
        size: PageSize,
        after: Option<Position<OutputId>>,
    ) -> Result<Page<Output, Position<OutputId>>, StoreError> {
        use outputs::dsl as t;
        let OutputFilter {
            kinds,
            project,
            job,
            model,
            art_style,
            success,
            selected,
            from,
            until,
            show_deleted,
        } = filter;
        let mut query = t::outputs
            .filter(t::user_id.eq(*user.as_uuid()))
            .order((t::created_at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(OutputRow::as_select())
            .into_boxed::<Pg>();
        if !kinds.is_empty() {
            query = query.filter(t::kind.eq_any(kinds.iter().map(|kind| kind.as_str())));
        }
        if let Some(project) = project {
            query = query.filter(t::project_id.eq(*project.as_uuid()));
        }
        if let Some(job) = job {
            query = query.filter(t::job_id.eq(*job.as_uuid()));
        }
        if let Some(model) = model {
            query = query.filter(t::model.eq(model));
        }
        if let Some(art_style) = art_style {
            query = query.filter(t::art_style.eq(art_style));
        }
        if let Some(success) = success {
            query = query.filter(t::success.eq(*success));
        }
        if let Some(selected) = selected {
            query = query.filter(t::selected.eq(*selected));
        }
        if let Some(from) = from {
            query = query.filter(t::created_at.ge(to_pg(*from)));
        }
        if let Some(until) = until {
            query = query.filter(t::created_at.lt(to_pg(*until)));
        }
        if !show_deleted {
            query = query.filter(t::deleted_at.is_null());
        }
        after!(query, after, t::created_at, t::id);
        let mut conn = self.connection().await?;
        let found: Vec<OutputRow> = query.load(&mut conn).await.map_err(store_error)?;
        let items = whole(&mut conn, user, found).await?;
        Ok(Page::from_one_more(items, size, Output::position))
    }

    async fn list_charges(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Result<Vec<Charge>, StoreError> {
        use ledger_transactions::dsl as t;
        if transactions.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = transactions.iter().map(|id| *id.as_uuid()).collect();
        let mut conn = self.connection().await?;
        let found: Vec<(Uuid, Decimal, Decimal, String, Option<PgTimestamp>)> =
            t::ledger_transactions
                .filter(t::user_id.eq(*user.as_uuid()))
                .filter(t::id.eq_any(ids))
                .select((t::id, t::captured, t::refunded, t::status, t::lease_until))
                .load(&mut conn)
                .await
                .map_err(store_error)?;
        let charges = found.into_iter().map(|(id, captured, refunded, status, lease_until)| {
            let id = TransactionId::from_uuid(id);
            let lapsed = lease_until.map(from_pg).transpose()?.is_some_and(|end| end <= now);
            let pending = status == "pending" && !lapsed;
            Ok(Charge::new(id, credits(captured)?, credits(refunded)?, pending))
        });
        charges.collect()
    }
}

/// The outputs of these rows, in their order, each with its body.
async fn whole(
    conn: &mut AsyncPgConnection,
    user: UserId,
    rows: Vec<OutputRow>,
) -> Result<Vec<Output>, StoreError> {
    let mut bodies = bodies::load(conn, user, &rows).await?;
    rows.into_iter()
        // One without a body was purged since its row was read, and need not be there.
        .filter_map(|row| bodies.remove(&row.id).map(|body| row.with_body(body)))
        .collect()
}
