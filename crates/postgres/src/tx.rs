//! A unit of work on one connection. The roles are in `store`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use kernel::Event;
use ports::{StoreError, Tx, finish};

use crate::error::{commit_error, store_error};
use crate::pool::PooledConnection;
use crate::ring::{News, Ringer};

pub(crate) const BEGIN: &str = "BEGIN";

pub(crate) const BEGIN_LAZY: &str = "BEGIN; SET LOCAL synchronous_commit = off";

/// An open transaction.
pub(crate) struct PgTx {
    conn: PooledConnection,
    ringer: Arc<Ringer>,
    /// What is told once it is committed.
    pub(crate) news: News,
    /// What is written together before it is.
    pub(crate) events: Vec<Event>,
}

impl PgTx {
    /// Begins at READ COMMITTED. A `timeout` bounds each statement in place of the connection's.
    pub(crate) async fn begin(
        mut conn: PooledConnection,
        ringer: Arc<Ringer>,
        how: &str,
        timeout: Option<Duration>,
    ) -> Result<Self, StoreError> {
        begin(&mut conn, how, timeout).await?;
        Ok(Self { conn, ringer, news: News::default(), events: Vec::new() })
    }

    pub(crate) fn conn(&mut self) -> &mut AsyncPgConnection {
        &mut self.conn
    }
}

#[async_trait]
impl Tx for PgTx {
    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        if let Err(error) = self.write_events().await {
            return finish(self, Err(error)).await;
        }
        let committed = AnsiTransactionManager::commit_transaction(&mut *self.conn).await;
        let Self { conn, ringer, news, events: _ } = *self;
        // What tells of it may take this connection.
        drop(conn);
        // Even of what may not be committed: whoever comes for nothing finds nothing.
        ringer.ring(news);
        committed.map_err(commit_error)
    }

    async fn rollback(mut self: Box<Self>) -> Result<(), StoreError> {
        AnsiTransactionManager::rollback_transaction(&mut *self.conn).await.map_err(store_error)
    }
}

/// A read of several statements that all see the moment of the first.
pub(crate) struct Snapshot {
    conn: PooledConnection,
}

impl Snapshot {
    pub(crate) async fn begin(
        mut conn: PooledConnection,
        timeout: Option<Duration>,
    ) -> Result<Self, StoreError> {
        begin(&mut conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", timeout).await?;
        Ok(Self { conn })
    }

    pub(crate) fn conn(&mut self) -> &mut AsyncPgConnection {
        &mut self.conn
    }

    /// Ends the read, whatever came of it.
    pub(crate) async fn end<T>(mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        let ended = AnsiTransactionManager::rollback_transaction(&mut *self.conn).await;
        let value = outcome?;
        ended.map_err(store_error)?;
        Ok(value)
    }
}

async fn begin(
    conn: &mut AsyncPgConnection,
    how: &str,
    timeout: Option<Duration>,
) -> Result<(), StoreError> {
    let begin = match timeout {
        // Zero would switch the time-out off.
        Some(left) => {
            format!("{how}; SET LOCAL statement_timeout = {}", left.as_millis().max(1))
        }
        None => how.to_owned(),
    };
    AnsiTransactionManager::begin_transaction_sql(conn, &begin).await.map_err(store_error)
}
