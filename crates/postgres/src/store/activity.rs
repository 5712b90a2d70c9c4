//! The activity log.

use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::{BoolExpressionMethods, ExpressionMethods, QueryDsl, SelectableHelper};
use diesel::sql_types::{Integer, Timestamptz};
use diesel_async::RunQueryDsl;
use kernel::{ActivityId, Page, PageSize, Position, Timestamp, UserId};
use ports::{ActivityFilter, ActivityKeeping, ActivityReads, ActivityTx, StoreError};
use users::activity::Activity;

use super::after;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::activity::ActivityRow;
use crate::schema::activities;
use crate::sql::rows;
use crate::tx::PgTx;
use crate::types::{one_more, to_pg};

#[async_trait]
impl ActivityTx for PgTx {
    async fn append_activity(&mut self, activity: &Activity) -> Result<(), StoreError> {
        diesel::insert_into(activities::table)
            .values(ActivityRow::try_from(activity)?)
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl ActivityReads for Postgres {
    async fn list_activity(
        &self,
        user: UserId,
        filter: &ActivityFilter,
        size: PageSize,
        after: Option<Position<ActivityId>>,
    ) -> Result<Page<Activity, Position<ActivityId>>, StoreError> {
        use activities::dsl as t;
        let ActivityFilter { action, under, subject, from, until } = filter;
        let mut query = t::activities
            .filter(t::user_id.eq(*user.as_uuid()))
            .order((t::at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(ActivityRow::as_select())
            .into_boxed::<Pg>();
        if let Some(action) = action {
            query = query.filter(t::action.eq(action.as_str()));
        }
        if let Some(under) = under {
            // The column sorts by bytes, and `/` is the byte after the point.
            let more = t::action.gt(format!("{under}.")).and(t::action.lt(format!("{under}/")));
            query = query.filter(t::action.eq(under.as_str()).or(more));
        }
        if let Some(subject) = subject {
            query = query
                .filter(t::subject_kind.eq(subject.kind.as_str()))
                .filter(t::subject_id.eq(subject.id.as_str()));
        }
        if let Some(from) = from {
            query = query.filter(t::at.ge(to_pg(*from)));
        }
        if let Some(until) = until {
            query = query.filter(t::at.lt(to_pg(*until)));
        }
        after!(query, after, t::at, t::id);
        let mut conn = self.connection().await?;
        let rows: Vec<ActivityRow> = query.load(&mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Activity::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Activity::position))
    }
}

#[async_trait]
impl ActivityKeeping for Postgres {
    async fn prune_activities(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let prune = rows::<(Integer,)>("SELECT activities_prune($1, $2)")
            .bind::<Timestamptz, _>(to_pg(before))
            .bind::<Integer, _>(i32::try_from(limit).unwrap_or(i32::MAX));
        let mut conn = self.connection().await?;
        let (pruned,): (i32,) = prune.get_result(&mut conn).await.map_err(store_error)?;
        Ok(usize::try_from(pruned).unwrap_or_default())
    }
}
